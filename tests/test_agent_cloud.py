"""The receptionist on a cloud model: forced to look, unable to lie, never silent. Real SDK, loopback server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from server import metrics
from server.agents.agent_factory import receptionist_agent
from server.agents.instructions import RULES
from server.agents.mind import Deadlines
from tests.cloud_call import UNHURRIED, CloudCall
from tests.desk import Desk
from tests.fake_openai import Fault, Say, Script, Use

FIND = Use(
    "calendar_find_slots",
    {"service": "עיסוי שוודי", "minutes": 60, "date_iso": "2026-11-23", "date_to_iso": None}
    | {"time_from": "12:00", "time_to": "12:00", "staff": None},
)
CREATE = Use(
    "calendar_create_appointment",
    {"service": "עיסוי שוודי", "minutes": 60, "date_iso": "2026-11-23", "time": "12:00", "customer_name": "דני"}
    | {"customer_phone": None, "staff": None, "notes": None},
)
READ_BACK = Say("קבעתי לכם ליום שני, 23 בנובמבר, ב-12:00, על שם דני. אפשר לעזור בעוד משהו?")
REQUEST = "תקבע לי מחר ב-12 שוודי שעה. דני."
QUICK = Deadlines(connect_s=0.5, attempt_s=0.8, turn_s=2.5, filler_s=0.3)


Calling = Callable[..., CloudCall]


@pytest.fixture
def calling(desk: Desk) -> Iterator[Calling]:
    calls: list[CloudCall] = []

    def begin(script: Script, api: str = "chat", deadlines: Deadlines = UNHURRIED, **pace: float) -> CloudCall:
        calls.append(CloudCall(desk, script, deadlines, api, **pace))
        return calls[-1]

    yield begin
    for call in calls:
        call.close()


def count(counter: Any) -> float:
    value: float = counter._value.get()
    return value


@pytest.mark.parametrize("api", ["chat", "responses"])
def test_books_through_the_model(calling: Calling, api: str) -> None:
    call = calling([FIND, CREATE, READ_BACK], api)
    answer = call.says(REQUEST)
    assert answer.tool_names == ["calendar_find_slots", "calendar_create_appointment"]
    assert call.diary() == ["11-23 12:00 עיסוי שוודי 60 דני"]
    assert answer.text == READ_BACK.text


@pytest.mark.parametrize("api", ["chat", "responses"])
def test_a_calendar_turn_forces_a_tool_and_then_lets_it_speak(calling: Calling, api: str) -> None:
    call = calling([FIND, CREATE, READ_BACK], api)
    call.says(REQUEST)
    choices = [request.get("tool_choice") for request in call.server.requests]
    assert choices[0] == "required"
    assert "required" not in choices[1:]
    first = call.server.requests[0]
    assert first["parallel_tool_calls"] is False
    assert first["temperature"] == 0.2
    assert first.get("max_tokens", first.get("max_output_tokens")) == 200
    assert first.get("store") in (False, None)


def test_small_talk_forces_nothing(calling: Calling) -> None:
    call = calling([Say("בשמחה, איך אפשר לעזור?")])
    call.says("מה שלומכם?")
    assert call.server.requests[0].get("tool_choice") in (None, "auto")


def test_schemas_are_strict_and_complete(calling: Calling) -> None:
    call = calling([Say("איך אפשר לעזור?")])
    call.says("מה שלומכם?")
    tools = {tool["function"]["name"]: tool["function"] for tool in call.server.requests[0]["tools"]}
    assert len(tools) == 9
    for tool in tools.values():
        assert tool["strict"] is True
        assert tool["parameters"]["additionalProperties"] is False
        assert set(tool["parameters"]["required"]) == set(tool["parameters"]["properties"])
    assert list(tools["calendar_find_slots"]["parameters"]["properties"]) == [
        "service",
        "minutes",
        "date_iso",
        "date_to_iso",
        "time_from",
        "time_to",
        "staff",
    ]


def test_the_whole_history_goes_to_the_model_with_what_was_understood(calling: Calling) -> None:
    call = calling([Say("לאיזה יום תרצו?"), FIND, Say("ב-12:00 פנוי. על איזה שם לרשום?")])
    call.says("אני רוצה שוודי שעה")
    call.says("מחר ב-12")
    messages = call.server.requests[1]["messages"]
    assert messages[0]["role"] == "system"
    spoken = [m["content"] for m in messages if m["role"] in ("user", "assistant")]
    assert spoken[1:] == ["אני רוצה שוודי שעה", "לאיזה יום תרצו?", "מחר ב-12"]
    assert "date_iso=2026-11-23 (Monday) time=12:00" in messages[-1]["content"]


def test_the_rules_of_the_house_stand_word_for_word(calling: Calling) -> None:
    call = calling([Say("איך אפשר לעזור?")])
    call.says("מה שלומכם?")
    system = call.server.requests[0]["messages"][0]["content"]
    for rule in (
        "Always respond in Hebrew.",
        "If a tool returns ok=false or error=validation_error, "
        "ask one brief clarification in Hebrew and retry the tool.",
        "If this is not the first user turn in messages, do not greet. Continue the slot-filling and call tools.",
        "Before claiming no availability, you must call calendar_find_slots.",
    ):
        assert rule in system
        assert rule in RULES
    assert call.number is not None
    assert call.number not in system


def test_a_booking_that_did_not_happen_is_never_spoken(calling: Calling) -> None:
    call = calling([Say("קבעתי לכם למחר ב-12:00."), FIND, CREATE, READ_BACK])
    blocked = count(metrics.sentences_blocked.labels("booked"))
    answer = call.says(REQUEST)
    assert answer.text == READ_BACK.text
    assert call.server.requests[1]["tool_choice"] == "required"
    assert count(metrics.sentences_blocked.labels("booked")) == blocked + 1
    assert any(tool.name == "grounding" and tool.code == "blocked" for tool in call.notebook.tools)


def test_a_model_that_lies_twice_is_replaced_by_the_offline_brain(calling: Calling) -> None:
    call = calling([Say("קבעתי לכם למחר ב-12:00."), Say("קבעתי, באמת.")])
    answer = call.says(REQUEST)
    assert call.diary() == ["11-23 12:00 עיסוי שוודי 60 דני"]
    assert "23 בנובמבר" in answer.text


def test_a_second_greeting_and_markdown_are_not_spoken(calling: Calling) -> None:
    call = calling([Say("שלום! **איך** אפשר _לעזור_ לכם היום?")])
    assert call.says("מה שלומכם?").text == "איך אפשר לעזור לכם היום?"


FAULTS = [
    ("429", [Fault("429"), Fault("429")], {"429"}),
    ("500", [Fault("500"), Fault("500")], {"500"}),
    ("503", [Fault("503"), Fault("503")], {"503"}),
    ("401", [Fault("401")], {"401"}),
    ("html", [Fault("html"), Fault("html")], {"empty", "output"}),  # the two APIs read it differently
    ("drop", [Fault("drop"), Fault("drop")], {"connection"}),
    ("hang", [Fault("hang"), Fault("hang")], {"timeout"}),
    ("stall", [Fault("stall", "אני בודקת"), Fault("stall", "אני")], {"timeout"}),
    ("empty", [Say(""), Say("")], {"empty"}),
    ("refuse", [Fault("refuse")], {"refusal"}),
    ("cut", [Fault("cut", "אני בודקת"), Fault("cut", "אני")], {"connection"}),
    ("unknown tool", [Use("fly_to_moon", {}), Use("fly_to_moon", {}), Say("")], {"empty"}),
    ("tool loop", lambda _: FIND, {"loop"}),
    ("english", [Say("Sure, I can book that for you."), Say("I booked it.")], {"language"}),
]
"""Fault, what the model does, and the code under which it is counted: an error of the model, or a blocked sentence."""


@pytest.mark.parametrize("api", ["chat", "responses"])
@pytest.mark.parametrize(("fault", "script", "codes"), FAULTS, ids=[fault for fault, *_ in FAULTS])
def test_every_fault_ends_in_a_true_answer(
    calling: Calling, fault: str, script: Script, codes: set[str], api: str
) -> None:
    """Heard: the offline brain's booking, and soon. Stored: its tools. Moved: the counter of the fault."""
    call = calling(script if callable(script) else list(script), api, QUICK if codes == {"timeout"} else UNHURRIED)
    before = counted(codes)
    began_at = call.loop.time()
    answer = call.says(REQUEST)
    assert call.loop.time() - began_at < 10, "a hanging model is waited for to its end"
    assert call.diary() == ["11-23 12:00 עיסוי שוודי 60 דני"]
    assert "12:00" in answer.text
    assert answer.tool_names[-1] == "calendar_create_appointment"
    assert counted(codes) > before


