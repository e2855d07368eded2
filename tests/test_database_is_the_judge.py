"""The database refuses a double booking by itself, whatever program asks, and however many at once."""

import datetime as dt
import sqlite3
import threading
from typing import Any

import psycopg2
import pytest
from sqlalchemy import Engine, func, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from bench.booking_race import run_race
from server.calendar import store
from server.calendar.instants import minute_of
from server.db.engine import make_engine, writing
from server.db.faults import Fault, fault_of, transact
from server.db.tables import calendar as t
from tests.desk import OWNER, Desk

NOON = dt.datetime(2026, 11, 23, 10, 0, tzinfo=dt.UTC)


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)


def row(start: int, end: int, number: int = 1, **other: Any) -> dict[str, Any]:
    """An appointment from `start` to `end`, minutes after noon, as no desk would look at it before inserting."""
    starts_at, ends_at = NOON + dt.timedelta(minutes=start), NOON + dt.timedelta(minutes=end)
    values = {
        "uid": f"uid {number}",
        "idempotency_key": f"key {number}",
        "business_id": 1,
        "service_id": 1,
        "staff_id": 1,
        "lane": 0,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "busy_from": starts_at,
        "busy_to": ends_at,
        "customer_name": "דני",
        "status": "booked",
        "source": "call",
        "created_at": NOON,
        "changed_at": NOON,
    }
    return values | other


def put(desk: Desk, values: dict[str, Any]) -> None:
    with writing(desk.engine).begin() as connection:
        connection.execute(insert(t.appointments).values(values))


def refused(desk: Desk, values: dict[str, Any]) -> Fault | None:
    with pytest.raises(IntegrityError) as error:
        put(desk, values)
    return fault_of(error.value)


@pytest.mark.parametrize(("start", "end"), [(0, 60), (15, 30), (-30, 1), (59, 90), (-30, 90)])
def test_overlaps_are_refused(desk: Desk, start: int, end: int) -> None:
    put(desk, row(0, 60))
    assert refused(desk, row(start, end, 2)) is Fault.OVERLAP


@pytest.mark.parametrize(
    "other",
    [
        row(60, 120, 2),
        row(-60, 0, 2),
        row(0, 60, 2, staff_id=2),
        row(0, 60, 2, lane=1),
        row(0, 60, 2, status="cancelled"),
        row(0, 60, 2, status="no_show"),
    ],
)
def test_what_does_not_overlap_is_taken(desk: Desk, other: dict[str, Any]) -> None:
    with writing(desk.engine).begin() as connection:
        connection.execute(update(t.staff).values(lanes=2))
    put(desk, row(0, 60))
    put(desk, other)


def test_buffers_are_part_of_the_range(desk: Desk) -> None:
    put(desk, row(0, 60, busy_to=NOON + dt.timedelta(minutes=70)))
    assert refused(desk, row(60, 120, 2)) is Fault.OVERLAP
    put(desk, row(70, 120, 2))


def test_moving_and_reviving_into_a_taken_time_is_refused(desk: Desk) -> None:
    put(desk, row(0, 60))
    put(desk, row(60, 120, 2))
    put(desk, row(0, 60, 3, status="cancelled"))
    later = {"busy_from": NOON, "starts_at": NOON}
    for number, values in ((2, later), (3, {"status": "confirmed"})):
        with pytest.raises(IntegrityError) as error, writing(desk.engine).begin() as connection:
            connection.execute(update(t.appointments).where(t.appointments.c.uid == f"uid {number}").values(values))
        assert fault_of(error.value) is Fault.OVERLAP


def test_what_began_the_evening_before_is_still_busy(desk: Desk) -> None:
    put(desk, row(-12 * 60, 30))
    put(desk, row(30, 60, 2))
    put(desk, row(-23 * 60, -13 * 60, 3))
    noon = minute_of(NOON)
    with desk.engine.connect() as connection:
        assert store.busy(connection, [1], noon + 10, noon + 20) == [(1, 0, noon - 12 * 60, noon + 30)]
        assert store.busy(connection, [1], noon + 30, noon + 31) == [(1, 0, noon + 30, noon + 60)]
        assert store.busy(connection, [2], noon, noon + 60) == []


def test_touching_a_row_without_moving_it_is_no_overlap_with_itself(desk: Desk) -> None:
    put(desk, row(0, 60))
    with writing(desk.engine).begin() as connection:
        connection.execute(update(t.appointments).values(status="confirmed", busy_from=NOON - dt.timedelta(minutes=5)))


