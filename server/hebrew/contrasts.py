"""Two of a kind held against each other: "ביום שני, או יותר טוב שלישי", "בחמש לא בשש"."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence

from server.hebrew.said import DAY_LIKE, Chunk, Clock
from server.hebrew.tokens import Tokens
from server.hebrew.wordlists import words

_BETTER = words("עדיף מעדיף מעדיפה מעדיפים")
"""Straight before a day or an hour: it is liked better than those named before."""

COMPARED = words("טוב נוח מתאים נכון קל")
"""The same behind "יותר"."""

_BETWEEN = words("לי לנו כבר אפילו")
_FIRMLY = words("אמרתי רק דווקא")


def better(tokens: Tokens, chunks: Sequence[Chunk], negated: Collection[int]) -> int:
    """Where a day or an hour begins that is liked better than one of its kind named before; 0 where there is none.
    "עדיף שלישי מרביעי" names the better one first."""
    at = 0
    for n, chunk in enumerate(chunks):
        has_worse = any(type(other.value) is type(chunk.value) for other in chunks[:n])  # of a span it is but a part
        if has_worse and n not in negated and not chunk.prefix.startswith("מ") and _is_liked(tokens, chunk):
            at = chunk.start
    return at


def _is_liked(tokens: Tokens, chunk: Chunk) -> bool:
    before = [token.text for token in tokens[max(chunk.start - 3, 0) : chunk.start]]
    while before and before[-1] in _BETWEEN:
        before.pop()
    if not before:
        return False
    return before[-1] in _BETTER or (before[-2:-1] == ["יותר"] and before[-1] in COMPARED)


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
