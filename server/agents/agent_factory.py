"""The one agent of the process, with all its tools; which model runs it is said run by run."""

from __future__ import annotations

from functools import cache

from agents import Agent, ModelSettings, RunContextWrapper, set_tracing_disabled

from server.agents.context import Session
from server.agents.tools_business import business_tools
from server.agents.tools_calendar import calendar_tools

TEMPERATURE = 0.2
OUTPUT_TOKENS = 200
STEP_LIMIT = 8
"""Model calls in one run; the longest honest one needs five."""


@cache
def receptionist_agent() -> Agent[Session]:
    """Built once; what differs from call to call comes through the context of the run."""
    set_tracing_disabled(True)  # traces would leave the house with the caller's words in them
    return Agent[Session](
        name="receptionist",
        instructions=_instructions,
        tools=[*calendar_tools(), *business_tools()],
        # The temperature is set run by run: a setting of a run can replace one of the agent, but not remove it.
        model_settings=ModelSettings(max_tokens=OUTPUT_TOKENS, parallel_tool_calls=False, store=False),
    )


def _instructions(context: RunContextWrapper[Session], _: Agent[Session]) -> str:
    return context.context.instructions()
