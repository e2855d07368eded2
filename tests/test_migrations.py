"""Migrations run up and down on a filled database, and leave what the metadata says."""

import datetime as dt

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, func, inspect, select
from sqlalchemy.exc import DBAPIError

from server.calendar.booking import Bookings
from server.calendar.models import BookingRequest
from server.calendar.setup import DEMO_BUSINESS, load_business
from server.db.engine import MIGRATIONS, downgrade, make_engine, upgrade
from server.db.tables import calendar as t
from server.db.tables import metadata
from tests.desk import Noon

REVISIONS = [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()][::-1]


def fill(engine: Engine) -> None:
    business = load_business(engine, DEMO_BUSINESS)
    bookings = Bookings(engine, Noon())
    for hour in (9, 10, 11):
        start = dt.datetime(2026, 11, 23, hour, tzinfo=business.zone)
        bookings.create(business.id, BookingRequest("שוודי", 60, start, "דני", "0502345678"))


def count(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(t.appointments)).scalar_one()


def test_tables_are_what_the_metadata_says(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


@pytest.mark.parametrize("revision", ["base", *REVISIONS[:-1]])
def test_down_and_up_again_on_a_filled_database(engine: Engine, revision: str) -> None:
    fill(engine)
    downgrade(engine, revision)
    if revision == "base":
        assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
        upgrade(engine)
        fill(engine)
    upgrade(engine)
    with engine.connect() as connection:
        assert count(connection) == 3


def test_every_step_up_keeps_what_is_there(empty_database_url: str) -> None:
    engine = make_engine(empty_database_url)
    upgrade(engine, REVISIONS[0])
    fill(engine)
    for revision in REVISIONS[1:]:
        upgrade(engine, revision)
        with engine.connect() as connection:
            assert count(connection) == 3
    engine.dispose()


def test_upgrading_twice_is_upgrading_once(engine: Engine) -> None:
    fill(engine)
    upgrade(engine)
    with engine.connect() as connection:
        assert count(connection) == 3


def test_the_log_of_changes_cannot_be_changed(engine: Engine) -> None:
    fill(engine)
    for statement in (t.appointment_log.update().values(reason="x"), t.appointment_log.delete()):
        with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
            connection.execute(statement)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # PostgreSQL knows no REPLACE
def test_the_log_of_changes_cannot_be_replaced(engine: Engine) -> None:
    fill(engine)
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.exec_driver_sql("INSERT OR REPLACE INTO appointment_log SELECT * FROM appointment_log LIMIT 1")


def test_another_database_is_refused_with_a_sentence() -> None:
    with pytest.raises(ValueError, match="must be SQLite or PostgreSQL, not mysql"):
        make_engine("mysql://localhost/x")
    with pytest.raises(ValueError, match="the database's folder /proc/x cannot be made"):
        make_engine("sqlite:////proc/x/y.db")
