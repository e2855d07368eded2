"""Words of the trade for tests of the diary: a clock to set, a business, and short ways to ask for things."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from server.calendar.booking import Bookings
from server.calendar.models import Actor, Appointment, BookingRequest, Business, Found, Refusal, SlotQuery, Source
from server.calendar.setup import DEMO_BUSINESS, load_business
from server.db.engine import make_engine

SUNDAY = dt.date(2026, 11, 22)
MONDAY = SUNDAY + dt.timedelta(days=1)
OWNER = Actor(Source.ADMIN)


class Noon:
    """A clock that stands where it is put: at first ten o'clock in Israel on a Sunday."""

    def __init__(self) -> None:
        self.at = dt.datetime(2026, 11, 22, 8, 0, tzinfo=dt.UTC)

    def now(self) -> dt.datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()


class Desk:
    """The demo business's diary, with defaults for all that a test does not care about."""

    def __init__(self, engine: Engine, path: object = DEMO_BUSINESS) -> None:
        self.engine = engine
        self.clock = Noon()
        self.business: Business = load_business(engine, str(path))
        self.bookings = Bookings(engine, self.clock)

    def at(self, hour: int, minute: int = 0, day: dt.date = MONDAY) -> dt.datetime:
        return dt.datetime.combine(day, dt.time(hour, minute), self.business.zone)

    def asks(self, start: dt.datetime, name: str = "דני", **other: object) -> Appointment | Refusal:
        values = {"service": "עיסוי שוודי", "minutes": 60, "starts_at": start, "customer_name": name, **other}
        return self.bookings.create(self.business.id, BookingRequest(**values))  # type: ignore[arg-type]

    def books(self, start: dt.datetime, name: str = "דני", **other: object) -> Appointment:
        made = self.asks(start, name, **other)
        assert isinstance(made, Appointment), made
        return made

    def refused(self, start: dt.datetime, name: str = "דני", **other: object) -> Refusal:
        refusal = self.asks(start, name, **other)
        assert isinstance(refusal, Refusal), refusal
        return refusal

    def finds(self, service: str = "עיסוי שוודי", minutes: int | None = 60, **other: object) -> Found:
        found = self.bookings.find(self.business.id, SlotQuery(service, minutes, **other))  # type: ignore[arg-type]
        assert isinstance(found, Found), found
        return found

    def starts(self, slots: object) -> list[str]:
        """Slots as "MM-DD HH:MM name" on the business's wall clock."""
        return [f"{s.starts_at.astimezone(self.business.zone):%m-%d %H:%M} {s.staff}" for s in slots]  # type: ignore[attr-defined]


@pytest.fixture
def desk(sqlite_template: Path, tmp_path: Path) -> Iterator[Desk]:
    """On SQLite alone: for tests in which the diary is only what a call looks into."""
    path = tmp_path / "receptionist.db"
    shutil.copy(sqlite_template, path)
    engine = make_engine(f"sqlite:///{path}")
    yield Desk(engine)
    engine.dispose()
