"""The openai package's client without its dearest step.

Before each request it walks through every message and every schema of a tool, looking for names to translate. Ours
are in the API's own form already, and the walk took more than half of the CPU of a turn; so they go round it.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from openai import AsyncOpenAI
from openai.resources.chat import AsyncChat
from openai.resources.chat.completions import AsyncCompletions
from openai.resources.responses import AsyncResponses


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
        return await super().create(**_as_given(options, ("messages", "tools")))


class _Responses(AsyncResponses):
    async def create(self, **options: Any) -> Any:
        return await super().create(**_as_given(options, ("input", "tools")))


def _as_given(options: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """Lists of these names moved to the body as it is sent; empty ones stay in their place, for the type check."""
    given = {name: options[name] for name in names if isinstance(options.get(name), list)}
    body = {**(options.get("extra_body") or {}), **given}
    return {**options, **{name: [] for name in given}, "extra_body": body or None}
