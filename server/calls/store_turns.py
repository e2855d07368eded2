"""SQL that writes the turns, tool calls and outcomes of running calls."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from server.calls.drafts import CallDraft, TurnDraft
from server.calls.models import Ending, Outcome, ToolCall
from server.db.tables.calls import call_log, tool_calls, turns

Row = dict[str, Any]
Insert = sqlite.Insert | postgresql.Insert


def write(connection: Connection, drafts: Sequence[CallDraft]) -> tuple[str, ...]:
    """Store what is dirty; gives the call SIDs that the log does not know."""
    ids = _ids(connection, [draft.call_sid for draft in drafts])
    known = [draft for draft in drafts if draft.call_sid in ids]
    turn_rows = [_turn_row(ids[d.call_sid], turn) for d in known for turn in d.dirty_turns()]
    tool_rows = [row for d in known for turn in d.dirty_turns() for row in _tool_rows(ids[d.call_sid], turn)]
    if turn_rows:
        connection.execute(_merge_turns(connection.dialect.name), turn_rows)
    if tool_rows:
        connection.execute(_add_tools(connection.dialect.name), tool_rows)
    for draft in known:
        if draft.is_outcome_dirty and draft.outcome and draft.ended_at:
            end(connection, draft.call_sid, draft.outcome, draft.ending, draft.ended_at)
    return tuple(draft.call_sid for draft in drafts if draft.call_sid not in ids)


def end(connection: Connection, call_sid: str, outcome: Outcome, ending: Ending | None, at: dt.datetime) -> bool:
    """Set the outcome unless there is one."""
    closed = connection.execute(
        update(call_log)
        .where(call_log.c.call_sid == call_sid, call_log.c.outcome.is_(None))
        .values(outcome=outcome.value, ending=ending and ending.value, ended_at=func.coalesce(call_log.c.ended_at, at))
    )
    return closed.rowcount == 1


def _ids(connection: Connection, call_sids: list[str]) -> dict[str, int]:
    rows = connection.execute(select(call_log.c.call_sid, call_log.c.id).where(call_log.c.call_sid.in_(call_sids)))
    return {row.call_sid: row.id for row in rows}


@cache
def _merge_turns(dialect: str) -> Insert:
    """A draft that was let go and begun anew holds less than the row: nothing known is overwritten by nothing."""
    insert = _insert(dialect, turns)
    kept = ("id", "call_id", "number", "began_at")
    merged = {c.name: func.coalesce(insert.excluded[c.name], c) for c in turns.c if c.name not in kept}
    return insert.on_conflict_do_update(index_elements=["call_id", "number"], set_=merged)


@cache
def _add_tools(dialect: str) -> Insert:
    return _insert(dialect, tool_calls).on_conflict_do_nothing(index_elements=["call_id", "turn", "position"])


def _insert(dialect: str, table: Table) -> Insert:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def _turn_row(call_id: int, turn: TurnDraft) -> Row:
    timings = turn.timings
    return {
        "call_id": call_id,
        "number": turn.number,
        "began_at": turn.began_at,
        "caller": turn.caller,
        "agent": turn.agent,
        "agent_heard": turn.agent_heard,
        "eou_wait_ms": timings.eou_wait,
        "turn_ms": timings.turn,
        "ai_ms": timings.ai,
        "ai_first_sentence_ms": timings.ai_first_sentence,
        "tts_generation_ms": timings.tts_generation,
        "tts_first_audio_ms": timings.tts_first_audio,
        "tts_send_ms": timings.tts_send,
        "queue_max_depth": timings.queue_max_depth,
    }


def _tool_rows(call_id: int, turn: TurnDraft) -> list[Row]:
    new = enumerate(turn.tools[turn.stored_tool_count :], turn.stored_tool_count)
    return [{"call_id": call_id, "turn": turn.number, "position": n, **_tool_row(call)} for n, call in new]


def _tool_row(call: ToolCall) -> Row:
    return {
        "name": call.name[:64],
        "arguments": _storable(call.arguments),
        "ok": call.ok,
        "code": call.code and call.code[:64],
        "ms": call.ms,
    }


def _storable(arguments: dict[str, Any]) -> Any:
    """JSON that both databases take: dates and what is no number become text, NUL and lone surrogates go."""
    text = json.dumps(arguments, ensure_ascii=False, default=str).replace("\\u0000", "")
    return json.loads(text.encode("utf-8", "replace").decode("utf-8"), parse_constant=str)
