"""The safety net around every tool: nothing escapes, everything is measured, what writes is not cut off half-way."""

from __future__ import annotations

import asyncio
import json
import math
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from agents import FunctionTool
from agents.strict_schema import ensure_strict_json_schema
from agents.tool_context import ToolContext
from pydantic import BaseModel, ConfigDict, ValidationError

from server import metrics
from server.agents.context import Session
from server.agents.memory import Step
from server.calls.models import ToolCall
from server.log import get_logger

DEADLINE_S = 2.0
"""How long a caller waits for a tool; a write that is still running goes on and is repeated safely by its key."""

MESSAGE_LIMIT = 120

Result = dict[str, Any]
A = TypeVar("A", bound="Arguments")

log = get_logger(__name__)


class Arguments(BaseModel):
    """Arguments of a tool. What a model leaves out is null."""

    model_config = ConfigDict(extra="ignore", frozen=True, str_strip_whitespace=True)


class Invalid(Exception):
    """An argument is no good; the message says why, in English, for the model."""


class Refused(Exception):
    """The tool may not do this; `code` and message go to the model."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def failure(code: str, message: str, **facts: Any) -> Result:
    return {"ok": False, "error": code, "message": message[:MESSAGE_LIMIT], **facts}


def guarded(
    name: str,
    description: str,
    arguments: type[A],
    body: Callable[[Session, A], Awaitable[Result]],
    *,
    writes: bool = False,
) -> FunctionTool:
    """A tool from its body. `writes`: cancelling the turn does not cancel it, and the next turn waits for it."""

    async def invoke(context: ToolContext[Session], raw: str) -> str:
        session = context.context
        key = _own_key(session, context.tool_call_id)
        step = session.conversation.begin_step(session.turn, key, name, _json_object(raw))
        if not writes:
            return await _run(session, step, raw, arguments, body)
        work = asyncio.ensure_future(_write(session, step, raw, arguments, body))
        session.writing.add(work)
        work.add_done_callback(session.writing.discard)
        return await asyncio.shield(work)

    return FunctionTool(
        name=name,
        description=description,
        params_json_schema=ensure_strict_json_schema(arguments.model_json_schema()),
        on_invoke_tool=invoke,
        strict_json_schema=True,
    )


def _own_key(session: Session, key: str) -> str:
    """An id that no other tool call of this call has: some servers count anew with each answer."""
    count = sum(step.call_id.split("#")[0] == key for step in session.conversation.steps())
    return f"{key}#{count}" if count else key


def _json_object(raw: str) -> str:
    """The arguments as they go into history and record, which must hold valid JSON; "{}" for anything else."""
    try:
        value = json.loads(raw, parse_constant=_refuse_number, parse_float=_finite)
    except (ValueError, RecursionError):
        return "{}"
    return raw if isinstance(value, dict) else "{}"


def _refuse_number(text: str) -> float:
    raise ValueError(f"{text} is no number in JSON")


def _finite(text: str) -> float:
    value = float(text)
    return value if math.isfinite(value) else _refuse_number(text)


async def _write(
    session: Session, step: Step, raw: str, arguments: type[A], body: Callable[[Session, A], Awaitable[Result]]
) -> str:
    """One after the other, so that each is judged by what the one before has done."""
    async with session.deed:
        return await _run(session, step, raw, arguments, body)


async def _run(
    session: Session, step: Step, raw: str, arguments: type[A], body: Callable[[Session, A], Awaitable[Result]]
) -> str:
    began_at = time.perf_counter()
    result = await _result(session, step.name, raw, arguments, body)
    seconds = time.perf_counter() - began_at
    step.output = json.dumps(result, ensure_ascii=False)
    _measure(session, step, result, seconds)
    return step.output


async def _result(
    session: Session, name: str, raw: str, arguments: type[A], body: Callable[[Session, A], Awaitable[Result]]
) -> Result:
    try:
        return await asyncio.wait_for(body(session, arguments.model_validate_json(raw)), DEADLINE_S)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        return failure("validation_error", f"{'.'.join(map(str, first['loc']))}: {first['msg']}")
    except Invalid as error:
        return failure("validation_error", str(error))
    except Refused as refusal:
        return failure(refusal.code, str(refusal))
    except TimeoutError:
        log.warning("tool took too long", tool=name, call_sid=session.call.call_sid)
        metrics.fallbacks.labels("tool", "timeout").inc()
        return failure("unavailable", "The calendar did not answer in time. Ask one short question and try again.")
    except Exception:  # the tool's door: the unforeseen ends in an answer, never in the turn
        log.exception("tool failed", tool=name, call_sid=session.call.call_sid)
        metrics.fallbacks.labels("tool", "exception").inc()
        return failure("unavailable", "The calendar did not answer. Ask one short question and try again.")


def _measure(session: Session, step: Step, result: Result, seconds: float) -> None:
    is_ok = bool(result.get("ok"))
    code = None if is_ok else str(result.get("error"))
    call = ToolCall(step.name, step.given(), is_ok, code, round(seconds * 1000, 2))
    session.tool_calls.setdefault(step.turn, []).append(call)
    metrics.tool_duration.labels(step.name, code or "ok").observe(seconds)
    try:
        session.call.record.tool_called(step.turn, call)
    except Exception:  # what was done stays done, recorded or not
        log.exception("tool call not recorded", tool=step.name, call_sid=session.call.call_sid)
