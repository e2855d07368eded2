"""What the model is asked with, and what is done about a server that refuses some of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from server.agents.cloud import paired
from server.agents.mind import Deadlines, Mind, is_openais
from server.agents.model_options import ModelOptions
from tests.cloud_call import CloudCall
from tests.desk import Desk
from tests.fake_openai import Entry, Fault, Say
from tests.test_agent_cloud import CREATE, FIND, READ_BACK, REQUEST

QUICK = Deadlines(connect_s=0.5, attempt_s=0.8, turn_s=2.5, filler_s=0.3)

Calling = Callable[..., CloudCall]


@pytest.fixture
def calling(desk: Desk) -> Iterator[Calling]:
    calls: list[CloudCall] = []

    def begin(script: Any, api: str, model: str) -> CloudCall:
        calls.append(CloudCall(desk, script, QUICK, api))
        calls[-1].mind.options = ModelOptions(model)
        return calls[-1]

    yield begin
    for call in calls:
        call.close()


def strict(*refused: str, then: list[Entry]) -> Callable[[dict[str, Any]], Entry]:
    """A server that refuses a request with any of these fields, one at a time."""

    def answer(request: dict[str, Any]) -> Entry:
        for field in refused:
            if request.get(field) is not None:
                return Fault("400", f"Unsupported parameter: '{field}' is not supported with this model.")
        return then.pop(0)

    return answer


@pytest.mark.parametrize("api", ["chat", "responses"])
def test_a_model_that_may_think_is_asked_not_to(calling: Calling, api: str) -> None:
    call = calling([Say("לאיזה יום תרצו?")], api, "gpt-5.6-luna")
    call.says("מה שלומכם?")
    request = call.server.requests[0]
    effort = request["reasoning"]["effort"] if api == "responses" else request["reasoning_effort"]
    assert (effort, request["temperature"]) == ("none", 0.2)


def test_one_that_thinks_all_the_same_takes_no_temperature() -> None:
    settings = ModelOptions("gpt-5").settings(must_use_tool=False)
    assert settings.reasoning is not None
    assert (settings.reasoning.effort, settings.temperature) == ("low", None)


def test_other_models_are_asked_with_the_temperature_alone() -> None:
    settings = ModelOptions("some-model").settings(must_use_tool=True)
    assert (settings.temperature, settings.reasoning, settings.verbosity) == (0.2, None, None)
    assert (settings.max_tokens, settings.tool_choice) == (200, "required")


def test_a_server_that_refuses_all_of_it_is_asked_without_within_the_turn(calling: Calling) -> None:
    refusing = strict("max_tokens", "reasoning_effort", "verbosity", "temperature", then=[FIND, CREATE, READ_BACK])
    call = calling(refusing, "chat", "gpt-5.6-luna")
    assert call.says(REQUEST).text == READ_BACK.text
    last = call.server.requests[-1]
    assert last["max_completion_tokens"] == 200
    assert not {"max_tokens", "temperature", "reasoning_effort", "verbosity"}.intersection(last)
    assert not call.mind.breaker._failures


@pytest.mark.parametrize("reason", ["length", "content_filter"])
def test_an_answer_that_was_broken_off_is_not_spoken(calling: Calling, reason: str) -> None:
    fragment = '{"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [{"index": 0, '
    fragment += f'"delta": {{"content": "שעה עולה 35"}}, "finish_reason": "{reason}"}}]}}'
    call = calling([Fault("event", fragment), Say("לאיזה יום תרצו?")], "chat", "m")
    assert call.says("מה שלומכם?").text == "לאיזה יום תרצו?"


def test_halves_of_a_character_are_joined() -> None:
    assert paired("טוב \ud83d\ude00") == "טוב 😀"
    assert paired("טוב \ud83d").encode() == "טוב \ufffd".encode()


@pytest.mark.parametrize(
    ("address", "is_own"),
    [
        ("", True),
        ("https://api.openai.com/v1", True),
        ("https://eu.api.openai.com/v1", True),
        ("http://127.0.0.1:8000/v1", False),
        ("https://openai.com.example.org/v1", False),
    ],
)
def test_openais_own_hosts_are_known_by_name(address: str, is_own: bool) -> None:
    assert is_openais(address) is is_own


@pytest.mark.parametrize(("status", "is_there"), [(403, True), (404, True), (503, False)])
def test_a_server_without_a_list_of_models_is_there(status: int, is_there: bool, calling: Calling) -> None:
    call = calling([], "chat", "m")
    call.server.models_status = status
    mind: Mind = call.mind
    assert call.loop.run_until_complete(mind.warm_up()) is is_there
