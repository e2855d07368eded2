"""`python -m server.hebrew`: the fields of the contract, one object a line."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

FIELDS = [
    *("text", "date", "date_from", "date_to", "time", "time_from", "time_to", "daypart", "prefer", "duration_min"),
    *("service", "name", "phone", "excluded", "ambiguous", "none"),
]


def run(*lines: str, now: str = "2026-11-22T09:30", asked: str | None = None) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "server.hebrew", "--now", now, *(["--asked", asked] if asked else [])]
    done = subprocess.run(command, input="\n".join(lines).encode() + b"\n", capture_output=True, check=True, timeout=30)
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def test_every_line_gets_every_field_and_nothing_else() -> None:
    said = run("תקבע לי מחר ב-12 שוודי שעה. דני.", "", "כן", "לא בבוקר", "\ufffd\x00")
    assert [list(each) for each in said] == [FIELDS] * 5
    first = said[0]
    assert first["date"] == "2026-11-23"
    assert first["time"] == "12:00"
    assert first["duration_min"] == 60
    assert first["service"] == "עיסוי שוודי"
    assert first["name"] == "דני"
    assert first["none"] is False
    assert said[2]["none"] is True
    assert said[3]["excluded"] == [{"daypart": "morning"}]


def test_around_sets_the_hour_and_its_window_and_a_part_of_day_sets_none() -> None:
    around, part, until, both = run("בסביבות שלוש", "מחר בערב", "עד שבע", "בשמונה")
    assert (around["time"], around["time_from"], around["time_to"]) == ("15:00", "14:30", "15:30")
    assert (part["daypart"], part["time"], part["time_from"]) == ("evening", None, None)
    assert until["time_to"] == "19:00"
    assert both["ambiguous"] == ["time"]


def test_the_question_decides_how_bare_words_are_read() -> None:
    assert run("שני", asked="name")[0]["name"] == "שני"
    assert run("שני", asked="day")[0]["date"] == "2026-11-23"
    assert run("60", asked="duration")[0]["duration_min"] == 60
    assert run("ארבע", asked="time")[0]["time"] == "16:00"


def test_an_instant_with_an_offset_is_the_same_moment_in_israel() -> None:
    assert run("מחר", now="2026-11-22T23:30:00+00:00")[0]["date"] == "2026-11-24"
    assert run("היום", now="2026-11-22T21:30:00Z")[0]["date"] == "2026-11-22"


def test_a_bad_moment_is_told_in_one_sentence() -> None:
    with pytest.raises(subprocess.CalledProcessError) as told:
        run("מחר", now="yesterday")
    assert told.value.returncode == 2
    assert b"not an ISO date and time: yesterday" in told.value.stderr
