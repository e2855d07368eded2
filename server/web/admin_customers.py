"""The customers: found by name or number, with what the owner has noted about them.

Numbers travel in bodies, never in addresses: those stay in histories and logs.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, flash, request
from werkzeug.wrappers import Response

from server.calendar.models import Appointment, Business, Customer, Refusal
from server.calendar.phones import parse_phone
from server.web import admin_words
from server.web.admin_page import business, render
from server.web.parts import parts
from server.web.worker import on_worker

SHOWN = 30
FEW = 5
"""So many customers are shown with their coming appointments."""


@dataclass(frozen=True, slots=True)
class Card:
    customer: Customer
    coming: tuple[Appointment, ...]


def register(admin: Blueprint) -> None:
    admin.add_url_rule("/customers", "customers", customers, methods=["GET", "POST"])


@on_worker
def customers() -> str | Response:
    owner = business()
    if request.form.get("phone"):
        _change(owner, request.form["phone"])
    sought = request.form.get("sought", "")[:80].strip()
    found = parts().customers.search(owner.id, search_text(sought), limit=SHOWN + 1)
    cards = [Card(one, _coming(owner, one) if len(found) <= FEW else ()) for one in found[:SHOWN]]
    return render("customers.html", owner, cards=cards, sought=sought, has_more=len(found) > SHOWN)


def search_text(sought: str) -> str:
    """What to look for: a number, or its beginning or end as people write it, becomes the digits that are stored."""
    if number := parse_phone(sought):
        return number
    digits = "".join(c for c in sought if c.isdecimal())
    is_numberlike = bool(digits) and all(c.isdecimal() or c in "+-() " for c in sought)
    return digits.lstrip("0") or digits if is_numberlike else "".join(c for c in sought if c.isprintable())


def _change(owner: Business, phone: str) -> None:
    """One form, two buttons: the notes, or whether the customer may book by telephone."""
    if parse_phone(phone) != phone:
        abort(400)
    desk, block = parts().customers, request.form.get("block")
    if block in ("yes", "no"):
        result = desk.set_blocked(owner.id, phone, is_blocked=block == "yes")
        done = "הלקוח נחסם, ולא יוכל לקבוע בטלפון." if block == "yes" else "החסימה הוסרה."
    else:
        result = desk.set_notes(owner.id, phone, request.form.get("notes", "").replace("\r\n", "\n"))
        done = "ההערה נשמרה."
    if isinstance(result, Refusal):
        flash(f"לא בוצע: {admin_words.CODES.get(result.code, 'הלקוח לא נמצא')}.", "bad")
    else:
        flash(done, "good")


def _coming(owner: Business, customer: Customer) -> tuple[Appointment, ...]:
    return parts().bookings.upcoming_of(owner.id, customer.phone)
