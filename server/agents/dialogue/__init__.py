"""Where a conversation stands, read from its entries alone: goal, wish, offers, what was done and what is new.

Pure. Nothing is carried from turn to turn but the conversation itself, so the offline brain can take over anywhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from server.agents.dialogue.goals import UNKNOWN, new_name
from server.agents.dialogue.lines import read_line
from server.agents.dialogue.replies import read_reply
from server.agents.dialogue.state import Dialogue, Goal
from server.agents.dialogue.steps import FAILURES, read_step
from server.agents.dialogue.visits import Visit, meant, offer_of
from server.agents.memory import Entry, Line, Step

__all__ = ["FAILURES", "UNKNOWN", "Dialogue", "Goal", "Visit", "meant", "new_name", "offer_of", "read"]


def read(entries: Iterable[Entry], today: dt.date) -> Dialogue:
    """Fold the entries of a conversation into where it stands."""
    d = Dialogue()
    for entry in entries:
        if isinstance(entry, Line):
            read_line(d, entry)
        elif isinstance(entry, Step):
            read_step(d, entry)
        else:
            read_reply(d, entry, today)
    return d
