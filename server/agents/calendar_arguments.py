"""What a model may ask of the diary: the tools' arguments, and the values that their texts stand for."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import AfterValidator, Field

from server.agents.context import Session
from server.agents.safety import Arguments, Invalid
from server.calendar.models import Service, SlotQuery

LOOK_AHEAD_DAYS = 14
"""How far a search without a day looks."""


def _time(text: str | None) -> str | None:
    if text is not None:
        _hour(text)
    return text


def _date(text: str | None) -> str | None:
    if text is not None:
        _day(text)
    return text


Day = Annotated[
    str, AfterValidator(_date), Field(description="A date, YYYY-MM-DD, as given in a 'heard:' line or offered")
]
Hour = Annotated[str, AfterValidator(_time), Field(description="Start, HH:MM in 24 hours")]
MaybeDay = Annotated[str | None, AfterValidator(_date), Field(default=None, description="YYYY-MM-DD or null")]
MaybeHour = Annotated[str | None, AfterValidator(_time), Field(default=None, description="HH:MM or null")]
Number = Annotated[
    int | None, Field(default=None, description="Number of an appointment told of in this call, or null")
]
Staff = Annotated[str | None, Field(default=None, description="Whom the caller asked for, or null for anyone")]


class FindSlots(Arguments):
    service: str
    minutes: int | None = None
    date_iso: MaybeDay
    date_to_iso: MaybeDay
    time_from: MaybeHour
    time_to: Annotated[
        str | None,
        AfterValidator(_time),
        Field(default=None, description="Starts before this; the same as time_from asks for exactly that hour"),
    ]
    staff: Staff


class CreateAppointment(Arguments):
    service: str
    minutes: int
    date_iso: Day
    time: Hour
    customer_name: str = Field(min_length=1, max_length=80)
    customer_phone: str | None = Field(default=None, description="Only a number that the caller said; else null")
    staff: Staff
    notes: str | None = Field(default=None, max_length=500)


class SetContact(Arguments):
    appointment: Number
    name: str | None = Field(default=None, max_length=80)
    phone: str | None = None


class Reschedule(Arguments):
    appointment: Number
    date_iso: Day
    time: Hour
    minutes: int | None = Field(default=None, description="A new length, or null to keep it")
    staff: Staff
    service: str | None = Field(default=None, description="Another treatment in its place, or null to keep it")


class Cancel(Arguments):
    appointment: Number
    reason: str | None = Field(default=None, max_length=300)


class ListMine(Arguments):
    customer_name: str | None = Field(default=None, description="The name under which the caller booked")


def query_of(session: Session, asked: FindSlots) -> SlotQuery:
    """The arguments as the desk's question. Raises Invalid."""
    service = service_of(session, asked.service)
    first = _day(asked.date_iso) if asked.date_iso else session.now.date()
    until = first if asked.date_iso else first + dt.timedelta(days=LOOK_AHEAD_DAYS)
    last = _day(asked.date_to_iso) if asked.date_to_iso else until
    if last < first:
        raise Invalid("date_to_iso is before date_iso")
    start = _hour(asked.time_from) if asked.time_from else None
    end = _hour(asked.time_to) if asked.time_to else None
    if start is not None and start == end:
        end = (dt.datetime.combine(first, start) + dt.timedelta(minutes=1)).time()
    return SlotQuery(
        service=service.name,
        minutes=length_of(service, asked.minutes),
        date_from=first,
        date_to=last,
        time_from=start,
        time_to=end,
        staff=asked.staff,
        limit=400,
    )


def instant_of(session: Session, day: str, hour: str) -> dt.datetime:
    """A start in the business's zone."""
    return dt.datetime.combine(_day(day), _hour(hour), session.call.facts.business.zone)


def service_of(session: Session, name: str) -> Service:
    """A service that callers may book. Raises Invalid."""
    service = session.call.facts.service(name)
    if service is None or service.is_hidden:
        names = ", ".join(s.name for s in session.call.facts.services if not s.is_hidden)
        raise Invalid(f"no such service; services are: {names}")
    return service


def length_of(service: Service, minutes: int | None) -> int | None:
    """A length that the service has, the only one whatever was asked; None stays None. Raises Invalid."""
    lengths = [option.minutes for option in service.lengths]
    if minutes is None or minutes in lengths:
        return minutes
    if len(lengths) == 1:
        return lengths[0]
    raise Invalid(f"no such length; {service.name} has: {', '.join(map(str, lengths))} minutes")


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _hour(text: str) -> dt.time:
    return dt.time.fromisoformat(text.zfill(5))
