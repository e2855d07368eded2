"""Cue phrases: small tables of wordings, found in a line of tokens.

A phrase is words set apart by blanks. `a|b` are alternatives, `…` lets up to three words pass, `=word` takes the word
only as it stands (else glued prefixes are overlooked), `^` and `$` bind to the line's beginning and end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from server.hebrew.tokens import Token, Tokens

V = TypeVar("V")
_GAP = 3


@dataclass(frozen=True, slots=True)
class Phrase(Generic[V]):
    words: tuple[frozenset[str] | None, ...]  # None is a gap
    value: V
    is_at_start: bool = False
    is_at_end: bool = False


@dataclass(frozen=True, slots=True)
class Hit(Generic[V]):
    value: V
    start: int
    end: int


class Cues(Generic[V]):
    """A table of phrases, indexed by the words that they may begin with."""

    def __init__(self, table: Mapping[V, Iterable[str]]) -> None:
        self._by_first: dict[str, list[Phrase[V]]] = {}
        for value, phrases in table.items():
            for text in phrases:
                self._add(_parse(text, value))

    def _add(self, phrase: Phrase[V]) -> None:
        for word in phrase.words[0] or ():
            self._by_first.setdefault(word.removeprefix("="), []).append(phrase)

    def find(self, tokens: Tokens) -> Iterator[Hit[V]]:
        """Every phrase that stands in the line, at every place."""
        for i, token in enumerate(tokens):
            for form in token.forms:
                for phrase in self._by_first.get(form, ()):
                    end = _match(phrase, tokens, i)
                    if end:
                        yield Hit(phrase.value, i, end)

    def values(self, tokens: Tokens) -> set[V]:
        return {hit.value for hit in self.find(tokens)}

    def wanted(self, tokens: Tokens) -> set[V]:
        """Values of the phrases that no "לא" stands before."""
        return {
            hit.value for hit in self.find(tokens) if not (hit.start and tokens[hit.start - 1].text in ("לא", "ולא"))
        }


def _parse(text: str, value: V) -> Phrase[V]:
    words = text.removeprefix("^").removesuffix("$").split()
    parts = tuple(None if word == "…" else frozenset(word.split("|")) for word in words)
    return Phrase(parts, value, text.startswith("^"), text.endswith("$"))


def _is(token: Token, wanted: frozenset[str]) -> bool:
    return "=" + token.text in wanted or not wanted.isdisjoint(token.forms)


def _match(phrase: Phrase[V], tokens: Tokens, start: int) -> int:
    """Where the phrase ends, 0 if it does not stand at `start`."""
    if phrase.is_at_start and any(not token.is_stop for token in tokens[:start]):
        return 0
    end = _follow(phrase.words, tokens, start)
    if end and phrase.is_at_end and any(not token.is_stop for token in tokens[end:]):
        return 0
    return end


def _follow(words: tuple[frozenset[str] | None, ...], tokens: Tokens, i: int) -> int:
    for k, wanted in enumerate(words):
        if wanted is None:
            rest = words[k + 1 :]
            tries = (_follow(rest, tokens, j) for j in range(i, min(i + _GAP + 1, len(tokens))))
            return next((end for end in tries if end), 0)
        if i >= len(tokens) or not _is(tokens[i], wanted):
            return 0
        i += 1
    return i
