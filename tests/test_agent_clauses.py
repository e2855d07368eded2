"""The first clause of a reply goes to the voice while its sentence is still being written, if it is true by itself."""

from __future__ import annotations

import pytest

from server.agents.drafts import Draft, Drafts
from server.agents.grounding import sentences, without_greeting
from server.agents.reply import ReplyRoom
from server.calendar.models import BusinessFacts
from tests.scenes import scene


def drafts_of(*pieces: str) -> list[str]:
    """The drafts of a message that comes in these pieces; a clause ends with "…"."""
    drafts = Drafts()
    found = [draft for piece in pieces for draft in drafts.add(piece)]
    return [_shown(draft) for draft in [*found, *drafts.end()]]


def _shown(draft: Draft) -> str:
    return draft.text if draft.is_whole else f"{draft.text}…"


def test_a_clause_is_known_as_soon_as_the_word_after_it_begins() -> None:
    assert drafts_of("מצוין ", "דני", ", ", "קבעתי", ".") == ["מצוין דני,…", "מצוין דני, קבעתי."]


def test_sentences_are_told_apart_without_a_blank_between_them() -> None:
    assert drafts_of(*"בשמחה רבה.איזה טיפול תרצו?לאיזה יום? הת.ז לא צריך!קבעתי ל-12:00.תודה") == [
        "בשמחה רבה.",
        "איזה טיפול תרצו?",
        "לאיזה יום?",
        "הת.ז לא צריך!",
        "קבעתי ל-12:00.",
        "תודה",
    ]
    assert list(sentences("טוב.לאיזה יום?באיזו שעה? תודה.")) == ["טוב.", "לאיזה יום?", "באיזו שעה?", "תודה."]


def test_each_later_clause_is_offered_with_what_stands_before_it() -> None:
    assert drafts_of("ביום שני, ", "23 בנובמבר, ", "ב-12:00.") == [
        "ביום שני,…",
        "ביום שני, 23 בנובמבר,…",
        "ביום שני, 23 בנובמבר, ב-12:00.",
    ]


def test_hours_and_prices_stay_whole_whatever_the_pieces_are() -> None:
    assert drafts_of(*"מחר ב-12:00 זה 1,200.50 שקלים. בסדר?") == ["מחר ב-12:00 זה 1,200.50 שקלים.", "בסדר?"]


def test_one_piece_with_everything_gives_sentences_only() -> None:
    assert drafts_of("מצוין דני, קבעתי. להתראות, דני. ") == ["מצוין דני, קבעתי.", "להתראות, דני."]


@pytest.mark.parametrize(
    ("where", "clause"),
    [
        ("asked", "אשמח לעזור,"),
        ("asked", "אין בעיה,"),
        ("booked", "מעולה דני,"),
        ("booked", "קבעתי לכם עיסוי שוודי ביום שני,"),
        ("offered", "מחר יש ב-10:00,"),
    ],
)
def test_a_courtesy_or_a_true_statement_goes_ahead(where: str, clause: str, facts: BusinessFacts) -> None:
    evidence = scene(where, facts)
    assert ReplyRoom(lambda: evidence).begin(clause) == clause


@pytest.mark.parametrize(
    ("where", "clause"),
    [
        ("asked", "קבעתי לכם עיסוי שוודי מחר,"),  # nothing is booked
        ("asked", "מחר כבר אי אפשר,"),  # nobody has looked
        ("full", "אין מקום מחר,"),  # true, but a denial waits for what follows it
        ("asked", "אם תרצו,"),  # nothing yet
        ("asked", "מצוין,"),  # over before the next is there
        ("asked", "ברוכים הבאים לספא לוטוס,"),  # a greeting that goes on
        ("asked", "שלום,"),
        ("booked", "מעולה יוסי,"),  # not the caller's name
        ("offered", "מחר יש ב-12:00,"),  # not offered
        ("booked", "ביום שני ב-12:00,"),  # nothing is said of it
        ("booked", "עיסוי שוודי של שעה,"),
    ],
)
def test_everything_else_waits_for_its_sentence(where: str, clause: str, facts: BusinessFacts) -> None:
    evidence = scene(where, facts)
    assert ReplyRoom(lambda: evidence).begin(clause) == ""


def test_the_rest_of_the_sentence_follows_without_the_clause(facts: BusinessFacts) -> None:
    evidence = scene("booked", facts)
    room = ReplyRoom(lambda: evidence)
    assert room.begin("מעולה דני,") == "מעולה דני,"
    assert room.admit("מעולה דני, קבעתי לכם למחר ב-12:00.").text == "קבעתי לכם למחר ב-12:00."
    assert not room.is_begun


def test_a_sentence_that_turns_out_false_leaves_its_clause_unfinished(facts: BusinessFacts) -> None:
    evidence = scene("booked", facts)
    room = ReplyRoom(lambda: evidence)
    room.begin("מעולה דני,")
    assert room.admit("מעולה דני, קבעתי לכם למחר ב-13:00.").findings
    assert room.is_begun


def test_only_the_first_clause_of_a_reply_goes_ahead(facts: BusinessFacts) -> None:
    evidence = scene("booked", facts)
    room = ReplyRoom(lambda: evidence)
    room.admit("קבעתי.")
    assert room.begin("מעולה דני,") == ""


@pytest.mark.parametrize(
    ("sentence", "spoken"),
    [
        ("אני העוזרת הדיגיטלית.", ""),
        ("אני העוזרת הדיגיטלית של ספא לוטוס, איזה טיפול תרצו?", "איזה טיפול תרצו?"),
        ("אני העוזרת הדיגיטלית, ואשמח לעזור.", "אשמח לעזור."),
        ("שלום, זאת העוזרת הדיגיטלית. ", ""),
        ("אני העוזרת שתעזור לכם.", "אני העוזרת שתעזור לכם."),
    ],
)
def test_an_introduction_is_for_those_who_ask(sentence: str, spoken: str, facts: BusinessFacts) -> None:
    evidence = scene("asked", facts)
    assert without_greeting(sentence) == spoken
    assert "העוזרת" in ReplyRoom(lambda: evidence, may_introduce=True).admit(sentence).text


def test_of_several_questions_in_a_sentence_the_first_is_asked(facts: BusinessFacts) -> None:
    evidence = scene("asked", facts)
    assert ReplyRoom(lambda: evidence).admit("לאיזה יום?(ובאיזו שעה?)").text == "לאיזה יום?"
    assert ReplyRoom(lambda: evidence).admit("באמת?!").text == "באמת?!"
