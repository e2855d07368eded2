"""The diary: businesses, services, staff, hours, customers, appointments, and the rules that the database keeps.

Three rules are the database's own, whatever program writes to it: no two live appointments of one staff member's
lane overlap, buffers included; nobody has more lanes than he works in; and the log of changes is only ever added to.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.db.types import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "businesses",
    "customers",
    "services",
    "staff",
    "appointments",
    "breaks",
    "exceptions",
    "feeds",
    "service_aliases",
    "service_lengths",
    "service_staff",
    "weekly_hours",
    "appointment_log",
)

POSTGRESQL_RULES = (
    # Integers inside a GiST constraint need this extension; it is a trusted one, no superuser is needed.
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    """
    ALTER TABLE appointments ADD CONSTRAINT ex_appointments_overlap EXCLUDE USING gist (
        staff_id WITH =, lane WITH =, tstzrange(busy_from, busy_to, '[)') WITH &&
    ) WHERE (status IN ('booked', 'confirmed', 'arrived'))
    """,
    # Reading looks back one day for appointments that still run; none may be longer.
    """
    ALTER TABLE appointments ADD CONSTRAINT ck_appointments_day
    CHECK (busy_to <= busy_from + interval '24 hours')
    """,
    """
    CREATE FUNCTION appointment_lane_exists() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.lane >= (SELECT lanes FROM staff WHERE id = NEW.staff_id) THEN
            RAISE EXCEPTION 'ck_appointments_lane_exists' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER appointments_lane_exists BEFORE INSERT OR UPDATE OF staff_id, lane, busy_from, busy_to
    ON appointments FOR EACH ROW EXECUTE FUNCTION appointment_lane_exists()
    """,
    """
    CREATE FUNCTION appointment_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'appointment_log is append-only'; END $$
    """,
    """
    CREATE TRIGGER appointment_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON appointment_log
    FOR EACH STATEMENT EXECUTE FUNCTION appointment_log_is_append_only()
    """,
)

_SQLITE_OVERLAP = """
    SELECT RAISE(ABORT, 'ex_appointments_overlap') WHERE EXISTS (
        SELECT 1 FROM appointments AS other
        WHERE other.staff_id = NEW.staff_id AND other.lane = NEW.lane AND other.id IS NOT NEW.id
          AND other.busy_from < NEW.busy_to AND other.busy_to > NEW.busy_from
          AND other.busy_from > datetime(NEW.busy_from, '-1 day')
          AND other.status IN ('booked', 'confirmed', 'arrived'));
"""
_SQLITE_DAY = """
    SELECT RAISE(ABORT, 'ck_appointments_day') WHERE julianday(NEW.busy_to) - julianday(NEW.busy_from) > 1.000001;
"""
_SQLITE_LANE = """
    SELECT RAISE(ABORT, 'ck_appointments_lane_exists')
    WHERE NEW.lane >= (SELECT lanes FROM staff WHERE id = NEW.staff_id);
"""
# Text is compared as text: the same instant in another spelling would slip past its neighbours.
_INSTANT = " ".join(["[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]", "[0-9][0-9]:[0-9][0-9]:[0-9][0-9]"]) + ".[0-9]*"
_SQLITE_INSTANTS = "".join(
    f"""
    SELECT RAISE(ABORT, 'ck_appointments_instants')
    WHERE length(NEW.{column}) <> 26 OR NEW.{column} NOT GLOB '{_INSTANT}' OR julianday(NEW.{column}) IS NULL;
