"""The engine's own promises: turns, time limits, instants; and the tables from the command line."""

import datetime as dt
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, insert, inspect, select, text
from sqlalchemy.exc import OperationalError

from server.db.__main__ import main
from server.db.engine import SQLITE_BUSY_TIMEOUT_MS, make_engine, writing
from server.db.faults import Fault, fault_of, transact
from server.db.tables import calendar as t

only_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
only_postgresql = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
BUSINESS = {"name": "ספא", "number": "+97235550100", "zone": "Asia/Jerusalem"}


@only_sqlite
def test_threads_take_turns_and_a_failure_gives_the_turn_back(engine: Engine) -> None:
    began = time.monotonic()

    def fail_to_write(connection: Connection) -> None:
        connection.execute(insert(t.businesses).values(BUSINESS))
        raise ZeroDivisionError

    def write(_number: int) -> None:
        for _ in range(5):
            with pytest.raises(ZeroDivisionError):
                transact(engine, fail_to_write)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with writing(engine).connect() as connection:
        for number in range(3):
            with connection.begin():
                connection.execute(insert(t.businesses).values(BUSINESS | {"number": str(number)}))
    assert (time.monotonic() - began) * 1000 < SQLITE_BUSY_TIMEOUT_MS


@only_sqlite
def test_a_lock_of_another_process_is_waited_for_and_then_told(engine: Engine, database_url: str) -> None:
    other = make_engine(database_url)
    with (
        writing(other).begin() as held,
        pytest.raises(OperationalError) as error,
        writing(engine).begin(),
    ):
        pytest.fail("both are writing")
    assert fault_of(error.value) is Fault.TRANSIENT
    assert held.closed
    other.dispose()


def test_a_database_in_memory_is_one_for_all_threads() -> None:
    engine = make_engine("sqlite://")
    with writing(engine).begin() as connection:
        connection.execute(text("CREATE TABLE x (y)"))
    seen: list[list[str]] = []
    thread = threading.Thread(target=lambda: seen.append(inspect(engine).get_table_names()))
    thread.start()
    thread.join()
    assert seen == [["x"]]


@only_postgresql
def test_a_slow_statement_is_cut_off(engine: Engine) -> None:
    began = time.monotonic()
    with pytest.raises(OperationalError, match="statement timeout"), engine.connect() as connection:
        connection.execute(text("SELECT pg_sleep(10)"))
    assert time.monotonic() - began < 3


@only_postgresql
def test_a_lock_that_is_not_free_in_time_is_told(engine: Engine) -> None:
    with engine.begin() as holder:
        holder.execute(text("LOCK TABLE appointments"))
        with pytest.raises(OperationalError) as error, engine.begin() as connection:
            connection.execute(text("LOCK TABLE appointments"))
    assert fault_of(error.value) is Fault.TRANSIENT


def test_instants_come_back_in_utc_and_naive_ones_are_refused(engine: Engine) -> None:
    with writing(engine).begin() as connection:
        business_id = connection.execute(
            insert(t.businesses).values(BUSINESS).returning(t.businesses.c.id)
        ).scalar_one()
        moment = dt.datetime(2026, 7, 1, 12, 0, 0, 123456, tzinfo=dt.timezone(dt.timedelta(hours=3)))
        row = {"business_id": business_id, "token": "x", "created_at": moment}
        connection.execute(insert(t.feeds).values(row))
        stored = connection.execute(select(t.feeds.c.created_at)).scalar_one()
    assert (stored, stored.tzinfo) == (moment, dt.UTC)
    with pytest.raises(Exception, match="time zone"), writing(engine).begin() as connection:
        connection.execute(insert(t.feeds).values(row | {"token": "y", "created_at": moment.replace(tzinfo=None)}))


def test_up_and_down_from_the_command_line(
    empty_database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--database", empty_database_url, "upgrade"]) == 0
    engine = make_engine(empty_database_url)
    assert "appointments" in inspect(engine).get_table_names()
    assert main(["--database", empty_database_url, "downgrade", "base"]) == 0
    assert "appointments" not in inspect(engine).get_table_names()
    engine.dispose()
    assert main(["--database", "mysql://x", "upgrade"]) == 1
    assert "SQLite or PostgreSQL" in capsys.readouterr().err
