"""From a day or week counted within a month or a holiday to days of the calendar."""

from __future__ import annotations

import calendar
import datetime as dt

from server.hebrew import hebrew_calendar
from server.hebrew.found_days import Days, one
from server.hebrew.lexicon import WEEK
from server.hebrew.said import Holiday, MonthSpan, NthOf, Weekday

_ONE = dt.timedelta(1)


def resolve(said: NthOf, today: dt.date) -> Days | None:
    """The first that is not over. Where a week of a month begins is nowhere laid down, so it is in doubt."""
    found = (_within(said, *whole) for whole in _wholes(said.whole, today))
    return next((days for days in found if days is not None and days.last and days.last >= today), None)


def _within(said: NthOf, first: dt.date, last: dt.date) -> Days | None:
    if said.unit == WEEK:
        start = last - 6 * _ONE if said.n < 0 else first + (said.n - 1) * 7 * _ONE
        return Days(start, min(start + 6 * _ONE, last), True) if start <= last else None
    day = _nth_weekday(said.weekday, said.n, first, last) if said.weekday else _nth_day(said.n, first, last)
    if not first <= day <= last:
        return None
    return one(day - _ONE, day) if said.is_eve else one(day)


def _nth_day(n: int, first: dt.date, last: dt.date) -> dt.date:
    return last if n < 0 else first + (n - 1) * _ONE


def _nth_weekday(weekday: Weekday, n: int, first: dt.date, last: dt.date) -> dt.date:
    if n < 0:
        return last - ((last.weekday() + 1 - weekday.day) % 7) * _ONE
    return first + ((weekday.day - first.weekday() - 1) % 7 + 7 * (n - 1)) * _ONE


def _wholes(whole: MonthSpan | Holiday, today: dt.date) -> list[tuple[dt.date, dt.date]]:
    """First and last day of the month or holiday that is on, and of the next."""
    if isinstance(whole, Holiday):
        on = hebrew_calendar.next_feast(whole.key, today)
        return [on, hebrew_calendar.next_feast(whole.key, on[1] + _ONE)]
    months = today.year * 12 + today.month - 1 + whole.offset
    if whole.month is None:
        return [_month(months), _month(months + 1)]
    year = today.year + (whole.month < today.month)
    return [_month(12 * year + whole.month - 1), _month(12 * (year + 1) + whole.month - 1)]


def _month(months: int) -> tuple[dt.date, dt.date]:
    """By its number counted from the year 0."""
    year, month = months // 12, months % 12 + 1
    return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])
