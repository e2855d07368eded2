"""The cloud model of a process: one client, one model, one breaker, the deadlines; shared by all its calls."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx2
from agents import Model, OpenAIChatCompletionsModel, OpenAIResponsesModel
from openai import APIStatusError, AsyncOpenAI

from server.agents.breaker import Breaker
from server.agents.model_options import ModelOptions
from server.agents.openai_client import PlainClient
from server.agents.watch import Patience
from server.log import get_logger

SERVER_ERROR = 500

FIRST_ATTEMPT = 0.6
"""The most that a first attempt may take of the turn's time."""


log = get_logger(__name__)


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
    """`options` lose what the server turns out to refuse."""

    model: Model
    deadlines: Deadlines = field(default_factory=Deadlines)
    breaker: Breaker = field(default_factory=Breaker)
    options: ModelOptions = field(default_factory=ModelOptions)
    client: AsyncOpenAI | None = None

    async def warm_up(self) -> bool:
        """Open the connection before the first caller needs it; whether the server answered at all.

        A refusal is an answer: not every server has a list of models, and not every key may read it.
        """
        if self.client is None:
            return True
        try:
            await self.client.models.list(timeout=3.0)
        except APIStatusError as error:
            log.warning("the model's server does not list its models", status=error.status_code)
            return error.status_code < SERVER_ERROR
        except Exception:  # noqa: BLE001  readiness is told, not raised
            return False
        return True

    async def close(self) -> None:
        if self.client is not None:
            await self.client.close()


def make_mind(
    api_key: str,
    model: str,
    base_url: str = "",
    deadlines: Deadlines | None = None,
    *,
    api: str = "",
    http_client: httpx2.AsyncClient | None = None,
) -> Mind:
    """The mind behind an API key. `api` is "responses" or "chat"; by default OpenAI's own hosts are spoken to by
    Responses, any other server by Chat Completions, which all of them know.

    Must be called on the loop's thread, where the client will live.
    """
    limits = deadlines or Deadlines()
    client = PlainClient(
        api_key=api_key,
        base_url=base_url or None,
        max_retries=0,
        http_client=http_client,
        timeout=httpx2.Timeout(limits.turn_s, connect=limits.connect_s),
    )
    is_chat = api == "chat" or (not api and not is_openais(base_url))
    chosen: Model = OpenAIChatCompletionsModel(model, client) if is_chat else OpenAIResponsesModel(model, client)
    return Mind(chosen, limits, options=ModelOptions(model), client=client)


def is_openais(base_url: str) -> bool:
    """Whether the address is OpenAI's own, in whatever region; "" is the default one."""
    host = urlsplit(base_url).hostname or ""
    return not base_url or host == "openai.com" or host.endswith(".openai.com")
