"""One day of the diary laid out as columns of time and as a list. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from server.calendar.models import Appointment, BusinessFacts, Opening, Status

ROW_MIN = 5
"""Minutes of one row of the grid."""

_SHORTEST_GAP_MIN = 30
_TAKES_TIME = frozenset({Status.BOOKED, Status.CONFIRMED, Status.ARRIVED, Status.NO_SHOW})
_LIVE = frozenset({Status.BOOKED, Status.CONFIRMED, Status.ARRIVED})


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in the grid: first row from 1, rows it covers."""

    row: int
    span: int


@dataclass(frozen=True, slots=True)
class Block:
    """`lane` from 0: side by side with others of the same staff member at the same time."""

    appointment: Appointment
    place: Place
    lane: int
    colour: int
    is_past: bool
    is_now: bool


@dataclass(frozen=True, slots=True)
class Gap:
    place: Place
    minutes: int
    starts: dt.time


@dataclass(frozen=True, slots=True)
class Column:
    staff: str
    blocks: tuple[Block, ...]
    gaps: tuple[Gap, ...]
    open: tuple[Place, ...]
    lane_count: int


@dataclass(frozen=True, slots=True)
class DayView:
    day: dt.date
    columns: tuple[Column, ...]
    hours: tuple[tuple[int, str], ...]  # row and label of each full hour
    row_count: int
    now_row: int | None
    agenda: tuple[Block, ...]  # all that takes time, in order
    cancelled: tuple[Appointment, ...]
    is_closed: bool
    next: Appointment | None
    live_count: int


def lay_out(facts: BusinessFacts, appointments: Sequence[Appointment], day: dt.date, now: dt.datetime) -> DayView:
    """`now` aware. Appointments of that day, in any state."""
    sheet = _Sheet(facts, appointments, day, now)
    taking = sorted((a for a in appointments if a.status in _TAKES_TIME), key=lambda a: (a.starts_at, a.staff))
    columns = tuple(_column(sheet, name, hours, taking) for name, hours in _columns(facts, taking, day))
    coming = (a for a in taking if a.status in _LIVE and a.starts_at > now)
    return DayView(
        day=day,
        columns=columns,
        hours=sheet.hours(),
        row_count=(sheet.last - sheet.first) // ROW_MIN,
        now_row=sheet.now_row(),
        agenda=tuple(sorted((b for c in columns for b in c.blocks), key=lambda b: b.appointment.starts_at)),
        cancelled=tuple(a for a in appointments if a.status not in _TAKES_TIME),
        is_closed=not any(column.open for column in columns),
        next=next(coming, None) if sheet.is_today else None,
        live_count=sum(a.status in _LIVE for a in taking),
    )


class _Sheet:
    """The hours of a day that are shown, and where a minute stands in them."""

    def __init__(
        self, facts: BusinessFacts, appointments: Sequence[Appointment], day: dt.date, now: dt.datetime
    ) -> None:
        self._zone = facts.business.zone
        self.day, self.now = day, now
        self.colours = {service.name: index % 6 for index, service in enumerate(facts.services)}
        self.is_today = now.astimezone(self._zone).date() == day
        openings = [o for hours in (facts.hours, *(s.hours for s in facts.staff if s.hours)) for o in hours.on(day)]
        edges = [edge for opening in openings for edge in _minutes(opening)]
        edges += [edge for a in appointments if a.status in _TAKES_TIME for edge in self.span(a)]
        self.first = min(edges, default=9 * 60) // 60 * 60
        self.last = -(-max(edges, default=18 * 60) // 60) * 60

    def span(self, appointment: Appointment) -> tuple[int, int]:
        """Minutes of the day; what runs past midnight ends with the day."""
        starts = appointment.starts_at.astimezone(self._zone)
        minute = starts.hour * 60 + starts.minute
        return minute, min(minute + appointment.minutes, 24 * 60)

    def place(self, starts: int, ends: int) -> Place:
        return Place((starts - self.first) // ROW_MIN + 1, max(1, -(-(ends - starts) // ROW_MIN)))

    def hours(self) -> tuple[tuple[int, str], ...]:
        return tuple(
            ((minute - self.first) // ROW_MIN + 1, f"{minute // 60:02}:00")
            for minute in range(self.first, self.last, 60)
        )

    def now_row(self) -> int | None:
        local = self.now.astimezone(self._zone)
        minute = local.hour * 60 + local.minute
        if not self.is_today or not self.first <= minute < self.last:
            return None
        return (minute - self.first) // ROW_MIN + 1


def _columns(
    facts: BusinessFacts, appointments: Sequence[Appointment], day: dt.date
) -> list[tuple[str, tuple[Opening, ...]]]:
    """Everyone on the staff, and those who left but still have appointments."""
    columns = [(member.name, (member.hours or facts.hours).on(day)) for member in facts.staff]
    known = {name for name, _ in columns}
    gone = sorted({a.staff for a in appointments} - known)
    return columns + [(name, ()) for name in gone]


def _column(sheet: _Sheet, staff: str, openings: Sequence[Opening], appointments: Sequence[Appointment]) -> Column:
    own = [a for a in appointments if a.staff == staff]
    lanes = _lanes(own)
    blocks = tuple(_block(sheet, a, lane) for a, lane in zip(own, lanes, strict=True))
    busy = [sheet.span(a) for a in own]
    free = [gap for opening in openings for gap in _free(_minutes(opening), busy)]
    return Column(
        staff=staff,
        blocks=blocks,
        gaps=tuple(
            Gap(sheet.place(a, b), b - a, dt.time(a // 60, a % 60)) for a, b in free if b - a >= _SHORTEST_GAP_MIN
        ),
        open=tuple(sheet.place(*_minutes(opening)) for opening in openings),
        lane_count=min(max(lanes, default=0) + 1, 4),
    )


def _block(sheet: _Sheet, appointment: Appointment, lane: int) -> Block:
    return Block(
        appointment=appointment,
        place=sheet.place(*sheet.span(appointment)),
        lane=min(lane, 3),
        colour=sheet.colours.get(appointment.service, 0),
        is_past=appointment.ends_at <= sheet.now,
        is_now=appointment.starts_at <= sheet.now < appointment.ends_at,
    )


def _lanes(appointments: Sequence[Appointment]) -> list[int]:
    """The lowest lane that is free again when each begins."""
    ends: list[dt.datetime] = []
    lanes = []
    for appointment in appointments:
        lane = next((n for n, end in enumerate(ends) if end <= appointment.starts_at), len(ends))
        ends[lane : lane + 1] = [appointment.ends_at]
        lanes.append(lane)
    return lanes


def _free(opening: tuple[int, int], busy: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    at, end = opening
    free = []
    for starts, ends in sorted(busy):
        if starts > at:
            free.append((at, min(starts, end)))
        at = max(at, ends)
        if at >= end:
            return [gap for gap in free if gap[0] < gap[1]]
    return [gap for gap in [*free, (at, end)] if gap[0] < gap[1]]


def _minutes(opening: Opening) -> tuple[int, int]:
    """An end of 00:00 is midnight at the end of the day."""
    starts, ends = (time.hour * 60 + time.minute for time in opening)
    return starts, ends or 24 * 60
