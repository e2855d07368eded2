"""What the JSON API answers with. The OpenAPI document is made of these too."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from server.calendar.models import Appointment, Found, Refusal, Service, Slot, Status
from server.calls.models import CallPage, CallRow, CallSummary, Outcome, Timings, ToolCall, Turn
from server.web.api_requests import CallsQuery


class ToolCallOut(BaseModel):
    name: str
    arguments: dict[str, Any]
    ok: bool
    code: str | None
    ms: float

    @classmethod
    def of(cls, call: ToolCall) -> ToolCallOut:
        return cls(name=call.name, arguments=call.arguments, ok=call.ok, code=call.code, ms=round(call.ms, 2))


class LatencyOut(BaseModel):
    """Milliseconds; null where nothing was measured."""

    eou_wait: float | None
    turn: float | None
    ai: float | None
    tts_generation: float | None
    tts_send: float | None

    @classmethod
    def of(cls, timings: Timings) -> LatencyOut:
        values = {name: getattr(timings, name) for name in cls.model_fields}
        return cls(**{name: None if value is None else round(value, 1) for name, value in values.items()})


class TurnOut(BaseModel):
    """`agent_heard` is what the caller has heard of `agent`, sentence by sentence."""

    index: int
    caller: str | None
    agent: str | None
    agent_heard: str | None
    tool_calls: list[ToolCallOut]
    latency_ms: LatencyOut

    @classmethod
    def of(cls, index: int, turn: Turn) -> TurnOut:
        return cls(
            index=index,
            caller=turn.caller,
            agent=turn.agent,
            agent_heard=turn.agent_heard,
            tool_calls=[ToolCallOut.of(call) for call in turn.tool_calls],
            latency_ms=LatencyOut.of(turn.timings),
        )


class CallOut(BaseModel):
    """`ended_at` and `outcome` are null while the call goes on."""

    call_sid: str
    business_id: int
    caller_number: str | None
    started_at: dt.datetime
    ended_at: dt.datetime | None
    outcome: Outcome | None
    turns: list[TurnOut]

    @classmethod
    def of(cls, call: CallRow, zone: ZoneInfo) -> CallOut:
        return cls(
            call_sid=call.call_sid,
            business_id=call.business_id,
            caller_number=call.caller_number,
            started_at=call.started_at.astimezone(zone),
            ended_at=call.ended_at and call.ended_at.astimezone(zone),
            outcome=call.outcome,
            turns=[TurnOut.of(index, turn) for index, turn in enumerate(call.turns)],
        )


class CallSummaryOut(BaseModel):
    """`headline` is the first thing that the caller said."""

    call_sid: str
    business_id: int
    caller_number: str | None
    started_at: dt.datetime
    ended_at: dt.datetime | None
    outcome: Outcome | None
    turn_count: int
    headline: str | None

    @classmethod
    def of(cls, call: CallSummary, zone: ZoneInfo) -> CallSummaryOut:
        return cls(
            call_sid=call.call_sid,
            business_id=call.business_id,
            caller_number=call.caller_number,
            started_at=call.started_at.astimezone(zone),
            ended_at=call.ended_at and call.ended_at.astimezone(zone),
            outcome=call.outcome,
            turn_count=call.turn_count,
            headline=call.headline,
        )


class CallsOut(BaseModel):
    """Newest first. `next_page` is null on the last page."""

    items: list[CallSummaryOut]
    page: int
    page_size: int
    total_count: int
    next_page: int | None

    @classmethod
    def of(cls, found: CallPage, query: CallsQuery, zone: ZoneInfo) -> CallsOut:
        has_more = query.page * query.page_size < found.total_count
        return cls(
            items=[CallSummaryOut.of(call, zone) for call in found.items],
            page=query.page,
            page_size=query.page_size,
            total_count=found.total_count,
            next_page=query.page + 1 if has_more else None,
        )


class AppointmentOut(BaseModel):
    id: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    service: str
    staff: str
    customer_name: str
    customer_phone: str | None
    needs_phone: bool
    status: Status
    source: Literal["call", "admin", "api"]
    call_sid: str | None
    notes: str
    price: int | None

    @classmethod
    def of(cls, appointment: Appointment, zone: ZoneInfo) -> AppointmentOut:
        values = {name: getattr(appointment, name) for name in cls.model_fields}
        values["starts_at"] = appointment.starts_at.astimezone(zone)
        values["ends_at"] = appointment.ends_at.astimezone(zone)
        values["source"] = appointment.source.value
        return cls(**values)


class AppointmentsOut(BaseModel):
    items: list[AppointmentOut]


class LengthOut(BaseModel):
    """`price` in whole shekels."""

    minutes: int
    price: int


class ServiceOut(BaseModel):
    id: int
    name: str
    aliases: list[str]
    lengths: list[LengthOut]
    staff: list[str]

    @classmethod
    def of(cls, service: Service, staff_names: dict[int, str]) -> ServiceOut:
        return cls(
            id=service.id,
            name=service.name,
            aliases=list(service.aliases),
            lengths=[LengthOut(minutes=length.minutes, price=length.price) for length in service.lengths],
            staff=[staff_names[staff_id] for staff_id in service.staff_ids if staff_id in staff_names],
        )


class ServicesOut(BaseModel):
    items: list[ServiceOut]


class SlotOut(BaseModel):
    starts_at: dt.datetime
    ends_at: dt.datetime
    staff: str

    @classmethod
    def of(cls, slot: Slot, zone: ZoneInfo) -> SlotOut:
        return cls(starts_at=slot.starts_at.astimezone(zone), ends_at=slot.ends_at.astimezone(zone), staff=slot.staff)


class SlotsOut(BaseModel):
    """When `items` is empty, `reason` says why and `alternatives` are the nearest others."""

    items: list[SlotOut]
    alternatives: list[SlotOut]
    reason: str | None

    @classmethod
    def of(cls, found: Found, zone: ZoneInfo) -> SlotsOut:
        return cls(
            items=[SlotOut.of(slot, zone) for slot in found.slots],
            alternatives=[SlotOut.of(slot, zone) for slot in found.alternatives],
            reason=found.reason,
        )


class FaultOut(BaseModel):
    field: str
    message: str


class ProblemOut(BaseModel):
    """RFC 9457. `code` is stable; `errors` name the fields at fault, `alternatives` what is free instead."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[FaultOut] | None = None
    alternatives: list[SlotOut] | None = None

    @staticmethod
    def alternatives_of(refusal: Refusal, zone: ZoneInfo) -> list[dict[str, Any]]:
        return [SlotOut.of(slot, zone).model_dump(mode="json") for slot in refusal.alternatives]
