"""A call whose brain is a model behind a loopback server."""

from __future__ import annotations

import asyncio
from typing import Any

from server.agents.mind import Deadlines, Mind, make_mind
from tests.desk import Desk
from tests.fake_openai import FakeOpenAI, Script
from tests.talk import CALLER, PhoneCall

UNHURRIED = Deadlines(connect_s=30, attempt_s=30, turn_s=60, bare_turn_s=60, filler_s=30)
"""For a model that answers, on a machine that may be busy: nothing ends by time, and nothing fills a wait."""


class CloudCall(PhoneCall):
    def __init__(
        self,
        desk: Desk,
        script: Script,
        deadlines: Deadlines,
        api: str = "chat",
        number: str | None = CALLER,
        **pace: float,
    ) -> None:
        self.server = FakeOpenAI(script, **pace)
        self._deadlines = deadlines
        self._api = api
        super().__init__(desk, number, mind=self._make_mind)

    def _make_mind(self, loop: asyncio.AbstractEventLoop) -> Mind:
        url = loop.run_until_complete(self.server.start())
        return make_mind("key", "model", url, self._deadlines, api=self._api)

    def close(self) -> None:
        mind: Any = self.mind
        self.loop.run_until_complete(mind.close())
        self.loop.run_until_complete(self.server.stop())
        super().close()
