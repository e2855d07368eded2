"""Appointments in SQL. Every function works inside the caller's transaction and sees one business only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from typing import cast as cast_type

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    Select,
    bindparam,
    cast,
    extract,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert_postgresql
from sqlalchemy.dialects.sqlite import insert as upsert_sqlite

from server.calendar.busy import BusyRow
from server.calendar.instants import instant_of
from server.calendar.models import Actor, Appointment, Source, Status
from server.db.tables import calendar as t

LARGEST_ID = 2**31 - 1
LONGEST = dt.timedelta(days=1)
"""No appointment takes longer, buffers included: the database sees to it."""


@dataclass(frozen=True, slots=True)
class Held:
    """An appointment with what only the desk needs to know of it."""

    appointment: Appointment
    service_id: int
    staff_id: int
    lane: int
    has_staff_wish: bool
    customer_id: int | None


_COLUMNS = (
    t.appointments,
    t.services.c.name.label("service"),
    t.staff.c.name.label("staff"),
    t.customers.c.phone.label("customer_phone"),
)
_JOINED = (
    t.appointments.join(t.services, t.services.c.id == t.appointments.c.service_id)
    .join(t.staff, t.staff.c.id == t.appointments.c.staff_id)
    .outerjoin(t.customers, t.customers.c.id == t.appointments.c.customer_id)
)


def one(connection: Connection, business_id: int, appointment_id: int, *, is_held: bool = False) -> Held | None:
    """The appointment; with `is_held` nobody else changes it until the transaction ends."""
    if not 0 < appointment_id <= LARGEST_ID:
        return None
    query = _select(business_id).where(t.appointments.c.id == appointment_id)
    if is_held:
        query = query.with_for_update(of=t.appointments)
    row = connection.execute(query).one_or_none()
    return None if row is None else _held(row)


def by_key(connection: Connection, business_id: int, key: str) -> Held | None:
    """The living appointment that was made under this key."""
    # Word for word the condition of the partial index: SQLite uses it for no other wording.
    query = _select(business_id).where(t.appointments.c.idempotency_key == key, text(t.IS_LIVE))
    row = connection.execute(query).one_or_none()
    return None if row is None else _held(row)


def of_call(connection: Connection, business_id: int, call_sid: str) -> tuple[Appointment, ...]:
    query = _select(business_id).where(t.appointments.c.call_sid == call_sid, _is_live())
    return _appointments(connection, query.order_by(t.appointments.c.id))


def upcoming_of(connection: Connection, business_id: int, phone: str, now: dt.datetime) -> tuple[Appointment, ...]:
    query = _select(business_id).where(t.customers.c.phone == phone, t.appointments.c.starts_at > now, _is_live())
    return _appointments(connection, query.order_by(t.appointments.c.starts_at))


def without_phone(connection: Connection, business_id: int, now: dt.datetime) -> tuple[Appointment, ...]:
    a = t.appointments.c
    is_open = a.status.in_((Status.BOOKED.value, Status.CONFIRMED.value))
    query = _select(business_id).where(a.customer_id.is_(None), a.starts_at > now, is_open)
    return _appointments(connection, query.order_by(a.starts_at))


def between(
    connection: Connection, business_id: int, start: dt.datetime, end: dt.datetime, staff_id: int | None = None
) -> tuple[Appointment, ...]:
    """Appointments of every status that start in the half-open range."""
    starts_at = t.appointments.c.starts_at
    query = _select(business_id).where(starts_at >= start, starts_at < end)
    if staff_id is not None:
        query = query.where(t.appointments.c.staff_id == staff_id)
    return _appointments(connection, query.order_by(starts_at, t.appointments.c.id))


def busy(
    connection: Connection, staff_ids: Sequence[int], start: int, end: int, apart_from: int | None = None
) -> list[BusyRow]:
    """What of the lanes of these staff is taken between two minutes since 1970, one appointment left out."""
    first, last = instant_of(start), instant_of(end)
    values = {"staff_ids": list(staff_ids), "longest": first - LONGEST, "first": first, "last": last}
    rows = connection.execute(_busy_query(connection.dialect.name), values | {"apart_from": apart_from or 0})
    # Rows are tuples already; copying thousands of them would take longer than reading them.
    return cast_type("list[BusyRow]", rows.all())


def add(connection: Connection, values: dict[str, Any]) -> int:
    """Insert an appointment and answer its id. Raises IntegrityError where the database refuses it."""
    inserted = connection.execute(insert(t.appointments).values(values).returning(t.appointments.c.id))
    return int(inserted.scalar_one())


def change(connection: Connection, appointment_id: int, now: dt.datetime, values: dict[str, Any]) -> None:
    """Set columns of an appointment and raise its sequence. Raises IntegrityError where the database refuses it."""
    table = t.appointments
    stamped = {**values, "sequence": table.c.sequence + 1, "changed_at": now}
    connection.execute(update(table).where(table.c.id == appointment_id).values(stamped))


def write_log(
    connection: Connection, held: Held, *, action: str, actor: Actor, now: dt.datetime, reason: str = ""
) -> None:
    """Add to the append-only log what was done and how the appointment stands now."""
    made = held.appointment
    connection.execute(
        insert(t.appointment_log).values(
            business_id=made.business_id,
            appointment_id=made.id,
            at=now,
            action=action,
            actor=actor.kind.value,
            call_sid=actor.call_sid,
            reason=reason,
            status=made.status.value,
            staff_id=held.staff_id,
            lane=held.lane,
            starts_at=made.starts_at,
            ends_at=made.ends_at,
        )
    )


def is_logged(connection: Connection, appointment_id: int, action: str, at: dt.datetime) -> bool:
    """Whether exactly this was done at exactly this instant."""
    log = t.appointment_log.c
    query = select(log.id).where(log.appointment_id == appointment_id, log.action == action, log.at == at)
    return connection.execute(query).first() is not None


def customer(connection: Connection, business_id: int, phone: str, name: str, now: dt.datetime) -> tuple[int, bool]:
    """Id and block flag of the customer with this phone, who is written down if new. A known name is left alone."""
    c = t.customers.c
    query = select(c.id, c.is_blocked).where(c.business_id == business_id, c.phone == phone)
    row = connection.execute(query).one_or_none()
    if row is None:
        upsert = upsert_postgresql if connection.dialect.name == "postgresql" else upsert_sqlite
        statement = upsert(t.customers).values(business_id=business_id, phone=phone, name=name, created_at=now)
        # Somebody may have written the same number a moment ago; setting it to itself answers with that row.
        statement = statement.on_conflict_do_update(index_elements=["business_id", "phone"], set_={"phone": phone})
        row = connection.execute(statement.returning(c.id, c.is_blocked)).one()
    return int(row[0]), bool(row[1])


def rename_customer(connection: Connection, customer_id: int, old: str, new: str) -> None:
    """Give a customer a better name, unless he is known by another than `old`."""
    c = t.customers.c
    connection.execute(update(t.customers).where(c.id == customer_id, c.name == old).values(name=new))


def queue_for_day(connection: Connection, business_id: int, day: dt.date) -> None:
    """Let those who book into the same day go one after the other.

    The exclusion constraint alone keeps the diary right; but two that insert at the same moment would wait for each
    other until one is shot as a deadlock, a second later. SQLite has one writer anyway.
    """
    if connection.dialect.name == "postgresql":
        statement = text("SELECT pg_advisory_xact_lock(:business, :day)")
        connection.execute(statement, {"business": business_id, "day": day.toordinal()})


def _select(business_id: int) -> Select[Any]:
    return select(*_COLUMNS).select_from(_JOINED).where(t.appointments.c.business_id == business_id)


def _is_live() -> ColumnElement[bool]:
    return t.appointments.c.status.in_(t.LIVE)


@lru_cache
def _busy_query(dialect: str) -> Select[int, int, int, int]:
    """Built once: making the statement would take longer than running it."""
    a = t.appointments.c
    return select(a.staff_id, a.lane, _minute(dialect, a.busy_from), _minute(dialect, a.busy_to)).where(
        a.staff_id.in_(bindparam("staff_ids", expanding=True)),
        a.busy_from > bindparam("longest"),
        a.busy_from < bindparam("last"),
        a.busy_to > bindparam("first"),
        a.id != bindparam("apart_from"),
        _is_live(),
    )


def _minute(dialect: str, column: ColumnElement[dt.datetime]) -> ColumnElement[int]:
    """Minutes since 1970, worked out by the database: no instant has to be parsed in Python."""
    seconds = extract("epoch", column) if dialect == "postgresql" else func.strftime("%s", column)
    return cast(seconds, BigInteger).op("/")(60)


def _appointments(connection: Connection, query: Select[Any]) -> tuple[Appointment, ...]:
    return tuple(_appointment(row) for row in connection.execute(query))


def _held(row: Row[Any]) -> Held:
    return Held(_appointment(row), row.service_id, row.staff_id, row.lane, row.has_staff_wish, row.customer_id)


def _appointment(row: Row[Any]) -> Appointment:
    return Appointment(
        id=row.id,
        uid=row.uid,
        business_id=row.business_id,
        service=row.service,
        staff=row.staff,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        customer_name=row.customer_name,
        customer_phone=row.customer_phone,
        needs_phone=row.customer_phone is None,
        status=Status(row.status),
        source=Source(row.source),
        call_sid=row.call_sid,
        notes=row.notes,
        price=row.price,
        sequence=row.sequence,
        changed_at=row.changed_at,
    )
