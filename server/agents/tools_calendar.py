"""The agent's tools for the diary: parse once, call the desk on a worker thread, answer."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Annotated

from agents import FunctionTool
from pydantic import AfterValidator, Field

from server.agents import results
from server.agents.authority import (
    appointment_meant,
    check_confirmed,
    check_said,
    check_slot,
    check_wish,
    contact_phone,
    customer_name,
    own_appointments,
    said_phone,
)
from server.agents.context import Session
from server.agents.safety import Arguments, Invalid, Result, failure, guarded
from server.calendar.models import Appointment, BookingRequest, Found, Refusal, Service, SlotQuery, Source
from server.calls.models import Outcome

LOOK_AHEAD_DAYS = 14

PREFETCH_S = 5.0
"""How long an answer of the desk that was asked ahead may be told."""


def _time(text: str | None) -> str | None:
    if text is not None:
        dt.time.fromisoformat(text.zfill(5))
    return text


def _date(text: str | None) -> str | None:
    if text is not None:
        dt.date.fromisoformat(text)
    return text


Day = Annotated[
    str, AfterValidator(_date), Field(description="A date, YYYY-MM-DD, as given in a 'heard:' line or offered")
]
Hour = Annotated[str, AfterValidator(_time), Field(description="Start, HH:MM in 24 hours")]
MaybeDay = Annotated[str | None, AfterValidator(_date), Field(default=None, description="YYYY-MM-DD or null")]
MaybeHour = Annotated[str | None, AfterValidator(_time), Field(default=None, description="HH:MM or null")]
Number = Annotated[
    int | None, Field(default=None, description="Number of an appointment told of in this call, or null")
]
Staff = Annotated[str | None, Field(default=None, description="Whom the caller asked for, or null for anyone")]


class FindSlots(Arguments):
    service: str
    minutes: int | None = None
    date_iso: MaybeDay
    date_to_iso: MaybeDay
    time_from: MaybeHour
    time_to: Annotated[
        str | None,
        AfterValidator(_time),
        Field(default=None, description="Starts before this; the same as time_from asks for exactly that hour"),
    ]
    staff: Staff


class CreateAppointment(Arguments):
    service: str
    minutes: int
    date_iso: Day
    time: Hour
    customer_name: str = Field(min_length=1, max_length=80)
    customer_phone: str | None = Field(default=None, description="Only a number that the caller said; else null")
    staff: Staff
    notes: str | None = Field(default=None, max_length=500)


class SetContact(Arguments):
    appointment: Number
    name: str | None = Field(default=None, max_length=80)
    phone: str | None = None


class Reschedule(Arguments):
    appointment: Number
    date_iso: Day
    time: Hour
    minutes: int | None = Field(default=None, description="A new length, or null to keep it")
    staff: Staff


class Cancel(Arguments):
    appointment: Number
    reason: str | None = Field(default=None, max_length=300)


class ListMine(Arguments):
    customer_name: str | None = Field(default=None, description="The name under which the caller booked")


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _hour(text: str) -> dt.time:
    return dt.time.fromisoformat(text.zfill(5))


def _service(session: Session, name: str) -> Service:
    service = session.call.facts.service(name)
    if service is None or service.is_hidden:
        names = ", ".join(s.name for s in session.call.facts.services if not s.is_hidden)
        raise Invalid(f"no such service; services are: {names}")
    return service


def _length(service: Service, minutes: int | None) -> int | None:
    lengths = [option.minutes for option in service.lengths]
    if minutes is None or minutes in lengths:
        return minutes
    if len(lengths) == 1:
        return lengths[0]
    raise Invalid(f"no such length; {service.name} has: {', '.join(map(str, lengths))} minutes")


def _instant(session: Session, day: str, hour: str) -> dt.datetime:
    return dt.datetime.combine(_day(day), _hour(hour), session.call.facts.business.zone)


async def find_slots(session: Session, asked: FindSlots) -> Result:
    query = query_of(session, asked)
    assert query.date_from is not None
    assert query.date_to is not None
    check_said(session, query.date_from, query.date_to)
    answer = _asked_ahead(session, query)
    if answer is None:
        answer = await asyncio.to_thread(session.call.bookings.find, session.business_id, query)
    return results.found(session, answer) if isinstance(answer, Found) else results.refusal(session, answer)


def query_of(session: Session, asked: FindSlots) -> SlotQuery:
    """The arguments as the desk's question. Raises Invalid."""
    service = _service(session, asked.service)
    first = _day(asked.date_iso) if asked.date_iso else session.now.date()
    until = first if asked.date_iso else first + dt.timedelta(days=LOOK_AHEAD_DAYS)
    last = _day(asked.date_to_iso) if asked.date_to_iso else until
    if last < first:
        raise Invalid("date_to_iso is before date_iso")
    start = _hour(asked.time_from) if asked.time_from else None
    end = _hour(asked.time_to) if asked.time_to else None
    if start is not None and start == end:
        end = (dt.datetime.combine(first, start) + dt.timedelta(minutes=1)).time()
    return SlotQuery(
        service=service.name,
        minutes=_length(service, asked.minutes),
        date_from=first,
        date_to=last,
        time_from=start,
        time_to=end,
        staff=asked.staff,
        limit=400,
    )


