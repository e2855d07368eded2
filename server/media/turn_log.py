"""Keeps the stopwatch of the turn that is going on; at its end the figures go to record, metrics and one log line."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import Histogram

from server import metrics
from server.calls.models import Timings, ToolCall
from server.calls.record import CallRecord
from server.clock import Clock
from server.log import get_logger
from server.media import events as e
from server.media.playout import Playout
from server.media.speaker import Synthesis
from server.media.stopwatch import Stopwatch

_SECONDS: tuple[tuple[str, Histogram], ...] = (
    ("eou_wait", metrics.eou_wait),
    ("turn", metrics.turn_latency),
    ("ai", metrics.ai_latency),
    ("ai_first_sentence", metrics.ai_first_sentence),
    ("tts_generation", metrics.tts_generation),
    ("tts_first_audio", metrics.tts_first_audio),
    ("tts_send", metrics.tts_send),
)
_TOOL_NAMES = {"calendar_find_slots": "TOOL_FIND_SLOTS_MS", "calendar_create_appointment": "TOOL_CREATE_EVENT_MS"}

log = get_logger(__name__)


class TurnLog:
    """Told what happens in a call, on the hub."""

    def __init__(
        self, record: CallRecord, tool_calls: Callable[[int], tuple[ToolCall, ...]], playout: Playout, clock: Clock
    ) -> None:
        self._record = record
        self._tool_calls = tool_calls
        self._playout = playout
        self._clock = clock
        self._watch: Stopwatch | None = None
        self._declared: tuple[float, float] | None = None  # at, and the wait before it in ms
        self._fillers: set[int] = set()

    def declared(self, wait_ms: float | None) -> None:
        """An utterance was declared ended, `wait_ms` after its last voiced frame."""
        self._declared = (self._clock.monotonic(), wait_ms or 0.0)

    def asked(self, turn: int) -> None:
        self.close()
        now = self._clock.monotonic()
        self._watch = Stopwatch(turn, asked_at=now)
        declared_at, self._watch.eou_wait_ms = self._declared or (now, None)
        self._watch.declared_at = declared_at
        self._declared = None
        self._playout.reset_depth()

    def speaks(self, turn: int, key: int, *, is_filler: bool) -> None:
        """A sentence goes to the voice; one that nobody asked for begins a turn of its own."""
        if self._watch is None:
            self._watch = Stopwatch(turn)
            self._playout.reset_depth()
        if is_filler:
            self._fillers.add(key)
        elif self._watch.first_sentence_at is None:
            self._watch.first_sentence_at = self._clock.monotonic()

    def synthesised(self, synthesis: Synthesis) -> None:
        if self._watch is not None and synthesis.key not in self._fillers:
            self._watch.synthesised(synthesis.first_audio_ms, synthesis.all_pieces_ms)

    def happened(self, event: e.Event) -> None:
        """Look at an event before the machine does."""
        watch = self._watch
        if watch is None:
            return
        now = self._clock.monotonic()
        match event:
            case e.ReplyEnded(turn) if turn == watch.turn:
                watch.reply_ended_at = now
            case e.Sounded(key) if key not in self._fillers and watch.first_frame_at is None:
                watch.first_frame_at = now
            case e.Written(key) if key not in self._fillers:
                watch.last_frame_at = now

    def close(self) -> None:
        """The turn is over: hand its figures on. Harmless when there is none."""
        watch, self._watch = self._watch, None
        if watch is None:
            return
        if watch.first_frame_at is not None and watch.last_frame_at is None:
            watch.last_frame_at = self._clock.monotonic()  # it was cut
        watch.queue_max_depth = self._playout.max_depth
        timings = watch.read()
        self._record.timed(watch.turn, timings)
        _observe(timings)
        self._write_line(watch.turn, timings)

    def _write_line(self, turn: int, timings: Timings) -> None:
        calls = self._tool_calls(turn)
        tool_ms = {_TOOL_NAMES[call.name]: call.ms for call in calls if call.name in _TOOL_NAMES}
        log.info(
            "turn",
            call_sid=self._record.call_sid,
            turn=turn,
            EOU_WAIT_MS=timings.eou_wait,
            TURN_LATENCY_MS=timings.turn,
            AI_LATENCY_MS=timings.ai,
            AI_FIRST_SENTENCE_MS=timings.ai_first_sentence,
            TTS_GENERATION_MS=_rounded(timings.tts_generation),
            TTS_FIRST_AUDIO_MS=_rounded(timings.tts_first_audio),
            TTS_SEND_MS=timings.tts_send,
            QUEUE_MAX_DEPTH=timings.queue_max_depth,
            **tool_ms,
            tool_calls=[{"name": call.name, "ok": call.ok, "code": call.code, "ms": call.ms} for call in calls],
        )


def _observe(timings: Timings) -> None:
    for name, histogram in _SECONDS:
        value = getattr(timings, name)
        if value is not None:
            histogram.observe(value / 1000)
    if timings.queue_max_depth is not None:
        metrics.queue_max_depth.observe(timings.queue_max_depth)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
