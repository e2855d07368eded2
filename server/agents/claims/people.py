"""Whether the people that a clause names are who they are said to be: staff, customers, the caller. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator

from server.agents.claims.clauses import Clause, Word
from server.agents.claims.plain_words import DOINGS
from server.agents.claims.senses import Sense
from server.agents.evidence import Evidence
from server.agents.speech import Of
from server.agents.speech_numbers import Count
from server.hebrew import lexicon
from server.hebrew.gazetteer import FIRST_NAMES

_TEAM = ("הצוות", "המטפלת", "המטפל", "המטפלים", "המטפלות")
_BETWEEN = ("כבר", "גם", "ממש", "תמיד", "שלנו")
_PHONE = re.compile(r"\+?\d[\d-]{6,}\d")


def staff(clause: Clause, evidence: Evidence) -> Iterator[str]:
    """What somebody does, and how many there are."""
    yield from _numbers(clause, evidence)
    named = {str(fact.value) for fact in clause.of(Of.STAFF)}
    if named and _is_introduction(clause):
        yield "staff"
    if clause.is_asked or clause.is_supposed:
        return
    if (
        clause.tells(Sense.ONLY)
        and clause.has_word("המטפל", "המטפלת", "מטפל", "מטפלת")
        and len(evidence.facts.staff) > 1
    ):
        yield "staff"
    if named and Sense.WORKS in clause.denied | clause.told:
        yield from _works(clause, named, evidence)
    services = {str(fact.value) for fact in clause.of(Of.SERVICE)}
    if clause.has(Sense.DOES) and clause.has_word("כולם", "כולן", "שניהם", "כולנו"):
        named = {person.name for person in evidence.facts.staff}
    is_doing = clause.has(Sense.DOES) or (clause.tells(Sense.ONLY) and not clause.has(Sense.FREE, Sense.THERE))
    if _acts(clause):
        yield "staff"
    if Sense.MACHINE in clause.denied or (clause.tells(Sense.HUMAN) and clause.has_word("אני")):
        yield "staff"
    if clause.has(Sense.DOES) and not services and evidence.service is not None:
        services = {evidence.service}
    if named and clause.has_word("אצל", "עם") and not clause.has(Sense.NOT):
        yield from _able(named, services or {evidence.service or ""}, evidence)
    if named and clause.has(Sense.DOES) and clause.tells(Sense.ALL) and clause.has(Sense.CARE):
        services = {service.name for service in evidence.facts.services}
    if named and clause.has(Sense.DOES) and not services:
        yield "staff"
    if named and services and is_doing:
        yield from _does(clause, named, services, evidence)


def _acts(clause: Clause) -> bool:
    """ "מאיה כבר יודעת": what the agent may tell of itself, told of somebody else."""
    people = [(fact.at, fact.end) for fact in clause.of(Of.STAFF)]
    people += [(word.at, word.at + 1) for word in clause.words if word.text in _TEAM]
    for at, end in people:
        after = [word for word in clause.words if word.at >= end and word.text not in _BETWEEN]
        is_subject = not any(at - 6 <= word.at < at for word in clause.words if word.text != "גם")
        if after and is_subject and _is_doing(after[0]):
            return True
    return False


def _is_introduction(clause: Clause) -> bool:
    """ "אני מאיה", "כאן רון": the agent is nobody of the staff."""
    introducing = [word for word in clause.words if word.text in ("אני", "כאן", "שמי", "לי")]
    return any(0 < fact.at - word.at < 6 for word in introducing for fact in clause.of(Of.STAFF))


def _is_doing(word: Word) -> bool:
    deeds = {Sense.ABLE, Sense.LOOK, Sense.LOOKED, Sense.BOOKING, Sense.MOVES, Sense.SUCCEED}
    is_deed = bool(word.senses & deeds) and Sense.MAY not in word.senses
    return is_deed or (word.text in DOINGS and not word.text.startswith("ל"))


def _does(clause: Clause, named: set[str], services: set[str], evidence: Evidence) -> Iterator[str]:
    ids = {person.id for person in evidence.facts.staff if person.name in named}
    for service in evidence.facts.services:
        if service.name not in services:
            continue
        able = ids & set(service.staff_ids)
        if Sense.DOES in clause.denied:
            is_so = not able
        else:
            is_so = able == ids and not (clause.tells(Sense.ONLY) and set(service.staff_ids) - ids)
        if not is_so:
            yield "staff"


def _able(named: set[str], services: set[str], evidence: Evidence) -> Iterator[str]:
    """A treatment is with somebody who does it."""
    ids = {person.id for person in evidence.facts.staff if person.name in named}
    if any(ids - set(service.staff_ids) for service in evidence.facts.services if service.name in services):
        yield "staff"


def _works(clause: Clause, named: set[str], evidence: Evidence) -> Iterator[str]:
    days = [day for fact in clause.of(Of.DAY) for day in _dates(fact.value)]
    for person in evidence.facts.staff:
        hours = person.hours or evidence.facts.hours
        is_there = any(hours.on(day) for day in days) if days else True
        if person.name in named and is_there == (Sense.WORKS in clause.denied):
            yield "staff"


def _dates(value: object) -> frozenset[dt.date]:
    return value if isinstance(value, frozenset) else frozenset()


def _numbers(clause: Clause, evidence: Evidence) -> Iterator[str]:
    services = [service for service in evidence.facts.services if not service.is_hidden]
    for fact in clause.of(Of.COUNT):
        if not isinstance(fact.value, Count) or clause.is_asked:
            continue
        number, thing = fact.value.number, fact.value.thing
        if thing == "staff" and number != len(evidence.facts.staff):
            yield "staff"
        if thing == "service" and number != len(services):
            yield "service"
        if thing == "treatment" and number not in (len(services), len(evidence.live)):
            yield "service"


def names(clause: Clause, evidence: Evidence) -> Iterator[str]:
    """A customer's name is the caller's, or stands on one of their appointments; what is told of an appointment is
    told of whom it is for."""
    known = evidence.words | {word for person in evidence.facts.staff for word in person.name.split()}
    known |= set(evidence.facts.business.name.split())
    booked = {word for visit in (*evidence.live, *evidence.cancelled) for word in visit.name.split()}
    is_about_visit = clause.tells(Sense.BOOK, Sense.WRITE, Sense.VISIT) and not clause.is_asked
    for i, word in enumerate(clause.words):
        if Sense.UNFOUNDED not in word.senses:
            continue
        name, prefix = _name(word.text)
        if name is None:
            continue
        is_other = bool(booked) and name not in " ".join(evidence.said.names[:1]).split()
        is_addressee = (
            is_other or prefix == "ל" or (i > 0 and clause.words[i - 1].text in ("שם", "בשם", "של", "השם", "עבור"))
        )
        if clause.is_asked and prefix == "ל":
            continue
        if not _is_among(name, known) or (is_about_visit and is_addressee and name not in booked):
            yield "name"


def _is_among(name: str, known: Iterable[str]) -> bool:
    """Whether a name was said, with or without a preposition."""
    return any(name in each and any(core == name for _, core in lexicon.splits(each)) for each in known)


def _name(text: str) -> tuple[str | None, str]:
    for prefix, core in lexicon.splits(text):
        if core in FIRST_NAMES and prefix in ("", "ל", "ו", "ול", "של"):
            return core, prefix.removeprefix("ו")
    return None, ""


def is_person(word: Word, evidence: Evidence) -> bool:
    """Whether a word is the name of somebody whom this call knows."""
    name, _ = _name(word.text)
    known = evidence.words | {part for person in evidence.facts.staff for part in person.name.split()}
    return _is_among(name or word.text, known) and (name is not None or _is_on_visit(word.text, evidence))


def _is_on_visit(text: str, evidence: Evidence) -> bool:
    return any(text in visit.name.split() for visit in (*evidence.live, *evidence.cancelled))


def phones(text: str, evidence: Evidence) -> Iterator[str]:
    """A number is one that the caller said, or the business's own."""
    own = "".join(c for c in evidence.facts.business.number if c.isdigit())
    for phone in _PHONE.finditer(text):
        digits = re.sub(r"\D", "", phone[0])
        if digits.removeprefix("972").removeprefix("0") not in evidence.said.digits + " " + own:
            yield "phone"
