"""Sends what is due in the outbox: one thread a process, apart from calls and bookings."""

from __future__ import annotations

import threading

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from server import metrics
from server.calendar.notice import Letter, pointless
from server.calendar.outbox import Outbox
from server.clock import Clock
from server.log import get_logger
from server.notices.messenger import Messenger, NotSent
from server.notices.text import text_of

LOOK_S = 5.0
"""Pause between two looks into the outbox."""

CLOSE_S = 25.0
"""What a message that is being sent may still take when the process goes: a little more than two of its time-outs."""

log = get_logger(__name__)


class Sender:
    """Several processes may each have one. `close` lets a message that is being sent be noted first."""

    def __init__(self, outbox: Outbox, messenger: Messenger, clock: Clock, *, look_s: float = LOOK_S) -> None:
        self._outbox = outbox
        self._messenger = messenger
        self._clock = clock
        self._look_s = look_s
        self._closing = threading.Event()
        self._is_database_away = False
        self._thread = threading.Thread(target=self._run, name="notices", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self, timeout_s: float = CLOSE_S) -> None:
        """Take up nothing more and stop; what waits stays in the outbox. Blocks: not for the hub."""
        self._closing.set()
        if self._thread.ident is not None:
            self._thread.join(timeout_s)

    def send_due(self) -> None:
        """Send everything that is due. Blocks."""
        while not self._closing.is_set() and (letter := self._outbox.take()) is not None:
            outcome = self._handle(letter)
            metrics.notices.labels(letter.notice.kind.value, outcome).inc()

    def _handle(self, letter: Letter) -> str:
        """What became of it: "sent", "retry", "failed" or "pointless"."""
        reason = pointless(letter, self._clock.now())
        if reason is not None:
            self._outbox.drop(letter, reason)
            return "pointless"
        assert letter.appointment.customer_phone is not None
        try:
            sid = self._messenger.send(letter.appointment.customer_phone, text_of(letter))
        except NotSent as error:
            return self._failed(letter, error)
        self._outbox.sent(letter, sid)
        log.info("notice sent", notice_id=letter.notice.id, kind=letter.notice.kind.value)
        return "sent"

    def _failed(self, letter: Letter, error: NotSent) -> str:
        if error.is_passing:
            is_kept = self._outbox.put_off(letter, error.code)
        else:
            self._outbox.give_up(letter, error.code)
            is_kept = False
        told = {"notice_id": letter.notice.id, "kind": letter.notice.kind.value, "code": error.code}
        if is_kept:
            log.warning("notice not sent, it is tried again", **told, attempt=letter.notice.attempt_count)
            return "retry"
        log.error("notice given up", **told, attempt=letter.notice.attempt_count)
        return "failed"

    def _run(self) -> None:
        while not self._closing.is_set():
            self._look()
            self._closing.wait(self._look_s)

    def _look(self) -> None:
        try:
            self.send_due()
            self._is_database_away = False
        except (OperationalError, InterfaceError, PoolTimeout) as error:
            if not self._is_database_away:
                log.warning("notices wait for the database", error=type(error).__name__)
            self._is_database_away = True
        except Exception:  # the thread's door: the next look comes
            log.exception("sender of notices stumbled")
