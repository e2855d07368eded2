"""Israel's holidays as opening hours: which days are closed, which short, and what they are called."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from holidays import country_holidays
from pyluach.dates import HebrewDate

from server.calendar.hours import Interval, Week, clip, to_minute, weekday
from server.calendar.models import CholHamoed, HolidayRule

NOON_MIN = 12 * 60
FRIDAY = 5


class DayKind(StrEnum):
    HOLIDAY = "holiday"
    EVE = "eve"
    CHOL_HAMOED = "chol_hamoed"


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day unlike others, with its Hebrew name. On the eve of Kippur everything stops at noon.

    The last day of chol hamoed is an eve too; `is_chol_hamoed` tells it from other eves.
    """

    date: dt.date
    kind: DayKind
    name: str
    is_kippur_eve: bool = False
    is_chol_hamoed: bool = False


def special_days(first: dt.date, last: dt.date) -> tuple[SpecialDay, ...]:
    """Holidays, their eves and chol hamoed from `first` to `last`, both included, in order."""
    years = range(first.year, last.year + 1)
    return tuple(day for year in years for day in _of_year(year) if first <= day.date <= last)


def holiday_hours(rule: HolidayRule, week: Week, first: dt.date, last: dt.date) -> dict[dt.date, tuple[Interval, ...]]:
    """The hours of every special day under this rule; days that are as usual are left out."""
    if not rule.is_kept:
        return {}
    days = ((day.date, _hours(rule, day, week[weekday(day.date)])) for day in special_days(first, last))
    return {date: hours for date, hours in days if hours is not None}


def short_fridays(rule: HolidayRule, week: Week) -> Week:
    """The week with Friday, the eve of every week, cut as the eves of holidays are."""
    if not rule.is_kept:
        return week
    return tuple(clip(day, _eve_close(rule)) if number == FRIDAY else day for number, day in enumerate(week))


def _hours(rule: HolidayRule, day: SpecialDay, usual: tuple[Interval, ...]) -> tuple[Interval, ...] | None:
    if day.kind is DayKind.HOLIDAY or (day.is_chol_hamoed and rule.chol_hamoed is CholHamoed.CLOSED):
        return ()
    if day.is_kippur_eve:
        return clip(usual, min(NOON_MIN, _eve_close(rule) or NOON_MIN))
    is_short = day.kind is DayKind.EVE or rule.chol_hamoed is CholHamoed.SHORT
    return clip(usual, _eve_close(rule)) if is_short else None


def _eve_close(rule: HolidayRule) -> int | None:
    return None if rule.eves_close_at is None else to_minute(rule.eves_close_at)


@lru_cache(maxsize=16)
def _of_year(year: int) -> tuple[SpecialDay, ...]:
    public = country_holidays("IL", years=year, language="he", categories=("public",))
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    days = (_kind(first + dt.timedelta(n), public) for n in range((last - first).days + 1))
    return tuple(day for day in days if day is not None)


def _kind(day: dt.date, public: dict[dt.date, str]) -> SpecialDay | None:
    if day in public:
        return SpecialDay(day, DayKind.HOLIDAY, public[day])
    festival = _festival(day, working=True)
    is_between = festival in ("פסח", "סוכות")
    # The library of public holidays knows no eves: an eve is the day before a Yom Tov.
    tomorrow = day + dt.timedelta(1)
    if yom_tov := _festival(tomorrow, working=False):
        name = f"ערב {public.get(tomorrow, yom_tov)}"
        return SpecialDay(day, DayKind.EVE, name, yom_tov == "יום כיפור", is_between)
    return SpecialDay(day, DayKind.CHOL_HAMOED, f"חול המועד {festival}", False, True) if is_between else None


def _festival(day: dt.date, *, working: bool) -> str | None:
    """The Hebrew name of the festival in Israel; without `working`, only of days on which no work is done."""
    name = HebrewDate.from_pydate(day).festival(israel=True, hebrew=True, include_working_days=working)
    return None if name is None else str(name)
