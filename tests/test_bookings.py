"""The desk: booking, moving, cancelling, who may do it, and how it says no. Everything on both databases."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from server.calendar.closures import close_days
from server.calendar.models import Actor, Appointment, BookingRequest, Refusal, SlotQuery, Source, Status
from server.db.tables import calendar as t
from tests.desk import MONDAY, OWNER, SUNDAY, Desk


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)


def caller(call_sid: str = "CA1", **known: object) -> Actor:
    return Actor(Source.CALL, call_sid, **known)  # type: ignore[arg-type]


def log_of(desk: Desk, made: Appointment) -> list[tuple[str, str, str]]:
    query = select(t.appointment_log).where(t.appointment_log.c.appointment_id == made.id)
    with desk.engine.connect() as connection:
        return [
            (row.action, row.actor, row.status) for row in connection.execute(query.order_by(t.appointment_log.c.id))
        ]


def test_a_booking_is_in_the_diary(desk: Desk) -> None:
    made = desk.books(desk.at(12), "דני", customer_phone="050-2345678", call_sid="CA1", notes="ראשון")
    assert (made.service, made.staff, made.minutes, made.price) == ("עיסוי שוודי", "מאיה", 60, 350)
    assert (made.starts_at, made.customer_phone, made.needs_phone) == (desk.at(12), "+972502345678", False)
    assert (made.status, made.source) == (Status.BOOKED, Source.CALL)
    assert desk.bookings.get(desk.business.id, made.id) == made
    assert desk.bookings.of_call(desk.business.id, "CA1") == (made,)
    assert desk.bookings.between(desk.business.id, MONDAY, MONDAY) == (made,)
    assert desk.bookings.between(desk.business.id, SUNDAY, SUNDAY) == ()
    assert desk.bookings.upcoming_of(desk.business.id, "+972502345678") == (made,)


def test_an_alias_names_the_service(desk: Desk) -> None:
    assert desk.books(desk.at(12), service="פנים", minutes=60).service == "טיפול פנים"


def test_the_second_of_two_goes_to_the_other_staff_member(desk: Desk) -> None:
    assert [desk.books(desk.at(12), name).staff for name in ("דני", "דנה")] == ["מאיה", "רון"]


def test_anyone_means_whoever_has_least_to_do_that_day(desk: Desk) -> None:
    desk.books(desk.at(9), staff="מאיה")
    assert desk.books(desk.at(15)).staff == "רון"


def test_a_full_hour_is_refused_with_the_nearest_others(desk: Desk) -> None:
    desk.books(desk.at(12), "דני")
    desk.books(desk.at(12), "דנה")
    refusal = desk.refused(desk.at(12), "משה")
    assert refusal.code == "slot_taken"
    assert desk.starts(refusal.alternatives) == [
        "11-23 11:00 מאיה",
        "11-23 13:00 מאיה",
        "11-24 12:00 מאיה",
        "11-22 12:00 מאיה",
    ]


def test_one_who_is_busy_is_replaced_by_another_at_the_same_hour_first(desk: Desk) -> None:
    desk.books(desk.at(12), staff="מאיה")
    refusal = desk.refused(desk.at(12), "דנה", staff="מאיה")
    assert desk.starts(refusal.alternatives)[:3] == ["11-23 12:00 רון", "11-23 11:00 מאיה", "11-23 13:00 מאיה"]


@pytest.mark.parametrize(
    ("day", "hour", "minute", "code"),
    [
        (0, 9, 0, "in_the_past"),
        (0, 10, 45, "too_soon"),
        (91, 12, 0, "too_far"),
        (6, 12, 0, "closed_day"),
        (1, 8, 45, "outside_hours"),
        (1, 19, 15, "outside_hours"),
        (5, 13, 15, "outside_hours"),
        (1, 12, 10, "off_grid"),
    ],
)
def test_times_that_cannot_be_booked(desk: Desk, day: int, hour: int, minute: int, code: str) -> None:
    refusal = desk.refused(desk.at(hour, minute, SUNDAY + dt.timedelta(days=day)))
    assert refusal.code == code
    assert refusal.alternatives
    assert len(refusal.message) <= 120


def test_edges_that_can_be_booked(desk: Desk) -> None:
    assert desk.books(desk.at(11, 0, SUNDAY))
    assert desk.books(desk.at(19))
    assert desk.books(desk.at(13, 0, SUNDAY + dt.timedelta(days=5)))
    assert desk.books(desk.at(12, 0, SUNDAY + dt.timedelta(days=89)))


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"service": "תספורת"}, "unknown_service"),
        ({"minutes": 50}, "unknown_length"),
        ({"staff": "יוסי"}, "unknown_staff"),
        ({"service": "טיפול פנים", "staff": "רון"}, "wrong_staff"),
    ],
)
def test_wishes_that_the_business_does_not_offer(desk: Desk, wish: dict[str, object], code: str) -> None:
    assert desk.refused(desk.at(12), **wish).code == code


def test_the_owner_books_at_short_notice_off_the_grid_and_in_odd_lengths(desk: Desk) -> None:
    made = desk.books(desk.at(10, 10, SUNDAY), source=Source.ADMIN, minutes=50)
    assert (made.minutes, made.price) == (50, None)
    assert desk.refused(desk.at(21, 0, SUNDAY), source=Source.ADMIN).code == "outside_hours"


def test_the_owner_books_now_and_beyond_the_horizon(desk: Desk) -> None:
    assert desk.books(desk.at(10, 0, SUNDAY), source=Source.ADMIN)
    assert desk.books(desk.at(12, 0, SUNDAY + dt.timedelta(days=400)), source=Source.ADMIN)


def test_a_move_keeps_the_price_that_was_promised(desk: Desk) -> None:
    made = desk.books(desk.at(12), call_sid="CA1")
    with desk.engine.begin() as connection:
        connection.execute(t.service_lengths.update().values(price=999))
        connection.execute(t.businesses.update().values(revision=99))
    same = desk.bookings.reschedule(desk.business.id, made.id, desk.at(15), actor=caller())
    longer = desk.bookings.reschedule(desk.business.id, made.id, desk.at(15), minutes=90, actor=caller())
    assert isinstance(same, Appointment)
    assert isinstance(longer, Appointment)
    assert (same.price, longer.price) == (350, 999)


def test_the_same_request_twice_is_one_appointment(desk: Desk) -> None:
    first = desk.books(desk.at(12), call_sid="CA1")
    assert desk.books(desk.at(12), call_sid="CA1") == first
    assert desk.books(desk.at(12), " דני ", call_sid="CA1", service="שוודי") == first
    assert desk.books(desk.at(12), "דנה", call_sid="CA1") != first
    assert len(log_of(desk, first)) == 1


def test_the_same_request_many_times_at_once_is_one_appointment(desk: Desk) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: desk.asks(desk.at(12), staff="מאיה", call_sid="CA1"), range(8)))
    assert len({answer.id for answer in answers if isinstance(answer, Appointment)}) == 1
    assert [answer for answer in answers if isinstance(answer, Refusal)] == []


def test_a_key_is_free_again_when_its_appointment_is_cancelled(desk: Desk) -> None:
    first = desk.books(desk.at(12), idempotency_key="k")
    assert desk.books(desk.at(13), idempotency_key="k") == first
    desk.bookings.cancel(desk.business.id, first.id, actor=OWNER)
    second = desk.books(desk.at(13), idempotency_key="k")
    assert second.id != first.id
    assert second.starts_at == desk.at(13)


def test_the_same_key_in_another_business_is_another_key(desk: Desk, tmp_path: object) -> None:
    first = desk.books(desk.at(12), idempotency_key="k")
    other = Desk(desk.engine, another_business(tmp_path))
    assert other.books(other.at(12), idempotency_key="k", service="תספורת", minutes=30).id != first.id
    assert other.bookings.get(other.business.id, first.id) is None
    assert other.bookings.cancel(other.business.id, first.id, actor=OWNER).code == "unknown_appointment"  # type: ignore[union-attr]


def another_business(directory: object) -> str:
    path = f"{directory}/other.yaml"
    with open(path, "w", encoding="utf-8") as file:
        file.write("name: מספרה\nnumber: '03-5550101'\nhours: {monday: 09:00-18:00}\nstaff: [{name: אבי}]\n")
        file.write("services: [{name: תספורת, lengths: {30: 80}}]\n")
    return path


def test_a_correction_moves_the_booking_of_this_call(desk: Desk) -> None:
    made = desk.books(desk.at(12), call_sid="CA1")
    moved = desk.bookings.reschedule(desk.business.id, made.id, desk.at(18), actor=caller())
    assert isinstance(moved, Appointment)
    assert (moved.id, moved.uid, moved.starts_at, moved.staff) == (made.id, made.uid, desk.at(18), "מאיה")
    assert moved.sequence == made.sequence + 1
    assert desk.books(desk.at(12), "דנה", staff="מאיה")


def test_moving_to_where_it_is_changes_nothing(desk: Desk) -> None:
    made = desk.books(desk.at(12), call_sid="CA1")
    assert desk.bookings.reschedule(desk.business.id, made.id, desk.at(12), actor=caller()) == made


def test_a_move_may_overlap_the_place_it_leaves(desk: Desk) -> None:
    made = desk.books(desk.at(12), staff="מאיה", call_sid="CA1")
    moved = desk.bookings.reschedule(desk.business.id, made.id, desk.at(12, 30), minutes=90, actor=caller())
    assert isinstance(moved, Appointment)
    assert (moved.minutes, moved.price) == (90, 480)


def test_a_move_changes_the_staff_member_only_if_none_was_asked_for(desk: Desk) -> None:
    desk.books(desk.at(18), staff="מאיה")
    made = desk.books(desk.at(12), "דנה", staff="מאיה", call_sid="CA1")
    refusal = desk.bookings.reschedule(desk.business.id, made.id, desk.at(18), actor=caller())
    assert isinstance(refusal, Refusal)
    assert refusal.code == "slot_taken"
    assert desk.starts(refusal.alternatives)[:3] == ["11-23 18:00 רון", "11-23 17:00 מאיה", "11-23 19:00 מאיה"]
    easy = desk.books(desk.at(9, 0, MONDAY + dt.timedelta(days=1)), "משה", call_sid="CA1")
    moved = desk.bookings.reschedule(desk.business.id, easy.id, desk.at(18), actor=caller())
    assert isinstance(moved, Appointment)
    assert (easy.staff, moved.staff) == ("מאיה", "רון")


def test_another_service_takes_the_place_of_the_first_and_its_own_price(desk: Desk) -> None:
    desk.books(desk.at(12), "דנה", staff="רון")
    made = desk.books(desk.at(12), call_sid="CA1")
    other = desk.bookings.reschedule(
        desk.business.id, made.id, desk.at(12), minutes=75, service="אבנים חמות", actor=caller()
    )
    assert isinstance(other, Appointment)
    assert (other.id, other.service, other.minutes, other.price) == (made.id, "אבנים חמות", 75, 420)
    assert (other.staff, other.starts_at) == (made.staff, made.starts_at)


@pytest.mark.parametrize(
    ("service", "minutes", "code"),
    [("אבנים חמות", 75, "slot_taken"), ("אבנים חמות", 60, "unknown_length"), ("מניקור", 60, "unknown_service")],
)
def test_another_service_that_does_not_fit_leaves_the_first(desk: Desk, service: str, minutes: int, code: str) -> None:
    desk.books(desk.at(12), "דנה", minutes=90, staff="רון")
    made = desk.books(desk.at(12), call_sid="CA1")
    desk.books(desk.at(13), "רות", staff="מאיה")
    refusal = desk.bookings.reschedule(
        desk.business.id, made.id, desk.at(12), minutes=minutes, service=service, actor=caller()
    )
    assert isinstance(refusal, Refusal)
    assert refusal.code == code
    assert desk.bookings.get(desk.business.id, made.id) == made


def test_a_refused_move_leaves_everything_as_it_was(desk: Desk) -> None:
    made = desk.books(desk.at(12), call_sid="CA1")
    refusal = desk.bookings.reschedule(desk.business.id, made.id, desk.at(23), actor=caller())
    assert isinstance(refusal, Refusal)
    assert refusal.code == "outside_hours"
    assert desk.bookings.get(desk.business.id, made.id) == made


def test_cancelling_gives_the_time_back(desk: Desk) -> None:
    made = desk.books(desk.at(12), staff="מאיה", call_sid="CA1")
    gone = desk.bookings.cancel(desk.business.id, made.id, reason="חולה", actor=caller())
    assert isinstance(gone, Appointment)
    assert gone.status is Status.CANCELLED
    again = desk.bookings.cancel(desk.business.id, made.id, actor=caller())
    assert isinstance(again, Refusal)
    assert again.code == "already_cancelled"
    assert desk.books(desk.at(12), "דנה", staff="מאיה")
    assert desk.bookings.of_call(desk.business.id, "CA1") == ()
    assert log_of(desk, made) == [("created", "call", "booked"), ("cancelled", "call", "cancelled")]


PHONE = "+972502345678"


@pytest.mark.parametrize(
    ("actor", "code"),
    [
        (caller("CA2"), "not_yours"),
        (caller("CA2", phone="+972523456789", said_name="דני"), "not_yours"),
        (caller("CA2", phone=PHONE), "needs_second_fact"),
        (caller("CA2", phone=PHONE, said_name="משה"), "needs_second_fact"),
        (caller("CA2", phone=PHONE, said_name="דני לוי"), "needs_second_fact"),
        (caller("CA2", phone=PHONE, said_date=SUNDAY), "needs_second_fact"),
        (caller("CA2", phone=PHONE, said_name="דני"), None),
        (caller("CA2", phone=PHONE, said_name="דני כהן"), None),
        (caller("CA2", phone=PHONE, said_date=MONDAY), None),
        (Actor(Source.API), None),
        (OWNER, None),
    ],
)
def test_who_may_cancel_an_earlier_appointment(desk: Desk, actor: Actor, code: str | None) -> None:
    made = desk.books(desk.at(12), "דני כהן", customer_phone=PHONE, call_sid="CA1")
    done = desk.bookings.cancel(desk.business.id, made.id, actor=actor)
    assert (done.code if isinstance(done, Refusal) else None) == code
    kept = desk.bookings.get(desk.business.id, made.id)
    assert kept is not None
    assert (kept.status is Status.BOOKED) == (code is not None)


def test_a_caller_learns_nothing_of_appointments_that_are_not_his(desk: Desk) -> None:
    made = desk.books(desk.at(12), customer_phone=PHONE)
    stranger = caller("CA9", phone="+972523456789", said_name="דני")
    theirs = desk.bookings.cancel(desk.business.id, made.id, actor=stranger)
    nobodys = desk.bookings.cancel(desk.business.id, 10**6, actor=stranger)
    assert theirs == nobodys


def test_an_anonymous_caller_cannot_reach_appointments_without_a_phone(desk: Desk) -> None:
    made = desk.books(desk.at(12), call_sid="CA1")
    done = desk.bookings.cancel(desk.business.id, made.id, actor=caller("CA2", said_name="דני"))
    assert isinstance(done, Refusal)
    assert done.code == "not_yours"


def test_a_caller_without_a_call_is_nobody(desk: Desk) -> None:
    """An appointment that the owner made has no call either; that makes the two no friends."""
    made = desk.books(desk.at(12), source=Source.ADMIN)
    done = desk.bookings.cancel(desk.business.id, made.id, actor=Actor(Source.CALL))
    assert isinstance(done, Refusal)
    assert done.code == "not_yours"


def test_the_cut_off_binds_callers_of_earlier_appointments_alone(desk: Desk, tmp_path: object) -> None:
    with desk.engine.begin() as connection:
        connection.execute(t.businesses.update().values(cancel_cutoff_min=24 * 60, revision=99))
    made = desk.books(desk.at(12, 0, SUNDAY), customer_phone=PHONE, call_sid="CA1")
    late = desk.bookings.cancel(desk.business.id, made.id, actor=caller("CA2", phone=PHONE, said_name="דני"))
    assert isinstance(late, Refusal)
    assert late.code == "too_late"
    assert isinstance(desk.bookings.cancel(desk.business.id, made.id, actor=caller("CA1")), Appointment)


def test_a_phone_is_added_after_the_booking(desk: Desk) -> None:
    made = desk.books(desk.at(12), call_sid="CA1")
    assert made.needs_phone
    known = desk.bookings.set_contact(desk.business.id, made.id, phone="052-345-6789", actor=caller())
    assert isinstance(known, Appointment)
    assert (known.customer_phone, known.needs_phone) == ("+972523456789", False)
    renamed = desk.bookings.set_contact(desk.business.id, made.id, name="דניאל", actor=caller())
    assert isinstance(renamed, Appointment)
    assert renamed.customer_name == "דניאל"
    refusal = desk.bookings.set_contact(desk.business.id, made.id, phone="123", actor=caller())
    assert isinstance(refusal, Refusal)
    assert refusal.code == "invalid"


def test_who_cannot_be_called_is_listed(desk: Desk) -> None:
    waiting = [desk.books(desk.at(15)), desk.books(desk.at(12), "דנה")]
    gone = desk.books(desk.at(9), "רות")
    desk.bookings.cancel(desk.business.id, gone.id, actor=OWNER)
    desk.books(desk.at(17), customer_phone=PHONE)
    assert desk.bookings.without_phone(desk.business.id) == (waiting[1], waiting[0])


def test_a_blocked_customer_cannot_book_by_phone(desk: Desk) -> None:
    desk.books(desk.at(12), customer_phone=PHONE)
    with desk.engine.begin() as connection:
        connection.execute(t.customers.update().values(is_blocked=True))
    assert desk.refused(desk.at(14), customer_phone=PHONE).code == "blocked_customer"
    assert desk.books(desk.at(14), customer_phone=PHONE, source=Source.ADMIN)


def test_the_life_of_an_appointment(desk: Desk) -> None:
    made = desk.books(desk.at(12))
    for status in (Status.CONFIRMED, Status.ARRIVED, Status.NO_SHOW):
        desk.clock.at = made.starts_at if status is not Status.CONFIRMED else desk.clock.at
        now = desk.bookings.set_status(desk.business.id, made.id, status, actor=OWNER)
        assert isinstance(now, Appointment)
        assert now.status is status
    assert [action for action, _, _ in log_of(desk, made)] == ["created", "confirmed", "arrived", "no_show"]


@pytest.mark.parametrize("status", [Status.ARRIVED, Status.NO_SHOW])
def test_nobody_is_late_before_the_time_has_come(desk: Desk, status: Status) -> None:
    made = desk.books(desk.at(12))
    early = desk.bookings.set_status(desk.business.id, made.id, status, actor=OWNER)
    assert isinstance(early, Refusal)
    assert early.code == "not_begun"
    assert log_of(desk, made)[-1][0] == "created"


def test_what_was_cancelled_neither_arrives_nor_is_missed(desk: Desk) -> None:
    made = desk.books(desk.at(12))
    desk.bookings.cancel(desk.business.id, made.id, actor=OWNER)
    desk.clock.at = made.starts_at
    for status in (Status.ARRIVED, Status.NO_SHOW):
        done = desk.bookings.set_status(desk.business.id, made.id, status, actor=OWNER)
        assert isinstance(done, Refusal)
        assert done.code == "wrong_status"


def test_a_caller_confirms_but_neither_arrives_nor_revives(desk: Desk) -> None:
    made = desk.books(desk.at(12), call_sid="CA1")
    assert isinstance(
        desk.bookings.set_status(desk.business.id, made.id, Status.CONFIRMED, actor=caller()), Appointment
    )
    for status in (Status.ARRIVED, Status.NO_SHOW, Status.BOOKED):
        done = desk.bookings.set_status(desk.business.id, made.id, status, actor=caller())
        assert isinstance(done, Refusal)
        assert done.code == "not_yours"


def test_a_cancellation_is_undone_only_while_the_time_is_free(desk: Desk) -> None:
    made = desk.books(desk.at(12), staff="מאיה")
    desk.bookings.cancel(desk.business.id, made.id, actor=OWNER)
    back = desk.bookings.set_status(desk.business.id, made.id, Status.BOOKED, actor=OWNER)
    assert isinstance(back, Appointment)
    desk.bookings.cancel(desk.business.id, made.id, actor=OWNER)
    desk.books(desk.at(12, 30), "דנה", staff="מאיה")
    taken = desk.bookings.set_status(desk.business.id, made.id, Status.BOOKED, actor=OWNER)
    assert isinstance(taken, Refusal)
    assert taken.code == "slot_taken"


def test_notes_are_kept_with_their_lines(desk: Desk) -> None:
    made = desk.books(desk.at(12))
    noted = desk.bookings.set_notes(desk.business.id, made.id, "שורה\nעוד שורה", actor=OWNER)
    assert isinstance(noted, Appointment)
    assert noted.notes == "שורה\nעוד שורה"


BAD_REQUESTS = [
    {"minutes": -60},
    {"minutes": 0},
    {"minutes": 10**9},
    {"minutes": True},
    {"minutes": 60.5},
    {"starts_at": dt.datetime(2026, 11, 23, 12)},
    {"starts_at": dt.datetime.max.replace(tzinfo=dt.timezone(dt.timedelta(hours=-5)))},
    {"customer_name": "א" * 10_000},
    {"customer_name": ""},
    {"customer_name": "   "},
    {"customer_name": "12345"},
    {"customer_name": "דני\x00"},
    {"customer_name": "דני\u202egnp.exe"},
    {"customer_name": "דני\u2066"},
    {"customer_name": "'; DROP TABLE appointments; --"},
    {"customer_name": "<img src=x onerror=alert(1)>"},
    {"customer_name": "\ud800דני"},
    {"customer_phone": "'; DROP TABLE customers"},
    {"customer_phone": "5" * 10_000},
    {"customer_phone": ""},
    {"service": "'; DROP TABLE services; --"},
    {"staff": "מאיה\u202e"},
    {"notes": "x" * 10_000},
    {"notes": "\x07"},
    {"call_sid": "C" * 10_000},
    {"call_sid": ""},
    {"idempotency_key": "k" * 10_000},
    {"idempotency_key": "\x00"},
]


@pytest.mark.parametrize("bad", BAD_REQUESTS, ids=lambda bad: ascii(bad)[:40])
def test_bad_requests_are_refused_and_change_nothing(desk: Desk, bad: dict[str, object]) -> None:
    values = {"starts_at": desk.at(12), **bad}
    refusal = desk.refused(values.pop("starts_at"), str(values.pop("customer_name", "דני")), **values)  # type: ignore[arg-type]
    assert refusal.code == "invalid"
    assert 0 < len(refusal.message) <= 120
    with desk.engine.connect() as connection:
        for table in (t.appointments, t.customers, t.appointment_log):
            assert connection.execute(select(table)).all() == []


def test_unknown_ids_are_no_accident(desk: Desk) -> None:
    business = desk.business.id
    assert desk.bookings.get(business, 999) is None
    for done in (
        desk.bookings.cancel(business, 999, actor=OWNER),
        desk.bookings.reschedule(business, 999, desk.at(12), actor=OWNER),
        desk.bookings.set_notes(business, 999, "x", actor=OWNER),
        desk.bookings.set_contact(business, 999, name="דנה", actor=OWNER),
        desk.bookings.set_status(business, 999, Status.ARRIVED, actor=OWNER),
    ):
        assert isinstance(done, Refusal)
        assert done.code == "unknown_appointment"
    for number in (0, -1, 2**31, 10**30):
        assert desk.bookings.get(business, number) is None
    with pytest.raises(LookupError):
        desk.bookings.facts(999)


def test_dates_at_the_ends_of_the_calendar(desk: Desk) -> None:
    made = desk.books(desk.at(12))
    assert desk.bookings.between(desk.business.id, dt.date.min, dt.date.max) == (made,)
    assert desk.finds(date_from=dt.date.max).reason == "too_far"
    assert desk.finds(date_from=dt.date.min).reason == "in_the_past"
    assert desk.finds(date_from=dt.date.min, date_to=dt.date.max).slots


def test_a_long_range_is_searched_to_its_end(desk: Desk) -> None:
    last = MONDAY + dt.timedelta(days=40)
    found = desk.finds(date_from=MONDAY, date_to=last, time_from=dt.time(12), time_to=dt.time(12, 15), limit=1000)
    days = [day for day in (MONDAY + dt.timedelta(days=n) for n in range(41)) if day.weekday() != 5]
    assert [slot.starts_at for slot in found.slots] == [desk.at(12, 0, day) for day in days for _ in "מר"]


def test_the_first_free_is_found_however_far_away(desk: Desk) -> None:
    close_days(desk.engine, desk.business, SUNDAY, SUNDAY + dt.timedelta(days=50))
    assert desk.starts(desk.finds(limit=1).slots) == ["01-12 09:00 מאיה"]
    close_days(desk.engine, desk.business, SUNDAY, SUNDAY + dt.timedelta(days=100))
    assert (desk.finds().reason, desk.finds().alternatives) == ("closed_day", ())


TEXT = st.one_of(st.text(max_size=100), st.sampled_from(["שוודי", "דני", "מאיה", "0502345678", ""]))
QUERIES = st.builds(
    SlotQuery,
    TEXT,
    st.none() | st.integers(-10, 1000) | st.sampled_from([45, 60, 90]),
    st.none() | st.dates(),
    st.none() | st.dates(),
    st.none() | st.times(),
    st.none() | st.times(),
    st.none() | st.times(),
    st.none() | st.frozensets(st.integers(-1, 8)),
    st.frozensets(st.dates(), max_size=3),
    st.none() | TEXT,
    st.integers(-1, 60),
)
REQUESTS = st.builds(
    BookingRequest,
    TEXT,
    st.integers(-10, 1000) | st.sampled_from([45, 60, 90]),
    st.datetimes(timezones=st.none() | st.timezones()) | st.just(dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC)),
    TEXT,
    st.none() | TEXT,
    st.none() | TEXT,
    TEXT,
    st.sampled_from(Source),
    st.none() | TEXT,
    st.none() | TEXT,
)
fuzz = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@fuzz
@given(query=QUERIES)
def test_any_question_has_an_answer(desk: Desk, query: SlotQuery) -> None:
    answer = desk.bookings.find(desk.business.id, query)
    if isinstance(answer, Refusal):
        assert answer.code in ("invalid", "unknown_service", "unknown_length", "unknown_staff", "wrong_staff")
        assert len(answer.message) <= 120
    else:
        assert bool(answer.slots) == (answer.reason is None)
        assert len(answer.slots) <= query.limit


@fuzz
@given(request=REQUESTS)
def test_any_request_is_booked_or_refused(desk: Desk, request: BookingRequest) -> None:
    answer = desk.bookings.create(desk.business.id, request)
    if isinstance(answer, Refusal):
        assert len(answer.message) <= 120
    else:
        assert desk.bookings.get(desk.business.id, answer.id) == answer
