"""From the pieces that hold to one answer: which days, which hours, what is ruled out, what is in doubt."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from server.hebrew import resolve_day, resolve_time
from server.hebrew.fold_days import Setting, combine, settle
from server.hebrew.models import Daypart, Exclusion
from server.hebrew.said import (
    DAY_LIKE,
    TIME_LIKE,
    CalendarDay,
    Chunk,
    Clock,
    ClockEdge,
    ClockSpan,
    Edge,
    ExactDate,
    FromNow,
    Kept,
    Length,
    Moment,
    Noon,
    PartOfDay,
    Relative,
    Weekday,
    WeekSpan,
)

_ONE = dt.timedelta(1)


@dataclass(slots=True)
class When:
    """The fields of an Understanding that tell when and how long, while they are being gathered."""

    date: dt.date | None = None
    date_from: dt.date | None = None
    date_to: dt.date | None = None
    time: dt.time | None = None
    time_from: dt.time | None = None
    time_to: dt.time | None = None
    is_end_limit: bool = False
    daypart: Daypart | None = None
    duration_min: int | None = None
    excluded: list[Exclusion] = field(default_factory=list)
    ambiguous: set[str] = field(default_factory=set)
    readings: list[str] = field(default_factory=list)

    def fields(self) -> dict[str, Any]:
        """As arguments of an Understanding: the gathered lists made constant."""
        gathered = {each.name: getattr(self, each.name) for each in fields(self)}
        return gathered | {
            "excluded": tuple(self.excluded),
            "ambiguous": frozenset(self.ambiguous),
            "readings": tuple(dict.fromkeys(self.readings)),
        }

    @property
    def holds(self) -> bool:
        """Whether a day or an hour is wished."""
        return any(value is not None for value in (self.date, self.date_from, self.date_to, self.time, self.time_from))

    def put_days_in_doubt(self) -> None:
        if self.date is not None or self.date_from is not None or self.date_to is not None:
            self.ambiguous.add("date")


def fold(kept: Sequence[Kept], ruled_out: Sequence[Kept], setting: Setting) -> When:
    when = When()
    kept = _free_hours(settle(kept, setting))
    days = [k for k in kept if isinstance(k.chunk.value, DAY_LIKE)]
    _set_days(when, days, setting)
    _set_parts(when, kept)
    _set_times(when, [k for k in _hours_to_keep(kept, setting) if k not in days], setting)
    _set_length(when, kept)
    for n, item in enumerate(ruled_out):
        _exclude(when, item.chunk, setting)
        before = ruled_out[n - 1].chunk if n else None
        if before is not None and before.end == item.chunk.start and isinstance(before.value, DAY_LIKE):
            _narrow_last_exclusion(when)
    return when


def _free_hours(kept: Sequence[Kept]) -> list[Kept]:
    """ "אני עובדת עד ארבע": the caller's own hours; free from then on, if no wish is said beside them."""
    wishes = [k for k in kept if not (k.free and isinstance(k.chunk.value, TIME_LIKE))]
    has_hour = any(isinstance(k.chunk.value, TIME_LIKE) for k in wishes)
    if has_hour or len(wishes) == len(kept) or _has_part_behind(kept):
        return wishes
    return wishes + [
        replace(k, chunk=replace(k.chunk, value=ClockEdge(k.free, _bound_of(k.chunk.value, k.free))))
        for k in kept
        if k not in wishes and k.free is not None
    ]


def _has_part_behind(kept: Sequence[Kept]) -> bool:
    """ "הילדים חוזרים בשתיים אז רק בבוקר": the part of the day wished for comes behind the caller's own hours."""
    own = [n for n, k in enumerate(kept) if k.free and isinstance(k.chunk.value, TIME_LIKE)]
    return any(isinstance(k.chunk.value, PartOfDay) for k in kept[own[-1] + 1 :])


def _bound_of(value: object, free: Edge) -> Clock:
    if isinstance(value, ClockSpan):
        return value.high if free is Edge.AFTER else value.low
    return value.clock if isinstance(value, ClockEdge) else value if isinstance(value, Clock) else Clock(0)


