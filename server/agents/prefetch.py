"""Looks into the diary while the caller still speaks: the free times that the turn will most likely ask for.

Only with a cloud model: the offline brain asks some milliseconds later anyway, and reading every interim result costs
more than that saves.
"""

from __future__ import annotations

import asyncio
import re

from server.agents.calendar_arguments import FindSlots, query_of
from server.agents.context import Session
from server.agents.dialogue import read
from server.agents.memory import Line
from server.agents.offline_policy import decide
from server.agents.questions import asked_by
from server.agents.scene import Act
from server.hebrew.understand import understand
from server.log import get_logger

_HOLDS_DAY = re.compile(r"יום|מחר|היום|ראשון|שני|שלישי|רביעי|חמישי|שישי|שבת|שבוע|לחודש|הערב|\d[./]\d")

log = get_logger(__name__)


class Prefetch:
    """One look an utterance, at the first interim words that hold a day and leave only the calendar to be asked."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._has_looked = False
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Another utterance."""
        self._has_looked = False

    def overhears(self, words: str) -> None:
        if self._has_looked or not _HOLDS_DAY.search(words):
            return
        session = self._session
        stand = read(session.conversation.entries, session.now.date())
        asked = asked_by(stand.question, stand.offers)
        u = understand(words, session.now, asked, session.vocabulary, stand.offers)
        if u.date is None:
            return
        entries = (*session.conversation.entries, Line(session.turn + 1, words, u))
        step = decide(entries, session.call.facts, session.now)
        if isinstance(step, Act) and step.tool == "calendar_find_slots":
            self._has_looked = True
            self._task = asyncio.get_running_loop().create_task(self._look(FindSlots(**step.arguments)))

    async def _look(self, asked: FindSlots) -> None:
        session = self._session
        try:
            query = query_of(session, asked)
            found = await asyncio.to_thread(session.call.bookings.find, session.business_id, query)
        except Exception:  # noqa: BLE001  a guess that fails costs nothing; the tool will ask again and tell
            log.warning("prefetch failed", call_sid=session.call.call_sid)
            return
        session.prefetched = (query, asyncio.get_running_loop().time(), found)
