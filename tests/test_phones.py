"""Phone numbers as people write them and networks send them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.calendar.phones import parse_phone

GOOD = {
    "0502345678": "+972502345678",
    "050-1234567": "+972501234567",
    "050 234 56 78": "+972502345678",
    "(050) 2345678": "+972502345678",
    "+972-50-234-5678": "+972502345678",
    "+972 (0)50-2345678": "+972502345678",
    "00972502345678": "+972502345678",
    "972502345678": "+972502345678",
    "03-5550100": "+97235550100",
    "077-1234567": "+972771234567",
    "٠٥٠٢٣٤٥٦٧٨": "+972502345678",
    "\uff10\uff15\uff10\uff12\uff13\uff14\uff15\uff16\uff17\uff18": "+972502345678",
    "+12125550123": "+12125550123",
    "0012125550123": "+12125550123",
    " 0502345678 ": "+972502345678",
}
BAD = ["", "+", "12", "*6050", "1-800-123-456", "1700123456", "050234567", "05023456789", "0602345678", "anonymous"]
BAD += ["050-23456a8", "+97250", "+266696687", "++972502345678", "05+02345678", "0502345678" * 1000, "'; DROP TABLE"]
BAD += ["050\u202e2345678", "²⁰"]


@pytest.mark.parametrize("text", GOOD)
def test_numbers_that_can_be_called_back(text: str) -> None:
    assert parse_phone(text) == GOOD[text]


@pytest.mark.parametrize("text", BAD)
def test_what_is_no_customers_number(text: str) -> None:
    assert parse_phone(text) is None


@given(st.text(max_size=60))
def test_any_text_gives_a_number_or_nothing_and_a_number_stays_itself(text: str) -> None:
    phone = parse_phone(text)
    assert phone is None or parse_phone(phone) == phone
