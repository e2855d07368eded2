"""Messages to customers in SQL. Every function works inside the caller's transaction."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Connection, Row, insert, select, text, update

from server.calendar.notice import Kind, Notice, State
from server.db.tables.notices import IS_WAITING, notices

# Word for word the condition of the partial index: SQLite uses it for no other wording.
_is_waiting = text(IS_WAITING)


def add(
    connection: Connection, business_id: int, appointment_id: int, kind: Kind, now: dt.datetime, due_at: dt.datetime
) -> None:
    connection.execute(
        insert(notices).values(
            business_id=business_id,
            appointment_id=appointment_id,
            kind=kind.value,
            state=State.WAITING.value,
            created_at=now,
            due_at=due_at,
        )
    )


def supersede(connection: Connection, appointment_id: int, now: dt.datetime) -> tuple[Notice, ...]:
    """Take back what waits to be told of an appointment, one that is being sent at this moment included."""
    statement = update(notices).where(notices.c.appointment_id == appointment_id, _is_waiting)
    # Answered by the update itself: it has waited for whoever was just taking one up, a look before it has not.
    rows = connection.execute(statement.values(state=State.SUPERSEDED.value, settled_at=now).returning(*notices.c))
    return tuple(_notice(row) for row in rows)


def is_waiting(connection: Connection, appointment_id: int) -> bool:
    query = select(notices.c.id).where(notices.c.appointment_id == appointment_id, _is_waiting)
    return connection.execute(query).first() is not None


def is_any_due(connection: Connection, now: dt.datetime) -> bool:
    query = select(notices.c.id).where(_is_waiting, notices.c.due_at <= now).limit(1)
    return connection.execute(query).first() is not None


def take(connection: Connection, now: dt.datetime, until: dt.datetime) -> tuple[Notice, int, int] | None:
    """The notice that has been due longest, nobody else's until `until`; with its business and its appointment."""
    n = notices.c
    due = select(n.id).where(_is_waiting, n.due_at <= now).order_by(n.due_at, n.id).limit(1)
    chosen = due.with_for_update(skip_locked=True).scalar_subquery()
    statement = update(notices).where(n.id == chosen, _is_waiting, n.due_at <= now)
    taken = statement.values(due_at=until, attempt_count=n.attempt_count + 1).returning(*n)
    row = connection.execute(taken).one_or_none()
    return None if row is None else (_notice(row), row.business_id, row.appointment_id)


def settle_sent(connection: Connection, notice_id: int, now: dt.datetime, sid: str) -> None:
    """It went out: true whatever became of the notice meanwhile."""
    values = {"state": State.SENT.value, "settled_at": now, "message_sid": sid, "error": None}
    connection.execute(update(notices).where(notices.c.id == notice_id).values(values))


def settle_unsent(connection: Connection, notice: Notice, values: dict[str, Any]) -> None:
    """Note why a try did not send it, unless it was superseded or somebody else has taken it up since."""
    is_ours = notices.c.attempt_count == notice.attempt_count
    connection.execute(update(notices).where(notices.c.id == notice.id, _is_waiting, is_ours).values(values))


def told_of(connection: Connection, business_id: int, appointment_id: int) -> tuple[Notice, ...]:
    """The notices of an appointment, oldest first, without those that a later one replaced."""
    n = notices.c
    query = select(notices).where(n.business_id == business_id, n.appointment_id == appointment_id)
    rows = connection.execute(query.where(n.state != State.SUPERSEDED.value).order_by(n.id))
    return tuple(_notice(row) for row in rows)


def _notice(row: Row[Any]) -> Notice:
    return Notice(
        id=row.id,
        kind=Kind(row.kind),
        state=State(row.state),
        due_at=row.due_at,
        attempt_count=row.attempt_count,
        settled_at=row.settled_at,
        error=row.error,
    )
