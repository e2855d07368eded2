"""Whether a message is the caller's: what the owner reads as their words must be theirs in substance."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from server.agents.consent import is_own
from server.agents.context import Session
from server.agents.memory import Line

MESSAGE_LIMIT = 1000
_ROOT = 3
_PLAIN_WORDS = 3

_ENDS = str.maketrans("ךםןףץ", "כמנפצ")
_WEAK = re.compile(r"(?<=.)[וי](?=.)")
_OF_REPORTS = re.compile(
    r"[והלבש]{0,2}(?:לקוחה?|פונה|מתקשרת?|צוות|מבקשת?|ביקשה?|רוצה|רצתה|אומרת?|אמרה?|מסרה?|הודעה|שואלת?|שאלה?|בקשה|"
    r"לחזור|יחזרו|אליו|אליה|אליהם|אליי|שלו|שלה|שלי|היא|הוא|אני|לגבי|נוגע|טלפון|מספר|שם)"
)
"""How one tells of somebody's request, whatever it is."""


def keep_own_words(session: Session, text: str) -> None:
    """Put the caller's own words into a message that does not hold them."""
    lines = [entry for entry in session.conversation if isinstance(entry, Line) and entry.text.strip()]
    if not lines or is_own(session) or is_of(text, [line.text for line in lines]):
        return
    step = next(step for step in reversed(session.conversation.steps()) if step.output is None)
    step.arguments = json.dumps({**step.given(), "text": _last_words(lines)}, ensure_ascii=False)


def is_of(text: str, said: Sequence[str]) -> bool:
    """Whether most words of a message occur in what was said, in whatever form."""
    known = [_stem(word) for line in said for word in re.findall(r"[^\W_]+", line)]
    telling = [word for word in re.findall(r"[^\W\d_]{3,}", text) if _OF_REPORTS.fullmatch(word) is None]
    borne = sum(any(_is_alike(_stem(word), other) for other in known) for word in telling)
    return 2 * borne > len(telling) or not telling


def _stem(word: str) -> str:
    """Without vowel letters inside: "להזמין" and "הזמנתי" come nearer."""
    return _WEAK.sub("", word.translate(_ENDS))


def _is_alike(word: str, other: str) -> bool:
    """Whether two forms share three letters in a row, as the forms of one root mostly do."""
    return word == other or any(word[i : i + _ROOT] in other for i in range(len(word) - _ROOT + 1))


def _last_words(lines: Sequence[Line]) -> str:
    """The caller's last words, with those before them as far as the last say nothing by themselves ("כן")."""
    for i in range(len(lines) - 1, -1, -1):
        if len(lines[i].text.split()) >= _PLAIN_WORDS or i == 0:
            return " ".join(line.text for line in lines[i:])[:MESSAGE_LIMIT]
    return ""
