"""The record of calls."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.db.types import UtcDateTime

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "call_log",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("call_sid", sa.String(64), nullable=False, unique=True),
        sa.Column("business_id", sa.Integer, sa.ForeignKey("businesses.id"), nullable=False),
        sa.Column("caller_number", sa.String(20)),
        sa.Column("started_at", UtcDateTime, nullable=False),
        sa.Column("ended_at", UtcDateTime),
        sa.Column("outcome", sa.String(16)),
        sa.Column("ending", sa.String(16)),
        sa.Column("status_rank", sa.Integer, nullable=False),
        sa.Column("token_hash", sa.String(64)),
        sa.Column("token_expires_at", UtcDateTime),
        sa.Column("claimed_at", UtcDateTime),
    )
    op.create_index(None, "call_log", ["business_id", "started_at"])
    op.create_index(None, "call_log", ["outcome", "started_at"])
    op.create_table(
        "turns",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("call_id", sa.Integer, sa.ForeignKey("call_log.id", ondelete="CASCADE"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("began_at", UtcDateTime, nullable=False),
        sa.Column("caller", sa.Text),
        sa.Column("agent", sa.Text),
        sa.Column("agent_heard", sa.Text),
        sa.Column("eou_wait_ms", sa.Float),
        sa.Column("turn_ms", sa.Float),
        sa.Column("ai_ms", sa.Float),
        sa.Column("ai_first_sentence_ms", sa.Float),
        sa.Column("tts_generation_ms", sa.Float),
        sa.Column("tts_first_audio_ms", sa.Float),
        sa.Column("tts_send_ms", sa.Float),
        sa.Column("queue_max_depth", sa.Integer),
        sa.UniqueConstraint("call_id", "number"),
    )
    op.create_table(
        "tool_calls",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("call_id", sa.Integer, sa.ForeignKey("call_log.id", ondelete="CASCADE"), nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("arguments", sa.JSON, nullable=False),
        sa.Column("ok", sa.Boolean, nullable=False),
        sa.Column("code", sa.String(64)),
        sa.Column("ms", sa.Float, nullable=False),
        sa.Column("handled_at", UtcDateTime),
        sa.UniqueConstraint("call_id", "turn", "position"),
    )
    op.create_index(None, "tool_calls", ["name", "handled_at"])


def downgrade() -> None:
    op.drop_table("tool_calls")
    op.drop_table("turns")
    op.drop_table("call_log")
