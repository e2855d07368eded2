"""From sentences to frames: synthesises one piece ahead of the sound and feeds the playout as it has room."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from server import metrics, runtime
from server.clock import Clock
from server.log import get_logger
from server.media.audio import FRAME_BYTES, Framer
from server.media.pieces import pieces
from server.media.playout import Playout
from server.media.ports import Voice

BACKLOG_FRAMES = 3000
"""A minute of sound: no reply is that long, so more of it is a fault of the voice."""

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Synthesis:
    """How long the voice took over one sentence, in milliseconds; None if it gave no sound."""

    key: int
    first_audio_ms: float | None
    all_pieces_ms: float


@dataclass(frozen=True, slots=True)
class _Wanted:
    key: int
    mark: str
    spoken: str


class Speaker:
    """The voice of one call. All methods are called on the hub and return at once."""

    def __init__(
        self,
        voice: Voice,
        playout: Playout,
        clock: Clock,
        on_sound: Callable[[], None],
        on_done: Callable[[Synthesis], None],
        on_failed: Callable[[int], None],
    ) -> None:
        """`on_sound`: frames were queued. `on_done`, `on_failed`: a sentence is synthesised, or cannot be."""
        self._voice = voice
        self._playout = playout
        self._clock = clock
        self._on_sound = on_sound
        self._on_done = on_done
        self._on_failed = on_failed
        self._generation = 0
        self._wanted: deque[_Wanted] = deque()
        self._running: runtime.Running | None = None
        self._framer = Framer()
        self._backlog: deque[tuple[_Wanted, bytes | None]] = deque()  # frames of sentences; None is a sentence's end
        self._current: _Wanted | None = None
        self.frames_made: dict[int, int] = {}  # of each sentence that is synthesised to its end

    def say(self, key: int, turn: int, spoken: str) -> None:
        """Speak after what was asked for before; `turn` goes into the mark's name."""
        self._wanted.append(_Wanted(key, f"{turn}:{self._generation}:{key}", spoken))
        self._next()

    def clear(self) -> None:
        """Forget everything that was asked for."""
        self._generation += 1
        self._wanted.clear()
        self._backlog.clear()
        self._framer.flush()
        self._current = None
        if self._running is not None:
            self._running.cancel()
            self._running = None

    def offer(self) -> None:
        """Hand the playout what it has room for."""
        has_queued = False
        while self._backlog:
            wanted, frame = self._backlog[0]
            if frame is None:
                self._playout.mark(wanted.mark, wanted.key)
            elif not self._playout.push((frame,), wanted.key):
                break
            self._backlog.popleft()
            has_queued = True
        if has_queued:
            self._on_sound()

    def _next(self) -> None:
        if self._current is None and self._wanted:
            self._current = self._wanted.popleft()
            self._running = runtime.on_loop(self._synthesise(self._current, self._generation))

    async def _synthesise(self, wanted: _Wanted, generation: int) -> None:
        """On the loop: speak the pieces of one sentence, one after the other."""
        began_at = self._clock.monotonic()
        first_ms: float | None = None
        try:
            for piece in pieces(wanted.spoken):
                async for audio in self._voice.synthesise(piece):
                    if first_ms is None:
                        first_ms = (self._clock.monotonic() - began_at) * 1000
                    self._post(generation, self._add, wanted, audio)
        except Exception:
            log.exception("voice failed")
            self._post(generation, self._fail, wanted)
            return
        total_ms = (self._clock.monotonic() - began_at) * 1000
        self._post(generation, self._finish, wanted, Synthesis(wanted.key, first_ms, total_ms))

    def _post(self, generation: int, fn: Callable[..., None], *args: object) -> None:
        """Go on on the hub, unless all was cleared in the meantime."""
        runtime.post(lambda: fn(*args) if generation == self._generation else None)

    def _add(self, wanted: _Wanted, audio: bytes) -> None:
        if len(self._backlog) < BACKLOG_FRAMES:
            self._queue(wanted, self._framer.feed(audio))
        else:
            metrics.frames_dropped.inc(len(audio) // FRAME_BYTES)

    def _queue(self, wanted: _Wanted, frames: Iterable[bytes]) -> None:
        before = len(self._backlog)
        self._backlog.extend((wanted, frame) for frame in frames)
        self.frames_made[wanted.key] = self.frames_made.get(wanted.key, 0) + len(self._backlog) - before
        self.offer()

    def _finish(self, wanted: _Wanted, synthesis: Synthesis) -> None:
        if synthesis.first_audio_ms is None:
            self._fail(wanted)
            return
        if (rest := self._framer.flush()) is not None:
            self._queue(wanted, (rest,))
        self._backlog.append((wanted, None))
        self._current = None
        self.offer()
        self._on_done(synthesis)
        self._next()

    def _fail(self, wanted: _Wanted) -> None:
        metrics.fallbacks.labels("tts", "unspeakable").inc()
        self._current = None
        self._framer.flush()
        self._on_failed(wanted.key)
        self._next()
