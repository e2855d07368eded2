"""How finished words look while they are still being spoken: decides how long a pause is waited for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from server.hebrew import answers, choice, intents, names, phones
from server.hebrew.grammar import read
from server.hebrew.models import Asked, Intent
from server.hebrew.normalise import normalise
from server.hebrew.said import DAY_LIKE, TIME_LIKE, Bare, Chunk, Clock, ClockSpan, DaySpan, Length, PartOfDay
from server.hebrew.tokens import HESITATIONS, Kind, Token, Tokens, tokenise
from server.hebrew.wordlists import words

Completeness = Literal["complete", "open", "unfinished"]

_SHORT = 5
"""Words of an answer that may count as whole at once; longer speech waits as usual."""

_DANGLING = words(
    """
    ו ב ל של את עם על אל או אבל כי ש אם בין מ עד אז גם רק לפני אחרי לקראת בסביבות בערך יום ביום ליום בשעה
    לשעה השעה אה אמ אממ אהה המ המם רגע שנייה שניה כאילו בעצם אני הוא היא רוצה צריך צריכה לקבוע אפשר יש לי
    מספר הטלפון שלי השם קוראים שמי כדי בשביל עבור אצל מתי איפה כמה מה איך איזה איזו האם רבע לא סליחה יכול
    יכולה חוץ כפול פעמיים תקבע תקבעי עוד בעוד תוך ואני שם
    """
)
"""Words after which something must follow, or that hold the floor."""

_WHOLE_ALONE = words("לא מה כמה מתי איפה סליחה")
_MINUTES_TO = words("עשרים עשרה חמישה")  # "עשרים לחמש" may be under way
_LEAVING = frozenset((Intent.THANKS, Intent.GOODBYE))


def completeness(words: str, asked: Asked | None = None) -> Completeness:
    """ "complete" for a whole short answer, "unfinished" where something is visibly missing, else "open"."""
    line = normalise(words)
    if line.rstrip(" .,").rpartition(" ")[2] in HESITATIONS:
        return "unfinished"
    tokens = tokenise(line)
    spoken = tuple(token for token in tokens if not token.is_stop)
    if not spoken:
        return "open"
    if len(spoken) <= 3 and answers.answer(tokens) is not None and not _hangs(tokens, spoken, is_answer=True):
        return "complete"
    if asked is Asked.PHONE or _dictates(spoken):
        return _of_phone(tokens, spoken)
    chunks = read(tokens)
    if _hangs(tokens, spoken) or _lacks_its_end(spoken, chunks, asked):
        return "unfinished"
    is_answered = len(spoken) <= _SHORT and _answers(line, tokens, spoken, chunks, asked)
    return "complete" if is_answered else "open"


def _hangs(tokens: Tokens, spoken: Tokens, *, is_answer: bool = False) -> bool:
    last = spoken[-1].text
    if tokens[-1].text.endswith("?") or (len(spoken) == 1 and last in _WHOLE_ALONE):
        return False
    return last in _DANGLING and not (is_answer and last in ("לי", "לא"))


def _dictates(spoken: Tokens) -> bool:
    """A phone number under way: it begins with zero, in a figure or as a word among digits."""
    digits = [token for token in spoken if _is_digit(token)]
    if not digits:
        return False
    first = digits[0]
    return (first.text.startswith("0") and first.kind is not Kind.CLOCK) or first.text == "אפס"


def _is_digit(token: Token) -> bool:
    return token.kind in (Kind.NUMBER, Kind.DIGITS) or token.read("numeral") is not None


def _of_phone(tokens: Tokens, spoken: Tokens) -> Completeness:
    dictated = phones.find(tokens, is_asked=True)
    if dictated is not None and dictated.phone is not None:
        return "complete"
    return "unfinished" if any(map(_is_digit, spoken)) or _hangs(tokens, spoken) else "open"


def _lacks_its_end(spoken: Tokens, chunks: Sequence[Chunk], asked: Asked | None) -> bool:
    """An open "בין", or a number that waits for what it counts."""
    has_span = any(isinstance(chunk.value, ClockSpan | DaySpan) for chunk in chunks)
    if any("בין" in token.forms for token in spoken) and not has_span:
        return True
    if asked is Asked.DURATION or not chunks:
        return False
    is_last = chunks[-1].end >= len(spoken) and isinstance(chunks[-1].value, Bare)
    return is_last or spoken[-1].text in _MINUTES_TO


def _answers(line: str, tokens: Tokens, spoken: Tokens, chunks: Sequence[Chunk], asked: Asked | None) -> bool:
    """Whether the words answer the question just asked, or are a farewell."""
    if asked is Asked.NAME:
        return len(spoken) <= 3 and names.find(line, tokens, (), is_asked=True) is not None
    if asked is Asked.CHOICE and choice.choose(tokens, asked, (), None, None) is not None:
        return True
    if len(spoken) <= 3 and not chunks and intents.intents(tokens) & _LEAVING:
        return True
    return bool(chunks) and chunks[-1].end >= len(spoken) and _holds(chunks, asked)


def _holds(chunks: Sequence[Chunk], asked: Asked | None) -> bool:
    values = [chunk.value for chunk in chunks]
    if asked is Asked.DURATION:
        return any(isinstance(value, Length | Bare) or (isinstance(value, Clock) and value.is_bare) for value in values)
    if asked is Asked.DAY:
        return any(isinstance(value, DAY_LIKE) for value in values)
    if asked in (Asked.TIME, Asked.CHOICE, Asked.CONFIRM):
        return any(isinstance(value, (*TIME_LIKE, PartOfDay)) for value in values)
    return False
