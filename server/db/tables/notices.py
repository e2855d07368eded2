"""Messages to customers about their appointments: written with the change they tell of, sent afterwards.

The text and the number are not kept here: both are taken from the appointment when the message goes out.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, text

from server.db.tables.metadata import metadata
from server.db.types import UtcDateTime

IS_WAITING = "state = 'waiting'"

notices = Table(
    "notices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("business_id", Integer, ForeignKey("businesses.id", ondelete="RESTRICT"), nullable=False),
    Column("appointment_id", Integer, ForeignKey("appointments.id", ondelete="RESTRICT"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    # When it may be taken up: at first, again after a failure, or because whoever took it has not been heard of since.
    Column("due_at", UtcDateTime, nullable=False),
    Column("attempt_count", Integer, nullable=False, server_default="0"),
    Column("settled_at", UtcDateTime),  # when it was sent or given up
    Column("message_sid", String(64)),  # Twilio's name for what it took
    Column("error", String(64)),  # code of the latest failure, or why it was not sent
    CheckConstraint("kind IN ('booked', 'moved', 'cancelled')", name="kind"),
    CheckConstraint("state IN ('waiting', 'sent', 'failed', 'superseded', 'pointless')", name="state"),
    CheckConstraint("attempt_count >= 0", name="attempt_count"),
    Index(None, "appointment_id"),
    Index("ix_notices_waiting", "due_at", sqlite_where=text(IS_WAITING), postgresql_where=text(IS_WAITING)),
)
