"""The record of running calls: everybody says what happened and goes on; one thread stores it, in order.

A database that is slow or away costs a call nothing. What is not stored yet waits as one state a turn, so it cannot
grow faster than people talk; past `WAITING_LIMIT` further events are lost, counted and logged.
"""

from __future__ import annotations

import datetime as dt
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from server import metrics
from server.calls.drafts import CallDraft
from server.calls.models import Ending, Outcome, Timings, ToolCall
from server.calls.store import CallStore
from server.clock import Clock, SystemClock
from server.log import get_logger

WAITING_LIMIT: Final = 20_000
"""Events in the queue, and turns not yet stored: some hours of forty calls."""

GATHER_S: Final = 0.15
"""How long an event may wait for others to share its transaction; less than any reply lasts. Ends do not wait."""

KEPT_CALLS: Final = 500
"""Calls whose state is kept: those going on, and the latest ended for what comes after the end."""

RETRY_S: Final = (0.2, 0.5, 1.0, 2.0, 5.0)
"""Pauses while the database is away; the last one repeats."""

RECONCILE_S: Final = 60.0
"""How often the writer looks for calls that another process left behind."""

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Event:
    call_sid: str
    turn: int
    at: dt.datetime
    apply: Callable[[CallDraft, int, dt.datetime, Any], None]
    value: Any


class CallRecord:
    """One call, as those who hold it tell it. Nothing here waits; any thread may call."""

    def __init__(self, call_sid: str, put: Callable[[_Event], None], clock: Clock) -> None:
        self.call_sid = call_sid
        self._put = put
        self._clock = clock

    def caller_said(self, turn: int, text: str) -> None:
        """Add words to the caller's side of the turn."""
        self._tell(turn, CallDraft.caller_said, text)

    def agent_says(self, turn: int, text: str) -> None:
        """Add a sentence to the reply of the turn."""
        self._tell(turn, CallDraft.agent_says, text)

    def agent_heard(self, turn: int, text: str) -> None:
        """All that the caller has heard so far of the reply."""
        self._tell(turn, CallDraft.agent_heard, text)

    def tool_called(self, turn: int, call: ToolCall) -> None:
        self._tell(turn, CallDraft.tool_called, call)

    def timed(self, turn: int, timings: Timings) -> None:
        """Add what was measured; what is None leaves what is known."""
        self._tell(turn, CallDraft.timed, timings)

    def ended(self, outcome: Outcome, ending: Ending | None = None) -> None:
        """The call is over. Only the first outcome counts; it is stored without waiting for company."""
        self._tell(-1, CallDraft.ended, (outcome, ending))

    def _tell(self, turn: int, apply: Callable[[CallDraft, int, dt.datetime, Any], None], value: Any) -> None:
        self._put(_Event(self.call_sid, turn, self._clock.now(), apply, value))


