"""Calls in the database: announced by the webhook, claimed by one media stream, ended once, read by page and API.

Every method is one transaction and blocks: call it on a worker thread.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import Engine, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from server.calls import store_read, store_turns
from server.calls.drafts import CallDraft
from server.calls.models import CallPage, CallRow, Claimed, Ending, Message, Outcome
from server.db.engine import writing
from server.db.tables.calls import call_log, tool_calls, turns

LONGEST_CALL_MIN = 15
"""No call is older than this and alive: calls are ended at 12 minutes, and a farewell takes seconds."""

LAST_WORD_S = 60
"""How long after the end of a call its process may take to say how it went; it takes milliseconds."""

_OVER = 4
_RANKS = {
    "queued": 0,
    "initiated": 0,
    "ringing": 1,
    "answered": 2,
    "in-progress": 2,
    "completed": _OVER,
    "canceled": _OVER,
    "busy": _OVER,
    "no-answer": _OVER,
    "failed": _OVER,
}
"""Twilio's call states in the order of a call's life; callbacks may be repeated and overtake each other."""


class CallStore:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writing = writing(engine)

    def announce(
        self,
        call_sid: str,
        business_id: int,
        caller_number: str | None,
        token_hash: str | None,
        expires_at: dt.datetime | None,
        now: dt.datetime,
    ) -> bool:
        """Write down that a call comes in. True when it is new; a repeat changes nothing and gives False.

        Raises ValueError for a SID that cannot be one.
        """
        if not _can_be(call_sid):
            raise ValueError("no call SID")
        row = {
            "call_sid": call_sid,
            "business_id": business_id,
            "caller_number": caller_number,
            "started_at": now,
            "status_rank": 0,
            "token_hash": token_hash,
            "token_expires_at": expires_at,
        }
        try:
            with self._writing.begin() as connection:
                if connection.execute(select(call_log.c.id).where(call_log.c.call_sid == call_sid)).first():
                    return False
                connection.execute(insert(call_log), row)
        except IntegrityError:  # the same webhook at the same moment, on another thread or worker
            if self.get(call_sid) is None:
                raise
            return False
        return True

    def claim(self, call_sid: str, token_hash: str, now: dt.datetime) -> Claimed | None:
        """Take the call up for one media stream: works once, while the token lives and the call is not over."""
        if not _can_be(call_sid):
            return None
        with self._writing.begin() as connection:
            taken = connection.execute(
                update(call_log)
                .where(call_log.c.call_sid == call_sid, call_log.c.token_hash == token_hash)
                .where(call_log.c.claimed_at.is_(None), call_log.c.outcome.is_(None))
                .where(call_log.c.token_expires_at > now)
                .values(claimed_at=now)
            )
            if taken.rowcount != 1:
                return None
            row = connection.execute(
                select(call_log.c.business_id, call_log.c.caller_number).where(call_log.c.call_sid == call_sid)
            ).one()
        return Claimed(row.business_id, row.caller_number)

    def status(self, call_sid: str, status: str, now: dt.datetime) -> None:
        """Note one of Twilio's call states. An earlier state than the one known, or an unknown word, changes nothing.

        A call that is over without a stream ever having taken it up ends here; the outcome of any other is its own.
        """
        rank = _RANKS.get(status)
        if rank is None or not _can_be(call_sid):
            return
        with self._writing.begin() as connection:
            values: dict[str, object] = {"status_rank": rank}
            if rank == _OVER:
                values["ended_at"] = func.coalesce(call_log.c.ended_at, now)
            moved = connection.execute(
                update(call_log).where(call_log.c.call_sid == call_sid, call_log.c.status_rank < rank).values(**values)
            )
            if moved.rowcount and rank == _OVER:
                outcome = Outcome.FAILED if status == "failed" else Outcome.HANGUP
                connection.execute(
                    update(call_log)
                    .where(call_log.c.call_sid == call_sid)
                    .where(call_log.c.claimed_at.is_(None), call_log.c.outcome.is_(None))
                    .values(outcome=outcome.value)
                )

    def end(self, call_sid: str, outcome: Outcome, now: dt.datetime, ending: Ending | None = None) -> bool:
        """Close the call. Only the first outcome stays: False when there was one, or no such call."""
        with self._writing.begin() as connection:
            return store_turns.end(connection, call_sid, outcome, ending, now)

    def reconcile(self, now: dt.datetime) -> int:
        """Close the calls that a dead process left behind, and give their number.

        Workers come and go, so being called at a start says nothing about the others' calls. What does: the line has
        been closed for a minute and nobody has said how it went, or the call is older than any can be.
        """
        last_words = select(func.max(turns.c.began_at)).where(turns.c.call_id == call_log.c.id).scalar_subquery()
        is_hung_up = call_log.c.ended_at < now - dt.timedelta(seconds=LAST_WORD_S)
        is_too_old = call_log.c.started_at < now - dt.timedelta(minutes=LONGEST_CALL_MIN)
        with self._writing.begin() as connection:
            closed = connection.execute(
                update(call_log)
                .where(call_log.c.outcome.is_(None), or_(is_hung_up, is_too_old))
                .values(
                    outcome=Outcome.FAILED.value,
                    ended_at=func.coalesce(call_log.c.ended_at, last_words, call_log.c.started_at),
                )
            )
        return closed.rowcount

    def write(self, drafts: Iterable[CallDraft]) -> tuple[str, ...]:
        """Store what is new in the drafts. Writing the same again changes nothing. Gives the unknown call SIDs."""
        with self._writing.begin() as connection:
            return store_turns.write(connection, tuple(drafts))

    def get(self, call_sid: str) -> CallRow | None:
        """The whole call, turns in order; turns without words of either side are left out."""
        if not _can_be(call_sid):
            return None
        with self._engine.connect() as connection:
            return store_read.call(connection, call_sid)

    def between(
        self, business_id: int, from_at: dt.datetime, to_at: dt.datetime, *, page: int = 1, page_size: int = 50
    ) -> CallPage:
        """Calls that began at `from_at` or later and before `to_at`, newest first; `page` counts from 1."""
        with self._engine.connect() as connection:
            return store_read.page(connection, business_id, from_at, to_at, page, page_size)

    def messages(self, business_id: int, *, is_handled: bool = False, limit: int = 100) -> tuple[Message, ...]:
        """What callers asked to pass on, newest first."""
        with self._engine.connect() as connection:
            return store_read.messages(connection, business_id, is_handled, limit)

    def mark_handled(self, business_id: int, message_id: int, now: dt.datetime) -> bool:
        """The owner has dealt with a message. False when there is no such open message."""
        own = select(call_log.c.id).where(call_log.c.business_id == business_id)
        with self._writing.begin() as connection:
            done = connection.execute(
                update(tool_calls)
                .where(tool_calls.c.id == message_id, tool_calls.c.handled_at.is_(None))
                .where(tool_calls.c.call_id.in_(own))
                .values(handled_at=now)
            )
        return done.rowcount == 1


def _can_be(call_sid: str) -> bool:
    """PostgreSQL raises on a NUL or a lone surrogate instead of finding nothing."""
    return 0 < len(call_sid) <= 64 and call_sid.isprintable()
