"""The owner's pages: the day, the week, the calls, what is still to be done. Hebrew, right to left, behind a login."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, Response, abort, g, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from server.calendar.models import Appointment, Business, Status
from server.calls.models import CallSummary, Outcome
from server.web import (
    admin_actions,
    admin_booking,
    admin_customers,
    admin_feeds,
    admin_login,
    admin_notices,
    admin_phone,
    admin_words,
    who,
)
from server.web.admin_assets import asset_url, grid_css
from server.web.admin_day import lay_out
from server.web.admin_page import appointment_or_404, business, is_fragment, render, today
from server.web.admin_transcript import FILTERS
from server.web.parts import parts
from server.web.security import csrf
from server.web.worker import on_worker

admin = Blueprint(
    "admin",
    __name__,
    url_prefix="/admin",
    template_folder="templates",
    static_folder="static",
    static_url_path="/static",
)
admin_login.register(admin)
admin_actions.register(admin)
admin_booking.register(admin)
admin_customers.register(admin)
admin_feeds.register(admin)
admin_phone.register(admin)
for name, words_of in FILTERS.items():
    admin.add_app_template_filter(words_of, name)

CALLS_PAGE = 25
CALLS_KEPT_DAYS = 366
FARTHEST_DAYS = 3660
_OPEN = frozenset({"admin.log_in", "admin.static", "admin.grid"})
_TOUCHED = frozenset({Outcome.BOOKED, Outcome.CHANGED, Outcome.CANCELLED})


@admin.before_request
@on_worker
def let_in() -> Answer | None:
    """The owner alone. A page that refreshes itself does not keep the session alive."""
    g.owner = None if request.endpoint == "admin.static" else who.owner(parts(), is_active=not is_fragment())
    if request.method == "POST":
        csrf.protect()
    if g.owner is not None or request.endpoint in _OPEN:
        return None
    if is_fragment():
        abort(401)
    return redirect(url_for("admin.log_in", next=request.full_path.rstrip("?") if request.method == "GET" else None))


@admin.after_request
def caching(response: Response) -> Response:
    """Files carry the version in their address, so a browser may keep them; scripts name each other without one."""
    is_imported = request.path.endswith(".js") and "v" not in request.args
    if request.endpoint == "admin.static" and response.status_code == 200 and not is_imported:
        is_versioned = "v" in request.args
        response.headers["Cache-Control"] = f"public, max-age={31_536_000 if is_versioned else 604_800}"
    return response


@admin.app_context_processor
def words() -> dict[str, Any]:
    return {
        "words": admin_words,
        "asset": asset_url,
        "is_fragment": is_fragment(),
        "owner": g.get("owner"),
        "Status": Status,
        "layout": "admin/fragment.html" if is_fragment() else "admin/layout.html",
    }


@admin.get("/grid.css")
def grid() -> Response:
    """Where the rows of a day are. The content policy allows no style in the page itself."""
    return Response(grid_css(), mimetype="text/css", headers={"Cache-Control": "public, max-age=86400"})


@admin.get("/")
@on_worker
def day() -> str:
    owner = business()
    shown, facts = _asked_day(owner), parts().bookings.facts(owner.id)
    view = lay_out(facts, parts().bookings.between(owner.id, shown, shown), shown, parts().clock.now())
    around = {"before": shown - dt.timedelta(days=1), "after": shown + dt.timedelta(days=1)}
    return render("day.html", owner, view=view, calls=_calls_on(owner, shown), **around)


@admin.get("/week")
@on_worker
def week() -> str:
    owner = business()
    shown, facts, now = _asked_day(owner), parts().bookings.facts(owner.id), parts().clock.now()
    sunday = shown - dt.timedelta(days=(shown.weekday() + 1) % 7)
    by_day = _by_day(owner, parts().bookings.between(owner.id, sunday, sunday + dt.timedelta(days=6)))
    days = [lay_out(facts, by_day.get(one, ()), one, now) for one in (sunday + dt.timedelta(days=n) for n in range(7))]
    around = {"before": sunday - dt.timedelta(days=7), "after": sunday + dt.timedelta(days=7)}
    return render("week.html", owner, days=days, **around)


@admin.get("/calls")
@on_worker
def calls() -> str:
    owner, page = business(), _page_number()
    to_at = parts().clock.now() + dt.timedelta(days=1)
    from_at = to_at - dt.timedelta(days=CALLS_KEPT_DAYS)
    found = parts().calls.between(owner.id, from_at, to_at, page=page, page_size=CALLS_PAGE)
    touched_by = {call.call_sid: _appointments_of(owner, call) for call in found.items}
    has_more = page * CALLS_PAGE < found.total_count
    return render("calls.html", owner, found=found, touched_by=touched_by, page=page, has_more=has_more)


@admin.get("/calls/<call_sid>")
@on_worker
def call(call_sid: str) -> str:
    owner, found = business(), parts().calls.get(call_sid)
    if found is None or found.business_id != owner.id:
        abort(404)
    made = parts().bookings.of_call(owner.id, call_sid)
    return render("call.html", owner, call=found, made=made, now=parts().clock.now())


@admin.get("/appointments/<int:appointment_id>")
@on_worker
def appointment(appointment_id: int) -> str:
    owner = business()
    found, now = appointment_or_404(owner, appointment_id), parts().clock.now()
    facts, notices = parts().bookings.facts(owner.id), parts().bookings.outbox.told_of(owner.id, found.id)
    return render(
        "appointment.html",
        owner,
        one=found,
        staff=[member.name for member in facts.staff],
        is_recorded=bool(found.call_sid and parts().calls.get(found.call_sid)),
        has_begun=found.starts_at <= now,
        notices=admin_notices.lines(facts.business, found, notices, now),
        is_told=admin_notices.is_cancelling_told(facts.business, found, notices, now),
    )


@admin.get("/follow-ups")
@on_worker
def follow_ups() -> str:
    owner = business()
    return render("follow_ups.html", owner, messages=parts().calls.messages(owner.id))


@admin.get("/account")
@on_worker
def account() -> str:
    owner, sessions = business(), parts().accounts.sessions(g.owner.id)
    return render("account.html", owner, sessions=sessions, feeds=admin_feeds.addresses(owner))


def _asked_day(owner: Business) -> dt.date:
    text = request.args.get("day")
    if text is None:
        return today(owner)
    try:
        asked = dt.date.fromisoformat(text)
    except ValueError:
        abort(404)
    if abs((asked - today(owner)).days) > FARTHEST_DAYS:
        abort(404)
    return asked


def _page_number() -> int:
    text = request.args.get("page", "1")
    if not (text.isascii() and text.isdigit() and len(text) < 6 and int(text) > 0):
        abort(404)
    return int(text)


def _calls_on(owner: Business, shown: dt.date) -> tuple[CallSummary, ...]:
    midnight = dt.datetime.combine(shown, dt.time(), owner.zone)
    after = dt.datetime.combine(shown + dt.timedelta(days=1), dt.time(), owner.zone)
    return parts().calls.between(owner.id, midnight, after, page_size=100).items


def _by_day(owner: Business, found: tuple[Appointment, ...]) -> dict[dt.date, list[Appointment]]:
    days: dict[dt.date, list[Appointment]] = {}
    for one in found:
        days.setdefault(one.starts_at.astimezone(owner.zone).date(), []).append(one)
    return days


def _appointments_of(owner: Business, call: CallSummary) -> tuple[Appointment, ...]:
    return parts().bookings.of_call(owner.id, call.call_sid) if call.outcome in _TOUCHED else ()
