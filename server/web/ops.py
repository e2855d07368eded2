"""Doors for those who run the server: is it alive, is it ready, what does it measure."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping

from flask import Blueprint, Response, abort, jsonify, redirect, request, url_for
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as Answer

from server.calendar.booking import Bookings
from server.log import get_logger
from server.web import who
from server.web.parts import Check, parts
from server.web.worker import on_worker

ops = Blueprint("ops", __name__)

_FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-Ip", "Via")

log = get_logger(__name__)


@ops.get("/")
def front_door() -> Answer:
    """Who types the bare address is the owner."""
    return redirect(url_for("admin.day"))


@ops.get("/healthz")
def healthz() -> Response:
    """The process answers; nothing else is looked at."""
    return jsonify(status="ok")


@ops.get("/readyz")
@on_worker
def readyz() -> tuple[Response, int]:
    """Whether new calls may come: every check's word, and 503 when one of them is not "ok"."""
    results = run_checks(parts().checks)
    is_ready = all(result == "ok" for result in results.values())
    return jsonify(status="ready" if is_ready else "not ready", checks=results), 200 if is_ready else 503


@ops.get("/metrics")
@on_worker
def metrics() -> Response:
    """Prometheus text; by bearer token, or from this very machine when no token is set."""
    given, token = who.bearer(), parts().settings.admin_api_token
    is_welcome = who.is_token(given or "", token) if token.get_secret_value() else _is_from_this_machine()
    if not is_welcome:
        abort(401)
    return Response(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)


def run_checks(checks: Mapping[str, Check]) -> dict[str, str]:
    """Ask every check. One that raises has failed. Blocks."""
    return {name: _run(name, check) for name, check in checks.items()}


def database_check(bookings: Bookings) -> Check:
    """Ready when the database answers and holds a business to answer for."""

    def check() -> str | None:
        try:
            return None if bookings.businesses() else "no business is set up"
        except SQLAlchemyError as error:
            return f"the database does not answer ({type(error).__name__})"

    return check


def _run(name: str, check: Check) -> str:
    try:
        return check() or "ok"
    except Exception:
        log.exception("readiness check failed", check=name)
        return "the check itself failed"


def _is_from_this_machine() -> bool:
    """A tunnel or proxy on this machine also connects from loopback, but says whom it speaks for."""
    if any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