class Recorder:
    """The one writer of a process. `close` stores what is left."""

    def __init__(self, store: CallStore, clock: Clock | None = None, *, waiting_limit: int = WAITING_LIMIT) -> None:
        self._store = store
        self._clock = clock or SystemClock()
        self._waiting_limit = waiting_limit
        self._queue: queue.SimpleQueue[_Event | threading.Event] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._hurry = threading.Event()
        self._is_abandoned = False
        self.lost_count = 0
        # From here on, the thread's own.
        self._drafts: dict[str, CallDraft] = {}  # oldest first
        self._dirty: dict[str, CallDraft] = {}
        self._flushes: list[threading.Event] = []
        self._failure_count = 0
        self._retry_at = 0.0
        self._is_full = False
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        self._thread.start()

    def open(self, call_sid: str) -> CallRecord:
        return CallRecord(call_sid, self._put, self._clock)

    def flush(self, timeout_s: float = 5.0) -> bool:
        """Wait until what was told so far is stored. Blocks: not for the hub. False when it took too long."""
        done = threading.Event()
        self._queue.put(done)
        self._hurry.set()
        return done.wait(timeout_s)

    def close(self, timeout_s: float = 5.0) -> bool:
        """Store what is left and stop. Blocks: not for the hub. False when something could not be stored in time."""
        self._closing.set()
        is_stored = self.flush(timeout_s)
        self._is_abandoned = True
        self._queue.put(threading.Event())  # wakes the thread
        self._hurry.set()
        self._thread.join(1.0)
        return is_stored

    def _put(self, event: _Event) -> None:
        # An outcome always gets through: it is one event a call, and without it the call never ends.
        is_end = event.apply is CallDraft.ended
        if self._queue.qsize() >= self._waiting_limit and not is_end:
            self._lose(1, "queue is full")
            return
        self._queue.put(event)
        if is_end:
            self._hurry.set()

    def _run(self) -> None:
        reconcile_at = 0.0
        while not self._is_abandoned:
            if time.monotonic() >= reconcile_at:
                reconcile_at = time.monotonic() + RECONCILE_S
                self._reconcile()
            try:
                self._take()
                self._write()
            except Exception:
                log.exception("call recorder stumbled")

    def _take(self) -> None:
        """Apply what has been told: waits for the first event, and a moment for its companions."""
        patience_s = max(0.0, self._retry_at - time.monotonic()) if self._dirty else RECONCILE_S
        try:
            self._apply(self._queue.get(timeout=patience_s))
        except queue.Empty:
            return
        self._hurry.wait(GATHER_S)
        self._hurry.clear()
        for _ in range(self._queue.qsize()):
            self._apply(self._queue.get())

    def _apply(self, event: _Event | threading.Event) -> None:
        if isinstance(event, threading.Event):
            self._flushes.append(event)
        elif self._is_full and event.apply is not CallDraft.ended:
            self._lose(1, "the database has been away too long")
        else:
            draft = self._drafts.get(event.call_sid) or self._begin(event.call_sid)
            event.apply(draft, event.turn, event.at, event.value)
            self._dirty[event.call_sid] = draft

    def _begin(self, call_sid: str) -> CallDraft:
        draft = self._drafts[call_sid] = CallDraft(call_sid)
        if len(self._drafts) > KEPT_CALLS:
            oldest = next((sid for sid in self._drafts if sid not in self._dirty and sid != call_sid), None)
            if oldest is not None:
                del self._drafts[oldest]
        return draft

    def _write(self) -> None:
        if self._dirty and not self._is_time():
            return
        try:
            unknown = self._store.write(self._dirty.values()) if self._dirty else ()
        except (OperationalError, InterfaceError, PoolTimeout) as error:
            self._put_off(error)
            return
        except Exception:
            log.exception("batch of call records refused")
            unknown = self._write_singly()
        self._written(unknown)

    def _is_time(self) -> bool:
        return time.monotonic() >= self._retry_at

    def _put_off(self, error: SQLAlchemyError) -> None:
        """The database is away: try again later, and count what waits."""
        if not self._failure_count:
            log.warning("call records wait for the database", error=type(error).__name__)
        delay_s = RETRY_S[0 if self._closing.is_set() else min(self._failure_count, len(RETRY_S) - 1)]
        self._retry_at = time.monotonic() + delay_s
        self._failure_count += 1
        self._is_full = sum(len(draft.dirty_turns()) for draft in self._dirty.values()) >= self._waiting_limit

    def _write_singly(self) -> tuple[str, ...]:
        """A bad value must cost neither another call nor another turn its record."""
        unknown: set[str] = set()
        for draft in self._dirty.values():
            for part in draft.parts():
                try:
                    unknown.update(self._store.write([part]))
                except Exception:
                    log.exception("call record refused", call_sid=draft.call_sid)
                    self._lose(1, "refused by the database")
        return tuple(unknown)

    def _written(self, unknown: tuple[str, ...]) -> None:
        if self._failure_count:
            log.info("call records are stored again", failure_count=self._failure_count)
        for call_sid in unknown:
            self._lose(len(self._dirty[call_sid].dirty_turns()), "no such call")
        for draft in self._dirty.values():
            draft.stored()
        self._dirty.clear()
        self._failure_count, self._retry_at, self._is_full = 0, 0.0, False
        for done in self._flushes:
            done.set()
        self._flushes.clear()

    def _reconcile(self) -> None:
        try:
            closed_count = self._store.reconcile(self._clock.now())
        except SQLAlchemyError as error:
            log.warning("calls left behind could not be closed", error=type(error).__name__)
            return
        if closed_count:
            log.warning("calls left behind by a dead process closed", count=closed_count)

    def _lose(self, count: int, reason: str) -> None:
        if not self.lost_count:
            log.error("call records are lost", reason=reason)
        self.lost_count += count
        metrics.records_lost.inc(count)