def _asked_ahead(session: Session, query: SlotQuery) -> Found | Refusal | None:
    """What was found while the caller still spoke, if it is this question and fresh; used once."""
    if session.prefetched is None:
        return None
    known, at, answer = session.prefetched
    session.prefetched = None
    is_fresh = asyncio.get_running_loop().time() - at < PREFETCH_S
    return answer if known == query and is_fresh else None


async def create(session: Session, asked: CreateAppointment) -> Result:
    service = _service(session, asked.service)
    minutes = _length(service, asked.minutes)
    assert minutes is not None
    starts_at = _instant(session, asked.date_iso, asked.time)
    check_slot(session, starts_at)
    check_wish(session, service, minutes, asked.staff)
    name = customer_name(session, asked.customer_name)
    call_sid = session.call.call_sid
    request = BookingRequest(
        service=service.name,
        minutes=minutes,
        starts_at=starts_at,
        customer_name=name,
        customer_phone=contact_phone(session, asked.customer_phone),
        staff=asked.staff,
        notes=asked.notes or "",
        source=Source.CALL,
        call_sid=call_sid,
        idempotency_key=f"{call_sid}|create|{service.name}|{minutes}|{starts_at.isoformat()}|{name}",
    )
    answer = await asyncio.to_thread(session.call.bookings.create, session.business_id, request)
    return _told(session, answer, Outcome.BOOKED)


def _told(session: Session, answer: Appointment | Refusal, outcome: Outcome) -> Result:
    if isinstance(answer, Refusal):
        return results.refusal(session, answer)
    session.made.add(answer.id)
    session.achievements.add(outcome)
    if outcome is Outcome.BOOKED:
        session.booked.add(answer.id)
    return {"ok": True, **results.appointment(session, answer)}


async def set_contact(session: Session, asked: SetContact) -> Result:
    appointment_id = await appointment_meant(session, asked.appointment)
    if appointment_id not in session.made:
        return failure("not_yours", "Only an appointment made in this call can be given a name or phone.")
    phone = said_phone(session, asked.phone) if asked.phone else None
    if asked.phone and phone is None:
        return failure("invalid_phone", "That is no phone number. Ask for it once more, digit by digit.")
    name = customer_name(session, asked.name) if asked.name else None
    if phone is None and name is None:
        raise Invalid("give a name or a phone")
    desk = session.call.bookings
    answer = await asyncio.to_thread(
        desk.set_contact, session.business_id, appointment_id, name=name, phone=phone, actor=session.actor
    )
    if isinstance(answer, Refusal):
        return results.refusal(session, answer)
    return {"ok": True, **results.appointment(session, answer)}


async def reschedule(session: Session, asked: Reschedule) -> Result:
    appointment_id = await appointment_meant(session, asked.appointment)
    starts_at = _instant(session, asked.date_iso, asked.time)
    check_slot(session, starts_at)
    actor = await check_confirmed(session, appointment_id, starts_at)
    desk = session.call.bookings
    answer = await asyncio.to_thread(
        desk.reschedule,
        session.business_id,
        appointment_id,
        starts_at,
        minutes=asked.minutes,
        staff=asked.staff,
        actor=actor,
    )
    return _told(session, answer, Outcome.CHANGED)


async def cancel(session: Session, asked: Cancel) -> Result:
    appointment_id = await appointment_meant(session, asked.appointment)
    actor = await check_confirmed(session, appointment_id, None)
    desk = session.call.bookings
    answer = await asyncio.to_thread(
        desk.cancel, session.business_id, appointment_id, reason=asked.reason or "", actor=actor
    )
    if isinstance(answer, Refusal):
        return results.refusal(session, answer)
    session.achievements.add(Outcome.CANCELLED)
    session.booked.discard(answer.id)
    return {"ok": True, **results.appointment(session, answer)}


async def list_mine(session: Session, asked: ListMine) -> Result:
    own = await own_appointments(session, asked.customer_name)
    session.achievements.add(Outcome.ANSWERED)
    told = [results.appointment(session, each) for each in own]
    return {"ok": True, "appointments": told, "number_withheld": session.call.caller_number is None}


def calendar_tools() -> list[FunctionTool]:
    """The six tools of the diary."""
    return [
        guarded(
            "calendar_find_slots",
            "Free start times of a service. Call it before you offer an hour or say that none is free.",
            FindSlots,
            find_slots,
        ),
        guarded(
            "calendar_create_appointment",
            "Book one appointment. Needs service, length, day, hour and the caller's name; a phone is not needed.",
            CreateAppointment,
            create,
            writes=True,
        ),
        guarded(
            "calendar_set_contact",
            "Add a phone number or correct the name of an appointment made in this call.",
            SetContact,
            set_contact,
            writes=True,
        ),
        guarded(
            "calendar_reschedule_appointment",
            "Move an appointment: the one just made in this call, or one from calendar_list_my_appointments.",
            Reschedule,
            reschedule,
            writes=True,
        ),
        guarded(
            "calendar_cancel_appointment",
            "Cancel an appointment: the one just made in this call, or one from calendar_list_my_appointments.",
            Cancel,
            cancel,
            writes=True,
        ),
        guarded(
            "calendar_list_my_appointments",
            "The caller's own coming appointments, by the number they call from and the name they gave.",
            ListMine,
            list_mine,
        ),
    ]