"""
    for column in ("starts_at", "ends_at", "busy_from", "busy_to")
)
SQLITE_RULES = (
    f"""
    CREATE TRIGGER appointments_sane_insert BEFORE INSERT ON appointments
    BEGIN {_SQLITE_INSTANTS} {_SQLITE_LANE} END
    """,
    f"""
    CREATE TRIGGER appointments_sane_update
    BEFORE UPDATE OF staff_id, lane, starts_at, ends_at, busy_from, busy_to ON appointments
    BEGIN {_SQLITE_INSTANTS} {_SQLITE_LANE} END
    """,
    f"""
    CREATE TRIGGER appointments_no_overlap_insert BEFORE INSERT ON appointments
    WHEN NEW.status IN ('booked', 'confirmed', 'arrived')
    BEGIN {_SQLITE_DAY} {_SQLITE_OVERLAP} END
    """,
    f"""
    CREATE TRIGGER appointments_no_overlap_update
    BEFORE UPDATE OF staff_id, lane, busy_from, busy_to, status ON appointments
    WHEN NEW.status IN ('booked', 'confirmed', 'arrived')
    BEGIN {_SQLITE_DAY} {_SQLITE_OVERLAP} END
    """,
    """
    CREATE TRIGGER appointment_log_no_update BEFORE UPDATE ON appointment_log
    BEGIN SELECT RAISE(ABORT, 'appointment_log is append-only'); END
    """,
    # INSERT OR REPLACE deletes without asking the trigger below.
    """
    CREATE TRIGGER appointment_log_no_replace BEFORE INSERT ON appointment_log
    WHEN EXISTS (SELECT 1 FROM appointment_log WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'appointment_log is append-only'); END
    """,
    """
    CREATE TRIGGER appointment_log_no_delete BEFORE DELETE ON appointment_log
    BEGIN SELECT RAISE(ABORT, 'appointment_log is append-only'); END
    """,
)


def upgrade() -> None:
    _settings()
    _diary()
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for rule in POSTGRESQL_RULES if is_postgresql else SQLITE_RULES:
        op.execute(rule)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        # The extension stays: other programs of the same database may use it by now.
        op.execute("DROP FUNCTION appointment_log_is_append_only()")
        op.execute("DROP FUNCTION appointment_lane_exists()")


def _settings() -> None:
    op.create_table(
        "businesses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=200), server_default="", nullable=False),
        sa.Column("grid_min", sa.Integer(), server_default="15", nullable=False),
        sa.Column("lead_min", sa.Integer(), server_default="60", nullable=False),
        sa.Column("horizon_days", sa.Integer(), server_default="90", nullable=False),
        sa.Column("cancel_cutoff_min", sa.Integer(), server_default="0", nullable=False),
        sa.Column("transfer_number", sa.String(length=16), nullable=True),
        sa.Column("sends_confirmations", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("keeps_holidays", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("eves_close_at", sa.Time(), nullable=True),
        sa.Column("chol_hamoed", sa.String(length=8), server_default="open", nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("chol_hamoed IN ('open', 'short', 'closed')", name=op.f("ck_businesses_chol_hamoed")),
        sa.CheckConstraint(
            "grid_min > 0 AND lead_min >= 0 AND horizon_days > 0 AND cancel_cutoff_min >= 0",
            name=op.f("ck_businesses_rules"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_businesses")),
        sa.UniqueConstraint("number", name=op.f("uq_businesses_number")),
    )
    op.create_table(
        "services",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("business_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("buffer_before_min", sa.Integer(), server_default="0", nullable=False),
        sa.Column("buffer_after_min", sa.Integer(), server_default="0", nullable=False),
        sa.Column("colour", sa.String(length=16), server_default="", nullable=False),
        sa.Column("is_hidden", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.CheckConstraint(
            "buffer_before_min BETWEEN 0 AND 240 AND buffer_after_min BETWEEN 0 AND 240",
            name=op.f("ck_services_buffers"),
        ),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_services_business_id_businesses"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_services")),
        sa.UniqueConstraint("business_id", "name", name=op.f("uq_services_business_id_name")),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("business_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lanes", sa.Integer(), server_default="1", nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.CheckConstraint("lanes BETWEEN 1 AND 50", name=op.f("ck_staff_lanes")),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_staff_business_id_businesses"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("business_id", "name", name=op.f("uq_staff_business_id_name")),
    )
    op.create_table(
        "breaks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("business_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.CheckConstraint("0 <= starts AND starts < ends AND ends <= 1440", name=op.f("ck_breaks_interval")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_breaks_weekday")),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_breaks_business_id_businesses"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_breaks_staff_id_staff"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breaks")),
    )
    op.create_index(op.f("ix_breaks_business_id"), "breaks", ["business_id"], unique=False)
    op.create_table(
        "exceptions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("business_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("date_from", sa.Date(), nullable=False),
        sa.Column("date_to", sa.Date(), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=True),
        sa.Column("closes", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=200), server_default="", nullable=False),
        sa.CheckConstraint(
            "(opens IS NULL AND closes IS NULL) OR (0 <= opens AND opens < closes AND closes <= 1440)",
            name=op.f("ck_exceptions_interval"),
        ),
        sa.CheckConstraint("date_from <= date_to", name=op.f("ck_exceptions_dates")),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_exceptions_business_id_businesses"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_exceptions_staff_id_staff"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exceptions")),
    )
    op.create_index(op.f("ix_exceptions_business_id_date_to"), "exceptions", ["business_id", "date_to"], unique=False)
    op.create_table(
        "service_aliases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("alias", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"], ["services.id"], name=op.f("fk_service_aliases_service_id_services"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_aliases")),
        sa.UniqueConstraint("service_id", "alias", name=op.f("uq_service_aliases_service_id_alias")),
    )
    op.create_table(
        "service_lengths",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 1 AND 720 AND price >= 0", name=op.f("ck_service_lengths_sane")),
        sa.ForeignKeyConstraint(
            ["service_id"], ["services.id"], name=op.f("fk_service_lengths_service_id_services"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_lengths")),
        sa.UniqueConstraint("service_id", "minutes", name=op.f("uq_service_lengths_service_id_minutes")),
    )
    op.create_table(
        "service_staff",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"], ["services.id"], name=op.f("fk_service_staff_service_id_services"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_service_staff_staff_id_staff"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("service_id", "staff_id", name=op.f("pk_service_staff")),
    )
    op.create_table(
        "weekly_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("business_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=False),
        sa.Column("closes", sa.Integer(), nullable=False),
        sa.CheckConstraint("0 <= opens AND opens < closes AND closes <= 1440", name=op.f("ck_weekly_hours_interval")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_weekly_hours_weekday")),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_weekly_hours_business_id_businesses"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_weekly_hours_staff_id_staff"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weekly_hours")),
    )
    op.create_index(op.f("ix_weekly_hours_business_id"), "weekly_hours", ["business_id"], unique=False)


def _diary() -> None:
    op.create_table(
        "customers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("business_id", sa.Integer(), nullable=False),
        sa.Column("phone", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("notes", sa.Text(), server_default="", nullable=False),
        sa.Column("is_blocked", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_customers_business_id_businesses"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
        sa.UniqueConstraint("business_id", "phone", name=op.f("uq_customers_business_id_phone")),
    )
    op.create_table(
        "appointments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=64), nullable=False),
        sa.Column("business_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("lane", sa.Integer(), nullable=False),
        sa.Column("has_staff_wish", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("busy_from", UtcDateTime(), nullable=False),
        sa.Column("busy_to", UtcDateTime(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("customer_name", sa.String(length=80), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("call_sid", sa.String(length=64), nullable=True),
        sa.Column("notes", sa.Text(), server_default="", nullable=False),
        sa.Column("price", sa.Integer(), nullable=True),
        sa.Column("idempotency_key", sa.String(length=200), nullable=False),
        sa.Column("sequence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("source IN ('call', 'admin', 'api')", name=op.f("ck_appointments_source")),
        sa.CheckConstraint(
            "status IN ('booked', 'confirmed', 'arrived', 'no_show', 'cancelled')", name=op.f("ck_appointments_status")
        ),
        sa.CheckConstraint(
            "busy_from <= starts_at AND starts_at < ends_at AND ends_at <= busy_to", name=op.f("ck_appointments_order")
        ),
        sa.CheckConstraint("lane >= 0", name=op.f("ck_appointments_lane")),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_appointments_business_id_businesses"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_appointments_customer_id_customers"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["services.id"], name=op.f("fk_appointments_service_id_services"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_appointments_staff_id_staff"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointments")),
        sa.UniqueConstraint("uid", name=op.f("uq_appointments_uid")),
    )
    op.create_index(
        op.f("ix_appointments_business_id_starts_at"), "appointments", ["business_id", "starts_at"], unique=False
    )
    op.create_index(
        "ix_appointments_busy", "appointments", ["staff_id", "busy_from", "busy_to", "lane", "status"], unique=False
    )
    op.create_index(op.f("ix_appointments_call_sid"), "appointments", ["call_sid"], unique=False)
    op.create_index(
        op.f("ix_appointments_customer_id_starts_at"), "appointments", ["customer_id", "starts_at"], unique=False
    )
    op.create_index(
        "uq_appointments_living_key",
        "appointments",
        ["business_id", "idempotency_key"],
        unique=True,
        sqlite_where=sa.text("status IN ('booked', 'confirmed', 'arrived')"),
        postgresql_where=sa.text("status IN ('booked', 'confirmed', 'arrived')"),
    )
    op.create_table(
        "feeds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("business_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_feeds_business_id_businesses"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_feeds_staff_id_staff"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feeds")),
        sa.UniqueConstraint("token", name=op.f("uq_feeds_token")),
    )
    op.create_index(op.f("ix_feeds_business_id"), "feeds", ["business_id"], unique=False)
    op.create_table(
        "appointment_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("business_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("actor", sa.String(length=8), nullable=False),
        sa.Column("call_sid", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.String(length=500), server_default="", nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("lane", sa.Integer(), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointments.id"],
            name=op.f("fk_appointment_log_appointment_id_appointments"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["business_id"],
            ["businesses.id"],
            name=op.f("fk_appointment_log_business_id_businesses"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_log")),
    )
    op.create_index(op.f("ix_appointment_log_appointment_id"), "appointment_log", ["appointment_id"], unique=False)
