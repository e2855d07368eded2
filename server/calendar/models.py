"""Words of the diary as plain values: who works when, what is offered, what is booked, and why not.

Instants are timezone-aware and in UTC; `date` and `time` values are wall time in the business's zone.
Money is in whole shekels.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

Opening = tuple[dt.time, dt.time]
"""Half-open interval of wall time in which work may be done. An end of 00:00 is midnight at the end of the day."""


class Status(StrEnum):
    BOOKED = "booked"
    CONFIRMED = "confirmed"
    ARRIVED = "arrived"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"


class Source(StrEnum):
    CALL = "call"
    ADMIN = "admin"
    API = "api"


@dataclass(frozen=True, slots=True)
class Length:
    minutes: int
    price: int


@dataclass(frozen=True, slots=True)
class Service:
    """`lengths` shortest first; `staff_ids` are those who may do it."""

    id: int
    name: str
    aliases: tuple[str, ...]
    lengths: tuple[Length, ...]
    staff_ids: tuple[int, ...]
    buffer_before_min: int = 0
    buffer_after_min: int = 0
    colour: str = ""
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class OpenHours:
    """When work may be done: `weekly[0]` is Sunday; a date in `exceptions` overrules its weekday."""

    weekly: tuple[tuple[Opening, ...], ...] = ((),) * 7
    exceptions: Mapping[dt.date, tuple[Opening, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def on(self, day: dt.date) -> tuple[Opening, ...]:
        if day in self.exceptions:
            return self.exceptions[day]
        return self.weekly[(day.weekday() + 1) % 7]


@dataclass(frozen=True, slots=True)
class Staff:
    """Someone (or a room) who does services, `lanes` at the same time.

    `hours` None: the business's own; else the hours in which both work, breaks and exceptions taken in.
    """

    id: int
    name: str
    hours: OpenHours | None = None
    lanes: int = 1


class CholHamoed(StrEnum):
    """What the days between the first and the last day of Pesach and Sukkot are like."""

    OPEN = "open"
    SHORT = "short"  # like an eve
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class HolidayRule:
    """Israeli holidays: closed on public ones, short on their eves and on Fridays, where `is_kept`.

    `eves_close_at` is the latest closing time of a short day; a dated exception of the owner's overrules all of it.
    """

    is_kept: bool = False
    eves_close_at: dt.time | None = None
    chol_hamoed: CholHamoed = CholHamoed.OPEN


@dataclass(frozen=True, slots=True)
class Business:
    id: int
    name: str
    number: str  # dialled, E.164
    zone: ZoneInfo
    address: str = ""
    grid_min: int = 15
    lead_min: int = 60
    horizon_days: int = 90
    cancel_cutoff_min: int = 0
    transfer_number: str | None = None  # E.164 of a human
    sends_confirmations: bool = False
    holidays: HolidayRule = field(default_factory=HolidayRule)


@dataclass(frozen=True, slots=True)
class BusinessFacts:
    """All that a call needs to know of the business; loaded once a call, on a worker thread."""

    business: Business
    services: tuple[Service, ...]
    staff: tuple[Staff, ...]
    hours: OpenHours

    def service(self, name: str) -> Service | None:
        """The service of that name or alias, hidden ones included."""
        wanted = name.strip()
        return next((s for s in self.services if wanted == s.name or wanted in s.aliases), None)


@dataclass(frozen=True, slots=True)
class Slot:
    """A free time: `starts_at`..`ends_at` is what the customer gets, buffers apart."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    staff_id: int
    staff: str


@dataclass(frozen=True, slots=True)
class SlotQuery:
    """What is looked for. Dates included at both ends; `time_from` ≤ start < `time_to` (wall time).

    `ends_by` is the wall time by which the treatment must be over. `days` narrows to weekdays (0 = Sunday).
    """

    service: str
    minutes: int | None = None  # None: the service's only length, else its shortest
    date_from: dt.date | None = None
    date_to: dt.date | None = None
    time_from: dt.time | None = None
    time_to: dt.time | None = None
    ends_by: dt.time | None = None
    days: frozenset[int] | None = None
    excluded_dates: frozenset[dt.date] = frozenset()
    staff: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Found:
    """`slots` fit the query, earliest first. When there are none, `alternatives` are the nearest others and
    `reason` says why ("closed_day", "outside_hours", "fully_booked", "in_the_past", "too_soon", "too_far")."""

    slots: tuple[Slot, ...]
    alternatives: tuple[Slot, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the desk said no: a stable `code`, facts in English (at most 120 characters) and what is free instead."""

    code: str
    message: str
    alternatives: tuple[Slot, ...] = ()


@dataclass(frozen=True, slots=True)
class Appointment:
    id: int
    uid: str
    business_id: int
    service: str
    staff: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    customer_name: str
    customer_phone: str | None  # E.164
    needs_phone: bool
    status: Status
    source: Source
    call_sid: str | None = None
    notes: str = ""
    price: int | None = None
    sequence: int = 0  # rises with every change that a calendar should show
    changed_at: dt.datetime | None = None
    has_notice: bool = False  # a message about it is about to go out; known only of what the desk has just answered

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


@dataclass(frozen=True, slots=True)
class Customer:
    """Someone known by a phone number (E.164); counts are of appointments marked arrived and no_show."""

    id: int
    phone: str
    name: str
    notes: str
    is_blocked: bool
    visit_count: int
    no_show_count: int


@dataclass(frozen=True, slots=True)
class BookingRequest:
    """One appointment asked for. `starts_at` aware; `staff` None for anyone; `idempotency_key` makes a repeat answer
    as the first time while that appointment lives."""

    service: str
    minutes: int
    starts_at: dt.datetime
    customer_name: str
    customer_phone: str | None = None
    staff: str | None = None
    notes: str = ""
    source: Source = Source.CALL
    call_sid: str | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be different about an appointment; what is None stays. All of it happens, or none."""

    starts_at: dt.datetime | None = None
    minutes: int | None = None
    staff: str | None = None
    status: Status | None = None
    customer_name: str | None = None
    customer_phone: str | None = None
    notes: str | None = None

    @property
    def is_move(self) -> bool:
        return any(value is not None for value in (self.starts_at, self.minutes, self.staff))


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks for a change: the caller of a call, the owner, or the API.

    A caller changes appointments of the same call freely. An earlier one needs two things: `phone`, the caller ID as
    the network gave it, equal to the customer's; and a second fact that the caller said aloud, either `said_name`
    (the first name is enough) or `said_date` (the appointment's, in the business's zone).
    """

    kind: Source
    call_sid: str | None = None
    phone: str | None = None  # the caller ID, E.164
    said_name: str | None = None
    said_date: dt.date | None = None