def counted(codes: set[str]) -> float:
    counters = (metrics.brain_errors, metrics.sentences_blocked)
    return sum(count(counter.labels(code)) for counter in counters for code in codes)


def test_one_quick_failure_is_tried_again(calling: Calling) -> None:
    call = calling([Fault("500"), FIND, CREATE, READ_BACK])
    assert call.says(REQUEST).text == READ_BACK.text


def test_malformed_arguments_come_back_as_a_validation_error(calling: Calling) -> None:
    call = calling([Use("calendar_find_slots", "{broken"), FIND, CREATE, READ_BACK])
    answer = call.says(REQUEST)
    assert [tool.code for tool in answer.tools] == ["validation_error", None, None]
    tool_message = next(m for m in call.server.requests[1]["messages"] if m["role"] == "tool")
    assert json.loads(tool_message["content"])["error"] == "validation_error"


def test_a_made_up_day_is_refused(calling: Calling) -> None:
    wrong = Use(CREATE.tool, {**CREATE.arguments, "date_iso": "2026-11-30"})
    call = calling([FIND, wrong, CREATE, READ_BACK])
    answer = call.says(REQUEST)
    assert [tool.code for tool in answer.tools] == [None, "validation_error", None]
    assert call.diary() == ["11-23 12:00 עיסוי שוודי 60 דני"]


