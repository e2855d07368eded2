"""The turn machine, told as calls: what happens, and what is done about it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.calls.models import Ending, Sentence, Then
from server.media import events as e
from server.media.turns import State, TurnMachine
from tests.phrases import PHRASES, sentence


class Line:
    """A call without sound: drives the machine and plays the parts around it by hand."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.machine = TurnMachine(PHRASES)
        self.done: list[e.Command] = []
        self.playing: list[e.Speak] = []
        self._run(self.machine.begin(self.now))

    def _run(self, commands: Sequence[e.Command]) -> None:
        for command in commands:
            self.done.append(command)
            if isinstance(command, e.Speak):
                self.playing.append(command)
            elif isinstance(command, e.Clear):
                self.playing.clear()

    def event(self, event: e.Event) -> None:
        self._run(self.machine.handle(event, self.now))

    def waits(self, seconds: float) -> None:
        """Time passes, the machine's deadlines in it."""
        end = self.now + seconds
        while self.machine.deadline <= end:
            self.now = max(self.now, self.machine.deadline)
            self.event(e.TimePassed())
        self.now = end

    def hears(self, count: int | None = None) -> None:
        """The caller hears what is playing, or the first `count` sentences of it."""
        for speak in list(self.playing[:count]):
            self.event(e.Sounded(speak.key))
            self.now += 1.0
            self.event(e.Written(speak.key, self.now))
            self.playing.remove(speak)
            self.event(e.Played(speak.key))

    def is_interrupted(self) -> None:
        if self.playing:
            self.event(e.Sounded(self.playing[0].key))
        self.now += 0.6
        self.event(e.SpeechBegan())

    def says(self, text: str) -> None:
        self.event(e.SpeechBegan())
        self.stops_saying(text)

    def stops_saying(self, text: str) -> None:
        turn = self.machine.turn
        self.now += 1.0
        self.event(e.Voiced())
        self.now += 0.7
        self.event(e.UtteranceEnded())
        self.event(e.Heard(turn, text))

    def is_answered(self, *texts: str, then: Then = Then.LISTEN) -> None:
        for text in texts:
            self.event(e.Answered(self.machine.turn, sentence(text, then)))
        self.event(e.ReplyEnded(self.machine.turn))

    @property
    def asked(self) -> list[str]:
        return [c.text for c in self.done if isinstance(c, e.Ask)]

    @property
    def spoken(self) -> list[str]:
        return [c.sentence.text for c in self.done if isinstance(c, e.Speak)]

    @property
    def ending(self) -> Ending | None:
        return next((c.ending for c in self.done if isinstance(c, e.End)), None)


@pytest.fixture
def line() -> Line:
    line = Line()
    line.hears()
    assert line.machine.state is State.LISTENING
    return line


def test_greeting_then_question_then_answer(line: Line) -> None:
    line.says("what is free?")
    assert line.asked == ["what is free?"]
    line.is_answered("noon is", "shall I?")
    assert line.machine.state is State.SPEAKING
    line.hears()
    assert line.machine.state is State.LISTENING
    assert line.spoken == ["greeting", "noon is", "shall I?"]
    assert e.NoteHeard(1, "noon is shall I?") in line.done


@pytest.mark.parametrize("order", ["played, then ended", "ended, then played"])
def test_floor_comes_back_when_reply_ended_and_was_heard_in_either_order(line: Line, order: str) -> None:
    line.says("hello")
    line.event(e.Answered(1, sentence("yes?")))
    if order == "played, then ended":
        line.hears()
        assert line.machine.state is State.SPEAKING
        line.event(e.ReplyEnded(1))
    else:
        line.event(e.ReplyEnded(1))
        assert line.machine.state is State.SPEAKING
        line.hears()
    assert line.machine.state is State.LISTENING


def test_first_half_second_of_the_greeting_is_protected() -> None:
    line = Line()
    assert not line.machine.accepts_speech(line.now)
    line.event(e.Sounded(1))
    line.now += 0.4
    assert not line.machine.accepts_speech(line.now)
    line.now += 0.2
    assert line.machine.accepts_speech(line.now)


def test_barge_in_cancels_clears_and_begins_a_turn(line: Line) -> None:
    line.says("prices?")
    line.is_answered("first", "second")
    line.hears(1)
    line.is_interrupted()
    assert line.done[-4:] == [e.Cancel(), e.NoteCut(1, "first", 3, "second"), e.Clear(), e.Begin(2)]
    line.stops_saying("only the massage")
    assert line.asked[-1] == "only the massage"


