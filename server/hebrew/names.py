"""The caller's name: after a cue, as the bare answer to "על איזה שם?", or left over at the end of a line."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from server.hebrew.cues import Cues
from server.hebrew.gazetteer import COMMON, DATE_NAMES, FIRST_NAMES, ORDINARY_NAMES, PLACES, SURNAMES
from server.hebrew.lexicon import is_known, splits
from server.hebrew.name_cues import BEFORE_NAME, NO_CUE_BEFORE, SPEAKING, STRONG, WEAK
from server.hebrew.tokens import HESITATIONS, Kind, Token, Tokens
from server.hebrew.wordlists import words

_LONGEST = 3
_COMPOUND = frozenset(("בן", "בר", "אבו", "אל", "בת", "דה", "ד'", "חג'", "אבן", "ון", "פון"))
_EXTRA_COMMON = words("בסדר נכון טוב אוקיי כן לא בבקשה תודה יאללה מעולה סבבה שנייה רגע")
_VERBLIKE = re.compile("(?:ש|כש|ו)?ת[א-ת]{3,}[יו]|ש[אתינ][א-ת]{3,}|ל[א-ת]{4,}")
"""Imperatives, clauses and infinitives: what follows a cue without being a name ("תרשמי שהתקשרתי")."""


@dataclass(frozen=True, slots=True)
class Named:
    """A name at tokens `start`..`end`, the cue left out."""

    name: str
    start: int
    end: int
    is_strong: bool = False


def find(line: str, tokens: Tokens, taken: Collection[int], *, is_asked: bool) -> Named | None:
    """The caller's name in a normalised line. `taken` are tokens that a phone, a service or staff have used."""
    cued = list(_cued(line, tokens, taken, is_asked=is_asked))
    if cued:
        best = ([named for named in cued if named.is_strong] or cued)[-1]
        return _with_surname(tokens, best)
    if is_asked:
        return _bare(line, tokens, taken)
    return _full_name(line, tokens, taken)


def _cued(line: str, tokens: Tokens, taken: Collection[int], *, is_asked: bool) -> Iterator[Named]:
    strong, speaking, weak = _ends(STRONG, tokens), _ends(SPEAKING, tokens), _ends(WEAK, tokens)
    for i in range(len(tokens)):
        if i in strong and not (i and tokens[i - 1].text in NO_CUE_BEFORE):
            named = _name_at(line, tokens, strong[i], taken, needs_known=False)
            if named is not None:
                yield replace(named, is_strong=True)
        elif i in speaking:
            yield from _speaker(line, tokens, i, taken)
        elif i in weak and not (i and tokens[i - 1].text in ("מי", "מה")):
            named = _name_at(line, tokens, weak[i], taken, needs_known=not is_asked)
            if named is not None:
                yield named
        if (
            i
            and tokens[i].text in ("מדבר", "מדברת", "כאן", "פה")
            and tokens[i - 1].text in FIRST_NAMES - ORDINARY_NAMES
        ):
            yield Named(tokens[i - 1].text, i - 1, i)


def _ends(cues: Cues[bool], tokens: Tokens) -> dict[int, int]:
    """Where cues begin, and where the longest of each ends."""
    ends: dict[int, int] = {}
    for hit in cues.find(tokens):
        ends[hit.start] = max(hit.end, ends.get(hit.start, 0))
    return ends


def _speaker(line: str, tokens: Tokens, i: int, taken: Collection[int]) -> Iterator[Named]:
    """ "מדברת שירה"."""
    named = _name_at(line, tokens, i + 1, taken, needs_known=False)
    if named is not None and (_ends_clause(tokens, named.end) or tokens[named.start].text in FIRST_NAMES):
        yield named


def _with_surname(tokens: Tokens, named: Named) -> Named:
    """ "שם פרטי נועה, שם משפחה ברק"."""
    words_ = [token.text for token in tokens]
    family = [k for k, word in enumerate(words_[:-1]) if word in ("משפחה", "המשפחה", "משפחתי")]
    if " " in named.name or not family:
        return named
    at = family[0] + 1
    while at < len(words_) - 1 and words_[at] in ("זה", "הוא", "שלי"):
        at += 1
    if not _may_be_name(tokens[at], is_first=False):
        return named
    return replace(named, name=f"{named.name} {words_[at]}", start=min(named.start, at), end=max(named.end, at + 1))


def _ends_clause(tokens: Tokens, i: int) -> bool:
    return i >= len(tokens) or tokens[i].is_stop or tokens[i].text.startswith("ו")


