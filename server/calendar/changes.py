"""Changes of one appointment at the desk, each made only if its actor may make it. All raise Refused."""

from __future__ import annotations

import datetime as dt

from server.calendar import store
from server.calendar.desk import Desk, Refused
from server.calendar.models import Change, Refusal, Source, Status
from server.calendar.permission import NOT_YOURS, refuse_change
from server.calendar.store import Held

UNKNOWN = Refusal("unknown_appointment", "no such appointment")


def move(
    desk: Desk,
    appointment_id: int,
    starts_at: dt.datetime | None,
    minutes: int | None,
    staff: str | None,
    service: str | None = None,
) -> Held:
    """What is None stays."""
    held = _allowed(desk, appointment_id)
    made = held.appointment
    if made.status not in (Status.BOOKED, Status.CONFIRMED):
        raise Refused(Refusal("not_open", f"the appointment is {made.status}"))
    return desk.move(held, starts_at or made.starts_at, minutes, staff, service)


def cancel(desk: Desk, appointment_id: int, reason: str) -> Held:
    return desk.cancel(_allowed(desk, appointment_id), reason)


def set_contact(desk: Desk, appointment_id: int, name: str | None, phone: str | None) -> Held:
    return desk.set_contact(_allowed(desk, appointment_id), name, phone)


def set_status(desk: Desk, appointment_id: int, status: Status) -> Held:
    """A caller may confirm only."""
    is_caller = desk.actor.kind is Source.CALL
    if is_caller and status is not Status.CONFIRMED:
        raise Refused(NOT_YOURS)
    return desk.set_status(_allowed(desk, appointment_id, is_open=is_caller), status)


def set_notes(desk: Desk, appointment_id: int, notes: str) -> Held:
    return desk.set(_allowed(desk, appointment_id, is_open=False), "notes", {"notes": notes})


def change(desk: Desk, appointment_id: int, wish: Change) -> Held:
    """Everything that is wished, a cancellation last."""
    held = _allowed(desk, appointment_id, is_open=False)
    if wish.is_move:
        held = move(desk, appointment_id, wish.starts_at, wish.minutes, wish.staff)
    if wish.status not in (None, Status.CANCELLED):
        held = set_status(desk, appointment_id, wish.status)
    if wish.customer_name is not None or wish.customer_phone is not None:
        held = set_contact(desk, appointment_id, wish.customer_name, wish.customer_phone)
    if wish.notes is not None:
        held = set_notes(desk, appointment_id, wish.notes)
    return cancel(desk, appointment_id, "") if wish.status is Status.CANCELLED else held


def _allowed(desk: Desk, appointment_id: int, *, is_open: bool = True) -> Held:
    """The appointment, held, if this actor may change it."""
    held = store.one(desk.connection, desk.business_id, appointment_id, is_held=True)
    if held is None:
        raise Refused(NOT_YOURS if desk.actor.kind is Source.CALL else UNKNOWN)
    refusal = refuse_change(desk.facts.business, held.appointment, desk.actor, desk.now)
    if refusal is not None:
        raise Refused(refusal)
    if is_open and held.appointment.status is Status.CANCELLED:
        raise Refused(Refusal("already_cancelled", "the appointment has been cancelled"))
    return held
