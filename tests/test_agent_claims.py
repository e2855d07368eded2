"""Sentences of a language model against the tool results of its call: nothing false is spoken, nothing good blocked."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import yaml

from server.agents.claims import check
from server.agents.grounding import clean
from server.agents.reply import ReplyRoom
from server.agents.saying import word_count
from server.calendar.models import BusinessFacts
from tests.scenes import scene

SENTENCES = yaml.safe_load((Path(__file__).parent / "claims.yaml").read_text())
BAD = [(scene, text) for scene, texts in SENTENCES["bad"].items() for text in texts]
GOOD = [(scene, text) for scene, texts in SENTENCES["good"].items() for text in texts]


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
    admitted = ReplyRoom(lambda: evidence, may_introduce=True).admit(text)
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
