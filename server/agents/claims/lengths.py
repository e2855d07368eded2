"""Whether lengths are those of the treatment, or of the appointment, that is spoken of. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from server.agents.claims.clauses import Clause
from server.agents.claims.prices import all_options, is_topic_booked
from server.agents.claims.records import end_of
from server.agents.claims.senses import Sense
from server.agents.claims.visits import is_about_visit
from server.agents.evidence import Evidence
from server.agents.speech import Of

MONTH_DAYS = 30


def lengths(clause: Clause, evidence: Evidence, services: Sequence[str]) -> Iterator[str]:
    """A length is one that the treatment has; said of the appointment, it is the appointment's."""
    told = {int(str(fact.value)) for fact in clause.of(Of.LENGTH)}
    if clause.tells(Sense.ENDS):
        yield from _ends(clause, evidence)
    if clause.of(Of.AWAY) and not clause.is_asked and not clause.tells(Sense.SEND):
        yield "length"
    if clause.tells(Sense.BEFORE) and clause.tells(Sense.TODO) and clause.has_word("יום", "יומיים", "שבוע", "שבועיים"):
        numbers = [fact.value for fact in clause.of(Of.NUMBER)]
        if numbers != [evidence.facts.business.horizon_days]:
            yield "length"
    is_passed_on = bool(evidence.messages) and clause.tells(Sense.PASS, Sense.MESSAGE)
    if not (clause.is_asked or clause.is_ignorance or clause.is_supposed):
        yield from _numbers(clause, evidence)
    if not told or is_passed_on or clause.is_ignorance or (clause.is_asked and clause.has(Sense.ASK)):
        return
    if clause.tells(Sense.BEFORE) and not clause.is_asked:
        rules = {evidence.facts.business.cancel_cutoff_min, evidence.facts.business.lead_min}
        if not (told <= rules and clause.has_word("לבטל", "לשנות", "לקבוע", "ביטול", "להזיז")):
            yield "length"
        return
    named = [str(fact.value) for fact in clause.of(Of.SERVICE)] or list(services)
    offered = {option.minutes for option in all_options(evidence, named or _topic(evidence))}
    if Sense.THERE in clause.denied or (clause.has_word("אין", "לא") and not clause.ruled_out):
        if told & offered:
            yield "length"
        return
    known = evidence.said.lengths if clause.is_asked or clause.is_supposed else frozenset()
    is_other_visit = _is_of_visit(clause, named, evidence) and told - {visit.minutes for visit in evidence.live}
    is_not_only = clause.tells(Sense.ONLY) and not clause.is_asked and named and offered - told
    if told - offered - known or is_other_visit or is_not_only:
        yield "length"


def _numbers(clause: Clause, evidence: Evidence) -> Iterator[str]:
    """A number of whatever else has no source, but how far ahead one may book."""
    known = {evidence.facts.business.horizon_days}
    known |= {len(evidence.facts.staff), len(evidence.facts.services), 1, 2}
    is_months = clause.has_word("חודשים")
    for fact in clause.of(Of.NUMBER):
        number = fact.value * MONTH_DAYS if is_months and isinstance(fact.value, int) else fact.value
        if number not in known:
            yield "length"


def _topic(evidence: Evidence) -> list[str]:
    return [evidence.service] if evidence.service else []


def _is_of_visit(clause: Clause, named: Sequence[str], evidence: Evidence) -> bool:
    """Whether a length is told of what was booked, and not of what is on offer."""
    if not evidence.live or not is_topic_booked(evidence) or clause.of(Of.PRICE):
        return False
    is_offer = clause.is_asked or clause.is_supposed or clause.tells(Sense.MAY, Sense.THERE, Sense.TODO, Sense.OFFER)
    return is_about_visit(clause) or not (is_offer or named)


def _ends(clause: Clause, evidence: Evidence) -> Iterator[str]:
    for fact in clause.of(Of.TIME):
        moments = fact.value if isinstance(fact.value, frozenset) else frozenset()
        if not any(end_of(visit) in moments for visit in evidence.live) and not clause.is_asked:
            yield "hour"
