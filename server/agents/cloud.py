"""One attempt of the cloud model at a reply: streams its sentences as they are written."""

from __future__ import annotations

import asyncio
import json
import re
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
from server.agents.mind import Mind

_END = re.compile(r"[.!?]+(?=\s)|\n+")


class CloudFailed(Exception):
    """The model gave no reply; `code` says why: timeout, connection, an HTTP status, refusal, empty, loop, output."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def is_quick_to_retry(self) -> bool:
        return self.code in ("connection", "429", "500", "502", "503", "output", "empty", "failed", "retry")


async def stream_sentences(
    session: Session, mind: Mind, *, must_use_tool: bool, note: str = ""
) -> AsyncGenerator[str, None]:
    """Run the agent once; `note` is a word to the model about its last draft. Raises CloudFailed."""
    items = session.conversation.items()
    if note:
        items.append({"role": "developer", "content": note})
    result = Runner.run_streamed(
        agent_for(must_use_tool=must_use_tool, has_temperature=mind.has_temperature),
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
    try:
        has_text = False
        async for sentence in _sentences(result.stream_events()):
            has_text = True
            yield sentence
        if not has_text:
            raise CloudFailed("empty")
    except CloudFailed:
        raise
    except Exception as error:  # servers and the packages in between fail in more ways than they name
        raise _failed(error, mind) from error
    finally:
        result.cancel(mode="immediate")


async def _sentences(events: AsyncIterator[Any]) -> AsyncIterator[str]:
    """Whole sentences out of text deltas; what is left when a message ends counts as one."""
    waiting = ""
    async for event in events:
        if event.type == "raw_response_event" and event.data.type == "response.output_text.delta":
            waiting += event.data.delta
            while end := _END.search(waiting):
                sentence, waiting = waiting[: end.end()], waiting[end.end() :]
                if sentence.strip():
                    yield sentence.strip()
        elif event.type == "run_item_stream_event" and event.name == "message_output_created":
            if waiting.strip():
                yield waiting.strip()
            waiting = ""
    if waiting.strip():
        yield waiting.strip()


def _tool_error(args: ToolErrorFormatterArgs[Any]) -> str:
    """What a model reads of a tool that does not exist."""
    message = "There is no such tool. Use one of your tools, or ask the caller one short question."
    return json.dumps({"ok": False, "error": "validation_error", "message": message} | {"kind": args.kind})


def _failed(error: Exception, mind: Mind) -> CloudFailed:
    if isinstance(error, BadRequestError) and "temperature" in str(error) and mind.has_temperature:
        mind.has_temperature = False  # some models refuse the parameter; found out once a process
        return CloudFailed("retry")
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
