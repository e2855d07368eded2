"""The desk that books: every question and every change is one transaction, and every refusal is a value.

Codes of refusals: unknown_service, unknown_length, unknown_staff, wrong_staff, in_the_past, too_soon, too_far,
closed_day, outside_hours, off_grid, slot_taken, blocked_customer, not_yours, needs_second_fact, too_late,
unknown_appointment, already_cancelled, not_open, wrong_status, not_begun, invalid.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import replace
from itertools import count

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from server import metrics
from server.calendar import changes, search, store, store_notices, store_setup
from server.calendar.desk import Desk, Look, Refused
from server.calendar.feeds import Feed, Feeds
from server.calendar.intake import (
    clean_change,
    clean_instant,
    clean_minutes,
    clean_phone,
    clean_request,
    within_calendars,
)
from server.calendar.models import (
    Actor,
    Appointment,
    BookingRequest,
    Business,
    BusinessFacts,
    Change,
    Found,
    Refusal,
    SlotQuery,
    Status,
)
from server.calendar.outbox import Outbox
from server.calendar.store import Held
from server.calendar.words import Unfit, clean_name, clean_notes
from server.clock import Clock
from server.db.faults import Fault, fault_of, read, transact

REASON_LENGTH = 500


class Bookings:
    """The diary of every business in one database. All methods block: call them on a worker thread.

    Unforeseen database errors leave as SQLAlchemy raises them; everything foreseen is an answer. Without `sends_texts`
    no business sends confirmations, whatever its own switch says.
    """

    def __init__(self, engine: Engine, clock: Clock, *, sends_texts: bool = False) -> None:
        self._engine = engine
        self._clock = clock
        self._sends_texts = sends_texts
        self.feeds = Feeds(engine, clock)
        self.outbox = Outbox(engine, clock)
        # By business: (revision of the settings, local date) and the facts read then.
        self._facts: dict[int, tuple[tuple[int, dt.date], BusinessFacts]] = {}

    def business_by_number(self, number: str) -> Business | None:
        """The business that is called under this number, E.164."""
        return read(self._engine, lambda c: store_setup.business_by_number(c, number))

    def businesses(self) -> tuple[Business, ...]:
        return read(self._engine, store_setup.businesses)

    def facts(self, business_id: int) -> BusinessFacts:
        """Raises LookupError for an unknown business."""
        return read(self._engine, lambda c: self._known_facts(c, business_id))

    def find(self, business_id: int, query: SlotQuery) -> Found | Refusal:
        """Free slots, one per start and staff member, or the nearest alternatives and why there are none.

        Without `date_from` the search begins today; without both dates it goes on, a fortnight at a time, until
        something is free. A window of one grid step (12:00 to 12:15) asks whether that start is free.
        """

        def work(connection: Connection) -> Found | Refusal:
            facts = self._known_facts(connection, business_id)
            return search.find(connection, facts, self._clock.now(), query)

        return read(self._engine, work)

    def create(self, business_id: int, request: BookingRequest) -> Appointment | Refusal:
        """Book. A repeat under the same key answers with the appointment of the first time while that lives.

        Without a key, a request of a call gets one from call, service, minutes, start and name.
        """
        uid = str(uuid.uuid4())
        try:
            clean = clean_request(request)
        except Unfit as error:
            return _counted("create", Refusal("invalid", str(error)))
        actor = Actor(clean.source, clean.call_sid, clean.customer_phone)
        return self._act("create", business_id, actor, lambda desk: desk.create(clean, uid))

    def reschedule(
        self,
        business_id: int,
        appointment_id: int,
        starts_at: dt.datetime,
        *,
        minutes: int | None = None,
        staff: str | None = None,
        service: str | None = None,
        actor: Actor,
    ) -> Appointment | Refusal:
        """Move, or put another service in the place of it; what is not given stays. Without `staff` somebody else may
        take it, unless one was asked for before."""
        try:
            start = clean_instant(starts_at)
            length = None if minutes is None else clean_minutes(minutes)
        except Unfit as error:
            return _counted("reschedule", Refusal("invalid", str(error)))

        def work(desk: Desk) -> Held:
            return changes.move(desk, appointment_id, start, length, staff, service)

        return self._act("reschedule", business_id, actor, work)

    def cancel(self, business_id: int, appointment_id: int, *, reason: str = "", actor: Actor) -> Appointment | Refusal:
        """Give the time back; `reason` goes into the log, its first 500 characters."""
        try:
            why = clean_notes(reason, "reason")[:REASON_LENGTH]
        except Unfit as error:
            return _counted("cancel", Refusal("invalid", str(error)))

        tries = count()

        def work(desk: Desk) -> Held:
            done = desk.just_cancelled(appointment_id) if next(tries) else None
            return done or changes.cancel(desk, appointment_id, why)

        return self._act("cancel", business_id, actor, work)

    def set_contact(
        self,
        business_id: int,
        appointment_id: int,
        *,
        name: str | None = None,
        phone: str | None = None,
        actor: Actor,
    ) -> Appointment | Refusal:
        """Correct the name or add the phone of an appointment; `phone` in any writing `parse_phone` reads."""
        try:
            new_name = None if name is None else clean_name(name)
            new_phone = None if phone is None else clean_phone(phone)
        except Unfit as error:
            return _counted("set_contact", Refusal("invalid", str(error)))
        return self._act(
            "set_contact",
            business_id,
            actor,
            lambda desk: changes.set_contact(desk, appointment_id, new_name, new_phone),
        )

    def set_status(
        self, business_id: int, appointment_id: int, status: Status, *, actor: Actor
    ) -> Appointment | Refusal:
        """Along the life cycle. A caller may confirm only. A cancelled one comes back if its time is still free."""
        if status is Status.CANCELLED:
            return self.cancel(business_id, appointment_id, actor=actor)

        return self._act(
            "set_status", business_id, actor, lambda desk: changes.set_status(desk, appointment_id, status)
        )

    def set_notes(self, business_id: int, appointment_id: int, notes: str, *, actor: Actor) -> Appointment | Refusal:
        try:
            text = clean_notes(notes)
        except Unfit as error:
            return _counted("set_notes", Refusal("invalid", str(error)))
        return self._act("set_notes", business_id, actor, lambda desk: changes.set_notes(desk, appointment_id, text))

    def change(self, business_id: int, appointment_id: int, wish: Change, *, actor: Actor) -> Appointment | Refusal:
        """Several changes of one appointment in one transaction: all of them, or none."""
        try:
            clean = clean_change(wish)
        except Unfit as error:
            return _counted("change", Refusal("invalid", str(error)))
        return self._act("change", business_id, actor, lambda desk: changes.change(desk, appointment_id, clean))

    def get(self, business_id: int, appointment_id: int) -> Appointment | None:
        held = read(self._engine, lambda c: store.one(c, business_id, appointment_id))
        return None if held is None else held.appointment

    def of_call(self, business_id: int, call_sid: str) -> tuple[Appointment, ...]:
        """Live ones made in this call, oldest first."""
        return read(self._engine, lambda c: store.of_call(c, business_id, call_sid))

    def upcoming_of(self, business_id: int, phone: str) -> tuple[Appointment, ...]:
        """Live ones of the customer with this phone (E.164) that have not begun, earliest first."""
        now = self._clock.now()
        return read(self._engine, lambda c: store.upcoming_of(c, business_id, phone, now))

    def without_phone(self, business_id: int) -> tuple[Appointment, ...]:
        """Booked or confirmed ones ahead whose customers cannot be called, earliest first."""
        now = self._clock.now()
        return read(self._engine, lambda c: store.without_phone(c, business_id, now))

    def between(self, business_id: int, date_from: dt.date, date_to: dt.date) -> tuple[Appointment, ...]:
        """All that start on these dates of the business's zone, both included, whatever their status."""

        def work(connection: Connection) -> tuple[Appointment, ...]:
            zone = self._known_facts(connection, business_id).business.zone
            start = dt.datetime.combine(within_calendars(date_from), dt.time(), zone)
            end = dt.datetime.combine(within_calendars(date_to) + dt.timedelta(days=1), dt.time(), zone)
            return store.between(connection, business_id, start, end)

        return read(self._engine, work)

    def feed_by_token(self, token: str) -> Feed | None:
        """What the feed with this secret token shows; None for an unknown one."""
        return self.feeds.by_token(token)

    def _act(self, action: str, business_id: int, actor: Actor, work: Callable[[Desk], Held]) -> Appointment | Refusal:
        """Run a change at the desk; turn what stands against it into a refusal with alternatives."""
        now = self._clock.now()

        def transaction(connection: Connection) -> Appointment:
            facts = self._known_facts(connection, business_id, is_held=True)
            made = work(Desk(connection, facts, now, actor)).appointment
            may_wait = facts.business.sends_confirmations
            return replace(made, has_notice=may_wait and store_notices.is_waiting(connection, made.id))

        try:
            done: Appointment | Refusal = transact(self._engine, transaction)
        except Refused as refused:
            done = self._with_alternatives(business_id, now, refused.refusal, refused.look)
        except DBAPIError as error:
            # Three times in a row somebody else took the time between our look and our write.
            if fault_of(error) is not Fault.OVERLAP:
                raise
            done = Refusal("slot_taken", "this time is taken")
        return _counted(action, done)

    def _with_alternatives(self, business_id: int, now: dt.datetime, refusal: Refusal, look: Look | None) -> Refusal:
        if look is None:
            return refusal

        def work(connection: Connection) -> Refusal:
            facts = self._known_facts(connection, business_id)
            return replace(refusal, alternatives=search.around(connection, facts, now, look))

        return read(self._engine, work)

    def _known_facts(self, connection: Connection, business_id: int, *, is_held: bool = False) -> BusinessFacts:
        """The facts, read again only when the settings' revision or the date has changed."""
        now = self._clock.now()
        current = store_setup.revision(connection, business_id, is_held=is_held)
        if current is None:
            raise LookupError(f"no business {business_id}")
        cached = self._facts.get(business_id)
        if cached is not None and cached[0] == (current, now.astimezone(cached[1].business.zone).date()):
            return cached[1]
        facts = store_setup.facts(connection, business_id, now)
        if not self._sends_texts:
            facts = replace(facts, business=replace(facts.business, sends_confirmations=False))
        self._facts[business_id] = (current, now.astimezone(facts.business.zone).date()), facts
        return facts


def _counted(action: str, done: Appointment | Refusal) -> Appointment | Refusal:
    metrics.bookings.labels(action, done.code if isinstance(done, Refusal) else "ok").inc()
    return done
