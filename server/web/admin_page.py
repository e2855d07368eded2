"""What every page of the owner's shares: whose it is, what day it is there, and the frame around it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import abort, render_template, request

from server.calendar.models import Appointment, Business
from server.web.parts import parts


def business() -> Business:
    """Whose pages these are: the first business of the installation, or 503. Blocks."""
    known = parts().bookings.businesses()
    if not known:
        abort(503)
    return known[0]


def appointment_or_404(owner: Business, appointment_id: int) -> Appointment:
    """Blocks."""
    found = parts().bookings.get(owner.id, appointment_id) if appointment_id < 2**31 else None
    if found is None:
        abort(404)
    return found


def today(at: Business) -> dt.date:
    return parts().clock.now().astimezone(at.zone).date()


def is_fragment() -> bool:
    """Whether only the part of the page is wanted that refreshes itself."""
    return "X-Fragment" in request.headers


def render(template: str, shown: Business, **values: Any) -> str:
    """The page of `shown`, in its frame unless a fragment is asked for. Blocks."""
    if not is_fragment() or template == "follow_ups.html":
        waiting = parts().bookings.without_phone(shown.id)
        count = len(waiting) + len(parts().calls.messages(shown.id))
        values |= {"waiting": waiting, "follow_up_count": count}
    values |= {"business": shown, "today": today(shown), "local": lambda at: at.astimezone(shown.zone)}
    return render_template(f"admin/{template}", **values)
