"""Whether what is told as free is what tools named as free: the hours, how many, the only ones, the first. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from server.agents.claims.availability import is_free, is_look, is_none, limits
from server.agents.claims.clauses import Clause
from server.agents.claims.opening import is_about_opening
from server.agents.claims.records import Record, holds
from server.agents.claims.senses import Sense
from server.agents.claims.visits import is_about_visit
from server.agents.evidence import Evidence
from server.agents.looks import Free
from server.agents.speech import Fact, Of, Window, is_in_part
from server.agents.speech_days import Span
from server.agents.speech_numbers import Count

SOME, MANY = 2, 3
"""How many free starts "several" and "many" are at least."""


DENSE = 0.8
"""Share of a day's full hours that must be free for "the whole day"."""


def free(clause: Clause, evidence: Evidence) -> Iterator[str]:
    """What is told as free must have been named as free."""
    if clause.is_supposed or is_about_opening(clause) or clause.is_ignorance or is_look(clause):
        return
    if is_none(clause) or not is_free(clause):
        return
    records = clause.records
    if clause.has_word("שניהם", "שתיהן") and not clause.of(Of.STAFF):
        everybody = tuple(person.name for person in evidence.facts.staff)
        records = tuple(replace(record, staff=everybody) for record in records)
    timed = [record for record in records if record.times is not None]
    is_theirs = not clause.tells(Sense.FREE)
    if any(not (record.is_free(evidence) or (is_theirs and record.is_booked(evidence))) for record in timed):
        yield "offer"
        return
    if timed:
        is_kept = is_theirs and all(record.is_booked(evidence) for record in timed)
        yield from () if is_kept else _quantity(clause, timed, evidence)
        return
    if clause.is_asked:
        return
    regions = list(records) or [Record()]
    if any(not _is_bounded(region, evidence) for region in regions):
        yield "offer"
        return
    if any(not region.is_free(evidence) for region in regions):
        yield "offer"
    else:
        yield from _quantity(clause, regions, evidence)


BOUND_MIN = 60
"""How near the last free start must be to "until three", the first to "from ten"."""


def _is_bounded(region: Record, evidence: Evidence) -> bool:
    """ "יש עד שלוש": until then, and not beyond; "יש מעשר": from then on, and not before."""
    window = region.window
    if window is None or window.is_behind or (window.begin is not None and window.end is not None):
        return True
    starts = sorted(_minutes(free.time) for free in _of_region([replace(region, window=None)], evidence))
    bounds = [_minutes(bound) for bound in window.end or window.begin or ()]
    if window.end is not None:
        return any(0 <= bound - starts[-1] <= BOUND_MIN for bound in bounds) if starts else False
    return any(0 <= starts[0] - bound <= BOUND_MIN for bound in bounds) if starts else False


def _quantity(clause: Clause, records: Iterable[Record], evidence: Evidence) -> Iterator[str]:
    """ "Only", "many", "all day", "three of them" must be so among all that is free."""
    moments = sorted(_moments_of(records, evidence))
    is_partial = any(look.is_partial for look in evidence.looks)
    if limits(clause) and (is_partial or not _is_only(clause, records, evidence)):
        yield "offer"
    if clause.tells(Sense.SOME) and len(moments) < SOME:
        yield "offer"
    if clause.tells(Sense.MANY) and len(moments) < MANY:
        yield "offer"
    is_whole = (clause.tells(Sense.ALL) or _is_range(clause)) and not clause.of(Of.COUNT)
    if is_whole and not _is_dense(clause, records, moments, evidence):
        yield "offer"
    for fact in clause.of(Of.COUNT):
        if isinstance(fact.value, Count) and fact.value.thing in ("free", "visit"):
            mine = _part_before(fact, clause, records)
            yield from _counted(clause, fact.value.number, len(_moments_of(mine, evidence)))


def _part_before(count: Fact, clause: Clause, records: Iterable[Record]) -> list[Record]:
    """The records of the part of the day that stands before a number: "בבוקר יש שתי שעות, ואחרי הצהריים אחת"."""
    parts = [fact.value for fact in clause.of(Of.PART) if fact.at < count.at]
    mine = [record for record in records if parts and record.part is parts[-1]]
    return mine or list(records)


def _moments_of(records: Iterable[Record], evidence: Evidence) -> set[tuple[dt.date, dt.time]]:
    return {(free.date, free.time) for free in _of_region(records, evidence)}


def _of_region(records: Iterable[Record], evidence: Evidence) -> list[Free]:
    """Every free start on the days, in the part and with the people of which records speak."""
    regions = [replace(record, times=None) for record in records]
    return [free for free in evidence.free if any(region.is_in(free) for region in regions)]


def _is_only(clause: Clause, records: Iterable[Record], evidence: Evidence) -> bool:
    """ "רק ב-10:00", "רק מאיה", "רק בבוקר": nothing else of the kind that the word stands by is free."""
    of = _limited(clause)
    span = next((fact.value for fact in clause.of(Of.SPAN) if isinstance(fact.value, Span)), None)
    within: dict[Of, dict[str, Any]] = {
        Of.PART: {"part": None, "times": None},
        Of.WINDOW: {"window": None, "times": None},
        Of.STAFF: {"staff": ()},
        Of.DAY: {"days": span.days if span is not None else None, "times": None},
    }
    wide = [replace(record, **within.get(of, {"times": None})) for record in records]
    others = [free for free in evidence.free if any(region.is_in(free) for region in wide)]
    named = {fact.value for fact in clause.of(Of.STAFF)} if of is Of.STAFF else set()
    is_all = all(any(record.is_in(free) for record in records) for free in others)
    return is_all and all(set(free.staff) <= named for free in others if named)


