"""Ears for a caller who may speak or type: a line that was told beforehand is not recognised, all else is."""

from __future__ import annotations

from collections.abc import Callable

from server.media.ports import Recogniser, RecognitionStream
from server.media.stt.simulated import SimulatedStream


class TypedStream:
    """Each utterance goes to one of two pairs of ears, and is answered by that one alone."""

    def __init__(
        self,
        spoken: Recogniser,
        hints: tuple[str, ...],
        on_words: Callable[[int, str], None],
        on_heard: Callable[[int, str], None],
    ) -> None:
        self._on_words = on_words
        self._on_heard = on_heard
        self._told = SimulatedStream(on_words, on_heard)
        self._spoken = spoken.open(hints, self._spoken_words, self._spoken_heard)
        self._ears: RecognitionStream = self._spoken
        self._turn = 0
        self._is_open = False
        self._taken_over: set[int] = set()  # turns that began as spoken and turned out to be typed

    def say(self, text: str) -> None:
        """What is about to be said; in mid-utterance, the rest of it is that line."""
        self._told.say(text)
        if self._is_open and self._ears is self._spoken:
            self._taken_over.add(self._turn)
            self._spoken.finish(self._turn)
            self._listen_by(self._told)

    def begin(self, turn: int) -> None:
        self._turn = turn
        self._is_open = True
        self._listen_by(self._told if self._told.has_words else self._spoken)

    def feed(self, audio: bytes) -> None:
        self._ears.feed(audio)

    def finish(self, turn: int) -> None:
        self._is_open = False
        self._ears.finish(turn)

    def close(self) -> None:
        self._told.close()
        self._spoken.close()

    def _listen_by(self, ears: RecognitionStream) -> None:
        self._ears = ears
        ears.begin(self._turn)

    def _spoken_words(self, turn: int, text: str) -> None:
        if turn not in self._taken_over:
            self._on_words(turn, text)

    def _spoken_heard(self, turn: int, text: str) -> None:
        if turn not in self._taken_over:
            self._on_heard(turn, text)


class TypedRecogniser:
    """`spoken` hears what was not typed."""

    def __init__(self, spoken: Recogniser) -> None:
        self._spoken = spoken

    def open(
        self,
        hints: tuple[str, ...],
        on_words: Callable[[int, str], None],
        on_heard: Callable[[int, str], None],
    ) -> TypedStream:
        return TypedStream(self._spoken, hints, on_words, on_heard)
