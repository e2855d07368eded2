"""Whatever ends the model's run, what it did in the turn is read back; only a silent diary is blamed for silence."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from tests.cloud_call import UNHURRIED, CloudCall
from tests.desk import Desk
from tests.fake_openai import Entry, Fault, Use

REQUEST = "תקבע לי מחר ב-12 שוודי שעה. דני."
READ_BACK = "ביום שני, 23 בנובמבר, ב-12:00, על שם דני"
ROW = "11-23 12:00 עיסוי שוודי 60 דני"

WISH: dict[str, Any] = {"service": "עיסוי שוודי", "minutes": 60, "date_iso": "2026-11-23", "staff": None}


def find(time_from: str = "12:00", **changes: Any) -> Use:
    arguments = WISH | {"date_to_iso": None, "time_from": time_from, "time_to": None} | changes
    return Use("calendar_find_slots", arguments)


def create(name: str = "דני") -> Use:
    arguments = WISH | {"time": "12:00", "customer_name": name, "customer_phone": None, "notes": None}
    return Use("calendar_create_appointment", arguments)


def model(*first: Entry, then: Callable[[int], Entry]) -> Callable[[Any], Entry]:
    """A model that does what is listed first, and then the same kind of thing for ever."""
    entries = itertools.chain(first, map(then, itertools.count()))
    return lambda _: next(entries)


ENDLESS: dict[str, Callable[[int], Entry]] = {
    "searches on and on": lambda n: find(f"{10 + n % 8}:00"),
    "asks for services that there are not": lambda n: find(service=f"x{n}"),
    "breaks": lambda _: Fault("500"),
    "books under names that nobody said": lambda n: create(f"x{n}"),
    "writes down numbers that are none": lambda n: Use(
        "calendar_set_contact", {"appointment": 1, "name": None, "phone": f"1{n}"}
    ),
    "uses tools that there are not": lambda n: Use(f"tool{n}", {}),
}


@pytest.mark.parametrize("then", ENDLESS.values(), ids=ENDLESS)
def test_a_booking_is_read_back_whatever_comes_after_it(then: Callable[[int], Entry], desk: Desk) -> None:
    call = CloudCall(desk, model(find(), create(), then=then), UNHURRIED)
    assert READ_BACK in call.says(REQUEST).text
    assert call.diary() == [ROW]
    call.close()


def test_two_bookings_of_one_turn_are_both_read_back(desk: Desk) -> None:
    script = model(find(), create(), create("רות"), then=lambda n: find(f"{10 + n % 8}:00"))
    call = CloudCall(desk, script, UNHURRIED)
    reply = call.says("תקבע לי ולרות מחר ב-12 שוודי שעה. דני.").text
    assert "שני תורים" in reply
    assert "דני" in reply
    assert "רות" in reply
    assert len(call.diary()) == 2
    call.close()


def test_a_model_that_only_searches_is_ended_by_the_booking_itself(desk: Desk) -> None:
    call = CloudCall(desk, model(then=lambda n: find(f"{10 + n % 8}:{n % 60:02}")), UNHURRIED)
    assert READ_BACK in call.says(REQUEST).text
    assert call.diary() == [ROW]
    call.close()


def test_refused_bookings_do_not_blame_the_diary(desk: Desk) -> None:
    call = CloudCall(desk, model(then=lambda _: create("Unknown")), UNHURRIED)
    reply = call.says("תקבע לי מחר ב-12 שוודי שעה").text
    assert "היומן" not in reply
    assert "שם" in reply
    assert call.diary() == []
    call.close()
