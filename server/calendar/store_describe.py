"""Writes a described business: what is new is added, what changed is changed, what is gone is retired."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, or_, select, update

from server.calendar.description import Days, DescribedService, DescribedStaff, Description, Exceptional
from server.calendar.store_setup import touch
from server.db.tables import calendar as t


def write_business(connection: Connection, described: Description) -> int:
    """Write the business with this number, known or not, and answer its id.

    Services and staff are matched by name. One that is no longer described is retired, not deleted, because
    appointments refer to it. Exceptions are added to those that are there.
    """
    business_id = _upsert(connection, t.businesses, {"number": described.number}, _columns(described))
    _write_week(connection, business_id, None, described.hours, described.breaks)
    add_exceptions(connection, business_id, None, described.exceptions)
    staff_ids = _write_staff(connection, business_id, described.staff)
    _write_services(connection, business_id, described.services, staff_ids)
    touch(connection, business_id)
    return business_id


def crowded(connection: Connection, described: Description, now: dt.datetime) -> list[tuple[str, int]]:
    """Staff described with fewer lanes than are booked ahead, each with the lanes that are needed."""
    a = t.appointments
    joined = a.join(t.staff, t.staff.c.id == a.c.staff_id).join(t.businesses, t.businesses.c.id == a.c.business_id)
    is_ahead = (t.businesses.c.number == described.number, a.c.busy_to > now, a.c.status.in_(t.LIVE))
    query = select(t.staff.c.name, func.max(a.c.lane) + 1).select_from(joined).where(*is_ahead)
    needed = {row[0]: row[1] for row in connection.execute(query.group_by(t.staff.c.name))}
    return [(s.name, needed[s.name]) for s in described.staff if needed.get(s.name, 0) > s.lanes]


def add_exceptions(
    connection: Connection, business_id: int, staff_id: int | None, exceptions: Sequence[Exceptional]
) -> None:
    """Write dated exceptions that are not there yet. The caller touches the business."""
    for exception in exceptions:
        for opens, closes in exception.hours or ((None, None),):
            key = {
                "business_id": business_id,
                "staff_id": staff_id,
                "date_from": exception.first,
                "date_to": exception.last or exception.first,
                "opens": opens,
                "closes": closes,
            }
            _upsert(connection, t.exceptions, key, {"note": exception.note})


def remove_exceptions(
    connection: Connection, business_id: int, first: dt.date, last: dt.date, owners: Sequence[int | None] | None = None
) -> int:
    """Delete the exceptions that lie within these dates, of everybody or of some; how many there were.

    Among `owners` None is the business itself.
    """
    e = t.exceptions.c
    statement = delete(t.exceptions).where(e.business_id == business_id, e.date_from >= first, e.date_to <= last)
    if owners is not None:
        statement = statement.where(or_(*(e.staff_id == owner for owner in owners)))
    return connection.execute(statement).rowcount


def _columns(described: Description) -> dict[str, Any]:
    return {
        "name": described.name,
        "zone": described.zone.key,
        "address": described.address,
        "grid_min": described.grid_min,
        "lead_min": described.lead_min,
        "horizon_days": described.horizon_days,
        "cancel_cutoff_min": described.cancel_cutoff_min,
        "transfer_number": described.transfer_number,
        "sends_confirmations": described.sends_confirmations,
        "keeps_holidays": described.holidays.keep,
        "eves_close_at": described.holidays.eves_close_at,
        "chol_hamoed": described.holidays.chol_hamoed.value,
    }


def _write_staff(connection: Connection, business_id: int, staff: Sequence[DescribedStaff]) -> dict[str, int]:
    _retire(connection, t.staff, business_id)
    ids: dict[str, int] = {}
    for position, person in enumerate(staff):
        key = {"business_id": business_id, "name": person.name}
        values = {"position": position, "lanes": person.lanes, "is_active": True}
        ids[person.name] = _upsert(connection, t.staff, key, values)
        _write_week(connection, business_id, ids[person.name], person.hours, person.breaks)
        add_exceptions(connection, business_id, ids[person.name], person.exceptions)
    return ids


def _write_services(
    connection: Connection, business_id: int, services: Sequence[DescribedService], staff_ids: dict[str, int]
) -> None:
    _retire(connection, t.services, business_id)
    for position, service in enumerate(services):
        values = {
            "position": position,
            "buffer_before_min": service.buffer_before_min,
            "buffer_after_min": service.buffer_after_min,
            "colour": service.colour,
            "is_hidden": service.hidden,
            "is_active": True,
        }
        service_id = _upsert(connection, t.services, {"business_id": business_id, "name": service.name}, values)
        lengths = [{"minutes": minutes, "price": price} for minutes, price in service.lengths.items()]
        able = staff_ids.values() if service.staff is None else [staff_ids[name] for name in service.staff]
        _replace(connection, t.service_aliases, service_id, [{"alias": alias} for alias in service.aliases])
        _replace(connection, t.service_lengths, service_id, lengths)
        _replace(connection, t.service_staff, service_id, [{"staff_id": staff_id} for staff_id in able])


def _write_week(
    connection: Connection, business_id: int, staff_id: int | None, hours: Days | None, breaks: Days
) -> None:
    owner = {"business_id": business_id, "staff_id": staff_id}
    week = hours.week() if hours else ()
    open_rows = [owner | {"weekday": d, "opens": a, "closes": b} for d, day in enumerate(week) for a, b in day]
    break_rows = [owner | {"weekday": d, "starts": a, "ends": b} for d, day in enumerate(breaks.week()) for a, b in day]
    for table, rows in ((t.weekly_hours, open_rows), (t.breaks, break_rows)):
        connection.execute(delete(table).where(*_matches(table, owner)))
        if rows:
            connection.execute(insert(table), rows)


def _retire(connection: Connection, table: Table, business_id: int) -> None:
    connection.execute(update(table).where(table.c.business_id == business_id).values(is_active=False))


def _replace(connection: Connection, table: Table, service_id: int, rows: Sequence[dict[str, Any]]) -> None:
    connection.execute(delete(table).where(table.c.service_id == service_id))
    if rows:
        connection.execute(insert(table), [row | {"service_id": service_id} for row in rows])


def _upsert(connection: Connection, table: Table, key: dict[str, Any], values: dict[str, Any]) -> int:
    known = connection.execute(select(table.c.id).where(*_matches(table, key))).scalars().first()
    if known is not None:
        connection.execute(update(table).where(table.c.id == known).values(values))
        return int(known)
    return int(connection.execute(insert(table).values(key | values).returning(table.c.id)).scalar_one())


def _matches(table: Table, key: dict[str, Any]) -> list[Any]:
    return [table.c[name].is_(None) if value is None else table.c[name] == value for name, value in key.items()]
