"""What a customer reads: Hebrew, in two segments at most, whatever the business and its treatments are called."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.calendar.models import Appointment, Business, Source, Status
from server.calendar.notice import Kind, Letter, Notice, State
from server.notices.text import LONGEST, text_of, unit_count

ZONE = ZoneInfo("Asia/Jerusalem")
NOON = dt.datetime(2026, 11, 23, 12, 0, tzinfo=ZONE).astimezone(dt.UTC)
SPA = Business(1, "ספא לוטוס", "+97235550100", ZONE, sends_confirmations=True)
VISIT = Appointment(
    id=1,
    uid="u",
    business_id=1,
    service="עיסוי שוודי",
    staff="מאיה",
    starts_at=NOON,
    ends_at=NOON + dt.timedelta(hours=1),
    customer_name="דני",
    customer_phone="+972502345678",
    needs_phone=False,
    status=Status.BOOKED,
    source=Source.CALL,
)


def letter(kind: Kind, business: Business = SPA, visit: Appointment = VISIT) -> Letter:
    return Letter(Notice(1, kind, State.WAITING, NOON, 1), business, visit)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (
            Kind.BOOKED,
            "ספא לוטוס: נקבע לכם תור לעיסוי שוודי ביום שני, 23 בנובמבר, בשעה 12:00. לשינוי או ביטול: 03-555-0100",
        ),
        (
            Kind.MOVED,
            "ספא לוטוס: התור שלכם לעיסוי שוודי עודכן: יום שני, 23 בנובמבר, בשעה 12:00. לשינוי או ביטול: 03-555-0100",
        ),
        (
            Kind.CANCELLED,
            "ספא לוטוס: התור שלכם לעיסוי שוודי ביום שני, 23 בנובמבר, בשעה 12:00 בוטל. לתור חדש: 03-555-0100",
        ),
    ],
)
def test_a_message_says_who_what_when_and_where_to_call(kind: Kind, text: str) -> None:
    assert text_of(letter(kind)) == text


def test_hours_are_those_of_the_business_in_winter_and_in_summer() -> None:
    summer = replace(VISIT, starts_at=dt.datetime(2026, 7, 4, 6, 30, tzinfo=dt.UTC))
    assert "בשבת, 4 ביולי, בשעה 09:30" in text_of(letter(Kind.BOOKED, visit=summer))


def test_a_treatment_with_a_foreign_name_keeps_its_letters_apart() -> None:
    assert "תור ל-Deep Tissue ביום" in text_of(letter(Kind.BOOKED, visit=replace(VISIT, service="Deep Tissue")))


def test_a_long_treatment_gives_way_and_a_long_name_is_cut() -> None:
    long = replace(VISIT, service="טיפול " * 13)
    assert text_of(letter(Kind.BOOKED, visit=long)).startswith("ספא לוטוס: נקבע לכם תור ביום שני")
    text = text_of(letter(Kind.MOVED, replace(SPA, name="מרכז הבריאות והיופי " * 4), long))
    assert text.startswith("מרכז הבריאות והיופי מרכז")
    assert "…: התור שלכם עודכן: יום שני, 23 בנובמבר, בשעה 12:00. לשינוי או ביטול: 03-555-0100" in text


names = st.text(min_size=1, max_size=80).filter(str.strip)


@given(st.sampled_from(Kind), names, names, st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2100, 1, 1)))
def test_no_message_is_longer_than_two_segments_or_lacks_its_hour(
    kind: Kind, name: str, service: str, at: dt.datetime
) -> None:
    start = at.replace(tzinfo=ZONE)
    text = text_of(letter(kind, replace(SPA, name=name), replace(VISIT, service=service, starts_at=start)))
    assert unit_count(text) <= LONGEST
    assert f"בשעה {start:%H:%M}" in text
    assert text.endswith(": 03-555-0100")
