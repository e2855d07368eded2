"""Cuts a sentence into pieces for the voice: the first short, so that sound begins soon; later ones whole clauses.

Each piece is synthesised while the one before it plays.
"""

from __future__ import annotations

import re

FIRST_WORD_COUNT = 5
LATER_WORD_COUNT = 12

_CLAUSE = re.compile(r"[^,.;:!?…]+[,.;:!?…]*\s*")


def pieces(spoken: str) -> list[str]:
    """The pieces of `spoken`, in order: the first of 2 to 5 words, later ones of at most 12."""
    clauses = [words for match in _CLAUSE.finditer(spoken) if (words := match.group().split())]
    if not clauses:
        return []
    first = _take_first(clauses)
    return [" ".join(words) for words in (first, *_gather(clauses))]


def _take_first(clauses: list[list[str]]) -> list[str]:
    """Take the first piece off `clauses`: whole clauses where they fit, else their first words."""
    first: list[str] = []
    while clauses and len(first) + len(clauses[0]) <= FIRST_WORD_COUNT:
        first += clauses.pop(0)
    if clauses and len(first) < 2:
        room = FIRST_WORD_COUNT - len(first)
        if len(clauses[0]) - room == 1:  # no single word is left behind
            room -= 1
        first += clauses[0][:room]
        clauses[0] = clauses[0][room:]
    return first


def _gather(clauses: list[list[str]]) -> list[list[str]]:
    result: list[list[str]] = []
    for words in clauses:
        if result and len(result[-1]) + len(words) <= LATER_WORD_COUNT:
            result[-1] = result[-1] + words
        else:
            result.extend(_split(words))
    return result


def _split(words: list[str]) -> list[list[str]]:
    """A clause that is too long for one piece, cut evenly."""
    count = -(-len(words) // LATER_WORD_COUNT)
    size = -(-len(words) // count)
    return [words[start : start + size] for start in range(0, len(words), size)]
