"""A recogniser that is told by the caller's side what is being said; the sound decides when.

For tests, demonstrations and load: a message brings the words just before their audio. Words are reported one by
one while the caller speaks, all of them at the end of the utterance.
"""

from __future__ import annotations

from collections.abc import Callable

from server.media.audio import MULAW_TO_LINEAR, duration_ms

WORD_MS = 250
_AUDIBLE = 200  # 16-bit peak below which a chunk counts as silence
_SPLIT_PART = 4  # fewer than a fourth of the words had time to be said: the utterance was split by a pause


class SimulatedStream:
    def __init__(self, on_words: Callable[[int, str], None], on_heard: Callable[[int, str], None]) -> None:
        self._on_words = on_words
        self._on_heard = on_heard
        self._words: list[str] = []
        self._turn = 0
        self._spoken_ms = 0.0
        self._reported = 0

    @property
    def has_words(self) -> bool:
        """Whether it was told something that it has not reported yet."""
        return bool(self._words)

    def say(self, text: str) -> None:
        """What the caller is about to say, as a recogniser would write it."""
        self._words += text.split()

    def begin(self, turn: int) -> None:
        self._turn = turn
        self._spoken_ms = 0.0
        self._reported = 0

    def feed(self, audio: bytes) -> None:
        if max(abs(MULAW_TO_LINEAR[code]) for code in set(audio)) < _AUDIBLE:
            return
        self._spoken_ms += duration_ms(audio)
        count = min(len(self._words), int(self._spoken_ms // WORD_MS))
        if count > self._reported:
            self._reported = count
            self._on_words(self._turn, " ".join(self._words[:count]))

    def finish(self, turn: int) -> None:
        is_split = 0 < self._reported * _SPLIT_PART < len(self._words)
        count = self._reported if is_split else len(self._words)
        heard, self._words = self._words[:count], self._words[count:]
        self._on_heard(turn, " ".join(heard))

    def close(self) -> None:
        self._words.clear()


class SimulatedRecogniser:
    def open(
        self,
        hints: tuple[str, ...],  # noqa: ARG002  it hears everything
        on_words: Callable[[int, str], None],
        on_heard: Callable[[int, str], None],
    ) -> SimulatedStream:
        return SimulatedStream(on_words, on_heard)
