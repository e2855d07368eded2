"""When a call may be ended: a farewell is in place only where the caller has taken leave. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from server.agents.dialogue import Dialogue, read
from server.agents.first_clause import MARKS
from server.agents.manner import is_plain
from server.agents.memory import Entry, Line
from server.agents.offline_policy import decide
from server.agents.questions import Question
from server.agents.scene import Say
from server.calendar.models import BusinessFacts
from server.hebrew.models import Answer, Intent, Understanding

_FAREWELL = re.compile(r"(?<![א-ת])(?<!כל )ו?(?:להתראות|שבת שלום|(?:יום|ערב|לילה) טוב|חג שמח)(?![א-ת])")
_THAT_IS_ALL = re.compile(r"(?<![א-ת])ו?(?:זהו|ז(?:ה|את) ה?כו?ל|סיימנו|סיימתי|ביי)(?![א-ת])")
_NOT_YET = re.compile(r"(?<![א-ת])(?:אבל|רגע|שנייה|שניה|רק|ועוד|דבר אחד)(?![א-ת])|\?\s*$")
_COURTESIES = frozenset({Intent.GOODBYE, Intent.THANKS, Intent.GREETING})
_OFFERS_OF_MORE = (None, Question.MORE, Question.HELP, Question.BOOK, Question.MESSAGE_CHECK)
"""Questions whose "no" leaves nothing to be talked about."""


def is_farewell(said: str) -> bool:
    """Whether a reply takes leave, and wants no answer."""
    return "?" not in said and said[-1:] not in MARKS and bool(_FAREWELL.search(said))


def has_taken_leave(entries: Sequence[Entry], facts: BusinessFacts, now: dt.datetime) -> bool:
    """Whether the caller's last line ends the talk: it says goodbye, thanks or "that is all" and nothing beside it,
    declines anything more, or the offline brain would take leave of it."""
    places = [i for i, entry in enumerate(entries) if isinstance(entry, Line)]
    if not places:
        return False
    heard = entries[: places[-1] + 1]
    if _takes_leave(read(heard, now.date())):
        return True
    decision = decide(heard, facts, now)
    return isinstance(decision, Say) and is_farewell(decision.text)


def _takes_leave(d: Dialogue) -> bool:
    u = d.understanding
    is_about_the_talk = u.intents <= _COURTESIES and is_plain(u.text) and not _holds_a_detail(u)
    if not is_about_the_talk or _NOT_YET.search(u.text):
        return False
    if Intent.GREETING in u.intents and not d.has_helped:  # "שלום" opens a talk and ends one
        return False
    if u.answer is Answer.NO:
        is_nothing_more = d.answered in (Question.MORE, Question.HELP) or bool(u.intents & _COURTESIES)
        return d.answered in _OFFERS_OF_MORE and is_nothing_more
    is_bye = Intent.GOODBYE in u.intents or bool(_THAT_IS_ALL.search(u.text))
    return is_bye or (Intent.THANKS in u.intents and u.answer is not Answer.YES)


def _holds_a_detail(u: Understanding) -> bool:
    return u.holds_when or any((u.service, u.staff, u.name, u.phone, u.duration_min, u.shift))
