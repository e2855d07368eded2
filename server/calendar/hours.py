"""Opening hours as arithmetic on minutes of the day: weekly hours, breaks, dated exceptions, holidays.

An interval is a half-open pair of minutes of the day, 0..1440. Weekday 0 is Sunday.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from server.calendar.models import OpenHours, Opening

Interval = tuple[int, int]
Week = tuple[tuple[Interval, ...], ...]
Dated = Mapping[dt.date, tuple[Interval, ...]]

DAY_MIN = 1440
WHOLE_DAY: Interval = (0, DAY_MIN)
WHOLE_WEEK: Week = ((WHOLE_DAY,),) * 7
CLOSED_WEEK: Week = ((),) * 7
NO_BREAKS = CLOSED_WEEK


@dataclass(frozen=True, slots=True)
class Plan:
    """What was written down for a business or a staff member; `week` None: nothing of one's own."""

    week: Week | None = None
    breaks: Week = NO_BREAKS
    exceptions: Dated = field(default_factory=lambda: MappingProxyType({}))

    @property
    def is_empty(self) -> bool:
        return self.week is None and self.breaks == NO_BREAKS and not self.exceptions


def weekday(day: dt.date) -> int:
    """0 for Sunday … 6 for Saturday."""
    return (day.weekday() + 1) % 7


def to_minute(wall: dt.time) -> int:
    return wall.hour * 60 + wall.minute


def end_minute(wall: dt.time) -> int:
    """As `to_minute`, for the end of something: midnight is the end of the day."""
    return to_minute(wall) or DAY_MIN


def to_time(minute: int) -> dt.time:
    """1440 becomes 00:00."""
    return dt.time(minute // 60 % 24, minute % 60)


def merge(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """The same minutes in order, touching intervals joined."""
    merged: list[Interval] = []
    for start, end in sorted(intervals):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def intersect(left: Sequence[Interval], right: Sequence[Interval]) -> tuple[Interval, ...]:
    pairs = ((max(a, c), min(b, d)) for a, b in left for c, d in right)
    return merge((start, end) for start, end in pairs if start < end)


def subtract(intervals: Sequence[Interval], gaps: Sequence[Interval]) -> tuple[Interval, ...]:
    """What of `intervals` is not in `gaps`."""
    outside: list[Interval] = []
    at = 0
    for start, end in merge(gaps):
        outside.append((at, start))
        at = end
    outside.append((at, DAY_MIN))
    return intersect(intervals, [gap for gap in outside if gap[0] < gap[1]])


def clip(intervals: Sequence[Interval], closes: int | None) -> tuple[Interval, ...]:
    return tuple(intervals) if closes is None else intersect(intervals, ((0, closes),))


def business_hours(plan: Plan) -> Plan:
    """The plan of a business with its breaks taken out of the week."""
    week = plan.week or CLOSED_WEEK
    return Plan(
        week=tuple(subtract(day, gaps) for day, gaps in zip(week, plan.breaks, strict=True)), exceptions=plan.exceptions
    )


def staff_hours(business: Plan, own: Plan) -> Plan:
    """When both the business (as `business_hours` gave it) and the staff member work.

    A dated exception of one's own replaces one's week and breaks on that day; nobody works while the business is
    closed.
    """
    own_week = own.week or WHOLE_WEEK
    free = tuple(subtract(day, gaps) for day, gaps in zip(own_week, own.breaks, strict=True))
    week = tuple(intersect(a, b) for a, b in zip(business.week or CLOSED_WEEK, free, strict=True))
    days = {*business.exceptions, *own.exceptions}
    exceptions = {
        day: intersect(_on(business, day), own.exceptions.get(day, free[weekday(day)])) for day in sorted(days)
    }
    return Plan(week=week, exceptions=exceptions)


def open_hours(plan: Plan) -> OpenHours:
    week = tuple(_openings(day) for day in plan.week or CLOSED_WEEK)
    return OpenHours(week, MappingProxyType({day: _openings(spans) for day, spans in plan.exceptions.items()}))


def intervals(openings: Sequence[Opening]) -> tuple[Interval, ...]:
    return tuple((to_minute(opens), end_minute(closes)) for opens, closes in openings)


def _on(plan: Plan, day: dt.date) -> tuple[Interval, ...]:
    return plan.exceptions[day] if day in plan.exceptions else (plan.week or CLOSED_WEEK)[weekday(day)]


def _openings(spans: Sequence[Interval]) -> tuple[Opening, ...]:
    return tuple((to_time(start), to_time(end)) for start, end in spans)
