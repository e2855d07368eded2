"""Appointments as the API books and changes them: parse, ask the desk, answer."""

from __future__ import annotations

import hashlib
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from server.calendar.models import Actor, Appointment, BookingRequest, Business, Change, Refusal
from server.calendar.phones import parse_phone
from server.calendar.words import Unfit, clean_name, clean_notes
from server.web.api_answers import AppointmentOut, ProblemOut
from server.web.api_requests import AppointmentChange, NewAppointment
from server.web.parts import Parts
from server.web.problems import Problem
from server.web.replies import KeyReused, Reply

_NOT_FOUND = frozenset({"unknown_appointment", "not_yours"})


def create(these: Parts, business: Business, body: NewAppointment, actor: Actor, key: str | None) -> dict[str, Any]:
    """Book, and give the appointment as JSON. With a key a repeat is answered as the first request was."""
    if key is None:
        return _book(these, business, body, actor, None)
    full_key, asked = f"{business.id}:{key}", body.model_dump(mode="json")
    try:
        if (first := these.replies.of(full_key, asked)) is not None:
            return _again(first)
    except KeyReused:
        raise Problem(422, "idempotency_key_reused", "this Idempotency-Key came with another request") from None
    try:
        made = _book(these, business, body, actor, full_key)
    except Problem as problem:
        told = {"code": problem.code, "detail": problem.detail, "more": problem.more}
        these.replies.keep(full_key, asked, Reply(problem.status, told), these.clock.now())
        raise
    these.replies.keep(full_key, asked, Reply(HTTPStatus.CREATED, made), these.clock.now())
    return made


def change(
    these: Parts, business: Business, appointment_id: int, body: AppointmentChange, actor: Actor
) -> AppointmentOut:
    """Change what is asked: all of it, or nothing."""
    known(these, business, appointment_id)
    _phone(body.customer_phone)  # a number that is none is a fault of the field
    result = these.bookings.change(business.id, appointment_id, Change(**body.model_dump()), actor=actor)
    return AppointmentOut.of(_done(result, business.zone), business.zone)


def known(these: Parts, business: Business, appointment_id: int) -> Appointment:
    # What a column cannot hold is no appointment's number.
    found = these.bookings.get(business.id, appointment_id) if appointment_id < 2**31 else None
    if found is None:
        raise Problem(404, "not_found", "there is no such appointment")
    return found


def refused(refusal: Refusal, zone: ZoneInfo) -> Problem:
    """What the desk refused, as an answer: it does not exist, makes no sense, or cannot be now."""
    if refusal.code in _NOT_FOUND:
        status = HTTPStatus.NOT_FOUND
    elif refusal.code == "invalid" or refusal.code.startswith("unknown_"):
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    else:
        status = HTTPStatus.CONFLICT
    return Problem(status, refusal.code, refusal.message, alternatives=ProblemOut.alternatives_of(refusal, zone))


def _book(these: Parts, business: Business, body: NewAppointment, actor: Actor, key: str | None) -> dict[str, Any]:
    request = BookingRequest(
        service=body.service,
        minutes=body.minutes or _shortest(these, business, body.service),
        starts_at=body.starts_at,
        customer_name=body.customer_name,
        customer_phone=_phone(body.customer_phone),
        staff=body.staff,
        notes=body.notes or "",
        source=actor.kind,
        idempotency_key=key and f"api:{hashlib.sha256(key.encode()).hexdigest()}",
    )
    made = _done(these.bookings.create(business.id, request), business.zone)
    return AppointmentOut.of(made, business.zone).model_dump(mode="json")


def _shortest(these: Parts, business: Business, name: str) -> int:
    service = these.bookings.facts(business.id).service(name)
    if service is None or not service.lengths:
        raise Problem(422, "unknown_service", "there is no such service")
    return service.lengths[0].minutes


def _check_words(body: AppointmentChange) -> None:
    for field, clean in (("customer_name", clean_name), ("notes", clean_notes)):
        given = getattr(body, field)
        if given is None:
            continue
        try:
            clean(given)
        except Unfit as error:
            fault = {"field": field, "message": str(error)}
            raise Problem(422, "invalid", f"{field}: {error}", errors=[fault]) from None


def _phone(text: str | None) -> str | None:
    if text is None:
        return None
    number = parse_phone(text)
    if number is None:
        fault = {"field": "customer_phone", "message": "is no telephone number"}
        raise Problem(422, "invalid", "customer_phone: is no telephone number", errors=[fault])
    return number


def _done(result: Appointment | Refusal, zone: ZoneInfo) -> Appointment:
    if isinstance(result, Refusal):
        raise refused(result, zone)
    return result


def _again(first: Reply) -> dict[str, Any]:
    if first.status != HTTPStatus.CREATED:
        raise Problem(first.status, first.body["code"], first.body["detail"], **first.body["more"])
    return first.body
