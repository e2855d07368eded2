"""What has to be there before the first call: tables, a business, an owner."""

from __future__ import annotations

from sqlalchemy.exc import SQLAlchemyError

from server.calendar.booking import Bookings
from server.calendar.setup import DEMO_BUSINESS, load_business
from server.clock import Clock
from server.config import BadSettings, Settings
from server.db.engine import make_engine, upgrade
from server.web.accounts import Accounts


def prepare_database(settings: Settings, clock: Clock) -> str | None:
    """Migrate, load the demo business into an empty database, make the owner. Gives a new owner's password.

    Blocks; meant for the start, before anything is served. Raises `BadSettings` when there is no such database.
    """
    try:
        engine = make_engine(settings.database_url)
        upgrade(engine)
    except (OSError, ValueError, SQLAlchemyError) as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise BadSettings(f"DATABASE_URL: the database cannot be opened: {reason}") from None
    try:
        if not Bookings(engine, clock).businesses():
            load_business(engine, DEMO_BUSINESS)
        return Accounts(engine, clock).ensure_owner()
    finally:
        engine.dispose()
