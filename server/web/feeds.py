"""The diary as a calendar that the owner's telephone subscribes to. The address itself is the secret."""

from __future__ import annotations

from flask import Blueprint, Response, abort

from server.calendar import ical
from server.web.parts import parts
from server.web.worker import on_worker

feeds = Blueprint("feeds", __name__, url_prefix="/calendar")


@feeds.get("/<token>.ics")
@on_worker
def feed(token: str) -> Response:
    """iCalendar; calendar programs bring no password, so whoever knows the address may read."""
    found = parts().bookings.feed_by_token(token)
    if found is None:
        abort(404)
    body = ical.feed(found.business, found.appointments, parts().clock.now(), found.staff)
    headers = {"Cache-Control": "private, no-store", "Content-Disposition": 'inline; filename="calendar.ics"'}
    return Response(body, mimetype="text/calendar", headers=headers)
