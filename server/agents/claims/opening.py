"""Whether what is told of opening hours is so. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from server.agents.claims.availability import is_wide_open
from server.agents.claims.clauses import Clause
from server.agents.claims.senses import Sense
from server.agents.evidence import Evidence
from server.agents.speech import Fact, Of, Window, is_in_part, part_window
from server.agents.speech_days import Span, weekday_of
from server.calendar.models import Opening
from server.hebrew.models import Daypart

_HOUSE = ("אנחנו", "אצלנו", "העסק", "הספא", "אנו", "הקליניקה")
_SETTLING_H = dt.timedelta(hours=2)


def is_about_opening(clause: Clause) -> bool:
    """Whether a clause tells when the business is open; "סגור, מחר בעשר" tells of a deal."""
    if clause.has(Sense.OPENS, Sense.CLOSES):
        return True
    if is_wide_open(clause) and not clause.has_word(*_HOUSE):
        return False
    is_of_house = clause.has_word(*_HOUSE) or not clause.of(Of.STAFF)
    if clause.has(Sense.OPEN) and is_of_house:
        return True
    if clause.has_word("עובדים", "ועובדים", "שעובדים") and not clause.of(Of.STAFF):
        return True
    if clause.previous is not None and _is_elliptic(clause) and is_about_opening(clause.previous):
        return True
    return clause.has(Sense.CLOSED) and not is_deal(clause)


def _invites_when_closed(clause: Clause, evidence: Evidence) -> bool:
    """ "אפשר לבוא גם בשבת", of a business that rests then."""
    days = clause.of(Of.DAY)
    is_open = any(evidence.facts.hours.on(day) for fact in days for day in _dates(fact))
    is_invited = clause.tells(Sense.MAY) and clause.has_word("לבוא", "להגיע", "לקבוע", "להזמין")
    return bool(days) and is_invited and not is_open and not clause.has(Sense.NOT, Sense.EXCEPT)


def _is_right_exception(clause: Clause, evidence: Evidence) -> bool:
    """ "כל יום חוץ משבת": the one day of rest, and the only one."""
    days = [fact for fact in clause.ruled_out if fact.of is Of.DAY]
    if not (days and clause.tells(Sense.EXCEPT) and clause.has_word("יום", "הימים", "ימים")):
        return True
    told = {weekday_of(day) for fact in days for day in _dates(fact)}
    return told == {i for i, intervals in enumerate(evidence.facts.hours.weekly) if not intervals}


def _is_elliptic(clause: Clause) -> bool:
    """ "ובשישי עד שתיים", "אבל ביום ראשון כן": goes on with what was told before."""
    return all(word.text in ("אבל", "כן", "לא", "גם", "רק", "וגם") for word in clause.words) and bool(clause.facts)


def is_deal(clause: Clause) -> bool:
    """ "סגור" said of an hour, of everything, or alone between commas: agreed, not closed."""
    if clause.has_word(*_HOUSE):
        return False
    is_alone = any(word.stands_alone for word in clause.words if Sense.CLOSED in word.senses)
    return bool(clause.of(Of.TIME)) or clause.tells(Sense.ALL) or is_alone


def opening(clause: Clause, evidence: Evidence) -> Iterator[str]:
    """Opening hours that are told must be the business's."""
    if clause.is_asked or clause.is_supposed or clause.is_ignorance:
        return
    if _invites_when_closed(clause, evidence) or not _is_right_exception(clause, evidence):
        yield "closed"
    if not is_about_opening(clause):
        return
    is_closed = clause.tells(Sense.CLOSED) or bool({Sense.OPEN, Sense.WORKS, Sense.OPENS} & clause.denied)
    is_closed = is_closed or (bool(clause.words) and clause.words[-1].text == "לא")
    if clause.of(Of.HOLIDAY):
        yield "closed" if is_closed else "hour"
    elif is_closed:
        yield from _closed(clause, evidence)
    else:
        yield from _open(clause, evidence)


