"""Which question a reply ends with, and which slots it offers, read from its own words.

Pure. Reading instead of remembering lets either brain continue what the other has asked.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from enum import StrEnum

from server.agents.saying import WEEKDAYS, weekday
from server.hebrew.models import Asked, Offer

HOLDING = "בבקשה, אני ממתינה."
LISTENING = "כן, אני מקשיבה."
NUDGE = "אני כאן, אפשר לדבר."
"""Replies that say nothing of the matter: they are not repeated, and leave the open question open."""


class Question(StrEnum):
    HELP = "help"
    BOOK = "book"  # shall we make an appointment?
    SERVICE = "service"
    DURATION = "duration"
    DAY = "day"
    TIME = "time"
    WHEN = "when"  # day and hour at once
    DAYPART = "daypart"  # of two readings of an hour
    DATE_CHECK = "date_check"
    OFFER = "offer"
    NAME = "name"
    PHONE = "phone"
    MOVE_CHECK = "move_check"
    CANCEL_CHECK = "cancel_check"
    WHICH = "which"
    MESSAGE = "message"
    MESSAGE_CHECK = "message_check"
    MORE = "more"


_SIGNS: tuple[tuple[Question, re.Pattern[str]], ...] = tuple(
    (question, re.compile(pattern))
    for question, pattern in (
        (Question.MESSAGE, r"למסור|מה לרשום בהודעה"),
        (Question.MESSAGE_CHECK, r"לרשום (?:לצוות )?הודעה"),
        (Question.PHONE, r"טלפון|מספר"),
        (Question.NAME, r"\b(?:ה|ב)?שם\b"),
        (Question.DATE_CHECK, r"הכוונה ל|התכוונתם|נכון"),
        (Question.WHICH, r"איזה (?:תור|מהם|מהתורים)"),
        (Question.CANCEL_CHECK, r"לבטל"),
        (Question.MOVE_CHECK, r"להעביר (?:את|אותו)|לשנות את התור"),
        (Question.MORE, r"עוד משהו|משהו נוסף|משהו אחר"),
        (Question.DAYPART, r"(?:בבוקר|בצהריים|אחר הצהריים|בערב) או (?:ב|אחר)"),
        (Question.DURATION, r"כמה זמן|כמה דקות|איזה אורך|לכמה"),
        (Question.SERVICE, r"איזה טיפול|איזה שירות"),
        (Question.WHEN, r"מתי|יום ו(?:ב|ל)?(?:איזו )?שעה"),
        (Question.TIME, r"שעה|בוקר"),
        (Question.DAY, r"יום"),
        (Question.BOOK, r"לקבוע"),
        (Question.HELP, r"לעזור|תרצו"),
    )
)

_ASKED = {
    Question.SERVICE: Asked.SERVICE,
    Question.DURATION: Asked.DURATION,
    Question.DAY: Asked.DAY,
    Question.WHEN: Asked.DAY,
    Question.TIME: Asked.TIME,
    Question.DAYPART: Asked.TIME,
    Question.NAME: Asked.NAME,
    Question.PHONE: Asked.PHONE,
    Question.MESSAGE: Asked.MESSAGE,
    Question.DATE_CHECK: Asked.CONFIRM,
    Question.MOVE_CHECK: Asked.CONFIRM,
    Question.CANCEL_CHECK: Asked.CONFIRM,
    Question.BOOK: Asked.CONFIRM,
    Question.MORE: Asked.CONFIRM,
    Question.MESSAGE_CHECK: Asked.CONFIRM,
    Question.WHICH: Asked.CHOICE,
}

_HOUR = re.compile(r"(?<![\d:])(\d{1,2}):(\d{2})(?!\d)")


def question_in(text: str, has_offers: bool = False) -> Question | None:
    """The question at the end of a reply, or None when it asks nothing."""
    asking = [part for part in re.findall(r"[^.!?]*[.!?]?", text) if part.endswith("?")]
    if not asking:
        return None
    last = asking[-1]
    for question, sign in _SIGNS:
        is_of_times = question in (Question.WHEN, Question.TIME, Question.DAY, Question.BOOK, Question.HELP)
        if has_offers and is_of_times:
            return Question.OFFER
        if sign.search(last):
            return question
    return Question.OFFER if has_offers else Question.HELP


def asked_by(question: Question | None, offers: Sequence[Offer]) -> Asked | None:
    """The question in the terms in which the next line is understood."""
    if question is Question.OFFER:
        return Asked.CHOICE if len(offers) > 1 else Asked.CONFIRM
    return _ASKED.get(question) if question else None


def offers_in(text: str, slots: Sequence[Offer], today: dt.date) -> tuple[Offer, ...]:
    """Those of the slots that the text names, in the order of saying.

    An hour that is free on several days belongs to the day named last before it.
    """
    found: list[Offer] = []
    for hour in _HOUR.finditer(text):
        time = _time(hour)
        candidates = [slot for slot in slots if slot.time == time]
        if candidates:
            before = text[: hour.start()]
            best = max(candidates, key=lambda slot: (_last_mention(before, slot.date, today), -slot.date.toordinal()))
            if best not in found:
                found.append(best)
    return tuple(found)


def _time(match: re.Match[str]) -> dt.time | None:
    hour, minute = int(match[1]), int(match[2])
    return dt.time(hour, minute) if hour < 24 and minute < 60 else None


def _last_mention(text: str, day: dt.date, today: dt.date) -> int:
    names = [f"{day.day} ב", WEEKDAYS[weekday(day)]]
    near = {0: "היום", 1: "מחר", 2: "מחרתיים"}.get((day - today).days)
    return max(text.rfind(name) for name in ([*names, near] if near else names))