def _name_at(line: str, tokens: Tokens, i: int, taken: Collection[int], *, needs_known: bool) -> Named | None:
    """A name that begins at token `i`; stops between cue and name ("השם, דני") are passed over."""
    while i < len(tokens) and (tokens[i].is_stop or tokens[i].text in BEFORE_NAME):
        i += 1
    if i and tokens[i - 1].text == "לא":
        return None
    if i >= len(tokens) or i in taken or not _may_be_name(tokens[i], is_first=True):
        return None
    if tokens[i].text == "שלום" and not _is_surname(tokens, i + 1) and len(tokens) > 1 and tokens[i - 1].text == "כן":
        return None
    first = tokens[i].text
    is_first_name = first in FIRST_NAMES or first in DATE_NAMES
    if needs_known and not is_first_name:
        return None
    if needs_known and first in DATE_NAMES and tokens[i - 1].text == "של":
        return None  # "סוף השבוע הראשון של יולי"
    is_second = first == "שני" and tokens[i - 1].text not in ("זאת", "זו", "כאן", "פה", "מדברת")  # "אני שני"
    is_said_of_herself = tokens[i - 1].text in ("זאת", "זו", "מדברת")
    is_word_too = (first in ORDINARY_NAMES and not is_said_of_herself) or is_second
    if needs_known and is_word_too and not _is_surname(tokens, i + 1):
        return None
    if not needs_known and not is_first_name and is_known(first):
        return None
    return _extend(line, tokens, i, taken)


def _extend(line: str, tokens: Tokens, i: int, taken: Collection[int]) -> Named:
    """As much of a name as there is from token `i` on; a glued ל falls away ("תשנו את השם לרחל")."""
    while i + 1 < len(tokens) and i + 1 not in taken and tokens[i + 1].text == tokens[i].text:
        i += 1  # "אבי, אבי ביטון" as recognisers write a stutter
    end = i + 1
    while end < len(tokens) and end - i < _LONGEST and end not in taken and _continues(tokens, end, end - i):
        end += 1
    if end - i > 1 and tokens[end - 1].text in _COMPOUND and tokens[end - 1].text not in FIRST_NAMES:
        end -= 1
    name = _text(line, tokens, i, end)
    first = tokens[i].text
    is_glued = first.startswith("ל") and first not in FIRST_NAMES and first[1:] in FIRST_NAMES
    return Named(name[1:] if is_glued else name, i, end)


def _text(line: str, tokens: Tokens, start: int, end: int) -> str:
    """As it stands in the line; a hesitation in the middle is left out."""
    name = line[tokens[start].start : tokens[end - 1].end]
    return " ".join(word for word in name.split() if word not in HESITATIONS)


def _continues(tokens: Tokens, i: int, length: int) -> bool:
    """Whether the token is one more part of a name of which `length` words have been read. A word with מ or ב may
    be a surname at the end of a clause; else it is where somebody is from."""
    token = tokens[i]
    if not _may_be_name(token, is_first=False):
        return False
    if token.text in SURNAMES or token.text in _COMPOUND:
        return True
    is_last = _ends_clause(tokens, i + 1) and length == 1 and token.text[1:] not in PLACES
    is_origin = token.text.startswith("מה") or (token.text[0] in "מב" and not is_last)
    if is_origin and token.text not in FIRST_NAMES:
        return False  # "דנה מהבנק", "רבקה לוי מרמת גן"
    return not any(core in COMMON or is_known(core) for _, core in splits(token.text) if len(core) > 1)


def _may_be_name(token: Token, *, is_first: bool) -> bool:
    if token.kind is not Kind.WORD or len(token.text) < 2 or token.text.isascii():
        return False
    if token.text in FIRST_NAMES or (not is_first and token.text in SURNAMES):
        return True
    if token.text in COMMON or any(core in COMMON for prefix, core in splits(token.text) if prefix == "ו"):
        return False
    if is_first and token.text.startswith("מה"):
        return False  # "מדבר מהאוטו"
    return not is_first or (_VERBLIKE.fullmatch(token.text) is None and not token.text.endswith("תי"))


def _is_surname(tokens: Tokens, i: int) -> bool:
    return i < len(tokens) and tokens[i].text in SURNAMES


def _bare(line: str, tokens: Tokens, taken: Collection[int]) -> Named | None:
    """The answer itself: the first words that may be a name, politeness left out; after a second thought ("יעל, לא,
    סליחה, יהל") the words behind it."""
    doubts = [i for i, token in enumerate(tokens) if token.text in ("לא", "סליחה", "בעצם")]
    if doubts and doubts[-1] + 1 < len(tokens):
        start = doubts[-1] + (1 if doubts[-1] + 1 < len(tokens) and tokens[doubts[-1] + 1].is_stop else 2)
        later = _bare_from(line, tokens, start, taken)
        if later is not None:
            return later
    return _bare_from(line, tokens, 0, taken)