def is_hours_of_day(clause: Clause, evidence: Evidence) -> bool:
    """ "ביום שישי מ-9:00 עד 14:00": opening hours, though it does not say so."""
    windows = [fact for fact in clause.of(Of.WINDOW) if isinstance(fact.value, Window) and fact.value.end]
    days = clause.of(Of.DAY, Of.SPAN)
    if not (evidence.looks or evidence.live or evidence.cancelled):
        return _are_edges(clause, evidence)
    return bool(windows and days) and all(_is_so_on(day, fact, clause, evidence) for fact in windows for day in days)


def _are_edges(clause: Clause, evidence: Evidence) -> bool:
    """Whether bounds of hours, before anything was looked for, are all edges of opening hours."""
    week = [interval for each in evidence.facts.hours.weekly for interval in each]
    return bool(clause.of(Of.WINDOW)) and not clause.of(Of.TIME) and not any(_edges(clause, week, evidence))


def _is_so_on(day: Fact, fact: Fact, clause: Clause, evidence: Evidence) -> bool:
    """Whether an hour is an edge of a day's hours: of every day of a stretch, of one that a bare weekday can be."""
    so = [_is_edge(fact, list(evidence.facts.hours.on(date)), clause) for date in _dates(day)]
    return all(so) if day.of is Of.SPAN else any(so)


def _closed(clause: Clause, evidence: Evidence) -> Iterator[str]:
    if clause.has_word("הזאת", "הזו", "אז", "זו", "הזה") and _is_wish_outside(clause, evidence):
        return
    for fact in _day_facts(clause, evidence):
        if any(free.date in _dates(fact) and _is_told_closed(free.time, clause) for free in evidence.free):
            yield "closed"
        if not any(_is_closed_on(day, clause, evidence) for day in _dates(fact)):
            yield "closed"


def _is_told_closed(time: dt.time, clause: Clause) -> bool:
    """Whether an hour that a tool named as free is told to be in a closed part of the day."""
    parts = [fact.value for fact in clause.of(Of.PART) if isinstance(fact.value, Daypart)]
    return any(is_in_part(time, part) for part in parts)


def _is_wish_outside(clause: Clause, evidence: Evidence) -> bool:
    """ "בשעה הזאת אנחנו סגורים": an hour that the caller named is outside opening hours."""
    days = {day for fact in clause.of(Of.DAY, Of.SPAN) for day in _dates(fact)} or evidence.said.days
    hours = [evidence.facts.hours.on(day) for day in days or {evidence.today}]
    times = evidence.said.times | {time for _, time in evidence.refused}
    if any(look.reason in ("outside_hours", "closed_day") for look in evidence.looks[-1:]):
        return True
    return any(not any(a <= time < b for a, b in each) for each in hours for time in times) or not all(hours)


def _is_closed_on(day: dt.date, clause: Clause, evidence: Evidence) -> bool:
    intervals = evidence.facts.hours.on(day)
    times = [moment for fact in clause.of(Of.TIME, Of.WINDOW) for moment in _moments(fact)]
    parts = [fact.value for fact in clause.of(Of.PART) if isinstance(fact.value, Daypart)]
    if times:
        edges = {edge for interval in intervals for edge in interval}
        return any(time in edges or not any(a <= time < b for a, b in intervals) for time in times)
    if parts:
        return not any(_reaches(interval, parts[0]) for interval in intervals)
    return not intervals


def _reaches(interval: Opening, part: Daypart) -> bool:
    """Whether a good piece of a part of the day lies in opening hours: Friday until two has no afternoon."""
    begin, end = part_window(part)
    late = (dt.datetime.combine(dt.date.min, begin) + _SETTLING_H).time() if begin > dt.time(4) else begin
    return interval[0] < end and interval[1] > late


def _open(clause: Clause, evidence: Evidence) -> Iterator[str]:
    if clause.of(Of.LENGTH) or _is_every_day(clause, evidence):
        yield "hour"
    if clause.tells(Sense.LAST) and not clause.of(Of.TIME):
        yield "hour"
    if clause.tells(Sense.EXCEPT) or clause.has_word("שאר", "בשאר", "השאר", "יתר", "ביתר"):
        return
    facts = clause.of(Of.DAY, Of.SPAN) or clause.days
    dates = {day for fact in facts for day in _dates(fact)}
    intervals = [interval for day in dates for interval in evidence.facts.hours.on(day)]
    for fact in facts:
        is_open = [bool(evidence.facts.hours.on(day)) for day in _dates(fact)]
        if not (all(is_open) if fact.of is Of.SPAN else any(is_open)):
            yield "closed"
    parts = [fact.value for fact in clause.of(Of.PART) if isinstance(fact.value, Daypart)]
    week = [interval for each in evidence.facts.hours.weekly for interval in each]
    known = intervals if dates else week
    if parts and not clause.of(Of.TIME) and not any(_reaches(each, part) for each in known for part in parts):
        yield "hour"
    if parts and clause.tells(Sense.ONLY) and any(not _is_within(each, parts[0]) for each in known):
        yield "hour"
    yield from _edges(clause, known if not clause.of(Of.DAY, Of.SPAN) else week, evidence)


def _is_within(interval: Opening, part: Daypart) -> bool:
    begin, end = part_window(part)
    return interval[0] >= begin and interval[1] <= end


def _is_every_day(clause: Clause, evidence: Evidence) -> bool:
    """ "Every day", "round the clock", said of a business that rests."""
    is_all = clause.tells(Sense.ALL) and clause.has_word("יום", "הימים", "הזמן", "הלילה", "השנה")
    is_all = is_all or clause.has_word("לשעון", "סביב") or any(f.value == 7 for f in clause.of(Of.NUMBER))
    return is_all and not all(evidence.facts.hours.weekly) and not clause.tells(Sense.EXCEPT)


def _edges(clause: Clause, general: list[Opening], evidence: Evidence) -> Iterator[str]:
    """Each hour against the day that goes with it: the one before it, else the one behind, else an ordinary week."""
    days = clause.of(Of.DAY, Of.SPAN)
    for fact in clause.of(Of.TIME, Of.WINDOW):
        before = [day for day in days if day.at < fact.at]
        after = [day for day in days if day.at > fact.at and not day.prefix.startswith("ו")]
        mine = before[-1:] or after[:1]
        is_so = _is_so_on(mine[0], fact, clause, evidence) if mine else _is_edge(fact, general, clause)
        if not is_so:
            yield "hour"


def _is_edge(fact: Fact, intervals: list[Opening], clause: Clause) -> bool:
    starts, ends = {a for a, _ in intervals}, {b for _, b in intervals}
    if isinstance(fact.value, Window):
        begin, end = fact.value.begin, fact.value.end
        return (begin is None or bool(begin & starts)) and (end is None or bool(end & ends))
    moments = _moments(fact)
    if clause.tells(Sense.OPENS):
        return bool(moments & starts)
    if clause.tells(Sense.CLOSES):
        return bool(moments & ends)
    return any(a <= time <= b for a, b in intervals for time in moments)


def _day_facts(clause: Clause, evidence: Evidence) -> tuple[Fact, ...]:
    today = Fact(Of.DAY, frozenset((evidence.today,)), 0, 0)
    return clause.of(Of.DAY, Of.SPAN) or clause.days or (today,)


def _dates(fact: Fact) -> frozenset[dt.date]:
    if isinstance(fact.value, Span):
        return fact.value.days
    return fact.value if isinstance(fact.value, frozenset) else frozenset()


def _moments(fact: Fact) -> frozenset[dt.time]:
    if isinstance(fact.value, Window):
        return (fact.value.begin or frozenset()) | (fact.value.end or frozenset())
    return fact.value if isinstance(fact.value, frozenset) else frozenset()