def _limited(clause: Clause) -> Of:
    """The kind of fact that "only" stands before, or behind."""
    at = next((word.at for word in clause.words if Sense.ONLY in word.senses), 0)
    facts = clause.of(Of.TIME, Of.WINDOW, Of.PART, Of.STAFF, Of.DAY)
    after = [fact for fact in facts if fact.at > at]
    return (after[0] if after else facts[-1]).of if facts else Of.TIME


def _counted(clause: Clause, number: int, total: int) -> Iterator[str]:
    named = len(clause.of(Of.TIME))
    is_exact = clause.tells(Sense.ONLY, Sense.STAY)
    if number != total and (is_exact or number != named):
        yield "offer"


def _is_range(clause: Clause) -> bool:
    """ "בין 10:00 ל-13:00", "מהבוקר ועד הערב"."""
    windows = [fact.value for fact in clause.of(Of.WINDOW) if isinstance(fact.value, Window)]
    is_window = any(window.begin and window.end for window in windows)
    return is_window or (len(clause.of(Of.PART)) > 1 and clause.has_word("עד", "ועד"))


def _is_dense(
    clause: Clause, records: Iterable[Record], moments: list[tuple[dt.date, dt.time]], evidence: Evidence
) -> bool:
    """Whether nearly every full hour of the stretch is free."""
    spans = [fact.value.days for fact in clause.of(Of.SPAN) if isinstance(fact.value, Span)]
    days = {day for span in spans for day in span} or {day for day, _ in moments}
    hours = {(day, time) for day, time in moments if time.minute == 0}
    regions = [replace(record, part=None) for record in records] if len(clause.of(Of.PART)) > 1 else list(records)
    wanted = {
        (day, dt.time(hour))
        for day in days
        for hour in range(24)
        if any(a <= dt.time(hour) < b for a, b in evidence.facts.hours.on(day))
        and any(_reaches(region, dt.time(hour)) for region in regions)
    }
    return bool(wanted) and len(hours & wanted) >= DENSE * len(wanted)


def _reaches(region: Record, time: dt.time) -> bool:
    is_part = region.part is None or is_in_part(time, region.part)
    return is_part and (region.window is None or holds(region.window, time))


def superlatives(clause: Clause, evidence: Evidence) -> Iterator[str]:
    """ "The earliest is", "the last one is", "the nearest day is" must be so among all that is free."""
    is_meant = clause.tells(Sense.FIRST, Sense.NEAR, Sense.LAST) and not clause.is_asked and not clause.is_supposed
    if not is_meant or is_about_opening(clause) or is_about_visit(clause) or is_none(clause):
        return
    records = clause.records
    times = [record for record in records if record.times is not None]
    if times and not any(record.is_booked(evidence) for record in times):
        regions = [replace(record, days=None) for record in times] if _day_is_told(clause) else times
        free = sorted((each.date, each.time) for each in _of_region(regions, evidence))
        yield from _at_end(clause, times, free, evidence)
    elif records and records[0].days and clause.tells(Sense.FREE, Sense.ROOM):
        nearest = min((free.date for free in evidence.free), default=None)
        if clause.tells(Sense.FIRST, Sense.NEAR) and nearest not in records[0].days:
            yield "offer"


def _at_end(
    clause: Clause, records: list[Record], free: list[tuple[dt.date, dt.time]], evidence: Evidence
) -> Iterator[str]:
    wished = next(iter(evidence.said.times), dt.time())
    gaps = sorted(free, key=lambda moment: (moment[0], abs(_minutes(moment[1]) - _minutes(wished))))
    near = [moment for moment in gaps if moment[0] == gaps[0][0]][:2]
    for sense, end in ((Sense.FIRST, free[:1]), (Sense.NEAR, near), (Sense.LAST, free[-1:])):
        if clause.tells(sense) and not any(_is_at(moment, record) for moment in end for record in records):
            yield "offer"


def _is_at(moment: tuple[dt.date, dt.time], record: Record) -> bool:
    day, time = moment
    return time in (record.times or ()) and (record.days is None or day in record.days)


def _day_is_told(clause: Clause) -> bool:
    """ "הכי מוקדם זה רביעי ב-12:00" is the first of all; "הכי מוקדם מחר זה ב-10:00" is tomorrow's."""
    copula = next((word.at for word in clause.words if word.text in ("זה", "הוא", "היא", "יהיה")), None)
    ends = [word.at for word in clause.words if word.senses & {Sense.FIRST, Sense.NEAR, Sense.LAST}]
    if copula is None or not ends:
        return False
    return any((fact.at > copula) == (ends[0] < copula) for fact in clause.of(Of.DAY))


def _minutes(time: dt.time) -> int:
    return 60 * time.hour + time.minute
