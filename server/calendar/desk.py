"""What the desk does inside one transaction: read the diary, choose, write, log. `booking` opens the transactions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from server.calendar import availability, outbox, store, store_setup
from server.calendar.availability import Wish
from server.calendar.busy import BusyTimes
from server.calendar.diary import Diary, Wanted
from server.calendar.hours import DAY_MIN, to_minute
from server.calendar.instants import minute_of
from server.calendar.intake import key_of
from server.calendar.lifecycle import refuse_status
from server.calendar.models import Actor, BookingRequest, BusinessFacts, Refusal, Source, Staff, Status
from server.calendar.notice import Kind
from server.calendar.store import Held

NIGHT_MIN = 16 * 60
"""As far as a treatment of a day can reach into its neighbours: twelve hours and the longest buffer."""


@dataclass(frozen=True, slots=True)
class Look:
    """Where alternatives may be found: for what, and around which wish."""

    wanted: Wanted
    wish: Wish


class Refused(Exception):
    """Ends the transaction with a refusal; `look` asks for alternatives to be looked for afterwards."""

    def __init__(self, refusal: Refusal, look: Look | None = None) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal
        self.look = look


@dataclass(frozen=True, slots=True)
class Desk:
    """One transaction at the desk of one business, at one moment, on behalf of one actor."""

    connection: Connection
    facts: BusinessFacts
    now: dt.datetime
    actor: Actor

    @property
    def business_id(self) -> int:
        return self.facts.business.id

    @property
    def _is_bound(self) -> bool:
        """The owner books at short notice, off the grid and in odd lengths; all others keep to the rules."""
        return self.actor.kind is not Source.ADMIN

    def create(self, request: BookingRequest, uid: str) -> Held:
        """Book what is asked for, or answer as the first time. Raises Refused."""
        wanted = self._wanted(request.service, request.minutes, request.staff)
        key = key_of(request, wanted.service) or uid
        # Queue first, look afterwards: the same request may be in the hands of another process at this moment.
        self._queue(request.starts_at)
        known = store.by_key(self.connection, self.business_id, key)
        if known is not None:
            return known
        phone = request.customer_phone
        customer_id = None if phone is None else self._customer(phone, request.customer_name)
        staff, lane = self._place(wanted, request.starts_at, request.staff)
        values = _times(wanted, request.starts_at, staff, lane) | {
            "uid": uid,
            "business_id": self.business_id,
            "has_staff_wish": request.staff is not None,
            "customer_id": customer_id,
            "customer_name": request.customer_name,
            "status": Status.BOOKED.value,
            "source": request.source.value,
            "call_sid": request.call_sid,
            "notes": request.notes,
            "idempotency_key": key,
            "created_at": self.now,
            "changed_at": self.now,
        }
        return self._logged(store.add(self.connection, values), "created", notice=Kind.BOOKED)

    def move(
        self, held: Held, starts_at: dt.datetime, minutes: int | None, staff: str | None, service: str | None = None
    ) -> Held:
        """Give an appointment another time, length, staff member or service; what is None stays. Raises Refused."""
        made = held.appointment
        length = made.minutes if minutes is None else minutes
        is_same_service = service in (None, made.service)
        if is_same_service and (starts_at, length) == (made.starts_at, made.minutes) and staff in (None, made.staff):
            return held
        if service is None or is_same_service:
            kept = staff or (made.staff if held.has_staff_wish else None)
            wanted = self._still_wanted(held, length, kept)
        else:  # who was asked for another service is asked for no more
            kept = staff
            wanted = self._wanted(service, length, kept)
        self._queue(starts_at)
        values = _times(wanted, starts_at, *self._place(wanted, starts_at, kept, held))
        values["has_staff_wish"] = kept is not None
        if is_same_service and length == made.minutes:
            values["price"] = made.price  # as it was promised
        store.change(self.connection, made.id, self.now, values)
        return self._logged(made.id, "moved", notice=Kind.MOVED)

    def just_cancelled(self, appointment_id: int) -> Held | None:
        """For a second try: the appointment, if the first did cancel it and only its commit was not acknowledged."""
        if not store.is_logged(self.connection, appointment_id, "cancelled", self.now):
            return None
        return store.one(self.connection, self.business_id, appointment_id)

    def cancel(self, held: Held, reason: str) -> Held:
        values = {"status": Status.CANCELLED.value}
        store.change(self.connection, held.appointment.id, self.now, values)
        return self._logged(held.appointment.id, "cancelled", reason, Kind.CANCELLED)

    def set_contact(self, held: Held, name: str | None, phone: str | None) -> Held:
        """Another name, another phone, or both; a customer first known by the old name is renamed too."""
        made = held.appointment
        new_name = name or made.customer_name
        customer_id = held.customer_id
        if phone is not None and phone != made.customer_phone:
            customer_id = self._customer(phone, new_name)
        elif name is not None and customer_id is not None:
            store.rename_customer(self.connection, customer_id, made.customer_name, name)
        if (new_name, customer_id) == (made.customer_name, held.customer_id):
            return held
        notice = Kind.BOOKED if customer_id != held.customer_id else None
        return self.set(held, "contact", {"customer_name": new_name, "customer_id": customer_id}, notice)

    def set_status(self, held: Held, status: Status) -> Held:
        """Raises Refused, and IntegrityError if it comes back to life in a time that is taken by now."""
        refusal = refuse_status(held.appointment, status, self.now, self.facts.business.zone)
        if refusal is not None:
            raise Refused(refusal)
        if held.appointment.status is status:
            return held
        values: dict[str, Any] = {"status": status.value}
        notice = Kind.BOOKED if held.appointment.status is Status.CANCELLED else None
        if held.appointment.status in (Status.CANCELLED, Status.NO_SHOW):
            # Its key may have been used again since; its own uid never is.
            values["idempotency_key"] = held.appointment.uid
        return self.set(held, status.value, values, notice)

    def set(self, held: Held, action: str, values: dict[str, Any], notice: Kind | None = None) -> Held:
        store.change(self.connection, held.appointment.id, self.now, values)
        return self._logged(held.appointment.id, action, notice=notice)

    def _logged(self, appointment_id: int, action: str, reason: str = "", notice: Kind | None = None) -> Held:
        """The appointment as it is now, its change logged, and the customer told where he is to be."""
        held = store.one(self.connection, self.business_id, appointment_id)
        assert held is not None
        store.write_log(self.connection, held, action=action, actor=self.actor, now=self.now, reason=reason)
        if notice is not None and self.facts.business.sends_confirmations:
            outbox.put(self.connection, self.facts.business, held.appointment, notice, self.actor.kind, self.now)
        return held

    def _wanted(self, service: str, minutes: int, staff: str | None) -> Wanted:
        return _resolved(self.facts, service, minutes, staff, is_any_length=not self._is_bound)

    def _still_wanted(self, held: Held, minutes: int, staff: str | None) -> Wanted:
        """What was booked, in this length, though it may be offered no more."""
        made, facts = held.appointment, self.facts
        if all(service.id != held.service_id for service in facts.services):
            old = store_setup.retired_service(self.connection, self.business_id, held.service_id)
            facts = replace(facts, services=(old, *facts.services))
        is_any_length = minutes == made.minutes or not self._is_bound
        return _resolved(facts, made.service, minutes, staff, is_any_length=is_any_length)

    def _queue(self, starts_at: dt.datetime) -> None:
        day = starts_at.astimezone(self.facts.business.zone).date()
        store.queue_for_day(self.connection, self.business_id, day)

    def _customer(self, phone: str, name: str) -> int:
        """The customer with this phone, written down if new. Raises Refused for one whom only the owner may book."""
        customer_id, is_blocked = store.customer(self.connection, self.business_id, phone, name, self.now)
        if is_blocked and self._is_bound:
            raise Refused(Refusal("blocked_customer", "this customer cannot book by phone; offer to take a message"))
        return customer_id

    def _place(
        self, wanted: Wanted, starts_at: dt.datetime, staff: str | None, held: Held | None = None
    ) -> tuple[Staff, int]:
        """The staff member and lane that take this time. Raises Refused, with the wish to look around."""
        day = starts_at.astimezone(self.facts.business.zone).date()
        diary = Diary(self.facts, BusyTimes(), self.now, self._is_bound)
        code = availability.refuse(diary, wanted, starts_at)
        if code is None:
            moved_id = None if held is None else held.appointment.id
            diary = replace(diary, busy=read_busy(self.connection, diary, wanted, day, day, moved_id))
            placed = self._same_staff(diary, wanted, starts_at, held) or availability.place(diary, wanted, starts_at)
            if placed is not None:
                return placed
        refusal = Refusal(code or "slot_taken", _told(self.facts, code))
        raise Refused(refusal, _look(self.facts, wanted, starts_at, staff))

    def _same_staff(
        self, diary: Diary, wanted: Wanted, starts_at: dt.datetime, held: Held | None
    ) -> tuple[Staff, int] | None:
        if held is None:
            return None
        same = tuple(s for s in wanted.staff if s.id == held.staff_id)
        return availability.place(diary, replace(wanted, staff=same), starts_at)


def _resolved(facts: BusinessFacts, service: str, minutes: int, staff: str | None, *, is_any_length: bool) -> Wanted:
    wanted = availability.resolve(facts, service, minutes, staff, is_any_length=is_any_length)
    if isinstance(wanted, Refusal):
        raise Refused(wanted)
    return wanted


def read_busy(
    connection: Connection,
    diary: Diary,
    wanted: Wanted,
    first: dt.date,
    last: dt.date,
    apart_from: int | None = None,
) -> BusyTimes:
    """What the wanted staff have on these days and the nights around them, one appointment left out of account."""
    start = minute_of(dt.datetime.combine(first, dt.time(), diary.zone)) - NIGHT_MIN
    end = minute_of(dt.datetime.combine(last, dt.time(), diary.zone)) + DAY_MIN + NIGHT_MIN
    return BusyTimes(store.busy(connection, [s.id for s in wanted.staff], start, end, apart_from))


def _look(facts: BusinessFacts, wanted: Wanted, starts_at: dt.datetime, staff: str | None) -> Look:
    """Where to look for alternatives to a start: around it, with the same staff member if one was asked for."""
    local = starts_at.astimezone(facts.business.zone)
    staff_id = wanted.staff[0].id if staff is not None and wanted.staff else None
    everybody = replace(wanted, staff=tuple(s for s in facts.staff if s.id in wanted.service.staff_ids))
    return Look(everybody, Wish(local.date(), to_minute(local.time()), staff_id))


def _times(wanted: Wanted, starts_at: dt.datetime, staff: Staff, lane: int) -> dict[str, Any]:
    ends_at = starts_at + dt.timedelta(minutes=wanted.minutes)
    service = wanted.service
    price = next((length.price for length in service.lengths if length.minutes == wanted.minutes), None)
    return {
        "service_id": service.id,
        "staff_id": staff.id,
        "lane": lane,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "busy_from": starts_at - dt.timedelta(minutes=service.buffer_before_min),
        "busy_to": ends_at + dt.timedelta(minutes=service.buffer_after_min),
        "price": price,
    }


def _told(facts: BusinessFacts, code: str | None) -> str:
    business = facts.business
    return {
        None: "this time is taken",
        "in_the_past": "this time is over",
        "too_soon": f"appointments need {business.lead_min} minutes of notice",
        "too_far": f"appointments are made at most {business.horizon_days} days ahead",
        "closed_day": "closed on this day",
        "outside_hours": "the treatment does not fit into the opening hours",
        "off_grid": f"appointments start every {business.grid_min} minutes",
    }[code]
