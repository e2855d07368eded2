"""Whether a sentence claims what has not happened, checked against the tool results of its call.

Pure, at most 1 ms a sentence. What is found is named by kind, for the count and the record; the sentence is not spoken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from server.agents import claim_signs as signs
from server.agents.claim_hours import HOURS
from server.agents.dialogue import Visit
from server.agents.evidence import Evidence
from server.agents.speech import Speech, read_speech
from server.hebrew.gazetteer import FIRST_NAMES


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a sentence: booked, moved, cancelled, contact, message, transfer, sent, action, offer,
    taken, closed, hour, date, price, length, service, address, name, staff, phone, language or leak."""

    kind: str


def check(text: str, evidence: Evidence) -> tuple[Finding, ...]:
    """Everything in one sentence that this call does not bear out; empty when it may be spoken."""
    whole = read_speech(text, evidence)
    found = {kind for rule in _RULES for kind in rule(whole, evidence)}
    return tuple(Finding(kind) for kind in sorted(found))


def _claims_done(speech: Speech, evidence: Evidence) -> Iterator[str]:
    for kind, sign, tools in signs.DONE:
        if sign.search(speech.text):
            if not _is_done(kind, tools, speech, evidence):
                yield kind
            return
    is_known = evidence.done_now.intersection(signs.WRITES) or len(evidence.live) == 1
    verbs = [verb for verb in signs.FIRST_PERSON.findall(speech.text) if not signs.HARMLESS.fullmatch(verb)]
    verbs += [verb for verb in signs.WE_DID.findall(speech.text) if not signs.WE_HARMLESS.fullmatch(verb)]
    states = [found for found in signs.STATE.finditer(speech.text) if not found["no"]]
    if (states or verbs) and not is_known:
        yield "action"


def _about_visit(speech: Speech, evidence: Evidence) -> Iterator[str]:
    """Statements about an appointment must fit one that stands."""
    is_statement = bool(
        signs.ABOUT_VISIT.search(speech.text) and not speech.is_question and not signs.IS_WISH.search(speech.text)
    )
    is_statement = is_statement or bool(signs.WILL_BE_BOOKED.search(speech.text) and speech.has_detail)
    is_gone = any(_fits(visit, speech) for visit in evidence.cancelled)
    if signs.HISTORY.search(speech.text) and "calendar_list_my_appointments" not in evidence.done:
        yield "booked"
    if is_statement and not is_gone and not any(_fits(visit, speech) for visit in evidence.live):
        yield "booked"
    if signs.SECOND.search(speech.text) and signs.DONE[-1][1].search(speech.text) and len(evidence.live) < 2:
        yield "booked"


def _is_done(kind: str, tools: tuple[str, ...], speech: Speech, evidence: Evidence) -> bool:
    if not evidence.done.intersection(tools):
        return False
    if kind in ("message", "transfer", "contact"):
        return True
    visits = evidence.cancelled if kind == "cancelled" else evidence.live
    if speech.has_detail:  # a recap of what was done before must fit it
        return any(_fits(visit, speech) for visit in visits)
    return bool(evidence.done_now.intersection(tools)) or len(visits) == 1


def _fits(visit: Visit, speech: Speech) -> bool:
    is_hour = not speech.times or any(visit.time in moments for moments in speech.times)
    is_weekday = not speech.weekdays or (visit.date.weekday() + 1) % 7 in speech.weekdays
    is_day = is_weekday and (not speech.days or visit.date in speech.days)
    is_service = not speech.services or visit.service in speech.services
    is_length = not speech.lengths or visit.minutes in speech.lengths
    is_staff = set(speech.staff) <= {visit.staff}
    return is_hour and is_day and is_service and is_length and is_staff


def _claims_sent(speech: Speech, evidence: Evidence) -> Iterator[str]:
    told = list(signs.SENT.finditer(speech.text))
    is_untrue = any(sent["never"] for sent in told) or (told and not evidence.is_notice_coming)
    if is_untrue and not signs.DENIES.search(speech.text):
        yield "sent"
    is_promise = signs.CALL_BACK.search(speech.text) and not signs.IS_WISH.search(speech.text)
    is_borne_out = "take_message" in evidence.done or speech.is_question
    if signs.ACTION.search(speech.text) or (is_promise and not is_borne_out):
        yield "action"
    if signs.LEAK.search(speech.text):
        yield "leak"


