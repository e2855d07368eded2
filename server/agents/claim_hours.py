"""Whether the hours of a sentence are what the tools of its call told of: free, taken, booked, open or closed. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from server.agents import claim_signs as signs
from server.agents.evidence import Evidence
from server.agents.speech import Speech, read_speech

NOON = dt.time(12)


def _availability(speech: Speech, evidence: Evidence) -> Iterator[str]:
    days = speech.days
    is_mixed = signs.NONE.search(speech.text) or signs.CLOSED.search(speech.text)
    for part in signs.CLAUSES.split(speech.text) if is_mixed else [speech.text]:
        clause = read_speech(part, evidence) if part != speech.text else speech
        days = clause.days or days
        if signs.OPEN.search(part) or signs.CLOSED.search(part):
            yield from _opening(clause, evidence)
        elif signs.NONE.search(part):
            yield from _taken(clause, days, evidence)
        elif signs.FREE.search(part) and clause.times:
            yield from _offer(clause, days, evidence)
        elif signs.ROOM.search(part) and not clause.is_question and not signs.LOOKS.search(part):
            yield from () if any(not days or day in days for day, _ in evidence.free) else ("offer",)


def _taken(clause: Speech, days: tuple[dt.date, ...], evidence: Evidence) -> Iterator[str]:
    is_searched_day = days or not evidence.has_found_none  # else the free hour may be another day's
    if (
        (not evidence.has_found_none and not evidence.has_searched)
        or (not clause.times and not evidence.has_found_none)
        or (
            is_searched_day
            and clause.times
            and all(any(_is_free(t, days, clause, evidence) for t in m) for m in clause.times)
        )
    ):
        yield "taken"


def _offer(clause: Speech, days: tuple[dt.date, ...], evidence: Evidence) -> Iterator[str]:
    for moments in clause.times:
        if not any(_is_known(time, days, clause, evidence) for time in moments):
            yield "offer"


def _free_hours(clause: Speech, days: tuple[dt.date, ...], evidence: Evidence) -> list[dt.time]:
    """The hours that are free on the days and in the part of the day that a clause speaks of."""
    first = NOON if signs.PAST_NOON.search(clause.text) else dt.time()
    last = NOON if signs.BEFORE_NOON.search(clause.text) else dt.time.max
    return sorted({t for day, t in evidence.free if first <= t < last and _is_meant(day, days, clause)})


def _is_meant(day: dt.date, days: tuple[dt.date, ...], clause: Speech) -> bool:
    is_weekday = not clause.weekdays or (day.weekday() + 1) % 7 in clause.weekdays
    return day in days if days else is_weekday


def _is_free(time: dt.time, days: tuple[dt.date, ...], clause: Speech, evidence: Evidence) -> bool:
    """Whether a tool named this hour as free, with everybody whom the clause names."""
    staff = [person.name for person in evidence.facts.staff if person.name in clause.text]
    meant = [day for day, t in evidence.free if t == time and _is_meant(day, days, clause)]
    return any(not staff or any((day, time, name) in evidence.free_with for name in staff) for day in meant)


def _is_of_visit(time: dt.time, days: tuple[dt.date, ...], clause: Speech, evidence: Evidence) -> bool:
    return any(visit.time == time and _is_meant(visit.date, days, clause) for visit in evidence.live)


def _is_known(time: dt.time, days: tuple[dt.date, ...], clause: Speech, evidence: Evidence) -> bool:
    return _is_of_visit(time, days, clause, evidence) or _is_free(time, days, clause, evidence)


def _stated(speech: Speech, evidence: Evidence) -> Iterator[str]:
    """An hour in a statement, however it is worded, is one that is booked, an opening hour, or free and offered as
    such: a free hour that is told as if it were given away is a booking that nobody made."""
    others = (signs.OPEN, signs.CLOSED, signs.NONE, signs.IS_WISH, signs.LOOKS)
    is_given = bool(signs.GIVEN.search(speech.text))
    if speech.is_question or (not is_given and any(sign.search(speech.text) for sign in others)):
        return
    edges = {edge for each in evidence.facts.hours.weekly for interval in each for edge in interval}
    is_opening = len(speech.times) > 1 and all(moments & edges for moments in speech.times)
    gone = {visit.time for visit in evidence.cancelled}
    is_offered = not is_given and (signs.OFFERING.search(speech.text) or signs.ECHO.fullmatch(speech.text))
    for moments in speech.times if not is_opening else ():
        if moments & gone or any(_is_of_visit(time, speech.days, speech, evidence) for time in moments):
            continue
        if not any(_is_free(time, speech.days, speech, evidence) for time in moments):
            yield "offer"
        elif not is_offered:
            yield "booked"


def _superlatives(speech: Speech, evidence: Evidence) -> Iterator[str]:
    """ "The earliest is", "only at seven", "one place is left" must be so among all that is free."""
    hours = _free_hours(speech, speech.days, evidence)
    if signs.ONE_LEFT.search(speech.text) and len(hours) != 1:
        yield "offer"
    others = (signs.OPEN, signs.CLOSED, signs.NONE)
    if (
        signs.ONLY.search(speech.text)
        and not speech.times
        and (signs.ROOM.search(speech.text) or signs.FREE.search(speech.text))
    ):
        yield from _only_part(speech, evidence)
    if speech.is_question or not speech.times or any(sign.search(speech.text) for sign in others):
        return
    if any(_is_of_visit(time, speech.days, speech, evidence) for moments in speech.times for time in moments):
        return
    if signs.ONLY.search(speech.text) and any(not any(t in moments for moments in speech.times) for t in hours):
        yield "offer"
    for sign, ends in ((signs.EARLIEST, hours[:1]), (signs.LATEST, hours[-1:])):
        if sign.search(speech.text) and not any(set(ends) & moments for moments in speech.times):
            yield "offer"


def _only_part(speech: Speech, evidence: Evidence) -> Iterator[str]:
    """ "Only the morning is left": nothing of the other half of the day is free."""
    parts = (signs.BEFORE_NOON.search(speech.text), signs.PAST_NOON.search(speech.text))
    free = {t for day, t in evidence.free if _is_meant(day, speech.days, speech)}
    if parts[0] and not parts[1] and any(t >= NOON for t in free):
        yield "offer"
    if parts[1] and not parts[0] and any(t < NOON for t in free):
        yield "offer"


def _opening(clause: Speech, evidence: Evidence) -> Iterator[str]:
    hours = evidence.facts.hours
    if signs.OPEN.search(clause.text) and signs.ALWAYS_OPEN.search(clause.text) and not hours.weekly[6]:
        yield "hour"
    day_intervals = [hours.on(day) for day in clause.days] or [hours.weekly[i] for i in clause.weekdays]
    if signs.CLOSED.search(clause.text) and not clause.times and any(day_intervals):
        yield "closed"
    intervals = day_intervals if len(day_intervals) == 1 else list(hours.weekly)
    edges = {edge for each in intervals for interval in each for edge in interval}
    if signs.OPEN.search(clause.text) and any(not moments & edges for moments in clause.times):
        yield "hour"
    if (
        signs.OPEN.search(clause.text)
        and not signs.CLOSED.search(clause.text)
        and day_intervals
        and not any(day_intervals)
    ):
        yield "closed"


def _hours(speech: Speech, evidence: Evidence) -> Iterator[str]:
    if signs.OPEN.search(speech.text):
        return
    edges = {edge for each in evidence.facts.hours.weekly for interval in each for edge in interval}
    known = evidence.times | edges
    if any(not moments & known for moments in speech.times) or signs.NO_HOUR.search(speech.text):
        yield "hour"


HOURS: tuple[Callable[[Speech, Evidence], Iterator[str]], ...] = (_availability, _stated, _superlatives, _hours)
