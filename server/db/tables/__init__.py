"""All tables, so that whoever imports this package has the whole metadata."""

from server.db.tables import accounts, calendar, calls, notices
from server.db.tables.metadata import metadata
from server.db.types import UtcDateTime

__all__ = ["UtcDateTime", "accounts", "calendar", "calls", "metadata", "notices"]
