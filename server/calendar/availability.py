"""What is free, as a pure function of the facts, the busy times and the moment.

Instants inside this file are whole minutes since 1970 in UTC, so that a fortnight is searched with integers alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from server.calendar.diary import Diary, Wanted, busy_span, fits, spans_of
from server.calendar.hours import to_minute, weekday
from server.calendar.instants import WallDay, instant_of, minute_of
from server.calendar.models import BusinessFacts, Found, Refusal, Slot, SlotQuery, Staff
from server.calendar.starts import WHOLE_DAY, free_on, window_of

ALTERNATIVES = 4
LIST_LENGTH = 80
DAYS_AROUND = 14
"""How many days on either side of a wish are searched for alternatives, at most."""

# Which reason is told when days differ: the one that would help most comes first.
REASONS = ("fully_booked", "off_grid", "too_soon", "outside_hours", "closed_day", "in_the_past", "too_far")


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
        return Refusal("unknown_length", "this service has no length yet")
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
    window = window_of(query)
    for day in _days(diary, query, first, last, reasons):
        free, reason = free_on(diary, wanted, window, day)
        reasons.add(reason)
        slots.extend(_slot(start, wanted.minutes, staff) for start, staff in free[: query.limit - len(slots)])
        if len(slots) == query.limit:
            break
    if slots:
        return Found(tuple(slots))
    return Found((), (), next((reason for reason in REASONS if reason in reasons), "closed_day"))


def alternative_days(diary: Diary, wish: Wish, around: int = DAYS_AROUND) -> tuple[dt.date, ...]:
    """The days to look at, nearest to the wish first, the later of two equally near first."""
    first, last = diary.today, diary.horizon
    near = min(max(wish.day, first), last)
    offsets = [0] + [sign * n for n in range(1, around + 1) for sign in (1, -1)]
    days = (near + dt.timedelta(days=n) for n in offsets)
    return tuple(day for day in days if first <= day <= last and day not in wish.excluded)


def alternatives(
    diary: Diary, wanted: Wanted, wish: Wish, limit: int = ALTERNATIVES, around: int = DAYS_AROUND
) -> tuple[Slot, ...]:
    """The nearest free slots around a wish, one per start, best first; `wanted.staff` are all who may do it.

    Order: the same start with somebody else; the nearest before and after on the same day; the same hour on other
    days; the nearest hour of other days; then all of it with any staff. Without a minute: the first slot of each day.
    """
    free = _FreeDays(diary, wanted)
    days = alternative_days(diary, wish, around)
    anybody = replace(wish, staff_id=None)
    wishes = [wish] if wish.staff_id is None else [wish, anybody]
    candidates = chain(_same_start(free, wish), *(_by_nearness(free, each, days) for each in wishes))
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
    wall_day = WallDay(diary.zone, day)
    spans = [spans_of(diary, staff, wall_day) for staff in wanted.staff]
    if not any(spans):
        return "closed_day"
    if not any(fits(hours, minute_of(starts_at), wanted.minutes) for hours in spans):
        return "outside_hours"
    # A doubled hour is booked in its first pass only, so that its wall time names one instant.
    is_on_grid = not local.fold and wall % diary.facts.business.grid_min == 0
    return None if is_on_grid or not diary.is_bound else "off_grid"


def place(diary: Diary, wanted: Wanted, starts_at: dt.datetime) -> tuple[Staff, int] | None:
    """Who takes this start, and in which lane: of those free the one with the least to do that day."""
    start = minute_of(starts_at)
    wall = WallDay(diary.zone, starts_at.astimezone(diary.zone).date())
    begin, end = busy_span(wanted, start)
    free = []
    for order, staff in enumerate(wanted.staff):
        spans = spans_of(diary, staff, wall)
        lane = diary.busy.free_lane(staff, begin, end) if fits(spans, start, wanted.minutes) else None
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
            self._days[day], _ = free_on(self._diary, self._wanted, WHOLE_DAY, day)
        return (
            self._days[day]
            if staff_id is None
            else [(start, staff) for start, staff in self._days[day] if staff.id == staff_id]
        )

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
    day, end = max(first, diary.today), min(last, diary.horizon)
    while day <= end:
        if day not in query.excluded_dates and (query.days is None or weekday(day) in query.days):
            yield day
        day += dt.timedelta(days=1)


def _slot(start: int, minutes: int, staff: Staff) -> Slot:
    return Slot(instant_of(start), instant_of(start + minutes), staff.id, staff.name)


def _listed(names: Iterable[str]) -> str:
    """As many of the names as a refusal has room for."""
    listed = ", ".join(names)
    return listed if len(listed) <= LIST_LENGTH else listed[:LIST_LENGTH].rsplit(", ", 1)[0] + " …"
