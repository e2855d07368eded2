"""Random lives of a diary: whatever is done in whatever order, nobody is booked twice and nothing is forgotten."""

import datetime as dt
import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine, select

from server.calendar.booking import Bookings
from server.calendar.closures import close_days, reopen_days
from server.calendar.description import Days, Description, read_description
from server.calendar.models import Actor, Appointment, BookingRequest, Found, Refusal, SlotQuery, Source, Staff, Status
from server.calendar.store_describe import write_business
from server.db.engine import writing
from server.db.tables import calendar as t
from tests.desk import OWNER, SUNDAY, Noon

SALON = """\
name: מספרה
number: 03-5550101
lead_min: 0
horizon_days: 30
hours: {sunday: [09:00-12:00, 13:00-16:00], monday: 10:00-14:00}
staff:
  - {name: אבי, breaks: {sunday: 10:30-11:00}}
  - {name: דנה, lanes: 2}
services:
  - {name: תספורת, lengths: {30: 80, 60: 120}, buffer_before_min: 5, buffer_after_min: 10}
  - {name: צבע, lengths: {90: 300}, staff: [דנה]}
"""
LENGTHS = {"תספורת": (30, 60), "צבע": (90,)}
LONG, SHORT = Days(sunday="09:00-17:00", monday="09:00-17:00"), Days(sunday="12:00-14:00")  # type: ignore[arg-type]
DAYS = st.sampled_from([SUNDAY + dt.timedelta(days=n) for n in (7, 8, 9)])
STARTS = st.builds(dt.time, st.integers(8, 16), st.sampled_from([0, 15, 30, 45]))
STAFF = st.sampled_from([None, None, "אבי", "דנה"])
NAMES = st.sampled_from(["רות", "נעמי", "מיכל"])
_numbers = itertools.count(5550200)


