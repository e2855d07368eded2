"""Which facts of a clause belong together: "ב-10:00 אצל מאיה או ב-17:00 אצל רון" are two starts. Pure."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from server.agents.dialogue import Visit
from server.agents.evidence import Evidence
from server.agents.looks import Free
from server.agents.speech import Fact, Of, Window, is_in_part
from server.agents.speech_days import Span
from server.hebrew.models import Daypart

_ANCHORS = (Of.TIME, Of.WINDOW, Of.NAME, Of.STAFF, Of.DAY, Of.PART, Of.SERVICE, Of.LENGTH)
"""By which facts records are told apart, the surest first."""

_PARTS = (Of.TIME, Of.WINDOW, Of.NAME, Of.STAFF, Of.DAY, Of.SPAN, Of.PART, Of.SERVICE, Of.LENGTH)


@dataclass(frozen=True, slots=True)
class Record:
    """One appointment or free start as a clause describes it; None and () where it says nothing."""

    times: frozenset[dt.time] | None = None
    window: Window | None = None
    days: frozenset[dt.date] | None = None
    part: Daypart | None = None
    staff: tuple[str, ...] = ()
    service: str | None = None
    minutes: int | None = None
    name: str | None = None

    @property
    def is_empty(self) -> bool:
        return self == Record()

    @property
    def has_when(self) -> bool:
        return any(each is not None for each in (self.times, self.window, self.days, self.part))

    def is_of(self, visit: Visit) -> bool:
        """Whether it tells of this appointment, and nothing else of it."""
        return (
            (self.times is None or visit.time in self.times)
            and (self.window is None or _is_span_of(self.window, visit))
            and (self.days is None or visit.date in self.days)
            and (self.part is None or is_in_part(visit.time, self.part))
            and set(self.staff) <= {visit.staff}
            and self.service in (None, visit.service)
            and self.minutes in (None, visit.minutes)
            and self.name in (None, visit.name)
        )

    def is_in(self, free: Free) -> bool:
        """Whether a tool named this start as free, with everybody whom it names."""
        return (
            (self.times is None or free.time in self.times)
            and self._is_within(free)
            and (self.days is None or free.date in self.days)
            and (self.part is None or is_in_part(free.time, self.part))
            and set(self.staff) <= set(free.staff)
            and (self.service is None or free.service in (None, self.service))
            and (self.minutes is None or free.minutes in (None, self.minutes))
        )

    def _is_within(self, free: Free) -> bool:
        """ "אחרי שש" holds the start; with an hour of its own, "עד 11:30" is the end."""
        if self.window is None:
            return True
        if self.times is None or self.window.end is None:
            return holds(self.window, free.time)
        return free.minutes is not None and _later(free.time, free.minutes) in self.window.end

    def is_free(self, evidence: Evidence) -> bool:
        return any(self.is_in(free) for free in evidence.free)

    def is_booked(self, evidence: Evidence) -> bool:
        return any(self.is_of(visit) for visit in evidence.live)


def _is_span_of(window: Window, visit: Visit) -> bool:
    """ "מ-12:00 עד 13:00", "עד אחת": from when to when an appointment lasts."""
    is_begin = window.begin is None or visit.time in window.begin
    return is_begin and (window.end is None or end_of(visit) in window.end)


def holds(window: Window, time: dt.time) -> bool:
    """Whether an hour lies in a stretch, on any reading of its bounds."""
    begins = [bound for bound in window.begin or () if _is_day(bound)] or list(window.begin or ())
    is_behind = window.begin is None or any(
        bound < time or (bound == time and not window.is_behind) for bound in begins
    )
    return is_behind and (window.end is None or any(_is_by(time, bound, window) for bound in window.end))


def _is_by(time: dt.time, bound: dt.time, window: Window) -> bool:
    return time < bound or (time == bound and not window.is_short)


DAY_BEGINS = dt.time(7)
"""Before it no hour is meant: "אחרי שש" is the evening."""


def _is_day(bound: dt.time) -> bool:
    return bound >= DAY_BEGINS


def records_of(facts: Sequence[Fact], earlier_days: Sequence[Fact]) -> tuple[Record, ...]:
    """The records of a clause; none where it names nothing. A day of an earlier clause holds until another is named."""
    telling = [fact for fact in facts if fact.of in _PARTS]
    if not telling:
        return ()
    number = Counter(fact.of for fact in telling)
    anchor = max(_ANCHORS, key=lambda of: (number[of], -_ANCHORS.index(of)))
    anchors = [fact for fact in telling if fact.of is anchor] or telling[:1]
    if anchor is not Of.PART and _has_lone_part(telling):
        anchors = [fact for fact in telling if fact.of in (Of.TIME, Of.PART)]
    days = number[Of.DAY] + number[Of.SPAN]
    is_short_of_days = days < len(anchors) and (not days or _first_day(telling) > anchors[0].at)
    inherited = earlier_days if is_short_of_days else ()
    return tuple(_record(each, anchors, telling, inherited) for each in anchors)


def _has_lone_part(facts: Sequence[Fact]) -> bool:
    """ "יש בצהריים אצל מאיה או באחת ורבע אצל רון": a part of the day in the place of an hour."""
    told = [fact for fact in facts if fact.of in (Of.TIME, Of.PART, Of.STAFF)]
    number = Counter(fact.of for fact in told)
    is_even = number[Of.TIME] + number[Of.PART] == number[Of.STAFF] > 1
    return is_even and any(a.of is Of.PART and b.of is Of.STAFF for a, b in pairwise(told))


def _first_day(facts: Sequence[Fact]) -> int:
    return next(fact.at for fact in facts if fact.of in (Of.DAY, Of.SPAN))


def _record(anchor: Fact, anchors: Sequence[Fact], facts: Sequence[Fact], inherited: Sequence[Fact]) -> Record:
    values: dict[str, Any] = {}
    if inherited:
        earlier = [fact for fact in facts if fact.of in (Of.DAY, Of.SPAN) and fact.at < anchor.at]
        day: Fact | None = (earlier or list(inherited))[-1]
    else:
        day = _nearest(Of.DAY, anchor, anchors, facts) or _nearest(Of.SPAN, anchor, anchors, facts)
    if day is not None:
        values["days"] = day.value.days if isinstance(day.value, Span) else day.value
    for of, field in _FIELDS:
        found = anchor if anchor.of is of else _nearest(of, anchor, anchors, facts)
        if anchor.of is Of.PART and of in (Of.TIME, Of.WINDOW):
            continue
        if anchor.of is Of.TIME and of is Of.PART and found in anchors:
            continue
        if of is Of.PART and found is not None and _is_of_other_day(found, anchor, facts):
            continue
        if found is not None:
            values[field] = found.value
    values["staff"] = _staff(anchor, anchors, facts)
    return Record(**values)


_FIELDS = (
    (Of.TIME, "times"),
    (Of.WINDOW, "window"),
    (Of.PART, "part"),
    (Of.SERVICE, "service"),
    (Of.LENGTH, "minutes"),
    (Of.NAME, "name"),
)


def _nearest(of: Of, anchor: Fact, anchors: Sequence[Fact], facts: Sequence[Fact]) -> Fact | None:
    """What goes before the first anchor goes before each; else it follows. One alone is meant for all."""
    found = [fact for fact in facts if fact.of is of]
    if not found:
        return None
    if anchor in found:
        return anchor
    before = [fact for fact in found if fact.at <= anchor.at]
    after = [fact for fact in found if fact.at > anchor.at]
    if found[0].at < anchors[0].at:
        return before[-1] if before else after[0]
    return after[0] if after else before[-1]


def _is_of_other_day(part: Fact, anchor: Fact, facts: Sequence[Fact]) -> bool:
    """ "בצהריים ב-14:30 או בשלישי בשש": another day has parts of its own."""
    return any(part.at < fact.at < anchor.at for fact in facts if fact.of is Of.DAY)


def _staff(anchor: Fact, anchors: Sequence[Fact], facts: Sequence[Fact]) -> tuple[str, ...]:
    """Who goes with an anchor: all that are named together with the nearest name."""
    found = [fact for fact in facts if fact.of is Of.STAFF]
    if len(anchors) < 2 or anchor.of is Of.STAFF:
        return tuple(dict.fromkeys(str(fact.value) for fact in ([anchor] if anchor.of is Of.STAFF else found)))
    nearest = _nearest(Of.STAFF, anchor, anchors, facts)
    return (str(nearest.value),) if nearest is not None else ()


def end_of(visit: Visit) -> dt.time:
    return _later(visit.time, visit.minutes)


def _later(time: dt.time, minutes: int) -> dt.time:
    return (dt.datetime.combine(dt.date.min, time) + dt.timedelta(minutes=minutes)).time()


def values_of(facts: Iterable[Fact]) -> list[Any]:
    return [fact.value for fact in facts]
