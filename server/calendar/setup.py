"""Puts a business into the database as its YAML file describes it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine

from server.calendar import store_describe, store_setup
from server.calendar.description import BadDescription, read_description
from server.calendar.models import Business
from server.clock import Clock, SystemClock
from server.db.faults import transact

DEMO_BUSINESS = Path(__file__).resolve().parents[1] / "demo_business.yaml"


def load_business(engine: Engine, path: Path | str, clock: Clock | None = None) -> Business:
    """Add the business described in the file, or bring the one with its number up to date.

    Raises BadDescription, whose message names each faulty line, and changes nothing then.
    """
    described = read_description(Path(path))
    now = (clock or SystemClock()).now()

    def work(connection: Connection) -> Business:
        for name, lane_count in store_describe.crowded(connection, described, now):
            raise BadDescription(
                f"{Path(path).name}: {name} is booked {lane_count} at a time; lanes cannot be fewer yet"
            )
        business_id = store_describe.write_business(connection, described)
        written = store_setup.business(connection, business_id)
        assert written is not None
        return written

    return transact(engine, work)
