"""How long a question and a booking take as the diary grows: `python -m bench.calendar_speed`.

A business with four staff, nine tenths booked, most of it in the past. Each question is a fortnight: "ordinary" finds
something, "full" searches two weeks in which nothing is free and then looks around them for alternatives. Times are
those of one `Bookings` call on the calling thread, in ms. Exits 1 if the largest diary misses the limits.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection, Engine, insert, text

from bench.diaries import KINDS, StillClock, database, percentile
from server.calendar.booking import Bookings
from server.calendar.description import Description
from server.calendar.models import Appointment, BookingRequest, Business, Found, SlotQuery
from server.calendar.store_describe import write_business
from server.db.engine import make_engine, upgrade, writing
from server.db.tables import calendar as t

SIZES = (3_000, 10_000, 30_000, 100_000)
FIND_LIMIT_MS, CREATE_LIMIT_MS = 5.0, 15.0
FULL_FROM, FULL_TO = dt.date(2026, 12, 6), dt.date(2026, 12, 19)
LAST_BOOKED = dt.date(2027, 1, 15)
DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday")
SPA = {
    "name": "ספא",
    "number": "03-5550300",
    "horizon_days": "600",
    "hours": dict.fromkeys(DAYS, "09:00-20:00"),
    "staff": [{"name": name} for name in ("מאיה", "רון", "נועה", "גיל")],
    "services": [{"name": "עיסוי", "lengths": {"45": "280", "60": "350"}, "buffer_after_min": "0"}],
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=KINDS, action="append")
    parser.add_argument("--size", type=int, action="append", help="appointments in the diary")
    parser.add_argument("--rounds", type=int, default=1000)
    options = parser.parse_args()
    sizes = sorted(options.size or SIZES)
    print("| database | appointments | find, ordinary p50 / p99 | find, full p50 / p99 | create p50 / p99 |")
    print("|---|---|---|---|---|")
    is_fast = True
    for kind in options.database or KINDS:
        for size in sizes:
            times = _measure(kind, size, options.rounds)
            cells = [f"{percentile(ms, 0.5):.2f} / {percentile(ms, 0.99):.2f}" for ms in times]
            print(f"| {kind} | {size:,} | {' | '.join(cells)} |", flush=True)
        ordinary, full, created = (percentile(ms, 0.99) for ms in times)
        is_fast &= max(ordinary, full) <= FIND_LIMIT_MS and created <= CREATE_LIMIT_MS
    return 0 if is_fast else 1


def _measure(kind: str, size: int, rounds: int) -> tuple[list[float], list[float], list[float]]:
    with database(kind) as url:
        engine = make_engine(url)
        upgrade(engine)
        _fill(engine, size)
        bookings = Bookings(engine, StillClock())
        business = bookings.businesses()[0]
        dice = random.Random(1)
        ordinary = _timed(rounds, lambda: _ask(bookings, business, dice))
        full = _timed(rounds, lambda: _ask_full(bookings, business, dice))
        created = _timed(rounds, _booker(bookings, business))
        engine.dispose()
    return ordinary, full, created


def _timed(rounds: int, work: Callable[[], None]) -> list[float]:
    for _ in range(20):
        work()
    durations = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        durations.append((time.perf_counter() - began) * 1000)
    return durations


def _ask(bookings: Bookings, business: Business, dice: random.Random) -> None:
    first = dt.date(2026, 11, 23) + dt.timedelta(days=dice.randrange(30))
    hour = dice.choice([None, dt.time(9), dt.time(12), dt.time(17)])
    staff = dice.choice([None, None, "מאיה", "גיל"])
    query = SlotQuery("עיסוי", dice.choice([45, 60]), first, first + dt.timedelta(days=13), hour, staff=staff)
    found = bookings.find(business.id, query)
    assert isinstance(found, Found)
    assert found.slots or found.alternatives


def _ask_full(bookings: Bookings, business: Business, dice: random.Random) -> None:
    found = bookings.find(business.id, SlotQuery("עיסוי", dice.choice([45, 60]), FULL_FROM, FULL_TO))
    assert isinstance(found, Found)
    assert found.alternatives
    assert not found.slots


def _booker(bookings: Bookings, business: Business) -> Callable[[], None]:
    starts = enumerate(_free_starts(business))

    def book() -> None:
        number, start = next(starts)
        request = BookingRequest("עיסוי", 60, start, "דני", f"050{number:07}", call_sid=f"CA{number}")
        assert isinstance(bookings.create(business.id, request), Appointment)

    return book


def _free_starts(business: Business) -> Iterator[dt.datetime]:
    day = LAST_BOOKED
    while True:
        day += dt.timedelta(days=1)
        if (day.weekday() + 1) % 7 < len(DAYS):
            for hour in [*range(9, 20)] * 4:
                yield dt.datetime.combine(day, dt.time(hour), business.zone)


def _fill(engine: Engine, size: int) -> None:
    """Book backwards from the last day until the diary holds `size` appointments."""
    with writing(engine).begin() as connection:
        business_id = write_business(connection, Description.model_validate(SPA))
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL statement_timeout = 0"))
        rows: list[dict[str, Any]] = []
        for row in _rows(business_id, size):
            rows.append(row)
            if len(rows) == 5_000:
                _insert(connection, rows)
        _insert(connection, rows)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def _insert(connection: Connection, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(t.appointments), rows)
        rows.clear()


def _rows(business_id: int, size: int) -> Iterator[dict[str, Any]]:
    dice = random.Random(7)
    zone = StillClock().now().tzinfo
    day, count = LAST_BOOKED, 0
    while count < size:
        is_full = FULL_FROM <= day <= FULL_TO
        if (day.weekday() + 1) % 7 < len(DAYS):
            for staff_id in range(1, 5):
                for hour in range(7, 18):
                    if count < size and (is_full or dice.random() < 0.9):
                        count += 1
                        yield _row(business_id, staff_id, dt.datetime.combine(day, dt.time(hour), zone), count)
        day -= dt.timedelta(days=1)


def _row(business_id: int, staff_id: int, start: dt.datetime, number: int) -> dict[str, Any]:
    end = start + dt.timedelta(hours=1)
    return {
        "uid": str(uuid.uuid4()),
        "business_id": business_id,
        "service_id": 1,
        "staff_id": staff_id,
        "lane": 0,
        "starts_at": start,
        "ends_at": end,
        "busy_from": start,
        "busy_to": end,
        "customer_name": "דנה",
        "status": "booked",
        "source": "call",
        "idempotency_key": f"k{number}",
        "created_at": start,
        "changed_at": start,
    }


if __name__ == "__main__":
    raise SystemExit(main())
