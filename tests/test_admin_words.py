"""What the owner reads: days, numbers, lengths, and names for everything that can happen."""

import datetime as dt

import pytest

from server.calendar.models import Source, Status
from server.calls.models import Outcome, Timings, ToolCall, Turn
from server.web.accounts import Refused
from server.web.admin_transcript import Heard, heard_parts, measured
from server.web.admin_words import (
    CODES,
    OUTCOMES,
    REFUSALS,
    SOURCES,
    STATUSES,
    argument_words,
    code_words,
    day_words,
    device_words,
    length_words,
    minutes_words,
    phone_words,
    tool_words,
)

SUNDAY = dt.date(2026, 11, 22)


def test_everything_that_can_happen_has_a_name() -> None:
    assert set(OUTCOMES) == set(Outcome)
    assert set(STATUSES) == set(Status)
    assert set(SOURCES) == set(Source)
    assert set(REFUSALS) == set(Refused)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (SUNDAY, "היום, יום ראשון 22 בנובמבר"),
        (SUNDAY + dt.timedelta(days=1), "מחר, יום שני 23 בנובמבר"),
        (SUNDAY - dt.timedelta(days=1), "אתמול, שבת 21 בנובמבר"),
        (dt.date(2027, 1, 1), "יום שישי 1 בינואר 2027"),
    ],
)
def test_a_day_is_told_as_people_do(day: dt.date, words: str) -> None:
    assert day_words(day, SUNDAY) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("+972523456789", "052-345-6789"),
        ("+97235550100", "03-555-0100"),
        ("+4915112345678", "+49 1511 2345678"),
        ("nonsense", "nonsense"),
        (None, ""),
    ],
)
def test_a_number_is_written_as_people_do(number: str | None, words: str) -> None:
    assert phone_words(number) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 שניות"), (59, "59 שניות"), (60, "1:00 דקות"), (725, "12:05 דקות"), (-3, "0 שניות")]
)
def test_the_length_of_a_call(seconds: int, words: str) -> None:
    assert length_words(dt.timedelta(seconds=seconds)) == words


@pytest.mark.parametrize(
    ("minutes", "words"), [(45, "45 דק׳"), (60, "שעה"), (90, "1:30 שע׳"), (120, "שעתיים"), (240, "4 שעות")]
)
def test_the_length_of_a_treatment(minutes: int, words: str) -> None:
    assert minutes_words(minutes) == words


def test_a_tool_is_told_with_what_it_was_asked() -> None:
    arguments = {"service": "עיסוי", "date_iso": "2026-11-22", "customer_phone": "+972523456789", "staff": None, "x": 0}
    call = ToolCall("calendar_find_slots", arguments, True, None, 1.0)
    assert tool_words(call) == "חיפוש תורים פנויים"
    assert argument_words(call) == [
        ("טיפול", "עיסוי"),
        ("תאריך", "יום ראשון 22 בנובמבר 2026"),
        ("טלפון", "052-345-6789"),
        ("x", "0"),
    ]


def test_what_a_model_made_up_is_shown_as_it_is() -> None:
    call = ToolCall("no_such_tool", {"date_iso": ["x"], "time": {"a": 1}}, False, "no_such_code", 1.0)
    assert tool_words(call) == "no_such_tool"
    assert argument_words(call) == [("תאריך", "['x']"), ("שעה", "{'a': 1}")]
    assert code_words(call.code) == "לא הצליח"
    assert code_words("slot_taken") == CODES["slot_taken"]


@pytest.mark.parametrize(
    ("agent", "heard", "parts"),
    [
        ("שלום. מה שלומך?", None, Heard("שלום. מה שלומך?")),
        ("שלום. מה שלומך?", "שלום. מה שלומך?", Heard("שלום. מה שלומך?")),
        ("שלום. מה שלומך?", "שלום.", Heard("שלום.", "מה שלומך?")),
        ("שלום. מה שלומך?", "שלום. מה…", Heard("שלום. מה", "שלומך?", is_cut=True)),
        ("שלום. מה שלומך?", "", Heard("", "שלום. מה שלומך?")),
        ("רגע…", "רגע…", Heard("רגע…")),
        ("שלום", "משהו אחר", Heard("שלום")),
        (None, None, Heard("")),
    ],
)
def test_what_was_heard_of_a_reply(agent: str | None, heard: str | None, parts: Heard) -> None:
    assert heard_parts(Turn(1, None, agent, heard)) == parts


def test_only_what_was_measured_is_told() -> None:
    assert measured(Timings(turn=412.4, tts_send=3100.0)) == [
        ("מסוף הדיבור לתחילת התשובה", "412 ms"),
        ("השמעה", "3,100 ms"),
    ]


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/150.0 Mobile Safari/537.36",
            "Chrome, Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19.0 Safari/604.1",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0; Win64) Gecko/20100101 Firefox/150.0", "Firefox, Windows"),
        ("", "מכשיר לא מוכר"),
    ],
)
def test_a_device_is_told_by_what_people_call_it(agent: str, words: str) -> None:
    assert device_words(agent) == words
