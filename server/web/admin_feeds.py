"""Where the owner finds the addresses of the calendar feeds, and takes one back."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, url_for
from werkzeug.wrappers import Response

from server.calendar.models import Business
from server.web.admin_page import business
from server.web.parts import parts
from server.web.worker import on_worker

WHOLE = 0
"""Stands for the whole business where a staff member's number would."""


@dataclass(frozen=True, slots=True)
class Address:
    """`staff_id` is `WHOLE` for the diary of everybody."""

    staff_id: int
    name: str
    url: str


def register(admin: Blueprint) -> None:
    admin.add_url_rule("/account/feeds/<int:staff_id>/renew", "renew_feed", renew_feed, methods=["POST"])


def addresses(owner: Business) -> list[Address]:
    """One for the business and one for each staff member; made when first asked for. Blocks."""
    staff = parts().bookings.facts(owner.id).staff
    feeds = [(WHOLE, owner.name), *((member.id, member.name) for member in staff)]
    return [Address(staff_id, name, _url(owner, staff_id)) for staff_id, name in feeds]


@on_worker
def renew_feed(staff_id: int) -> Response:
    owner = business()
    known = {WHOLE, *(member.id for member in parts().bookings.facts(owner.id).staff)}
    if staff_id not in known:
        abort(404)
    parts().bookings.feeds.renew(owner.id, staff_id or None)
    flash("נוצרה כתובת חדשה. מי שמכיר את הקודמת כבר לא רואה דבר.", "good")
    return redirect(url_for("admin.account"))


def _url(owner: Business, staff_id: int) -> str:
    token = parts().bookings.feeds.token(owner.id, staff_id or None)
    return parts().settings.base_url + url_for("feeds.feed", token=token)
