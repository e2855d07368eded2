"""Customers: known by phone, counted, blocked, imported."""

import pytest
from sqlalchemy import Engine

from server.calendar.customers import BadImport, Customers, parse_customers
from server.calendar.models import Actor, Customer, Refusal, Source, Status
from tests.desk import OWNER, Desk

PHONE = "+972502345678"


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)


@pytest.fixture
def customers(desk: Desk) -> Customers:
    return Customers(desk.engine, desk.clock)


def test_visits_and_no_shows_are_counted(desk: Desk, customers: Customers) -> None:
    statuses = {10: Status.ARRIVED, 12: Status.ARRIVED, 14: Status.NO_SHOW, 16: Status.BOOKED}
    made = {hour: desk.books(desk.at(hour), customer_phone=PHONE) for hour in statuses}
    desk.clock.at = desk.at(18)
    for hour, status in statuses.items():
        desk.bookings.set_status(desk.business.id, made[hour].id, status, actor=OWNER)
    known = customers.get(desk.business.id, PHONE)
    assert known is not None
    assert (known.name, known.visit_count, known.no_show_count) == ("דני", 2, 1)


def test_the_block_flag_is_not_passed_by_with_a_number_given_later(desk: Desk, customers: Customers) -> None:
    desk.books(desk.at(12), customer_phone=PHONE)
    customers.set_blocked(desk.business.id, PHONE, is_blocked=True)
    made = desk.books(desk.at(14), call_sid="CA1")
    for actor, is_refused in ((Actor(Source.CALL, "CA1"), True), (OWNER, False)):
        done = desk.bookings.set_contact(desk.business.id, made.id, phone=PHONE, actor=actor)
        assert isinstance(done, Refusal) is is_refused


def test_a_booking_for_another_leaves_the_customer_his_name(desk: Desk, customers: Customers) -> None:
    desk.books(desk.at(12), "דני", customer_phone=PHONE)
    desk.books(desk.at(12), "דנה", customer_phone=PHONE)
    assert [c.name for c in customers.search(desk.business.id)] == ["דני"]


def test_notes_and_the_block_flag(desk: Desk, customers: Customers) -> None:
    desk.books(desk.at(12), customer_phone=PHONE)
    noted = customers.set_notes(desk.business.id, PHONE, "אלרגי לשמן אגוזים")
    blocked = customers.set_blocked(desk.business.id, PHONE, is_blocked=True)
    assert isinstance(noted, Customer)
    assert isinstance(blocked, Customer)
    assert (blocked.notes, blocked.is_blocked) == ("אלרגי לשמן אגוזים", True)
    for refusal, code in (
        (customers.set_notes(desk.business.id, PHONE, "\x00"), "invalid"),
        (customers.set_notes(desk.business.id, "+972500000000", "x"), "unknown_customer"),
    ):
        assert isinstance(refusal, Refusal)
        assert refusal.code == code


def test_search_takes_signs_literally(desk: Desk, customers: Customers) -> None:
    desk.books(desk.at(12), "דני", customer_phone=PHONE)
    business = desk.business.id
    assert len(customers.search(business, "ני")) == len(customers.search(business, "345")) == 1
    assert customers.search(business, "%") == customers.search(business, "_") == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1255"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_file_is_imported(desk: Desk, customers: Customers, encoding: str, delimiter: str) -> None:
    lines = [("שם", "טלפון", "הערות"), ("דנה לוי", "050-2345678", ""), ("", "", ""), ("משה", "+972523456789", "ותיק")]
    content = "\r\n".join(delimiter.join(line) for line in lines).encode(encoding)
    done = customers.import_csv(desk.business.id, content)
    assert (done.added_count, done.known_count) == (2, 0)
    assert [(c.name, c.phone, c.notes) for c in customers.search(desk.business.id)] == [
        ("דנה לוי", "+972502345678", ""),
        ("משה", "+972523456789", "ותיק"),
    ]
    again = customers.import_csv(desk.business.id, content)
    assert (again.added_count, again.known_count) == (0, 2)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "line 1: the file is empty"),
        ("a,b\n", "line 1: there is no column headed phone or name"),
        ("name\nדני\n", "line 1: there is no column headed phone"),
        ("name,phone\nדני,12\n", "line 2: this is no phone number"),
        ("name,phone\nדני,0502345678\nדנה,+972502345678\n", "line 3: this phone is on line 2 already"),
        ("name,phone\n'; DROP TABLE customers,0502345678\n", "line 2: name holds a sign"),
        ("name,phone\n" + "א" * 10_000 + ",0502345678\n", "line 2: name is longer than 80"),
        ("name,phone\nדני\n", "line 2: this is no phone number"),
        ("name,phone\n\x00,0502345678\n", "line 2: name must hold a letter"),
        ('name,phone\n"' + "x" * 200_000, "line "),
    ],
)
def test_faults_of_a_file_are_told_by_line(desk: Desk, customers: Customers, text: str, told: str) -> None:
    with pytest.raises(BadImport) as error:
        customers.import_csv(desk.business.id, text.encode())
    assert told in str(error.value)
    assert customers.search(desk.business.id) == ()


def test_a_file_that_is_too_large_or_no_text() -> None:
    for content in (b"x" * 5_000_001, bytes(range(256))):
        with pytest.raises(BadImport, match="line 1"):
            parse_customers(content)
