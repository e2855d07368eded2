"""Makes the first caller's turn as quick as the hundredth: what is built at first use is built before the server is
ready."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from server.agents.agent_factory import agent_for
from server.agents.context import CallContext
from server.agents.mind import Mind
from server.agents.rehearsal import rehearsing
from server.agents.runner import Receptionist, open_receptionist
from server.calendar.models import BusinessFacts
from server.calls.models import ToolCall
from server.calls.record import CallRecord
from server.clock import Clock

if TYPE_CHECKING:
    from server.calendar.booking import Bookings

SMALL_TALK = "מה שלומכם?"
LINES = ("שלום", "כמה עולה טיפול של שעה ומה השעות שלכם ביום שישי?", "אני רוצה לקבוע תור למחר בעשר")


class _Unrecorded(CallRecord):
    """A record of a call that is none."""

    def __init__(self) -> None:
        self.call_sid = "warm-up"

    def tool_called(self, turn: int, call: ToolCall) -> None:
        pass


async def warm_up(facts: BusinessFacts, bookings: Bookings, clock: Clock, mind: Mind | None = None) -> bool:
    """Go once through a call that books nothing with each brain, and reach the cloud model's server; whether it
    answered."""
    call = CallContext("warm-up", facts, None, bookings, _Unrecorded(), clock)
    await _talk(open_receptionist(call), LINES)
    if mind is None:
        return True
    for must_use_tool in (True, False):
        agent_for(mind.options, must_use_tool=must_use_tool)
    rehearsal = rehearsing(mind)
    await _talk(open_receptionist(replace(call, mind=rehearsal)), (SMALL_TALK,))
    await rehearsal.close()
    return await mind.warm_up()


async def _talk(brain: Receptionist, lines: tuple[str, ...]) -> None:
    for turn, line in enumerate(lines, start=1):
        async for _ in brain.ask(turn, line):
            brain.completeness(line)