def test_nothing_of_an_old_turn_is_spoken_after_barge_in(line: Line) -> None:
    line.says("prices?")
    line.event(e.Answered(1, sentence("first")))
    line.is_interrupted()
    line.event(e.Answered(1, sentence("late")))
    line.event(e.ReplyEnded(1))
    assert "late" not in line.spoken


def test_speech_without_words_takes_the_reply_up_where_it_was_cut(line: Line) -> None:
    line.says("prices?")
    line.is_answered("first", "second", "third")
    line.hears(1)
    line.is_interrupted()
    line.stops_saying("")
    assert line.spoken[-2:] == ["second", "third"]
    line.hears()
    assert line.machine.state is State.LISTENING
    assert line.asked == ["prices?"]
    assert line.done[-1] == e.NoteHeard(1, "first second third")


def test_marks_returned_by_clear_are_not_taken_for_heard(line: Line) -> None:
    line.says("prices?")
    line.is_answered("first")
    key = line.playing[0].key
    line.is_interrupted()
    line.event(e.Played(key))
    assert not any(isinstance(c, e.NoteHeard) and c.turn == 1 for c in line.done)


def test_words_whose_reply_never_began_go_before_the_next_ones(line: Line) -> None:
    line.says("a massage")
    line.event(e.SpeechBegan())
    assert e.Cancel() in line.done
    line.stops_saying("tomorrow at noon")
    assert line.asked == ["a massage", "a massage tomorrow at noon"]


def test_a_filler_is_no_answer(line: Line) -> None:
    line.says("a massage")
    line.event(e.Answered(1, PHRASES.filler))
    line.is_interrupted()
    line.stops_saying("")
    assert line.asked == ["a massage", "a massage"]


def test_words_that_come_late_are_still_asked(line: Line) -> None:
    line.event(e.SpeechBegan())
    line.now += 1
    line.event(e.UtteranceEnded())
    line.event(e.SpeechBegan())  # turn 2 begins before turn 1 was recognised
    line.event(e.Heard(1, "a massage"))
    line.stops_saying("please")
    assert line.asked == ["a massage please"]
    assert e.Note(1, "a massage") in line.done
    assert e.Note(2, "please") in line.done


def test_a_recogniser_that_never_finishes_is_taken_at_its_interim_words(line: Line) -> None:
    line.event(e.SpeechBegan())
    line.event(e.Words(1, "a massage"))
    line.now += 1
    line.event(e.UtteranceEnded())
    line.waits(1.6)
    assert line.asked == ["a massage"]
    line.event(e.Heard(1, "a massage"))
    assert line.asked == ["a massage"]


def test_an_utterance_without_end_is_ended(line: Line) -> None:
    line.event(e.SpeechBegan())
    line.waits(2.6)
    assert e.Finish(1) in line.done


def test_a_reply_without_a_sentence_has_failed(line: Line) -> None:
    line.says("hello")
    line.event(e.ReplyEnded(1))
    assert line.spoken[-1] == "apology"
    line.hears()
    assert line.machine.state is State.LISTENING


def test_a_brain_that_stays_silent_ends_in_an_apology(line: Line) -> None:
    line.says("hello")
    line.waits(8.1)
    assert line.spoken[-1] == "apology"


def test_a_reply_that_fails_midway_plays_what_is_queued_then_the_apology(line: Line) -> None:
    line.says("hello")
    line.event(e.Answered(1, sentence("first")))
    line.event(e.ReplyFailed(1))
    assert line.spoken[-2:] == ["first", "apology"]


def test_a_peer_that_returns_no_marks_does_not_hold_the_floor(line: Line) -> None:
    line.says("hello")
    line.is_answered("yes?")
    line.event(e.Written(line.playing[0].key, line.now + 0.1))
    line.waits(1.2)
    assert line.machine.state is State.LISTENING


def test_what_the_voice_cannot_say_is_apologised_for_once(line: Line) -> None:
    line.says("hello")
    line.is_answered("yes?")
    line.event(e.Unspeakable(line.playing.pop(0).key))
    assert line.spoken[-1] == "apology"
    line.event(e.Unspeakable(line.playing.pop(0).key))
    assert line.spoken.count("apology") == 1
    assert line.machine.state is State.LISTENING


def test_silence_is_broken_once_and_then_the_call_ends(line: Line) -> None:
    line.waits(7.1)
    assert line.spoken[-1] == "nudge"
    line.hears()
    line.waits(10)
    assert line.spoken[-1] == "silence farewell"
    line.hears()
    assert line.ending is Ending.SILENCE


def test_a_farewell_that_was_heard_ends_the_call(line: Line) -> None:
    line.says("goodbye")
    line.is_answered("goodbye!", then=Then.HANG_UP)
    assert line.ending is None
    line.hears()
    assert line.ending is Ending.HANG_UP


