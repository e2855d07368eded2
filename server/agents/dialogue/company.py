"""Who comes along: two people at the same hour, a larger party, or one person twice. Pure."""

from __future__ import annotations

import re
from dataclasses import replace

from server.agents.dialogue.state import Dialogue
from server.agents.people import both_names, group_size, is_somebody, named_also, named_two
from server.agents.questions import Question
from server.hebrew.gazetteer import FIRST_NAMES
from server.hebrew.models import Answer, Understanding

AT_MOST = "לכל היותר"
"""How a reply tells that a party is too large for one hour."""

_COUPLE = re.compile(
    r"(?<![א-ת])(?:ל?זוג|זוגי|[לש]?שנינו|[לש]?שתינו|לשניים|לשתיים|אחד לי ואחד|אחת לי ואחת|"
    r"(?:לי ול|אני ו)ה?(?:בעלי|אשתי|חבר|חברה|בן|בת|אמא|אבא|אחות|אחי))"
)
_DOUBLE = re.compile(r"(?<![א-ת])(?:שני תורים|שתי פגישות|שני טיפולים|תור אחד .* ו(?:תור )?אחד)")


def note_company(d: Dialogue, u: Understanding) -> None:
    """What a line says of those who come, before its wish is taken in."""
    d.party = group_size(u.text) or d.party
    if AT_MOST in d.substance and d.question is Question.BOOK and u.answer is Answer.YES:
        d.is_together, d.party = "לזוג" in d.substance, 0
        d.is_couple = d.is_together
    d.is_together = d.is_together or bool(_COUPLE.search(u.text))
    d.is_couple = d.is_couple or d.is_together
    d.is_double = d.is_double or (bool(_DOUBLE.search(u.text)) and not d.is_couple)


def people(d: Dialogue) -> int:
    """How many must find a place at the same hour."""
    return d.party or (2 if d.is_together else 1)


def take_two(d: Dialogue, u: Understanding) -> None:
    """Two people at once: an appointment for each, and where there is no second name it is asked for."""
    is_further = d.last_standing is not None
    two, also = named_two(u.text), None if is_further else named_also(u.text)
    first, both, second = (d.wish.name or "").partition(" ו")
    two = two or (both_names(u.text) if d.is_couple and d.question is Question.NAME else None)
    if two is not None:
        first, second = two
    elif also is not None:
        first, second = (first if first != also else ""), also
    elif not both or not (d.is_couple or second in FIRST_NAMES):
        return
    is_named = second in FIRST_NAMES or (d.question is Question.NAME and is_somebody(second))
    d.wish = replace(d.wish, name=first or None)
    d.is_couple, d.second_name = True, second if is_named else None
