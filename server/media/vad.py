"""Turns the probabilities of `silero` into "the caller began to speak" and "has been silent for so long".

Time is counted in audio: one probability stands for 32 ms, however late it comes. The model lets go of a voice some
90 ms after its last sound on a clean line, 220 ms in noise at 10 dB; `silence_ms` counts from where the model lets go.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

CHUNK_MS = 32

ON = 0.65
"""From here on a chunk is voice while nobody speaks; 0.5 kept hearing voices in the noise of real lines."""

OFF = 0.35
"""Down to here a chunk is still voice while somebody speaks: the tails of words are faint."""

GATE = (5, 6)
"""Speech begins when 5 of the last 6 chunks are voice: 160 ms of it. A knock gives one or two, and one faint chunk
inside a word does not start the count anew. Measured lag from the first frame of speech: p50 200, p95 300 ms."""

EAGER_GATE = (3, 4)
"""While we are silent ourselves there is nothing to cut off, but a soft "כן" to miss: it passes the wider gate only if
it is loud."""

RELEASE_MS = 300
"""After so long without voice the next voice has to pass the gate again."""


@dataclass(frozen=True, slots=True)
class VoiceBegan:
    """`at_ms` is when its first voiced chunk began, counted from the start of the audio."""

    at_ms: int


class VoiceActivity:
    """Whether the caller speaks, for how long, or since when not.

    `silence_ms` is the time since the last voiced chunk, 0 on a voiced one; before any voice it is all the time.
    `speech_ms` is the voice heard in the stretch of speech now going on, or in the last one. Set `is_eager` while
    nothing is being said that speech would cut off.
    """

    def __init__(self) -> None:
        self.is_speaking = False
        self.is_eager = False
        self.silence_ms = 0
        self.speech_ms = 0
        self._now_ms = 0
        self._recent: deque[bool] = deque(maxlen=max(GATE[1], EAGER_GATE[1]))

    def feed(self, probability: float) -> VoiceBegan | None:
        """Take the next 32 ms."""
        is_voiced = probability >= (OFF if self.is_speaking else ON)
        self._now_ms += CHUNK_MS
        self.silence_ms = 0 if is_voiced else self.silence_ms + CHUNK_MS
        self._recent.append(is_voiced)
        if self.is_speaking:
            self.speech_ms += CHUNK_MS if is_voiced else 0
            self.is_speaking = self.silence_ms < RELEASE_MS
            return None
        needed, of = EAGER_GATE if self.is_eager else GATE
        heard = list(self._recent)[-of:]
        return self._begin(heard) if is_voiced and sum(heard) >= needed else None

    def _begin(self, heard: list[bool]) -> VoiceBegan:
        self.is_speaking = True
        self.speech_ms = sum(heard) * CHUNK_MS
        self._recent.clear()
        return VoiceBegan(at_ms=self._now_ms - (len(heard) - heard.index(True)) * CHUNK_MS)