def _hours_to_keep(kept: Sequence[Kept], setting: Setting) -> Sequence[Kept]:
    """Where an appointment is moved, an hour said before the new day is the old one's: "מיום שני בעשר ליום רביעי"."""
    days = [k.chunk for k in kept if isinstance(k.chunk.value, DAY_LIKE)]
    if not setting.is_move or len(days) < 2:
        return kept
    start = max((day.start for day in days if day.prefix.startswith("ל")), default=0)
    return [k for k in kept if k.chunk.start >= start or k.chunk.prefix.startswith("ל") or k.chunk in days]


def _set_days(when: When, kept: Sequence[Kept], setting: Setting) -> None:
    days = combine(kept, setting)
    if days is None:
        return
    if days.single is not None:
        when.date = days.single
    else:
        when.date_from, when.date_to = days.first, days.last
    if days.is_doubtful:
        when.ambiguous.add("date")
        when.readings += [other.isoformat() for other in days.others]


def _set_parts(when: When, kept: Sequence[Kept]) -> None:
    for item in kept:
        value = item.chunk.value
        if isinstance(value, PartOfDay | Moment) or (isinstance(value, Clock) and value.part is not None):
            when.daypart = value.part
        elif isinstance(value, ClockEdge) and value.clock.part is not None:
            when.daypart = value.clock.part
        elif isinstance(value, ClockSpan) and value.high.part is not None:
            when.daypart = value.high.part
    parts = {k.chunk.value.part for k in kept if isinstance(k.chunk.value, PartOfDay | Moment)}
    if len(parts) > 1:  # "ביום חמישי בערב או שישי בבוקר": which goes with which is for a question
        when.ambiguous.add("daypart")
        if when.date_from is not None:
            when.ambiguous.add("date")


def _set_times(when: When, kept: Sequence[Kept], setting: Setting) -> None:
    clocks = [k.chunk.value for k in kept if isinstance(k.chunk.value, Clock)]
    if any(k.is_doubtful and isinstance(k.chunk.value, TIME_LIKE) for k in kept):
        when.ambiguous.add("time")
    for item in kept:
        match item.chunk.value:
            case ClockEdge() as edge:
                _set_edge(when, edge, setting)
            case ClockSpan() as span if setting.is_move and item.chunk.prefix.startswith("מ"):
                clocks.append(span.high)
            case ClockSpan() if when.time_from is not None and when.time_to is not None:
                when.ambiguous.add("time")
            case ClockSpan() as span:
                low, high = resolve_time.resolve_span(span.low, span.high, setting.hours, when.date, when.daypart)
                when.time_from, when.time_to = low.time, high.time
                _doubt(when, low)
            case Noon() as noon:
                _set_noon(when, noon)
            case FromNow() as later:
                _set_from_now(when, later, setting)
            case _:
                continue
    if clocks:
        _set_clocks(when, clocks, setting)


def _set_clocks(when: When, clocks: Sequence[Clock], setting: Setting) -> None:
    clocks = clocks[-1:] if setting.is_move else clocks  # "מארבע לחמש": the hour moved to comes last
    walls = [resolve_time.resolve(clock, setting.hours, when.date, when.daypart) for clock in clocks]
    if when.time is None:
        when.time = walls[0].time
        _doubt(when, walls[0])
    rest = [wall.time for wall in walls if wall.time != when.time]
    if rest and when.date_from is not None and when.date_to is not None:
        when.ambiguous.add("date")  # "בשני באחת עשרה ואם אין בשלישי בארבע": which goes with which
    if rest:
        when.ambiguous.add("time")
        when.readings += [time.strftime("%H:%M") for time in rest]


def _doubt(when: When, wall: resolve_time.Wall) -> None:
    if wall.is_doubtful:
        when.ambiguous.add("time")
        when.readings += [time.strftime("%H:%M") for time in wall.others]


