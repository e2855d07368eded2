"""Word lists written as running text: easier on the eye than a column of quotes."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """The set of blank-separated words of a text."""
    return frozenset(text.split())


def word_row(text: str) -> tuple[str, ...]:
    """The same in order."""
    return tuple(text.split())
