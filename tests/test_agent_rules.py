"""Whatever callers say, in whatever order, a reply keeps the rules of the house and nothing is raised."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from server.agents.offline_questions import _NARROW, _PLAIN
from server.agents.questions import Question, question_in
from tests.desk import Desk
from tests.talk import CALLER, PhoneCall

PHRASES = [
    line.split("|")[0].strip()
    for path in sorted((Path(__file__).parent / "corpus").rglob("*.txt"))
    for line in path.read_text().splitlines()
    if "|" in line
]
NOISE = [
    "",
    " ",
    "אממ",
    "???",
    "12345",
    "a b c",
    "🙂",
    "\u202eשלום",
    "ב" * 500,
    "0",
    "לא כן לא כן",
    "/start",
    "'; DROP TABLE",
]


@pytest.mark.parametrize("seed", range(12))
def test_random_callers(seed: int, desk: Desk) -> None:
    """PhoneCall itself checks every reply: length, one question, no second greeting, no claim, speakable words."""
    chance = random.Random(seed)
    call = PhoneCall(desk, number=chance.choice([None, CALLER]))
    for _ in range(8):
        call.says(chance.choice(PHRASES) if chance.random() < 0.85 else chance.choice(NOISE))
    call.close()


def test_noise_is_answered(desk: Desk) -> None:
    call = PhoneCall(desk)
    for noise in NOISE:
        call.says(noise)
    call.close()


def test_the_same_question_is_not_asked_for_ever(desk: Desk) -> None:
    call = PhoneCall(desk)
    call.says("אני רוצה לקבוע תור")
    replies = [call.says(words).text for words in ("מחר", "בעצם ביום רביעי", "אולי ביום חמישי", "או ביום שני הקרוב")]
    assert any("למסור" in reply for reply in replies)
    call.close()


@pytest.mark.parametrize(("question", "text"), [*_PLAIN.items(), *_NARROW.items()])
def test_every_question_is_recognised_by_its_words(question: Question, text: str) -> None:
    narrower = {Question.WHEN: Question.DAY, Question.TIME: Question.DAYPART}
    read_as = question_in(text, has_offers=question is Question.OFFER)
    assert read_as in (question, narrower.get(question))
