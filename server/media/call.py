"""One phone call: joins ears, brain and voice to the turn machine.

Everything here runs on the hub and never waits; coroutines of brain and voice run on the loop and come back by
`runtime.post`. The machine decides, this does.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from server import metrics, runtime
from server.calls.models import Ending, Outcome, Phrases, ToolCall
from server.calls.record import CallRecord
from server.clock import Clock
from server.log import get_logger
from server.media import events as e
from server.media.endpoint import END_SILENCE_MS
from server.media.messages import Composer
from server.media.playout import Playout
from server.media.ports import Brain, Recogniser, RecognitionStream, TakesText, Voice
from server.media.sender import Sender
from server.media.silero import SpeechProbability
from server.media.speaker import Speaker
from server.media.turn_log import TurnLog
from server.media.turns import State, TurnMachine
from server.media.vad import VoiceActivity

PREROLL_BYTES = 2400
"""300 ms of sound from before speech was noticed, so that the recogniser gets the first syllable."""

FEED_BYTES = 800
"""The recogniser is fed 100 ms at a time."""

log = get_logger(__name__)


class CallBrain(Brain, Protocol):
    """What a call needs of its brain besides answers."""

    @property
    def phrases(self) -> Phrases: ...

    @property
    def outcome(self) -> Outcome | None: ...

    @property
    def hints(self) -> tuple[str, ...]: ...

    def tool_calls(self, turn: int) -> tuple[ToolCall, ...]: ...


@dataclass(frozen=True, slots=True)
class CallParts:
    """The world of one call."""

    brain: CallBrain
    recogniser: Recogniser
    voice: Voice
    record: CallRecord
    clock: Clock


class Call:
    """Is told what comes in (`audio`, `key`, `mark`, `hung_up`), and writes to the line by itself."""

    def __init__(
        self,
        parts: CallParts,
        composer: Composer,
        send: Callable[[str], object],
        on_end: Callable[[Ending], object],
    ) -> None:
        """`send` writes a message whole or raises `LineClosed`; `on_end` is told when the line is to be closed."""
        self._brain = parts.brain
        self._record = parts.record
        self._clock = parts.clock
        self._on_end = on_end
        self._machine = TurnMachine(parts.brain.phrases)
        self._events: deque[e.Event] = deque()
        self._is_handling = False
        self._timer: Any = None
        self._timer_at = 0.0
        self._asking: runtime.Running | None = None
        self._probability = SpeechProbability()
        self._activity = VoiceActivity()
        self._end_silence_ms = END_SILENCE_MS["open"]
        self._preroll = b""
        self._unfed = b""
        playout = Playout()
        self._log = TurnLog(parts.record, parts.brain.tool_calls, playout, parts.clock)
        self._ears: RecognitionStream = parts.recogniser.open(parts.brain.hints, self._on_words, self._on_heard)
        self._speaker = Speaker(
            parts.voice,
            playout,
            parts.clock,
            on_sound=lambda: self._sender.wake(),
            on_done=self._log.synthesised,
            on_failed=lambda key: self.handle(e.Unspeakable(key)),
        )
        self._sender = Sender(playout, composer, send, self.handle, self._speaker.offer, parts.clock)
        self._playout = playout

    # ------------------------------------------------------------- from the line

    def begin(self) -> None:
        """Pick up."""
        metrics.calls_in_progress.inc()
        runtime.spawn(self._write)
        self._do_all(self._machine.begin(self._clock.monotonic()))

    def audio(self, mulaw: bytes) -> None:
        """Sound of the caller, in order, any amount."""
        if self._machine.state is State.ENDED:
            return
        for probability in self._probability.feed(mulaw):
            self._activity.feed(probability)
            self._watch_voice()
        if self._machine.state is State.HEARING:
            self._unfed += mulaw
            self._feed_ears(FEED_BYTES)
        else:
            self._preroll = (self._preroll + mulaw)[-PREROLL_BYTES:]

    def key(self, digit: str) -> None:
        self.handle(e.KeyPressed(digit))

    def mark(self, name: str) -> None:
        """A mark came back; names that are none of ours mean nothing."""
        key = name.rpartition(":")[2]
        if key.isdecimal():
            self.handle(e.Played(int(key)))

    def says(self, text: str) -> bool:
        """The caller's side tells what is about to be said; false when the recogniser is not a simulated one."""
        if not isinstance(self._ears, TakesText):
            return False
        self._ears.say(text)
        return True

    def hung_up(self) -> None:
        self.handle(e.Stopped())

    # -------------------------------------------------------------------- voice

    def _watch_voice(self) -> None:
        if self._activity.is_speaking and self._machine.accepts_speech(self._clock.monotonic()):
            if self._machine.state is not State.HEARING:
                self.handle(e.SpeechBegan())
            if self._activity.silence_ms == 0:
                self.handle(e.Voiced())
        if self._machine.state is State.HEARING and self._activity.silence_ms >= self._end_silence_ms:
            self._log.declared(self._activity.silence_ms)
            self.handle(e.UtteranceEnded())

    def _feed_ears(self, at_least: int) -> None:
        while len(self._unfed) >= at_least and self._unfed:
            self._ears.feed(self._unfed[:FEED_BYTES])
            self._unfed = self._unfed[FEED_BYTES:]

    def _on_words(self, turn: int, text: str) -> None:
        if turn == self._machine.turn and self._machine.state is State.HEARING:
            self._end_silence_ms = END_SILENCE_MS[self._brain.completeness(text)]
            runtime.call_on_loop(self._brain.overhears, text)
        self.handle(e.Words(turn, text))

    def _on_heard(self, turn: int, text: str) -> None:
        self.handle(e.Heard(turn, text))

    # --------------------------------------------------------------- turn machine

    def handle(self, event: e.Event) -> None:
        """Let the machine decide and do what it says; an event from within a command waits its turn."""
        self._events.append(event)
        if self._is_handling:
            return
        self._is_handling = True
        try:
            while self._events:
                event = self._events.popleft()
                self._log.happened(event)
                self._do_all(self._machine.handle(event, self._clock.monotonic()))
        finally:
            self._is_handling = False

    def _do_all(self, commands: list[e.Command]) -> None:
        for command in commands:
            try:
                self._do(command)
            except Exception:  # the turn's door: a fault costs this command, not the call
                log.exception("command failed", command=type(command).__name__)
        state = self._machine.state
        self._activity.is_eager = state is not State.SPEAKING  # nothing sounds that a cough could cut off
        if state is State.LISTENING:
            self._log.close()
        self._set_timer()

    def _do(self, command: e.Command) -> None:
        match command:
            case e.Begin(turn):
                self._end_silence_ms = END_SILENCE_MS["open"]
                self._ears.begin(turn)
                self._unfed, self._preroll = self._preroll, b""
            case e.Finish(turn):
                self._feed_ears(1)
                self._ears.finish(turn)
            case e.Note(turn, text):
                self._record.caller_said(turn, text)
            case e.Ask(turn, text):
                self._log.asked(turn)
                self._asking = runtime.on_loop(self._ask(turn, text))
            case e.Cancel():
                self._cancel()
            case e.Speak():
                self._speak(command)
            case e.Clear():
                metrics.barge_ins.inc()
                self._speaker.clear()
                self._playout.clear()
                self._sender.wake()
                self._log.close()
            case e.NoteHeard(turn, text):
                self._note_heard(turn, text)
            case e.NoteCut():
                self._note_cut(command)
            case e.End(ending):
                self._end(ending)

    def _set_timer(self) -> None:
        """Have the machine's deadline noticed; a timer that fires early is set anew."""
        deadline = self._machine.deadline
        if self._timer is not None and self._timer_at <= deadline:
            return
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if deadline != float("inf"):
            self._timer_at = deadline
            self._timer = runtime.later(deadline - self._clock.monotonic(), self._on_timer)

    def _on_timer(self) -> None:
        self._timer = None
        self.handle(e.TimePassed())

    # --------------------------------------------------------------------- brain

    async def _ask(self, turn: int, text: str) -> None:
        """On the loop: one run of the brain."""
        try:
            async for sentence in self._brain.ask(turn, text):
                self._post(e.Answered(turn, sentence))
        except Exception:
            log.exception("brain failed", turn=turn)
            metrics.fallbacks.labels("brain", "failed").inc()
            self._post(e.ReplyFailed(turn))
        else:
            self._post(e.ReplyEnded(turn))

    def _post(self, event: e.Event) -> None:
        runtime.post(lambda: self.handle(event))

    def _cancel(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None

    # --------------------------------------------------------------------- voice

    def _speak(self, command: e.Speak) -> None:
        if command.is_new:
            self._record.agent_says(command.turn, command.sentence.text)
        self._log.speaks(command.turn, command.key, is_filler=command.sentence.is_filler)
        self._speaker.say(command.key, command.turn, command.sentence.spoken)

    def _note_heard(self, turn: int, text: str) -> None:
        self._record.agent_heard(turn, text)
        runtime.call_on_loop(self._brain.heard, turn, text)

    def _note_cut(self, cut: e.NoteCut) -> None:
        """What was heard of a sentence that is cut: in proportion to its sound that was played."""
        now = self._clock.monotonic()
        ahead_frames = max(0.0, self._playout.heard_until - now) / 0.02
        played = max(0.0, self._sender.frames_written.get(cut.key, 0) - ahead_frames)
        words = cut.text.split()
        made = max(self._speaker.frames_made.get(cut.key, 0), len(words) * 15)
        count = int(len(words) * played / made) if made else 0
        part = f"{' '.join(words[:count])}…" if count else ""
        self._note_heard(cut.turn, f"{cut.heard} {part}".strip())

    def _write(self) -> None:
        """The sender's greenlet; when the line is closed, so is the call."""
        try:
            self._sender.run()
        finally:
            self.handle(e.Stopped())

    # ----------------------------------------------------------------------- end

    def _end(self, ending: Ending) -> None:
        self._log.close()
        outcome = final_outcome(ending, self._brain.outcome)
        self._record.ended(outcome, ending)
        metrics.calls.labels(outcome.value).inc()
        metrics.calls_in_progress.dec()
        self._speaker.clear()
        self._sender.close()
        self._ears.close()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._on_end(ending)


def final_outcome(ending: Ending, achieved: Outcome | None) -> Outcome:
    """The one outcome of a call: what was achieved, else how it ended."""
    if achieved is not None and achieved is not Outcome.ANSWERED:
        return achieved
    by_ending = {
        Ending.SILENCE: Outcome.SILENCE,
        Ending.LIMIT: Outcome.LIMIT,
        Ending.TRANSFER: Outcome.HANDOFF,
        Ending.HANG_UP: Outcome.ANSWERED,
        Ending.STOPPED: achieved or Outcome.HANGUP,
    }
    return by_ending[ending]
