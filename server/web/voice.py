"""Twilio's webhooks: a call comes in, a stream is over, a call's state changed."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac

from flask import Blueprint, Response, abort, request

from server import metrics, runtime
from server.calendar.models import Business
from server.calendar.phones import parse_phone
from server.calls.models import Ending, Outcome, ToolCall
from server.log import get_logger
from server.web import twiml
from server.web.parts import Parts, parts
from server.web.signature import is_genuine

TOKEN_LIFE = dt.timedelta(seconds=60)
ENDING_WAIT_S = 1.0
VOICE_MESSAGE = "הודעה קולית"
_MAX_SID_LENGTH = 64
_MAX_URL_LENGTH = 500

log = get_logger(__name__)
bp = Blueprint("voice", __name__, url_prefix="/twilio")


@bp.before_request
def _only_twilio() -> None:
    if not is_genuine(request, parts().settings):
        abort(403)


@bp.post("/voice")
def voice() -> Response:
    """A call comes in: say which stream takes it. The same call gets the same answer however often it is asked."""
    these = parts()
    call_sid = _call_sid()
    business = runtime.in_worker(these.bookings.business_by_number, request.form.get("To", ""))
    if business is None:
        metrics.webhooks_rejected.labels("unknown_number").inc()
        return _xml(twiml.reject())
    caller = parse_phone(request.form.get("From", ""))  # "anonymous" and its like are no numbers
    if not these.lines.has_room:
        runtime.in_worker(_shed, these, call_sid, business, caller)
        return _xml(twiml.busy())
    token = stream_token(these.stream_secret, call_sid)
    runtime.in_worker(_announce, these, call_sid, business, caller, token)
    webhooks_url = f"{these.settings.base_url}{bp.url_prefix}"
    return _xml(twiml.stream(these.settings.media_url, webhooks_url, token, business.transfer_number))


@bp.post("/after-stream")
def after_stream() -> Response:
    """The stream is over: hang up after a finished call, put through who asked for it, else catch the caller."""
    these = parts()
    ending, business = runtime.in_worker(_ending_of, these, _call_sid())
    number = business.transfer_number if business else None
    if ending is Ending.TRANSFER and number:
        return _xml(twiml.transfer(number))
    if ending is not None:
        return _xml(twiml.hang_up())
    return _xml(twiml.net(number))


@bp.post("/after-dial")
def after_dial() -> Response:
    """Putting through is over: after a talk nothing follows, without an answer a message can be left."""
    has_talked = request.form.get("DialCallStatus") in ("completed", "answered")
    return _xml(twiml.hang_up() if has_talked else twiml.no_answer())


@bp.post("/message")
def message() -> Response:
    """A message was recorded: keep where it is to be heard among the messages of the call."""
    details = {"message": VOICE_MESSAGE, "recording_url": request.form.get("RecordingUrl", "")[:_MAX_URL_LENGTH]}
    record = parts().recorder.open(_call_sid())
    record.tool_called(0, ToolCall("take_message", details, ok=True, code=None, ms=0.0))
    return _xml(twiml.thanks())


@bp.post("/status")
def status() -> tuple[str, int]:
    """A call's state changed: callbacks come in any order, and repeated."""
    these = parts()
    runtime.in_worker(these.calls.status, _call_sid(), request.form.get("CallStatus", ""), these.clock.now())
    return "", 204


@bp.errorhandler(Exception)
def _trouble(error: Exception) -> Response:
    """Whatever failed, the caller hears a sentence and can leave a message."""
    code = getattr(error, "code", None)
    if isinstance(code, int) and code < 500:
        return Response(status=code)
    log.exception("webhook failed", path=request.path)
    metrics.fallbacks.labels("webhook", "error").inc()
    return _xml(twiml.net(None))


def stream_token(secret_key: str, call_sid: str) -> str:
    """128 bits that only this server can make, the same for the same call; the call log makes them work once."""
    return hmac.new(secret_key.encode(), f"stream:{call_sid}".encode(), hashlib.sha256).hexdigest()[:32]


def token_hash(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _announce(these: Parts, call_sid: str, business: Business, caller: str | None, token: str | None) -> bool:
    now = these.clock.now()
    hashed = token_hash(token) if token else None
    return these.calls.announce(call_sid, business.id, caller, hashed, now + TOKEN_LIFE, now)


def _shed(these: Parts, call_sid: str, business: Business, caller: str | None) -> None:
    if _announce(these, call_sid, business, caller, None):
        these.calls.end(call_sid, Outcome.SHED, these.clock.now())
        metrics.calls.labels(Outcome.SHED.value).inc()


def _ending_of(these: Parts, call_sid: str) -> tuple[Ending | None, Business | None]:
    these.recorder.flush(ENDING_WAIT_S)
    row = these.calls.get(call_sid)
    if row is None:
        return None, None
    return row.ending, these.bookings.facts(row.business_id).business


def _call_sid() -> str:
    call_sid = request.form.get("CallSid", "")
    if not 0 < len(call_sid) <= _MAX_SID_LENGTH:
        abort(400)
    return call_sid


def _xml(text: str) -> Response:
    return Response(text, mimetype="text/xml")
