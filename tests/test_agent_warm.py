"""The server is warm before it says that it is ready, and nothing of it shows in the diary."""

from __future__ import annotations

import asyncio

import pytest

from server.agents.context import CallContext
from server.agents.mind import make_mind
from server.agents.rehearsal import LINE, rehearsing
from server.agents.runner import open_receptionist
from server.agents.warm import SMALL_TALK, warm_up
from tests.desk import MONDAY, SUNDAY, Desk
from tests.fake_openai import FakeOpenAI
from tests.talk import Notebook


def test_warming_up_books_nothing_and_tells_whether_the_model_is_there(desk: Desk) -> None:
    facts = desk.bookings.facts(desk.business.id)

    async def run() -> tuple[bool, bool, bool]:
        server = FakeOpenAI([])
        reachable = make_mind("key", "model", await server.start())
        away = make_mind("key", "model", "http://127.0.0.1:9/v1")
        answers = [await warm_up(facts, desk.bookings, desk.clock, mind) for mind in (None, reachable, away)]
        for mind in (reachable, away):
            await mind.close()
        await server.stop()
        return answers[0], answers[1], answers[2]

    assert asyncio.run(run()) == (True, True, False)
    assert desk.bookings.between(desk.business.id, SUNDAY, MONDAY) == ()


@pytest.mark.parametrize("api", ["chat", "responses"])
def test_the_rehearsal_is_a_whole_reply_that_asks_no_server(desk: Desk, api: str) -> None:
    async def run() -> list[str]:
        real = make_mind("key", "gpt-5.6-luna", "http://127.0.0.1:9/v1", api=api)
        mind = rehearsing(real)
        facts = desk.bookings.facts(desk.business.id)
        call = CallContext("CA1", facts, None, desk.bookings, Notebook("CA1"), desk.clock, mind)
        said = [sentence.text async for sentence in open_receptionist(call).ask(1, SMALL_TALK)]
        await real.close()
        await mind.close()
        return said

    assert asyncio.run(run()) == [LINE]
