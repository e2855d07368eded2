"""The recogniser that is told what is being said."""

from __future__ import annotations

from server.media.stt.simulated import SimulatedRecogniser
from tests.speech import silence, utterance

CHUNK = 800


class Ears:
    def __init__(self) -> None:
        self.words: list[tuple[int, str]] = []
        self.heard: list[tuple[int, str]] = []
        self.stream = SimulatedRecogniser().open(
            (), lambda turn, text: self.words.append((turn, text)), lambda turn, text: self.heard.append((turn, text))
        )

    def hear(self, turn: int, sound: bytes) -> None:
        self.stream.begin(turn)
        for at in range(0, len(sound), CHUNK):
            self.stream.feed(sound[at : at + CHUNK])


def test_a_word_every_quarter_second_and_the_whole_text_at_the_end() -> None:
    ears = Ears()
    ears.stream.say("תקבעו לי מחר בבוקר")
    ears.hear(1, utterance(2, 800))
    assert ears.words == [(1, "תקבעו"), (1, "תקבעו לי"), (1, "תקבעו לי מחר")]
    ears.stream.finish(1)
    assert ears.heard == [(1, "תקבעו לי מחר בבוקר")]


def test_sound_without_words_is_heard_as_nothing() -> None:
    ears = Ears()
    ears.hear(1, utterance(1, 600))
    ears.stream.finish(1)
    assert ears.heard == [(1, "")]


def test_silence_brings_no_words() -> None:
    ears = Ears()
    ears.stream.say("אחת שתיים")
    ears.hear(1, silence(1000))
    assert ears.words == []


def test_words_not_yet_reported_at_a_split_belong_to_the_next_part() -> None:
    ears = Ears()
    ears.stream.say(" ".join("אבגדהוזחטיכל"))
    ears.hear(1, utterance(2, 500))
    ears.stream.finish(1)
    ears.hear(2, utterance(2, 2000))
    ears.stream.finish(2)
    assert ears.heard == [(1, "א ב"), (2, "ג ד ה ו ז ח ט י כ ל")]
