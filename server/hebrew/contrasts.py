"""Two of a kind held against each other: "ביום שני, או יותר טוב שלישי", "בחמש לא בשש"."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence

from server.hebrew.said import DAY_LIKE, TIME_LIKE, CalendarDay, Chunk, Clock, ExactDate, HebrewDay, Relative, Weekday
from server.hebrew.tokens import Tokens
from server.hebrew.wordlists import words

_BETTER = words("עדיף מעדיף מעדיפה מעדיפים")
"""Straight before a day or an hour: it is liked better than those named before."""

COMPARED = words("טוב נוח מתאים נכון קל")
"""The same behind "יותר"."""

_SINGLE_DAYS = (Relative, Weekday, CalendarDay, ExactDate, HebrewDay)
_BETWEEN = words("לי לנו כבר אפילו")
_BUT = words("אבל ואולי אולי אז רק")
_REGRET = words("בעצם סליחה רגע אוי טעות טעיתי אופס סורי שנייה")
_DEGREES = words("יותר פחות")
_FIRMLY = words("אמרתי רק דווקא")


def better(tokens: Tokens, chunks: Sequence[Chunk], negated: Collection[int]) -> int:
    """Where a day or an hour begins that is liked better than one of its kind named before; 0 where there is none.
    "עדיף שלישי מרביעי" names the better one first."""
    at = 0
    for n, chunk in enumerate(chunks):
        has_worse = any(_may_be_worse(other, chunk) for other in chunks[:n])
        if has_worse and n not in negated and not chunk.prefix.startswith("מ") and _is_liked(tokens, chunk):
            at = chunk.start
    return at


def _may_be_worse(other: Chunk, chunk: Chunk) -> bool:
    """Two of a kind; of a week, a month or a span the one that is liked is but a part."""
    is_day = all(isinstance(each.value, _SINGLE_DAYS) for each in (other, chunk))
    return is_day or type(other.value) is type(chunk.value)


def _is_liked(tokens: Tokens, chunk: Chunk) -> bool:
    """ "עדיף שלישי", "יותר טוב שלישי"; or behind an "אבל": "אבל שלישי עדיף"."""
    before = [token.text for token in tokens[max(chunk.start - 3, 0) : chunk.start]]
    after = [token.text for token in tokens[chunk.end : chunk.end + 2]]
    while before and before[-1] in _BETWEEN:
        before.pop()
    if not before:
        return False
    is_said_after = after[:1] != [] and (after[0] in _BETTER or (after[0] == "יותר" and after[-1] in COMPARED))
    if is_said_after and (before[-1] in _BUT or tokens[chunk.start - 1].is_stop):
        return True
    return before[-1] in _BETTER or (before[-2:-1] == ["יותר"] and before[-1] in COMPARED)


def outdone(tokens: Tokens, chunks: Sequence[Chunk]) -> set[int]:
    """What something else is liked better than: the Monday of "מעדיפה את שלישי על שני"."""
    found = set()
    for n, (first, second) in enumerate(itertools.pairwise(chunks)):
        between = [token.text for token in tokens[first.end : second.start]]
        before = [token.text for token in tokens[max(first.start - 2, 0) : first.start] if token.text != "את"]
        if between in (["על"], ["על", "פני"]) and before[-1:] != [] and before[-1] in _BETTER:
            found.add(n + 1)
    for n, chunk in enumerate(chunks):
        near = [token.text for token in tokens[max(chunk.start - 3, 0) : chunk.start]]
        is_worse = is_compared(tokens, chunk) and "פחות" not in near
        if is_worse and any(_may_be_worse(other, chunk) for other in chunks[:n]):
            found.add(n)
    return found


def is_compared(tokens: Tokens, chunk: Chunk) -> bool:
    """Whether "מ" compares: "שלישי עדיף לי מרביעי", "רביעי טוב לי פחות מחמישי"."""
    before = {token.text for token in tokens[max(chunk.start - 3, 0) : chunk.start]}
    return chunk.prefix in ("מ", "מה") and not before.isdisjoint(_BETTER | _DEGREES)


def retaken(tokens: Tokens, chunks: Sequence[Chunk]) -> frozenset[int]:
    """Indexes of a "לא" that takes back what was said and rules nothing out: behind a sound of thinking or a word of
    regret, before another of the kind just said ("בשלישי, אה, לא ברביעי", "בחמש בעצם לא בשש")."""
    found = set()
    for first, second in itertools.pairwise(chunks):
        i = second.start - 1
        if i < first.end or tokens[i].text != "לא" or not _are_alike(chunks, first, second):
            continue
        has_thought = i > 0 and tokens[i].start - tokens[i - 1].end > 1 and not tokens[i - 1].is_stop
        if has_thought or (i > first.end and tokens[i - 1].text in _REGRET):
            found.add(i)
    return frozenset(found)


def doubled_no(tokens: Tokens, chunks: Sequence[Chunk]) -> set[int]:
    """ "לא לא לאחת עשרה" opens with one no, said twice; not so where another of the kind is wished behind ("לא לא
    בתשע, אחרי חמש")."""
    if [token.text for token in tokens[:2]] != ["לא", "לא"]:
        return set()
    first = next((chunk for chunk in chunks if chunk.start == 2), None)
    kind = next((k for k in (DAY_LIKE, TIME_LIKE) if first is not None and isinstance(first.value, k)), None)
    is_other_wished = kind is not None and sum(isinstance(chunk.value, kind) for chunk in chunks) > 1
    return set() if is_other_wished else {0, 1}


def _are_alike(chunks: Sequence[Chunk], first: Chunk, second: Chunk) -> bool:
    """Whether a piece of the kind of `second` is among those up to `first`."""
    kind = next((kind for kind in (DAY_LIKE, Clock) if isinstance(second.value, kind)), None)
    return kind is not None and any(isinstance(c.value, kind) for c in chunks if c.start <= first.start)


def contrasted(tokens: Tokens, chunks: Sequence[Chunk]) -> frozenset[int]:
    """Pieces with "לא" and another of their kind straight behind: "בחמש לא בשש" is at five and not at six, or at five,
    no, at six, for recognisers drop the commas. The first is in doubt."""
    doubted = set()
    for n, (first, second) in enumerate(itertools.pairwise(chunks)):
        is_joined = second.start == first.end + 1 and tokens[first.end].text == "לא"
        is_firm = first.start > 0 and tokens[first.start - 1].text in _FIRMLY
        is_alike = any(isinstance(first.value, kind) and isinstance(second.value, kind) for kind in (DAY_LIKE, Clock))
        if is_joined and is_alike and not is_firm:
            doubted.add(n)
    return frozenset(doubted)
