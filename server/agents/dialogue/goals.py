"""What a line of the caller is after: an appointment, a change, a message, or an answer about the business. Pure."""

from __future__ import annotations

import re

from server.agents.dialogue.state import Dialogue, Goal
from server.agents.matters import ERRANDS, WISHED_BESIDES, asks_for_cheapest
from server.agents.questions import Question
from server.hebrew.models import Answer, Intent, Understanding

UNKNOWN = frozenset({Intent.PARKING, Intent.PAYMENT})
"""Questions to which the business has given no answer."""

INFO = frozenset({Intent.PRICE, Intent.OPENING_HOURS, Intent.ADDRESS, Intent.SERVICES, Intent.STAFF, Intent.LENGTH})
"""Questions about the business; they set no goal."""

OF_TREATMENTS = frozenset({Intent.PRICE, Intent.LENGTH})
_POLITE = frozenset({Intent.GREETING, Intent.THANKS})


def goal_of(d: Dialogue, u: Understanding) -> Goal | None:
    """What the talk is about after a line; until another goal is named, what it was about before."""
    if d.question is Question.MESSAGE and u.text and u.answer is not Answer.NO:
        is_clear = d.goal is Goal.BOOK and u.holds_when
        return d.goal if is_clear else Goal.MESSAGE
    named = _named_goal(u)
    if named is not None:
        return named
    is_open = u.answer is Answer.EITHER and d.goal is Goal.BOOK  # "with whom shall I book?" "whoever"
    if d.question is Question.BOOK and u.answer is not None and not is_open:
        return Goal.BOOK if u.answer is Answer.YES and Intent.THANKS not in u.intents else None
    if d.question is Question.MESSAGE_CHECK and u.answer is Answer.YES and u.service is None and not u.holds_when:
        return Goal.MESSAGE
    is_wish = u.service is not None or u.holds_when
    if d.question is Question.MESSAGE or (d.question is Question.MESSAGE_CHECK and d.own == [] and is_wish):
        return Goal.BOOK if is_wish else None
    return d.goal if d.goal is not None else _goal_from_nothing(d, u)


def _named_goal(u: Understanding) -> Goal | None:
    is_of_hours = Intent.OPENING_HOURS in u.intents and u.service is None and u.time is None
    for intent, goal in _GOALS:
        if intent in u.intents and not (is_of_hours and intent is Intent.AVAILABILITY):
            return goal
    return Goal.BOOK if u.is_for_another else None


_GOALS = (
    (Intent.CANCEL, Goal.CANCEL),
    (Intent.RESCHEDULE, Goal.MOVE),
    (Intent.MESSAGE, Goal.MESSAGE),
    (Intent.BOOK, Goal.BOOK),
    (Intent.LIST, Goal.LIST),
    (Intent.AVAILABILITY, Goal.BOOK),
)


def _goal_from_nothing(d: Dialogue, u: Understanding) -> Goal | None:
    wants_info = bool(d.info)
    if d.last_standing is not None and ((d.question is Question.NAME and u.name) or _is_second_time(d, u)):
        return Goal.BOOK  # the second of two
    if d.matter in ERRANDS and not u.holds_when:
        return None
    if ANOTHER.search(u.text):
        return Goal.BOOK
    is_of_visit = u.holds_when or u.duration_min is not None or (u.staff is not None and new_name(u) is None)
    is_after_booking = d.last_standing is not None and not wants_info
    is_doubtful = bool(u.ambiguous & {"date", "time"}) or _ASKS.match(u.text) is not None
    if is_after_booking and is_doubtful and u.service is None:
        return None
    if is_after_booking and u.service is None and (is_of_visit or u.shift is not None):
        return Goal.MOVE
    is_wished_besides = not wants_info or u.time is not None or d.matter in WISHED_BESIDES
    is_wish = (is_of_visit and is_wished_besides) or (u.service is not None and not wants_info)
    names_it = _TREATMENT.search(u.text) and u.answer is None and not wants_info and d.matter is None
    return Goal.BOOK if is_wish or names_it else None


def _is_second_time(d: Dialogue, u: Understanding) -> bool:
    return d.question is Question.WHEN and u.holds_when


_ASKS = re.compile(r"(?:אז |רגע |אבל )*(?:זה|האם|[בל]?איזה|[בל]?איזו|מתי|מה)(?![א-ת])")
"""How a question begins that asks about an appointment rather than for another time."""

ANOTHER = re.compile(
    r"(?<![א-ת])(?:(?:ו?עוד|ו?גם) (?:תור|פגישה|טיפול|אחד|אחת)|תור נוסף|פגישה נוספת|טיפול נוסף)(?![א-ת])"
)
"""A further appointment, beside the one that stands."""

_TREATMENT = re.compile(r"(?<![א-ת])(?:[ול]|ל?ה)?(?:עיסוי|מסאז'?|מסז'?|טיפול)(?![א-ת])")


def new_name(u: Understanding) -> str | None:
    """The name that a line gives; after "the name is" also one that somebody of the team bears."""
    return u.name or (u.staff if re.search(r"(?<![א-ת])[בהל]?שם(?![א-ת])", u.text) else None)


def info_of(d: Dialogue, u: Understanding) -> frozenset[Intent]:
    """Questions about the business; "ולתשעים דקות?" asks on about what was asked before."""
    asked = (u.intents & INFO) | ({Intent.PRICE} if asks_for_cheapest(u.text) else frozenset())
    is_other_matter = bool(u.intents - INFO - _POLITE) or u.answer is not None or u.time is not None
    if asked or is_other_matter:
        return asked
    names_one = d.goal is None and bool(d.info & OF_TREATMENTS) and _names_treatment(u)
    follows_on = re.match(r"(?:ו|אז )(?!איפה|איך|למה|מי |היכן)[א-ת]", u.text) is not None
    goes_on = d.question in (Question.BOOK, Question.MORE, Question.SERVICE) and (follows_on or names_one)
    return d.info if goes_on else frozenset()


def _names_treatment(u: Understanding) -> bool:
    return (u.service is not None or u.duration_min is not None) and not u.holds_when
