"""Takes in what is asked of the desk: every value is cleaned once, here, and refused if it is unfit."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace

from server.calendar.models import BookingRequest, Change, Service
from server.calendar.phones import parse_phone
from server.calendar.words import KEY_LENGTH, Unfit, clean_identifier, clean_name, clean_notes

FIRST_DAY, LAST_DAY = dt.date(1970, 1, 2), dt.date(9000, 1, 1)
"""Days on which one can reckon without falling off either end of the calendar."""


def within_calendars(day: dt.date) -> dt.date:
    return min(max(day, FIRST_DAY), LAST_DAY)


def clean_request(request: BookingRequest) -> BookingRequest:
    """The request in the diary's terms. Raises Unfit."""
    phone = request.customer_phone
    key, call_sid = request.idempotency_key, request.call_sid
    return replace(
        request,
        service=clean_name(request.service, "service"),
        minutes=clean_minutes(request.minutes),
        starts_at=clean_instant(request.starts_at),
        customer_name=clean_name(request.customer_name),
        customer_phone=None if phone is None else clean_phone(phone),
        staff=None if request.staff is None else clean_name(request.staff, "staff"),
        notes=clean_notes(request.notes),
        call_sid=None if call_sid is None else clean_identifier(call_sid, "call"),
        idempotency_key=None if key is None else clean_identifier(key, "idempotency key", KEY_LENGTH),
    )


def clean_change(wish: Change) -> Change:
    """The change in the diary's terms. Raises Unfit."""
    return Change(
        starts_at=None if wish.starts_at is None else clean_instant(wish.starts_at),
        minutes=None if wish.minutes is None else clean_minutes(wish.minutes),
        staff=None if wish.staff is None else clean_name(wish.staff, "staff"),
        status=wish.status,
        customer_name=None if wish.customer_name is None else clean_name(wish.customer_name),
        customer_phone=None if wish.customer_phone is None else clean_phone(wish.customer_phone),
        notes=None if wish.notes is None else clean_notes(wish.notes),
    )


def clean_minutes(minutes: int) -> int:
    """A length up to twelve hours. Raises Unfit."""
    if isinstance(minutes, bool) or not isinstance(minutes, int) or not 1 <= minutes <= 720:
        raise Unfit("minutes must be a whole number from 1 to 720")
    return minutes


def clean_instant(instant: dt.datetime) -> dt.datetime:
    """The same instant in UTC. Raises Unfit for a naive one."""
    if not isinstance(instant, dt.datetime) or instant.tzinfo is None:
        raise Unfit("the start needs a date, a time and a UTC offset")
    if not FIRST_DAY <= instant.date() <= LAST_DAY:
        raise Unfit("the start is outside of all calendars")
    return instant.astimezone(dt.UTC)


def clean_phone(phone: str) -> str:
    """E.164. Raises Unfit."""
    parsed = parse_phone(phone)
    if parsed is None:
        raise Unfit("this is no phone number")
    return parsed


def key_of(request: BookingRequest, service: Service) -> str | None:
    """Under which key the request is remembered: its own, else in a call what makes two requests the same.

    That is call, action, service (by whatever alias it was named), minutes, start and name.
    """
    if request.idempotency_key is not None or request.call_sid is None:
        return request.idempotency_key
    parts = (request.call_sid, "create", service.id, request.minutes, request.starts_at, request.customer_name)
    return hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).hexdigest()
