"""Which times are taken, for quick questions: minutes since 1970 in UTC."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable

from server.calendar.models import Staff

BusyRow = tuple[int, int, int, int]
"""staff id, lane, from, to (minutes since 1970)."""


class BusyTimes:
    """When each lane of each staff member is taken. Intervals of one lane never overlap."""

    def __init__(self, rows: Iterable[BusyRow] = ()) -> None:
        lanes: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
        for staff_id, lane, start, end in rows:
            lanes[staff_id, lane].append((start, end))
        self._lanes: dict[tuple[int, int], tuple[list[int], list[int]]] = {}
        for key, taken in lanes.items():
            taken.sort()
            self._lanes[key] = [start for start, _ in taken], [end for _, end in taken]

    def free_lane(self, staff: Staff, start: int, end: int) -> int | None:
        """The lowest lane of `staff` free from `start` to `end`, or None."""
        return next((lane for lane in range(staff.lanes) if self._is_free(staff.id, lane, start, end)), None)

    def free_ranges(self, staff: Staff, first: int, last: int, length: int) -> list[tuple[int, int]]:
        """Starts from `first` to `last` at which some lane is free for `length` minutes, as ranges, ends included."""
        if first > last:
            return []
        ranges = [r for lane in range(staff.lanes) for r in self._gaps(staff.id, lane, first, last, length)]
        return ranges if staff.lanes == 1 else _union(ranges)

    def _gaps(self, staff_id: int, lane: int, first: int, last: int, length: int) -> list[tuple[int, int]]:
        taken = self._lanes.get((staff_id, lane))
        if taken is None:
            return [(first, last)]
        starts, ends = taken
        gaps = []
        at = first
        for n in range(max(0, bisect_right(starts, first) - 1), len(starts)):
            if at <= starts[n] - length:
                gaps.append((at, min(last, starts[n] - length)))
            at = max(at, ends[n])
            if at > last:
                return gaps
        return [*gaps, (at, last)]

    def minutes(self, staff: Staff, start: int, end: int) -> int:
        """How many minutes of all lanes are taken between the two instants."""
        lanes = (self._lanes.get((staff.id, lane), ([], [])) for lane in range(staff.lanes))
        return sum(
            max(0, min(b, end) - max(a, start)) for starts, ends in lanes for a, b in zip(starts, ends, strict=True)
        )

    def _is_free(self, staff_id: int, lane: int, start: int, end: int) -> bool:
        taken = self._lanes.get((staff_id, lane))
        if taken is None:
            return True
        before = bisect_right(taken[0], start) - 1
        is_over = before < 0 or taken[1][before] <= start
        return is_over and (before + 1 == len(taken[0]) or taken[0][before + 1] >= end)


def _union(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same starts, each once, in order."""
    merged: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged
