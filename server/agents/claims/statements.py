"""Whether hours and facts that are told without a verb to say why are booked, free, or the caller's own words. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from server.agents.claims.availability import is_free, is_none
from server.agents.claims.clauses import Clause
from server.agents.claims.opening import is_about_opening, is_hours_of_day
from server.agents.claims.records import Record, records_of
from server.agents.claims.senses import Sense
from server.agents.claims.taken import days_looked_at, is_moment_taken
from server.agents.claims.visits import EVERYBODY, is_about_visit, is_history
from server.agents.evidence import Evidence, Said
from server.agents.speech import Of, Window


def stated(clause: Clause, evidence: Evidence) -> Iterator[str]:
    """An hour, however it is worded, is booked, free and offered as such, or the caller's own words."""
    records = [record for record in clause.records if record.times is not None or record.window is not None]
    if not records or is_about_opening(clause) or is_none(clause) or is_about_visit(clause) or is_history(clause):
        return
    is_change = clause.tells(Sense.MOVE, Sense.CHANGE, Sense.CANCEL, Sense.INSTEAD)
    is_change = is_change or (bool(evidence.former) and clause.tells(Sense.BOOK))
    if clause.tells(Sense.ENDS) or (is_change and not clause.is_asked):
        return
    is_open = clause.is_asked or clause.is_supposed or clause.has(Sense.MAY, Sense.TODO, Sense.LOOK, Sense.SAID)
    if is_hours_of_day(clause, evidence):
        return
    if is_open and clause.has_word("שאבדוק", "אבדוק", "לבדוק", "נבדוק"):
        return  # an hour that is to be looked at may be any
    if clause.has_word(*EVERYBODY) and len(evidence.live) == 1 and not is_open and not is_free(clause):
        yield "booked"
    has_booked = any(record.is_booked(evidence) for record in records)
    for record in records:
        if record.is_booked(evidence):
            continue
        if is_open:
            yield from () if _is_known(record, evidence) else ("hour",)
        else:
            yield from _unbooked_hour(record, clause, evidence, is_among_booked=has_booked)


def _is_known(record: Record, evidence: Evidence) -> bool:
    """Whether an hour in a question or a proposal is free, or the caller's own; a stretch of hours may be anything."""
    if record.times is None or record.is_free(evidence):
        return True
    return _is_said(record, evidence) and not _is_in_vain(record, evidence)


def _is_in_vain(record: Record, evidence: Evidence) -> bool:
    """Whether every reading of an hour was looked at, and is taken."""
    days = record.days or days_looked_at(evidence)
    moments = [(day, time) for day in days for time in record.times or ()]
    is_looked_at = bool(evidence.looks or evidence.refused) and not evidence.live
    return is_looked_at and all(is_moment_taken(day, time, record, evidence) for day, time in moments)


def _unbooked_hour(record: Record, clause: Clause, evidence: Evidence, *, is_among_booked: bool) -> Iterator[str]:
    if is_free(clause):
        yield from () if record.is_free(evidence) else ("offer",)
        return
    is_bound = record.times is None and record.window is not None
    if is_bound and not _is_said_window(record.window, evidence):
        yield "hour"
    elif is_among_booked or is_settled(evidence) or record.name is not None:
        yield "booked"  # beside what was booked, a free hour is taken for booked as well
    elif not is_bound and not record.is_free(evidence):
        yield "offer"
    elif not is_bound and not _is_offered(clause):
        yield "booked"


def is_settled(evidence: Evidence) -> bool:
    """Whether the last thing that was done in the diary was to change it: what is told now, is told of that."""
    return bool(evidence.live or evidence.cancelled) and not evidence.has_new_look


def _is_said_window(window: Window | None, evidence: Evidence) -> bool:
    """A stretch of hours as the caller named it."""
    bounds = [bound for bound in (window.begin, window.end) if bound is not None] if window is not None else []
    return all(bound & evidence.said.times for bound in bounds)


def _is_said(record: Record, evidence: Evidence) -> bool:
    """Whether it takes up what the caller, or a cancelled appointment, was about."""
    told = {visit.time for visit in (*evidence.cancelled, *evidence.former)}
    if not (record.times or frozenset()) & (evidence.said.times | told) or set(record.staff) - evidence.said.staff:
        return False
    before = {visit.date for visit in (*evidence.cancelled, *evidence.former)}
    return record.days is None or not evidence.said.days or bool(record.days & (evidence.said.days | before))


