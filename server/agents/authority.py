"""What a caller may touch, and what a model may say for them: decided from the call, never from an argument."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from typing import Any

from server.agents.consent import ASKS_TO_CANCEL, ASKS_TO_MOVE, is_own, stand_of
from server.agents.context import Session
from server.agents.dialogue import Visit, offer_of
from server.agents.evidence import days_of, times_of
from server.agents.memory import Line, Reply
from server.agents.names import is_same_person
from server.agents.questions import offers_in
from server.agents.safety import Invalid, Refused
from server.agents.saying import length
from server.agents.wish import allows, is_that_day, moved_by
from server.agents.wish_merge import delegates
from server.calendar.models import Actor, Appointment, Service, Source
from server.calendar.phones import parse_phone
from server.hebrew.models import Answer, Asked, Offer, Understanding
from server.hebrew.understand import understand

NOT_FOUND = ("not_yours", "No such appointment of this caller. Use calendar_list_my_appointments.")

_PLACEHOLDERS = ("unknown", "לא ידוע", "לקוח", "לקוחה", "אנונימי", "customer", "caller", "none", "null", "n/a", "guest")


def customer_name(session: Session, text: str) -> str:
    """A name as it goes into the diary. Raises Invalid for a stand-in, or a name that the caller has not said."""
    name = " ".join(text.split())
    plain = re.sub(r"[^\w\s/]", "", name).lower()
    if not plain or any(plain == word or plain.startswith(f"{word} ") for word in _PLACEHOLDERS):
        raise Invalid("customer_name is no name; ask the caller for it")
    if _lines(session) and not is_own(session) and not is_said_name(session, name):
        raise Invalid("the caller has not said this name; ask for it, and give it as they said it")
    return name


def is_said_name(session: Session, name: str) -> bool:
    """Whether the caller said it, word for word, and it can be a name: no letter, treatment, day or hour."""
    words = _name_words(name)
    heard = {word for said in session.said_names() for word in _name_words(said)}
    if not words or len(words[0]) < 2:
        return False
    if heard.issuperset(words):
        return True
    spoken = heard | {form for line in _lines(session) for word in _name_words(line.text) for form in _bare(word)}
    if not spoken.issuperset(words):
        return False
    u = understand(name, session.now, Asked.NAME, session.vocabulary)
    is_somebody = u.name is not None or u.staff is not None or name.isascii()
    return is_somebody and u.service is None and not u.holds_when


_MARKS = re.compile(r"[\u0591-\u05c7'\"׳״.]")


def _name_words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", _MARKS.sub("", text).lower())


def _bare(word: str) -> tuple[str, ...]:
    """A word as it stands, and without the letter that may be joined to its beginning ("ולדני")."""
    return tuple(word[i:] for i in range(3) if i == 0 or (len(word) > i + 1 and set(word[:i]) <= set("ולבשהמ")))


def said_phone(session: Session, text: str) -> str | None:
    """A number as E.164, if it is one and the caller dictated it or calls from it."""
    parsed = parse_phone(text)
    is_known = parsed in session.said_phones() or parsed == session.call.caller_number
    return parsed if parsed is not None and (is_known or _was_dictated(session, parsed)) else None


def contact_phone(session: Session, said: str | None) -> str | None:
    """The number of a booking, E.164: said → said earlier in the call → caller ID → None."""
    known = session.said_phones()
    earlier = known[0] if known else session.call.caller_number
    return (said_phone(session, said) if said else None) or earlier


def _was_dictated(session: Session, phone: str) -> bool:
    """Whether the digits stand in the caller's own lines, however they were grouped."""
    digits = "".join(c for line in _lines(session) for c in line.text if c.isdigit())
    return phone.removeprefix("+972") in digits


async def appointment_meant(session: Session, number: int | None) -> int:
    """The appointment behind a number of this call; without one, the last made in it, else the only one listed.

    Raises Refused when there is none that the caller may touch.
    """
    if number is not None:
        if not 1 <= number <= len(session.numbers):
            raise Refused(*NOT_FOUND)
        return session.numbers[number - 1]
    made = await asyncio.to_thread(session.call.bookings.of_call, session.business_id, session.call.call_sid)
    if made:
        session.made.update(each.id for each in made)
        return made[-1].id
    if len(session.numbers) == 1:
        return session.numbers[0]
    raise Refused(*NOT_FOUND)


