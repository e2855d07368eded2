"""One attempt of the cloud model at a reply: streams its sentences as they are written, the first clause ahead."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any, cast

from agents import (
    MaxTurnsExceeded,
    ModelBehaviorError,
    ModelRefusalError,
    RunConfig,
    Runner,
    ToolErrorFormatterArgs,
)
from openai import APIConnectionError, APIStatusError, APITimeoutError, BadRequestError

from server.agents.agent_factory import STEP_LIMIT, agent_for
from server.agents.context import Session
from server.agents.drafts import Draft, Drafts
from server.agents.mind import Mind
from server.agents.model_options import option_named
from server.agents.watch import Patience, Watch

ANOTHER_WAY = "retry"
"""Not a failure of the model: it is asked again at once without an option that it refuses."""

LATE = "late"
"""The model gave signs of life, but the caller's patience was at its end."""

PASSING = ("timeout", "connection", "429", "500", "502", "503", "output", "empty", "failed", ANOTHER_WAY)
"""Failures that the next attempt may well not meet."""


class CloudFailed(Exception):
    """The model gave no reply; `code` says why: timeout, connection, an HTTP status, refusal, empty, loop, output."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def is_passing(self) -> bool:
        return self.code in PASSING


async def stream_drafts(
    session: Session, mind: Mind, patience: Patience, *, must_use_tool: bool, note: str = ""
) -> AsyncGenerator[Draft, None]:
    """Run the agent once; `note` is a word to the model about its last draft. Raises CloudFailed."""
    items = session.conversation.items()
    if note:
        items.append({"role": "developer", "content": note})
    result = Runner.run_streamed(
        agent_for(mind.options, must_use_tool=must_use_tool),
        cast(list[Any], items),
        context=session,
        max_turns=STEP_LIMIT,
        run_config=RunConfig(
            model=mind.model,
            tracing_disabled=True,
            tool_not_found_behavior="return_error_to_model",
            tool_error_formatter=_tool_error,
        ),
    )
    watch = Watch(patience, lambda: session.is_at_work, lambda: result.cancel(mode="immediate"))
    try:
        has_text = False
        async for draft in _drafts(result.stream_events(), watch):
            has_text = True
            yield draft
        if not has_text:
            raise CloudFailed("empty")
    except CloudFailed:
        raise
    except Exception as error:  # servers and the packages in between fail in more ways than they name
        raise _failed(error, mind) from error
    finally:
        watch.close()
        result.cancel(mode="immediate")


async def _drafts(events: AsyncIterator[Any], watch: Watch) -> AsyncIterator[Draft]:
    """Text deltas as drafts; every event of the model is a sign of life."""
    drafts = Drafts()
    async for event in events:
        if event.type != "agent_updated_stream_event":  # which comes before the model is asked
            watch.sign()
        if event.type == "raw_response_event" and event.data.type == "response.output_text.delta":
            for draft in drafts.add(event.data.delta):
                yield Draft(paired(draft.text), draft.is_whole)
        elif event.type == "run_item_stream_event" and event.name == "message_output_created":
            for draft in drafts.end():
                yield Draft(paired(draft.text))
    if watch.is_over:
        raise CloudFailed(LATE if watch.is_late else "timeout")
    for draft in drafts.end():
        yield Draft(paired(draft.text))


def paired(text: str) -> str:
    """Text whose halves of a character, which may have come in two pieces, are joined; a half without the other
    becomes a mark that can be written and spoken over."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _tool_error(args: ToolErrorFormatterArgs[Any]) -> str:
    """What a model reads of a tool that does not exist."""
    message = "There is no such tool. Use one of your tools, or ask the caller one short question."
    return json.dumps({"ok": False, "error": "validation_error", "message": message} | {"kind": args.kind})


def _failed(error: Exception, mind: Mind) -> CloudFailed:
    if isinstance(error, BadRequestError):
        option = option_named(str(error))
        if option is not None and option not in mind.options.refused:
            mind.options = mind.options.without(option)  # found out once a process
            return CloudFailed(ANOTHER_WAY)
    if isinstance(error, APIStatusError):
        return CloudFailed(str(error.status_code))
    if isinstance(error, APITimeoutError | asyncio.TimeoutError):
        return CloudFailed("timeout")
    if isinstance(error, APIConnectionError | OSError):
        return CloudFailed("connection")
    if isinstance(error, MaxTurnsExceeded):
        return CloudFailed("loop")
    if isinstance(error, ModelRefusalError):
        return CloudFailed("refusal")
    return CloudFailed("output" if isinstance(error, ModelBehaviorError | ValueError) else "failed")
