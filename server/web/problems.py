"""Errors as HTTP answers: problem+json (RFC 9457) for the API, a page in Hebrew for the owner, words for the rest."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, current_app, render_template, request
from pydantic import ValidationError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, ServiceUnavailable

from server.log import get_logger

API_PREFIX = "/api/"
ADMIN_PREFIX = "/admin"
RETRY_AFTER_S = 5

log = get_logger(__name__)

_CODES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
    422: "invalid",
    429: "too_many_requests",
    500: "internal_error",
    503: "unavailable",
}


class Problem(Exception):
    """A request that the API turns down. `code` is stable; `detail` is English for people."""

    def __init__(self, status: int, code: str, detail: str, **more: Any) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.detail = detail
        self.more = more


def problem_response(status: int, code: str, detail: str, more: Mapping[str, Any] | None = None) -> Response:
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        **(more or {}),
    }
    response = Response(current_app.json.dumps(body), status, mimetype="application/problem+json")
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def invalid(error: ValidationError) -> Problem:
    """What is wrong with which field of a request; never what was sent."""
    faults = [
        {"field": ".".join(str(part) for part in fault["loc"]), "message": fault["msg"].removeprefix("Value error, ")}
        for fault in error.errors(include_url=False, include_input=False, include_context=False)
    ]
    named = next((fault for fault in faults if fault["field"]), None)
    detail = f"{named['field']}: {named['message']}" if named else faults[0]["message"]
    return Problem(422, "invalid", detail, errors=faults)


def install(app: Flask) -> None:
    """Answer every error of the app."""
    app.register_error_handler(Problem, lambda p: problem_response(p.status, p.code, p.detail, p.more))
    app.register_error_handler(HTTPException, _answer)
    for kind in (OperationalError, InterfaceError, PoolTimeout):
        app.register_error_handler(kind, _database_away)


def _database_away(error: Exception) -> Response:
    log.error("the database does not answer", error=type(error).__name__)
    return _answer(ServiceUnavailable("the database does not answer; try again", retry_after=RETRY_AFTER_S))


def _answer(error: HTTPException) -> Response:
    status = error.code or 500
    if request.path.startswith(API_PREFIX):
        response = problem_response(status, _CODES.get(status, "error"), error.description or "")
    elif request.path.startswith(ADMIN_PREFIX):
        response = _page(status)
    else:
        response = Response(f"{HTTPStatus(status).phrase}\n", status, mimetype="text/plain")
    for name, value in error.get_headers():
        if name.lower() in ("allow", "location", "retry-after"):
            response.headers[name] = value
    return response


def _page(status: int) -> Response:
    return Response(render_template("admin/error.html", status=status), status, mimetype="text/html")
