"""A whole call without network: real sound in, a stand-in brain and voice, what leaves for the line."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pytest

from server import metrics, runtime
from server.calls.models import Ending, Outcome, Phrases, Sentence, Then, Timings, ToolCall
from server.clock import SystemClock
from server.media.call import Call, CallParts
from server.media.messages import Composer
from server.media.ports import Completeness, VoiceFailed
from server.media.stt.simulated import SimulatedRecogniser
from tests.phrases import PHRASES, sentence
from tests.speech import silence, utterance

FRAME = b"\x55" * 160


@pytest.fixture(autouse=True)
def started() -> Iterator[None]:
    runtime.start()
    yield
    for phone in Phone.in_use:
        phone.call.hung_up()
    Phone.in_use.clear()
    runtime.stop()


class Tone:
    """A voice that needs no time: 100 ms of sound a word, or as long as `lasts_ms` says."""

    def __init__(self, lasts_ms: dict[str, int] | None = None) -> None:
        self._lasts_ms = lasts_ms or {}

    async def synthesise(self, spoken: str) -> AsyncIterator[bytes]:
        if spoken.startswith("unspeakable"):
            raise VoiceFailed(spoken)
        yield b"\x55" * 8 * self._lasts_ms.get(spoken, 100 * len(spoken.split()))


@dataclass
class ScriptedBrain:
    """Answers each question by its script; a script that is not used up is a failed test."""

    script: list[list[Sentence] | Exception]
    phrases: Phrases = PHRASES
    outcome: Outcome | None = None
    hints: tuple[str, ...] = ()
    asked: list[str] = field(default_factory=list)
    heard_texts: list[tuple[int, str]] = field(default_factory=list)
    overheard: list[str] = field(default_factory=list)

    async def ask(self, turn: int, text: str) -> AsyncIterator[Sentence]:
        self.asked.append(text)
        answer = self.script.pop(0)
        if isinstance(answer, Exception):
            raise answer
        for said in answer:
            yield said

    def heard(self, turn: int, text: str) -> None:
        self.heard_texts.append((turn, text))

    def overhears(self, words: str) -> None:
        self.overheard.append(words)

    def completeness(self, words: str) -> Completeness:
        return "complete" if words.endswith("!") else "unfinished" if words.endswith(" and") else "open"

    def tool_calls(self, turn: int) -> tuple[ToolCall, ...]:
        return ()


@dataclass
class Notebook:
    """A call record on paper."""

    call_sid: str = "CA1"
    lines: list[tuple[Any, ...]] = field(default_factory=list)
    timings: dict[int, Timings] = field(default_factory=dict)

    def caller_said(self, turn: int, text: str) -> None:
        self.lines.append(("caller", turn, text))

    def agent_says(self, turn: int, text: str) -> None:
        self.lines.append(("agent", turn, text))

    def agent_heard(self, turn: int, text: str) -> None:
        self.lines.append(("heard", turn, text))

    def timed(self, turn: int, timings: Timings) -> None:
        self.timings[turn] = timings

    def ended(self, outcome: Outcome, ending: Ending) -> None:
        self.lines.append(("ended", outcome, ending))


class Phone:
    """The caller's end: 20 ms of sound every 20 ms, marks returned when their sound has been played."""

    in_use: ClassVar[list[Phone]] = []

    def __init__(self, *script: list[Sentence] | Exception, voice: Any = None) -> None:
        self.in_use.append(self)
        self.brain = ScriptedBrain(list(script))
        self.record = Notebook()
        self.ending: Ending | None = None
        self.sent: list[tuple[float, dict[str, Any]]] = []
        self._play_end = 0.0
        self._speech: list[bytes] = []
        self._marks: list[tuple[float, str]] = []
        parts = CallParts(self.brain, SimulatedRecogniser(), voice or Tone(), self.record, SystemClock())  # type: ignore[arg-type]
        self.call = Call(parts, Composer("MZ1"), self._take, self._ended)
        self.call.begin()
        self._line = runtime.spawn(self._run)

    def _ended(self, ending: Ending) -> None:
        self.ending = ending

    def _take(self, text: str) -> None:
        now, message = time.monotonic(), json.loads(text)
        self.sent.append((now, message))
        match message["event"]:
            case "media":
                self._play_end = max(self._play_end, now) + 0.02
            case "mark":
                self._marks.append((self._play_end, message["mark"]["name"]))
            case "clear":
                self._play_end = now
                self._marks = [(now, name) for _, name in self._marks]

    def _run(self) -> None:
        due = time.monotonic()
        while self.ending is None:
            frames = self._speech.pop(0) if self._speech else silence(20)
            self.call.audio(frames)
            while self._marks and self._marks[0][0] <= time.monotonic():
                self.call.mark(self._marks.pop(0)[1])
            due += 0.02
            runtime.sleep(max(0.0, due - time.monotonic()))

    def says(self, text: str, sound: bytes | None = None) -> None:
        if text:
            self.call.says(text)
        sound = sound if sound is not None else utterance(3)
        self._speech += [sound[at : at + 160].ljust(160, b"\xff") for at in range(0, len(sound), 160)]

    def waits_until(self, condition: Callable[[], bool], timeout_s: float = 8.0) -> None:
        deadline = time.monotonic() + timeout_s
        while not condition():
            assert time.monotonic() < deadline, f"it never happened; sent {len(self.sent)}, said {self.record.lines}"
            runtime.sleep(0.005)

    def hears_out(self) -> None:
        """Wait until something was said and has been heard to its end."""
        begun = len(self.media)
        self.waits_until(lambda: len(self.media) > begun or time.monotonic() < self._play_end)
        self.waits_until(lambda: time.monotonic() > self._play_end + 0.1)

    @property
    def media(self) -> list[float]:
        return [at for at, message in self.sent if message["event"] == "media"]

    @property
    def clears(self) -> list[float]:
        return [at for at, message in self.sent if message["event"] == "clear"]

    def lines_of(self, who: str) -> list[tuple[int, str]]:
        return [(line[1], line[2]) for line in self.record.lines if line[0] == who]


