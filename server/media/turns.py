"""The turn machine: whose floor it is, as a table of state and event. Pure; `now` is in seconds, monotonic.

Turns are numbered, and a result for an older turn is dropped, so that barge-in needs neither locks nor flags. Words
do not die by number: what was said in a turn whose reply never began goes to the next `Ask`, before the new words.
The floor comes back to the caller when the reply has ended *and* the last of it was heard, in whichever order
the two come; that joint rule is checked once, after every event.
"""

from __future__ import annotations

import math
from enum import StrEnum

from server.calls.models import Ending, Phrases, Sentence, Then
from server.media.events import (
    Answered,
    Ask,
    Begin,
    Cancel,
    Clear,
    Command,
    End,
    Event,
    Finish,
    Heard,
    KeyPressed,
    Note,
    NoteCut,
    NoteHeard,
    Played,
    ReplyEnded,
    ReplyFailed,
    Sounded,
    Speak,
    SpeechBegan,
    Stopped,
    TimePassed,
    Unspeakable,
    UtteranceEnded,
    Voiced,
    Words,
    Written,
)
from server.media.reply import Reply, Saying

NUDGE_S = 7.0
SILENCE_S = 15.0
UTTERANCE_CAP_S = 2.5
KEY_PAUSE_S = 1.5
WORDS_S = 1.5
THINKING_S = 8.0
SPEAKING_S = 15.0
MARK_GRACE_S = 1.0
GREETING_PROTECTED_S = 0.5
CALL_LIMIT_S = 12 * 60.0
ASK_LIMIT = 40


class State(StrEnum):
    LISTENING = "listening"
    HEARING = "hearing"
    THINKING = "thinking"
    SPEAKING = "speaking"
    ENDED = "ended"


