"""What is known to be true in a call: what the caller said, what tools answered, what the business is. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from server.agents.confirmation import is_promised
from server.agents.dialogue import Visit, offer_of
from server.agents.memory import Entry, Line, Reply, Step
from server.calendar.models import BusinessFacts
from server.hebrew.models import Understanding

RANGE_LIMIT_DAYS = 92

Moment = tuple[dt.date, dt.time]

_NONE_CODES = ("slot_taken", "outside_hours", "closed_day", "in_the_past", "too_soon", "too_far")


@dataclass(frozen=True, slots=True)
class Evidence:
    """`done` are tools that answered ok in the call, `done_now` those since the last reply.

    `live` and `cancelled` are appointments that the tools told of, `free` slots that they named, `free_with` the same
    with whom; `days`, `times`,
    `words` and `digits` what was said or told. `is_notice_coming`: a text message about one of them is to go out.
    """

    facts: BusinessFacts
    today: dt.date
    done: frozenset[str]
    done_now: frozenset[str]
    live: tuple[Visit, ...]
    cancelled: tuple[Visit, ...]
    free: frozenset[Moment]
    free_with: frozenset[tuple[dt.date, dt.time, str]]
    days: frozenset[dt.date]
    times: frozenset[dt.time]
    words: frozenset[str]
    digits: str
    has_searched: bool
    has_found_none: bool
    is_notice_coming: bool


def evidence_of(entries: Iterable[Entry], facts: BusinessFacts, today: dt.date) -> Evidence:
    """Gather what a reply may rest on."""
    listed = list(entries)
    lines = [entry for entry in listed if isinstance(entry, Line)]
    steps = [entry for entry in listed if isinstance(entry, Step) and entry.output is not None]
    recent = _since_last_line(listed)
    visits, gone = _visits(steps)
    free_with = _free_with(steps)
    free = frozenset((offer.date, offer.time) for step in steps for offer in map(offer_of, _slots(step.result())))
    understood = [line.understanding for line in lines]
    days = {day for u in understood for day in days_of(u, today)} | {day for day, _ in free}
    times = {time for u in understood for time in times_of(u)} | {time for _, time in free}
    return Evidence(
        facts=facts,
        today=today,
        done=frozenset(step.name for step in steps if step.result().get("ok")),
        done_now=frozenset(step.name for step in recent if step.result().get("ok")),
        live=tuple(visit for visit in visits if visit.number not in gone),
        cancelled=tuple(visit for visit in visits if visit.number in gone),
        free=free,
        free_with=free_with,
        days=frozenset(days | {visit.date for visit in visits} | {today}),
        times=frozenset(times | {visit.time for visit in visits}),
        words=frozenset(word for line in lines for word in re.findall(r"\w+", line.text))
        | {word for visit in visits for word in visit.name.split()},
        digits=" ".join(re.sub(r"\D", "", line.text) for line in lines),
        has_searched=any(step.name == "calendar_find_slots" and step.result().get("ok") for step in steps),
        has_found_none=any(_found_none(step.result()) for step in steps),
        is_notice_coming=_is_notice_coming(steps),
    )


def _since_last_line(entries: list[Entry]) -> list[Step]:
    steps: list[Step] = []
    for entry in reversed(entries):
        if isinstance(entry, Line | Reply):
            break
        steps.append(entry)
    return [step for step in steps if step.output is not None]


def _slots(result: dict[str, Any]) -> list[dict[str, Any]]:
    return [*(result.get("slots") or ()), *(result.get("alternatives") or ())]


def _free_with(steps: list[Step]) -> frozenset[tuple[dt.date, dt.time, str]]:
    told = [slot for step in steps for slot in _slots(step.result())]
    return frozenset((offer_of(slot).date, offer_of(slot).time, name) for slot in told for name in slot["staff"])


def _found_none(result: dict[str, Any]) -> bool:
    return result.get("slots") == [] or result.get("error") in _NONE_CODES


def _is_notice_coming(steps: list[Step]) -> bool:
    """What was done last to an appointment decides: a cancellation may take back what a booking promised."""
    written = [step.result() for step in steps if step.is_write]
    latest = {result["appointment"]: is_promised(result) for result in written if "appointment" in result}
    return any(latest.values())


def _visits(steps: list[Step]) -> tuple[tuple[Visit, ...], set[int]]:
    """Appointments as last told of, and the numbers of those that were cancelled."""
    told: dict[int, Visit] = {}
    gone: set[int] = set()
    for step in steps:
        result = step.result()
        own = [result] if result.get("ok") and "appointment" in result else []
        for each in [*own, *(result.get("appointments") or ())]:
            visit = Visit.of(each)
            told[visit.number] = visit
            is_cancel = step.name == "calendar_cancel_appointment"
            gone = gone | {visit.number} if is_cancel else gone - {visit.number}
    return tuple(told.values()), gone


def days_of(u: Understanding, today: dt.date) -> Iterable[dt.date]:
    """Every day that a line names or spans."""
    yield from (day for day in (u.date, u.date_from, u.date_to) if day is not None)
    yield from (dt.date.fromisoformat(text) for text in u.readings if len(text) == 10 and text[4] == "-")
    if u.date_from is not None and u.date_to is not None:
        for i in range(min((u.date_to - u.date_from).days, RANGE_LIMIT_DAYS) + 1):
            yield u.date_from + dt.timedelta(days=i)
    if u.prefer is not None:
        yield from (today + dt.timedelta(days=i) for i in range(15))


def times_of(u: Understanding) -> Iterable[dt.time]:
    """Every hour that a line names."""
    yield from (time for time in (u.time, u.time_from, u.time_to) if time is not None)
    yield from (dt.time.fromisoformat(text) for text in u.readings if len(text) == 5 and text[2] == ":")