def _dates(speech: Speech, evidence: Evidence) -> Iterator[str]:
    if any(day not in evidence.days for day in speech.calendar_days):
        yield "date"
    is_pair = len(speech.calendar_days) == 1 and len(speech.weekdays) == 1
    if is_pair and (speech.calendar_days[0].weekday() + 1) % 7 != speech.weekdays[0]:
        yield "date"


def _prices(speech: Speech, evidence: Evidence) -> Iterator[str]:
    if signs.GIFT.search(speech.text) and not signs.KNOWS_NOT.fullmatch(speech.text.strip()):
        yield "price"
    named = [s for s in evidence.facts.services if s.name in speech.services] or list(evidence.facts.services)
    options = [option for service in named for option in service.lengths]
    is_of_visit = re.search(r"ה(?:טיפול|תור)(?![א-ת])", speech.text) and len(evidence.live) == 1
    if is_of_visit and not speech.services and not speech.lengths:
        visit = evidence.live[0]
        named = [service for service in evidence.facts.services if service.name == visit.service]
        options = [option for service in named for option in service.lengths if option.minutes == visit.minutes]
    if is_of_visit and speech.lengths and evidence.live[0].minutes not in speech.lengths:
        yield "length"
    if len(speech.lengths) == 1 and len(speech.prices) + len(speech.amounts) == 1:
        options = [option for option in options if option.minutes == speech.lengths[0]]
    if any(price not in {option.price for option in options} for price in speech.prices):
        yield "price"
    if signs.PRICED.search(speech.text) and signs.MONEY.search(speech.text) and not speech.prices:
        yield "price"
    is_priced = bool(signs.PRICED.search(speech.text))
    amounts = [n for n in speech.amounts if is_priced or (n >= 100 and (speech.services or speech.lengths))]
    if any(n not in {o.price for o in options} for n in amounts):
        yield "price"
    lengths = {option.minutes for option in options} | {visit.minutes for visit in evidence.live}
    is_denied = re.search(signs.BOUNDARY + r"(?:אין|לא)(?![א-ת])", speech.text)
    if speech.services and not speech.prices and not is_denied and any(x not in lengths for x in speech.lengths):
        yield "length"


def _house(speech: Speech, evidence: Evidence) -> Iterator[str]:
    """Treatments that are not offered, and another address."""
    facts = evidence.facts
    offered = " ".join(word for s in facts.services for word in (s.name, *s.aliases))
    strange = [word for word in signs.TREATMENTS.findall(speech.text) if word not in offered]
    if strange and not signs.DENIES.search(speech.text) and not speech.is_question:
        yield "service"
    if signs.PLACE.search(speech.text) and not signs.UNKNOWN_PLACE.search(speech.text):
        address = facts.business.address
        if not address or not all(word in speech.text for word in re.findall(r"\w+", address)[:2]):
            yield "address"


def _names(speech: Speech, evidence: Evidence) -> Iterator[str]:
    staff = {word for person in evidence.facts.staff for word in person.name.split()}
    known = evidence.words | staff | set(evidence.facts.business.name.split())
    for cue in signs.NAME_CUE.finditer(speech.text):
        name = cue["name"]
        if name in FIRST_NAMES and name not in known and not any(name in word for word in known):
            yield "name"
    if any(person.name in speech.text for person in evidence.facts.staff) and signs.AWAY.search(speech.text):
        yield "staff"
    if re.search(r"(?:המטפלת?|הצוות) היחיד", speech.text):
        yield "staff"
    own = "".join(c for c in evidence.facts.business.number if c.isdigit())
    for phone in signs.PHONE.finditer(speech.text):
        digits = re.sub(r"\D", "", phone[0])
        if digits.removeprefix("972").removeprefix("0") not in evidence.digits + " " + own:
            yield "phone"


def _language(speech: Speech, evidence: Evidence) -> Iterator[str]:
    facts = evidence.facts
    allowed = " ".join((facts.business.name, facts.business.address, *(s.name for s in facts.services)))
    latin = [word for word in signs.LATIN.findall(speech.text) if word not in allowed and word not in evidence.words]
    if latin or signs.FOREIGN.search(speech.text) or not re.search(r"[א-ת]", speech.text):
        yield "language"


_RULES: tuple[Callable[[Speech, Evidence], Iterator[str]], ...] = (
    _claims_done,
    _about_visit,
    _claims_sent,
    *HOURS,
    _dates,
    _prices,
    _house,
    _names,
    _language,
)
