"""The free starts of one day, as ranges of minutes since 1970 cut out of its grid."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from server.calendar.diary import Diary, Wanted, spans_of
from server.calendar.hours import DAY_MIN, end_minute, to_minute
from server.calendar.instants import WallDay, minute_of
from server.calendar.models import SlotQuery, Staff


@dataclass(frozen=True, slots=True)
class Window:
    """Minutes of the day: the first start, the start that is too late, and the latest end."""

    first: int = 0
    before: int = DAY_MIN
    ends_by: int = DAY_MIN


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Starts that one stretch of work allows, both ends included, before looking at what is busy."""

    staff: Staff
    order: int
    first: int
    last: int


WHOLE_DAY = Window()


def window_of(query: SlotQuery) -> Window:
    return Window(
        to_minute(query.time_from) if query.time_from else 0,
        end_minute(query.time_to) if query.time_to else DAY_MIN,
        end_minute(query.ends_by) if query.ends_by else DAY_MIN,
    )


def free_on(diary: Diary, wanted: Wanted, window: Window, day: dt.date) -> tuple[list[tuple[int, Staff]], str]:
    """Every free (start, staff member) of a day, earliest first; and the reason if there is none."""
    wall = WallDay(diary.zone, day)
    stretches = _stretches(diary, wanted, window, wall)
    if stretches is None:
        return [], "closed_day"
    grid = wall.grid(diary.facts.business.grid_min)
    lasts = [starts[-1] for s in stretches if (starts := _within(grid, s.first, s.last))]
    if not lasts:
        return [], "off_grid" if stretches and window.first > 0 else "outside_hours"
    if max(lasts) < diary.earliest:
        return [], "too_soon" if max(lasts) >= minute_of(diary.now) else "in_the_past"
    return _free(diary, wanted, grid, stretches), "fully_booked"


def _stretches(diary: Diary, wanted: Wanted, window: Window, wall: WallDay) -> list[_Stretch] | None:
    """None where nobody works at all."""
    opens, closes = wall.span((window.first, window.before))
    ends_by = closes if window.ends_by == window.before else wall.span((0, window.ends_by))[1]
    is_open = False
    stretches = []
    for order, staff in enumerate(wanted.staff):
        for begin, end in spans_of(diary, staff, wall):
            is_open = True
            first, last = max(begin, opens), min(min(end, ends_by) - wanted.minutes, closes - 1)
            if first <= last:
                stretches.append(_Stretch(staff, order, first, last))
    return stretches if is_open else None


def _free(diary: Diary, wanted: Wanted, grid: Sequence[int], stretches: Sequence[_Stretch]) -> list[tuple[int, Staff]]:
    before, after = wanted.service.buffer_before_min, wanted.service.buffer_after_min
    length = before + wanted.minutes + after
    earliest = diary.earliest
    free: list[tuple[int, int, Staff]] = []
    for stretch in stretches:
        first = max(stretch.first, earliest) - before
        for begin, end in diary.busy.free_ranges(stretch.staff, first, stretch.last - before, length):
            starts = _within(grid, begin + before, end + before)
            free.extend((start, stretch.order, stretch.staff) for start in starts)
    free.sort(key=_by_start)
    return [(start, staff) for start, _, staff in free]


def _by_start(entry: tuple[int, int, Staff]) -> tuple[int, int]:
    return entry[:2]


def _within(grid: Sequence[int], first: int, last: int) -> Sequence[int]:
    return grid[bisect_left(grid, first) : bisect_right(grid, last)]
