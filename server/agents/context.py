"""What one call brings along, and what it gathers while it runs."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from server.agents.memory import Conversation, Line
from server.agents.vocabulary import vocabulary_of
from server.calendar.models import Actor, Appointment, BusinessFacts, Found, Refusal, SlotQuery, Source
from server.calls.models import Outcome, ToolCall
from server.calls.record import CallRecord
from server.clock import Clock
from server.hebrew.models import Vocabulary

if TYPE_CHECKING:
    from server.agents.mind import Mind
    from server.calendar.booking import Bookings

_RANKS = (Outcome.ANSWERED, Outcome.HANDOFF, Outcome.MESSAGE, Outcome.CANCELLED, Outcome.CHANGED, Outcome.BOOKED)


@dataclass(frozen=True, slots=True)
class CallContext:
    """One call. `caller_number` is E.164, None when it is withheld; without a `mind` the offline brain answers.

    `facts` are loaded on a worker thread before the call is answered.
    """

    call_sid: str
    facts: BusinessFacts
    caller_number: str | None
    bookings: Bookings
    record: CallRecord
    clock: Clock
    mind: Mind | None = None


@dataclass(slots=True)
class Session:
    """A call as its tools see it: authority comes from here and never from an argument.

    Touched on the loop only. `numbers[i]` is the appointment that tools call `i + 1` in this call.
    """

    call: CallContext
    conversation: Conversation = field(default_factory=Conversation)
    turn: int = 0
    numbers: list[int] = field(default_factory=list)
    made: set[int] = field(default_factory=set)
    booked: set[int] = field(default_factory=set)  # made in this call and still standing
    achievements: set[Outcome] = field(default_factory=set)
    tool_calls: dict[int, list[ToolCall]] = field(default_factory=dict)
    writing: set[asyncio.Task[str]] = field(default_factory=set)
    deed: asyncio.Lock = field(default_factory=asyncio.Lock)  # held while the diary is changed: one deed at a time
    instructions: Callable[[], str] = str
    prefetched: tuple[SlotQuery, float, Found | Refusal] | None = None  # asked ahead, and when (the loop's seconds)
    vocabulary: Vocabulary = field(init=False)

    def __post_init__(self) -> None:
        self.vocabulary = vocabulary_of(self.call.facts)

    @property
    def business_id(self) -> int:
        return self.call.facts.business.id

    @property
    def actor(self) -> Actor:
        return Actor(Source.CALL, self.call.call_sid, self.call.caller_number)

    @property
    def now(self) -> dt.datetime:
        """The moment, aware, in the business's zone."""
        return self.call.clock.now().astimezone(self.call.facts.business.zone)

    @property
    def is_at_work(self) -> bool:
        """Whether a tool of this turn has not answered yet."""
        return any(step.output is None for step in self.conversation.steps(self.turn))

    async def settle(self, patience_s: float) -> None:
        """Wait for what an interrupted run is still writing."""
        if self.writing:
            await asyncio.wait(tuple(self.writing), timeout=patience_s)

    def number_of(self, appointment: Appointment) -> int:
        """What tools call this appointment in this call, from 1 on."""
        if appointment.id not in self.numbers:
            self.numbers.append(appointment.id)
        return self.numbers.index(appointment.id) + 1

    @property
    def outcome(self) -> Outcome | None:
        """The best that was done; a booking counts while it stands."""
        counting = self.achievements - (set() if self.booked else {Outcome.BOOKED})
        return max(counting, key=_RANKS.index, default=None)

    def said_phones(self) -> tuple[str, ...]:
        """Phone numbers that the caller dictated, E.164, newest first."""
        return tuple(phone for line in self._lines() if (phone := line.understanding.phone))

    def said_names(self) -> tuple[str, ...]:
        return tuple(name for line in self._lines() if (name := line.understanding.name))

    def _lines(self) -> list[Line]:
        return [entry for entry in reversed(self.conversation.entries) if isinstance(entry, Line)]