def _bare_from(line: str, tokens: Tokens, start: int, taken: Collection[int]) -> Named | None:
    for i in range(start, len(tokens)):
        token = tokens[i]
        if i in taken or token.is_stop or token.text in _EXTRA_COMMON:
            continue
        if i and tokens[i - 1].text in ("עם", "אצל"):
            return None  # "אפשר עם רון?" asks for somebody
        if token.text not in COMMON or token.text in FIRST_NAMES:
            named = _name_at(line, tokens, i, taken, needs_known=False)
            if named is not None:
                return named
        if not any(form in COMMON for form in token.forms):
            return None
    return None


def _full_name(line: str, tokens: Tokens, taken: Collection[int]) -> Named | None:
    """A name without a cue: known first name and surname together, or a known first name that is all of a clause."""
    for i, token in enumerate(tokens):
        if i in taken or token.text not in FIRST_NAMES:
            continue
        if _is_surname(tokens, i + 1) and i + 1 not in taken and not _is_within_name(tokens, i):
            return _extend(line, tokens, i, taken)
    return _leftover(line, tokens, taken) or _dedicated(line, tokens, taken)


def _is_within_name(tokens: Tokens, i: int) -> bool:
    """A street, not a caller: "רחוב דוד אלעזר"."""
    return i > 0 and tokens[i - 1].text in ("רחוב", "ברחוב", "שדרות", "בשדרות")


def _leftover(line: str, tokens: Tokens, taken: Collection[int]) -> Named | None:
    """A clause that is nothing but a name ("… שעה. דני."), or a known first name as the line's very last words."""
    clauses = _clauses(tokens)
    for n, (start, end) in reversed(list(enumerate(clauses))):
        may_be_unknown = 0 < n == len(clauses) - 1 and not tokens[-1].text.endswith("?") and end - start == 1
        named = _whole_clause(line, tokens, start, end, taken, needs_known=not may_be_unknown)
        if named is not None:
            return named
    start, end = clauses[-1] if clauses and not tokens[-1].text.endswith("?") else (0, 0)
    while end > start and end - 1 in taken:
        end -= 1  # "… דני 0501234567"
    for i in range(max(start, end - _LONGEST), end):
        if i and tokens[i - 1].text == "לא":
            continue
        if i not in taken and tokens[i].text in FIRST_NAMES - DATE_NAMES - ORDINARY_NAMES and not _is_talk(tokens, i):
            named = _extend(line, tokens, i, taken)
            if named.end == end:
                return named
    return None


def _dedicated(line: str, tokens: Tokens, taken: Collection[int]) -> Named | None:
    """ "תקבע לי … לאורן": a known first name behind a glued ל that ends its clause."""
    for i, token in enumerate(tokens):
        first = token.text.removeprefix("ל")
        is_name = token.text.startswith("ל") and token.text not in FIRST_NAMES and first in FIRST_NAMES
        if i in taken or i == 0 or not is_name or tokens[i - 1].text in ("אותי", "לדבר"):
            continue
        if first in DATE_NAMES | ORDINARY_NAMES or token.text in COMMON:
            continue
        named = _extend(line, tokens, i, taken)
        ends = _ends_clause(tokens, named.end) or is_known(tokens[named.end].text)
        if ends and not is_known(token.text):
            return named
    return None


def _clauses(tokens: Tokens) -> list[tuple[int, int]]:
    """Stretches between stops, as half-open ranges of tokens."""
    stops = [-1, *(i for i, token in enumerate(tokens) if token.is_stop), len(tokens)]
    return [(a + 1, b) for a, b in itertools.pairwise(stops) if b > a + 1]


def _whole_clause(
    line: str, tokens: Tokens, start: int, end: int, taken: Collection[int], *, needs_known: bool
) -> Named | None:
    """A name and nothing else; at the end of a line it may be one that no list knows."""
    first = tokens[start].text
    if start in taken or end - start > _LONGEST or first in ORDINARY_NAMES or first in DATE_NAMES:
        return None
    if first not in FIRST_NAMES and (needs_known or is_known(first) or not _may_be_name(tokens[start], is_first=True)):
        return None
    if first not in FIRST_NAMES and (first.endswith(("ים", "ות")) or any(c in COMMON for _, c in splits(first))):
        return None
    named = _extend(line, tokens, start, taken)
    return named if named.end == end else None


def _is_talk(tokens: Tokens, i: int) -> bool:
    """Words that are names and ordinary words alike ("טל", "אור", "חן") need a clause of their own."""
    is_clause = i == 0 or tokens[i - 1].is_stop
    return not is_clause and (tokens[i].text in COMMON or tokens[i - 1].text in ("אצל", "עם", "רחוב", "את"))
