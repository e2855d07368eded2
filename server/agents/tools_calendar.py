"""The agent's tools for the diary: parse once, call the desk on a worker thread, answer."""

from __future__ import annotations

import asyncio

from agents import FunctionTool

from server.agents import results
from server.agents.authority import (
    appointment_meant,
    check_confirmed,
    check_said,
    check_service,
    check_slot,
    check_wish,
    contact_phone,
    customer_name,
    own_appointments,
    said_phone,
)
from server.agents.calendar_arguments import (
    Cancel,
    CreateAppointment,
    FindSlots,
    ListMine,
    Reschedule,
    SetContact,
    instant_of,
    length_of,
    query_of,
    service_of,
)
from server.agents.consent import check_another, check_cancel, check_move
from server.agents.context import Session
from server.agents.safety import Invalid, Result, failure, guarded
from server.calendar.models import Appointment, BookingRequest, Found, Refusal, SlotQuery, Source
from server.calls.models import Outcome

PREFETCH_S = 5.0
"""How long an answer of the desk that was asked ahead may be told."""


async def find_slots(session: Session, asked: FindSlots) -> Result:
    query = query_of(session, asked)
    assert query.date_from is not None
    assert query.date_to is not None
    check_said(session, query.date_from, query.date_to)
    answer = _asked_ahead(session, query)
    if answer is None:
        answer = await asyncio.to_thread(session.call.bookings.find, session.business_id, query)
    return results.found(session, answer) if isinstance(answer, Found) else results.refusal(session, answer)


def _asked_ahead(session: Session, query: SlotQuery) -> Found | Refusal | None:
    """What was found while the caller still spoke, if it is this question and fresh; used once."""
    if session.prefetched is None:
        return None
    known, at, answer = session.prefetched
    session.prefetched = None
    is_fresh = asyncio.get_running_loop().time() - at < PREFETCH_S
    return answer if known == query and is_fresh else None


async def create(session: Session, asked: CreateAppointment) -> Result:
    service = service_of(session, asked.service)
    minutes = length_of(service, asked.minutes)
    assert minutes is not None
    starts_at = instant_of(session, asked.date_iso, asked.time)
    check_slot(session, starts_at)
    check_wish(session, service, minutes, asked.staff)
    name = customer_name(session, asked.customer_name)
    check_another(session, service, minutes, starts_at, name)
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
    starts_at = instant_of(session, asked.date_iso, asked.time)
    check_slot(session, starts_at)
    service = service_of(session, asked.service) if asked.service else None
    minutes = length_of(service, asked.minutes) if service else asked.minutes
    if service is not None:
        check_service(session, service)
    actor, held = await check_confirmed(session, appointment_id, starts_at, service)
    check_move(session, held, starts_at, minutes)
    desk = session.call.bookings
    answer = await asyncio.to_thread(
        desk.reschedule,
        session.business_id,
        appointment_id,
        starts_at,
        minutes=minutes,
        staff=asked.staff,
        service=service.name if service else None,
        actor=actor,
    )
    return _told(session, answer, Outcome.CHANGED)


async def cancel(session: Session, asked: Cancel) -> Result:
    appointment_id = await appointment_meant(session, asked.appointment)
    actor, held = await check_confirmed(session, appointment_id, None)
    check_cancel(session, held)
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
            "Move an appointment, or put another treatment in its place: the one just made in this call, or one from "
            "calendar_list_my_appointments.",
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
