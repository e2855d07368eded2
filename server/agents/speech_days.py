"""Which dates a day in the agent's mouth can be. Pure."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from server.hebrew.said import (
    CalendarDay,
    DayEdge,
    DaySpan,
    Edge,
    ExactDate,
    InUnits,
    MonthSpan,
    Relative,
    Week,
    Weekday,
    WeekSpan,
)

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """The days `first`..`last`, both included."""

    first: dt.date
    last: dt.date

    @property
    def days(self) -> frozenset[dt.date]:
        return frozenset(self.first + i * _DAY for i in range((self.last - self.first).days + 1))


def days_of_value(value: object, today: dt.date, known: Collection[dt.date]) -> frozenset[dt.date] | Span | None:
    """The dates that one day can be, or the stretch of several; None for feasts, and for what is no day at all.

    `known` are days that the call has spoken of: a bare weekday means one of those first.
    """
    if isinstance(value, Relative):
        return frozenset((today + value.days * _DAY,))
    if isinstance(value, Weekday):
        return _weekday(value, today, known)
    if isinstance(value, CalendarDay):
        day = _calendar_day(value, today)
        return frozenset((day,)) if day is not None else None
    if isinstance(value, ExactDate):
        return frozenset((value.date,))
    if isinstance(value, InUnits) and value.unit in ("day", "week"):
        return frozenset((today + value.count * (7 if value.unit == "week" else 1) * _DAY,))
    return _span(value, today, known)


def _weekday(said: Weekday, today: dt.date, known: Collection[dt.date]) -> frozenset[dt.date]:
    nearest = today + ((said.day - weekday_of(today)) % 7 or 7) * _DAY
    following = today + (7 - weekday_of(today) + said.day) * _DAY
    if said.week in (Week.FOLLOWING, Week.NEXT, Week.AFTER):
        return frozenset((following,))
    if said.week is Week.PAST:
        return frozenset((nearest - 7 * _DAY,))
    spoken_of = frozenset(day for day in known if weekday_of(day) == said.day)
    return spoken_of or frozenset((nearest,))


def weekday_of(day: dt.date) -> int:
    """0 is Sunday."""
    return (day.weekday() + 1) % 7


def _calendar_day(said: CalendarDay, today: dt.date) -> dt.date | None:
    """The next such day; a day of the month alone, of this month or the next."""
    for ahead in range(2):
        try:
            if said.month is not None:
                found = dt.date(said.year or today.year + ahead, said.month, said.day)
            else:
                month = (today.month - 1 + ahead) % 12 + 1
                found = dt.date(today.year + (month < today.month), month, said.day)
        except ValueError:
            continue
        if found >= today:
            return found
    return None


def _span(value: object, today: dt.date, known: Collection[dt.date]) -> Span | None:
    if isinstance(value, WeekSpan):
        return _week(value, today)
    if isinstance(value, MonthSpan):
        return _month(value, today)
    if isinstance(value, DayEdge):
        return _edge(value, today, known)
    if isinstance(value, DaySpan):
        low, high = (days_of_value(day, today, known) for day in (value.low, value.high))
        if low is not None and high is not None:
            first, last = _first(low), _last(high)
            return Span(first, last if last >= first else last + 7 * _DAY)
    return None


def _first(days: frozenset[dt.date] | Span) -> dt.date:
    return days.first if isinstance(days, Span) else min(days)


def _last(days: frozenset[dt.date] | Span) -> dt.date:
    return days.last if isinstance(days, Span) else max(days)


def _week(said: WeekSpan, today: dt.date) -> Span:
    sunday = today + (7 * said.offset - weekday_of(today)) * _DAY
    low, high = {"start": (0, 1), "middle": (2, 3), "end": (4, 5), "weekend": (5, 6)}.get(said.part or "", (0, 6))
    first, last = sunday + low * _DAY, sunday + high * _DAY
    return Span(max(first, today), max(last, today))


def _month(said: MonthSpan, today: dt.date) -> Span:
    months = (said.month - today.month) % 12 if said.month is not None else said.offset
    year, month = today.year + (today.month - 1 + months) // 12, (today.month - 1 + months) % 12 + 1
    last = dt.date(year, month, calendar.monthrange(year, month)[1])
    return Span(max(dt.date(year, month, 1), today), last)


def _edge(said: DayEdge, today: dt.date, known: Collection[dt.date]) -> Span | None:
    days = days_of_value(said.day, today, known)
    if days is None:
        return None
    if said.edge in (Edge.UNTIL, Edge.BEFORE):
        is_week = isinstance(days, Span)
        last = _first(days) - _DAY if is_week or said.edge is Edge.BEFORE else _last(days)
        return Span(today, max(last, today))
    return Span(_first(days), _first(days) + 14 * _DAY)
