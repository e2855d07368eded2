"""The promise of a text message: how a tool's answer makes it, and how the offline brain passes it on. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from server.agents.memory import Step
from server.agents.saying import WORD_LIMIT, word_count
from server.agents.scene import Say

SENTENCE: Final = "תקבלו אישור בהודעה."

PROMISE: Final[Mapping[str, str]] = {"confirmation": "will_be_sent"}
"""Stands in the answer of a tool exactly when a message waits to be sent."""


def is_promised(result: Mapping[str, Any]) -> bool:
    return result.get("confirmation") == PROMISE["confirmation"]


def promising(told: Say, step: Step) -> Say:
    """What was done in `step` as told, with the promise before its question, if there is one and room for it."""
    is_news = step.name != "calendar_set_contact" or bool(step.given().get("phone"))
    if not (is_news and is_promised(step.result())):
        return told
    done, _, question = told.text.rpartition(". ")
    text = f"{done}. {SENTENCE} {question}" if question.endswith("?") and done else f"{told.text} {SENTENCE}"
    return Say(text) if word_count(text) <= WORD_LIMIT else told
