"""From a day as said to days of the calendar. Weeks run from Sunday to Saturday; nothing is booked in the past.

Where callers are split over what a phrase means, the likelier day is taken and the doubt is kept.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import replace

from server.hebrew import hebrew_calendar, resolve_holiday, resolve_nth
from server.hebrew.found_days import Days, one
from server.hebrew.lexicon import DAY, MONTH, WEEK
from server.hebrew.models import OpenHours
from server.hebrew.said import (
    CalendarDay,
    Day,
    DayEdge,
    DaySpan,
    Edge,
    ExactDate,
    HebrewDay,
    Holiday,
    InUnits,
    Moment,
    MonthSpan,
    NthOf,
    Relative,
    Week,
    Weekday,
    WeekOf,
    WeekSpan,
)

_JUST_PASSED = dt.timedelta(60)
"""A date that passed so lately may be meant, or misheard; "3.1" in November is plainly next year's."""

_A_YEAR = dt.timedelta(366)
_WEEK_PARTS = {"start": (0, 1), "middle": (2, 3), "end": (4, 5), "weekend": (5, 6), None: (0, 6)}
_MONTH_PARTS = {"start": (1, 10), "middle": (11, 20), "end": (21, 31), None: (1, 31)}
_ONE = dt.timedelta(1)


def weekday_of(day: dt.date) -> int:
    """0 for Sunday … 6 for Saturday."""
    return (day.weekday() + 1) % 7


DayLike = Day | DayEdge | DaySpan | Moment | ExactDate


def resolve(said: DayLike, now: dt.datetime, hours: OpenHours) -> Days | None:
    """Days that `said` means at `now` (wall time of the business); None for days gone by ("אתמול")."""
    try:
        return _resolve(said, now, hours)
    except (OverflowError, ValueError):
        return None  # beyond the calendar


def _resolve(said: DayLike, now: dt.datetime, hours: OpenHours) -> Days | None:
    today = now.date()
    match said:
        case Relative():
            return _relative(said, now)
        case Weekday():
            return _weekday(said, now, hours)
        case CalendarDay():
            return _calendar_day(said, today)
        case ExactDate():
            return one(said.date, doubtful=said.date < today)
        case HebrewDay():
            return _hebrew_day(said, today)
        case Holiday():
            return resolve_holiday.resolve(said, today)
        case InUnits():
            return _in_units(said, now, hours)
        case WeekSpan():
            return _week_span(said, now, hours)
        case MonthSpan():
            return _month_span(said, today)
        case NthOf():
            return resolve_nth.resolve(said, today)
        case WeekOf():
            return week_around(_resolve(said.day, now, hours), today)
        case Moment():
            return _resolve(said.day, now, hours)
        case DayEdge():
            return _edge(said, now, hours)
        case DaySpan():
            return _span(said, now, hours)


def _relative(said: Relative, now: dt.datetime) -> Days | None:
    if said.days < 0:
        return None
    day = now.date() + dt.timedelta(said.days)
    if said.days > 0 and now.hour < 4:
        return one(day, day - _ONE)  # awake after midnight, "tomorrow" may be the coming daylight
    return one(day)


def _weekday(said: Weekday, now: dt.datetime, hours: OpenHours) -> Days | None:
    if said.week is Week.PAST:
        return None
    today = now.date()
    sunday = today - dt.timedelta(weekday_of(today))
    nearest = today + dt.timedelta((said.day - weekday_of(today)) % 7 or 7)
    following = sunday + dt.timedelta(7 + said.day)
    if said.week is Week.FOLLOWING:
        return one(following)
    if said.week is Week.NEXT:
        return one(following, nearest if nearest != following else following + dt.timedelta(7))
    if said.week is Week.AFTER:
        return one(nearest + dt.timedelta(7), nearest)
    if said.week is Week.THIS:
        this = sunday + dt.timedelta(said.day)
        return one(this) if this >= today else one(nearest, doubtful=True)
    if said.week is None and said.day == weekday_of(today) and _is_open_later(now, hours):
        return one(nearest, today)
    return one(nearest)


def _is_open_later(now: dt.datetime, hours: OpenHours) -> bool:
    if not any(hours.weekly):
        return True
    return any(closes > now.time() for _, closes in hours.on(now.date()))


def weekday_in(day: int, weeks: Days, today: dt.date) -> Days | None:
    """That weekday within some days ("בשבוע הבא ביום שלישי")."""
    if weeks.first is None or weeks.last is None:
        return None
    sunday = weeks.first - dt.timedelta(weekday_of(weeks.first))
    wanted = sunday + dt.timedelta(day)
    if wanted < today:
        return one(wanted + dt.timedelta(7), doubtful=True)
    is_outside = weeks.last < wanted or (wanted < weeks.first and weeks.first > today)  # "בסוף השבוע, אם לא בראשון"
    return one(wanted, doubtful=is_outside)


def _calendar_day(said: CalendarDay, today: dt.date) -> Days | None:
    if said.is_next_month:
        start = (today.replace(day=1) + dt.timedelta(32)).replace(day=1)
        return one(start.replace(day=said.day))
    if said.month is None:
        return _day_of_coming_month(said.day, today)
    if said.year is not None:
        day = dt.date(said.year, said.month, said.day)
        return one(day, doubtful=day < today)
    years = (today.year + n for n in range(9))
    valid = [dt.date(year, said.month, said.day) for year in years if _has_day(year, said.month, said.day)]
    coming = [d for d in valid if d >= today]
    if not coming:
        return None
    day = coming[0]
    has_just_passed = valid[0] < today and today - valid[0] <= _JUST_PASSED
    return one(day, doubtful=has_just_passed or day - today > _A_YEAR)  # "29/2" of a common year


