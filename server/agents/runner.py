"""The brain of one call: hears the caller's words, has a reply made over the whole conversation, and speaks it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Literal

from server import metrics
from server.agents.context import CallContext, Session
from server.agents.dialogue import Dialogue, read
from server.agents.instructions import instructions, known_details
from server.agents.leaving import has_taken_leave, is_farewell
from server.agents.memory import Line, Reply, Step
from server.agents.phrases import CLARIFY, phrases_of, sentence, without_filler
from server.agents.prefetch import Prefetch
from server.agents.questions import asked_by
from server.agents.replying import Replier
from server.calls.models import Outcome, Phrases, Sentence, Then, ToolCall
from server.hebrew.completeness import completeness
from server.hebrew.models import Asked
from server.hebrew.understand import understand
from server.log import get_logger

WRITE_PATIENCE_S = 2.0
"""How long a new turn waits for a tool that an interrupted one left writing."""

log = get_logger(__name__)


def open_receptionist(call: CallContext) -> Receptionist:
    """The brain of a call that is about to be answered; costs nothing that would keep the caller waiting."""
    return Receptionist(call)


class Receptionist:
    """Understands and answers one call (the `Brain` of `media.ports`). All but `completeness` runs on the loop."""

    def __init__(self, call: CallContext) -> None:
        self._call = call
        self._session = Session(call)
        self._session.instructions = self._instructions
        self._replier = Replier(self._session)
        self._prefetch = Prefetch(self._session)
        self.phrases: Phrases = phrases_of(call.facts.business)
        self._asked: Asked | None = None  # read on the hub
        self._had_filler = False
        self._filler_turn: int | None = None  # the last that began with a filler
        self._comes = asyncio.Event()

    @property
    def outcome(self) -> Outcome | None:
        """The best that was done in the call so far."""
        return self._session.outcome

    @property
    def hints(self) -> tuple[str, ...]:
        """Words for the recogniser to expect."""
        facts = self._call.facts
        services = [word for s in facts.services for word in (s.name, *s.aliases)]
        return (*services, *(person.name for person in facts.staff), "תור", "לבטל", "להזיז", "דקות", "שעה וחצי")

    def tool_calls(self, turn: int) -> tuple[ToolCall, ...]:
        return tuple(self._session.tool_calls.get(turn, ()))

    def heard(self, turn: int, text: str) -> None:
        """What the caller has heard so far of the reply of `turn`."""
        self._session.conversation.heard(turn, without_filler(text) if turn == self._filler_turn else text)

    def overhears(self, words: str) -> None:
        """What is heard so far of the utterance going on (called on the loop)."""
        if self._call.mind is None:
            return
        try:
            self._prefetch.overhears(words)
        except Exception:  # a guess ahead must not disturb the call
            log.exception("overhearing failed", call_sid=self._call.call_sid)

    def completeness(self, words: str) -> Literal["complete", "open", "unfinished"]:
        """How finished the words look as an answer to the question just asked."""
        return completeness(words, self._asked)

    async def ask(self, turn: int, text: str) -> AsyncIterator[Sentence]:
        """Answer the caller's words. Never raises: what fails ends in a sentence.

        When nothing can be said in time a filler comes first, once a turn and never in two turns running.
        """
        due_at = asyncio.get_running_loop().time() + self._replier.filler_s
        await self._session.settle(WRITE_PATIENCE_S)
        self._prefetch.begin()
        self._session.turn = turn
        self._hear(turn, text)
        may_fill, self._had_filler = not self._had_filler, False
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        making = asyncio.create_task(self._make(turn, queue, may_fill=may_fill))
        try:
            if may_fill and not await self._is_in_time(queue, due_at):
                self._had_filler, self._filler_turn = True, turn
                metrics.fillers.inc()
                yield self.phrases.filler
            said, part = "", await queue.get()
            while part is not None:
                said = f"{said} {part}"
                then = self._then(turn, said)
                following = await queue.get() if then is Then.HANG_UP else None
                yield sentence(part, then if following is None else Then.LISTEN)  # only the last words end a call
                part = following or (None if then is Then.HANG_UP else await queue.get())
        finally:
            making.cancel()
        self._asked = self._asked_now()

    async def _make(self, turn: int, queue: asyncio.Queue[str | None], *, may_fill: bool) -> None:
        """Put the sentences of the reply into the queue, and None at its end, whatever happens."""
        has_spoken = False
        try:
            async for text in self._replier.reply(may_fill=may_fill):
                has_spoken = True
                self._session.conversation.say(turn, text)
                queue.put_nowait(text)
                self._comes.set()
        except Exception:  # the turn's door: a caller always gets an answer
            log.exception("reply failed", call_sid=self._call.call_sid, turn=turn)
            metrics.fallbacks.labels("brain", "exception").inc()
        if not has_spoken:
            self._session.conversation.say(turn, CLARIFY)
            queue.put_nowait(CLARIFY)
        queue.put_nowait(None)
        self._comes.set()

    async def _is_in_time(self, queue: asyncio.Queue[str | None], due_at: float) -> bool:
        """Whether something can be said before a filler is due."""
        loop = asyncio.get_running_loop()
        while queue.empty():
            if loop.time() >= due_at:
                return False
            self._comes.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._comes.wait(), due_at - loop.time())
        return True

    def _hear(self, turn: int, text: str) -> None:
        text = self._unspoken_part(text)
        stand = self._read()
        asked = asked_by(stand.question, stand.offers)
        u = understand(text, self._session.now, asked, self._session.vocabulary, stand.offers)
        if stand.phone_pieces and u.phone is None:
            whole = understand(f"{stand.phone_pieces} {text}", self._session.now, asked, self._session.vocabulary)
            u = replace(u, phone=whole.phone, is_phone_unclear=whole.is_phone_unclear)
        self._session.conversation.hear(Line(turn, text, u))

    def _unspoken_part(self, text: str) -> str:
        """Words that were never answered come again with the new ones: they take the older line's place, unless
        a tool has already acted on them. An answer of which nothing was heard is none."""
        conversation = self._session.conversation
        line = conversation.last_line
        since = conversation.since(line) if line is not None else ()
        if line is None or not text.startswith(line.text) or any(isinstance(e, Reply) and e.heard for e in since):
            return text
        has_acted = any(isinstance(e, Step) and e.is_write and e.result().get("ok") for e in since)
        if has_acted:
            return text[len(line.text) :].strip() or text
        conversation.drop(line)
        return text

    def _read(self) -> Dialogue:
        return read(self._session.conversation.entries, self._session.now.date())

    def _asked_now(self) -> Asked | None:
        stand = self._read()
        return asked_by(stand.question, stand.offers)

    def _then(self, turn: int, said: str) -> Then:
        steps = self._session.conversation.steps(turn)
        if any(step.name == "transfer_to_human" and step.result().get("transfer") for step in steps):
            return Then.TRANSFER
        entries = self._session.conversation.entries
        is_end = is_farewell(said) and has_taken_leave(entries, self._call.facts, self._session.now)
        return Then.HANG_UP if is_end else Then.LISTEN

    def _instructions(self) -> str:
        names = self._session.said_names()
        known = known_details(self._call.caller_number, names[0] if names else None)
        return instructions(self._call.facts, self._session.now, known)