async def own_appointments(session: Session, name: str | None) -> tuple[Appointment, ...]:
    """What was made in this call, and what stands under the caller's number and the name that they said."""
    desk, business_id = session.call.bookings, session.business_id
    made = await asyncio.to_thread(desk.of_call, business_id, session.call.call_sid)
    session.made.update(each.id for each in made)
    names = said_names(session, name)
    if session.call.caller_number is None or not names:
        if not made and not names:
            raise Refused("needs_name", "Ask under which name the appointment is, then call this again.")
        return made
    upcoming = await asyncio.to_thread(desk.upcoming_of, business_id, session.call.caller_number)
    known = {each.id for each in made}
    earlier = [
        each
        for each in upcoming
        if each.id not in known and any(is_same_person(said, each.customer_name) for said in names)
    ]
    return (*made, *earlier)


def said_names(session: Session, name: str | None) -> tuple[str, ...]:
    """Names that the caller gave; one that a model gives counts only if it stands in the caller's words."""
    heard = session.said_names()
    return (*heard, name) if name and (is_own(session) or is_said_name(session, name)) else heard


def caller(session: Session, appointment: Appointment | None) -> Actor:
    """The caller as the desk knows them, with the name that fits the appointment as the second fact."""
    names = said_names(session, None)
    fitting = [name for name in names if appointment and is_same_person(name, appointment.customer_name)]
    said_name = appointment.customer_name if appointment and fitting else None
    return Actor(Source.CALL, session.call.call_sid, session.call.caller_number, said_name=said_name)


async def check_confirmed(
    session: Session, appointment_id: int, starts_at: dt.datetime | None, service: Service | None = None
) -> tuple[Actor, Appointment]:
    """Earlier appointments change only after a yes to a question that named them; who asks is given back, and what for.

    `starts_at` is the new time of a move, None for a cancellation; `service` another treatment in its place. Raises
    Refused.
    """
    held = await asyncio.to_thread(session.call.bookings.get, session.business_id, appointment_id)
    if held is None:
        raise Refused(*NOT_FOUND)
    if appointment_id not in session.made and not _is_confirmed(session, held, starts_at, service):
        raise Refused(
            "needs_confirmation", "Name the appointment with day and hour, ask for a yes, then call this again."
        )
    return caller(session, held), held


def _is_confirmed(session: Session, held: Appointment, starts_at: dt.datetime | None, service: Service | None) -> bool:
    """Whether the last reply asked about this very change, and the caller said yes to it."""
    reply = next((e for e in reversed(session.conversation.entries) if isinstance(e, Reply)), None)
    line = session.conversation.last_line
    if reply is None or line is None or "?" not in reply.text:
        return False
    named = (starts_at or held.starts_at).astimezone(session.call.facts.business.zone)
    asks = (ASKS_TO_CANCEL if starts_at is None else ASKS_TO_MOVE).search(reply.text)
    is_named = f"{named.hour}:{named.minute:02}" in reply.text and (service is None or service.name in reply.text)
    return bool(asks) and is_named and _agrees(line.understanding, None if starts_at is None else named)


def _agrees(u: Understanding, chosen: dt.datetime | None) -> bool:
    if u.answer is Answer.NO:
        return False
    is_choice = chosen is not None and (u.choice is not None or u.time == chosen.time())
    return u.answer is Answer.YES or is_choice


def check_said(session: Session, first: dt.date, last: dt.date) -> None:
    """Refuse to search days that have nothing to do with what the caller said. Raises Invalid."""
    days = _said_days(session) | {offer.date for offer in _told_slots(session)}
    if days and not any(first <= day <= last for day in days):
        raise Invalid(f"{first} is no day that the caller said or was offered; use the date_iso that was heard")


def check_slot(session: Session, starts_at: dt.datetime) -> None:
    """Refuse to book a day or an hour that the caller neither said nor was offered aloud. Raises Invalid.

    That a tool has listed a slot is not enough: the caller must have heard of it.
    """
    if not _lines(session):
        return
    day, time = starts_at.date(), starts_at.time()
    if not is_own(session) and not allows(stand_of(session).wish, day, time):
        raise Invalid(f"the caller has ruled out {day} {time:%H:%M}; use what was heard since")
    if Offer(day, time) in _told_slots(session) and any(delegates(line.understanding) for line in _lines(session)):
        return  # the caller has left the hour to us
    aloud = _offered_aloud(session)
    if day not in _said_days(session) | {offer.date for offer in aloud}:
        raise Invalid(f"{day} is no day that the caller said or was offered; use the date_iso that was heard")
    if time not in _said_times(session) | {offer.time for offer in aloud}:
        raise Invalid(f"{time:%H:%M} is no hour that the caller said or was offered; use the time that was heard")


