"""A name put right after it was written down: "לא דני, דנה", "זה דנה ולא דני"."""

from __future__ import annotations

from collections.abc import Collection

from server.hebrew.gazetteer import COMMON, FIRST_NAMES
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


def put_right(line: str, tokens: Tokens, staff: Collection[str]) -> Named | None:
    """The right name, where the line holds a wrong one behind a "לא", a right one, and nothing else of weight. Of two
    of the `staff` the caller prefers one and is neither."""
    wrong = next((i + 1 for i, token in enumerate(tokens[:-1]) if token.text in _NOT and _is_name(tokens[i + 1])), None)
    if wrong is None:
        return None
    refused = extend(line, tokens, wrong, ())
    others = [i for i in range(len(tokens)) if not refused.start <= i < refused.end]
    known = [i for i in others if _is_name(tokens[i])]
    right = next(iter(known or [i for i in others if _is_presented(tokens, i)]), None)
    if right is None:
        return None
    named = extend(line, tokens, right, range(refused.start, refused.end))
    spoken = {*range(refused.start, refused.end), *range(named.start, named.end)}
    rest = [token for i, token in enumerate(tokens) if i not in spoken and not token.is_stop]
    is_of_staff = named.name in staff or refused.name in staff
    return named if not is_of_staff and all(token.text in _AROUND for token in rest) else None


def _is_presented(tokens: Tokens, i: int) -> bool:
    """A name that no list knows, behind "זה" or "אלא"."""
    is_new = may_be_name(tokens[i], is_first=True) and tokens[i].text not in COMMON and not is_known(tokens[i].text)
    return is_new and i > 0 and tokens[i - 1].text in ("זה", "זאת", "אלא", "שמי", "השם")


def _is_name(token: Token) -> bool:
    return token.text in FIRST_NAMES and token.text not in _AROUND
