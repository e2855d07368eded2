"""The JSON API, for the holder of the token and for the owner's own pages; the same desk as the telephone's."""

from __future__ import annotations

import datetime as dt
from typing import TypeVar

from flask import Blueprint, Response, g, jsonify, request
from flask_wtf.csrf import CSRFError
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from server.calendar.models import Actor, Business, Refusal, Source
from server.web import api_appointments, openapi, who
from server.web.api_answers import (
    AppointmentOut,
    AppointmentsOut,
    CallOut,
    CallsOut,
    ServiceOut,
    ServicesOut,
    SlotsOut,
)
from server.web.api_requests import AppointmentChange, CallsQuery, DayRange, NewAppointment, Query, SlotsQuery
from server.web.parts import Parts, parts
from server.web.problems import Problem, invalid
from server.web.security import csrf
from server.web.worker import on_worker

api = Blueprint("api", __name__, url_prefix="/api/v1")

Q = TypeVar("Q", bound=BaseModel)

LONGEST_KEY = 200


@api.before_request
@on_worker
def let_in() -> None:
    """By bearer token, or by the owner's session; a write by session must prove that it comes from our page."""
    these, given = parts(), who.bearer()
    if given is not None:
        if not who.is_token(given, these.settings.admin_api_token):
            raise Problem(401, "unauthorized", "the bearer token is not valid")
        g.actor = Actor(Source.API)
        return
    if who.owner(these) is None:
        raise Problem(401, "unauthorized", "send a bearer token, or log in")
    g.actor = Actor(Source.ADMIN)
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        try:
            csrf.protect()
        except CSRFError:
            raise Problem(403, "csrf_failed", "a write by session needs the page's X-CSRFToken") from None


@api.get("/openapi.json")
def document() -> Response:
    return jsonify(openapi.document())


@api.get("/calls")
@on_worker
def calls() -> Response:
    query, these = _query(CallsQuery), parts()
    business = business_of(these, query.business)
    from_at, to_at = instants(business, *query.dates(_today(these, business)))
    found = these.calls.between(business.id, from_at, to_at, page=query.page, page_size=query.page_size)
    return _json(CallsOut.of(found, query, business.zone))


@api.get("/calls/<call_sid>")
@on_worker
def call(call_sid: str) -> Response:
    query, these = _query(Query), parts()
    business, found = business_of(these, query.business), these.calls.get(call_sid)
    if found is None or found.business_id != business.id:
        raise Problem(404, "not_found", "there is no such call")
    return _json(CallOut.of(found, business.zone))


@api.get("/appointments")
@on_worker
def appointments() -> Response:
    query, these = _query(DayRange), parts()
    business = business_of(these, query.business)
    found = these.bookings.between(business.id, *query.dates(_today(these, business)))
    return _json(AppointmentsOut(items=[AppointmentOut.of(one, business.zone) for one in found]))


@api.post("/appointments")
@on_worker
def create_appointment() -> tuple[Response, int, dict[str, str]]:
    query, body, key, these = _query(Query), _body(NewAppointment), _idempotency_key(), parts()
    made = api_appointments.create(these, business_of(these, query.business), body, g.actor, key)
    return jsonify(made), 201, {"Location": f"/api/v1/appointments/{made['id']}"}


@api.get("/appointments/<int:appointment_id>")
@on_worker
def appointment(appointment_id: int) -> Response:
    query, these = _query(Query), parts()
    business = business_of(these, query.business)
    return _json(AppointmentOut.of(api_appointments.known(these, business, appointment_id), business.zone))


@api.patch("/appointments/<int:appointment_id>")
@on_worker
def change_appointment(appointment_id: int) -> Response:
    query, body, these = _query(Query), _body(AppointmentChange), parts()
    business = business_of(these, query.business)
    return _json(api_appointments.change(these, business, appointment_id, body, g.actor))


@api.get("/services")
@on_worker
def services() -> Response:
    query, these = _query(Query), parts()
    facts = these.bookings.facts(business_of(these, query.business).id)
    names = {member.id: member.name for member in facts.staff}
    return _json(ServicesOut(items=[ServiceOut.of(service, names) for service in facts.services]))


@api.get("/slots")
@on_worker
def slots() -> Response:
    query, these = _query(SlotsQuery), parts()
    business = business_of(these, query.business)
    found = these.bookings.find(business.id, query.wanted())
    if isinstance(found, Refusal):
        raise api_appointments.refused(found, business.zone)
    return _json(SlotsOut.of(found, business.zone))


def business_of(these: Parts, business_id: int | None) -> Business:
    """The business asked for, or the first. Raises `Problem`."""
    known = these.bookings.businesses()
    found = next((one for one in known if business_id in (None, one.id)), None)
    if found is None:
        raise Problem(404, "not_found", "there is no such business")
    return found


def instants(business: Business, first: dt.date, last: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """From the first moment of `first` to the first moment after `last`, in the business's zone."""
    midnight = dt.time(0, 0)
    after = last + dt.timedelta(days=1)
    return (
        dt.datetime.combine(first, midnight, business.zone).astimezone(dt.UTC),
        dt.datetime.combine(after, midnight, business.zone).astimezone(dt.UTC),
    )


def _today(these: Parts, business: Business) -> dt.date:
    return these.clock.now().astimezone(business.zone).date()


def _json(value: BaseModel) -> Response:
    return jsonify(value.model_dump(mode="json"))


def _query(kind: type[Q]) -> Q:
    try:
        return kind.model_validate(request.args.to_dict())
    except ValidationError as error:
        raise invalid(error) from None


def _body(kind: type[Q]) -> Q:
    try:
        return kind.model_validate(request.get_json())
    except ValidationError as error:
        raise invalid(error) from None
    except UnsupportedMediaType:
        raise Problem(415, "unsupported_media_type", "send application/json") from None
    except BadRequest:
        raise Problem(400, "bad_json", "the body is no JSON") from None


def _idempotency_key() -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is not None and not (0 < len(key) <= LONGEST_KEY and key.isprintable()):
        raise Problem(422, "invalid", f"Idempotency-Key: 1 to {LONGEST_KEY} printable characters")
    return key
