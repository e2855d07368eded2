"""What is free, as a pure function of the facts, the busy times and the moment.

Instants inside this file are whole minutes since 1970 in UTC, so that a fortnight is searched with integers alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from zoneinfo import ZoneInfo

from server.calendar.busy import BusyTimes
from server.calendar.hours import DAY_MIN, Interval, end_minute, intervals, to_minute, weekday
from server.calendar.instants import WallDay, instant_of, minute_of
from server.calendar.models import BusinessFacts, Found, Refusal, Service, Slot, SlotQuery, Staff

ALTERNATIVES = 4
DAYS_AROUND = 14
"""How many days on either side of a wish are searched for alternatives."""

# Which reason is told when days differ: the one that would help most comes first.
REASONS = ("fully_booked", "off_grid", "too_soon", "outside_hours", "closed_day", "in_the_past", "too_far")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A service in one length by any of `staff`."""

    service: Service
    minutes: int
    staff: tuple[Staff, ...]


@dataclass(frozen=True, slots=True)
class Diary:
    """All that availability depends on. `is_bound` False lifts lead time, horizon and grid: the owner's own hand."""

    facts: BusinessFacts
    busy: BusyTimes
    now: dt.datetime
    is_bound: bool = True

    @property
    def zone(self) -> ZoneInfo:
        return self.facts.business.zone

    @property
    def today(self) -> dt.date:
        return self.now.astimezone(self.zone).date()

    @property
    def horizon(self) -> dt.date:
        return self.today + dt.timedelta(days=self.facts.business.horizon_days)

    @property
    def earliest(self) -> int:
        """First minute that may be booked."""
        lead = self.facts.business.lead_min if self.is_bound else 0
        return minute_of(self.now - dt.timedelta(microseconds=1)) + 1 + lead

    def hours(self, staff: Staff, day: dt.date) -> tuple[Interval, ...]:
        return intervals((staff.hours or self.facts.hours).on(day))


@dataclass(frozen=True, slots=True)
class Wish:
    """Around what alternatives are looked for: a day and, if known, a minute of that day and a staff member."""

    day: dt.date
    minute: int | None = None
    staff_id: int | None = None
    excluded: frozenset[dt.date] = frozenset()


def resolve(
    facts: BusinessFacts, service: str, minutes: int | None, staff: str | None, *, is_any_length: bool = False
) -> Wanted | Refusal:
    """The service, length and staff meant by these names, or what is wrong with them."""
    found = facts.service(service)
    if found is None:
        return Refusal("unknown_service", f"services are: {_listed(s.name for s in facts.services if not s.is_hidden)}")
    if not found.lengths and minutes is None:
        return Refusal("unknown_length", f"{found.name} has no length yet")
    wanted = found.lengths[0].minutes if minutes is None else minutes
    is_offered = any(length.minutes == wanted for length in found.lengths)
    if not is_offered and not (is_any_length and 1 <= wanted <= 720):
        return Refusal("unknown_length", f"lengths in minutes are: {_listed(str(x.minutes) for x in found.lengths)}")
    able = tuple(s for s in facts.staff if s.id in found.staff_ids)
    if staff is None:
        return Wanted(found, wanted, able)
    named = next((s for s in facts.staff if s.name == staff.strip()), None)
    if named is None:
        return Refusal("unknown_staff", f"staff are: {_listed(s.name for s in facts.staff)}")
    if named not in able:
        return Refusal("wrong_staff", f"this service is done by: {_listed(s.name for s in able)}")
    return Wanted(found, wanted, (named,))


def find(diary: Diary, wanted: Wanted, query: SlotQuery, first: dt.date, last: dt.date) -> Found:
    """The free slots of `query` on the days from `first` to `last`, one per start and staff member."""
    slots: list[Slot] = []
    reasons: set[str] = set()
    for day in _days(diary, query, first, last, reasons):
        allowed, reason = _allowed(diary, wanted, query, day)
        reasons.add(reason)
        slots.extend(_slot(start, wanted.minutes, staff) for start, staff in _free(diary, wanted, allowed))
        if len(slots) >= query.limit:
            break
    if slots:
        return Found(tuple(slots[: query.limit]))
    return Found((), (), next((reason for reason in REASONS if reason in reasons), "closed_day"))


