"""A call as the owner reads it: what was heard of a reply, what was measured, which day it was. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from server.calls.models import CallSummary, Message, Timings, ToolCall, Turn
from server.web.admin_words import argument_words

_MEASURED = (
    ("eou_wait", "המתנה לסוף הדיבור"),
    ("turn", "מסוף הדיבור לתחילת התשובה"),
    ("ai", "חשיבה"),
    ("ai_first_sentence", "עד המשפט הראשון"),
    ("tts_generation", "הפקת הקול"),
    ("tts_first_audio", "עד הצליל הראשון"),
    ("tts_send", "השמעה"),
)
_CONTACT = frozenset({"phone", "customer_phone"})


@dataclass(frozen=True, slots=True)
class Heard:
    """A reply in two parts. `is_cut` when the caller spoke into it."""

    heard: str
    unheard: str = ""
    is_cut: bool = False


def heard_parts(turn: Turn) -> Heard:
    """What is heard is known sentence by sentence; a sentence that was cut ends in "…"."""
    agent = turn.agent or ""
    if turn.agent_heard is None:
        return Heard(agent)
    is_cut = turn.agent_heard.endswith("…") and not agent.startswith(turn.agent_heard)
    heard = turn.agent_heard.removesuffix("…").rstrip() if is_cut else turn.agent_heard
    if not agent.startswith(heard):
        return Heard(agent)
    return Heard(heard, agent[len(heard) :].strip(), is_cut)


def measured(timings: Timings) -> list[tuple[str, str]]:
    values = ((label, getattr(timings, name)) for name, label in _MEASURED)
    return [(label, f"{value:,.0f} ms") for label, value in values if value is not None]


def message_words(message: Message) -> list[tuple[str, str]]:
    """What a caller left, the number apart."""
    details = {name: value for name, value in message.details.items() if name not in _CONTACT}
    return argument_words(ToolCall("take_message", details, True, None, 0.0))


def by_day(
    calls: Iterable[CallSummary], local: Callable[[dt.datetime], dt.datetime]
) -> list[tuple[dt.date, list[CallSummary]]]:
    """Calls that are in order of time, day by day."""
    return [(day, list(group)) for day, group in groupby(calls, key=lambda call: local(call.started_at).date())]


FILTERS: dict[str, Callable[..., Any]] = {
    "heard_parts": heard_parts,
    "measured": measured,
    "message_words": message_words,
    "by_day": by_day,
}
