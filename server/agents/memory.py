"""What both sides of a call know: the caller's lines with their meaning, replies as heard, tools with their results.

Pure. One `Conversation` a call, touched on the loop only. The history for the agent is built from it and never from
the SDK's own result, which after a cancelled run has lost the tool calls that did run.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from server.hebrew.models import Exclusion, Understanding

INTERRUPTED = (
    '{"ok": false, "error": "interrupted", "message": "The call of this tool was cut short; its result is unknown."}'
)

WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")


WRITING_TOOLS = (
    "calendar_create_appointment",
    "calendar_set_contact",
    "calendar_reschedule_appointment",
    "calendar_cancel_appointment",
    "take_message",
)


OFFLINE_CALL = "offline_"
"""How the ids of the offline brain's tool calls begin."""


@dataclass(frozen=True, slots=True)
class Line:
    """What the caller said in a turn, and what it means."""

    turn: int
    text: str
    understanding: Understanding


@dataclass(slots=True)
class Step:
    """One tool call; `output` is None until it has come back."""

    turn: int
    call_id: str
    name: str
    arguments: str  # JSON, as the model wrote it
    output: str | None = None

    @property
    def is_own(self) -> bool:
        """Whether the offline brain made it."""
        return self.call_id.startswith(OFFLINE_CALL)

    @property
    def is_write(self) -> bool:
        """Whether it changes the diary."""
        return self.name in WRITING_TOOLS

    def result(self) -> dict[str, Any]:
        """The output read back; an interrupted one while there is none."""
        value = json.loads(self.output or INTERRUPTED)
        return value if isinstance(value, dict) else {}

    def given(self) -> dict[str, Any]:
        """The arguments read back; empty when they are no JSON object."""
        try:
            value = json.loads(self.arguments)
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}


@dataclass(slots=True)
class Reply:
    """What the agent says in a turn; `heard` is None until the first receipt comes.

    `is_fixed`: a phrase that no brain has made; receipts alone tell of it.
    """

    turn: int
    said: list[str] = field(default_factory=list)
    heard: str | None = None
    is_cut: bool = False
    is_fixed: bool = False

    @property
    def text(self) -> str:
        return " ".join(self.said)

    @property
    def unheard(self) -> str:
        """The end of the reply that did not reach the caller."""
        heard = (self.heard or "").rstrip("…").strip()
        return self.text[len(heard) :].strip() if self.text.startswith(heard) else self.text


Entry = Line | Step | Reply


