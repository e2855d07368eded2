"""Who may see the owner's pages, their sessions, failed attempts to log in; and what the API answered to whom."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table

from server.db.tables.metadata import metadata
from server.db.types import UtcDateTime

owners = Table(
    "owners",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("login", String(64), nullable=False, unique=True),
    Column("password_hash", String(255), nullable=False),  # argon2id in its own notation
    Column("created_at", UtcDateTime, nullable=False),
    Column("password_changed_at", UtcDateTime, nullable=False),
)

owner_sessions = Table(
    "owner_sessions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("owner_id", ForeignKey("owners.id", ondelete="CASCADE"), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),  # SHA-256, hex
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
    Column("device", String(120), nullable=False),  # what the browser calls itself, for the owner's list of sessions
)

login_attempts = Table(
    "login_attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("login", String(64), nullable=False),
    Column("address_hash", String(64), nullable=False),
    Column("attempted_at", UtcDateTime, nullable=False),
    Index(None, "login", "address_hash", "attempted_at"),
)

api_replies = Table(
    "api_replies",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key_hash", String(64), nullable=False, unique=True),  # of business and Idempotency-Key
    Column("body_hash", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Index(None, "created_at"),
)
