"""The cloud model of a process: one client, one model, one breaker, the deadlines; shared by all its calls."""

from __future__ import annotations

from dataclasses import dataclass, field

import httpx2
from agents import Model, OpenAIChatCompletionsModel, OpenAIResponsesModel
from openai import AsyncOpenAI

from server.agents.breaker import Breaker
from server.agents.openai_client import PlainClient
from server.agents.watch import Patience

FIRST_ATTEMPT = 0.6
"""The most that a first attempt may take of the turn's time."""


@dataclass(frozen=True, slots=True)
class Deadlines:
    """`attempt_s`: how long the model may give no sign before it is asked again. `filler_s`: until a filler.

    `turn_s`: from the caller's words to the first of the reply, all attempts together, when a filler bridges the wait;
    `bare_turn_s` when none does, so that with the wait for the end of the utterance and the voice it stays below 3 s.
    """

    connect_s: float = 1.0
    attempt_s: float = 1.6
    turn_s: float = 4.4
    bare_turn_s: float = 2.1
    filler_s: float = 0.9

    def patience(self, now: float, *, may_fill: bool) -> Patience:
        """What a turn that begins now may take; a second attempt must have time enough."""
        turn_s = self.turn_s if may_fill else self.bare_turn_s
        return Patience(min(self.attempt_s, turn_s * FIRST_ATTEMPT), now + turn_s)


@dataclass(slots=True)
class Mind:
    """`has_temperature` is taken back when the model turns out to refuse the parameter."""

    model: Model
    deadlines: Deadlines = field(default_factory=Deadlines)
    breaker: Breaker = field(default_factory=Breaker)
    has_temperature: bool = True
    client: AsyncOpenAI | None = None

    async def warm_up(self) -> bool:
        """Open the connection before the first caller needs it; whether the server answered at all."""
        if self.client is None:
            return True
        try:
            await self.client.models.list(timeout=3.0)
        except Exception:  # noqa: BLE001  readiness is told, not raised
            return False
        return True

    async def close(self) -> None:
        if self.client is not None:
            await self.client.close()


def make_mind(
    api_key: str, model: str, base_url: str = "", deadlines: Deadlines | None = None, *, api: str = ""
) -> Mind:
    """The mind behind an API key. `api` is "responses" or "chat"; by default OpenAI itself is spoken to by Responses,
    any other server by Chat Completions, which all of them know.

    Must be called on the loop's thread, where the client will live.
    """
    limits = deadlines or Deadlines()
    client = PlainClient(
        api_key=api_key,
        base_url=base_url or None,
        max_retries=0,
        timeout=httpx2.Timeout(limits.turn_s, connect=limits.connect_s),
    )
    is_chat = api == "chat" or (not api and bool(base_url))
    chosen: Model = OpenAIChatCompletionsModel(model, client) if is_chat else OpenAIResponsesModel(model, client)
    return Mind(chosen, limits, client=client)
