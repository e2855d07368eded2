"""The API's description of itself, made of the very models that parse and answer."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from server.web import api_answers as answers
from server.web import api_requests as asked

_REF = "#/components/schemas/{model}"
_ANSWERS = (
    answers.CallOut,
    answers.CallsOut,
    answers.AppointmentOut,
    answers.AppointmentsOut,
    answers.ServicesOut,
    answers.SlotsOut,
    answers.ProblemOut,
)
_BODIES = (asked.NewAppointment, asked.AppointmentChange)

Json = dict[str, Any]


@cache
def document() -> Json:
    """OpenAPI 3.1."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Receptionist",
            "version": "1",
            "description": "Calls that were answered and appointments that were made, on the telephone's own rules.",
        },
        "security": [{"bearer": []}, {"session": []}],
        "paths": _paths(),
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "description": "ADMIN_API_TOKEN"},
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "owner",
                    "description": "The owner's session; writes also need the header X-CSRFToken",
                },
            },
        },
    }


def _paths() -> Json:
    sid = {"name": "call_sid", "in": "path", "required": True, "schema": {"type": "string"}}
    number = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 0}}
    key = {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "schema": {"type": "string", "minLength": 1, "maxLength": 200},
        "description": "A repeat with the same key is answered as the first request was (48 hours)",
    }
    this = _parameters(asked.Query)
    return {
        "/api/v1/openapi.json": {
            "get": {"summary": "This document", "responses": {"200": {"description": "OpenAPI"}, **_problems(401)}}
        },
        "/api/v1/calls": {
            "get": _get("Calls, newest first", answers.CallsOut, _parameters(asked.CallsQuery), 401, 404, 422)
        },
        "/api/v1/calls/{call_sid}": {
            "get": _get("One call with its turns, also while it goes on", answers.CallOut, [sid, *this], 401, 404, 422)
        },
        "/api/v1/appointments": {
            "get": _get(
                "Appointments of some days", answers.AppointmentsOut, _parameters(asked.DayRange), 401, 404, 422
            ),
            "post": {
                "summary": "Book an appointment",
                "parameters": [key, *this],
                "requestBody": _content(asked.NewAppointment),
                "responses": {"201": _ok(answers.AppointmentOut), **_problems(400, 401, 403, 404, 409, 413, 415, 422)},
            },
        },
        "/api/v1/appointments/{id}": {
            "get": _get("One appointment", answers.AppointmentOut, [number, *this], 401, 404, 422),
            "patch": {
                "summary": "Move, cancel or correct an appointment",
                "parameters": [number, *this],
                "requestBody": _content(asked.AppointmentChange),
                "responses": {"200": _ok(answers.AppointmentOut), **_problems(400, 401, 403, 404, 409, 413, 415, 422)},
            },
        },
        "/api/v1/services": {"get": _get("What is offered", answers.ServicesOut, this, 401, 404, 422)},
        "/api/v1/slots": {
            "get": _get("Free times", answers.SlotsOut, _parameters(asked.SlotsQuery), 401, 404, 409, 422)
        },
    }


def _get(summary: str, answer: type[BaseModel], parameters: list[Json], *statuses: int) -> Json:
    return {"summary": summary, "parameters": parameters, "responses": {"200": _ok(answer), **_problems(*statuses)}}


def _parameters(query: type[BaseModel]) -> list[Json]:
    schema = query.model_json_schema()
    required = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": _without_null(field)}
        for name, field in schema["properties"].items()
    ]


def _without_null(field: Json) -> Json:
    """What may be absent is never null."""
    choices = [choice for choice in field.get("anyOf", []) if choice != {"type": "null"}]
    rest = {name: value for name, value in field.items() if name not in ("anyOf", "default", "title")}
    return {**choices[0], **rest} if choices else {**rest, **{k: field[k] for k in ("default",) if k in field}}


def _ok(answer: type[BaseModel]) -> Json:
    return {"description": "As asked", **_content(answer)}


def _problems(*statuses: int) -> Json:
    schema = {"schema": {"$ref": _REF.format(model=answers.ProblemOut.__name__)}}
    answer = {"description": "Why not; see `code`", "content": {"application/problem+json": schema}}
    return {str(status): answer for status in statuses}


def _content(model: type[BaseModel]) -> Json:
    return {"content": {"application/json": {"schema": {"$ref": _REF.format(model=model.__name__)}}}}


def _schemas() -> Json:
    told = [(model, "serialization") for model in _ANSWERS]
    bodies = [(model, "validation") for model in _BODIES]
    _, found = models_json_schema([*told, *bodies], ref_template=_REF)  # type: ignore[list-item]
    schemas = dict(found["$defs"])
    change = schemas[asked.AppointmentChange.__name__]
    change["minProperties"] = 1
    change["properties"] = {name: _without_null(field) for name, field in change["properties"].items()}
    return schemas
