"""Whether hours and facts that are told without a verb to say why are booked, free, or the caller's own words. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from server.agents.claims.availability import is_free, is_none
from server.agents.claims.clauses import Clause
from server.agents.claims.opening import is_about_opening, is_hours_of_day
from server.agents.claims.records import Record
from server.agents.claims.senses import Sense
from server.agents.claims.visits import EVERYBODY, is_about_visit, is_history
from server.agents.evidence import Evidence, Said
from server.agents.speech import Of


def stated(clause: Clause, evidence: Evidence) -> Iterator[str]:
    """An hour, however it is worded, is booked, free and offered as such, or the caller's own words."""
    records = [record for record in clause.records if record.times is not None or record.window is not None]
    if not records or is_about_opening(clause) or is_none(clause) or is_about_visit(clause) or is_history(clause):
        return
    if clause.tells(Sense.ENDS) or clause.tells(Sense.MOVE, Sense.CHANGE, Sense.CANCEL, Sense.INSTEAD):
        return
    is_open = clause.is_asked or clause.is_supposed or clause.has(Sense.MAY, Sense.TODO, Sense.LOOK, Sense.SAID)
    if is_hours_of_day(clause, evidence):
        return
    has_booked = any(record.is_booked(evidence) for record in records)
    for record in records:
        if record.is_booked(evidence):
            continue
        is_told_of_visit = has_booked or (bool(evidence.live) and not evidence.has_new_look)
        if is_told_of_visit and not is_open and not is_free(clause):
            yield "booked"
        if is_open:
            if record.times is not None and not (record.is_free(evidence) or _is_said(record, evidence)):
                yield "hour"
        elif not record.is_free(evidence):
            yield "offer"
        elif not is_free(clause) and not _is_offered(clause):
            yield "booked"


def _is_said(record: Record, evidence: Evidence) -> bool:
    """Whether it takes up what the caller, or a cancelled appointment, was about."""
    told = {visit.time for visit in (*evidence.cancelled, *evidence.former)}
    if not (record.times or frozenset()) & (evidence.said.times | told):
        return False
    return record.days is None or not evidence.said.days or bool(record.days & evidence.days)


_CLAIMING = frozenset(
    (Sense.BOOK, Sense.WRITE, Sense.MEET, Sense.YOURS, Sense.VISIT, Sense.BOOKING, Sense.STAY, Sense.DOES, Sense.WORKS)
)


def _is_offered(clause: Clause) -> bool:
    """An offer, or a mere list of days and hours that takes up what was said."""
    if clause.tells(*_CLAIMING):
        return False
    return clause.tells(
        Sense.OFFER, Sense.OR, Sense.PRICE, Sense.FIRST, Sense.NEAR, Sense.LAST, Sense.THERE
    ) or tells_nothing(clause)


_MUTE = frozenset((Sense.CARE, Sense.ASK, Sense.SOME, Sense.ALL, Sense.ROOM, Sense.CONTACT, Sense.UNFOUNDED))


_SAYING = frozenset(Sense) - _MUTE


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
        has_detail = record.days or record.part or record.minutes or is_who
        if is_moment or not has_detail or is_about_opening(clause):
            continue
        if clause.of(Of.PRICE) and record.service and not record.has_when and not record.staff:
            continue  # `prices` has looked at it
        is_settled = bool(evidence.live) and not evidence.has_new_look
        is_known = record.is_booked(evidence) or _takes_up(record, evidence.said_now if is_settled else evidence.said)
        is_known = is_known or (record.is_free(evidence) and not is_settled)
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
