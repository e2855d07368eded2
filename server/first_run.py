"""What has to be there before the first call: tables, a business, an owner."""

from __future__ import annotations

from pathlib import Path

from server.calendar.booking import Bookings
from server.calendar.setup import load_business
from server.clock import Clock
from server.config import Settings
from server.db.engine import make_engine, upgrade
from server.web.accounts import Accounts

DEMO_BUSINESS = Path(__file__).with_name("demo_business.yaml")


def prepare_database(settings: Settings, clock: Clock) -> str | None:
    """Migrate, load the demo business into an empty database, make the owner. Gives a new owner's password.

    Blocks; meant for the start, before anything is served.
    """
    if settings.database_url.startswith("sqlite"):
        settings.var_dir.mkdir(parents=True, exist_ok=True)
    engine = make_engine(settings.database_url)
    try:
        upgrade(engine)
        if not Bookings(engine, clock).businesses():
            load_business(engine, DEMO_BUSINESS)
        return Accounts(engine, clock).ensure_owner()
    finally:
        engine.dispose()
