"""A call is ended only after the caller has taken leave, whatever a model says."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from server.calls.models import Then
from tests.cloud_call import UNHURRIED, CloudCall
from tests.desk import Desk
from tests.fake_openai import Say, Script

FAREWELL = Say("תודה רבה, להתראות.")
Calling = Callable[[Script], CloudCall]


@pytest.fixture
def calling(desk: Desk) -> Iterator[Calling]:
    calls: list[CloudCall] = []

    def begin(script: Script) -> CloudCall:
        calls.append(CloudCall(desk, script, UNHURRIED))
        return calls[-1]

    yield begin
    for call in calls:
        call.close()


@pytest.mark.parametrize("words", ["תודה רבה", "ביי", "זהו, תודה", "זה הכול", "זהו", "לא, תודה", "טוב, תודה, להתראות"])
def test_a_farewell_ends_the_call_of_a_caller_who_takes_leave(words: str, calling: Calling) -> None:
    assert calling([FAREWELL]).says(words).then is Then.HANG_UP


@pytest.mark.parametrize(
    "words", ["מה שלומכם?", "שלום", "כן", "רגע, תודה", "תודה, אבל לא הבנתי", "כן תודה", "תודה, מה?"]
)
def test_a_farewell_to_anybody_else_is_spoken_and_listening_goes_on(words: str, calling: Calling) -> None:
    answer = calling([FAREWELL]).says(words)
    assert answer.text == FAREWELL.text
    assert answer.then is Then.LISTEN


@pytest.mark.parametrize(("words", "then"), [("לא", Then.HANG_UP), ("לא צריך כלום", Then.HANG_UP), ("כן", Then.LISTEN)])
def test_no_to_anything_else_takes_leave(words: str, then: Then, calling: Calling) -> None:
    call = calling([Say("בשמחה. אפשר לעזור בעוד משהו?"), FAREWELL])
    call.says("מה שלומכם?")
    assert call.says(words).then is then


def test_no_to_an_offer_of_an_hour_does_not(calling: Calling) -> None:
    call = calling([Say("לאיזה יום תרצו?"), FAREWELL])
    call.says("מה שלומכם?")
    assert call.says("לא, תודה").then is Then.LISTEN


def test_a_good_day_told_of_is_no_farewell(calling: Calling) -> None:
    assert calling([Say("בשמחה, אצלנו כל יום טוב.")]).says("תודה").then is Then.LISTEN


def test_only_the_last_words_of_a_reply_end_the_call(calling: Calling) -> None:
    answer = calling([Say("תודה רבה, להתראות. אפשר לעזור בעוד משהו?")]).says("תודה")
    assert {sentence.then for sentence in answer.sentences} == {Then.LISTEN}
    answer = calling([Say("תודה רבה, להתראות. יום נעים!")]).says("תודה")
    *before, last = [sentence.then for sentence in answer.sentences]
    assert set(before) == {Then.LISTEN}
    assert last is Then.HANG_UP
