"""Whether a sentence claims what has not happened, checked against the tool results of its call.

Pure, at most 1 ms a sentence. A sentence is cut into clauses; each is a set of facts (hours, days, prices, lengths,
treatments, people) and of words whose claims are known. Every fact must have its source in the call, every deed its
tool's result, every "none" a look that found none; a statement with a word of which nobody knows what it claims has
no source at all. What is found is named by kind, for the count and the record; the sentence is not spoken.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from server.agents.claims import (
    dates,
    deeds,
    free,
    lengths,
    opening,
    people,
    prices,
    promises,
    statements,
    taken,
    visits,
    wording,
)
from server.agents.claims.clauses import Clause, clauses_of
from server.agents.evidence import Evidence
from server.agents.speech import Of, read_speech


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a sentence: booked, moved, cancelled, contact, message, transfer, sent, action, offer,
    taken, closed, hour, date, price, length, service, address, name, staff, phone, said, wording, language or leak."""

    kind: str


STRANGE_WORD = Finding("wording")
"""A statement holds a word that nobody vouches for."""


def check(text: str, evidence: Evidence) -> tuple[Finding, ...]:
    """Everything in one sentence that this call does not bear out; empty when it may be spoken."""
    found = {*wording.language(text, evidence), *people.phones(text, evidence)}
    services: list[str] = []
    for clause in clauses_of(read_speech(text, evidence)):
        found.update(_findings(clause, evidence, services))
        services += [str(fact.value) for fact in clause.of(Of.SERVICE)]
    return tuple(Finding(kind) for kind in sorted(found))


def _findings(clause: Clause, evidence: Evidence, services: list[str]) -> Iterator[str]:
    for rule in _RULES:
        yield from rule(clause, evidence)
    yield from prices.prices(clause, evidence, services)
    yield from lengths.lengths(clause, evidence, services)


_RULES = (
    deeds.deeds,
    promises.promises,
    promises.contact,
    visits.visits,
    visits.second,
    opening.opening,
    free.free,
    free.superlatives,
    taken.taken,
    statements.stated,
    statements.unbooked,
    statements.with_whom,
    statements.ruled_out,
    dates.days,
    people.staff,
    people.names,
    wording.wording,
    wording.treatments,
    wording.attributed,
)
