"""The offline brain as a model of the agent SDK: made per run, because the SDK hands a model no context."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

from agents import Model, ModelResponse, Usage
from agents.items import TResponseStreamEvent
from openai.types.responses import ResponseFunctionToolCall, ResponseOutputMessage, ResponseOutputText

from server.agents.context import Session
from server.agents.memory import OFFLINE_CALL, Reply
from server.agents.offline_policy import decide
from server.agents.scene import Act, Decision


class OfflineModel(Model):
    """Answers from the conversation of its session, which the tools keep up to date."""

    def __init__(self, session: Session, ignoring: Reply | None = None) -> None:
        """`ignoring`: the beginning of a reply that another brain could not finish."""
        self._session = session
        self._ignoring = ignoring
        self._now = session.now
        self._count = 0

    async def get_response(self, *_: Any, **__: Any) -> ModelResponse:
        session = self._session
        entries = [entry for entry in session.conversation.entries if entry is not self._ignoring]
        decision = decide(entries, session.call.facts, self._now)
        self._count += 1
        return ModelResponse(output=[self._output(decision)], usage=Usage(), response_id=None)

    def stream_response(self, *_: Any, **__: Any) -> AsyncIterator[TResponseStreamEvent]:
        raise NotImplementedError("the offline brain answers at once; run it without streaming")

    def _output(self, decision: Decision) -> ResponseFunctionToolCall | ResponseOutputMessage:
        key = f"{OFFLINE_CALL}{self._session.turn}_{len(self._session.conversation.entries)}_{self._count}"
        if isinstance(decision, Act):
            arguments = json.dumps(decision.arguments, ensure_ascii=False)
            return ResponseFunctionToolCall(call_id=key, name=decision.tool, arguments=arguments, type="function_call")
        content = ResponseOutputText(text=decision.text, type="output_text", annotations=[])
        return ResponseOutputMessage(id=key, type="message", role="assistant", status="completed", content=[content])