class TurnMachine:
    """Events in, commands out. After each `handle`, `deadline` says when `TimePassed` is due at the latest."""

    def __init__(self, phrases: Phrases) -> None:
        self.state = State.SPEAKING
        self.turn = 0
        self.deadline = math.inf
        self._phrases = phrases
        self._reply = Reply(0)
        self._cut: Reply | None = None  # a reply that may have to be taken up again
        self._asked = ""  # words the brain is at
        self._unanswered = ""  # words of earlier turns that still want an Ask
        self._words = Words(0, "")  # the latest interim words
        self._keys = ""
        self._is_voiced = False  # the utterance has sound, not keys alone
        self._is_asked = False  # this turn's words went to the brain
        self._recognised: set[int] = set()  # turns whose spoken words are known
        self._key_count = 0
        self._ask_count = 0
        self._began_at = 0.0
        self._sounded_at: float | None = None
        self._quiet_from = 0.0
        self._is_nudged = False
        self._progress_at = 0.0  # when this state last got on
        self._out: list[Command] = []

    # ------------------------------------------------------------ the shell's side

    def begin(self, now: float) -> list[Command]:
        """The call is picked up: greet."""
        self._began_at = now
        for sentence in self._phrases.greeting:
            self._say(sentence, now)
        self._reply.is_complete = True
        return self._settle(now)

    def accepts_speech(self, now: float) -> bool:
        """Whether speech would be taken for a turn now; the first half second of the greeting is protected."""
        if self.state is State.ENDED:
            return False
        if self.state is State.SPEAKING and self.turn == 0 and not self._reply.is_over:
            return self._sounded_at is not None and now >= self._sounded_at + GREETING_PROTECTED_S
        return True

    def handle(self, event: Event, now: float) -> list[Command]:
        if self.state is State.ENDED:
            return []
        match event:
            case SpeechBegan():
                self._speech_began(now)
            case Voiced() if self.state is State.HEARING:
                self._progress_at = now
            case UtteranceEnded() if self.state is State.HEARING and self._is_voiced:
                self._utterance_ended(now)
            case KeyPressed(digit):
                self._key_pressed(digit, now)
            case Words():
                self._words = event
            case Heard(turn, text):
                self._heard(turn, text.strip(), now)
            case Answered(turn, sentence) if self._is_current(turn):
                self._answered(sentence, now)
            case ReplyEnded(turn) if self._is_current(turn):
                self._reply_ended(now)
            case ReplyFailed(turn) if self._is_current(turn):
                self._apologise(now)
            case Sounded(key) | Written(key) | Played(key) | Unspeakable(key) if self.state is State.SPEAKING:
                self._sound(event, key, now)
            case Stopped():
                self._end(Ending.STOPPED)
            case TimePassed() if now >= self.deadline:
                self._time_passed(now)
            case _:
                pass
        return self._settle(now)

    # -------------------------------------------------------------- caller's side

    def _speech_began(self, now: float) -> None:
        if self.state is not State.HEARING:
            self._take_floor(now)
        if not self._is_voiced:
            self._is_voiced = True
            self._out.append(Begin(self.turn))

    def _take_floor(self, now: float) -> None:
        """The caller speaks or presses a key: whatever was under way is over."""
        if self.state in (State.THINKING, State.SPEAKING):
            self._out.append(Cancel())
        if self.state is State.SPEAKING:
            self._cut_off()
        self._unanswered = _join(self._asked, self._unanswered)
        self._asked = ""
        self._is_voiced = self._is_asked = False
        self.turn += 1
        self._enter(State.HEARING, now)

    def _cut_off(self) -> None:
        for saying in self._reply.open_sayings[:1]:
            self._out.append(NoteCut(self._reply.turn, self._reply.heard_text, saying.key, saying.sentence.text))
        self._out.append(Clear())
        self._cut = self._reply if self._reply.unheard else None

    def _key_pressed(self, digit: str, now: float) -> None:
        if self.state is not State.HEARING:
            self._take_floor(now)
        self._progress_at = now
        if digit.isdigit():
            self._keys += digit
        if digit == "#" and not self._is_voiced:
            self._keys_ended(now)

    def _keys_ended(self, now: float) -> None:
        self._enter(State.THINKING, now)
        self._heard(self.turn, "", now)

    def _utterance_ended(self, now: float) -> None:
        self._enter(State.THINKING, now)
        self._out.append(Finish(self.turn))

    def _heard(self, turn: int, text: str, now: float) -> None:
        if turn == self.turn and self.state is State.THINKING and not self._is_asked:
            keys, self._keys = self._keys, ""
            self._know(turn, text)
            self._know(turn, keys)
            self._answer_or_resume(now)
        elif text and turn not in self._recognised:
            self._know(turn, text)
            self._heard_late(now)
        if text:
            self._recognised.add(turn)

    def _know(self, turn: int, text: str) -> None:
        if text:
            self._out.append(Note(turn, text))
            self._unanswered = _join(self._unanswered, text)
            self._is_nudged = False

    def _heard_late(self, now: float) -> None:
        """Words of an utterance that the call has already left behind; a busy floor takes them up when it is free."""
        if self.state is State.LISTENING:
            self.turn += 1
            self._ask(now)
        elif self.state is State.THINKING and self._is_asked:
            self._out.append(Cancel())
            self._unanswered = _join(self._unanswered, self._asked)
            self._ask(now)

    def _answer_or_resume(self, now: float) -> None:
        if self._unanswered:
            self._cut = None
            self._ask(now)
        elif self._cut is not None:
            self._resume(self._cut, now)
        else:
            self._enter(State.LISTENING, now)

    def _ask(self, now: float) -> None:
        self._ask_count += 1
        if self._ask_count > ASK_LIMIT or now - self._began_at > CALL_LIMIT_S:
            self._unanswered = ""
            self._speak_alone(self._phrases.limit_farewell, now)
            return
        self._asked, self._unanswered = self._unanswered, ""
        self._is_asked = True
        self._enter(State.THINKING, now)
        self._out.append(Ask(self.turn, self._asked))

    # --------------------------------------------------------------- our own side

    def _is_current(self, turn: int) -> bool:
        return turn == self.turn and self.state in (State.THINKING, State.SPEAKING)

    def _answered(self, sentence: Sentence, now: float) -> None:
        if self.state is State.THINKING:
            self._reply = Reply(self.turn)
            self._enter(State.SPEAKING, now)
        if not sentence.is_filler:
            self._asked = ""
        self._say(sentence, now)

    def _reply_ended(self, now: float) -> None:
        if self.state is State.SPEAKING and self._reply.is_answer:
            self._reply.is_complete = True
        else:
            self._apologise(now)

    def _apologise(self, now: float) -> None:
        """The turn has failed: what is queued plays, then the apology."""
        self._asked = ""
        self._out.append(Cancel())
        if self.state is State.THINKING:
            self._reply = Reply(self.turn)
            self._enter(State.SPEAKING, now)
        self._say(self._phrases.apology, now)
        self._reply.is_complete = True

    def _speak_alone(self, sentence: Sentence, now: float) -> None:
        """Say something that nobody asked for."""
        self._reply = Reply(self.turn)
        self._enter(State.SPEAKING, now)
        self._say(sentence, now)
        self._reply.is_complete = True

    def _resume(self, cut: Reply, now: float) -> None:
        """Take a reply up again at its first sentence that was not heard to the end."""
        self._cut = None
        self._enter(State.SPEAKING, now)
        self._reply = Reply(cut.turn, [s for s in cut.sayings if s.is_heard], is_complete=True)
        for sentence in cut.unheard:
            self._say(sentence, now, is_new=False)

    def _say(self, sentence: Sentence, now: float, *, is_new: bool = True) -> None:
        self._key_count += 1
        self._progress_at = now
        self._reply.sayings.append(Saying(self._key_count, sentence))
        self._out.append(Speak(self._key_count, self._reply.turn, sentence, is_new))

    def _sound(self, event: Sounded | Written | Played | Unspeakable, key: int, now: float) -> None:
        saying = self._reply.find(key)
        if saying is None:
            return  # of a reply that was cut: the peer returns its marks at once on `clear`
        self._progress_at = now
        match event:
            case Sounded():
                self._sounded_at = self._sounded_at if self._sounded_at is not None else now
            case Written(heard_at=heard_at):
                saying.due_at = heard_at + MARK_GRACE_S
            case Played():
                self._close(saying, is_heard=True)
            case Unspeakable():
                self._close(saying, is_heard=False)
                if saying.sentence != self._phrases.apology and not any(s.is_heard for s in self._reply.sayings):
                    self._say(self._phrases.apology, now)

    def _close(self, saying: Saying, *, is_heard: bool) -> None:
        saying.is_over = True
        saying.is_heard = is_heard
        if is_heard:
            self._out.append(NoteHeard(self._reply.turn, self._reply.heard_text))

    # ------------------------------------------------------------------- time

    def _time_passed(self, now: float) -> None:
        match self.state:
            case State.LISTENING:
                self._break_silence(now)
            case State.HEARING if not self._is_voiced:
                self._keys_ended(now)
            case State.HEARING:
                self._utterance_ended(now)
            case State.THINKING if not self._is_asked:
                text = self._words.text if self._words.turn == self.turn else ""
                self._heard(self.turn, text, now)
            case State.THINKING:
                self._apologise(now)
            case State.SPEAKING:
                self._speaking_overdue(now)

    def _break_silence(self, now: float) -> None:
        self.turn += 1
        if self._is_nudged:
            self._speak_alone(self._phrases.silence_farewell, now)
        else:
            self._is_nudged = True
            self._speak_alone(self._phrases.nudge, now)

    def _speaking_overdue(self, now: float) -> None:
        for saying in self._reply.open_sayings:
            if now >= saying.due_at:
                self._close(saying, is_heard=True)  # written long ago: the peer returns no marks
        if now < self._progress_at + self._patience_s:
            return
        for saying in self._reply.open_sayings:
            self._close(saying, is_heard=False)
        if not self._reply.is_complete:
            self._apologise(now)

    @property
    def _patience_s(self) -> float:
        """How long a reply may make no progress: while something is being said, or while more is being thought."""
        return SPEAKING_S if self._reply.open_sayings else THINKING_S

    def _enter(self, state: State, now: float) -> None:
        if state is State.LISTENING and self.state is State.SPEAKING and not self._is_nudged:
            self._quiet_from = now
        self.state = state
        self._progress_at = now

    def _settle(self, now: float) -> list[Command]:
        """The joint rule, the next deadline, and what came of the event."""
        if self.state is State.SPEAKING and self._reply.is_over:
            self._reply_over(now)
        self.deadline = self._next_deadline()
        out, self._out = self._out, []
        return out

    def _reply_over(self, now: float) -> None:
        if self._reply.then is Then.TRANSFER:
            self._end(Ending.TRANSFER)
        elif self._reply.then is Then.HANG_UP:
            farewells = {self._phrases.silence_farewell: Ending.SILENCE, self._phrases.limit_farewell: Ending.LIMIT}
            self._end(farewells.get(self._reply.sayings[-1].sentence, Ending.HANG_UP))
        elif self._unanswered:
            self.turn += 1
            self._ask(now)
        else:
            self._enter(State.LISTENING, now)

    def _next_deadline(self) -> float:
        match self.state:
            case State.LISTENING:
                return self._quiet_from + (SILENCE_S if self._is_nudged else NUDGE_S)
            case State.HEARING:
                return self._progress_at + (UTTERANCE_CAP_S if self._is_voiced else KEY_PAUSE_S)
            case State.THINKING:
                return self._progress_at + (THINKING_S if self._is_asked else WORDS_S)
            case State.SPEAKING:
                due = min((saying.due_at for saying in self._reply.open_sayings), default=math.inf)
                return min(due, self._progress_at + self._patience_s)
        return math.inf

    def _end(self, ending: Ending) -> None:
        if self.state in (State.THINKING, State.SPEAKING):
            self._out.append(Cancel())
        self.state = State.ENDED
        self._out.append(End(ending))


def _join(first: str, second: str) -> str:
    return f"{first} {second}".strip()
