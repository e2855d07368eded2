"""From an hour as said to wall time: opening hours and the part of the day choose between four and sixteen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from server.hebrew.models import Daypart, OpenHours, Opening
from server.hebrew.said import Clock, Edge

_USUAL: tuple[Opening, ...] = ((dt.time(8), dt.time(20)),)
"""Taken for a business that has told no hours."""

AROUND_MIN = 30
"""How far "בסביבות" reaches to both sides."""


@dataclass(frozen=True, slots=True)
class Wall:
    """A wall time; `others` are the readings not taken, `is_doubtful` asks for confirmation."""

    time: dt.time
    is_doubtful: bool = False
    others: tuple[dt.time, ...] = ()


def openings(hours: OpenHours, day: dt.date | None) -> tuple[Opening, ...]:
    """The hours of that day; of the whole week where the day is unknown or closed."""
    on_day = hours.on(day) if day is not None else ()
    if on_day:
        return on_day
    return tuple(dict.fromkeys(opening for weekday in hours.weekly for opening in weekday)) or _USUAL


def minutes(time: dt.time) -> int:
    return 60 * time.hour + time.minute


def _time(total: int) -> dt.time:
    return dt.time(total // 60 % 24, total % 60)


def candidates(clock: Clock, part: Daypart | None) -> tuple[dt.time, ...]:
    """Wall times that the words allow, morning first."""
    if clock.is_24h:
        return (dt.time(clock.hour % 24, clock.minute),)
    half = clock.hour % 12
    both = (dt.time(half, clock.minute), dt.time(half + 12, clock.minute))
    return both if part is None else (both[_is_late(clock.hour, part)],)


def _is_late(hour: int, part: Daypart) -> bool:
    """Whether an hour of the twelve lies after noon in that part of the day."""
    if hour == 12:
        return part in (Daypart.MORNING, Daypart.NOON, Daypart.AFTERNOON)
    if part is Daypart.MORNING:
        return False
    if part is Daypart.NOON:
        return hour < 10
    if part is Daypart.NIGHT:
        return hour >= 6
    return True


def _is_open(time: dt.time, hours: Iterable[Opening], edge: Edge | None) -> bool:
    if edge in (Edge.UNTIL, Edge.BEFORE):
        return any(opens < time <= closes for opens, closes in hours)
    return any(opens <= time < closes for opens, closes in hours)


def _distance(time: dt.time, hours: Iterable[Opening]) -> int:
    at = minutes(time)
    return min(max(minutes(opens) - at, at - minutes(closes), 0) for opens, closes in hours)


def resolve(
    clock: Clock, hours: OpenHours, day: dt.date | None, part: Daypart | None = None, edge: Edge | None = None
) -> Wall:
    """The wall time meant. Doubtful where both half-days or neither are within opening hours."""
    found = candidates(clock, clock.part or part)
    if len(found) == 1:
        return Wall(found[0])
    for open_hours in (openings(hours, day), openings(hours, None)):
        inside = [time for time in found if _is_open(time, open_hours, edge)]
        if len(inside) == 1:
            return Wall(inside[0])
        if inside:
            return Wall(inside[0], True, tuple(inside[1:]))
    likely = min(found, key=lambda time: (_distance(time, openings(hours, day)), time.hour < 7))
    return Wall(likely, True, tuple(time for time in found if time != likely))


def resolve_span(
    low: Clock, high: Clock, hours: OpenHours, day: dt.date | None, part: Daypart | None = None
) -> tuple[Wall, Wall]:
    """Both ends together: the shortest span that runs forward inside the opening hours."""
    open_hours = openings(hours, day)
    lows, highs = candidates(low, low.part or part), candidates(high, high.part or (None if low.part else part))
    pairs = [(first, last) for first in lows for last in highs if first < last]
    if not pairs:
        return Wall(lows[0], True), Wall(highs[-1], True)

    def rank(pair: tuple[dt.time, dt.time]) -> tuple[int, int]:
        return _outside(pair, open_hours), minutes(pair[1]) - minutes(pair[0])

    best = min(pairs, key=rank)
    ties = [pair for pair in pairs if rank(pair) == rank(best)]
    is_doubtful = len(ties) > 1
    return Wall(best[0], is_doubtful), Wall(best[1], is_doubtful)


def _outside(pair: tuple[dt.time, dt.time], hours: Sequence[Opening]) -> int:
    return _distance(pair[0], hours) + _distance(pair[1], hours)


def window(time: dt.time) -> tuple[dt.time, dt.time]:
    """What "around" a time covers, within the day."""
    at = minutes(time)
    return _time(max(at - AROUND_MIN, 0)), _time(min(at + AROUND_MIN, 24 * 60 - 1))
