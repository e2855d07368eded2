"""The words of a name: which may begin it, which continue it, and where it ends."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from server.hebrew.gazetteer import COMMON, DATE_NAMES, FIRST_NAMES, ORDINARY_NAMES, PLACES, SURNAMES
from server.hebrew.lexicon import is_known, splits
from server.hebrew.tokens import HESITATIONS, Kind, Token, Tokens

LONGEST = 3
_COMPOUND = frozenset(("בן", "בר", "אבו", "אל", "בת", "דה", "ד'", "חג'", "אבן", "ון", "פון", "עבד", "אום"))
_LONGEST_COMPOUND = 5
"""Words of a name with such parts: "עלי אבו אל היג'א"."""
_DAUGHTERS = frozenset(("שבע", "חן", "אל", "שחר", "אור", "ציון", "עמי", "גלים"))
_VERBLIKE = re.compile("(?:ש|כש|ו)?ת[א-ת]{3,}[יו]|ש[אתינ][א-ת]{3,}|ל[א-ת]{4,}")
"""Imperatives, clauses and infinitives: what follows a cue without being a name ("תרשמי שהתקשרתי")."""


@dataclass(frozen=True, slots=True)
class Named:
    """A name at tokens `start`..`end`, the cue left out."""

    name: str
    start: int
    end: int
    is_strong: bool = False


def ends_clause(tokens: Tokens, i: int) -> bool:
    return i >= len(tokens) or tokens[i].is_stop or tokens[i].text.startswith("ו")


def is_daughter(tokens: Tokens, i: int) -> bool:
    """ "בת שבע", "בת חן": one name in two words."""
    return i + 1 < len(tokens) and tokens[i].text == "בת" and tokens[i + 1].text in _DAUGHTERS


def hyphenated(line: str, tokens: Tokens, i: int) -> int | None:
    """Where a name in two halves ends: "לי-אור", "בת-אל"."""
    if i + 1 >= len(tokens) or line[tokens[i].end : tokens[i + 1].start] != "-":
        return None
    first, second = tokens[i].text, tokens[i + 1].text
    if {f"{first}-{second}", first + second} & FIRST_NAMES:
        return i + 2
    if tokens[i + 1].kind is not Kind.WORD or is_known(first) or first in PLACES:
        return None
    return i + 2 if {first, second} & FIRST_NAMES else None


def extend(line: str, tokens: Tokens, i: int, taken: Collection[int], *, least: int = 0) -> Named:
    """As much of a name as there is from token `i` on; a glued ל falls away ("תשנו את השם לרחל")."""
    while i + 1 < len(tokens) and i + 1 not in taken and tokens[i + 1].text == tokens[i].text:
        i += 1  # "אבי, אבי ביטון" as recognisers write a stutter
    least = max(least, i + 2 * is_daughter(tokens, i))
    end = max(i + 1, least)
    while end < len(tokens) and _has_room(tokens, i, end) and end not in taken and _continues(tokens, end, end - i):
        end += 1
    is_bar_el = [token.text for token in tokens[end - 2 : end]] == ["בר", "אל"]
    if end > max(i + 1, least) and tokens[end - 1].text in _COMPOUND - FIRST_NAMES and not is_bar_el:
        end -= 1
    name = _text(line, tokens, i, end)
    first = tokens[i].text
    is_glued = first[0] in "לכ" and first not in FIRST_NAMES and first[1:] in FIRST_NAMES
    return Named(name[1:] if is_glued else name, i, end)


def _has_room(tokens: Tokens, start: int, end: int) -> bool:
    plain = sum(token.text not in _COMPOUND for token in tokens[start:end])
    return plain < LONGEST and end - start < _LONGEST_COMPOUND


def _text(line: str, tokens: Tokens, start: int, end: int) -> str:
    """As it stands in the line; a hesitation in the middle is left out."""
    name = line[tokens[start].start : tokens[end - 1].end]
    return " ".join(word for word in name.split() if word not in HESITATIONS)


def _continues(tokens: Tokens, i: int, length: int) -> bool:
    """Whether the token is one more part of a name of which `length` words have been read. A word with מ or ב may
    be a surname at the end of a clause; else it is where somebody is from."""
    token = tokens[i]
    if token.text == "אל":
        return tokens[i - 1].text in _COMPOUND  # "אבו אל היג'א", but "דנה, אל תבטלי"
    if is_daughter(tokens, i - 1):
        return True
    if token.text in SURNAMES or token.text in _COMPOUND or (tokens[i - 1].text, token.text) == ("סימן", "טוב"):
        return True
    if not may_be_name(token, is_first=False):
        return False
    if tokens[i - 1].text in _COMPOUND and token.read("numeral") is None:
        return True  # "בן לולו", "בן שבת"
    is_last = ends_clause(tokens, i + 1) and length == 1 and token.text[1:] not in PLACES
    is_origin = token.text.startswith("מה") or (token.text[0] in "מב" and not is_last)
    if is_origin and token.text not in FIRST_NAMES:
        return False  # "דנה מהבנק", "רבקה לוי מרמת גן"
    return not any(core in COMMON or is_known(core) for _, core in splits(token.text) if len(core) > 1)


def may_be_name(token: Token, *, is_first: bool) -> bool:
    if token.kind is not Kind.WORD or len(token.text) < 2 or token.text.isascii():
        return False
    if token.text in FIRST_NAMES or token.text in SURNAMES:
        return True
    if token.text in COMMON or any(core in COMMON for prefix, core in splits(token.text) if prefix == "ו"):
        return False
    if is_first and token.text.startswith("ל") and token.text[1:] in FIRST_NAMES - ORDINARY_NAMES - DATE_NAMES:
        return True  # "ליעקב"
    if is_first and token.text.startswith("מה"):
        return False  # "מדבר מהאוטו"
    return not is_first or (_VERBLIKE.fullmatch(token.text) is None and not token.text.endswith("תי"))


def is_surname(tokens: Tokens, i: int) -> bool:
    return i < len(tokens) and tokens[i].text in SURNAMES


def with_surname(tokens: Tokens, named: Named) -> Named:
    """ "שם פרטי נועה, שם משפחה ברק"."""
    words_ = [token.text for token in tokens]
    family = [k for k, word in enumerate(words_[:-1]) if word in ("משפחה", "המשפחה", "משפחתי")]
    if " " in named.name or not family:
        return named
    at = family[0] + 1
    while at < len(words_) - 1 and words_[at] in ("זה", "הוא", "שלי"):
        at += 1
    if not may_be_name(tokens[at], is_first=False):
        return named
    return replace(named, name=f"{named.name} {words_[at]}", start=min(named.start, at), end=max(named.end, at + 1))
