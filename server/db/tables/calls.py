"""The record of calls: one row a call, one a turn, one a tool as it ran."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from server.db.tables.metadata import metadata
from server.db.types import UtcDateTime

call_log = Table(
    "call_log",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("call_sid", String(64), nullable=False, unique=True),
    Column("business_id", ForeignKey("businesses.id"), nullable=False),
    Column("caller_number", String(20)),  # E.164
    Column("started_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("outcome", String(16)),  # null while the call is in progress
    Column("ending", String(16)),  # why the line was closed; null when nobody closed it
    Column("status_rank", Integer, nullable=False),  # how far Twilio's status callbacks have come
    Column("token_hash", String(64)),  # SHA-256, hex
    Column("token_expires_at", UtcDateTime),
    Column("claimed_at", UtcDateTime),  # when a media stream took the call up
    Index(None, "business_id", "started_at"),
    Index(None, "outcome", "started_at"),
)

turns = Table(
    "turns",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("call_id", ForeignKey("call_log.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),  # the turn machine's; 0 is the greeting
    Column("began_at", UtcDateTime, nullable=False),
    Column("caller", Text),
    Column("agent", Text),
    Column("agent_heard", Text),
    Column("eou_wait_ms", Float),
    Column("turn_ms", Float),
    Column("ai_ms", Float),
    Column("ai_first_sentence_ms", Float),
    Column("tts_generation_ms", Float),
    Column("tts_first_audio_ms", Float),
    Column("tts_send_ms", Float),
    Column("queue_max_depth", Integer),  # frames
    UniqueConstraint("call_id", "number"),
)

tool_calls = Table(
    "tool_calls",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("call_id", ForeignKey("call_log.id", ondelete="CASCADE"), nullable=False),
    Column("turn", Integer, nullable=False),
    Column("position", Integer, nullable=False),  # order within the turn, from 0
    Column("name", String(64), nullable=False),
    Column("arguments", JSON, nullable=False),
    Column("ok", Boolean, nullable=False),
    Column("code", String(64)),
    Column("ms", Float, nullable=False),
    Column("handled_at", UtcDateTime),  # when the owner dealt with a message that was taken
    UniqueConstraint("call_id", "turn", "position"),
    Index(None, "name", "handled_at"),
)
