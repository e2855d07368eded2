"""The caller's name: after a cue, as the bare answer to "על איזה שם?", or left over at the end of a line."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator
from dataclasses import replace

from server.hebrew.cues import Cues
from server.hebrew.gazetteer import COMMON, DATE_NAMES, FIRST_NAMES, ORDINARY_NAMES, PLACES, SURNAMES
from server.hebrew.lexicon import is_known, splits
from server.hebrew.name_cues import (
    ASKED_ABOUT,
    ASKING,
    BEFORE_NAME,
    FAMILY,
    NO_CUE_BEFORE,
    SPEAKING,
    STRONG,
    TELLING,
    TITLES,
    WEAK,
)
from server.hebrew.name_parts import (
    LONGEST,
    Named,
    ends_clause,
    extend,
    hyphenated,
    is_daughter,
    is_surname,
    may_be_name,
    with_surname,
)
from server.hebrew.tokens import Tokens
from server.hebrew.wordlists import words

_EXTRA_COMMON = words("בסדר נכון טוב אוקיי כן לא בבקשה תודה יאללה מעולה סבבה שנייה רגע")


_LEADING = words("זה זאת אני אה אממ השם שם שמי הוא היא לי אז")
"""Everyday words straight before a name."""


def find(line: str, tokens: Tokens, taken: Collection[int], *, is_asked: bool) -> Named | None:
    """The caller's name in a normalised line. `taken` are tokens that a phone, a service or staff have used."""
    cued = [named for named in _cued(line, tokens, taken, is_asked=is_asked) if _is_said_of_caller(tokens, named)]
    if cued:
        instead = [named for named in cued if _is_instead(tokens, named)]
        best = (instead or [named for named in cued if named.is_strong] or cued)[-1]
        return with_surname(tokens, best)
    found = _bare(line, tokens, taken) if is_asked else _full_name(line, tokens, taken)
    return found if found is not None and _is_said_of_caller(tokens, found) else None


def _is_instead(tokens: Tokens, named: Named) -> bool:
    """ "קוראים לי ליאור אבל תרשמי לירון"."""
    return "אבל" in [token.text for token in tokens[max(named.start - 3, 0) : named.start]]


def _is_said_of_caller(tokens: Tokens, named: Named) -> bool:
    """Not so in a question back ("איך קוראים לך?", "זה רובוט?"), nor of somebody who is told about ("דנה המליצה")."""
    start = named.start
    while start and not tokens[start - 1].is_stop:
        start -= 1
    after = tokens[named.end] if named.end < len(tokens) else None
    behind = [token.text for token in tokens[named.start + 1 : named.end + 1]]
    if tokens[start].text in ASKING or not TELLING.isdisjoint(behind):
        return False
    is_question = after is not None and after.text.startswith("?")
    return not (is_question and tokens[start].text in ASKED_ABOUT)


def _cued(line: str, tokens: Tokens, taken: Collection[int], *, is_asked: bool) -> Iterator[Named]:
    """Names behind a cue, the strongest of its place, or before one ("דנה מדברת"); in the order of the line."""
    strong, speaking, weak, family = (_ends(cues, tokens) for cues in (STRONG, SPEAKING, WEAK, FAMILY))
    for i, token in enumerate(tokens):
        before = tokens[i - 1].text if i else ""
        named = None
        if i in strong and before not in NO_CUE_BEFORE:
            found = _name_at(line, tokens, strong[i], taken, needs_known=False)
            named = found and replace(found, is_strong=True)
        elif i in speaking:
            named = _speaker(line, tokens, i, taken)
        elif i in weak and before not in ("מי", "מה"):
            named = _name_at(line, tokens, weak[i], taken, needs_known=not is_asked)
        elif i in family:
            named = _name_at(line, tokens, family[i], taken, needs_known=True)
        if named is not None:
            yield named
        if token.text in ("מדבר", "מדברת", "כאן", "פה") and before in FIRST_NAMES - ORDINARY_NAMES:
            start = i - 2 if i > 1 and is_surname(tokens, i - 1) and tokens[i - 2].text in FIRST_NAMES else i - 1
            yield Named(" ".join(each.text for each in tokens[start:i]), start, i)


def _ends(cues: Cues[bool], tokens: Tokens) -> dict[int, int]:
    """Where cues begin, and where the longest of each ends."""
    ends: dict[int, int] = {}
    for hit in cues.find(tokens):
        ends[hit.start] = max(hit.end, ends.get(hit.start, 0))
    return ends


def _speaker(line: str, tokens: Tokens, i: int, taken: Collection[int]) -> Named | None:
    """ "מדברת שירה"; but "מדברים ממשרד עורכי דין"."""
    following = tokens[i + 1].text if i + 1 < len(tokens) else ""
    if following.startswith("מ") and following not in FIRST_NAMES:
        return None
    named = _name_at(line, tokens, i + 1, taken, needs_known=False)
    is_name = named is not None and (ends_clause(tokens, named.end) or tokens[named.start].text in FIRST_NAMES)
    return named if is_name else None


def _name_at(line: str, tokens: Tokens, i: int, taken: Collection[int], *, needs_known: bool) -> Named | None:
    """A name that begins at token `i`; stops between cue and name ("השם, דני") are passed over."""
    while i < len(tokens) and (tokens[i].is_stop or (tokens[i].text in BEFORE_NAME and not _is_whole(line, tokens, i))):
        i += 1
    if i and tokens[i - 1].text == "לא":
        return None
    if i < len(tokens) and i not in taken and (joined := hyphenated(line, tokens, i)) is not None:
        return extend(line, tokens, i, taken, least=joined)
    if i >= len(tokens) or i in taken or not _may_begin(tokens, i):
        return None
    if tokens[i].text == "שלום" and not is_surname(tokens, i + 1) and len(tokens) > 1 and tokens[i - 1].text == "כן":
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
    if needs_known and is_word_too and not is_surname(tokens, i + 1) and not _is_followed_by_wish(tokens, i + 1):
        return None
    if not needs_known and not is_first_name and is_known(first):
        return None
    return extend(line, tokens, i, taken)