def test_the_same_booking_twice_books_once(calling: Calling) -> None:
    call = calling([FIND, CREATE, CREATE, READ_BACK])
    call.says(REQUEST)
    assert call.diary() == ["11-23 12:00 עיסוי שוודי 60 דני"]


def test_a_model_that_refuses_a_temperature_is_asked_without(calling: Calling) -> None:
    refusal = Fault("400", "Unsupported parameter: 'temperature' is not supported with this model.")
    call = calling([refusal, FIND, CREATE, READ_BACK])
    assert call.says(REQUEST).text == READ_BACK.text
    assert [("temperature" in request) for request in call.server.requests] == [True, False, False, False]


def test_a_slow_model_is_bridged_by_a_filler_once(calling: Calling) -> None:
    patient = replace(UNHURRIED, filler_s=QUICK.filler_s)
    call = calling([Say("לאיזה יום תרצו?"), Say("לכמה זמן תרצו?")], deadlines=patient, first_token_s=0.5)
    first = call.says("אני רוצה שוודי")
    second = call.says("שוודי כזה")
    assert [sentence.is_filler for sentence in first.sentences] == [True, False]
    assert [sentence.is_filler for sentence in second.sentences] == [False]


def test_the_first_sentence_is_spoken_while_the_model_still_writes(calling: Calling) -> None:
    call = calling([Say("אני בודקת ביומן. לאיזה יום ושעה תרצו שאבדוק לכם?")], token_s=0.05)
    moments: list[float] = []

    async def listen() -> None:
        async for _ in call.brain.ask(1, "אני רוצה שוודי שעה"):
            moments.append(call.loop.time())

    call.loop.run_until_complete(listen())
    assert len(moments) == 2
    assert moments[1] - moments[0] > 0.2


def test_barge_in_ends_the_run_at_once(calling: Calling) -> None:
    call = calling([Say("אני בודקת ביומן. " + "ועוד רגע " * 40)], token_s=0.05)

    async def interrupt() -> float:
        asking = asyncio.ensure_future(call._ask("אני רוצה שוודי שעה"))
        await asyncio.sleep(0.4)
        began_at = call.loop.time()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        took_s = call.loop.time() - began_at
        await asyncio.sleep(0.2)
        return took_s

    assert call.loop.run_until_complete(interrupt()) < 1, "the model would have gone on for four seconds"
    others = [task for task in asyncio.all_tasks(call.loop) if "_make" in repr(task)]
    assert others == []


def test_after_repeated_failures_the_offline_brain_goes_on_without_asking(calling: Calling) -> None:
    call = calling(lambda _: Fault("500"))
    call.says("אני רוצה לקבוע תור")
    call.says("שוודי")
    call.says("שעה")
    asked = len(call.server.requests)
    assert call.mind.breaker.is_open
    call.says("מחר ב-12")
    call.says("דני")
    assert len(call.server.requests) == asked
    assert call.diary() == ["11-23 12:00 עיסוי שוודי 60 דני"]


def test_the_breaker_closes_again_by_itself(calling: Calling) -> None:
    answers: list[Any] = [Fault("500")] * 6
    call = calling(lambda _: answers.pop(0) if answers else Say("לאיזה יום תרצו?"))
    for words in ("אני רוצה לקבוע תור", "שוודי", "שעה"):
        call.says(words)
    assert call.mind.breaker.is_open
    answers.clear()
    call.mind.breaker.open_s = 0.0
    assert call.says("רגע, מה יש?").text == "לאיזה יום תרצו?"
    assert not call.mind.breaker.is_open


