"""Ears for a caller who may speak or type: each utterance is answered once, by those that were meant."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from server.media.stt.typed import TypedRecogniser
from tests.speech import utterance

CHUNK = 800
LINE = "תקבעו לי מחר בבוקר"


class Microphone:
    """Hears "spoken" in every utterance, and answers when it is told to: recognition takes its time."""

    def __init__(self) -> None:
        self.pieces_count = 0
        self.is_closed = False
        self._finished: list[int] = []

    def open(
        self, hints: tuple[str, ...], on_words: Callable[[int, str], None], on_heard: Callable[[int, str], None]
    ) -> Microphone:
        self.hints = hints
        self._on_words, self._on_heard = on_words, on_heard
        return self

    def begin(self, turn: int) -> None:
        self._turn = turn

    def feed(self, audio: bytes) -> None:
        self.pieces_count += 1
        self._on_words(self._turn, "spoken")

    def finish(self, turn: int) -> None:
        self._finished.append(turn)

    def close(self) -> None:
        self.is_closed = True

    def answers(self) -> None:
        while self._finished:
            self._on_heard(self._finished.pop(0), "spoken")


class Ears:
    def __init__(self) -> None:
        self.microphone = Microphone()
        self.words: list[tuple[int, str]] = []
        self.heard: list[tuple[int, str]] = []
        self.stream = TypedRecogniser(self.microphone).open(
            ("hint",), lambda *said: self.words.append(said), lambda *said: self.heard.append(said)
        )

    def hear(self, ms: int = 800) -> None:
        sound = utterance(2, ms)
        for at in range(0, len(sound), CHUNK):
            self.stream.feed(sound[at : at + CHUNK])


@pytest.fixture
def ears() -> Ears:
    return Ears()


def test_what_is_spoken_is_recognised(ears: Ears) -> None:
    ears.stream.begin(1)
    ears.hear()
    ears.stream.finish(1)
    ears.microphone.answers()
    assert ears.microphone.hints == ("hint",)
    assert ears.words[0] == (1, "spoken")
    assert ears.heard == [(1, "spoken")]


def test_a_typed_line_is_not_recognised(ears: Ears) -> None:
    ears.stream.say(LINE)
    ears.stream.begin(1)
    ears.hear()
    ears.stream.finish(1)
    ears.microphone.answers()
    assert ears.words[0] == (1, "תקבעו")
    assert ears.heard == [(1, LINE)]
    assert ears.microphone.pieces_count == 0, "none of its sound leaves the server"


def test_after_a_typed_line_one_may_speak_again(ears: Ears) -> None:
    ears.stream.say(LINE)
    for turn in (1, 2):
        ears.stream.begin(turn)
        ears.hear()
        ears.stream.finish(turn)
    ears.microphone.answers()
    assert ears.heard == [(1, LINE), (2, "spoken")]


def test_a_line_typed_in_mid_utterance_takes_it_over(ears: Ears) -> None:
    ears.stream.begin(1)
    ears.hear(300)
    ears.stream.say(LINE)
    ears.hear()
    ears.stream.finish(1)
    ears.microphone.answers()
    assert ears.heard == [(1, LINE)], "answered once"


def test_a_line_typed_after_an_utterance_leaves_its_late_answer_alone(ears: Ears) -> None:
    ears.stream.begin(1)
    ears.hear()
    ears.stream.finish(1)
    ears.stream.say(LINE)
    ears.stream.begin(2)
    ears.hear()
    ears.microphone.answers()
    ears.stream.finish(2)
    assert ears.heard == [(1, "spoken"), (2, LINE)]


def test_words_left_over_at_a_split_are_still_the_typed_ones(ears: Ears) -> None:
    ears.stream.say(" ".join("אבגדהוזחטיכל"))
    ears.stream.begin(1)
    ears.hear(500)
    ears.stream.finish(1)
    ears.stream.begin(2)
    ears.hear(2000)
    ears.stream.finish(2)
    assert ears.heard == [(1, "א ב"), (2, "ג ד ה ו ז ח ט י כ ל")]
    assert ears.microphone.pieces_count == 0


def test_hanging_up_closes_both(ears: Ears) -> None:
    ears.stream.close()
    assert ears.microphone.is_closed
