"""What else people ring about: errands for the team, questions that only the team can answer, remarks. Told by their
words. Pure."""

from __future__ import annotations

import re

from server.agents import matter_signs as signs
from server.agents.matter_signs import Matter
from server.hebrew.models import Intent, Understanding

_EDGE = r"(?<![א-ת])"


ERRANDS = frozenset(
    {
        Matter.LATE,
        Matter.COMPLAINT,
        Matter.LOST,
        Matter.VOUCHER,
        Matter.CALL_BACK,
        Matter.REMINDER,
        Matter.LETTER,
        Matter.EVENT,
        Matter.SERIES,
        Matter.AT_THE_DOOR,
        Matter.CONFIRMED,
        Matter.REMARK,
    }
)
WITH_A_BOOKING = frozenset({Matter.SERIES, Matter.REMARK, Matter.REMINDER})
"""Errands that, said along with an appointment, become its note."""

WISHED_BESIDES = frozenset(
    {Matter.SAME_PERSON, Matter.BY_GENDER, Matter.WHO_IS_BETTER, Matter.AS_BEFORE, Matter.STAFF_DAY}
)
"""Matters that may come along with the wish for an appointment, which is taken in as well."""


_SINCE = re.compile(_EDGE + r"מאחר (?:ו|ש)")
_CHANGES = frozenset({Intent.CANCEL, Intent.RESCHEDULE})


def matter_of(u: Understanding) -> Matter | None:
    """What a line is about beside appointments and prices."""
    if signs.TERMS.search(u.text):
        return Matter.TERMS
    if u.intents & _CHANGES:
        return None
    if Intent.LATE in u.intents and not _SINCE.search(u.text):
        return Matter.LATE
    if _is_advice(u):
        return Matter.ADVICE
    if u.staff is not None and _AT_WORK.search(u.text):
        return Matter.STAFF_DAY
    found = next((sign.matter for sign in signs.SIGNS if sign.words.search(u.text)), None)
    if found is not None:
        return found
    if signs.DESCRIPTION.search(u.text) and (u.service is not None or signs.TREATMENT.search(u.text)):
        return Matter.DESCRIPTION
    return Matter.UNTOLD if topic_of(u.text) is not None else None


_AT_WORK = re.compile(_EDGE + r"(?:עובדת?|נמצאת?|אצלכם|אצלכן|במשמרת|תהיה|יהיה)(?![א-ת])")


def is_errand_told(text: str) -> bool:
    """Whether a wish to be called back says what about."""
    return bool(_ABOUT.search(text))


_ABOUT = re.compile(_EDGE + r"(?:לגבי|בקשר|בעניין|בענין|בנושא|על|כי|בגלל|בשביל|שאני|שרציתי|לדבר על)(?![א-ת])")


def is_message_told(text: str) -> bool:
    """Whether a wish to leave a message says it along with it."""
    return bool(_TOLD.search(text))


_TOLD = re.compile(
    _EDGE
    + r"(?:הודעה,? (?:ש[א-ת]|לגבי|על |כי |בקשר)|(?:תגיד|תמסר|למסור|להגיד|תעביר)[א-ת]* (?:לה|לו|להם|לצוות),? ש[א-ת])"
)


def _is_advice(u: Understanding) -> bool:
    return bool(signs.ADVICE.search(u.text)) and u.time is None


def topic_of(text: str) -> str | None:
    """What a question is about that the business has told us nothing of, as in "על … אין לי מידע"."""
    return next((topic for topic, words in signs.TOPICS if words.search(text)), None)


def asks_for_cheapest(text: str) -> bool:
    return bool(_CHEAPEST.search(text))


_CHEAPEST = re.compile(_EDGE + r"(?:הכי זול|ה?זולה? ביותר|הזול)(?![א-ת])")


def wants_to_speak(u: Understanding) -> bool:
    """ "Put me through to Maya", where Maya is of the team."""
    return u.staff is not None and not u.holds_when and bool(_SPEAK.search(u.text))


_SPEAK = re.compile(
    _EDGE + r"(?:(?:תעביר|להעביר|תעבירי|תעבירו|תני|תן|תנו) (?:אותי|לי) ?(?:ל|את )|לדבר (?:עם|איתה|איתו))"
)


def is_foreign(text: str) -> bool:
    """Whether a line holds words, and none of them Hebrew."""
    return len(re.findall(r"[A-Za-z]", text)) > 2 and not re.search(r"[א-ת]", text)


def not_ours(text: str) -> str | None:
    """Something that is asked for at another kind of business."""
    found = signs.NOT_OURS.search(text)
    return found[0] if found else None