def test_the_agent_is_built_once() -> None:
    assert receptionist_agent() is receptionist_agent()


STREAM_ERRORS = ['{"error": {"message": "overloaded"}}', '["a"]', '"text"', "17", "null", "{"]


@pytest.mark.parametrize("event", STREAM_ERRORS)
def test_an_error_inside_a_good_answer_ends_in_a_true_answer(calling: Calling, event: str) -> None:
    call = calling([Fault("event", event), Fault("event", event)])
    answer = call.says(REQUEST)
    assert call.diary() == ["11-23 12:00 עיסוי שוודי 60 דני"]
    assert "12:00" in answer.text


def test_a_server_that_does_not_enforce_tools_is_asked_again_and_then_left(calling: Calling) -> None:
    call = calling([Say("רגע, אני בודקת ביומן."), Say("בסדר.")])
    blocked = count(metrics.sentences_blocked.labels("no_tool"))
    answer = call.says(REQUEST)
    assert "קבעתי" in answer.text
    assert call.diary() == ["11-23 12:00 עיסוי שוודי 60 דני"]
    assert count(metrics.sentences_blocked.labels("no_tool")) == blocked + 2


@pytest.mark.parametrize("tool", ["find", "create"])
def test_a_loop_of_fresh_calls_does_not_deny_what_was_done(calling: Calling, tool: str) -> None:
    again = FIND if tool == "find" else CREATE
    call = calling(lambda _: Use(again.tool, again.arguments))
    answer = call.says(REQUEST)
    assert call.diary() == ["11-23 12:00 עיסוי שוודי 60 דני"]
    assert "קבעתי" in answer.text


WRONG_WISHES = [
    {"service": "רקמות עמוק", "minutes": 60},
    {"minutes": 90},
    {"staff": "רון"},
    {"customer_name": "משה לוי"},
    {"customer_name": "Unknown caller"},
    {"time": "13:00"},
    {"date_iso": "2026-11-25"},
]


@pytest.mark.parametrize("wrong", WRONG_WISHES)
def test_nothing_is_booked_that_the_caller_did_not_ask_for(calling: Calling, wrong: dict[str, Any]) -> None:
    wide = Use(FIND.tool, {**FIND.arguments, "date_iso": None, "time_from": None, "time_to": None})
    call = calling([wide, Use(CREATE.tool, {**CREATE.arguments, **wrong}), Say("לאיזה יום ושעה תרצו?")])
    answer = call.says("תקבע לי מחר ב-12 שוודי שעה אצל מאיה. דני.")
    assert answer.tools[1].code == "validation_error"
    assert call.diary() == []


def test_a_name_after_the_name_question_is_booked_without_the_model(calling: Calling) -> None:
    call = calling([FIND, Say("ב-12:00 פנוי. על איזה שם לרשום?")])
    call.says("תקבע לי מחר ב-12 שוודי שעה")
    asked = len(call.server.requests)
    answer = call.says("דני")
    assert len(call.server.requests) == asked
    assert answer.tool_names == ["calendar_create_appointment"]
    assert call.diary() == ["11-23 12:00 עיסוי שוודי 60 דני"]


def test_free_times_are_looked_up_while_the_caller_still_speaks(calling: Calling, desk: Desk) -> None:
    call = calling([FIND, CREATE, READ_BACK])
    asked: list[Any] = []
    real = desk.bookings.find

    def find(*args: Any) -> Any:
        asked.append(args[1])
        return real(*args)

    desk.bookings.find = find  # type: ignore[method-assign]

    async def overhear() -> None:
        for words in ("תקבע", "תקבע לי שוודי שעה", "תקבע לי שוודי שעה מחר ב-12"):
            call.brain.overhears(words)
        await asyncio.sleep(0.2)

    call.loop.run_until_complete(overhear())
    assert len(asked) == 1
    answer = call.says("תקבע לי שוודי שעה מחר ב-12. דני.")
    assert answer.tool_names == ["calendar_find_slots", "calendar_create_appointment"]
    assert len(asked) == 1


def test_a_loop_of_ever_other_looks_ends_in_the_booking_that_was_wished(calling: Calling) -> None:
    hours = iter(range(9, 60))

    def script(_: dict[str, Any]) -> Use:
        hour = f"{9 + next(hours) % 10:02}:00"
        return Use(FIND.tool, {**FIND.arguments, "time_from": hour, "time_to": hour})

    answer = calling(script).says(REQUEST)
    assert "קבעתי" in answer.text
