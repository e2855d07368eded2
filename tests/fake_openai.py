"""A loopback server that speaks OpenAI's HTTP API: Responses and Chat Completions, streamed, with faults on demand.

It answers from a script, one entry a request, and keeps what it was asked.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Say:
    """A spoken answer."""

    text: str


@dataclass(frozen=True)
class Use:
    """One tool call; `arguments` is sent as it stands when it is text."""

    tool: str
    arguments: Any


@dataclass(frozen=True)
class Fault:
    """`kind`: an HTTP status ("429"), "html", "hang", "cut" (the stream ends after `text`), "stall" (nothing after
    `text`), "refuse", "drop", or "event" (`text` is sent as an event as it stands)."""

    kind: str
    text: str = ""


Entry = Say | Use | Fault
Script = list[Entry] | Callable[[dict[str, Any]], Entry]


@dataclass
class FakeOpenAI:
    """`first_token_s` and `token_s` are the pace of every answer."""

    script: Script
    first_token_s: float = 0.0
    token_s: float = 0.0
    requests: list[dict[str, Any]] = field(default_factory=list)
    models_status: int = 200
    dropped_count: int = 0  # streams that the client left before their end
    _peers: set[asyncio.Task[Any]] = field(default_factory=set)

    async def start(self) -> str:
        """Listen on a free port; the base URL for a client."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"

    async def stop(self) -> None:
        self._server.close()
        for peer in self._peers:
            peer.cancel()
        await asyncio.gather(*self._peers, return_exceptions=True)

    def _next(self, request: dict[str, Any]) -> Entry:
        if callable(self.script):
            return self.script(request)
        assert self.script, "the script is used up"
        return self.script.pop(0)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if (peer := asyncio.current_task()) is not None:
            self._peers.add(peer)
            peer.add_done_callback(self._peers.discard)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while line := await reader.readline():
                path = line.split()[1].decode()
                length = 0
                while (header := await reader.readline()) not in (b"\r\n", b""):
                    name, _, value = header.decode().partition(":")
                    length = int(value) if name.lower() == "content-length" else length
                body = await reader.readexactly(length)
                await self._answer(path, json.loads(body) if body else {}, writer)
        writer.close()

    async def _answer(self, path: str, request: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        if path.endswith("/models"):
            await _send(writer, f"{self.models_status} ", "application/json", '{"object": "list", "data": []}')
            return
        self.requests.append(request)
        entry = self._next(request)
        if isinstance(entry, Fault) and await self._fail_early(entry, writer):
            return
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")
        events = _responses(entry) if path.endswith("/responses") else _chat(entry)
        if isinstance(entry, Fault) and entry.kind == "event":
            events = _one(entry.text)
        due_at = asyncio.get_running_loop().time() + self.first_token_s
        try:
            async for event in events:
                await asyncio.sleep(max(0.0, due_at - asyncio.get_running_loop().time()))
                data = f"data: {event}\n\n".encode()
                writer.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
                await writer.drain()
                due_at += self.token_s  # by deadlines, so that the pace does not drift under load
        except ConnectionError:
            self.dropped_count += 1
            raise
        if isinstance(entry, Fault) and entry.kind == "stall":
            await asyncio.sleep(30)
        if isinstance(entry, Fault) and entry.kind != "refuse":
            writer.close()
            return
        writer.write(b"0\r\n\r\n")
        await writer.drain()

    async def _fail_early(self, fault: Fault, writer: asyncio.StreamWriter) -> bool:
        if fault.kind.isdigit():
            error = json.dumps({"error": {"message": fault.text or "no", "type": "error", "code": fault.kind}})
            await _send(writer, f"{fault.kind} Fault", "application/json", error)
        elif fault.kind == "html":
            await _send(writer, "200 OK", "text/html", "<html><body>Bad gateway</body></html>")
        elif fault.kind == "hang":
            await asyncio.sleep(30)
        elif fault.kind == "drop":
            writer.close()
        else:
            return False
        return True


async def _send(writer: asyncio.StreamWriter, status: str, kind: str, body: str) -> None:
    data = body.encode()
    writer.write(f"HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {len(data)}\r\n\r\n".encode() + data)
    await writer.drain()


def _tokens(text: str) -> list[str]:
    return [word if i == 0 else f" {word}" for i, word in enumerate(text.split(" "))]


def _arguments(entry: Use) -> str:
    return entry.arguments if isinstance(entry.arguments, str) else json.dumps(entry.arguments, ensure_ascii=False)


async def _one(event: str) -> AsyncIterator[str]:
    yield event


async def _chat(entry: Entry) -> AsyncIterator[str]:
    def chunk(delta: dict[str, Any], finish: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return json.dumps(
            {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}
        )

    yield chunk({"role": "assistant", "content": ""})
    if isinstance(entry, Use):
        call = {"index": 0, "id": f"call_{id(entry)}", "type": "function"}
        yield chunk({"tool_calls": [{**call, "function": {"name": entry.tool, "arguments": _arguments(entry)}}]})
        yield chunk({}, "tool_calls")
    elif isinstance(entry, Fault) and entry.kind == "refuse":
        yield chunk({"refusal": "I cannot help with that."})
        yield chunk({}, "stop")
    else:
        for token in _tokens(entry.text) if entry.text else ():
            yield chunk({"content": token})
        if isinstance(entry, Fault) and entry.kind in ("cut", "stall"):
            return
        yield chunk({}, "stop")
    yield "[DONE]"


async def _responses(entry: Entry) -> AsyncIterator[str]:
    number = 0

    def event(kind: str, **values: Any) -> str:
        nonlocal number
        number += 1
        return json.dumps({"type": kind, "sequence_number": number, **values})

    base = {"id": "r", "object": "response", "created_at": 0, "model": "m", "parallel_tool_calls": False}
    base |= {"tool_choice": "auto", "tools": [], "status": "in_progress", "output": []}
    yield event("response.created", response=base)
    if isinstance(entry, Use):
        item: dict[str, Any] = {"id": "f", "type": "function_call", "status": "completed", "name": entry.tool}
        item |= {"call_id": f"call_{id(entry)}", "arguments": _arguments(entry)}
        yield event("response.output_item.done", output_index=0, item=item)
    else:
        is_refusal = isinstance(entry, Fault) and entry.kind == "refuse"
        for token in [] if is_refusal or not entry.text else _tokens(entry.text):
            yield event(
                "response.output_text.delta", item_id="m", output_index=0, content_index=0, delta=token, logprobs=[]
            )
        if isinstance(entry, Fault) and entry.kind in ("cut", "stall"):
            return
        part = {"type": "refusal", "refusal": "no"} if is_refusal else {"type": "output_text", "text": entry.text}
        content = [part | ({} if is_refusal else {"annotations": []})] if is_refusal or entry.text else []
        item = {"id": "m", "type": "message", "role": "assistant", "status": "completed", "content": content}
        yield event("response.output_item.done", output_index=0, item=item)
    yield event("response.completed", response=base | {"status": "completed", "output": [item]})
