"""From all days said in a line to one answer: a weekday within its week, a date with its weekday, one of several."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from server.hebrew import resolve_day
from server.hebrew.found_days import Days
from server.hebrew.lexicon import WEEK
from server.hebrew.models import OpenHours
from server.hebrew.resolve_day import DayLike
from server.hebrew.said import (
    DAY_LIKE,
    CalendarDay,
    Chunk,
    DayEdge,
    DaySpan,
    Edge,
    ExactDate,
    InUnits,
    Kept,
    Moment,
    MonthSpan,
    Relative,
    Weekday,
    WeekSpan,
)

_ONE = dt.timedelta(1)
_NEAR = dt.timedelta(90)
"""How far ahead appointments are made."""
_NEAR_AFTER_TO = dt.timedelta(31)
"""The same after "ל", which goes with weekday and hour more often: "לרביעי לשתיים"."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a line is resolved against.

    "מ" before a day is a lower bound when booking, the day to leave behind where an appointment is moved ("ממחר ליום
    חמישי"), and merely the day where one is cancelled.
    """

    now: dt.datetime
    hours: OpenHours
    is_move: bool = False
    is_cancel: bool = False


def settle(kept: Sequence[Kept], setting: Setting) -> list[Kept]:
    """Decide what is a date or a weekday with an hour: "לשלישי לשלוש" is no third of March while March is far off."""
    settled: list[Kept] = []
    for item in kept:
        value = item.chunk.value
        if not isinstance(value, CalendarDay) or value.hour is None:
            is_far = setting.is_move and isinstance(value, CalendarDay) and _is_far(value, setting)
            may_swap = setting.is_move and isinstance(value, DaySpan) and not item.chunk.prefix  # "להחליף בין …"
            settled.append(replace(item, is_doubtful=item.is_doubtful or is_far or may_swap))
            continue
        days = resolve_day.resolve(value, setting.now, setting.hours)
        limit = _NEAR if not item.chunk.prefix else _NEAR_AFTER_TO
        is_near = days is not None and days.single is not None and days.single - setting.now.date() <= limit
        if is_near:
            settled.append(replace(item, is_doubtful=item.is_doubtful or item.chunk.prefix != ""))
        else:
            settled.append(replace(item, chunk=replace(item.chunk, value=Weekday(value.day - 1))))
            settled.append(replace(item, chunk=replace(item.chunk, value=value.hour)))
    return settled


def _is_far(value: CalendarDay, setting: Setting) -> bool:
    """ "תעבירי את הראשון לשלישי" may well be Sunday's appointment to Tuesday."""
    days = resolve_day.resolve(value, setting.now, setting.hours)
    return days is not None and days.single is not None and days.single - setting.now.date() > _NEAR_AFTER_TO


def combine(kept: Sequence[Kept], setting: Setting) -> Days | None:
    """What the days in `kept` mean together. Days of different sentences that do not agree ("בשבת אתם סגורים? אז ביום
    ראשון") are not added up: the last sentence counts, in doubt."""
    kept = _without_bases(kept)
    kept = _targets(kept) if setting.is_move else kept
    days = _combine(_without_passing_today([_target(k.chunk, setting) for k in kept]), setting)
    late = [k for k in kept if k.sentence == max(item.sentence for item in kept)]
    if days is not None and len(late) < len(kept) and (days.single is None or days.is_doubtful):
        last = _combine([_target(k.chunk, setting) for k in late], setting)
        days = last and replace(last, is_doubtful=True)
    if days is not None and any(k.is_doubtful for k in kept):
        days = replace(days, is_doubtful=True)
    return days


def _without_bases(kept: Sequence[Kept]) -> Sequence[Kept]:
    """ "החתונה ביום חמישי, אז יום לפני": Thursday is named for the sake of the day that is counted from it."""
    values = [k.chunk.value for k in kept]
    bases = [_firm(v.base) for v in values if isinstance(v, InUnits) and v.has_own_base]
    return [k for k in kept if _firm(k.chunk.value) not in bases]


def _firm(value: object) -> object:
    return replace(value, is_weak=False) if isinstance(value, Weekday | CalendarDay) else value


def _without_passing_today(values: list[DayLike]) -> list[DayLike]:
    """ "מחר על הבוקר": beside another day, "הבוקר" and "הערב" name but a part of it."""
    rest = [value for value in values if not (isinstance(value, Moment) and value.day == Relative(0))]
    return rest or values


def _target(chunk: Chunk, setting: Setting) -> DayLike:
    """Where an appointment is moved "ממחר ליום חמישי" the second day is meant, not both and what lies between."""
    value = chunk.value
    assert isinstance(value, DAY_LIKE)
    if not chunk.prefix.startswith("מ"):
        return value
    if isinstance(value, DaySpan):
        return value.high if setting.is_move else value
    if setting.is_move or setting.is_cancel or isinstance(value, DayEdge | Moment | ExactDate):
        return value
    return DayEdge(Edge.FROM, value)


def _targets(kept: Sequence[Kept]) -> Sequence[Kept]:
    """Of the days in a wish to move, those moved to: "מיום רביעי ליום חמישי", "את התור של רביעי לחמישי"."""
    to = [k for k in kept if k.chunk.prefix.startswith("ל")]
    away = [k for k in kept if not k.chunk.prefix.startswith("מ") or isinstance(k.chunk.value, DaySpan)]
    return (to if len(kept) > 1 else None) or away or kept


def _combine(values: Sequence[DayLike], setting: Setting) -> Days | None:
    """The same for days of one sentence, none of them taken back."""
    today = setting.now.date()
    values = _with_parts_of_spans(values)
    weekdays = [v for v in values if isinstance(v, Weekday)]
    weeks = [v for v in values if _is_week(v)]
    others = [v for v in values if not isinstance(v, Weekday) and not _is_week(v)]
    if weekdays and weeks:
        span = _week_of(weeks[-1], setting)
        inside = [day for v in weekdays if span and (day := resolve_day.weekday_in(v.day, span, today))]
        if isinstance(weeks[-1], InUnits) and weeks[-1].base is not None and span is not None:
            inside = [replace(day, is_doubtful=day.is_doubtful or weeks[-1].is_vague) for day in inside]
        found = inside + [d for v in others if (d := resolve_day.resolve(v, setting.now, setting.hours))]
    else:
        found = [d for v in others + weeks if (d := resolve_day.resolve(v, setting.now, setting.hours))]
        found = _with_weekdays(found, weekdays, setting)
    return _join(found) if found else None


def _with_parts_of_spans(values: Sequence[DayLike]) -> Sequence[DayLike]:
    """ "בחודש הבא, בתחילת החודש": one span names the month or week, the other its part."""
    ahead = [v for v in values if isinstance(v, InUnits) and v.unit == WEEK and v.base is None]
    if len(ahead) == 1 and any(isinstance(v, WeekSpan) and v.part for v in values):  # "בעוד שבועיים באמצע השבוע"
        values = [WeekSpan(ahead[0].count) if v is ahead[0] else v for v in values]
    for kind in (WeekSpan, MonthSpan):
        spans = [v for v in values if isinstance(v, kind)]
        parts = [v for v in spans if v.part is not None and v.offset == 0]
        wholes = [v for v in spans if v.part is None]
        if len(parts) == len(wholes) == 1:
            whole = replace(wholes[0], part=parts[0].part)
            values = [whole if v is wholes[0] else v for v in values if v is not parts[0]]
    return values


def _is_week(value: object) -> bool:
    return isinstance(value, WeekSpan) or (isinstance(value, InUnits) and value.unit == WEEK and not value.has_own_base)


def _week_of(value: DayLike, setting: Setting) -> Days | None:
    if isinstance(value, InUnits) and value.base is not None:  # "שבוע אחרי פסח ביום ראשון"
        return resolve_day.week_around(resolve_day.resolve(value, setting.now, setting.hours), setting.now.date())
    if isinstance(value, InUnits):
        value = WeekSpan(value.count)
    return resolve_day.resolve(value, setting.now, setting.hours)


def _with_weekdays(found: list[Days], weekdays: Sequence[Weekday], setting: Setting) -> list[Days]:
    """Weekdays that a date confirms add nothing; one that contradicts it puts the date in doubt."""
    resolved = [d for v in weekdays if (d := resolve_day.resolve(v, setting.now, setting.hours))]
    if len(found) == 1 and found[0].single is None and len(weekdays) == 1:
        return [_weekday_within(weekdays[0].day, found[0])]
    singles = [d.single for d in found if d.single is not None]
    if len(singles) != 1 or len(resolved) != 1 or len(found) != 1:
        return found + resolved
    date, other = singles[0], resolved[0]
    if resolve_day.weekday_of(date) == weekdays[0].day:
        return found if weekdays[0].week is None or other.single == date else found + resolved
    return [Days(date, date, True, tuple(d for d in (other.first,) if d is not None))]


def _weekday_within(weekday: int, span: Days) -> Days:
    """ "אחרי פסח ביום ראשון", "ביום שלישי בדצמבר": the first such day; one of several puts it in doubt."""
    if span.first is None:
        return span
    day = span.first + ((weekday - resolve_day.weekday_of(span.first)) % 7) * _ONE
    if span.last is not None and day > span.last:
        return Days(day, day, True)
    is_one_of_several = span.last is not None and day + 7 * _ONE <= span.last
    return Days(day, day, span.is_doubtful or is_one_of_several)


def _join(found: list[Days]) -> Days:
    singles = sorted({d.single for d in found if d.single is not None})
    spans = [d for d in found if d.single is None]
    is_doubtful = any(d.is_doubtful for d in found)
    others = tuple(other for d in found for other in d.others)
    if len(singles) == 1:
        within = all(_covers(span, singles[0]) for span in spans)
        return Days(singles[0], singles[0], is_doubtful or not within, others)
    if not singles:
        return _join_spans(spans, is_doubtful)
    if singles[-1] - singles[0] == (len(singles) - 1) * _ONE:
        return Days(singles[0], singles[-1], is_doubtful, others)
    return Days(singles[0], singles[0], True, tuple(singles[1:]) + others)


def _covers(span: Days, day: dt.date) -> bool:
    return (span.first is None or span.first <= day) and (span.last is None or day <= span.last)


def _join_spans(spans: Sequence[Days], is_doubtful: bool) -> Days:
    """Bounds narrow each other ("אחרי יום שני ועד יום חמישי"); spans apart stand side by side."""
    first = max((s.first for s in spans if s.first is not None), default=None)
    last = min((s.last for s in spans if s.last is not None), default=None)
    if first is not None and last is not None and last < first:
        return Days(min(s.first for s in spans if s.first), max(s.last for s in spans if s.last), is_doubtful)
    return Days(first, last, is_doubtful)
