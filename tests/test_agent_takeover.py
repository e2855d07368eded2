"""The offline brain takes over a call that a cloud model has begun, at any turn, from the same memory."""

from __future__ import annotations

import json
import random
from functools import partial
from typing import Any

import pytest

from server.agents.offline_policy import decide
from server.agents.scene import Act
from tests.cloud_call import UNHURRIED, CloudCall
from tests.desk import Desk
from tests.fake_openai import Entry, Fault, Say, Use
from tests.test_agent_conversations import SCRIPTS, check, judge, prepared_call


class GoodModel:
    """A model that does its work well until it is switched off; it decides as the offline brain would."""

    def __init__(self) -> None:
        self.call: CloudCall | None = None
        self.is_down = False
        self.answer_count = 0
        self.refused_count = 0

    def __call__(self, _: dict[str, Any]) -> Entry:
        if self.is_down or self.call is None:
            self.refused_count += 1
            return Fault("500")
        self.answer_count += 1
        session = self.call.brain._session
        decision = decide(session.conversation.entries, session.call.facts, session.now)
        if isinstance(decision, Act):
            return Use(decision.tool, json.dumps(decision.arguments, ensure_ascii=False))
        return Say(decision.text)


@pytest.mark.parametrize("script", SCRIPTS, ids=[script["name"] for script in SCRIPTS])
def test_the_breaker_opens_in_the_middle_of_a_call(script: dict[str, Any], desk: Desk) -> None:
    talk = script["talk"]
    down_at = random.Random(script["name"]).randrange(len(talk))
    model = GoodModel()
    call = prepared_call(script, desk, partial(CloudCall, script=model, deadlines=UNHURRIED))
    model.call = call
    call.mind.breaker.failure_limit = 1
    for i, (words, expected) in enumerate(talk):
        model.is_down = i >= down_at
        check(call.says(words), words, expected)
    judge(script, call)
    assert call.mind.breaker.is_open == (model.refused_count > 0)  # plain answers never reach the model
    assert (model.answer_count > 0) == (down_at > 0)
    call.close()
