"""Measures one turn under the contract's names. Pure: instants are arguments, in seconds; results in milliseconds."""

from __future__ import annotations

from dataclasses import dataclass

from server.calls.models import Timings


@dataclass(slots=True)
class Stopwatch:
    """What happened when in a turn; every field may stay empty."""

    turn: int
    eou_wait_ms: float | None = None
    declared_at: float | None = None
    asked_at: float | None = None
    first_sentence_at: float | None = None
    reply_ended_at: float | None = None
    first_frame_at: float | None = None  # of the answer: a filler does not count
    last_frame_at: float | None = None
    tts_first_audio_ms: float | None = None
    tts_generation_ms: float | None = None
    queue_max_depth: int | None = None

    def synthesised(self, first_audio_ms: float | None, all_pieces_ms: float) -> None:
        """One more sentence was made."""
        if self.tts_first_audio_ms is None:
            self.tts_first_audio_ms = first_audio_ms
        self.tts_generation_ms = (self.tts_generation_ms or 0.0) + all_pieces_ms

    def read(self) -> Timings:
        return Timings(
            eou_wait=self.eou_wait_ms,
            turn=_between(self.declared_at, self.first_frame_at),
            ai=_between(self.asked_at, self.reply_ended_at),
            ai_first_sentence=_between(self.asked_at, self.first_sentence_at),
            tts_generation=self.tts_generation_ms,
            tts_first_audio=self.tts_first_audio_ms,
            tts_send=_between(self.first_frame_at, self.last_frame_at),
            queue_max_depth=self.queue_max_depth,
        )


def _between(begin: float | None, end: float | None) -> float | None:
    return None if begin is None or end is None else round((end - begin) * 1000, 1)
