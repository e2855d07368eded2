"""Messages to customers about their appointments, waiting to be sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.db.types import UtcDateTime

revision = "0004"
down_revision = "0003"

IS_WAITING = "state = 'waiting'"


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("business_id", sa.Integer, sa.ForeignKey("businesses.id", ondelete="RESTRICT"), nullable=False),
        sa.Column("appointment_id", sa.Integer, sa.ForeignKey("appointments.id", ondelete="RESTRICT"), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("due_at", UtcDateTime, nullable=False),
        sa.Column("attempt_count", sa.Integer, nullable=False, server_default="0"),
        sa.Column("settled_at", UtcDateTime),
        sa.Column("message_sid", sa.String(64)),
        sa.Column("error", sa.String(64)),
        sa.CheckConstraint("kind IN ('booked', 'moved', 'cancelled')", name="kind"),
        sa.CheckConstraint("state IN ('waiting', 'sent', 'failed', 'superseded', 'pointless')", name="state"),
        sa.CheckConstraint("attempt_count >= 0", name="attempt_count"),
    )
    op.create_index(None, "notices", ["appointment_id"])
    op.create_index(
        "ix_notices_waiting",
        "notices",
        ["due_at"],
        sqlite_where=sa.text(IS_WAITING),
        postgresql_where=sa.text(IS_WAITING),
    )


def downgrade() -> None:
    op.drop_table("notices")
