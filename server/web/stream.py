"""The media stream's WebSocket: lets one call in, keeps out what Twilio would not send, and only receives.

The browser telephone comes in by a door of its own (`web/phone`) and speaks the same messages.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, request
from flask_sock import Sock
from simple_websocket import ConnectionClosed
from wsproto.events import RejectConnection
from wsproto.utilities import RemoteProtocolError

from server import metrics, runtime
from server.calls.models import Ending
from server.clock import Clock
from server.log import get_logger
from server.media import messages
from server.media.audio import duration_ms
from server.media.call import Call
from server.media.messages import BadMessage, Composer, Digit, MarkPlayed, Media, SimulatedSpeech, Start, Stop
from server.media.sender import LineClosed
from server.web.lines import WEB_SID, Connect
from server.web.parts import Parts, parts
from server.web.signature import is_genuine
from server.web.voice import token_hash

START_WAIT_S = 5.0
QUIET_LINE_S = 15.0
BAD_MESSAGE_LIMIT = 20
FLOOD_AHEAD_MS = 2500
"""Sound that may be ahead of the clock: 1.5 times real time for five seconds."""

CATCH_UP_MS = 5000
"""What a line that stalled may send at once afterwards."""

NORMAL = 1000
GOING_AWAY = 1001
POLICY_VIOLATION = 1008
INTERNAL_ERROR = 1011

log = get_logger(__name__)
bp = Blueprint("stream", __name__)
sock = Sock()


@bp.before_request
def _only_twilio() -> None:
    if not is_genuine(request, parts().settings):
        abort(403)


@sock.route("/twilio/media", bp=bp)  # type: ignore[untyped-decorator]
def media(ws: Any) -> None:
    serve(ws, parts(), Door(parts().connect, _is_not_twilios))


@bp.errorhandler(RemoteProtocolError)
def refuse_upgrade(error: RemoteProtocolError) -> Response:
    """A request that asks for no WebSocket or for another version of it, answered as RFC 6455 §4.2.2 and §4.4 say."""
    hint = error.event_hint if isinstance(error.event_hint, RejectConnection) else RejectConnection()
    return Response(status=hint.status_code, headers=[(name.decode(), value.decode()) for name, value in hint.headers])


def serve(ws: Any, these: Parts, door: Door) -> None:
    """Hold the call that comes in by `door`, until it is over."""
    Stream(ws, these, door).serve()


def _is_not_twilios(start: Start) -> str | None:
    account_sid = parts().settings.twilio_account_sid
    if account_sid and start.account_sid != account_sid:
        return "account"
    return "token" if start.call_sid.startswith(WEB_SID) else None


@dataclass(frozen=True, slots=True)
class Door:
    """What differs between the ways in. `refuses` says in a word why a start is none of this door's, or None."""

    connect: Connect
    refuses: Callable[[Start], str | None]


class Rejected(Exception):
    """The peer is turned away; `reason` is a short English word for counters."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Stream:
    """One WebSocket from upgrade to close. Runs on its own greenlet."""

    def __init__(self, ws: Any, these: Parts, door: Door) -> None:
        self._ws = ws
        self._parts = these
        self._door = door
        self._bad_count = 0
        self._flood = FloodGate(these.clock)

    def serve(self) -> None:
        """Wait for `start`, connect the call, hand on what comes in; whatever goes wrong ends this stream alone."""
        code = NORMAL
        try:
            self._hold_call(self._await_start())
        except Rejected as error:
            metrics.webhooks_rejected.labels(error.reason).inc()
            log.warning("media stream turned away", reason=error.reason)
            code = POLICY_VIOLATION
        except ConnectionClosed:
            log.info("media stream is over")
        except Exception:  # the stream's door: whatever failed, Twilio goes on to the net below the stream
            log.exception("media stream failed")
            metrics.fallbacks.labels("stream", "error").inc()
            code = INTERNAL_ERROR
        self._close(code)

    def _hold_call(self, start: Start) -> None:
        if not self._parts.lines.take(self._go_away):
            raise Rejected("busy")
        try:
            call = self._connect(start)
            call.begin()
            try:
                self._receive(call)
            finally:
                call.hung_up()
        finally:
            self._parts.lines.release(self._go_away)

    # ---------------------------------------------------------------------- start

    def _await_start(self) -> Start:
        until = self._parts.clock.monotonic() + START_WAIT_S
        while (left_s := until - self._parts.clock.monotonic()) > 0:
            message = self._next(left_s)
            if isinstance(message, Start):
                return message
        raise Rejected("no_start")

    def _connect(self, start: Start) -> Call:
        if reason := self._door.refuses(start):
            raise Rejected(reason)
        if not start.is_telephone_audio:
            metrics.bad_frames.labels("encoding").inc()
            raise Rejected("encoding")
        token = start.parameters.get("token", "")
        claimed = runtime.in_worker(self._parts.calls.claim, start.call_sid, token_hash(token), self._parts.clock.now())
        if claimed is None:
            raise Rejected("token")
        composer = Composer(start.stream_sid)
        return self._door.connect(claimed, start.call_sid, composer, self._send, self._on_end)

    # -------------------------------------------------------------------- receive

    def _receive(self, call: Call) -> None:
        while True:
            match self._next(QUIET_LINE_S):
                case Media(audio):
                    if self._flood.is_too_much(audio):
                        raise Rejected("flood")
                    call.audio(audio)
                case MarkPlayed(name):
                    call.mark(name)
                case Digit(digit):
                    call.key(digit)
                case SimulatedSpeech(text):
                    if not call.says(text):
                        self._bad("simulated_speech")
                case Start():
                    self._bad("second_start")
                case Stop():
                    return
                case None:
                    log.warning("media stream fell silent")
                    return
                case _:
                    pass

    def _next(self, timeout_s: float) -> messages.Message | None:
        """The next good message; None after `timeout_s` without any. Bad ones are counted, up to a limit."""
        while (raw := self._ws.receive(timeout=timeout_s)) is not None:
            try:
                return messages.parse(raw)
            except BadMessage as error:
                self._bad(error.kind)
        return None

    def _bad(self, kind: str) -> None:
        metrics.bad_frames.labels(kind).inc()
        self._bad_count += 1
        if self._bad_count > BAD_MESSAGE_LIMIT:
            raise Rejected("bad_messages")

    # ----------------------------------------------------------------------- send

    def _send(self, text: str) -> None:
        try:
            self._ws.send(text)
        except (ConnectionClosed, OSError):
            raise LineClosed from None

    def _on_end(self, ending: Ending) -> None:
        if ending is not Ending.STOPPED:
            runtime.spawn(self._close, NORMAL)

    def _go_away(self) -> None:
        runtime.spawn(self._close, GOING_AWAY)

    def _close(self, code: int) -> None:
        """Close politely and wake the reader; harmless on a line that is gone."""
        self._ws.sock.say_goodbye()
        try:
            self._ws.close(code)
        except (ConnectionClosed, OSError):
            return
        finally:
            self._ws.event.set()


class FloodGate:
    """Notices a peer that sends sound faster than it can have been spoken."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began_at: float | None = None
        self._received_ms = 0.0

    def is_too_much(self, audio: bytes) -> bool:
        now = self._clock.monotonic()
        if self._began_at is None:
            self._began_at = now
        self._received_ms += duration_ms(audio)
        ahead_ms = self._received_ms - (now - self._began_at) * 1000
        if ahead_ms < -CATCH_UP_MS:
            self._began_at, self._received_ms = now - CATCH_UP_MS / 1000, 0.0
        return ahead_ms > FLOOD_AHEAD_MS
