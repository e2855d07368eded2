"""Writes to the line what the playout says is due."""

from __future__ import annotations

from collections.abc import Callable

from server import runtime
from server.clock import Clock
from server.media.events import Event, Sounded, Written
from server.media.messages import Composer
from server.media.playout import Clear, Frame, Item, Mark, Playout


class LineClosed(Exception):
    """The peer can no longer be written to."""


class Sender:
    """One greenlet a call: everything that goes to the peer goes through it, so nothing overtakes a `clear`."""

    def __init__(
        self,
        playout: Playout,
        composer: Composer,
        send: Callable[[str], object],
        on_event: Callable[[Event], None],
        on_room: Callable[[], None],
        clock: Clock,
    ) -> None:
        """`send` writes one message whole and raises `LineClosed`; `on_room` is told that frames have left."""
        self._playout = playout
        self._composer = composer
        self._send = send
        self._on_event = on_event
        self._on_room = on_room
        self._clock = clock
        self._wake = runtime.Signal()
        self._sounding: int | None = None
        self._is_closed = False
        self.frames_written: dict[int, int] = {}  # of each sentence

    def wake(self) -> None:
        """Something new is in the playout."""
        self._wake.set()

    def close(self) -> None:
        self._is_closed = True
        self._wake.set()

    def run(self) -> None:
        """Write until closed; ends quietly when the line does."""
        try:
            while not self._is_closed:
                self._write_due()
                self._wake.wait(self._pause_s())
        except LineClosed:
            self._is_closed = True

    def _pause_s(self) -> float | None:
        now = self._clock.monotonic()
        due_at = self._playout.next_due_at(now)
        return None if due_at is None else max(0.0, due_at - now)

    def _write_due(self) -> None:
        has_written = False
        while not self._is_closed and (item := self._playout.take_due(self._clock.monotonic())) is not None:
            self._write(item)
            has_written = True
        if has_written:
            self._on_room()

    def _write(self, item: Item) -> None:
        match item:
            case Frame(audio, sentence):
                self._send(self._composer.media(audio))
                self.frames_written[sentence] = self.frames_written.get(sentence, 0) + 1
                if sentence != self._sounding:
                    self._sounding = sentence
                    self._on_event(Sounded(sentence))
            case Mark(name, sentence):
                self._send(self._composer.mark(name))
                self._on_event(Written(sentence, self._playout.heard_until))
            case Clear():
                self._send(self._composer.clear)
