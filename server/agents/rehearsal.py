"""A reply of the model without its server: what the packages build at their first stream, half a second of work, is
built before the first caller waits for it."""

from __future__ import annotations

import json
from typing import Any

import httpx2
from agents import OpenAIChatCompletionsModel

from server.agents.mind import Mind, make_mind

LINE = "אשמח לעזור."


def rehearsing(mind: Mind) -> Mind:
    """A mind of the same kind whose answer is always `LINE`, and comes from nowhere."""
    is_chat = isinstance(mind.model, OpenAIChatCompletionsModel)
    events = _chat() if is_chat else _responses()
    body = "".join(f"data: {event}\n\n" for event in events).encode()
    headers = {"content-type": "text/event-stream"}
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, headers=headers, content=body))
    address, api = "http://rehearsal.invalid/v1", "chat" if is_chat else "responses"
    return make_mind("none", mind.options.model, address, api=api, http_client=httpx2.AsyncClient(transport=transport))


_USAGE = {
    "input_tokens": 1,
    "input_tokens_details": {"cached_tokens": 0},
    "output_tokens": 1,
    "output_tokens_details": {"reasoning_tokens": 0},
    "total_tokens": 2,
}


def _chat() -> list[str]:
    def chunk(delta: dict[str, str], finish: str | None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return json.dumps(
            {"id": "r", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}
        )

    return [chunk({"role": "assistant", "content": LINE}, None), chunk({}, "stop"), "[DONE]"]


def _responses() -> list[str]:
    part = {"type": "output_text", "text": LINE, "annotations": []}
    item = {"id": "m", "type": "message", "role": "assistant", "status": "completed", "content": [part]}
    base: dict[str, Any] = {"id": "r", "object": "response", "created_at": 0, "model": "m", "tools": []}
    base |= {"tool_choice": "auto", "parallel_tool_calls": False}
    begun = base | {"status": "in_progress", "output": []}
    at = {"item_id": "m", "output_index": 0, "content_index": 0}
    events: list[dict[str, Any]] = [
        {"type": "response.created", "response": begun},
        {"type": "response.in_progress", "response": begun},
        {"type": "response.output_item.added", "output_index": 0, "item": item | {"content": []}},
        {"type": "response.content_part.added", **at, "part": part | {"text": ""}},
        {"type": "response.output_text.delta", **at, "delta": LINE, "logprobs": []},
        {"type": "response.output_text.done", **at, "text": LINE, "logprobs": []},
        {"type": "response.content_part.done", **at, "part": part},
        {"type": "response.output_item.done", "output_index": 0, "item": item},
        {"type": "response.completed", "response": base | {"status": "completed", "output": [item], "usage": _USAGE}},
    ]
    return [json.dumps(event | {"sequence_number": i}) for i, event in enumerate(events)]
