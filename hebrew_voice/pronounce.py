"""Text → clauses of IPA words: phrases and words of the lexicon first, the model and the rules for the rest."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from hebrew_voice.lexicon import Lexicon
from hebrew_voice.reading import read_pointed

_POINTS = re.compile(r"[\u0591-\u05bd\u05bf-\u05c7]")
_CLAUSE = re.compile(r"([^,.?!:;…\n–—]*)([,.?!:;…\n–—]*)")
_WORD = re.compile(r"[א-ת\u05b0-\u05c7]+(?:['\"׳״’][א-ת\u05b0-\u05c7]*)*|[0-9]|[A-Za-z]+")
_LETTER = re.compile(r"[א-ת'׳’][\u0591-\u05c7]*")
_DIGITS = ("אפס", "אחת", "שתיים", "שלוש", "ארבע", "חמש", "שש", "שבע", "שמונה", "תשע")
_LATIN = {
    "sh": "ʃ",
    "ch": "tʃ",
    "ee": "i",
    "oo": "u",
    "c": "k",
    "j": "dʒ",
    "q": "k",
    "r": "ʁ",
    "w": "v",
    "x": "ks",
    "y": "i",
}
_LATIN_SIGN = re.compile("sh|ch|ee|oo|.")


class CannotSpeak(ValueError):
    """The text holds no word that can be said."""


@dataclass(frozen=True, slots=True)
class Clause:
    words: tuple[str, ...]  # IPA
    mark: str  # "," "." "?" "!" or "" where the text just ends


class Pronouncer:
    """`point` puts vowel points on a clause; only clauses with a word that the lexicon does not know cost that."""

    def __init__(self, lexicon: Lexicon, point: Callable[[str], str]) -> None:
        self._lexicon = lexicon
        self._point = point

    def pronounce(self, text: str) -> list[Clause]:
        """Raises `CannotSpeak`."""
        clauses = [Clause(tuple(self._clause(body)), mark) for body, mark in split_clauses(text)]
        spoken = [clause for clause in clauses if clause.words]
        if not spoken:
            raise CannotSpeak("no word of this text can be said")
        return spoken

    def _clause(self, body: str) -> Iterator[str]:
        words = [_DIGITS[int(word)] if word.isdigit() else word for word in _WORD.findall(body.replace("\u05be", " "))]
        pointed: list[str] | None = None
        at = 0
        while at < len(words):
            taken, ipa = self._lexicon.longest(words, at)
            if not taken:
                pointed = pointed or self._pointed(words)
                taken, ipa = 1, _read(words[at], pointed[at])
            at += taken
            if ipa:
                yield ipa

    def _pointed(self, words: list[str]) -> list[str]:
        """The words with points, one for one: the model changes neither letters nor spaces.

        Without a full stop the model misreads the last letter of its input, and with it the last word.
        """
        return self._point(" ".join(_POINTS.sub("", word) for word in words) + ".").split(" ")


def split_clauses(text: str) -> Iterator[tuple[str, str]]:
    for body, marks in _CLAUSE.findall(text):
        if body.strip():
            yield body, _weightiest(marks)


def _weightiest(marks: str) -> str:
    for mark in "?!.":
        if mark in marks:
            return mark
    return "," if marks.strip() else ""


def _read(word: str, pointed: str) -> str:
    if word.isascii():
        return "".join(_LATIN.get(sign, sign) for sign in _LATIN_SIGN.findall(word.lower()))
    return read_pointed(_with_own_points(word, pointed))


def _with_own_points(word: str, pointed: str) -> str:
    """The model's points, but the word's own wherever a letter has any."""
    own, models = _LETTER.findall(word), _LETTER.findall(pointed)
    return "".join(mine if len(mine) > 1 else its for mine, its in zip(own, models, strict=False))
