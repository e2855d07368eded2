"""A name put right after it was written down: "לא דני, דנה", "זה דנה ולא דני"."""

from __future__ import annotations

from collections.abc import Collection

from server.hebrew.gazetteer import COMMON, FIRST_NAMES, SURNAMES
from server.hebrew.lexicon import is_known
from server.hebrew.name_parts import Named, extend, may_be_name
from server.hebrew.tokens import Token, Tokens
from server.hebrew.wordlists import words

_NOT = frozenset(("לא", "ולא"))
_AROUND = words(
    """
    לא ולא זה זאת השם שם שמי הוא אלא סליחה רגע אמרתי בשם על קוראים לי אני בעצם טעות רשמת רשמתם רשמתי תרשמי תרשום תתקני
    תתקן בבקשה היי כן של צריך להיות התור
    """
)


_LETTERS = words("עם בלי אלף בית וו זין חית טית יוד כף למד מם נון סמך עין פה צדי קוף ריש שין תו תיו")


def put_right(line: str, tokens: Tokens, staff: Collection[str]) -> Named | None:
    """The right name, where the line holds a wrong one behind a "לא", a right one, and nothing else of weight. Of two
    of the `staff` the caller prefers one and is neither."""
    wrong = next((i + 1 for i, token in enumerate(tokens[:-1]) if token.text in _NOT and _is_name(tokens[i + 1])), None)
    if wrong is None:
        return None
    refused = _refused(line, tokens, wrong)
    others = [i for i in range(len(tokens)) if not refused.start <= i < refused.end]
    known = [i for i in others if _is_name(tokens[i])]
    right = next(iter(known or [i for i in others if _is_presented(tokens, i)]), None)
    if right is None:
        return None
    named = extend(line, tokens, right, range(refused.start, refused.end))
    spoken = {*range(refused.start, refused.end), *range(named.start, named.end)}
    rest = [token for i, token in enumerate(tokens) if i not in spoken and not token.is_stop]
    is_of_staff = named.name in staff or refused.name in staff
    return named if not is_of_staff and all(_is_around(token) for token in rest) else None


def _refused(line: str, tokens: Tokens, i: int) -> Named:
    """The wrong name; a first name straight behind it is the right one: "לא הילה אילה"."""
    whole = extend(line, tokens, i, ())
    is_pair = whole.end > i + 1 and tokens[i + 1].text in FIRST_NAMES - SURNAMES
    return Named(tokens[i].text, i, i + 1) if is_pair else whole


def _is_around(token: Token) -> bool:
    """Words about the name, letters of its spelling among them: "אילה עם אלף"."""
    return token.text in _AROUND or token.text in _LETTERS or "letter" in token.senses


def _is_presented(tokens: Tokens, i: int) -> bool:
    """A name that no list knows, behind "זה" or "אלא"."""
    is_new = may_be_name(tokens[i], is_first=True) and tokens[i].text not in COMMON and not is_known(tokens[i].text)
    return is_new and i > 0 and tokens[i - 1].text in ("זה", "זאת", "אלא", "שמי", "השם")


def _is_name(token: Token) -> bool:
    return token.text in FIRST_NAMES and token.text not in _AROUND
