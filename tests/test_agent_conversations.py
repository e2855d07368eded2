"""Whole calls from tests/conversations, through the real agent run, judged by the diary and the rules of the house."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from server.calendar.models import BookingRequest
from tests.desk import Desk
from tests.talk import CALLER, Answer, PhoneCall

FOLDER = Path(__file__).parent / "conversations"
SCRIPTS = [script for path in sorted(FOLDER.glob("*.yaml")) for script in yaml.safe_load(path.read_text())]
OTHER = "לקוח אחר"


@pytest.mark.parametrize("script", SCRIPTS, ids=[script["name"] for script in SCRIPTS])
def test_conversation(script: dict[str, Any], desk: Desk) -> None:
    call = prepared_call(script, desk)
    for words, expected in script["talk"]:
        check(call.says(words), words, expected)
    judge(script, call)
    call.close()


def prepared_call(script: dict[str, Any], desk: Desk, pick_up: Callable[..., PhoneCall] = PhoneCall) -> Any:
    """The diary as the script wants it, and the phone picked up."""
    if "at" in script:
        local = dt.datetime.fromisoformat(script["at"]).replace(tzinfo=desk.business.zone)
        desk.clock.at = local.astimezone(dt.UTC)
    for taken in script.get("taken", ()):
        day, hour, minutes, staff = taken.split()
        _fill(desk, day, hour, int(minutes), staff)
    for own in script.get("own", ()):
        *when, name = own.split()
        day, hour, *service, minutes = when
        starts_at = _at(desk, day, hour)
        desk.books(starts_at, name, service=" ".join(service), minutes=int(minutes), customer_phone=CALLER)
    number = script.get("number", CALLER)
    return pick_up(desk, number=None if number == "withheld" else number)


def _fill(desk: Desk, day: str, hour: str, minutes: int, staff: str) -> None:
    """Other customers' appointments, one after the other, until the time is filled."""
    starts_at = _at(desk, day, hour)
    while minutes > 0:
        length = next(each for each in (60, 45, 90) if each <= minutes or each == 60)
        request = BookingRequest("עיסוי שוודי", length, starts_at, OTHER, staff=staff)
        assert not hasattr(desk.bookings.create(desk.business.id, request), "code")
        starts_at += dt.timedelta(minutes=length)
        minutes -= length


def _at(desk: Desk, day: str, hour: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"2026-{day}T{hour}").replace(tzinfo=desk.business.zone)


def check(answer: Answer, words: str, expected: str) -> None:
    """What the script expects of one reply."""
    for wanted in (part.strip() for part in expected.split(";")):
        if wanted.startswith("->"):
            assert answer.then.value == wanted[2:], f"{words} → {answer.text}"
        elif wanted.startswith("!"):
            assert wanted[1:] not in answer.text, f"{words} → {answer.text}"
        elif wanted:
            assert any(each in answer.text for each in wanted.split("|")), f"{words} → {answer.text} (wanted {wanted})"


def judge(script: dict[str, Any], call: PhoneCall) -> None:
    """The diary and the outcome at the end of the call, in which nothing that we would say ourselves was withheld."""
    assert [tool.arguments for tool in call.notebook.tools if tool.name == "grounding"] == []
    if "diary" in script:
        assert [row for row in call.diary() if OTHER not in row] == script["diary"]
    if "outcome" in script:
        assert call.brain.outcome == script["outcome"]
    if "phone" in script:
        made = call.desk.bookings.of_call(call.desk.business.id, call.call_sid)
        assert made[-1].customer_phone == script["phone"]
