"""Whole calls against the real server: telephone in, appointment out. It is Sunday, ten in the morning."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from server.demo.caller import Caller
from tests.serving import RunningServer, eventually, serving
from tests.speech import utterance

ORDER = "תקבע לי מחר ב-12 שוודי שעה. דני."


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with serving(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture
def caller(server: RunningServer) -> Iterator[Caller]:
    caller = Caller(server.origin)
    caller.dials()
    yield caller
    caller.hangs_up()


def say(caller: Caller, text: str) -> None:
    """Speak for as long as the words need, and listen to the answer."""
    caller.says(text, utterance(2, ms=max(700, 260 * len(text.split()))))
    caller.listens()


def test_an_order_in_one_breath_is_booked_and_read_back(server: RunningServer, caller: Caller) -> None:
    caller.listens()
    say(caller, ORDER)
    [appointment] = server.appointments(caller)
    assert appointment["starts_at"] == "2026-11-23T12:00:00+02:00"
    assert appointment["ends_at"] == "2026-11-23T13:00:00+02:00"
    assert appointment["service"] == "עיסוי שוודי"
    assert appointment["customer_name"] == "דני"
    assert appointment["customer_phone"] == "+972502345678"
    greeting, booking = server.turns(caller)
    assert greeting["caller"] is None
    assert "שלום" in greeting["agent"]
    assert booking["caller"] == ORDER
    assert [call["name"] for call in booking["tool_calls"]] == ["calendar_find_slots", "calendar_create_appointment"]
    assert all(call["ok"] for call in booking["tool_calls"])
    assert "קבעתי" in booking["agent"]
    assert "12:00" in booking["agent"]
    assert "שני" in booking["agent"]
    [line] = [entry for entry in server.logged("turn") if entry["call_sid"] == caller.call_sid and entry["turn"] == 1]
    assert [call["name"] for call in line["tool_calls"]] == ["calendar_find_slots", "calendar_create_appointment"]
    for name in ("EOU_WAIT_MS", "TURN_LATENCY_MS", "AI_LATENCY_MS", "TTS_GENERATION_MS", "TTS_SEND_MS"):
        assert line[name] >= 0
    for name in ("TOOL_FIND_SLOTS_MS", "TOOL_CREATE_EVENT_MS", "QUEUE_MAX_DEPTH"):
        assert line[name] > 0
    assert "Traceback" not in server.log_text


def test_a_correction_moves_the_booking_just_made_and_nothing_is_greeted_twice(
    server: RunningServer, caller: Caller
) -> None:
    caller.listens()
    say(caller, "תקבעו לי ביום רביעי ב-16:00 שוודי שעה על שם דנה")
    say(caller, "לא, סליחה, בשש")
    [appointment] = server.appointments(caller)
    assert appointment["starts_at"] == "2026-11-25T18:00:00+02:00"
    said = [turn["agent"] for turn in server.turns(caller)]
    assert sum("שלום" in text for text in said) == 1


def test_piece_by_piece_without_being_asked_for_what_is_known(server: RunningServer, caller: Caller) -> None:
    caller.listens()
    say(caller, "אני רוצה לקבוע עיסוי שוודי")
    say(caller, "שעה")
    say(caller, "ביום חמישי")
    say(caller, "בארבע")
    say(caller, "רונית")
    [appointment] = server.appointments(caller)
    assert appointment["starts_at"] == "2026-11-26T16:00:00+02:00"
    assert appointment["customer_name"] == "רונית"
    said = [turn["agent"] for turn in server.turns(caller)]
    assert len(set(said)) == len(said), "the same question was asked twice"
    assert all(len(text.split()) <= 24 for text in said)


def test_a_caller_without_a_number_is_booked_and_marked(server: RunningServer) -> None:
    caller = Caller(server.origin, number="anonymous")
    caller.dials()
    caller.listens()
    say(caller, "תקבעו לי ביום שלישי ב-10:00 רפלקסולוגיה על שם יעל")
    [appointment] = server.appointments(caller)
    assert appointment["customer_phone"] is None
    assert appointment["needs_phone"] is True
    say(caller, "052 345 6789")
    [appointment] = server.appointments(caller)
    assert appointment["customer_phone"] == "+972523456789"
    assert appointment["needs_phone"] is False
    caller.hangs_up()


def test_the_caller_interrupts_and_is_heard(server: RunningServer, caller: Caller) -> None:
    caller.listens()
    caller.says("אילו טיפולים יש לכם ומה המחירים", utterance(2, 1500))
    caller.hears(0.7)
    began_at = time.monotonic()
    caller.says("כמה עולה שוודי של שעה", utterance(1, 1300))
    assert any(began_at < at < began_at + 0.6 for at in caller.phone.clear_times)
    caller.listens()
    assert "350" in server.turns(caller)[-1]["agent"]


def test_hanging_up_in_mid_turn_leaves_a_whole_record(server: RunningServer, caller: Caller) -> None:
    caller.listens()
    caller.says("תקבעו לי ביום שני הבא בבוקר", utterance(2, 1500))
    caller.vanishes()
    eventually(lambda: server.call(caller.call_sid)["ended_at"])
    assert server.call(caller.call_sid)["outcome"] in ("hangup", "answered")


def test_goodbye_ends_the_call_after_it_was_heard(server: RunningServer, caller: Caller) -> None:
    caller.listens()
    caller.says("זהו, תודה רבה, להתראות", utterance(4))
    assert caller.waits_for_hang_up(12)
    heard = eventually(lambda: server.turns(caller)[-1]["agent_heard"])
    assert heard == server.turns(caller)[-1]["agent"]
