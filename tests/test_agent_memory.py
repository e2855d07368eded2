"""What both sides know: history for the model is whole, in order, and true to what the caller heard."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest

from server.agents.memory import Conversation, Line, Step
from server.agents.replying import Replier
from server.hebrew.models import Understanding
from tests.desk import Desk
from tests.talk import PhoneCall

GREETING = "שלום, הגעתם לספא לוטוס. אני העוזרת הדיגיטלית. איך אפשר לעזור?"


class SlowReplier:
    """One that is waited for until a filler is due, and longer."""

    filler_s = 0.0

    async def reply(self, **_: Any) -> AsyncIterator[str]:
        await asyncio.sleep(60)
        yield "never"


def line(turn: int, text: str) -> Line:
    return Line(turn, text, Understanding(text))


def test_every_tool_call_has_its_output() -> None:
    talk = Conversation()
    talk.hear(line(1, "מחר"))
    talk.begin_step(1, "c1", "calendar_find_slots", "{}")
    done = talk.begin_step(1, "c2", "business_info", "{}")
    done.output = '{"ok": true}'
    items = talk.items()
    calls = [item["call_id"] for item in items if item.get("type") == "function_call"]
    outputs = {
        item["call_id"]: json.loads(item["output"]) for item in items if item.get("type") == "function_call_output"
    }
    assert calls == ["c1", "c2"]
    assert outputs["c1"]["error"] == "interrupted"
    assert outputs["c2"] == {"ok": True}


def test_the_understanding_follows_the_callers_line() -> None:
    talk = Conversation()
    talk.hear(line(1, "שלום"))
    roles = [item["role"] for item in talk.items()]
    assert roles == ["user", "developer"]
    assert talk.items()[1]["content"].startswith("heard:")


def test_a_reply_that_was_cut_is_told_as_heard() -> None:
    talk = Conversation()
    talk.say(1, "קבעתי לכם תור.")
    talk.say(1, "אפשר לעזור בעוד משהו?")
    talk.heard(1, "קבעתי לכם…")
    talk.hear(line(2, "רגע"))
    first, note, *_ = talk.items()
    assert first == {"role": "assistant", "content": "קבעתי לכם…"}
    assert "תור. אפשר לעזור בעוד משהו?" in note["content"]


def test_a_reply_heard_to_its_end_is_not_flagged() -> None:
    talk = Conversation()
    talk.say(1, "קבעתי.")
    talk.heard(1, "קבעתי.")
    talk.hear(line(2, "תודה"))
    assert talk.items()[0] == {"role": "assistant", "content": "קבעתי."}
    assert len(talk.items()) == 3


def test_fixed_phrases_are_part_of_the_talk() -> None:
    talk = Conversation()
    talk.heard(0, "שלום, הגעתם לספא לוטוס.")
    assert talk.items() == [{"role": "assistant", "content": "שלום, הגעתם לספא לוטוס."}]


def test_a_phrase_of_two_sentences_is_remembered_as_far_as_it_was_heard() -> None:
    talk = Conversation()
    for heard in ("שלום, הגעתם לספא לוטוס.", "שלום, הגעתם לספא לוטוס. אני…", GREETING):
        talk.heard(0, heard)
    assert talk.items() == [{"role": "assistant", "content": GREETING}]


def test_what_was_heard_is_told_apart_on_both_sides_of_a_tool() -> None:
    talk = Conversation()
    talk.say(1, "בשמחה, בודקת.")
    talk.begin_step(1, "c1", "calendar_find_slots", "{}").output = '{"ok": true}'
    talk.say(1, "יש מקום מחר ב-12:00.")
    talk.heard(1, "בשמחה, בודקת. יש מקום…")
    talk.hear(line(2, "רגע"))
    first, *_, second, note, _, _ = talk.items()
    assert (first["content"], second["content"]) == ("בשמחה, בודקת.", "יש מקום…")
    assert "מחר ב-12:00." in note["content"]


@pytest.mark.parametrize("heard", ["רגע,…", "רגע, בודקת ביומן.", ""])
def test_a_filler_is_no_answer_however_much_of_it_was_heard(desk: Desk, heard: str) -> None:
    call = PhoneCall(desk)
    asking = call.brain.ask(1, "אני רוצה שוודי שעה")
    call.brain._replier = cast(Replier, SlowReplier())
    filler = call.loop.run_until_complete(anext(asking))
    assert filler.is_filler
    call.loop.run_until_complete(asking.aclose())
    call.brain.heard(1, heard)
    call.brain._replier = Replier(call.brain._session)
    call.turn = 1
    call.says("אני רוצה שוודי שעה מחר בעשר, השם דני")
    history = call.brain._session.conversation.items()
    assert [item["content"] for item in history if item.get("role") == "user"] == [
        "אני רוצה שוודי שעה מחר בעשר, השם דני"
    ]
    assert not any("רגע" in item["content"] for item in history if item.get("role") == "assistant")
    call.close()


def test_an_answer_of_which_nothing_was_heard_leaves_no_line_twice(desk: Desk) -> None:
    call = PhoneCall(desk)
    call.says("אני רוצה שוודי שעה", hears_all=False)
    call.brain.heard(1, "")
    call.says("אני רוצה שוודי שעה מחר בעשר, השם דני")
    entries = [e for e in call.brain._session.conversation if not isinstance(e, Step)]
    assert [entry.text for entry in entries][1:-1] == ["אני רוצה שוודי שעה מחר בעשר, השם דני"]
    call.close()


def test_a_nudge_leaves_the_open_question_open(desk: Desk) -> None:
    call = PhoneCall(desk)
    call.says("אני רוצה לקבוע שוודי שעה מחר בארבע")
    call.turn += 1
    call.brain.heard(call.turn, call.brain.phrases.nudge.text)
    call.says("שי")
    assert call.diary() == ["11-23 16:00 עיסוי שוודי 60 שי"]
    call.close()


def test_the_caller_is_greeted_once(desk: Desk) -> None:
    call = PhoneCall(desk)
    for text in ("שלום", "היי שלום לכם", "בוקר טוב, אפשר תור?", "שלום"):
        call.says(text)  # PhoneCall refuses a second greeting
    history = " ".join(
        item["content"] for item in call.brain._session.conversation.items() if item["role"] == "assistant"
    )
    assert history.count("שלום") == 1
    call.close()


def test_unanswered_words_take_their_place_in_the_longer_line(desk: Desk) -> None:
    call = PhoneCall(desk)
    talk = call.brain._session.conversation
    talk.hear(
        Line(1, "אני רוצה שוודי שעה", Understanding("אני רוצה שוודי שעה", service="עיסוי שוודי", duration_min=60))
    )
    call.turn = 1
    call.says("אני רוצה שוודי שעה מחר בעשר, השם דני")
    assert call.diary() == ["11-23 10:00 עיסוי שוודי 60 דני"]
    assert [entry.text for entry in talk if isinstance(entry, Line)] == ["אני רוצה שוודי שעה מחר בעשר, השם דני"]
    call.close()


def test_what_was_booked_by_an_interrupted_turn_is_told_and_not_booked_twice(desk: Desk) -> None:
    call = PhoneCall(desk)
    first = call.brain.ask(1, "תקבע לי מחר ב-12 שוודי שעה. דני.")
    sentence = call.loop.run_until_complete(anext(first))
    assert "קבעתי" in sentence.text
    call.loop.run_until_complete(first.aclose())
    call.brain.heard(1, "")
    call.turn = 1
    answer = call.says("מה אמרת?")
    assert "קבעתי" in answer.text
    assert call.diary() == ["11-23 12:00 עיסוי שוודי 60 דני"]
    call.close()