def _set_edge(when: When, said: ClockEdge, setting: Setting) -> None:
    wall = resolve_time.resolve(said.clock, setting.hours, when.date, when.daypart, said.edge)
    _doubt(when, wall)
    if said.edge is Edge.AROUND:
        when.time = wall.time
        when.time_from, when.time_to = resolve_time.window(wall.time)
    elif said.edge in (Edge.AFTER, Edge.FROM):
        when.time_from = wall.time
    else:
        when.time_to = wall.time
        when.is_end_limit = said.edge is Edge.UNTIL


def _set_noon(when: When, said: Noon) -> None:
    if said.edge in (Edge.AFTER, Edge.FROM):
        when.time_from = dt.time(12)
    else:
        when.time_to = dt.time(12)
        when.is_end_limit = said.edge is Edge.UNTIL


def _set_from_now(when: When, said: FromNow, setting: Setting) -> None:
    later = setting.now.astimezone(dt.UTC) + dt.timedelta(minutes=said.minutes)  # across a change of the clocks
    at = later.astimezone(setting.now.tzinfo)
    if when.date is None and when.date_from is None:
        when.date = at.date()
    when.time = at.time().replace(second=0, microsecond=0)


def _set_length(when: When, kept: Sequence[Kept]) -> None:
    lengths = [k for k in kept if isinstance(k.chunk.value, Length)]
    if not lengths:
        return
    values = [k.chunk.value.minutes for k in lengths if isinstance(k.chunk.value, Length)]
    when.duration_min = values[0]
    if len(set(values)) > 1 or lengths[0].is_doubtful:
        when.ambiguous.add("duration")
        when.readings += [str(minutes) for minutes in values[1:] if minutes != values[0]]


def _turn_around(when: When, edge: Edge, clock: Clock, setting: Setting) -> None:
    """ "לפני עשר אני לא יכול": from ten on."""
    wall = resolve_time.resolve(clock, setting.hours, when.date, when.daypart, edge)
    _doubt(when, wall)
    if edge in (Edge.BEFORE, Edge.UNTIL):
        when.time_from = wall.time
    else:
        when.time_to = wall.time


def _narrow_last_exclusion(when: When) -> None:
    """ "לא ביום שלישי בבוקר" rules out that morning: day and part of the day are one exclusion."""
    if len(when.excluded) < 2:
        return
    part, day = when.excluded[-1], when.excluded[-2]
    is_pair = (part.daypart or part.time) and (day.date or day.weekday is not None) and not day.daypart
    if is_pair:
        when.excluded[-2:] = [replace(day, daypart=part.daypart, time=part.time)]


def _exclude(when: When, chunk: Chunk, setting: Setting) -> None:
    match chunk.value:
        case PartOfDay(part=part):
            when.excluded.append(Exclusion(daypart=part))
        case Weekday(day=day, week=None):
            when.excluded.append(Exclusion(weekday=day))
        case ClockEdge(edge=edge, clock=clock) if not chunk.prefix and edge is not Edge.AROUND:
            _turn_around(when, edge, clock, setting)
        case (Clock() as clock) | ClockEdge(clock=clock):  # "חוץ מארבע" as well
            wall = resolve_time.resolve(clock, setting.hours, when.date, when.daypart)
            when.excluded.append(Exclusion(time=wall.time))
        case Relative() | Weekday() | CalendarDay() | ExactDate():
            days = resolve_day.resolve(chunk.value, setting.now, setting.hours)
            if days is not None and days.single is not None:
                when.excluded.append(Exclusion(date=days.single))
        case Moment(day=Weekday(day=day, week=None), part=part):
            when.excluded.append(Exclusion(weekday=day, daypart=part))
        case Moment(part=part):
            when.excluded.append(Exclusion(daypart=part))
        case WeekSpan(part="weekend"):
            when.excluded += [Exclusion(weekday=5), Exclusion(weekday=6)]
        case WeekSpan(part=None) if when.date is None and when.date_to is None:
            span = resolve_day.resolve(chunk.value, setting.now, setting.hours)
            if span is not None and span.last is not None:
                when.date_from = max(when.date_from or span.last, span.last + _ONE)
        case _:
            pass