class Conversation:
    """Everything that was said and done in one call, in order."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries)

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(self._entries)

    @property
    def last_line(self) -> Line | None:
        return next((entry for entry in reversed(self._entries) if isinstance(entry, Line)), None)

    @property
    def last_reply(self) -> Reply | None:
        return next((entry for entry in reversed(self._entries) if isinstance(entry, Reply)), None)

    def since(self, line: Line) -> tuple[Entry, ...]:
        """What came after a line."""
        return tuple(self._entries[self._entries.index(line) + 1 :])

    def steps(self, turn: int | None = None) -> tuple[Step, ...]:
        """Tool calls of a turn, or of the whole call."""
        return tuple(e for e in self._entries if isinstance(e, Step) and turn in (None, e.turn))

    def drop(self, line: Line) -> None:
        """Forget a line that comes again as part of a longer one, and what nobody has heard of the reply to it."""
        since = self.since(line)
        gone = (line, *(entry for entry in since if isinstance(entry, Reply) and not entry.heard))
        self._entries = [entry for entry in self._entries if not any(entry is each for each in gone)]

    def hear(self, line: Line) -> None:
        """The caller speaks: what is unheard of the last reply stays unheard."""
        self._close_reply()
        self._entries.append(line)

    def say(self, turn: int, text: str) -> None:
        """The agent says one more sentence in this turn."""
        last = self._entries[-1] if self._entries else None
        if isinstance(last, Reply) and last.turn == turn and not last.is_cut:
            last.said.append(text)
        else:
            self._entries.append(Reply(turn, [text]))

    def heard(self, turn: int, text: str) -> None:
        """What the caller has heard so far of the reply of `turn`; fixed phrases arrive here for the first time, and
        grow sentence by sentence."""
        replies = [e for e in self._entries if isinstance(e, Reply) and e.turn == turn]
        if not replies:
            self._entries.extend([Reply(turn, [text], heard=text, is_fixed=True)] if text else [])
            return
        *before, last = replies
        for reply in before:  # of one turn, with a tool between them
            if text.startswith(reply.text):
                reply.heard, text = reply.text, text[len(reply.text) :].strip()
        if last.is_fixed and text:
            last.said = [text]
        last.heard = text
        last.is_cut = last.is_cut and len(text) < len(last.text)

    def begin_step(self, turn: int, call_id: str, name: str, arguments: str) -> Step:
        step = Step(turn, call_id, name, arguments)
        self._entries.append(step)
        return step

    def _close_reply(self) -> None:
        reply = self.last_reply
        if reply is not None and reply.heard is not None and len(reply.heard) < len(reply.text):
            reply.is_cut = True

    def items(self) -> list[dict[str, Any]]:
        """The history as input items of the agent SDK: every tool call has its output, cut replies are flagged."""
        items: list[dict[str, Any]] = []
        for entry in self._entries:
            items.extend(_items(entry))
        return items


def _items(entry: Entry) -> list[dict[str, Any]]:
    if isinstance(entry, Line):
        return [
            {"role": "user", "content": entry.text},
            {"role": "developer", "content": describe(entry.understanding)},
        ]
    if isinstance(entry, Step):
        call = {"type": "function_call", "call_id": entry.call_id, "name": entry.name, "arguments": entry.arguments}
        output = {"type": "function_call_output", "call_id": entry.call_id, "output": entry.output or INTERRUPTED}
        return [call, output]
    if not entry.is_cut:
        return [{"role": "assistant", "content": entry.text}]
    note = {"role": "developer", "content": f"interrupted: the caller did not hear the rest: {entry.unheard!r}"}
    return [{"role": "assistant", "content": entry.heard}, note] if entry.heard else [note]


def describe(u: Understanding) -> str:
    """An understanding as the line that the model reads beside the caller's words."""
    parts = [f"{name}={value}" for name, value in _fields(u) if value not in (None, "", False)]
    return "heard: " + (" ".join(parts) or "nothing certain")


def _fields(u: Understanding) -> Iterator[tuple[str, object]]:
    yield "date_iso", u.date and f"{u.date.isoformat()} ({WEEKDAYS[(u.date.weekday() + 1) % 7]})"
    yield "date_from_iso", u.date_from and u.date_from.isoformat()
    yield "date_to_iso", u.date_to and u.date_to.isoformat()
    yield "time", u.time and f"{u.time:%H:%M}"
    yield "time_from", u.time_from and f"{u.time_from:%H:%M}"
    yield "time_to", u.time_to and f"{u.time_to:%H:%M}"
    yield "daypart", u.daypart
    yield "prefer", u.prefer
    yield "minutes", u.duration_min
    yield "service", u.service
    yield "staff", u.staff
    yield "name", u.name
    yield "phone", "given" if u.phone else ("unclear" if u.is_phone_unclear else None)
    yield "answer", u.answer
    yield "choice", None if u.choice is None else (u.choice + 1 if u.choice >= 0 else "last")
    yield "correction", "yes" if u.is_correction else None
    yield "for", "another person" if u.is_for_another else None
    yield "intents", ",".join(sorted(u.intents))
    yield "excluded", ",".join(_excluded(e) for e in u.excluded)
    yield "ambiguous", ",".join(sorted(u.ambiguous))
    yield "other_readings", ",".join(u.readings)


def _excluded(exclusion: Exclusion) -> str:
    day = exclusion.date.isoformat() if exclusion.date is not None else None
    weekday = WEEKDAYS[exclusion.weekday] if exclusion.weekday is not None else None
    time = f"{exclusion.time:%H:%M}" if exclusion.time is not None else None
    return "+".join(str(part) for part in (day, weekday, exclusion.daypart, time, exclusion.staff) if part is not None)
