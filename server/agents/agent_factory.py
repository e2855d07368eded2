"""The one agent of the process, with all its tools; which model runs it is said run by run."""

from __future__ import annotations

from functools import cache

from agents import Agent, RunContextWrapper, set_tracing_disabled

from server.agents.context import Session
from server.agents.model_options import ModelOptions
from server.agents.tools_business import business_tools
from server.agents.tools_calendar import calendar_tools

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
        model_settings=ModelOptions().settings(must_use_tool=False),
    )


@cache
def agent_for(options: ModelOptions, *, must_use_tool: bool) -> Agent[Session]:
    """The agent with the settings of one kind of run. Settings given with a run would be parsed anew each time, and
    can replace an option but not take it away."""
    return receptionist_agent().clone(model_settings=options.settings(must_use_tool=must_use_tool))


def _instructions(context: RunContextWrapper[Session], _: Agent[Session]) -> str:
    return context.context.instructions()