def check_wish(session: Session, service: Service, minutes: int, staff: str | None) -> None:
    """Refuse a service, length or staff member other than the caller's. Raises Invalid.

    What the caller has not said may be what the agent proposed aloud.
    """
    check_service(session, service)
    lines = _lines(session)
    spoken = " ".join(e.text for e in session.conversation.entries if isinstance(e, Reply))
    lengths = {line.understanding.duration_min for line in lines} - {None}
    lengths |= {visit.minutes for visit in _told_visits(session) if visit.service == service.name}
    is_proposed = length(minutes) in spoken or f"{minutes} דקות" in spoken
    if lines and len(service.lengths) > 1 and minutes not in lengths and (lengths or not is_proposed):
        raise Invalid(f"the caller has not asked for {minutes} minutes; ask how long")
    people = {line.understanding.staff for line in lines} - {None}
    refused = {exclusion.staff for line in lines for exclusion in line.understanding.excluded} - {None}
    is_wanted = staff in people or (staff is not None and staff in spoken) or (bool(refused) and staff not in refused)
    if lines and staff is not None and not is_wanted:
        raise Invalid("the caller has not asked for this staff member; use null")


def check_service(session: Session, service: Service) -> None:
    """Refuse a treatment that neither the caller nor the agent has named aloud. Raises Invalid."""
    lines = _lines(session)
    spoken = " ".join(e.text for e in session.conversation.entries if isinstance(e, Reply))
    said = {line.understanding.service for line in lines} - {None}
    said |= {reading for line in lines for reading in line.understanding.readings}
    if lines and service.name not in said and not any(name in spoken for name in (service.name, *service.aliases)):
        raise Invalid(f"the caller has not asked for {service.name}; ask which treatment")


def _lines(session: Session) -> list[Line]:
    return [entry for entry in session.conversation.entries if isinstance(entry, Line)]


def _said_days(session: Session) -> set[dt.date]:
    """Days that the caller named, and those of their appointments that were told of."""
    days: set[dt.date] = set()
    for line in _lines(session):
        u = line.understanding
        if u.is_correction and (u.date is not None or u.date_from is not None):
            days.clear()  # what follows replaces what was said
        named = days | set(days_of(u, session.now.date()))
        days = {day for day in named if day == u.date or not _rules_out_day(u, day)}
    return days | {visit.date for visit in _told_visits(session)}


def _rules_out_day(u: Understanding, day: dt.date) -> bool:
    """Whether a line wants nothing at all on a day."""
    return any(
        (each.date is not None or each.weekday is not None)
        and each.daypart is None
        and each.time is None
        and is_that_day(each, day)
        for each in u.excluded
    )


def _said_times(session: Session) -> set[dt.time]:
    times: set[dt.time] = {moment for visit in _told_visits(session) for moment in (visit.time, visit.end)}
    told = [Offer(visit.date, visit.time) for visit in _told_visits(session)]
    known = [dt.datetime.combine(each.date, each.time) for each in (*told, *_offered_aloud(session))]
    said: set[dt.time] = set()
    for line in _lines(session):
        u = line.understanding
        if u.is_correction and (u.time is not None or u.time_from is not None):
            said.clear()
        of_any_day = {each.time for each in u.excluded if each.date is None and each.weekday is None}
        said = {time for time in said | set(times_of(u)) if time == u.time or time not in of_any_day}
        if line.understanding.shift is not None and line.understanding.duration_min is not None:
            times |= {moved_by(line.understanding, moment).time() for moment in known}
    return times | said


def _told_slots(session: Session) -> tuple[Offer, ...]:
    """Free slots that tools have named in this call."""
    steps = session.conversation.steps()
    return tuple(offer_of(slot) for step in steps for slot in _slots(step.result()))


def _slots(result: dict[str, Any]) -> list[dict[str, Any]]:
    return [*(result.get("slots") or ()), *(result.get("alternatives") or ())]


def _offered_aloud(session: Session) -> set[Offer]:
    """Free slots that the agent has spoken of."""
    slots, today = _told_slots(session), session.now.date()
    replies = [entry.text for entry in session.conversation.entries if isinstance(entry, Reply)]
    return {offer for text in replies for offer in offers_in(text, slots, today)}


def _told_visits(session: Session) -> list[Visit]:
    results = [step.result() for step in session.conversation.steps()]
    own = [result for result in results if result.get("ok") and "appointment" in result]
    listed = [each for result in results for each in result.get("appointments") or ()]
    return [Visit.of(each) for each in (*own, *listed)]
