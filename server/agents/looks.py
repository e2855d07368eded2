"""What was looked for in the diary in this call, and what was found free. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from server.agents.dialogue import offer_of
from server.agents.memory import Entry, Line, Step
from server.calendar.models import BusinessFacts

AHEAD_DAYS = 14
"""How far a look goes that names no day (tools_calendar)."""

FIND = "calendar_find_slots"

_DAY_END = dt.time.max


@dataclass(frozen=True, slots=True)
class Free:
    """A start that a tool named as free, with whom, and for what where that is known."""

    date: dt.date
    time: dt.time
    staff: tuple[str, ...]
    service: str | None
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Look:
    """One look into the diary: days `first`..`last`, starts from `begin` to before `end`, `staff` None for anybody.

    `free` are the starts that it named. `is_partial`: there are more of them than it names. `is_none`: nothing fits.
    """

    first: dt.date
    last: dt.date
    begin: dt.time
    end: dt.time
    staff: str | None
    free: tuple[Free, ...]
    is_partial: bool
    is_none: bool
    reason: str = ""  # why nothing fits

    def covers(self, day: dt.date, begin: dt.time, end: dt.time, staff: Iterable[str] = ()) -> bool:
        """Whether it tells of every start of that stretch of a day, with these people."""
        is_day = self.first <= day <= self.last and self.begin <= begin and end <= self.end
        return is_day and not self.is_partial and (self.staff is None or list(staff) == [self.staff])


def looks_of(entries: Iterable[Entry], facts: BusinessFacts, today: dt.date) -> tuple[Look, ...]:
    """Every look of the call that was answered, refused bookings with their alternatives included."""
    looks: list[Look] = []
    line: Line | None = None
    for entry in entries:
        if isinstance(entry, Line):
            line = entry
        elif isinstance(entry, Step) and entry.output is not None:
            look = _look(entry, line, facts, today)
            looks += [look] if look is not None else []
    return tuple(looks)


def _look(step: Step, line: Line | None, facts: BusinessFacts, today: dt.date) -> Look | None:
    result = step.result()
    if step.name == FIND and result.get("ok"):
        given = step.given()
        first, last = _days(given, line, today)
        begin, end = _hours(given)
    elif result.get("alternatives"):
        given = step.given()
        first = last = today
        begin = end = dt.time()  # an attempt to book tells of nothing but its alternatives
    else:
        return None
    service = facts.service(str(given.get("service") or ""))
    minutes = given.get("minutes")
    named = [*(result.get("slots") or ()), *(result.get("alternatives") or ())]
    free = tuple(_free(slot, service.name if service else None, minutes) for slot in named)
    is_none = step.name == FIND and not result.get("slots")
    reason = str(result.get("reason") or "") if is_none else ""
    return Look(first, last, begin, end, given.get("staff"), free, bool(result.get("more")), is_none, reason)


def _free(slot: dict[str, Any], service: str | None, minutes: object) -> Free:
    offer = offer_of(slot)
    return Free(offer.date, offer.time, tuple(slot["staff"]), service, minutes if isinstance(minutes, int) else None)


def _days(given: dict[str, Any], line: Line | None, today: dt.date) -> tuple[dt.date, dt.date]:
    first = _date(given.get("date_iso"))
    last = _date(given.get("date_to_iso"))
    if first is None and "date_iso" not in given and line is not None and line.understanding.date is not None:
        first = line.understanding.date
    if first is not None:
        return first, last or first
    return today, last or today + dt.timedelta(days=AHEAD_DAYS)


def _hours(given: dict[str, Any]) -> tuple[dt.time, dt.time]:
    begin, end = _time(given.get("time_from")), _time(given.get("time_to"))
    if begin is not None and begin == end:
        return begin, (dt.datetime.combine(dt.date.min, begin) + dt.timedelta(minutes=1)).time()
    return begin or dt.time(), end or _DAY_END


def refused_moments(steps: Iterable[Step]) -> frozenset[tuple[dt.date, dt.time]]:
    """Days and hours at which booking or moving was refused."""
    codes = ("slot_taken", "outside_hours", "closed_day", "in_the_past", "too_soon", "too_far")
    refused = [step.given() for step in steps if step.result().get("error") in codes]
    told = [(_date(given.get("date_iso")), _time(given.get("time"))) for given in refused]
    return frozenset((day, time) for day, time in told if day is not None and time is not None)


def _date(text: object) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(text))
    except ValueError:
        return None


def _time(text: object) -> dt.time | None:
    try:
        return dt.time.fromisoformat(str(text).zfill(5))
    except ValueError:
        return None