def test_a_farewell_cut_by_words_does_not_end_the_call(line: Line) -> None:
    line.says("goodbye")
    line.is_answered("goodbye!", then=Then.HANG_UP)
    line.is_interrupted()
    line.stops_saying("one more thing")
    assert line.ending is None
    assert line.asked[-1] == "one more thing"


def test_keys_are_gathered_and_heard_as_one(line: Line) -> None:
    for digit in "0501":
        line.event(e.KeyPressed(digit))
        line.now += 0.3
    assert line.asked == []
    line.waits(1.6)
    assert line.asked == ["0501"]


def test_a_hash_ends_the_keys_at_once_and_a_key_interrupts(line: Line) -> None:
    line.says("hello")
    line.is_answered("yes?")
    line.event(e.KeyPressed("7"))
    assert e.Clear() in line.done
    line.event(e.KeyPressed("#"))
    assert line.asked[-1] == "7"


def test_a_call_is_not_endless(line: Line) -> None:
    line.now += 12 * 60
    line.says("and then?")
    assert line.spoken[-1] == "limit farewell"
    line.hears()
    assert line.ending is Ending.LIMIT


def test_hanging_up_mid_turn_cancels_and_ends(line: Line) -> None:
    line.says("hello")
    line.event(e.Stopped())
    assert line.done[-2:] == [e.Cancel(), e.End(Ending.STOPPED)]
    assert line.machine.handle(e.SpeechBegan(), line.now) == []


# --------------------------------------------------------------- any order of events

ACTIONS = st.sampled_from(
    ["speech", "voiced", "end", "heard", "heard nothing", "heard late", "sentence", "filler", "reply ended",
     "reply failed", "played", "unspeakable", "written", "old sentence", "key", "wait 0.3", "wait 2", "wait 9"]
)  # fmt: skip


def do(line: Line, action: str, said: list[str], owed: list[int]) -> None:
    turn = line.machine.turn
    text = f"w{len(said)}"
    match action:
        case "speech":
            line.event(e.SpeechBegan())
        case "voiced":
            line.event(e.Voiced())
        case "end":
            line.event(e.UtteranceEnded())
        case "heard" | "heard nothing" if owed:
            owed_turn = owed.pop(0)
            if action == "heard":
                said.append(text)
            line.event(e.Heard(owed_turn, text if action == "heard" else ""))
        case "heard late" if len(owed) > 1:
            said.append(text)
            line.event(e.Heard(owed.pop(0), text))
        case "sentence":
            line.event(e.Answered(turn, sentence(f"turn {turn}")))
        case "filler":
            line.event(e.Answered(turn, PHRASES.filler))
        case "old sentence" if turn > 0:
            line.event(e.Answered(turn - 1, sentence("stale")))
        case "reply ended":
            line.event(e.ReplyEnded(turn))
        case "reply failed":
            line.event(e.ReplyFailed(turn))
        case "played" if line.playing:
            line.event(e.Played(line.playing.pop(0).key))
        case "unspeakable" if line.playing:
            line.event(e.Unspeakable(line.playing.pop(0).key))
        case "written" if line.playing:
            line.event(e.Written(line.playing[0].key, line.now))
        case "key":
            line.event(e.KeyPressed("5"))
        case _ if action.startswith("wait"):
            line.waits(float(action.split()[1]))


@settings(max_examples=400, deadline=None)
@given(st.lists(ACTIONS, max_size=60))
def test_whatever_happens_the_floor_comes_back_and_no_words_are_lost(actions: list[str]) -> None:
    line = Line()
    said: list[str] = []
    owed: list[int] = []
    last_turn = 0
    for action in actions:
        before = len(line.done)
        do(line, action, said, owed)
        owed += [c.turn for c in line.done[before:] if isinstance(c, e.Finish)]
        assert line.machine.turn >= last_turn
        last_turn = line.machine.turn
    assert "stale" not in line.spoken
    _let_it_settle(line)
    for words in said:
        assert any(words in asked.split() for asked in line.asked) or line.ending is Ending.LIMIT


def _let_it_settle(line: Line) -> None:
    """The caller falls silent and everything answers: the call must come to its end by itself."""
    for _ in range(40):
        if line.machine.state is State.ENDED:
            return
        if line.machine.state is State.THINKING:
            line.is_answered("fine")
        line.hears()
        if line.machine.state is not State.ENDED:
            assert line.machine.deadline < line.now + 20, "a wait without an end"
        line.waits(8)
    raise AssertionError("the floor never came back")


def test_sentences_are_values() -> None:
    assert sentence("a") == Sentence("a", "a")
