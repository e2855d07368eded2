"""SQL that reads calls for the owner's pages and the API."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from server.calls.models import CallPage, CallRow, CallSummary, Ending, Message, Outcome, Timings, ToolCall, Turn
from server.db.tables.calls import call_log, tool_calls, turns


def call(connection: Connection, call_sid: str) -> CallRow | None:
    row = connection.execute(select(call_log).where(call_log.c.call_sid == call_sid)).first()
    if row is None:
        return None
    return CallRow(
        call_sid=row.call_sid,
        business_id=row.business_id,
        caller_number=row.caller_number,
        started_at=row.started_at,
        ended_at=row.ended_at,
        outcome=_outcome(row.outcome),
        ending=Ending(row.ending) if row.ending else None,
        turns=_turns(connection, row.id),
    )


def page(
    connection: Connection, business_id: int, from_at: dt.datetime, to_at: dt.datetime, number: int, size: int
) -> CallPage:
    within = (
        call_log.c.business_id == business_id,
        call_log.c.started_at >= from_at,
        call_log.c.started_at < to_at,
    )
    total = connection.execute(select(func.count()).select_from(call_log).where(*within)).scalar_one()
    newest_first: Select[Any] = (
        select(call_log)
        .where(*within)
        .order_by(call_log.c.started_at.desc(), call_log.c.id.desc())
        .limit(size)
        .offset((number - 1) * size)
    )
    rows = connection.execute(newest_first).all()
    lines = _caller_lines(connection, [row.id for row in rows])
    return CallPage(tuple(_summary(row, lines[row.id]) for row in rows), total)


def messages(connection: Connection, business_id: int, is_handled: bool, limit: int) -> tuple[Message, ...]:
    is_open = tool_calls.c.handled_at.is_(None)
    rows = connection.execute(
        select(tool_calls, call_log.c.call_sid, call_log.c.caller_number, turns.c.began_at)
        .join(call_log, call_log.c.id == tool_calls.c.call_id)
        .join(turns, (turns.c.call_id == tool_calls.c.call_id) & (turns.c.number == tool_calls.c.turn))
        .where(call_log.c.business_id == business_id)
        .where(tool_calls.c.name == "take_message", tool_calls.c.ok.is_(True), ~is_open if is_handled else is_open)
        .order_by(turns.c.began_at.desc(), tool_calls.c.id.desc())
        .limit(limit)
    )
    return tuple(
        Message(row.id, row.call_sid, row.caller_number, row.began_at, row.arguments, row.handled_at) for row in rows
    )


def _turns(connection: Connection, call_id: int) -> tuple[Turn, ...]:
    tools: defaultdict[int, list[ToolCall]] = defaultdict(list)
    in_order = (
        select(tool_calls).where(tool_calls.c.call_id == call_id).order_by(tool_calls.c.turn, tool_calls.c.position)
    )
    for row in connection.execute(in_order):
        tools[row.turn].append(ToolCall(row.name, row.arguments, row.ok, row.code, row.ms))
    with_words = (
        select(turns)
        .where(turns.c.call_id == call_id, func.coalesce(turns.c.caller, turns.c.agent).is_not(None))
        .order_by(turns.c.number)
    )
    return tuple(_turn(row, tuple(tools[row.number])) for row in connection.execute(with_words))


def _turn(row: Row[Any], tools: tuple[ToolCall, ...]) -> Turn:
    timings = Timings(
        eou_wait=row.eou_wait_ms,
        turn=row.turn_ms,
        ai=row.ai_ms,
        ai_first_sentence=row.ai_first_sentence_ms,
        tts_generation=row.tts_generation_ms,
        tts_first_audio=row.tts_first_audio_ms,
        tts_send=row.tts_send_ms,
        queue_max_depth=row.queue_max_depth,
    )
    return Turn(row.number, row.caller, row.agent, row.agent_heard, tools, timings, row.began_at)


def _caller_lines(connection: Connection, call_ids: list[int]) -> defaultdict[int, list[str]]:
    lines: defaultdict[int, list[str]] = defaultdict(list)
    said = (
        select(turns.c.call_id, turns.c.caller)
        .where(turns.c.call_id.in_(call_ids), turns.c.caller.is_not(None))
        .order_by(turns.c.call_id, turns.c.number)
    )
    for row in connection.execute(said):
        lines[row.call_id].append(row.caller)
    return lines


def _summary(row: Row[Any], lines: list[str]) -> CallSummary:
    return CallSummary(
        call_sid=row.call_sid,
        business_id=row.business_id,
        caller_number=row.caller_number,
        started_at=row.started_at,
        ended_at=row.ended_at,
        outcome=_outcome(row.outcome),
        turn_count=len(lines),
        headline=lines[0] if lines else None,
    )


def _outcome(value: str | None) -> Outcome | None:
    return None if value is None else Outcome(value)
