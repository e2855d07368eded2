"""Which clause may be spoken before the sentence that it begins is complete. Pure.

Stricter than the check of a whole sentence, which knows how the clause goes on: it must be a courtesy, or a complete
statement of an hour or a treatment that the call bears out as it stands. A mere "on Sunday at twelve" would leave
nothing that another sentence could follow.
"""

from __future__ import annotations

import re

from server.agents.claims import check
from server.agents.evidence import Evidence
from server.agents.saying import word_count
from server.agents.speech import read_speech
from server.hebrew.gazetteer import FIRST_NAMES

LEAST_WORDS = 2
"""The sound of a single word would be over before the next is there."""

MARKS = ",;:–—"

_COURTESY = re.compile(
    "מצוין|מעולה|נהדר|יופי|בסדר|גמור|טוב|בטח|כמובן|בשמחה|רבה|בהחלט|תודה|לכם|על|הסבלנות|סליחה|רגע|אחד|שנייה|הבנתי|אני|"
    "מבינה|אשמח|לעזור|נעים|מאוד|ברור|אז|אוקיי|סבבה|בכיף|איזה|כיף|נשמע"
)
_NO_TROUBLE = re.compile(r"אין (?:שום )?בעיה")
_DENIAL = re.compile(r"(?<![א-ת])[ושה]*(?:לא|אין|אי|בלי|כבר|אף|רק|אם|ללא)(?![א-ת])")
_PREDICATE = re.compile(
    r"ו?ש?(?:יש|היה|היו|יהיה|יהיו|נשאר|נשארה|נשארו|פנוי(?:ה|ים|ות)?|תפוס(?:ה|ים|ות)?|אפשר|אפשרי|מתאים|מתאימה|עולה|עולים|נמשך|נמשכת|"
    r"נקבע|נקבעה|הועבר|בוטל|שונה|רשום|רשומה|שמור|שמורה|מצאתי|מצאנו|קבעתי|קבענו|העברתי|העברנו|ביטלתי|ביטלנו|שיניתי|שינינו|"
    r"רשמתי|רשמנו|שמרתי|שמרנו|הזזתי|עדכנתי|אקבע|ארשום|אבטל|אעביר)"
)
_WORD = re.compile(r"[א-ת]+")


def goes_ahead(clause: str, evidence: Evidence) -> bool:
    """Whether a clause, without the mark at its end, is as true alone as it will be in its sentence."""
    text = _NO_TROUBLE.sub("בסדר", clause)
    if word_count(clause) < LEAST_WORDS or _DENIAL.search(text) or check(f"{text}.", evidence):
        return False
    speech = read_speech(text, evidence)
    is_courtesy = all(_COURTESY.fullmatch(word) or _is_name(word, evidence) for word in _WORD.findall(text))
    is_statement = any(_PREDICATE.fullmatch(word) for word in _WORD.findall(text))
    return is_courtesy or (is_statement and bool(speech.times or speech.services))


def _is_name(word: str, evidence: Evidence) -> bool:
    return word in FIRST_NAMES and word in evidence.words
