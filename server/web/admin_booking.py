"""The owner books and moves, by the desk's rules; what is refused comes back with what is free instead."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from server.calendar.models import Actor, Appointment, BookingRequest, BusinessFacts, Refusal, Slot, Source
from server.calendar.phones import parse_phone
from server.web import admin_words
from server.web.admin_page import appointment_or_404, business, render
from server.web.parts import parts
from server.web.worker import on_worker

_OWNER = Actor(Source.ADMIN)
_NOT_A_PHONE = "זה לא נראה כמו מספר טלפון. אפשר לכתוב למשל 052-345-6789."
_NO_TIME = "צריך יום ושעה שיש בלוח."
_NO_SERVICE = "צריך לבחור טיפול."


@dataclass(frozen=True, slots=True)
class Form:
    """What stands in the fields. `what` is "service id:minutes"; `staff` "" for anyone; `key` makes it book once."""

    what: str = ""
    day: str = ""
    time: str = ""
    staff: str = ""
    name: str = ""
    phone: str = ""
    notes: str = ""
    key: str = ""


class Unclear(Exception):
    """A field says nothing that can be booked; the message is for the owner."""


def register(admin: Blueprint) -> None:
    admin.add_url_rule("/appointments/new", "new_appointment", new_appointment, methods=["GET", "POST"])
    admin.add_url_rule("/appointments/<int:appointment_id>/move", "move", move, methods=["POST"])


@on_worker
def new_appointment() -> Response | str | tuple[str, int]:
    facts = parts().bookings.facts(business().id)
    if request.method == "GET":
        return _page(facts, _asked(facts))
    form = _sent()
    try:
        result = parts().bookings.create(facts.business.id, _request(facts, form))
    except Unclear as error:
        return _page(facts, form, str(error)), 422
    if isinstance(result, Refusal):
        return _page(facts, form, _refused(result), result.alternatives), 409
    flash("התור נקבע.", "good")
    return redirect(url_for("admin.appointment", appointment_id=result.id))


@on_worker
def move(appointment_id: int) -> Response:
    """To another time or staff member; what is free instead is told when it cannot be."""
    facts = parts().bookings.facts(business().id)
    appointment_or_404(facts.business, appointment_id)
    back = redirect(url_for("admin.appointment", appointment_id=appointment_id))
    form = _sent()
    try:
        starts_at = _instant(form, facts.business.zone)
    except Unclear as error:
        flash(str(error), "bad")
        return back
    result = parts().bookings.reschedule(
        facts.business.id, appointment_id, starts_at, staff=form.staff or None, actor=_OWNER
    )
    if isinstance(result, Appointment):
        flash("התור הועבר.", "good")
    else:
        free = ", ".join(_slot_words(slot, facts.business.zone) for slot in result.alternatives[:3])
        flash(_refused(result) + (f" פנוי למשל: {free}." if free else ""), "bad")
    return back


def _asked(facts: BusinessFacts) -> Form:
    """An empty form, with day, time and staff of the gap that was clicked."""
    today = parts().clock.now().astimezone(facts.business.zone).date().isoformat()
    given = {name: request.args.get(name, "")[:40] for name in ("time", "staff")}
    return Form(day=request.args.get("day", today)[:10], key=secrets.token_hex(16), **given)


def _sent() -> Form:
    fields = {name: request.form.get(name, "").strip() for name in Form.__slots__}
    form = Form(**fields)
    slot = request.form.get("slot")
    if slot is None:
        return form
    day, _, rest = slot.partition(" ")
    time, _, staff = rest.partition(" ")
    return replace(form, day=day, time=time, staff=staff)


def _request(facts: BusinessFacts, form: Form) -> BookingRequest:
    phone = parse_phone(form.phone) if form.phone else None
    if form.phone and phone is None:
        raise Unclear(_NOT_A_PHONE)
    service, minutes = _service(facts, form.what)
    return BookingRequest(
        service=service,
        minutes=minutes,
        starts_at=_instant(form, facts.business.zone),
        customer_name=form.name,
        customer_phone=phone,
        staff=form.staff or None,
        notes=form.notes.replace("\r\n", "\n"),
        source=Source.ADMIN,
        idempotency_key=f"admin:{form.key[:64]}" if form.key else None,
    )


def _service(facts: BusinessFacts, what: str) -> tuple[str, int]:
    for service in facts.services:
        for length in service.lengths:
            if what == f"{service.id}:{length.minutes}":
                return service.name, length.minutes
    raise Unclear(_NO_SERVICE)


def _instant(form: Form, zone: ZoneInfo) -> dt.datetime:
    try:
        local = dt.datetime.combine(dt.date.fromisoformat(form.day), dt.time.fromisoformat(form.time))
    except ValueError:
        raise Unclear(_NO_TIME) from None
    if local.tzinfo is not None or not 2000 <= local.year < 2200:
        raise Unclear(_NO_TIME)
    instant = local.replace(tzinfo=zone).astimezone(dt.UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != local:  # the hour that summer time leaves out
        raise Unclear(_NO_TIME)
    return instant


def _refused(refusal: Refusal) -> str:
    return f"אי אפשר: {admin_words.CODES.get(refusal.code, refusal.message)}."


def _slot_words(slot: Slot, zone: ZoneInfo) -> str:
    local = slot.starts_at.astimezone(zone)
    return f"{admin_words.day_words(local.date())} {admin_words.time_words(local)} אצל {slot.staff}"


def _page(facts: BusinessFacts, form: Form, trouble: str = "", free: tuple[Slot, ...] = ()) -> str:
    return render("new_appointment.html", facts.business, facts=facts, form=form, trouble=trouble, free=free)
