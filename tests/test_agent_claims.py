"""Sentences of a language model against the tool results of its call: nothing false is spoken, nothing good blocked."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import Engine

from server.agents.claims import check
from server.agents.evidence import Evidence, evidence_of
from server.agents.grounding import clean
from server.agents.memory import Conversation, Line
from server.agents.reply import ReplyRoom
from server.agents.saying import word_count
from server.agents.vocabulary import vocabulary_of
from server.calendar.models import BusinessFacts
from server.db.engine import make_engine
from server.hebrew.understand import understand
from tests.desk import SUNDAY, Desk

SENTENCES = yaml.safe_load((Path(__file__).parent / "claims.yaml").read_text())
BAD = [(scene, text) for scene, texts in SENTENCES["bad"].items() for text in texts]
GOOD = [(scene, text) for scene, texts in SENTENCES["good"].items() for text in texts]

VISIT = {
    "ok": True,
    "appointment": 1,
    "service": "עיסוי שוודי",
    "minutes": 60,
    "date_iso": "2026-11-23",
    "time": "12:00",
    "staff": "מאיה",
    "customer_name": "דני",
    "needs_phone": False,
    "is_of_call": True,
}


def slot(day: str, time: str, *staff: str) -> dict[str, Any]:
    return {"date_iso": day, "time": time, "staff": list(staff or ("מאיה",))}


ASKED = "אפשר תור לשוודי שעה מחר?"
OFFERED = {"ok": True, "slots": [slot("2026-11-23", hour) for hour in ("10:00", "11:30", "13:00")]}
WIDE = {
    "ok": True,
    "slots": [slot("2026-11-23", f"{h}:00".zfill(5), *(["רון"] if h == 16 else ["מאיה", "רון"])) for h in range(9, 20)],
}
FULL = {"ok": True, "slots": [], "reason": "fully_booked", "alternatives": [slot("2026-11-24", "10:00")]}
REQUEST = "תקבע לי מחר ב-12 שוודי שעה. דני."
BOOKED = [
    ("calendar_find_slots", {"ok": True, "slots": [slot("2026-11-23", "12:00")]}),
    ("calendar_create_appointment", VISIT),
]

SCENES: dict[str, list[Any]] = {
    "asked": [ASKED],
    "offered": [ASKED, ("calendar_find_slots", OFFERED)],
    "searched": [ASKED, ("calendar_find_slots", WIDE)],
    "wished": ["אפשר שוודי שעה מחר ב-12?", ("calendar_find_slots", OFFERED)],
    "booked": [REQUEST, *BOOKED],
    "full": ["יש שוודי שעה מחר ב-12?", ("calendar_find_slots", FULL)],
    "moved": [REQUEST, *BOOKED, "לא, סליחה, בשש", ("calendar_reschedule_appointment", VISIT | {"time": "18:00"})],
    "cancelled": [REQUEST, *BOOKED, "תבטלי את זה", ("calendar_cancel_appointment", VISIT)],
    "message": ["תגידו למאיה שאאחר", ("take_message", {"ok": True, "has_phone": True})],
}


@pytest.fixture(scope="module")
def facts(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BusinessFacts]:
    path = tmp_path_factory.mktemp("claims") / "receptionist.db"
    path.write_bytes(sqlite_template.read_bytes())
    engine: Engine = make_engine(f"sqlite:///{path}")
    desk = Desk(engine)
    yield desk.bookings.facts(desk.business.id)
    engine.dispose()


def scene(name: str, facts: BusinessFacts) -> Evidence:
    talk = Conversation()
    now = dt.datetime.combine(SUNDAY, dt.time(10), facts.business.zone)
    for turn, entry in enumerate(SCENES[name], start=1):
        if isinstance(entry, str):
            talk.hear(Line(turn, entry, understand(entry, now, None, vocabulary_of(facts))))
        else:
            tool, result = entry
            talk.begin_step(turn, f"c{turn}", tool, "{}").output = json.dumps(result)
    return evidence_of(talk.entries, facts, SUNDAY)


def test_there_are_enough_sentences() -> None:
    assert len(BAD) >= 80
    assert len(GOOD) >= 80


@pytest.mark.parametrize(("where", "text"), BAD)
def test_nothing_false_is_spoken(where: str, text: str, facts: BusinessFacts) -> None:
    evidence = scene(where, facts)
    assert ReplyRoom(lambda: evidence).admit(text).text == ""


@pytest.mark.parametrize(("where", "text"), GOOD)
def test_nothing_good_is_blocked(where: str, text: str, facts: BusinessFacts) -> None:
    evidence = scene(where, facts)
    admitted = ReplyRoom(lambda: evidence).admit(text)
    assert admitted.findings == ()
    assert admitted.text == text


@pytest.mark.parametrize(
    ("raw", "spoken"),
    [
        ("**איזה** טיפול `תרצו`?", "איזה טיפול תרצו?"),
        ("# איזה טיפול תרצו?", "איזה טיפול תרצו?"),
        ("- איזה טיפול תרצו?", "איזה טיפול תרצו?"),
        ("איזה טיפול תרצו? 😊", "איזה טיפול תרצו?"),
        ("אִיזֶה טִפּוּל תִּרְצוּ?", "איזה טפול תרצו?"),
        ("איזה טיפול תרצו? https://example.com/x", "איזה טיפול תרצו?"),
        ("ראו [כאן](https://example.com) מה תרצו?", "ראו כאן מה תרצו?"),
        ("איזה טיפול תרצה/י?", "איזה טיפול תרצה?"),
        ("\u202eאיזה טיפול תרצו?", "איזה טיפול תרצו?"),
    ],
)
def test_what_is_not_to_be_spoken_is_stripped(raw: str, spoken: str) -> None:
    assert clean(raw) == spoken


@pytest.mark.parametrize(
    "raw",
    [
        "שלום! איזה טיפול תרצו?",
        "שלום לכם, איזה טיפול תרצו?",
        "היי, איזה טיפול תרצו?",
        "בוקר טוב! איזה טיפול תרצו?",
        "שלום, הגעתם לספא לוטוס. איזה טיפול תרצו?",
        "שלום! שלום! איזה טיפול תרצו?",
        "ברוכים הבאים לספא לוטוס! איזה טיפול תרצו?",
    ],
)
def test_a_second_greeting_is_not_spoken(raw: str, facts: BusinessFacts) -> None:
    evidence = scene("asked", facts)
    assert ReplyRoom(lambda: evidence).admit(raw).text == "איזה טיפול תרצו?"


def test_a_long_reply_is_cut_at_a_clause(facts: BusinessFacts) -> None:
    evidence = scene("asked", facts)
    long = ", ".join(["אנחנו מאוד שמחים שהתקשרתם אלינו היום"] * 10) + "."
    admitted = ReplyRoom(lambda: evidence).admit(long)
    assert 12 <= word_count(admitted.text) <= 24
    assert admitted.text.endswith("היום.")


def test_a_reply_asks_one_question(facts: BusinessFacts) -> None:
    evidence = scene("asked", facts)
    room = ReplyRoom(lambda: evidence)
    assert room.admit("איזה טיפול תרצו?").text
    assert room.admit("ולאיזה יום?").text == ""


def test_a_sentence_is_checked_within_a_millisecond(facts: BusinessFacts) -> None:
    scenes = {where: scene(where, facts) for where, _ in GOOD}
    for where, text in GOOD:
        check(text, scenes[where])
    began_at = time.process_time()
    for where, text in GOOD:
        check(text, scenes[where])
    assert (time.process_time() - began_at) / len(GOOD) < 0.001
