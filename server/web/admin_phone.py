"""The page from which the owner calls the receptionist, without a telephone number."""

from __future__ import annotations

import secrets
import uuid

from flask import Blueprint, Response, g, jsonify, request

from server.calendar.models import BusinessFacts
from server.log import get_logger
from server.media.ports import VoiceFailed
from server.web.admin_page import business, render
from server.web.lines import WEB_SID
from server.web.parts import parts
from server.web.phone import is_own_origin
from server.web.voice import TOKEN_LIFE, token_hash
from server.web.worker import on_worker

LONGEST_LINE = 200

_ELSEWHERE = "השיחה אפשרית רק מהכתובת שהוגדרה לשרת: {}"
_BUSY = "כל הקווים תפוסים כרגע. אפשר לנסות שוב בעוד רגע."
_TOO_MANY = "יותר מדי בבת אחת. אפשר לנסות שוב בעוד דקה."
_NOTHING = "לא נכתב דבר שאפשר לומר."
_NO_VOICE = "הקול עוד לא מוכן. אפשר לנסות שוב בעוד רגע."

log = get_logger(__name__)


def register(admin: Blueprint) -> None:
    admin.add_url_rule("/phone", "phone", phone)
    admin.add_url_rule("/phone/call", "phone_call", phone_call, methods=["POST"])
    admin.add_url_rule("/phone/line", "phone_line", phone_line, methods=["POST"])


@on_worker
def phone() -> str:
    owner = business()
    has_ears = parts().settings.ears[0] != "simulated"
    examples = _examples(parts().bookings.facts(owner.id))
    return render("phone.html", owner, has_ears=has_ears, examples=examples, longest_line=LONGEST_LINE)


def phone_call() -> Response:
    """A call is about to be made: its SID, and the token that lets it in once."""
    these = parts()
    if not is_own_origin(these.settings):
        return _trouble(403, _ELSEWHERE.format(these.settings.base_url))
    if not these.booth.calls.take(g.owner.session_id):
        return _trouble(429, _TOO_MANY)
    if not these.lines.has_room:
        return _trouble(503, _BUSY)
    call_sid, token = f"{WEB_SID}{uuid.uuid4().hex}", secrets.token_urlsafe(24)
    _announce(call_sid, token)
    return jsonify(call_sid=call_sid, token=token)


def phone_line() -> Response:
    """The sound of a typed line, µ-law."""
    text = " ".join(request.form.get("text", "").split())
    if not any(c.isalnum() for c in text) or len(text) > LONGEST_LINE:
        return _trouble(422, _NOTHING)
    if not parts().booth.lines.take(g.owner.session_id):
        return _trouble(429, _TOO_MANY)
    try:
        return Response(parts().booth.say(text), mimetype="audio/basic")
    except VoiceFailed as error:
        log.warning("a typed line could not be spoken", problem=str(error))
        return _trouble(503, _NO_VOICE)


@on_worker
def _announce(call_sid: str, token: str) -> None:
    these, owner = parts(), business()
    now = these.clock.now()
    these.calls.announce(call_sid, owner.id, None, token_hash(token), now + TOKEN_LIFE, now)


def _examples(facts: BusinessFacts) -> list[str]:
    """What one might say, in the words of the business."""
    if not facts.services:
        return ["מתי אתם פתוחים?"]
    first, last = facts.services[0], facts.services[-1]
    return [
        f"תקבעו לי מחר ב-12 {first.name}. דני.",
        f"כמה עולה {last.name}?",
        "מתי אתם פתוחים?",
        "אני רוצה לבטל את התור",
        "זהו, תודה רבה, להתראות",
    ]


def _trouble(status: int, words: str) -> Response:
    response = jsonify(trouble=words)
    response.status_code = status
    return response
