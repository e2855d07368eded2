"""Tables of the diary: who works when, what is offered, who comes, what is booked.

That nobody is booked twice is not said here but in the first migration: an exclusion constraint in PostgreSQL,
triggers in SQLite. Both compare (staff, lane, busy_from..busy_to), half-open, among live appointments.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    Time,
    UniqueConstraint,
    text,
)

from server.db.tables.metadata import metadata
from server.db.types import UtcDateTime

LIVE = ("booked", "confirmed", "arrived")
"""States in which an appointment takes its time; "no_show" and "cancelled" give it back."""

IS_LIVE = "status IN ('booked', 'confirmed', 'arrived')"


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True)


def _ref(name: str, target: str, *, nullable: bool = False, gone: str = "CASCADE") -> Column[int]:
    return Column(name, Integer, ForeignKey(f"{target}.id", ondelete=gone), nullable=nullable)


businesses = Table(
    "businesses",
    metadata,
    _id(),
    Column("name", String(120), nullable=False),
    Column("number", String(16), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("address", String(200), nullable=False, server_default=""),
    Column("grid_min", Integer, nullable=False, server_default="15"),
    Column("lead_min", Integer, nullable=False, server_default="60"),
    Column("horizon_days", Integer, nullable=False, server_default="90"),
    Column("cancel_cutoff_min", Integer, nullable=False, server_default="0"),
    Column("transfer_number", String(16)),
    Column("sends_confirmations", Boolean, nullable=False, server_default=text("false")),
    Column("keeps_holidays", Boolean, nullable=False, server_default=text("false")),
    Column("eves_close_at", Time),
    Column("chol_hamoed", String(8), nullable=False, server_default="open"),
    # Raised by every change of services, staff or hours, so that a cached reading knows it is old.
    Column("revision", Integer, nullable=False, server_default="1"),
    UniqueConstraint("number"),
    CheckConstraint("grid_min > 0 AND lead_min >= 0 AND horizon_days > 0 AND cancel_cutoff_min >= 0", name="rules"),
    CheckConstraint("chol_hamoed IN ('open', 'short', 'closed')", name="chol_hamoed"),
)

services = Table(
    "services",
    metadata,
    _id(),
    _ref("business_id", "businesses"),
    Column("name", String(80), nullable=False),
    Column("position", Integer, nullable=False, server_default="0"),
    Column("buffer_before_min", Integer, nullable=False, server_default="0"),
    Column("buffer_after_min", Integer, nullable=False, server_default="0"),
    Column("colour", String(16), nullable=False, server_default=""),
    Column("is_hidden", Boolean, nullable=False, server_default=text("false")),
    Column("is_active", Boolean, nullable=False, server_default=text("true")),
    UniqueConstraint("business_id", "name"),
    CheckConstraint("buffer_before_min BETWEEN 0 AND 240 AND buffer_after_min BETWEEN 0 AND 240", name="buffers"),
)

service_aliases = Table(
    "service_aliases",
    metadata,
    _id(),
    _ref("service_id", "services"),
    Column("alias", String(80), nullable=False),
    UniqueConstraint("service_id", "alias"),
)

service_lengths = Table(
    "service_lengths",
    metadata,
    _id(),
    _ref("service_id", "services"),
    Column("minutes", Integer, nullable=False),
    Column("price", Integer, nullable=False),
    UniqueConstraint("service_id", "minutes"),
    CheckConstraint("minutes BETWEEN 1 AND 720 AND price >= 0", name="sane"),
)

staff = Table(
    "staff",
    metadata,
    _id(),
    _ref("business_id", "businesses"),
    Column("name", String(80), nullable=False),
    Column("position", Integer, nullable=False, server_default="0"),
    Column("lanes", Integer, nullable=False, server_default="1"),
    Column("is_active", Boolean, nullable=False, server_default=text("true")),
    UniqueConstraint("business_id", "name"),
    CheckConstraint("lanes BETWEEN 1 AND 50", name="lanes"),
)

service_staff = Table(
    "service_staff",
    metadata,
    Column("service_id", Integer, ForeignKey("services.id", ondelete="CASCADE"), primary_key=True),
    Column("staff_id", Integer, ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True),
)

# Minutes of the day, 0..1440, because no wall time says "midnight at the end of the day".
# staff_id NULL: the whole business. Weekday 0 is Sunday.
weekly_hours = Table(
    "weekly_hours",
    metadata,
    _id(),
    _ref("business_id", "businesses"),
    _ref("staff_id", "staff", nullable=True),
    Column("weekday", Integer, nullable=False),
    Column("opens", Integer, nullable=False),
    Column("closes", Integer, nullable=False),
    CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
    CheckConstraint("0 <= opens AND opens < closes AND closes <= 1440", name="interval"),
    Index(None, "business_id"),
)

breaks = Table(
    "breaks",
    metadata,
    _id(),
    _ref("business_id", "businesses"),
    _ref("staff_id", "staff", nullable=True),
    Column("weekday", Integer, nullable=False),
    Column("starts", Integer, nullable=False),
    Column("ends", Integer, nullable=False),
    CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
    CheckConstraint("0 <= starts AND starts < ends AND ends <= 1440", name="interval"),
    Index(None, "business_id"),
)

# A dated exception replaces the hours of its days: closed where opens is NULL, else open opens..closes.
exceptions = Table(
    "exceptions",
    metadata,
    _id(),
    _ref("business_id", "businesses"),
    _ref("staff_id", "staff", nullable=True),
    Column("date_from", Date, nullable=False),
    Column("date_to", Date, nullable=False),
    Column("opens", Integer),
    Column("closes", Integer),
    Column("note", String(200), nullable=False, server_default=""),
    CheckConstraint("date_from <= date_to", name="dates"),
    CheckConstraint(
        "(opens IS NULL AND closes IS NULL) OR (0 <= opens AND opens < closes AND closes <= 1440)", name="interval"
    ),
    Index(None, "business_id", "date_to"),
)

customers = Table(
    "customers",
    metadata,
    _id(),
    _ref("business_id", "businesses"),
    Column("phone", String(16), nullable=False),
    Column("name", String(80), nullable=False),
    Column("notes", Text, nullable=False, server_default=""),
    Column("is_blocked", Boolean, nullable=False, server_default=text("false")),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("business_id", "phone"),
)

# busy_from..busy_to is starts_at..ends_at widened by the service's buffers, as they were when it was booked.
appointments = Table(
    "appointments",
    metadata,
    _id(),
    Column("uid", String(64), nullable=False),
    _ref("business_id", "businesses", gone="RESTRICT"),
    _ref("service_id", "services", gone="RESTRICT"),
    _ref("staff_id", "staff", gone="RESTRICT"),
    Column("lane", Integer, nullable=False),
    Column("has_staff_wish", Boolean, nullable=False, server_default=text("false")),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("busy_from", UtcDateTime, nullable=False),
    Column("busy_to", UtcDateTime, nullable=False),
    _ref("customer_id", "customers", nullable=True, gone="SET NULL"),
    Column("customer_name", String(80), nullable=False),
    Column("status", String(16), nullable=False),
    Column("source", String(8), nullable=False),
    Column("call_sid", String(64)),
    Column("notes", Text, nullable=False, server_default=""),
    Column("price", Integer),
    Column("idempotency_key", String(200), nullable=False),
    Column("sequence", Integer, nullable=False, server_default="0"),
    Column("created_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    UniqueConstraint("uid"),
    CheckConstraint("busy_from <= starts_at AND starts_at < ends_at AND ends_at <= busy_to", name="order"),
    CheckConstraint("lane >= 0", name="lane"),
    CheckConstraint("status IN ('booked', 'confirmed', 'arrived', 'no_show', 'cancelled')", name="status"),
    CheckConstraint("source IN ('call', 'admin', 'api')", name="source"),
    # Covers the question "when is this staff member busy", so that it reads the index alone.
    Index("ix_appointments_busy", "staff_id", "busy_from", "busy_to", "lane", "status"),
    Index(None, "business_id", "starts_at"),
    Index(None, "customer_id", "starts_at"),
    Index(None, "call_sid"),
    Index(
        "uq_appointments_living_key",
        "business_id",
        "idempotency_key",
        unique=True,
        sqlite_where=text(IS_LIVE),
        postgresql_where=text(IS_LIVE),
    ),
)

# What was done to an appointment, by whom, why and when, with what it was like afterwards. Rows are only ever added:
# the first migration refuses changes. No name and no phone number is kept here.
appointment_log = Table(
    "appointment_log",
    metadata,
    _id(),
    _ref("business_id", "businesses", gone="RESTRICT"),
    _ref("appointment_id", "appointments", gone="RESTRICT"),
    Column("at", UtcDateTime, nullable=False),
    Column("action", String(16), nullable=False),
    Column("actor", String(8), nullable=False),
    Column("call_sid", String(64)),
    Column("reason", String(500), nullable=False, server_default=""),
    Column("status", String(16), nullable=False),
    Column("staff_id", Integer, nullable=False),
    Column("lane", Integer, nullable=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Index(None, "appointment_id"),
)

# Secret addresses of calendar feeds. Kept readable: the owner looks them up again, and who can read this table
# can read the appointments too. staff_id NULL: the whole business.
feeds = Table(
    "feeds",
    metadata,
    _id(),
    _ref("business_id", "businesses"),
    _ref("staff_id", "staff", nullable=True),
    Column("token", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("token"),
    Index(None, "business_id"),
)
