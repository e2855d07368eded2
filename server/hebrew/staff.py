"""Who of the staff is wanted and who is not. They are often namesakes of callers, so a bare name is none of theirs."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from server.hebrew import services
from server.hebrew.models import Asked, Exclusion, Vocabulary
from server.hebrew.services import Heard
from server.hebrew.tokens import Tokens
from server.hebrew.wordlists import words

_CUES = words("אצל עם את של רק דווקא מטפל מטפלת המטפלת המטפל או רוצה רוצים מעדיף מעדיפה מעדיפים בלי חוץ אצלו לא ולא")
_ON_THE_WAY = _CUES | words("להגיע לבוא להיות תור התור שזה יהיה אבל")
"""What may stand between "לא" and the name: "לא רוצה להיות אצל רון"."""

_WORKING = words("עובד עובדת עובדים נמצא נמצאת אצלכם")
"""Behind a name they tell of the staff: "מאיה עובדת מחר?"."""

_REFUSALS = words("לא ולא שלא בלי חוץ מלבד אל")


def find(tokens: Tokens, vocabulary: Vocabulary, taken: Collection[int], asked: Asked | None) -> list[Heard]:
    """The staff that the line speaks of, in order. Where one is refused, another needs no cue: "לא רון, מאיה"."""
    found = services.find_staff(tokens, vocabulary, taken)
    if asked is Asked.NAME:
        return [heard for heard in found if heard.start and tokens[heard.start - 1].text == "אצל"]
    cued = [heard for heard in found if heard.prefix in ("ל", "של") or _follows_cue(tokens, heard.start)]
    is_among = any(is_refused(tokens, h.start) or (h.start and tokens[h.start - 1].text == "או") for h in cued)
    return found if is_among else cued


def wanted(tokens: Tokens, found: Sequence[Heard]) -> str | None:
    """The last one named; of two with "או" between them neither."""
    standing = [heard.name for heard in found if not is_refused(tokens, heard.start)]
    is_choice = len(set(standing)) > 1 and any(token.text == "או" for token in tokens)
    return standing[-1] if standing and not is_choice else None


def refused(tokens: Tokens, found: Sequence[Heard]) -> tuple[Exclusion, ...]:
    names = [heard.name for heard in found if is_refused(tokens, heard.start)]
    return tuple(Exclusion(staff=name) for name in dict.fromkeys(names))


def is_refused(tokens: Tokens, i: int) -> bool:
    """Whether a word of refusal leads to the name at token `i`; "לא רק אצל רון" refuses nobody."""
    at = i - 1
    while at >= max(i - 5, 0) and tokens[at].text in _ON_THE_WAY - _REFUSALS:
        at -= 1
    if at < 0 or tokens[at].text not in _REFUSALS:
        return False
    return not (tokens[at].text in ("לא", "ולא") and tokens[at + 1].text in ("רק", "דווקא"))


def _follows_cue(tokens: Tokens, i: int) -> bool:
    if any(token.text in _WORKING for token in tokens[i + 1 : i + 3]):
        return True
    return i > 0 and tokens[i - 1].text in _CUES and not (i > 1 and tokens[i - 2].text == "שם")
