"""Secret addresses of calendar feeds in SQL."""

from __future__ import annotations

import datetime as dt
import secrets

from sqlalchemy import Connection, delete, insert, select

from server.db.tables import calendar as t

TOKEN_BYTES = 24


def token_of(connection: Connection, business_id: int, staff_id: int | None, now: dt.datetime) -> str:
    """The address of the whole business's feed or of a staff member's, made when first asked for."""
    query = select(t.feeds.c.token).where(t.feeds.c.business_id == business_id, t.feeds.c.staff_id == staff_id)
    known = connection.execute(query.order_by(t.feeds.c.id)).scalars().first()
    return known or _add(connection, business_id, staff_id, now)


def replace_token(connection: Connection, business_id: int, staff_id: int | None, now: dt.datetime) -> str:
    """A new address; the old one is forgotten."""
    connection.execute(delete(t.feeds).where(t.feeds.c.business_id == business_id, t.feeds.c.staff_id == staff_id))
    return _add(connection, business_id, staff_id, now)


def owner_of(connection: Connection, token: str) -> tuple[int, int | None] | None:
    """Business and staff member whose feed is read under this address."""
    query = select(t.feeds.c.business_id, t.feeds.c.staff_id).where(t.feeds.c.token == token)
    row = connection.execute(query).one_or_none()
    return None if row is None else (row.business_id, row.staff_id)


def _add(connection: Connection, business_id: int, staff_id: int | None, now: dt.datetime) -> str:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    values = {"business_id": business_id, "staff_id": staff_id, "token": token, "created_at": now}
    connection.execute(insert(t.feeds).values(values))
    return token
