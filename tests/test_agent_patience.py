"""How long a model is waited for: it gives a sign in time, or is asked once more, or the offline brain answers."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from server import metrics
from server.agents.mind import Deadlines
from server.agents.watch import Patience, Watch
from server.calls.models import Then
from tests.cloud_call import UNHURRIED, CloudCall
from tests.desk import Desk
from tests.fake_openai import Fault, Say, Script
from tests.test_agent_cloud import CREATE, FIND, READ_BACK, REQUEST

SHORT = Deadlines(connect_s=0.3, attempt_s=0.6, turn_s=2.0, bare_turn_s=1.3, filler_s=0.2)
SMALL_TALK = "מה שלומכם?"

Calling = Callable[..., CloudCall]


@pytest.fixture
def calling(desk: Desk) -> Iterator[Calling]:
    calls: list[CloudCall] = []

    def begin(script: Script, deadlines: Deadlines = UNHURRIED, **pace: float) -> CloudCall:
        calls.append(CloudCall(desk, script, deadlines, **pace))
        return calls[-1]

    yield begin
    for call in calls:
        call.close()


def timeouts() -> float:
    value: float = metrics.brain_errors.labels("timeout")._value.get()
    return value


def seconds(call: CloudCall, ask: Callable[[], Any]) -> float:
    began_at = call.loop.time()
    ask()
    return call.loop.time() - began_at


def test_a_model_that_gives_no_sign_is_asked_once_more(calling: Calling) -> None:
    call = calling([Fault("hang"), FIND, CREATE, READ_BACK], SHORT)
    before = timeouts()
    assert call.says(REQUEST).text == READ_BACK.text
    assert timeouts() == before + 1


def test_a_model_that_never_answers_costs_two_attempts(calling: Calling) -> None:
    call = calling([Fault("hang"), Fault("hang")], SHORT)
    before = timeouts()
    took_s = seconds(call, lambda: call.says(REQUEST))
    assert call.diary() == ["11-23 12:00 עיסוי שוודי 60 דני"]
    assert timeouts() == before + 2
    assert 1.2 <= took_s < 1.9


def test_there_is_no_second_attempt_without_time_for_it(calling: Calling) -> None:
    """Signs of life keep the first attempt going; the caller's patience ends it."""
    call = calling([Say("רגע " * 60)], SHORT, token_s=0.1)
    took_s = seconds(call, lambda: call.says(SMALL_TALK))
    assert len(call.server.requests) == 1
    assert 1.9 <= took_s < 2.7


def test_without_a_filler_the_turn_has_less_time(calling: Calling) -> None:
    call = calling(lambda _: Fault("hang"), SHORT)
    first = call.says(SMALL_TALK)
    took_s = seconds(call, lambda: call.says(REQUEST))
    assert first.sentences[0].is_filler
    assert took_s < 1.7
    assert call.diary() == ["11-23 12:00 עיסוי שוודי 60 דני"]


def test_what_stalls_after_a_clause_is_taken_up_by_the_offline_brain(calling: Calling) -> None:
    call = calling([Fault("stall", "אשמח לעזור, באיזה יום")], SHORT)
    answer = call.says("אני רוצה לקבוע תור")
    assert answer.text.startswith("אשמח לעזור,")
    assert answer.text.endswith("?")
    assert len(call.server.requests) == 1


def test_a_lie_after_a_true_clause_is_not_spoken_and_the_model_is_told_what_was_heard(calling: Calling) -> None:
    offer = Say("מחר ב-12:00 פנוי, על איזה שם לרשום?")
    call = calling([FIND, Say("תודה רבה, קבעתי לכם למחר ב-12:00."), FIND, offer])
    assert call.says("אפשר שוודי שעה מחר ב-12?").text == f"תודה רבה, {offer.text}"
    assert "תודה רבה," in call.server.requests[2]["messages"][-1]["content"]


def test_a_clause_is_spoken_while_its_sentence_is_being_written(calling: Calling) -> None:
    call = calling([Say("אשמח לעזור, לאיזה יום ולאיזו שעה תרצו שאקבע לכם את התור?")], token_s=0.05)
    moments: list[tuple[str, float]] = []

    async def listen() -> None:
        async for sentence in call.brain.ask(1, SMALL_TALK):
            moments.append((sentence.text, call.loop.time()))

    call.loop.run_until_complete(listen())
    assert moments[0][0] == "אשמח לעזור,"
    assert moments[-1][0] == "לאיזה יום ולאיזו שעה תרצו שאקבע לכם את התור?"
    assert moments[-1][1] - moments[0][1] > 0.3


def test_a_clause_of_farewell_does_not_hang_up_before_its_sentence_is_over(calling: Calling) -> None:
    goodbye = Say("נתראה מחר ב-12:00 ויום טוב, רוצים לשאול עוד משהו?")
    call = calling([FIND, CREATE, goodbye], token_s=0.01)
    answer = call.says(REQUEST)
    assert len(answer.sentences) > 1
    assert {sentence.then for sentence in answer.sentences} == {Then.LISTEN}


def test_a_tool_at_work_is_not_a_silent_model(calling: Calling) -> None:
    """A desk that takes longer than the model may is waited for; the model is not asked again."""
    call = calling([FIND, CREATE, READ_BACK], Deadlines(attempt_s=0.8, turn_s=6.0))
    desk: Any = call.desk.bookings
    find, pause = desk.find, threading.Event()

    def slow_find(*args: Any) -> Any:
        pause.wait(1.2)
        return find(*args)

    desk.find = slow_find
    assert call.says(REQUEST).text == READ_BACK.text
    assert len(call.server.requests) == 3


def test_patience_moves_on_with_what_is_said() -> None:
    async def watched() -> float:
        loop, is_given_up = asyncio.get_running_loop(), asyncio.Event()
        ends_at = loop.time() + 0.05
        patience = Patience(attempt_s=60, until=ends_at)
        watch = Watch(patience, lambda: False, is_given_up.set)
        patience.until += 0.1
        await is_given_up.wait()
        assert watch.is_over
        return loop.time() - ends_at

    assert asyncio.run(watched()) > 0.09
