"""What is known of running calls and not yet stored: events in, one whole state a turn out.

Stored are whole states, not additions, so that a write repeated after a lost connection changes nothing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, fields, replace

from server.calls.models import Ending, Outcome, Timings, ToolCall

LONGEST_TEXT = 4000
"""Characters kept of one side of a turn; a spoken turn has a tenth of that."""


@dataclass(slots=True)
class TurnDraft:
    number: int
    began_at: dt.datetime
    caller: str | None = None
    agent: str | None = None
    agent_heard: str | None = None
    timings: Timings = field(default_factory=Timings)
    tools: list[ToolCall] = field(default_factory=list)
    stored_tool_count: int = 0
    is_dirty: bool = True


@dataclass(slots=True)
class CallDraft:
    """One call; touched by one thread only."""

    call_sid: str
    turns: dict[int, TurnDraft] = field(default_factory=dict)
    outcome: Outcome | None = None
    ending: Ending | None = None
    ended_at: dt.datetime | None = None
    is_outcome_dirty: bool = False

    @property
    def is_dirty(self) -> bool:
        return self.is_outcome_dirty or any(turn.is_dirty for turn in self.turns.values())

    def dirty_turns(self) -> list[TurnDraft]:
        return [turn for turn in self.turns.values() if turn.is_dirty]

    def parts(self) -> list[CallDraft]:
        """What is dirty, taken apart: each turn by itself, and the outcome."""
        turns = [CallDraft(self.call_sid, {turn.number: turn}) for turn in self.dirty_turns()]
        end = CallDraft(self.call_sid, {}, self.outcome, self.ending, self.ended_at, self.is_outcome_dirty)
        return [*turns, end] if self.is_outcome_dirty else turns

    def caller_said(self, turn: int, at: dt.datetime, text: str) -> None:
        """Keys and late words add to what was said."""
        draft = self._turn(turn, at)
        draft.caller = _clean(text if draft.caller is None else f"{draft.caller} {text}")

    def agent_says(self, turn: int, at: dt.datetime, text: str) -> None:
        draft = self._turn(turn, at)
        draft.agent = _clean(text if draft.agent is None else f"{draft.agent} {text}")

    def agent_heard(self, turn: int, at: dt.datetime, text: str) -> None:
        self._turn(turn, at).agent_heard = _clean(text)

    def tool_called(self, turn: int, at: dt.datetime, call: ToolCall) -> None:
        self._turn(turn, at).tools.append(call)

    def timed(self, turn: int, at: dt.datetime, timings: Timings) -> None:
        draft = self._turn(turn, at)
        known = {f.name: value for f in fields(timings) if (value := getattr(timings, f.name)) is not None}
        draft.timings = replace(draft.timings, **known)

    def ended(self, _turn: int, at: dt.datetime, how: tuple[Outcome, Ending | None]) -> None:
        if self.outcome is None:
            self.outcome, self.ending = how
            self.ended_at, self.is_outcome_dirty = at, True

    def stored(self) -> None:
        """All of it is in the database."""
        self.is_outcome_dirty = False
        for turn in self.turns.values():
            turn.is_dirty, turn.stored_tool_count = False, len(turn.tools)

    def _turn(self, number: int, at: dt.datetime) -> TurnDraft:
        draft = self.turns.get(number)
        if draft is None:
            draft = self.turns[number] = TurnDraft(number, at)
        draft.is_dirty = True
        return draft


def _clean(text: str) -> str:
    """PostgreSQL takes no NUL and no lone surrogate in a text."""
    return text[:LONGEST_TEXT].replace("\0", "").encode("utf-8", "replace").decode("utf-8")
