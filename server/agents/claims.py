"""Whether a sentence claims what has not happened, checked against the tool results of its call.

Pure, at most 1 ms a sentence. What is found is named by kind, for the count and the record; the sentence is not spoken.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from server.agents import claim_signs as signs
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
    sent = signs.SENT.search(speech.text)
    is_denied = sent is not None and signs.DENIES.search(speech.text)
    if sent and not is_denied and (sent["past"] or not evidence.facts.business.sends_confirmations):
        yield "sent"
    is_promise = signs.CALL_BACK.search(speech.text) and not signs.IS_WISH.search(speech.text)
    is_borne_out = "take_message" in evidence.done or speech.is_question
    if signs.ACTION.search(speech.text) or (is_promise and not is_borne_out):
        yield "action"
    if signs.LEAK.search(speech.text):
        yield "leak"


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
    first = dt.time(12) if signs.PAST_NOON.search(clause.text) else dt.time()
    last = dt.time(12) if signs.BEFORE_NOON.search(clause.text) else dt.time.max
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
    if speech.is_question or not speech.times or any(sign.search(speech.text) for sign in others):
        return
    if any(_is_of_visit(time, speech.days, speech, evidence) for moments in speech.times for time in moments):
        return
    if signs.ONLY.search(speech.text) and any(not any(t in moments for moments in speech.times) for t in hours):
        yield "offer"
    for sign, ends in ((signs.EARLIEST, hours[:1]), (signs.LATEST, hours[-1:])):
        if sign.search(speech.text) and not any(set(ends) & moments for moments in speech.times):
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


def _dates(speech: Speech, evidence: Evidence) -> Iterator[str]:
    if any(day not in evidence.days for day in speech.calendar_days):
        yield "date"
    is_pair = len(speech.calendar_days) == 1 and len(speech.weekdays) == 1
    if is_pair and (speech.calendar_days[0].weekday() + 1) % 7 != speech.weekdays[0]:
        yield "date"


def _prices(speech: Speech, evidence: Evidence) -> Iterator[str]:
    if signs.GIFT.search(speech.text):
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
    _availability,
    _stated,
    _superlatives,
    _hours,
    _dates,
    _prices,
    _house,
    _names,
    _language,
)