def alternative_days(diary: Diary, wish: Wish) -> tuple[dt.date, ...]:
    """The days to look at, nearest to the wish first, the later of two equally near first."""
    near = min(max(wish.day, diary.today), diary.horizon)
    offsets = [0] + [sign * n for n in range(1, DAYS_AROUND + 1) for sign in (1, -1)]
    days = (near + dt.timedelta(days=n) for n in offsets)
    return tuple(day for day in days if diary.today <= day <= diary.horizon and day not in wish.excluded)


def alternatives(diary: Diary, wanted: Wanted, wish: Wish, limit: int = ALTERNATIVES) -> tuple[Slot, ...]:
    """The nearest free slots around a wish, one per start, best first; `wanted.staff` are all who may do it.

    Order: the same start with somebody else; the nearest before and after on the same day; the same hour on other
    days; the nearest hour of other days; then all of it with any staff. Without a minute: the first slot of each day.
    """
    free = _FreeDays(diary, wanted)
    days = alternative_days(diary, wish)
    anybody = replace(wish, staff_id=None)
    candidates = chain(_same_start(free, wish), _by_nearness(free, wish, days), _by_nearness(free, anybody, days))
    chosen: dict[int, Staff] = {}
    for start, staff in candidates:
        chosen.setdefault(start, staff)
        if len(chosen) == limit:
            break
    return tuple(_slot(start, wanted.minutes, staff) for start, staff in chosen.items())


def refuse(diary: Diary, wanted: Wanted, starts_at: dt.datetime) -> str | None:
    """Why a start cannot be booked whatever else is booked, as a code; None if it can."""
    local = starts_at.astimezone(diary.zone)
    day, wall = local.date(), to_minute(local.time())
    if local.second or local.microsecond:
        return "off_grid"
    if starts_at < diary.now:
        return "in_the_past"
    if minute_of(starts_at) < diary.earliest:
        return "too_soon"
    if diary.is_bound and day > diary.horizon:
        return "too_far"
    spans = [_spans(diary, staff, day) for staff in wanted.staff]
    if not any(spans):
        return "closed_day"
    if not any(_fits(hours, minute_of(starts_at), wanted.minutes) for hours in spans):
        return "outside_hours"
    # A doubled hour is booked in its first pass only, so that its wall time names one instant.
    is_on_grid = not local.fold and wall % diary.facts.business.grid_min == 0
    return None if is_on_grid or not diary.is_bound else "off_grid"


def place(diary: Diary, wanted: Wanted, starts_at: dt.datetime) -> tuple[Staff, int] | None:
    """Who takes this start, and in which lane: of those free the one with the least to do that day."""
    start, day = minute_of(starts_at), starts_at.astimezone(diary.zone).date()
    begin, end = _busy(wanted, start)
    free = []
    for order, staff in enumerate(wanted.staff):
        spans = _spans(diary, staff, day)
        lane = diary.busy.free_lane(staff, begin, end) if _fits(spans, start, wanted.minutes) else None
        if lane is not None:
            load = diary.busy.minutes(staff, spans[0][0], spans[-1][1]) / staff.lanes
            free.append((load, order, staff, lane))
    return min(free)[2:] if free else None


class _FreeDays:
    """Free (start, staff) of whole days, worked out once each."""

    def __init__(self, diary: Diary, wanted: Wanted) -> None:
        self._diary = diary
        self._wanted = wanted
        self._days: dict[dt.date, list[tuple[int, Staff]]] = {}

    def on(self, day: dt.date, staff_id: int | None) -> list[tuple[int, Staff]]:
        if day not in self._days:
            allowed, _ = _allowed(self._diary, self._wanted, SlotQuery(self._wanted.service.name), day)
            self._days[day] = list(_free(self._diary, self._wanted, allowed))
        return [(start, staff) for start, staff in self._days[day] if staff_id in (None, staff.id)]

    def target(self, day: dt.date, minute: int) -> int:
        wall = WallDay(self._diary.zone, day)
        return wall.at(minute) or wall.start + minute


def _by_nearness(free: _FreeDays, wish: Wish, days: Sequence[dt.date]) -> Iterator[tuple[int, Staff]]:
    if wish.minute is None:
        for day in days:
            yield from free.on(day, wish.staff_id)[:1]
        return
    targets = {day: free.target(day, wish.minute) for day in days}
    if wish.day in targets:
        yield from _beside(free.on(wish.day, wish.staff_id), targets[wish.day])
    others = [day for day in days if day != wish.day]
    for day in others:
        yield from (pair for pair in free.on(day, wish.staff_id) if pair[0] == targets[day])
    for day in others:
        yield from _beside(free.on(day, wish.staff_id), targets[day])


