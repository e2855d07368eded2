"""Databases for the diary's benchmarks, and what must be true of a diary afterwards."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text

from server.calendar.setup import DEMO_BUSINESS, load_business
from server.db.engine import make_engine, upgrade
from tests.postgres import find_binaries, running_cluster

KINDS = ("sqlite", "postgresql")
# Durable, unlike the tests' clusters: what was acknowledged must survive a crash.
DURABLE = ("max_connections=200", "shared_buffers=128MB")
MONDAY = dt.date(2026, 11, 23)

_OVERLAPS = text("""
    SELECT count(*) FROM appointments a JOIN appointments b
    ON a.staff_id = b.staff_id AND a.lane = b.lane AND a.id < b.id
    AND a.busy_from < b.busy_to AND b.busy_from < a.busy_to
    WHERE a.status IN ('booked', 'confirmed', 'arrived') AND b.status IN ('booked', 'confirmed', 'arrived')
""")
_ASTRAY = text("""
    SELECT count(*) FROM appointments a WHERE NOT EXISTS (
        SELECT 1 FROM appointment_log l WHERE l.appointment_id = a.id AND l.status = a.status
        AND l.staff_id = a.staff_id AND l.lane = a.lane AND l.starts_at = a.starts_at
        AND l.id = (SELECT max(id) FROM appointment_log WHERE appointment_id = a.id))
""")


class StillClock:
    """Always ten o'clock in Israel on the Sunday before the days that are booked."""

    def now(self) -> dt.datetime:
        return dt.datetime(2026, 11, 22, 8, 0, tzinfo=dt.UTC)

    def monotonic(self) -> float:
        return 0.0


@contextmanager
def diary(kind: str) -> Iterator[tuple[str, Engine]]:
    """A migrated database of this kind with the demo business: its URL and an engine."""
    with database(kind) as url:
        engine = make_engine(url)
        upgrade(engine)
        load_business(engine, DEMO_BUSINESS)
        yield url, engine
        engine.dispose()


@contextmanager
def database(kind: str) -> Iterator[str]:
    if kind == "sqlite":
        with tempfile.TemporaryDirectory(prefix="receptionist-bench-") as directory:
            yield f"sqlite:///{Path(directory) / 'diary.db'}"
        return
    binaries = find_binaries()
    if binaries is None:
        raise SystemExit("no PostgreSQL on this machine (initdb and pg_ctl are not found)")
    with running_cluster(binaries, DURABLE) as cluster:
        yield cluster.url()


def overlap_count(engine: Engine) -> int:
    """Pairs of live appointments that share a lane and a minute, buffers included."""
    with engine.connect() as connection:
        return int(connection.execute(_OVERLAPS).scalar_one())


def astray_count(engine: Engine) -> int:
    """Appointments of which the log's last line tells another story than the diary."""
    with engine.connect() as connection:
        return int(connection.execute(_ASTRAY).scalar_one())


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
