"""What goes into the JSON API and comes out of it; the OpenAPI document is made of these."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from server.calendar.models import Appointment, Found, Refusal, Service, Slot, SlotQuery, Status
from server.calls.models import CallPage, CallRow, CallSummary, Outcome, Timings, ToolCall, Turn

LONGEST_RANGE_DAYS = 366


def _like(pattern: str, form: str) -> BeforeValidator:
    """Only text of that form: pydantic alone would also take numbers for times."""
    known = re.compile(pattern)

    def check(value: Any) -> Any:
        if value is not None and not (isinstance(value, str) and known.fullmatch(value)):
            raise ValueError(f"must look like {form}")
        return value

    return BeforeValidator(check)


def _in_living_memory(day: dt.date) -> dt.date:
    """Dates at the calendar's ends cannot be turned into instants."""
    if not 2000 <= day.year < 2200:
        raise ValueError("must lie between 2000 and 2199")
    return day


IsoDate = Annotated[dt.date, _like(r"\d{4}-\d\d-\d\d", "2026-11-23"), AfterValidator(_in_living_memory)]
IsoInstant = Annotated[
    AwareDatetime,
    _like(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d.*", "2026-11-23T12:00:00+02:00"),
    AfterValidator(_in_living_memory),
]
Minutes = Annotated[int, Field(ge=1, le=720)]
ServiceName = Annotated[str, Field(min_length=1, max_length=80, description="Name or alias")]
StaffName = Annotated[str, Field(min_length=1, max_length=80)]
CustomerName = Annotated[str, Field(min_length=1, max_length=80)]
Phone = Annotated[str, Field(min_length=1, max_length=40, description="As people write it; kept as E.164")]
Notes = Annotated[str, Field(max_length=1000)]


class Query(BaseModel):
    """`business` is an id; without it, the first business of the installation."""

    model_config = ConfigDict(extra="ignore")
    business: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None


class DayRange(Query):
    """Dates in the business's zone, both included. Absent `from`: today; absent `to`: the same day as `from`."""

    date_from: IsoDate | None = Field(None, alias="from")
    date_to: IsoDate | None = Field(None, alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> DayRange:
        if self.date_from and self.date_to:
            if self.date_to < self.date_from:
                raise ValueError("`to` is before `from`")
            if (self.date_to - self.date_from).days > LONGEST_RANGE_DAYS:
                raise ValueError(f"at most {LONGEST_RANGE_DAYS} days at once")
        return self

    def dates(self, today: dt.date) -> tuple[dt.date, dt.date]:
        first = self.date_from or min(today, self.date_to or today)
        return first, self.date_to or first


class CallsQuery(DayRange):
    page: Annotated[int, Field(ge=1, le=100_000)] = 1
    page_size: Annotated[int, Field(ge=1, le=100)] = 50


class SlotsQuery(DayRange):
    service: ServiceName
    minutes: Minutes | None = None
    staff: StaffName | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 100

    def wanted(self) -> SlotQuery:
        return SlotQuery(
            service=self.service,
            minutes=self.minutes,
            date_from=self.date_from,
            date_to=self.date_to,
            staff=self.staff,
            limit=self.limit,
        )


class Body(BaseModel):
    """A field nobody knows is a mistake, not something to pass over."""

    model_config = ConfigDict(extra="forbid")


class NewAppointment(Body):
    """`minutes` absent: the service's shortest length. `staff` absent: anyone who is free."""

    service: ServiceName
    minutes: Annotated[int, Field(ge=1, le=720, strict=True)] | None = None
    starts_at: IsoInstant
    staff: StaffName | None = None
    customer_name: CustomerName
    customer_phone: Phone | None = None
    notes: Notes = ""


class AppointmentChange(Body):
    """Any of these; what is absent stays."""

    starts_at: IsoInstant | None = None
    minutes: Annotated[int, Field(ge=1, le=720, strict=True)] | None = None
    staff: StaffName | None = None
    status: Status | None = None
    customer_name: CustomerName | None = None
    customer_phone: Phone | None = None
    notes: Notes | None = None

    @model_validator(mode="after")
    def _something(self) -> AppointmentChange:
        if not self.model_fields_set:
            raise ValueError("nothing to change")
        for name in self.model_fields_set:
            if getattr(self, name) is None:
                raise ValueError(f"{name} cannot be null")
        return self


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
