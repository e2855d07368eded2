"""The demonstration books at whatever hour it is started, also when noon of the next open day is taken."""

from __future__ import annotations

import datetime as dt

import pytest

from server.demo.lines import answer_to, opening
from tests.desk import Desk
from tests.talk import PhoneCall

TURN_LIMIT = 6


def demonstrate(desk: Desk, call_sid: str) -> list[str]:
    """What was booked in one call."""
    zone = desk.business.zone
    today = desk.clock.at.astimezone(zone).date()
    first, last = today + dt.timedelta(1), today + dt.timedelta(14)
    day = min(slot.starts_at.astimezone(zone).date() for slot in desk.finds(date_from=first, date_to=last).slots)
    call = PhoneCall(desk, call_sid=call_sid)
    words = opening(day, today)
    for _ in range(TURN_LIMIT):
        words = answer_to(call.says(words).text)
        if made := desk.bookings.of_call(desk.business.id, call_sid):
            break
    call.close()
    return [f"{each.service} {each.customer_name}" for each in made]


@pytest.mark.parametrize("day", range(7))
def test_books_at_any_hour_of_the_week(desk: Desk, day: int) -> None:
    midnight = dt.datetime.combine(dt.date(2026, 11, 22) + dt.timedelta(day), dt.time(), desk.business.zone)
    for hour in range(0, 24, 3):
        desk.clock.at = (midnight + dt.timedelta(hours=hour, minutes=30)).astimezone(dt.UTC)
        assert demonstrate(desk, f"CA{day}{hour}") == ["עיסוי שוודי דני"]
