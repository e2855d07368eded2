"""What a caller may touch, and what a model may say for them: decided from the call, never from an argument."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

from server.agents.context import Session
from server.agents.dialogue import offer_of
from server.agents.memory import Line, Reply, Step
from server.agents.names import is_same_person
from server.agents.safety import Invalid, Refused
from server.calendar.models import Actor, Appointment, Source
from server.calendar.phones import parse_phone
from server.hebrew.models import Answer, Understanding

NOT_FOUND = ("not_yours", "No such appointment of this caller. Use calendar_list_my_appointments.")

_PLACEHOLDERS = ("unknown", "לא ידוע", "לקוח", "לקוחה", "אנונימי", "customer", "caller", "none", "null", "n/a", "guest")


def customer_name(session: Session, text: str) -> str:
    """A name as it goes into the diary. Raises Invalid for a stand-in, or a name that the caller has not said."""
    name = " ".join(text.split())
    if not name or name.lower() in _PLACEHOLDERS:
        raise Invalid("customer_name is no name; ask the caller for it")
    lines = _lines(session)
    known = (*session.said_names(), *(line.text for line in lines))
    if lines and not any(name.split()[0] in said for said in known):
        raise Invalid("the caller has not said this name; ask for it")
    return name


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
    is_said = bool(name) and any(str(name).split()[0] in line.text for line in _lines(session) if str(name).split())
    return (*heard, str(name)) if is_said else heard


def caller(session: Session, appointment: Appointment | None) -> Actor:
    """The caller as the desk knows them, with the name that fits the appointment as the second fact."""
    names = said_names(session, None)
    fitting = [name for name in names if appointment and is_same_person(name, appointment.customer_name)]
    said_name = appointment.customer_name if appointment and fitting else None
    return Actor(Source.CALL, session.call.call_sid, session.call.caller_number, said_name=said_name)


async def check_confirmed(session: Session, appointment_id: int, starts_at: dt.datetime | None) -> Actor:
    """Earlier appointments change only after a yes to a question that named them; who asks is given back.

    `starts_at` is the new time of a move, None for a cancellation. Raises Refused.
    """
    held = await asyncio.to_thread(session.call.bookings.get, session.business_id, appointment_id)
    if held is None:
        raise Refused(*NOT_FOUND)
    if appointment_id not in session.made and not _is_confirmed(session, held, starts_at):
        raise Refused(
            "needs_confirmation", "Name the appointment with day and hour, ask for a yes, then call this again."
        )
    return caller(session, held)


def _is_confirmed(session: Session, held: Appointment, starts_at: dt.datetime | None) -> bool:
    reply = next((e for e in reversed(session.conversation.entries) if isinstance(e, Reply)), None)
    line = session.conversation.last_line
    if reply is None or line is None or "?" not in reply.text:
        return False
    zone = session.call.facts.business.zone
    named = (starts_at or held.starts_at).astimezone(zone)
    is_named = f"{named.hour}:{named.minute:02}" in reply.text
    return is_named and _agrees(line.understanding, None if starts_at is None else named)


def _agrees(u: Understanding, chosen: dt.datetime | None) -> bool:
    if u.answer is Answer.NO:
        return False
    is_choice = chosen is not None and (u.choice is not None or u.time == chosen.time())
    return u.answer is Answer.YES or is_choice


def check_said(session: Session, first: dt.date, last: dt.date, time: dt.time | None = None) -> None:
    """Refuse a day, or the hour of a booking, that the caller has not said and was not offered. Raises Invalid."""
    days, times = _days(session), _times(session)
    is_booking = time is not None and bool(_lines(session))
    if (days or is_booking) and not any(first <= day <= last for day in days):
        raise Invalid(f"{first} is no day that the caller said or was offered; use the date_iso that was heard")
    if time is not None and (times or is_booking) and time not in times:
        raise Invalid(f"{time:%H:%M} is no hour that the caller said or was offered; use the time that was heard")


def _lines(session: Session) -> list[Line]:
    return [entry for entry in session.conversation.entries if isinstance(entry, Line)]


def _days(session: Session) -> set[dt.date]:
    days: set[dt.date] = set()
    for entry in session.conversation.entries:
        if isinstance(entry, Line):
            days |= _said_days(entry.understanding, session.now.date())
        elif isinstance(entry, Step):
            days |= {offer.date for offer in map(offer_of, _told(entry))}
    return days


def _said_days(u: Understanding, today: dt.date) -> set[dt.date]:
    if u.date_from is not None and u.date_to is not None:
        count = min((u.date_to - u.date_from).days, 62)
        return {u.date_from + dt.timedelta(days=i) for i in range(count + 1)}
    said = {day for day in (u.date, u.date_from, u.date_to) if day is not None}
    readings = {dt.date.fromisoformat(text) for text in u.readings if len(text) == 10}
    return said | readings | ({today + dt.timedelta(days=i) for i in range(15)} if u.prefer is not None else set())


def _times(session: Session) -> set[dt.time]:
    times: set[dt.time] = set()
    for entry in session.conversation.entries:
        if isinstance(entry, Line):
            u = entry.understanding
            times |= {time for time in (u.time, u.time_from) if time is not None}
            times |= {dt.time.fromisoformat(text) for text in u.readings if len(text) == 5}
        elif isinstance(entry, Step):
            times |= {offer.time for offer in map(offer_of, _told(entry))}
    return times


def _told(step: Step) -> list[dict[str, Any]]:
    """Slots and appointments that a tool's answer names."""
    result = step.result()
    own = [result] if "date_iso" in result else []
    return [
        *(result.get("slots") or ()),
        *(result.get("alternatives") or ()),
        *(result.get("appointments") or ()),
        *own,
    ]
