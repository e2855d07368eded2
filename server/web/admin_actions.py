"""What the owner does on the pages, through the same desk as the telephone."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from server.calendar.models import Actor, Appointment, Refusal, Source, Status
from server.calendar.phones import parse_phone
from server.log import get_logger
from server.web import admin_words
from server.web.admin_page import appointment_or_404, business
from server.web.parts import parts
from server.web.worker import on_worker

_OWNER = Actor(Source.ADMIN)
_DONE = {
    Status.BOOKED: "התור חזר ליומן.",
    Status.CONFIRMED: "התור אושר.",
    Status.ARRIVED: "סומן שהגיעו.",
    Status.NO_SHOW: "סומן שלא הגיעו.",
}

log = get_logger(__name__)


def register(admin: Blueprint) -> None:
    rules = (("status", set_status), ("cancel", cancel), ("contact", set_contact), ("notes", set_notes))
    for name, view in rules:
        rule = f"/appointments/<int:appointment_id>/{name}"
        admin.add_url_rule(rule, view.__name__, view, methods=["POST"])
    admin.add_url_rule("/messages/<int:message_id>/handled", "handled", handled, methods=["POST"])


@on_worker
def set_status(appointment_id: int) -> Response:
    shop = business()
    appointment_or_404(shop, appointment_id)
    wanted = request.form.get("status")
    status = next((one for one in _DONE if one.value == wanted), None)
    if status is None:
        abort(400)
    result = parts().bookings.set_status(shop.id, appointment_id, status, actor=_OWNER)
    return _told(appointment_id, result, _DONE[status])


@on_worker
def cancel(appointment_id: int) -> Response:
    shop = business()
    appointment_or_404(shop, appointment_id)
    reason = request.form.get("reason", "")[:200]
    result = parts().bookings.cancel(shop.id, appointment_id, reason=reason, actor=_OWNER)
    return _told(appointment_id, result, "התור בוטל.")


@on_worker
def set_contact(appointment_id: int) -> Response:
    """Name and phone; what is left empty stays as it is."""
    shop = business()
    appointment_or_404(shop, appointment_id)
    name, written = request.form.get("name", "").strip(), request.form.get("phone", "").strip()
    phone = parse_phone(written) if written else None
    if written and phone is None:
        flash("זה לא נראה כמו מספר טלפון. אפשר לכתוב למשל 052-345-6789.", "bad")
        return _back(appointment_id)
    if not (name or phone):
        flash("לא נכתב שם ולא מספר.", "bad")
        return _back(appointment_id)
    result = parts().bookings.set_contact(shop.id, appointment_id, name=name or None, phone=phone, actor=_OWNER)
    return _told(appointment_id, result, "הפרטים נשמרו.")


@on_worker
def set_notes(appointment_id: int) -> Response:
    shop = business()
    appointment_or_404(shop, appointment_id)
    notes = request.form.get("notes", "").replace("\r\n", "\n")
    result = parts().bookings.set_notes(shop.id, appointment_id, notes, actor=_OWNER)
    return _told(appointment_id, result, "ההערה נשמרה.")


@on_worker
def handled(message_id: int) -> Response:
    is_open = message_id < 2**31 and parts().calls.mark_handled(business().id, message_id, parts().clock.now())
    if is_open:
        flash("ההודעה סומנה כמטופלת.", "good")
    return redirect(url_for("admin.follow_ups"))


def _told(appointment_id: int, result: Appointment | Refusal, done: str) -> Response:
    if isinstance(result, Refusal):
        flash(f"לא בוצע: {admin_words.CODES.get(result.code, result.message)}.", "bad")
    else:
        flash(done, "good")
        log.info("owner changed an appointment", appointment_id=appointment_id, owner_id=g.owner.id)
    return _back(appointment_id)


def _back(appointment_id: int) -> Response:
    """To the page that the form stood on: the appointment's, or the follow-ups."""
    if request.form.get("back") == "follow_ups":
        return redirect(url_for("admin.follow_ups"))
    return redirect(url_for("admin.appointment", appointment_id=appointment_id))
