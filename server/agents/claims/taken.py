"""Whether what is told as taken was looked at, and not found. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from server.agents.claims.availability import is_look, is_none
from server.agents.claims.clauses import Clause
from server.agents.claims.opening import is_about_opening
from server.agents.claims.records import DAY_BEGINS, Record
from server.agents.claims.senses import Sense
from server.agents.evidence import Evidence
from server.agents.speech import Of, Window, part_window
from server.agents.wish import DAYPARTS
from server.hebrew.models import Daypart


def taken(clause: Clause, evidence: Evidence) -> Iterator[str]:
    """What is told as taken must have been looked at in vain."""
    if clause.is_supposed or is_about_opening(clause) or clause.is_ignorance or is_look(clause):
        return
    if clause.is_asked or not is_none(clause):
        return
    records = [_at_heart(record) for record in clause.records] or [Record()]
    if _is_that_hour(clause) and any(_is_wish_taken(record, evidence) for record in records):
        return
    for record in records:
        readings = _readings(record)
        if record.times is not None:
            is_shown = _is_taken(record, evidence)
        else:
            is_shown = any(_is_full(clause, reading, evidence) for reading in readings)
        if not is_shown:
            yield "taken"
            return


def _readings(record: Record) -> list[Record]:
    """ "לפני עשר" is before ten in the morning, or in the evening."""
    window = record.window
    if window is None:
        return [record]
    begins, ends = _bounds_of(window.begin), _bounds_of(window.end)
    return [replace(record, window=replace(window, begin=begin, end=end)) for begin in begins for end in ends]


def _bounds_of(moments: frozenset[dt.time] | None) -> list[frozenset[dt.time] | None]:
    """The readings of a bound; of "לפני אחת" the one in the day."""
    if moments is None:
        return [None]
    return [frozenset((bound,)) for bound in sorted(moments) if bound >= DAY_BEGINS or max(moments) < DAY_BEGINS]


def _at_heart(record: Record) -> Record:
    """ "בערב אין": in what everybody calls the evening; five o'clock may be free all the same."""
    if record.part is None or record.part not in DAYPARTS or record.window is not None:
        return record
    return replace(record, part=None, window=_window_of(record.part))


_AFTER_NOON = dt.time(13)
"""Free from then on is free in the afternoon, whenever it was looked for."""


def _window_of(part: Daypart) -> Window:
    begin, end = DAYPARTS[part]
    last = (dt.datetime.combine(dt.date.min, end) - dt.timedelta(minutes=1)).time()
    return Window(frozenset((begin,)), frozenset((last,)))


def _is_that_hour(clause: Clause) -> bool:
    """ "השעה הזאת", "המועד שביקשתם": what the caller wished."""
    is_moment = clause.has_word("השעה", "שעה", "בשעה", "המועד", "מועד", "במועד", "הזמן")
    return is_moment and clause.has_word("הזאת", "הזו", "הזה", "שביקשתם", "שרציתם", "שבחרתם", "ההיא", "זו")


def _is_wish_taken(record: Record, evidence: Evidence) -> bool:
    days = record.days or evidence.said.days | days_looked_at(evidence)
    times = evidence.said.times | {time for _, time in evidence.refused}
    return any(is_moment_taken(day, time, record, evidence) for day in days for time in times)


def _is_taken(record: Record, evidence: Evidence) -> bool:
    """An hour is taken if a look at it did not find it, if it was refused, or if nobody works then."""
    days = record.days or days_looked_at(evidence)
    return any(is_moment_taken(day, time, record, evidence) for day in days for time in _likely(day, record, evidence))


def _likely(day: dt.date, record: Record, evidence: Evidence) -> frozenset[dt.time]:
    """The readings of an hour at which somebody works, where there are any: "בתשע" is the morning."""
    hours = evidence.facts.hours.on(day)
    times = record.times or frozenset()
    return frozenset(time for time in times if any(a <= time < b for a, b in hours)) or times


def is_moment_taken(day: dt.date, time: dt.time, record: Record, evidence: Evidence) -> bool:
    """Whether a start, with the people of a record, was looked at in vain."""
    start = replace(record, times=frozenset((time,)), days=frozenset((day,)), minutes=None)
    if start.is_free(evidence):
        return False
    if (day, time) in evidence.refused or not any(a <= time < b for a, b in evidence.facts.hours.on(day)):
        return True
    later = (dt.datetime.combine(day, time) + dt.timedelta(minutes=1)).time()
    return any(look.covers(day, time, later, record.staff) for look in evidence.looks)


def _is_full(clause: Clause, record: Record, evidence: Evidence) -> bool:
    """Nothing is free on these days and in this part of them, and somebody has looked."""
    is_vague = record.days is None and record.part is None and record.window is None and not record.staff
    if is_vague and evidence.refused:
        return True  # "it has just been taken": the hour that was asked for
    days = record.days or _days_found_full(evidence) or _days_of_last_look(evidence)
    if record.days is not None and not clause.of(Of.SPAN):  # one of the days that a bare weekday can be
        return any(_is_day_full(day, clause, record, evidence) for day in days)
    return bool(days) and all(_is_day_full(day, clause, record, evidence) for day in days)


def _is_day_full(day: dt.date, clause: Clause, record: Record, evidence: Evidence) -> bool:
    region = replace(record, days=frozenset((day,)), service=None, minutes=None)
    is_free = region.is_free(evidence)
    if record.window == _window_of(Daypart.AFTERNOON):
        is_free = replace(region, window=Window(frozenset((_AFTER_NOON,)), record.window.end)).is_free(evidence)
    if is_free:
        return False
    intervals = evidence.facts.hours.on(day)
    if not intervals:
        return not clause.tells(Sense.TAKEN) or bool(clause.of(Of.SPAN))  # a closed day is not full
    begin, end = _bounds(record)
    stretches = [(max(a, begin), min(b, end)) for a, b in intervals if max(a, begin) < min(b, end)]
    if record.days is None and record.part is None and record.window is None:
        return True  # the look that found nothing says so itself
    return all(any(look.covers(day, a, b, record.staff) for look in evidence.looks) for a, b in stretches)


def _bounds(record: Record) -> tuple[dt.time, dt.time]:
    """From when to when a record reaches."""
    begin, end = part_window(record.part) if record.part else (dt.time(), dt.time.max)
    if record.window is not None:
        begin = max(begin, min((each for each in record.window.begin or () if each >= DAY_BEGINS), default=begin))
        end = min(end, max(record.window.end or (), default=end))
    return begin, end


def days_looked_at(evidence: Evidence) -> set[dt.date]:
    """The days that looks began and ended with, and those of what they named."""
    days = {day for look in evidence.looks for day in (look.first, look.last)}
    return days | {free.date for free in evidence.free} | {day for day, _ in evidence.refused}


def _days_of_last_look(evidence: Evidence) -> set[dt.date]:
    """The one day that was looked at last: of it, "there is nothing in the evening" is told."""
    last = evidence.looks[-1:]
    return {look.first for look in last if look.first == look.last and look.begin < look.end}


def _days_found_full(evidence: Evidence) -> set[dt.date]:
    return {look.first for look in evidence.looks if look.is_none}
