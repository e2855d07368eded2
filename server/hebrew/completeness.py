"""How finished words look while they are still being spoken: decides how long a pause is waited for."""

from __future__ import annotations

from typing import Literal

from server.hebrew import intents, names, phones
from server.hebrew.grammar import read
from server.hebrew.models import Asked
from server.hebrew.normalise import normalise
from server.hebrew.said import DAY_LIKE, TIME_LIKE, Bare, Clock, Length
from server.hebrew.tokens import Tokens, tokenise
from server.hebrew.wordlists import words

Completeness = Literal["complete", "open", "unfinished"]

_SHORT = 5
"""Words of an answer that may count as whole at once; longer speech waits as usual."""

_DANGLING = words(
    """
    ו ב ל של את עם על אל או אבל כי ש אם בין מ עד אז גם רק לפני אחרי לקראת בסביבות בערך יום ביום ליום
    בשעה לשעה השעה אה אמ אממ אהה המ המם רגע שנייה שניה כאילו בעצם אני הוא היא זה רוצה צריך צריכה לקבוע
    אפשר יש לי מספר הטלפון שלי השם קוראים שמי כדי בשביל עבור אצל מתי איפה כמה מה איך איזה איזו האם רבע
    לא סליחה יכול יכולה חוץ כפול פעמיים תקבע תקבעי עוד בעוד תוך הבא ואני
    """
)
"""Words after which something must follow, or that hold the floor."""

_WHOLE_ALONE = words("לא מה כמה מתי איפה רגע הבא סליחה")


def completeness(words: str, asked: Asked | None = None) -> Completeness:
    """ "complete" for a whole short answer, "unfinished" where something is visibly missing, else "open"."""
    tokens = tokenise(normalise(words))
    spoken = tuple(token for token in tokens if not token.is_stop)
    if not spoken:
        return "open"
    if _is_unfinished(tokens, spoken, asked):
        return "unfinished"
    return "complete" if len(spoken) <= _SHORT and _is_answer(words, tokens, spoken, asked) else "open"


def _is_unfinished(tokens: Tokens, spoken: Tokens, asked: Asked | None) -> bool:
    last = spoken[-1]
    if asked is Asked.PHONE or _dictates(spoken):
        return _lacks_digits(tokens, asked)
    if len(spoken) == 1 and last.text in _WHOLE_ALONE:
        return last.text == "רגע"
    ends_in_question = tokens[-1].text.endswith("?")
    return last.text in _DANGLING and not ends_in_question


def _dictates(spoken: Tokens) -> bool:
    """Several digits in a row that begin with zero: a phone number under way."""
    run = [token for token in spoken if token.read("numeral") or token.text.isdigit()]
    return len(run) >= 3 and run[0].text in ("אפס", "0", "05", "050", "052", "054", "053", "058")


def _lacks_digits(tokens: Tokens, asked: Asked | None) -> bool:
    dictated = phones.find(tokens, is_asked=True)
    if dictated is None:
        return asked is Asked.PHONE and bool(tokens[-1].forms & _DANGLING)
    return dictated.phone is None


def _is_answer(words: str, tokens: Tokens, spoken: Tokens, asked: Asked | None) -> bool:
    """Whether the words answer the question just asked, or are whole by themselves."""
    if intents.answer(tokens) is not None and len(spoken) <= 2:
        return True
    if asked is Asked.NAME:
        return len(spoken) <= 3 and names.find(normalise(words), tokens, (), is_asked=True) is not None
    if asked is Asked.PHONE:
        found = phones.find(tokens, is_asked=True)
        return found is not None and found.phone is not None
    return _holds_time(tokens, asked)


def _holds_time(tokens: Tokens, asked: Asked | None) -> bool:
    chunks = read(tokens)
    if not chunks or chunks[-1].end < len([token for token in tokens if not token.is_stop]):
        return False
    values = [chunk.value for chunk in chunks]
    if asked is Asked.DURATION:
        return any(isinstance(value, Length | Bare) or (isinstance(value, Clock) and value.is_bare) for value in values)
    if asked is Asked.DAY:
        return any(isinstance(value, DAY_LIKE) for value in values)
    return any(isinstance(value, TIME_LIKE) for value in values) and asked in (Asked.TIME, Asked.CHOICE, Asked.CONFIRM)