class DiaryMachine(RuleBasedStateMachine):
    """Each run lives in a business of its own, so that the database need not be emptied."""

    booked = Bundle("booked")

    def __init__(self, engine: Engine, described: Description) -> None:
        super().__init__()
        self.engine = engine
        self.described = described.model_copy(update={"number": f"+9723{next(_numbers)}"})
        self.business_id = self.rewrite(self.described)
        self.bookings = Bookings(engine, Noon())
        self.offers = itertools.count()
        self.business = self.bookings.facts(self.business_id).business

    def rewrite(self, described: Description) -> int:
        with writing(self.engine).begin() as connection:
            return write_business(connection, described)

    @rule(
        target=booked,
        day=DAYS,
        start=STARTS,
        service=st.sampled_from(["תספורת", "צבע"]),
        which=st.integers(0, 1),
        staff=STAFF,
        name=NAMES,
        call=st.sampled_from(["CA1", "CA2"]),
    )
    def book(
        self, day: dt.date, start: dt.time, service: str, which: int, staff: str | None, name: str, call: str
    ) -> object:
        minutes = LENGTHS[service][which % len(LENGTHS[service])]
        at = dt.datetime.combine(day, start, self.business.zone)
        request = BookingRequest(service, minutes, at, name, staff=staff, call_sid=call)
        before = {row.id for row in self.rows()}
        done = self.bookings.create(self.business_id, request)
        if isinstance(done, Refusal):
            self.check_refusal(done, request)
            return multiple()
        if done.id in before:
            return multiple()
        self.check_inside_hours(done)
        return done.id, request

    @rule(made=booked)
    def repeat(self, made: tuple[int, BookingRequest]) -> None:
        appointment_id, request = made
        now = self.bookings.get(self.business_id, appointment_id)
        assert now is not None
        has_come_back = any(row.id == now.id and row.idempotency_key == row.uid for row in self.rows())
        if now.status in (Status.BOOKED, Status.CONFIRMED, Status.ARRIVED) and not has_come_back:
            assert self.bookings.create(self.business_id, request) == now

    @rule(made=booked, day=DAYS, start=STARTS)
    def move(self, made: tuple[int, BookingRequest], day: dt.date, start: dt.time) -> None:
        appointment_id, request = made
        before = self.bookings.get(self.business_id, appointment_id)
        at = dt.datetime.combine(day, start, self.business.zone)
        actor = Actor(Source.CALL, request.call_sid)
        done = self.bookings.reschedule(self.business_id, appointment_id, at, actor=actor)
        if isinstance(done, Refusal):
            assert self.bookings.get(self.business_id, appointment_id) == before
        else:
            assert done.starts_at == at
            if done != before:
                self.check_inside_hours(done)

    @rule(made=consumes(booked))
    def cancel(self, made: tuple[int, BookingRequest]) -> None:
        appointment_id, request = made
        before = self.bookings.get(self.business_id, appointment_id)
        assert before is not None
        done = self.bookings.cancel(self.business_id, appointment_id, actor=Actor(Source.CALL, request.call_sid))
        if before.status is Status.CANCELLED:
            assert isinstance(done, Refusal)
            return
        assert isinstance(done, Appointment)
        # One who did not come has given his time back already, perhaps to somebody else.
        if before.status in t.LIVE and self.is_open(before):
            assert self.is_offered(before)

    @rule(made=booked, status=st.sampled_from(list(Status)))
    def set_status(self, made: tuple[int, BookingRequest], status: Status) -> None:
        done = self.bookings.set_status(self.business_id, made[0], status, actor=OWNER)
        assert isinstance(done, Appointment) or done.code in (
            "slot_taken",
            "already_cancelled",
            "wrong_status",
            "not_begun",
        )

    @rule(day=DAYS)
    def close_day(self, day: dt.date) -> None:
        close_days(self.engine, self.business, day)

    @rule(day=DAYS)
    def reopen_day(self, day: dt.date) -> None:
        reopen_days(self.engine, self.business, day)

    @rule(hours=st.sampled_from([LONG, SHORT, None]))
    def change_hours(self, hours: Days | None) -> None:
        self.rewrite(self.described.model_copy(update={"hours": hours or self.described.hours}))

    @rule(target=booked, service=st.sampled_from(["תספורת", "צבע"]), last=st.booleans())
    def take_what_is_offered(self, service: str, last: bool) -> object:
        first, end = SUNDAY + dt.timedelta(days=7), SUNDAY + dt.timedelta(days=9)
        found = self.bookings.find(self.business_id, SlotQuery(service, None, first, end, limit=1000))
        assert isinstance(found, Found)
        offered = found.slots or found.alternatives
        if not offered:
            return multiple()
        slot = offered[-1 if last else 0]
        minutes = LENGTHS[service][0]
        key = f"offer {next(self.offers)}"
        request = BookingRequest(
            service, minutes, slot.starts_at, "שרה", staff=slot.staff, call_sid="CA3", idempotency_key=key
        )
        done = self.bookings.create(self.business_id, request)
        assert isinstance(done, Appointment), done
        assert (done.starts_at, done.ends_at, done.staff) == (slot.starts_at, slot.ends_at, slot.staff)
        return done.id, request

    @invariant()
    def nobody_is_booked_twice(self) -> None:
        live = [row for row in self.rows() if row.status in t.LIVE]
        for one, other in itertools.combinations(live, 2):
            if (one.staff_id, one.lane) == (other.staff_id, other.lane):
                assert one.busy_to <= other.busy_from or other.busy_to <= one.busy_from
        lanes = {staff.id: staff.lanes for staff in self.bookings.facts(self.business_id).staff}
        assert all(0 <= row.lane < lanes[row.staff_id] for row in live)

    @invariant()
    def buffers_are_kept(self) -> None:
        buffers = {"תספורת": (5, 10), "צבע": (0, 0)}
        services = {s.id: s.name for s in self.bookings.facts(self.business_id).services}
        for row in self.rows():
            before, after = buffers[services[row.service_id]]
            assert row.starts_at - row.busy_from == dt.timedelta(minutes=before)
            assert row.busy_to - row.ends_at == dt.timedelta(minutes=after)

    @invariant()
    def the_log_ends_as_the_diary_stands(self) -> None:
        logged = {}
        with self.engine.connect() as connection:
            query = select(t.appointment_log).where(t.appointment_log.c.business_id == self.business_id)
            for row in connection.execute(query.order_by(t.appointment_log.c.id)):
                logged[row.appointment_id] = (row.status, row.staff_id, row.lane, row.starts_at, row.ends_at)
        stand = {row.id: (row.status, row.staff_id, row.lane, row.starts_at, row.ends_at) for row in self.rows()}
        assert logged == stand

    @invariant()
    def a_living_key_is_used_once(self) -> None:
        keys = [row.idempotency_key for row in self.rows() if row.status in t.LIVE]
        assert len(keys) == len(set(keys))

    def rows(self) -> list:  # type: ignore[type-arg]
        with self.engine.connect() as connection:
            query = select(t.appointments).where(t.appointments.c.business_id == self.business_id)
            return list(connection.execute(query))

    def staff(self, service: str) -> list[Staff]:
        facts = self.bookings.facts(self.business_id)
        found = facts.service(service)
        assert found is not None
        return [person for person in facts.staff if person.id in found.staff_ids]

    def works(self, person: Staff, start: dt.datetime, end: dt.datetime) -> bool:
        """By the wall clock; none of these days changes it."""
        hours = (person.hours or self.bookings.facts(self.business_id).hours).on(start.date())
        return any(opens <= start.time() and end.time() <= closes for opens, closes in hours)

    def is_open(self, made: Appointment) -> bool:
        start, end = (moment.astimezone(self.business.zone) for moment in (made.starts_at, made.ends_at))
        return any(self.works(person, start, end) for person in self.staff(made.service) if person.name == made.staff)

    def check_inside_hours(self, made: Appointment) -> None:
        assert self.is_open(made)

    def is_offered(self, made: Appointment) -> bool:
        local = made.starts_at.astimezone(self.business.zone)
        query = SlotQuery(made.service, made.minutes, local.date(), local.date(), local.time(), limit=1000)
        found = self.bookings.find(self.business_id, query)
        assert isinstance(found, Found)
        return (made.starts_at, made.staff) in {(slot.starts_at, slot.staff) for slot in found.slots}

    def check_refusal(self, refusal: Refusal, request: BookingRequest) -> None:
        """A time said to be taken is really taken, for everybody who might have done it."""
        assert refusal.code in ("slot_taken", "closed_day", "outside_hours", "off_grid", "wrong_staff", "not_open")
        if refusal.code != "slot_taken":
            return
        before, after = {"תספורת": (5, 10), "צבע": (0, 0)}[request.service]
        start, end = request.starts_at, request.starts_at + dt.timedelta(minutes=request.minutes)
        first, last = start - dt.timedelta(minutes=before), end + dt.timedelta(minutes=after)
        for person in self.staff(request.service):
            if request.staff in (None, person.name) and self.works(person, start, end):
                live = [row for row in self.rows() if row.staff_id == person.id and row.status in t.LIVE]
                taken = {row.lane for row in live if row.busy_from < last and row.busy_to > first}
                assert len(taken) == person.lanes


@pytest.fixture
def described(tmp_path: Path) -> Description:
    path = tmp_path / "salon.yaml"
    path.write_text(SALON, encoding="utf-8")
    return read_description(path)


def test_any_life_of_a_diary(engine: Engine, described: Description) -> None:
    machine: Callable[[], DiaryMachine] = lambda: DiaryMachine(engine, described)  # noqa: E731
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        machine,
        settings=settings(
            max_examples=30,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
        ),
    )
