"""What a call needs of the world outside: ears, a voice and a brain.

A port says nothing of threads; `media/call` calls `Recogniser` on the hub (its methods never wait) and runs the
coroutines of `Voice` and `Brain` on the asyncio loop.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Literal, Protocol, runtime_checkable

from server.calls.models import Sentence

Completeness = Literal["complete", "open", "unfinished"]
"""How finished a caller's words look: a whole short answer, nothing special, or something visibly missing."""


class RecognitionStream(Protocol):
    """The ears of one call. Results are handed to `on_words` and `on_heard`, on the hub."""

    def feed(self, audio: bytes) -> None:
        """Take 100 ms (800 bytes) of µ-law, at least while the caller speaks."""
        ...

    def finish(self, turn: int) -> None:
        """The utterance of `turn` is over: answer with exactly one `on_heard(turn, text)`, text "" for no words."""
        ...

    def begin(self, turn: int) -> None:
        """An utterance begins; results belong to `turn` from now on."""
        ...

    def close(self) -> None: ...


@runtime_checkable
class TakesText(Protocol):
    """Ears that are told by the caller's side what it is about to say."""

    def say(self, text: str) -> None: ...


class Recogniser(Protocol):
    def open(
        self,
        hints: tuple[str, ...],
        on_words: Callable[[int, str], None],
        on_heard: Callable[[int, str], None],
    ) -> RecognitionStream:
        """Open ears for one call. `hints` are words to expect. `on_words(turn, words so far)` is interim."""
        ...


class Voice(Protocol):
    def synthesise(self, spoken: str) -> AsyncIterator[bytes]:
        """Speak one piece: yields µ-law at 8 kHz as it is made. Raises `VoiceFailed` when it cannot."""
        ...


class VoiceFailed(Exception):
    """The voice could not speak a piece."""


class Brain(Protocol):
    """Understands and answers one call."""

    def ask(self, turn: int, text: str) -> AsyncIterator[Sentence]:
        """Answer the caller's words, sentence by sentence. Closing the iterator or cancelling its task ends the run."""
        ...

    def heard(self, turn: int, text: str) -> None:
        """What the caller has heard so far of the reply of `turn` (called on the loop)."""
        ...

    def overhears(self, words: str) -> None:
        """What is heard so far of the utterance going on (called on the loop): the likely may be looked up ahead."""
        ...

    def completeness(self, words: str) -> Completeness:
        """How finished the words look, given the question just asked. Pure, at most 1 ms, called on the hub."""
        ...