def _beside(free: Sequence[tuple[int, Staff]], target: int) -> list[tuple[int, Staff]]:
    """The last before the target and the first from it on, the nearer one first."""
    last = max((start for start, _ in free if start < target), default=None)
    before = [pair for pair in free if pair[0] == last][:1]
    after = [pair for pair in free if pair[0] >= target][:1]
    return sorted(before + after, key=lambda pair: abs(pair[0] - target))


def _same_start(free: _FreeDays, wish: Wish) -> Iterator[tuple[int, Staff]]:
    if wish.minute is not None:
        target = free.target(wish.day, wish.minute)
        yield from (pair for pair in free.on(wish.day, None) if pair[0] == target)


def _days(diary: Diary, query: SlotQuery, first: dt.date, last: dt.date, reasons: set[str]) -> Iterator[dt.date]:
    if first < diary.today:
        reasons.add("in_the_past")
    if last > diary.horizon:
        reasons.add("too_far")
    day = max(first, diary.today)
    while day <= min(last, diary.horizon):
        if day not in query.excluded_dates and (query.days is None or weekday(day) in query.days):
            yield day
        day += dt.timedelta(days=1)


def _allowed(diary: Diary, wanted: Wanted, query: SlotQuery, day: dt.date) -> tuple[list[tuple[int, Staff]], str]:
    """Every (start, staff) that the rules allow on a day, earliest first; and the reason if none of them is free."""
    wall = WallDay(diary.zone, day)
    hours = [(staff, diary.hours(staff, day)) for staff in wanted.staff]
    if not any(spans for _, spans in hours):
        return [], "closed_day"
    window = _window(query)
    starts = [
        (start, order, staff)
        for order, (staff, spans) in enumerate(hours)
        for start in _grid(diary, wall, wanted.minutes, spans, window)
    ]
    if not starts:
        is_between = any(_fits(spans, window.first, wanted.minutes) for _, spans in hours)
        return [], "off_grid" if is_between and query.time_from else "outside_hours"
    allowed = sorted(entry for entry in starts if entry[0] >= diary.earliest)
    if not allowed:
        return [], "too_soon" if max(starts)[0] >= minute_of(diary.now) else "in_the_past"
    return [(start, staff) for start, _, staff in allowed], "fully_booked"


@dataclass(frozen=True, slots=True)
class _Window:
    """Minutes of the day: the first start, the start that is too late, and the latest end."""

    first: int
    before: int
    ends_by: int


def _window(query: SlotQuery) -> _Window:
    return _Window(
        to_minute(query.time_from) if query.time_from else 0,
        end_minute(query.time_to) if query.time_to else DAY_MIN,
        end_minute(query.ends_by) if query.ends_by else DAY_MIN,
    )


def _grid(diary: Diary, wall: WallDay, minutes: int, spans: Sequence[Interval], window: _Window) -> Iterator[int]:
    """Starts on the grid of the wall clock at which a treatment fits into the hours and the window."""
    step = diary.facts.business.grid_min
    limit = wall.span((0, window.ends_by))[1]
    for interval in spans:
        begin, end = wall.span(interval)
        first = -(-max(interval[0], window.first) // step) * step
        for minute in range(first, min(interval[1], window.before), step):
            start = wall.at(minute)
            if start is not None and begin <= start and start + minutes <= min(end, limit):
                yield start


def _free(diary: Diary, wanted: Wanted, allowed: Iterable[tuple[int, Staff]]) -> Iterator[tuple[int, Staff]]:
    for start, staff in allowed:
        if diary.busy.free_lane(staff, *_busy(wanted, start)) is not None:
            yield start, staff


def _spans(diary: Diary, staff: Staff, day: dt.date) -> list[Interval]:
    wall = WallDay(diary.zone, day)
    return [wall.span(interval) for interval in diary.hours(staff, day)]


def _fits(spans: Iterable[Interval], start: int, minutes: int) -> bool:
    return any(begin <= start and start + minutes <= end for begin, end in spans)


def _busy(wanted: Wanted, start: int) -> Interval:
    """The time that a treatment takes from its staff member's lane, buffers included."""
    service = wanted.service
    return start - service.buffer_before_min, start + wanted.minutes + service.buffer_after_min


def _slot(start: int, minutes: int, staff: Staff) -> Slot:
    return Slot(instant_of(start), instant_of(start + minutes), staff.id, staff.name)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
