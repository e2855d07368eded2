"""What a model has written so far, as it can be judged: whole sentences, and clauses of the one being written. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from server.agents.grounding import SENTENCE_END

_SENTENCE_END = re.compile(rf"{SENTENCE_END}|\n+")
_CLAUSE_END = re.compile(r"[,;:–—](?=\s)")


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence; or, not `is_whole`, its beginning as far as the end of a clause."""

    text: str
    is_whole: bool = True


class Drafts:
    """Cuts the text of a reply, which comes in pieces of any size. Hours, prices and dates stay whole."""

    def __init__(self) -> None:
        self._waiting = ""
        self._offered_count = 0  # characters of the waiting text that were offered as clauses

    def add(self, piece: str) -> Iterator[Draft]:
        """The sentences that are complete with this piece, then what there is of the next if a clause ends in it."""
        self._waiting += piece
        while end := _SENTENCE_END.search(self._waiting):
            sentence, self._waiting, self._offered_count = self._waiting[: end.end()], self._waiting[end.end() :], 0
            if sentence.strip():
                yield Draft(sentence.strip())
        ends = [match.end() for match in _CLAUSE_END.finditer(self._waiting, self._offered_count)]
        if ends:
            self._offered_count = ends[-1]
            yield Draft(self._waiting[: ends[-1]].strip(), is_whole=False)

    def end(self) -> Iterator[Draft]:
        """A message is over: what is left counts as a sentence."""
        rest, self._waiting, self._offered_count = self._waiting.strip(), "", 0
        if rest:
            yield Draft(rest)
