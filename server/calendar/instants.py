"""Between instants, wall clocks and whole minutes since 1970 in UTC, with the changes of summer time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from server.calendar.hours import DAY_MIN, Interval

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def minute_of(instant: dt.datetime) -> int:
    """Whole minutes since 1970, rounded down."""
    return int((instant - EPOCH).total_seconds() // 60)


def instant_of(minute: int) -> dt.datetime:
    return EPOCH + dt.timedelta(minutes=minute)


class WallDay:
    """One day of a zone: from minutes of its wall clock to minutes since 1970."""

    def __init__(self, zone: ZoneInfo, day: dt.date) -> None:
        self.day = day
        self._midnight = dt.datetime.combine(day, dt.time(), zone)
        self.start = minute_of(self._midnight)
        tomorrow = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), zone)
        self._end = minute_of(tomorrow)
        self._is_plain = self._end - self.start == DAY_MIN

    def at(self, wall: int) -> int | None:
        """None for a wall time that the change to summer time skips; the first of two in a doubled hour."""
        if self._is_plain or wall == 0:
            return self.start + wall
        local = self._local(wall)
        is_real = local.astimezone(dt.UTC).astimezone(local.tzinfo).replace(tzinfo=None) == local.replace(tzinfo=None)
        return minute_of(local) if is_real else None

    def grid(self, step: int) -> Sequence[int]:
        """The starts of the day that its wall clock shows at whole multiples of `step`, in order."""
        if self._is_plain:
            return range(self.start, self._end, step)
        starts = (self.at(wall) for wall in range(0, DAY_MIN, step))
        return [start for start in starts if start is not None]

    def span(self, interval: Interval) -> Interval:
        """An opening interval; an end that is skipped or doubled is taken at its earlier reading."""
        if self._is_plain:
            return self.start + interval[0], self.start + interval[1]
        return minute_of(self._local(interval[0])), self._closing(interval[1])

    def _closing(self, wall: int) -> int:
        if wall == DAY_MIN:
            return self._end
        return min(minute_of(self._local(wall)), minute_of(self._local(wall).replace(fold=1)))

    def _local(self, wall: int) -> dt.datetime:
        return self._midnight.replace(hour=wall // 60, minute=wall % 60)
