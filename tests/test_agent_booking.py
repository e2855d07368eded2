"""A caller books: the agent asks what is missing, looks, books, and says only what is true."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from server.calls.models import Outcome, Then
from tests.desk import Desk
from tests.talk import PhoneCall


@pytest.fixture
def call(desk: Desk) -> Iterator[PhoneCall]:
    call = PhoneCall(desk)
    yield call
    call.close()


def test_a_whole_request_is_booked_in_its_turn_and_read_back(call: PhoneCall) -> None:
    answer = call.says("תקבע לי מחר ב-12 שוודי שעה. דני.")
    assert answer.tool_names == ["calendar_find_slots", "calendar_create_appointment"]
    assert call.diary() == ["11-23 12:00 עיסוי שוודי 60 דני"]
    assert "קבעתי" in answer.text
    assert "יום שני, 23 בנובמבר" in answer.text
    assert "12:00" in answer.text
    assert call.brain.outcome is Outcome.BOOKED


def test_a_correction_moves_the_booking_just_made(call: PhoneCall) -> None:
    call.says("תקבע לי מחר ב-12 שוודי שעה. דני.")
    answer = call.says("לא, סליחה, בשש")
    assert answer.tool_names == ["calendar_reschedule_appointment"]
    assert call.diary() == ["11-23 18:00 עיסוי שוודי 60 דני"]


def test_a_withheld_number_books_first_and_is_asked_once(desk: Desk) -> None:
    call = PhoneCall(desk, number=None)
    first = call.says("תקבעי לי מחר ב-12 שוודי שעה, השם דני")
    assert call.diary() == ["11-23 12:00 עיסוי שוודי 60 דני"]
    assert "טלפון" in first.text
    second = call.says("אפס חמש ארבע שבע שש חמש ארבע שלוש שתיים אחת")
    assert second.tool_names == ["calendar_set_contact"]
    made = desk.bookings.of_call(desk.business.id, call.call_sid)[0]
    assert (made.customer_phone, made.needs_phone) == ("+972547654321", False)
    call.close()


def test_goodbye_hangs_up(call: PhoneCall) -> None:
    call.says("תקבע לי מחר ב-12 שוודי שעה. דני.")
    assert call.says("לא, תודה רבה, ביי").then is Then.HANG_UP