def _hebrew_day(said: HebrewDay, today: dt.date) -> Days:
    lately = hebrew_calendar.next_hebrew_day(said, today - _JUST_PASSED)
    return one(hebrew_calendar.next_hebrew_day(said, today), doubtful=lately < today)


def _day_of_coming_month(number: int, today: dt.date) -> Days:
    months = [(today.year + (today.month - 1 + n) // 12, (today.month - 1 + n) % 12 + 1) for n in range(14)]
    valid = [dt.date(year, month, number) for year, month in months if _has_day(year, month, number)]
    coming = [day for day in valid if day > today]
    return one(today, coming[0]) if today.day == number else one(coming[0])


def _has_day(year: int, month: int, day: int) -> bool:
    return 1 <= day <= calendar.monthrange(year, month)[1]


def _in_units(said: InUnits, now: dt.datetime, hours: OpenHours) -> Days | None:
    base = _resolve(said.base, now, hours) if said.base is not None else one(now.date())
    if base is None or base.first is None:
        return None
    start = base.last if said.count > 0 and base.last is not None else base.first  # "יומיים אחרי פסח"
    return one(_later(start, said), doubtful=said.has_half or said.is_vague or base.is_doubtful)


def _later(today: dt.date, said: InUnits) -> dt.date:
    if said.unit == DAY:
        return today + dt.timedelta(said.count)
    if said.unit == WEEK:
        return today + dt.timedelta(7 * said.count + 3 * said.has_half)
    if said.has_half:
        return _later(today, replace(said, has_half=False)) + dt.timedelta(15 if said.unit == MONTH else 182)
    months = today.month - 1 + said.count * (1 if said.unit == MONTH else 12)
    year, month = today.year + months // 12, months % 12 + 1
    return dt.date(year, month, min(today.day, calendar.monthrange(year, month)[1]))


def _week_span(said: WeekSpan, now: dt.datetime, hours: OpenHours) -> Days:
    today = now.date()
    if said.part is None and said.offset == 0 and _is_week_over(now, hours):
        next_sunday = today + dt.timedelta(7 - weekday_of(today))
        return Days(next_sunday, next_sunday + dt.timedelta(6), not said.is_rolling)
    sunday = today - dt.timedelta(weekday_of(today)) + dt.timedelta(7 * said.offset)
    low, high = _WEEK_PARTS[said.part]
    first, last = sunday + dt.timedelta(low), sunday + dt.timedelta(high)
    if said.is_rolling and weekday_of(today) == 5:
        return Days(today + dt.timedelta(2), today + dt.timedelta(8))
    if said.is_rolling:
        reach = today + dt.timedelta(6)
        return Days(today, reach + dt.timedelta(6 - weekday_of(reach)))
    is_doubtful = said.is_vague or (
        said.part == "weekend" and said.offset > 0
    )  # "סופ״ש הבא" splits callers as "שני הבא" does
    if last < today:
        return Days(first + dt.timedelta(7), last + dt.timedelta(7), True)
    return Days(max(first, today), last, is_doubtful)


def week_around(found: Days | None, today: dt.date) -> Days | None:
    """The week, Sunday to Saturday, in which some days begin."""
    if found is None or found.first is None:
        return None
    sunday = found.first - dt.timedelta(weekday_of(found.first))
    return Days(max(sunday, today), sunday + dt.timedelta(6), found.is_doubtful)


def _is_week_over(now: dt.datetime, hours: OpenHours) -> bool:
    """On the Sabbath, and on Friday once the business has closed."""
    weekday = weekday_of(now.date())
    return weekday == 6 or (weekday == 5 and any(hours.weekly) and not _is_open_later(now, hours))


def _month_span(said: MonthSpan, today: dt.date) -> Days:
    year, month = today.year, said.month or today.month + said.offset
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    low, high = _MONTH_PARTS[said.part]
    end = min(high, calendar.monthrange(year, month)[1])
    if dt.date(year, month, end) < today:
        year += 1
        end = min(high, calendar.monthrange(year, month)[1])
    return Days(max(dt.date(year, month, low), today), dt.date(year, month, end), said.is_for_missing_day)


def _edge(said: DayEdge, now: dt.datetime, hours: OpenHours) -> Days | None:
    base = _resolve(said.day, now, hours)
    if base is None or base.first is None or base.last is None:
        return None
    if said.edge is Edge.FROM:
        return replace(base, last=None, others=())
    if said.edge is Edge.AFTER:
        return Days(base.last + _ONE, None, base.is_doubtful)
    if said.edge in (Edge.DAY_AFTER, Edge.DAY_BEFORE):
        return one(base.last + _ONE if said.edge is Edge.DAY_AFTER else base.first - _ONE, doubtful=base.is_doubtful)
    is_feast = isinstance(said.day, Holiday)  # "עד פסח" ends as it begins
    last = base.first - _ONE if said.edge is Edge.BEFORE else base.first if is_feast else base.last
    return Days(now.date(), max(last, now.date()), base.is_doubtful)


def _may_end_otherwise(high: Days, first: dt.date) -> bool:
    """Doubt about the upper end counts only if another reading of it lies behind the lower end."""
    return high.is_doubtful and (not high.others or any(other > first for other in high.others))


def _span(said: DaySpan, now: dt.datetime, hours: OpenHours) -> Days | None:
    low, high = _resolve(said.low, now, hours), _resolve(said.high, now, hours)
    if low is None or high is None or low.first is None or high.last is None:
        return None
    last = high.first if isinstance(said.high, Holiday) and high.first else high.last  # "בין פורים לפסח"
    if last < low.first and isinstance(said.high, Weekday):
        last += dt.timedelta(7)
    is_doubtful = low.is_doubtful or _may_end_otherwise(high, low.first) or last < low.first
    return Days(low.first, max(last, low.first), is_doubtful)