@pytest.mark.parametrize(
    "bad",
    [
        {"ends_at": NOON, "busy_to": NOON},
        {"ends_at": NOON - dt.timedelta(minutes=1)},
        {"busy_from": NOON + dt.timedelta(minutes=1)},
        {"busy_to": NOON + dt.timedelta(minutes=59)},
        {"busy_to": NOON + dt.timedelta(hours=25)},
        {"status": "maybe"},
        {"source": "fax"},
        {"lane": -1},
        {"lane": 1},
        {"staff_id": 999},
    ],
)
def test_rows_that_make_no_sense_are_refused(desk: Desk, bad: dict[str, Any]) -> None:
    assert refused(desk, row(0, 60) | bad) is None


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # where an instant is a text
@pytest.mark.parametrize(
    "spelling",
    [
        "2026-11-23T10:30:00.000000",
        "2026-11-23 12:30:00+02:00",
        "2026-11-23 10:30:00",
        "1795429800",
        "9999-99-99 99:99:99.999999",
    ],
)
@pytest.mark.parametrize("column", ["starts_at", "busy_from", "busy_to"])
def test_an_instant_in_another_spelling_is_refused(desk: Desk, spelling: str, column: str) -> None:
    put(desk, row(0, 60))
    put(desk, row(0, 60, 2, staff_id=2))
    for statement in (
        f"UPDATE appointments SET {column} = '{spelling}' WHERE staff_id = 2",
        f"UPDATE appointments SET staff_id = 1, {column} = '{spelling}' WHERE staff_id = 2",
    ):
        with pytest.raises(IntegrityError), writing(desk.engine).begin() as connection:
            connection.exec_driver_sql(statement)


def test_a_lane_beyond_a_persons_own_is_refused_for_moves_too(desk: Desk) -> None:
    put(desk, row(0, 60))
    with pytest.raises(IntegrityError, match="lane_exists"), writing(desk.engine).begin() as connection:
        connection.execute(update(t.appointments).values(lane=1))


def test_a_living_key_is_unique(desk: Desk) -> None:
    put(desk, row(0, 60))
    assert refused(desk, row(120, 180, 2, idempotency_key="key 1")) is Fault.DUPLICATE
    put(desk, row(120, 180, 3, idempotency_key="key 1", status="cancelled"))


def test_of_many_at_once_that_look_at_nothing_one_gets_in(desk: Desk) -> None:
    outcomes: list[str] = []
    together = threading.Barrier(8)

    def insert_one(number: int) -> None:
        together.wait()
        try:
            transact(desk.engine, lambda c: c.execute(insert(t.appointments).values(row(0, 60, number))))
            outcomes.append("in")
        except DBAPIError as error:
            outcomes.append(str(fault_of(error)))

    threads = [threading.Thread(target=insert_one, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("in") == 1
    assert set(outcomes) <= {"in", Fault.OVERLAP, Fault.TRANSIENT}
    with desk.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(t.appointments)).scalar_one() == 1


def test_racing_processes_never_book_twice(desk: Desk, database_url: str) -> None:
    race = run_race(database_url, desk.engine, processes=4, bookings=120)
    assert race.is_clean, race
    assert set(race.answers) == {"ok", "slot_taken"}
    assert sum(race.answers.values()) == 120


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)  # SQLite has no connections to cut
def test_a_connection_that_was_cut_is_replaced(desk: Desk, database_url: str) -> None:
    """The pool still holds connections that the server has closed; booking goes on over a new one."""
    made = desk.books(desk.at(12))
    killer = make_engine(database_url)
    with killer.connect() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    killer.dispose()
    assert desk.bookings.get(desk.business.id, made.id) == made
    assert desk.books(desk.at(14), "דנה")


class LostCommit:
    """A network that loses the answer to the first commit: the commit takes place, but who asked gets an error."""

    def __init__(self, engine: Engine) -> None:
        self.dialect = engine.dialect
        self.commit = engine.dialect.do_commit
        self.count = 0

    def __enter__(self) -> "LostCommit":
        self.dialect.do_commit = self  # type: ignore[method-assign]
        return self

    def __exit__(self, *_: object) -> None:
        self.dialect.do_commit = self.commit  # type: ignore[method-assign]

    def __call__(self, connection: Any) -> None:
        self.commit(connection)
        self.count += 1
        if self.count == 1:
            if self.dialect.name == "sqlite":
                raise sqlite3.OperationalError("database is locked")
            raise psycopg2.OperationalError("server closed the connection unexpectedly")


def test_a_commit_whose_answer_was_lost_is_not_done_twice(desk: Desk) -> None:
    """The first try commits, then the connection is lost: the second finds what the first has done."""
    made = desk.books(desk.at(9), "רות", call_sid="CA1")
    for action in ("create", "move", "cancel"):
        with LostCommit(desk.engine) as lost:
            if action == "create":
                done = desk.asks(desk.at(12), "דנה")
            elif action == "move":
                done = desk.bookings.reschedule(desk.business.id, made.id, desk.at(15), actor=OWNER)
            else:
                done = desk.bookings.cancel(desk.business.id, made.id, actor=OWNER)
        assert lost.count >= 2
        assert not hasattr(done, "code"), done
    with desk.engine.connect() as connection:
        actions = connection.execute(select(t.appointment_log.c.action).order_by(t.appointment_log.c.id)).scalars()
        assert list(actions) == ["created", "created", "moved", "cancelled"]
