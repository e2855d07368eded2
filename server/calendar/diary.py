"""What availability is judged by: the facts, what is busy, the moment; and what is wanted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from server.calendar.busy import BusyTimes
from server.calendar.hours import Interval, intervals
from server.calendar.instants import WallDay, minute_of
from server.calendar.models import BusinessFacts, Service, Staff


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


def spans_of(diary: Diary, staff: Staff, wall: WallDay) -> list[Interval]:
    """When the staff member works on a day, in minutes since 1970."""
    return [wall.span(interval) for interval in diary.hours(staff, wall.day)]


def fits(spans: Iterable[Interval], start: int, minutes: int) -> bool:
    """Whether a treatment lies within one stretch of work."""
    return any(begin <= start and start + minutes <= end for begin, end in spans)


def busy_span(wanted: Wanted, start: int) -> Interval:
    """The time that a treatment takes from its staff member's lane, buffers included."""
    service = wanted.service
    return start - service.buffer_before_min, start + wanted.minutes + service.buffer_after_min