_CLAIMING = frozenset(
    (Sense.BOOK, Sense.WRITE, Sense.MEET, Sense.YOURS, Sense.VISIT, Sense.BOOKING, Sense.STAY, Sense.DOES, Sense.WORKS)
)


def _is_offered(clause: Clause) -> bool:
    """An offer, or a mere list of days and hours that takes up what was said."""
    if clause.tells(*_CLAIMING):
        return False
    return clause.tells(
        Sense.OFFER, Sense.OR, Sense.ONLY, Sense.PRICE, Sense.FIRST, Sense.NEAR, Sense.LAST, Sense.THERE
    ) or tells_nothing(clause)


_MUTE = frozenset(
    (Sense.CARE, Sense.ASK, Sense.SOME, Sense.ALL, Sense.ROOM, Sense.CONTACT, Sense.TOTAL, Sense.UNFOUNDED)
)


_SAYING = frozenset(Sense) - _MUTE


def ruled_out(clause: Clause, evidence: Evidence) -> Iterator[str]:
    """What is ruled out is not what was booked, nor an hour that is free."""
    if clause.is_asked or clause.is_supposed or clause.has(Sense.EXCEPT):
        return
    for record in records_of(clause.ruled_out, clause.of(Of.DAY) or clause.days):
        if evidence.live and all(record.is_of(visit) for visit in evidence.live):
            yield "booked"
        elif record.times is not None and record.is_free(evidence) and not is_settled(evidence):
            yield "taken"


def with_whom(clause: Clause, evidence: Evidence) -> Iterator[str]:
    """ "אצל מאיה" in a statement, however it is worded, is booked, free, or the caller's own wish."""
    open_ = (Sense.MAY, Sense.TODO, Sense.LOOK, Sense.DOES, Sense.WORKS, Sense.SAID, Sense.NOT, Sense.TAKEN)
    is_open = clause.is_asked or clause.is_supposed or clause.is_ignorance or clause.has(*open_) or is_none(clause)
    if is_open or not clause.has_word("אצל", "עם", "המטפל", "המטפלת") or clause.of(Of.SERVICE):
        return
    known = (evidence.said_now if is_settled(evidence) else evidence.said).staff | _sole_staff(evidence)
    for record in clause.records:
        is_free_now = record.is_free(evidence) and not is_settled(evidence)
        is_known = record.is_booked(evidence) or is_free_now or set(record.staff) <= known
        if record.staff and not is_known and not is_about_visit(clause):
            yield "staff"


def _sole_staff(evidence: Evidence) -> frozenset[str]:
    """The only one who does the treatment that is spoken of."""
    service = evidence.facts.service(evidence.service or "")
    able = [person.name for person in evidence.facts.staff if service is not None and person.id in service.staff_ids]
    return frozenset(able) if len(able) == 1 else frozenset()


def tells_nothing(clause: Clause) -> bool:
    """Whether a clause is a mere list of facts, with nothing to say of them."""
    return not clause.told & _SAYING


def unbooked(clause: Clause, evidence: Evidence) -> Iterator[str]:
    """A mere list of facts while an appointment stands is taken for that appointment, unless it is the caller's own
    words or a free start."""
    if clause.is_asked or not tells_nothing(clause) or is_none(clause) or is_about_visit(clause) or not evidence.tried:
        return
    for record in clause.records:
        is_who = bool(record.staff) and clause.has_word("אצל", "עם", "של")
        is_moment = record.times is not None or record.window is not None
        is_other = bool(record.service) and is_settled(evidence)
        has_detail = record.days or record.part or record.minutes or is_who or is_other
        if is_moment or not has_detail or is_about_opening(clause):
            continue
        if clause.of(Of.PRICE) and not record.has_when and not record.staff and not record.name:
            continue  # `prices` has looked at it
        said = evidence.said_now if is_settled(evidence) else evidence.said
        is_free_now = record.is_free(evidence) and not is_settled(evidence) and record.name is None
        is_known = record.is_booked(evidence) or _takes_up(record, said) or is_free_now
        if not is_known or (clause.has_word(*EVERYBODY) and not all(record.is_of(visit) for visit in evidence.live)):
            yield "booked"


def _takes_up(record: Record, said: Said) -> bool:
    return (
        (record.days is None or bool(record.days & said.days))
        and (record.part is None or record.part in said.parts)
        and (record.minutes is None or record.minutes in said.lengths)
        and set(record.staff) <= said.staff
        and record.service in (None, *said.services)
        and record.name is None
    )