def test_a_question_is_answered_and_everything_is_noted() -> None:
    phone = Phone([sentence("noon is free")])
    phone.hears_out()
    phone.says("what is free?")
    phone.waits_until(lambda: (1, "noon is free") in phone.lines_of("heard"))
    phone.waits_until(lambda: len(phone.brain.heard_texts) == 2)  # told on the loop
    assert phone.brain.asked == ["what is free?"]
    assert phone.brain.overheard == ["what", "what is", "what is free?"]
    assert phone.lines_of("caller") == [(1, "what is free?")]
    assert phone.brain.heard_texts == [(0, "greeting"), (1, "noon is free")]
    timings = phone.record.timings[1]
    assert timings.eou_wait is not None
    assert 650 <= timings.eou_wait <= 800
    assert timings.turn is not None
    assert timings.turn < 100
    phone.call.hung_up()
    assert phone.record.lines[-1] == ("ended", Outcome.HANGUP, Ending.STOPPED)


@pytest.mark.parametrize(("words", "wait_ms"), [("yes!", 350), ("a massage", 700), ("a massage and", 1200)])
def test_the_wait_for_silence_depends_on_how_finished_the_words_look(words: str, wait_ms: int) -> None:
    phone = Phone([sentence("fine")])
    phone.hears_out()
    phone.says(words)
    phone.waits_until(lambda: 1 in phone.record.timings)
    eou_wait = phone.record.timings[1].eou_wait
    assert eou_wait is not None
    assert wait_ms <= eou_wait <= wait_ms + 64


def test_636_s_of_sound_take_6_to_7_seconds_and_the_queue_is_never_full() -> None:
    dropped = metrics.frames_dropped._value.get()
    phone = Phone([sentence("long")], voice=Tone({"long": 6360, "greeting": 600}))
    phone.hears_out()
    before = len(phone.media)
    phone.says("tell me")
    phone.waits_until(lambda: (1, "long") in phone.lines_of("heard"), 12)
    frames = phone.media[before:]
    assert len(frames) == 318
    assert 6.0 <= frames[-1] - frames[0] <= 7.0
    assert metrics.frames_dropped._value.get() == dropped
    depth = phone.record.timings[1].queue_max_depth
    assert depth is not None
    assert depth <= 500


def test_barge_in_silences_the_line_and_nothing_of_the_old_reply_follows() -> None:
    phone = Phone(
        [sentence("one two three four", Then.LISTEN)], [sentence("sure")], voice=Tone({"one two three four": 5000})
    )
    phone.hears_out()
    phone.says("prices?")
    before = len(phone.media)
    phone.waits_until(lambda: len(phone.media) > before + 90)
    began_at = time.monotonic()
    phone.says("only the massage")
    phone.waits_until(lambda: bool(phone.clears))
    assert phone.clears[0] - began_at < 0.5
    phone.waits_until(lambda: "only the massage" in phone.brain.asked)
    answered_at = time.monotonic()
    assert not [at for at in phone.media if phone.clears[0] < at < answered_at - 0.05]
    cut = [text for turn, text in phone.lines_of("heard") if turn == 1]
    assert cut[-1] in ("one…", "one two…")


def test_noise_without_words_resumes_the_reply() -> None:
    phone = Phone([sentence("first sentence"), sentence("second")], voice=Tone({"first sentence": 2500}))
    phone.hears_out()
    phone.says("prices?")
    before = len(phone.media)
    phone.waits_until(lambda: len(phone.media) > before + 30)
    phone.says("")  # sound of speech, but no words in it
    phone.waits_until(lambda: (1, "first sentence second") in phone.lines_of("heard"), 12)
    assert phone.brain.asked == ["prices?"]


def test_a_failing_brain_ends_in_an_apology_and_the_call_goes_on() -> None:
    phone = Phone(RuntimeError("no idea"), [sentence("now I know")])
    phone.hears_out()
    phone.says("hello?")
    phone.waits_until(lambda: (1, "apology") in phone.lines_of("heard"))
    phone.says("once more")
    phone.waits_until(lambda: (2, "now I know") in phone.lines_of("heard"))


def test_a_sentence_that_cannot_be_spoken_is_apologised_for() -> None:
    phone = Phone([sentence("unspeakable")])
    phone.hears_out()
    phone.says("hello?")
    phone.waits_until(lambda: (1, "apology") in phone.lines_of("heard"))


def test_a_farewell_is_heard_before_the_line_is_closed() -> None:
    phone = Phone([sentence("goodbye", Then.HANG_UP)])
    phone.hears_out()
    phone.says("that is all")
    phone.waits_until(lambda: phone.ending is not None)
    assert (1, "goodbye") in phone.lines_of("heard")
    assert phone.record.lines[-1] == ("ended", Outcome.ANSWERED, Ending.HANG_UP)


def test_hanging_up_in_mid_turn_ends_the_call_once() -> None:
    phone = Phone([sentence("one two three")], voice=Tone({"one two three": 3000}))
    phone.hears_out()
    phone.says("hello?")
    before = len(phone.media)
    phone.waits_until(lambda: len(phone.media) > before + 20)
    phone.call.hung_up()
    phone.call.hung_up()
    runtime.sleep(0.1)
    written = len(phone.media)
    runtime.sleep(0.1)
    assert len(phone.media) == written
    assert [line for line in phone.record.lines if line[0] == "ended"] == [("ended", Outcome.HANGUP, Ending.STOPPED)]
