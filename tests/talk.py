"""Words of the trade for tests of the receptionist: a caller talks, the agent answers by the rules of the house."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from typing import Any

from server.agents.context import CallContext
from server.agents.runner import Receptionist, open_receptionist
from server.agents.saying import word_count
from server.calendar.models import Appointment
from server.calls.models import Sentence, Then, ToolCall
from server.calls.record import CallRecord
from tests.desk import Desk

CALLER = "+972541234567"
GREETINGS = re.compile(r"(^|[.!?] )(שלום|היי|בוקר טוב|ערב טוב|הגעתם|ברוכים הבאים)")
SLASHES = re.compile(r"[א-ת]/[א-ת]")
CLAIMS = {
    "קבעתי": "calendar_create_appointment",
    "העברתי": "calendar_reschedule_appointment",
    "שיניתי": "calendar_reschedule_appointment",
    "ביטלתי": "calendar_cancel_appointment",
}


class Notebook(CallRecord):
    """A record that keeps what it is told."""

    def __init__(self, call_sid: str) -> None:
        self.call_sid = call_sid
        self.tools: list[ToolCall] = []

    def tool_called(self, turn: int, call: ToolCall) -> None:
        self.tools.append(call)


@dataclass(frozen=True)
class Answer:
    """A whole reply and the tool calls behind it."""

    sentences: tuple[Sentence, ...]
    tools: tuple[ToolCall, ...]

    @property
    def text(self) -> str:
        return " ".join(sentence.text for sentence in self.sentences if not sentence.is_filler)

    @property
    def then(self) -> Then:
        return self.sentences[-1].then

    @property
    def tool_names(self) -> list[str]:
        return [call.name for call in self.tools]


@dataclass
class PhoneCall:
    """One call to the receptionist; every reply is heard to its end unless a test says otherwise.

    `mind` is a mind, or what makes one on the call's loop; `bookings` stands in for the desk's own.
    """

    desk: Desk
    number: str | None = CALLER
    call_sid: str = "CA00000000000000000000000000000001"
    bookings: Any = None
    mind: Any = None
    answers: list[Answer] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.notebook = Notebook(self.call_sid)
        bookings = self.bookings or self.desk.bookings
        facts = self.desk.bookings.facts(self.desk.business.id)
        self.mind = self.mind(self.loop) if callable(self.mind) else self.mind
        context = CallContext(self.call_sid, facts, self.number, bookings, self.notebook, self.desk.clock, self.mind)
        self.brain: Receptionist = open_receptionist(context)
        self.turn = 0
        self.brain.heard(0, " ".join(sentence.text for sentence in self.brain.phrases.greeting))

    def says(self, text: str, *, hears_all: bool = True) -> Answer:
        """The caller speaks and gets an answer, which must keep the rules of the house."""
        self.turn += 1
        sentences = self.loop.run_until_complete(self._ask(text))
        answer = Answer(sentences, self.brain.tool_calls(self.turn))
        self.answers.append(answer)
        if hears_all:
            self.brain.heard(self.turn, answer.text)
        check_reply(answer, self.notebook.tools)
        return answer

    async def _ask(self, text: str) -> tuple[Sentence, ...]:
        return tuple([sentence async for sentence in self.brain.ask(self.turn, text)])

    def diary(self) -> list[str]:
        """Live appointments, as "MM-DD HH:MM service minutes name"."""
        business = self.desk.business
        today = self.desk.clock.now().astimezone(business.zone).date()
        last = today.replace(year=today.year + 1)
        made = self.desk.bookings.between(business.id, today, last)
        return [_row(self.desk, each) for each in made if each.status != "cancelled"]

    def close(self) -> None:
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()


def _row(desk: Desk, made: Appointment) -> str:
    when = made.starts_at.astimezone(desk.business.zone)
    return f"{when:%m-%d %H:%M} {made.service} {made.minutes} {made.customer_name}"


def check_reply(answer: Answer, tools: list[ToolCall]) -> None:
    """The rules that every reply keeps, whatever was asked."""
    text = answer.text
    assert text, "a reply without words"
    assert word_count(text) <= 24, f"{word_count(text)} words: {text}"
    assert text.count("?") <= 1, f"more than one question: {text}"
    assert not GREETINGS.search(text), f"greets again: {text}"
    assert not SLASHES.search(text), f"slash form: {text}"
    done = {call.name for call in tools if call.ok}
    for word, tool in CLAIMS.items():
        assert word not in text or tool in done, f"claims without a result: {text}"
    for sentence in answer.sentences:
        assert not re.search(r"\d|₪|[A-Za-z]", sentence.spoken), f"not speakable: {sentence.spoken}"
