"""What the API answered to a request with an Idempotency-Key, so that a repeat is answered as the first was."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Engine, delete, insert, select
from sqlalchemy.exc import IntegrityError

from server.db.engine import writing
from server.db.tables.accounts import api_replies

KEPT: Final = dt.timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: dict[str, Any]


class KeyReused(Exception):
    """The same Idempotency-Key came with another request."""


class Replies:
    """Blocks: call it on a worker thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writing = writing(engine)

    def of(self, key: str, request: dict[str, Any]) -> Reply | None:
        """The first answer. Raises `KeyReused` when it was the answer to another request."""
        with self._engine.connect() as connection:
            row = connection.execute(select(api_replies).where(api_replies.c.key_hash == _hash(key))).first()
        if row is None:
            return None
        if row.body_hash != _hash(request):
            raise KeyReused
        return Reply(row.status, row.body)

    def keep(self, key: str, request: dict[str, Any], reply: Reply, now: dt.datetime) -> None:
        row = {
            "key_hash": _hash(key),
            "body_hash": _hash(request),
            "status": reply.status,
            "body": reply.body,
            "created_at": now,
        }
        with self._writing.begin() as connection:
            connection.execute(delete(api_replies).where(api_replies.c.created_at < now - KEPT))
        try:
            with self._writing.begin() as connection:
                connection.execute(insert(api_replies), row)
        except IntegrityError:
            return  # the same request at the same moment has been kept already


def _hash(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode("utf-8", "replace")).hexdigest()
