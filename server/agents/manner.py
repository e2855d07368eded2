"""Lines about the talk itself, told by their words: who is there, is it a machine, I cannot hear. Pure."""

from __future__ import annotations

import re

_EDGE = r"(?<![א-ת])"

_MACHINE = re.compile(_EDGE + r"ה?(?:רובוט|בוט|מחשב|מכונה|אמיתית|אנושית|ממוחשבת|בינה מלאכותית)(?![א-ת])")
_PUT_THROUGH = re.compile(_EDGE + r"(?:תעביר|להעביר|תעבירי|נציג|נציגה|לדבר עם (?:בן|מישהו|אדם)|רוצה (?:בן|לדבר))")
_WHO = re.compile(
    _EDGE + r"(?:מי (?:מדבר|מדברת|זה|זאת|שם|את)|לאן הגעתי|לאיפה הגעתי|(?:זה|הגעתי ל|כאן) ?ה?(?:ספא|מספרה|קליניקה))"
)
_MISTAKE = re.compile(_EDGE + r"(?:טעות|התבלבלתי|טעיתי)(?: במספר)?\s*[.!]?$")
_DEAF = re.compile(
    _EDGE + r"(?:לא (?:שומע|שומעת|שומעים|נשמע|נשמעת)|קטוע|קטועה|נקטעת|מקוטע|תחזרי|תחזור|חזרי|שוב בבקשה|לא שמעתי)"
)


def asks_whether_machine(text: str) -> bool:
    return bool(_MACHINE.search(text)) and not _PUT_THROUGH.search(text)


def asks_who(text: str, business: str) -> bool:
    return bool(_WHO.search(text)) or (business in text and text.rstrip().endswith("?"))


def cannot_hear(text: str) -> bool:
    return bool(_DEAF.search(text))


def was_mistaken(text: str) -> bool:
    """Whether the caller has noticed that they rang the wrong place."""
    return bool(_MISTAKE.search(text.strip()))