def _is_whole(line: str, tokens: Tokens, i: int) -> bool:
    """Whether a word that usually leads to a name is part of it: "לי-אור", "שלי כהן" (but "השם שלי כהן")."""
    before = tokens[i - 1] if i else None
    is_led_to = before is None or before.is_stop or before.text in ("לי", "אני", "זה", "זאת", "שמי", "כן")
    return hyphenated(line, tokens, i) is not None or (is_led_to and _is_pronoun_name(tokens, i))


def _may_begin(tokens: Tokens, i: int) -> bool:
    is_titled = i > 0 and tokens[i - 1].text in TITLES  # "גברת לוינשטיין"
    may_be = may_be_name(tokens[i], is_first=not is_titled)
    return may_be or _is_pronoun_name(tokens, i) or is_daughter(tokens, i)


def _is_followed_by_wish(tokens: Tokens, i: int) -> bool:
    """ "אני שחר ורציתי תור": behind an everyday word alone that would be no sentence."""
    return i < len(tokens) and tokens[i].text in ("ורציתי", "ואני", "ורוצה", "ואשמח", "ורצינו", "ואנחנו")


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
        is_talk = not token.forms.isdisjoint(COMMON) and not (_is_pronoun_name(tokens, i) or is_daughter(tokens, i))
        if not is_talk or token.text in FIRST_NAMES | SURNAMES or hyphenated(line, tokens, i):
            named = _name_at(line, tokens, i, taken, needs_known=False)
            if named is not None and not _is_of_sentence(tokens, named):
                return _fuller(line, tokens, named, taken)
        if not any(form in COMMON for form in token.forms):
            return None
    return None


def _is_of_sentence(tokens: Tokens, named: Named) -> bool:
    """A word that no list knows and that is asked ("האמת? ורד") or has a preposition within a sentence ("יש לכם אותי
    במערכת")."""
    first = tokens[named.start].text
    if first in FIRST_NAMES | SURNAMES or first in DATE_NAMES:
        return False
    is_asked = named.end + 1 < len(tokens) and tokens[named.end].text.startswith("?")
    before = tokens[named.start - 1].text if named.start else ""
    return is_asked or (first[0] in "בהלמש" and before in COMMON - _EXTRA_COMMON - _LEADING)


def _is_pronoun_name(tokens: Tokens, i: int) -> bool:
    """ "שלי יפה", "לי שטיינברג": with a surname behind it the word is a name."""
    return tokens[i].text in ("לי", "שלי", "שלו") and is_surname(tokens, i + 1)


def _fuller(line: str, tokens: Tokens, named: Named, taken: Collection[int]) -> Named:
    """The surname that comes after a pause: "עמית. גולן.", "דן. דן כהן"."""
    after = named.end + 1
    if " " in named.name or after >= len(tokens) or not tokens[named.end].is_stop or after in taken:
        return named
    again = extend(line, tokens, after, taken)
    if tokens[after].text == named.name:
        return again
    is_last = again.end >= len(tokens) or tokens[again.end].is_stop
    is_rest = is_surname(tokens, after) and again.end == after + 1 and is_last
    return replace(named, name=f"{named.name} {again.name}", end=again.end) if is_rest else named


def _full_name(line: str, tokens: Tokens, taken: Collection[int]) -> Named | None:
    """A name without a cue: known first name and surname together, or a known first name that is all of a clause."""
    for i, token in enumerate(tokens):
        if i in taken or token.text not in FIRST_NAMES:
            continue
        is_twice = i + 1 < len(tokens) and tokens[i + 1].text == token.text  # "שלום שלום" greets
        if is_surname(tokens, i + 1) and i + 1 not in taken and not is_twice and not _is_within_name(tokens, i):
            return extend(line, tokens, i, taken)
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
    for i in range(max(start, end - LONGEST), end):
        if i and tokens[i - 1].text == "לא":
            continue
        if i not in taken and tokens[i].text in FIRST_NAMES - DATE_NAMES - ORDINARY_NAMES and not _is_talk(tokens, i):
            named = extend(line, tokens, i, taken)
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
        named = extend(line, tokens, i, taken)
        ends = ends_clause(tokens, named.end) or is_known(tokens[named.end].text)
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
    if start in taken or end - start > LONGEST or first in ORDINARY_NAMES or first in DATE_NAMES:
        return None
    if first not in FIRST_NAMES and (needs_known or is_known(first) or not may_be_name(tokens[start], is_first=True)):
        return None
    if first not in FIRST_NAMES and (first.endswith(("ים", "ות")) or any(c in COMMON for _, c in splits(first))):
        return None
    named = extend(line, tokens, start, taken)
    return named if named.end == end else None


def _is_talk(tokens: Tokens, i: int) -> bool:
    """Words that are names and ordinary words alike ("טל", "אור", "חן") need a clause of their own."""
    is_clause = i == 0 or tokens[i - 1].is_stop
    before = tokens[i - 1].text if i else ""
    is_of_place = before in PLACES or before[1:] in PLACES  # "מכפר יונה"
    return not is_clause and (
        tokens[i].text in COMMON
        or before in ("אצל", "עם", "רחוב", "את", "תענית", "בתענית", "צום", "בצום")
        or is_of_place
    )
