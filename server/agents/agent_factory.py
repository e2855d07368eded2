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
        model_settings=_settings(must_use_tool=False, has_temperature=True),
    )


@cache
def agent_for(*, must_use_tool: bool, has_temperature: bool) -> Agent[Session]:
    """The agent with the settings of one kind of run. Settings given with a run would be parsed anew each time, and
    can replace a temperature but not take it away."""
    return receptionist_agent().clone(
        model_settings=_settings(must_use_tool=must_use_tool, has_temperature=has_temperature)
    )


def _settings(*, must_use_tool: bool, has_temperature: bool) -> ModelSettings:
    """`tool_choice` "required" holds for the first step of a run; after it the SDK lets the model speak."""
    return ModelSettings(
        temperature=TEMPERATURE if has_temperature else None,
        max_tokens=OUTPUT_TOKENS,
        parallel_tool_calls=False,
        store=False,
        tool_choice="required" if must_use_tool else None,
    )


def _instructions(context: RunContextWrapper[Session], _: Agent[Session]) -> str:
    return context.context.instructions()
