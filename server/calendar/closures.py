"""Days unlike others: closed, or open for other hours, for the whole business or one staff member."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from pydantic import ValidationError
from sqlalchemy import Connection, Engine

from server.calendar import store, store_describe, store_setup
from server.calendar.description import Exceptional
from server.calendar.models import Business, Status
from server.db.faults import transact

_GONE = (Status.CANCELLED, Status.NO_SHOW)


def close_days(
    engine: Engine,
    business: Business,
    first: dt.date,
    last: dt.date | None = None,
    spans: Sequence[str] = (),
    staff: str | None = None,
    note: str = "",
) -> int:
    """Close from `first` to `last`, or open for `spans` ("09:00-12:00") instead; replaces what was said of these days.

    Answers how many live appointments of these days stay booked: nobody's appointment is taken away silently.
    Raises ValueError for what cannot be read and for an unknown staff member.
    """
    exception = _exception(first, last, spans, note)

    def work(connection: Connection) -> int:
        staff_id = None if staff is None else _staff_id(connection, business, staff)
        store_describe.remove_exceptions(connection, business.id, first, last or first, (staff_id,))
        store_describe.add_exceptions(connection, business.id, staff_id, [exception])
        store_setup.touch(connection, business.id)
        start = dt.datetime.combine(first, dt.time(), business.zone)
        end = dt.datetime.combine((last or first) + dt.timedelta(days=1), dt.time(), business.zone)
        booked = store.between(connection, business.id, start, end, staff_id)
        return sum(appointment.status not in _GONE for appointment in booked)

    return transact(engine, work)


def reopen_days(engine: Engine, business: Business, first: dt.date, last: dt.date | None = None) -> int:
    """Forget the exceptions that lie within these dates, of business and staff; answers how many."""

    def work(connection: Connection) -> int:
        count = store_describe.remove_exceptions(connection, business.id, first, last or first)
        store_setup.touch(connection, business.id)
        return count

    return transact(engine, work)


def _exception(first: dt.date, last: dt.date | None, spans: Sequence[str], note: str) -> Exceptional:
    try:
        return Exceptional.model_validate({"from": first, "to": last, "hours": list(spans), "note": note})
    except ValidationError as error:
        words = {problem["msg"].removeprefix("Value error, ") for problem in error.errors()}
        raise ValueError("; ".join(sorted(words))) from None


def _staff_id(connection: Connection, business: Business, name: str) -> int:
    staff_id = store_setup.staff_id(connection, business.id, name)
    if staff_id is None:
        raise ValueError(f"{name} is not among the staff")
    return staff_id
