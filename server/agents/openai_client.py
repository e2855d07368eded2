"""The openai package's client without its dearest step, and with an end to answers that were broken off.

Before each request it walks through every message and every schema of a tool, looking for names to translate. Ours
are in the API's own form already, and the walk took more than half of the CPU of a turn; so they go round it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import cached_property
from typing import Any

from agents import ModelBehaviorError
from openai import AsyncOpenAI, AsyncStream
from openai.resources.chat import AsyncChat
from openai.resources.chat.completions import AsyncCompletions
from openai.resources.responses import AsyncResponses

BROKEN_OFF = ("length", "content_filter")


class PlainClient(AsyncOpenAI):
    """Sends messages, input and tools as they are given."""

    @cached_property
    def chat(self) -> AsyncChat:
        return _Chat(self)

    @cached_property
    def responses(self) -> AsyncResponses:
        return _Responses(self)


class _Chat(AsyncChat):
    @cached_property
    def completions(self) -> AsyncCompletions:
        return _Completions(self._client)


class _Completions(AsyncCompletions):
    async def create(self, **options: Any) -> Any:
        answer = await super().create(**_as_given(options, ("messages", "tools")))
        return _Whole(answer) if isinstance(answer, AsyncStream) else answer


class _Whole:
    """A stream of Chat Completions that fails where the model was broken off: "עולה 35" may have been 350."""

    def __init__(self, stream: AsyncStream[Any]) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[Any]:
        async for chunk in self._stream:
            for choice in chunk.choices or ():
                if choice.finish_reason in BROKEN_OFF:
                    raise ModelBehaviorError(f"the answer was broken off: {choice.finish_reason}")
            yield chunk

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class _Responses(AsyncResponses):
    async def create(self, **options: Any) -> Any:
        return await super().create(**_as_given(options, ("input", "tools")))


def _as_given(options: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """Lists of these names moved to the body as it is sent; empty ones stay in their place, for the type check."""
    given = {name: options[name] for name in names if isinstance(options.get(name), list)}
    body = {**(options.get("extra_body") or {}), **given}
    return {**options, **{name: [] for name in given}, "extra_body": body or None}
