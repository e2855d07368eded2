"""Words, numerals and stops of a line, with the prepositions glued to digits cut off."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from server.hebrew import lexicon
from server.hebrew.lexicon import Reading


class Kind(StrEnum):
    WORD = "word"
    NUMBER = "number"
    CLOCK = "clock"  # 16:30
    DATE = "date"  # 3.12, 3/12/26, 2026-12-03
    DIGITS = "digits"  # a run too long for a number: a phone
    DASH = "dash"  # between two figures
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Token:
    """`text` without the prefix; `start` and `end` are places in the normalised line, prefix included."""

    kind: Kind
    text: str
    start: int
    end: int
    prefix: str = ""

    def read(self, kind: str) -> Reading | None:
        """The sense of a word under a kind of the lexicon."""
        if self.kind is not Kind.WORD:
            return None
        return lexicon.readings(self.text).get(kind)

    @property
    def senses(self) -> Mapping[str, Reading]:
        return lexicon.readings(self.text) if self.kind is Kind.WORD else {}

    @property
    def forms(self) -> frozenset[str]:
        return lexicon.forms(self.text) if self.kind is Kind.WORD else frozenset((self.text,))

    @property
    def is_stop(self) -> bool:
        return self.kind is Kind.STOP


Tokens = tuple[Token, ...]

_TOKEN = re.compile(
    r"""
    (?P<date>\d{4}-\d{1,2}-\d{1,2}(?!\d) | \d{1,2}[./]\d{1,2}(?:[./](?:\d{4}|\d{2}))?(?![\d:]))
  | (?P<digits>\+?\d[\d-]{5,}\d)
  | (?P<clock>\d{1,2}:\d{2}(?::\d{2})?(?!\d))
  | (?P<number>\d+)
  | (?P<word>[א-ת]+(?:["'][א-ת]+)*'? | [a-z]+(?:'[a-z]+)?)
  | (?P<dash>-)
  | (?P<stop>[.,?!;:]+)
  | (?P<other>[₪%*&+/])
    """,
    re.VERBOSE,
)
HESITATIONS = frozenset(("אה", "אהמ", "אמ", "אממ", "אמממ", "אהם", "המ", "הממ", "ממ", "אההה"))
"""Sounds of thinking, left out wherever they stand; "אהה" is a yes."""

_SHORT = frozenset("ובלמהשכ")
_NUMERIC = frozenset((Kind.NUMBER, Kind.CLOCK, Kind.DATE, Kind.DIGITS))


def tokenise(line: str) -> Tokens:
    """Tokens of a normalised line. Signs that mean nothing here are left out."""
    raw = [
        Token(Kind(match.lastgroup), match.group(), match.start(), match.end())
        for match in _TOKEN.finditer(line)
        if match.lastgroup not in (None, "other")
    ]
    return tuple(_join_prefixes([token for token in raw if token.text not in HESITATIONS]))


def _join_prefixes(raw: list[Token]) -> list[Token]:
    """Glue "ב-3", "ב 3", "ב3", "ב-שלוש" to one token, drop hyphens that only tie words together."""
    out: list[Token] = []
    i = 0
    while i < len(raw):
        token = raw[i]
        step, joined = _prefixed(raw, i, bool(out) and "יום" in out[-1].forms and out[-1].text != "היום")
        if joined is not None:
            out.append(joined)
        elif token.kind is not Kind.DASH or _is_between_figures(raw, i):
            out.append(token)
        i += step
    return out


def _prefixed(raw: list[Token], i: int, is_after_day: bool) -> tuple[int, Token | None]:
    token = raw[i]
    if token.kind is not Kind.WORD or token.text not in lexicon.PREFIXES:
        return 1, None
    has_dash = i + 1 < len(raw) and raw[i + 1].kind is Kind.DASH
    j = i + 2 if has_dash else i + 1
    if j >= len(raw):
        return 1, None
    following = raw[j]
    is_glued = following.start == token.end or has_dash
    if is_after_day and not is_glued and token.text in _SHORT:
        return 1, None  # "יום ב 3" is Monday, not "on the third"
    if following.kind in _NUMERIC:
        return j - i + 1, replace(following, prefix=token.text, start=token.start)
    if following.kind is Kind.WORD and (has_dash or (token.text in _SHORT and lexicon.is_known(following.text))):
        if is_after_day and token.text in _SHORT and not has_dash:
            return 1, None
        return j - i + 1, replace(following, text=token.text + following.text, start=token.start)
    return 1, None


def _is_between_figures(raw: list[Token], i: int) -> bool:
    return 0 < i < len(raw) - 1 and raw[i - 1].kind in _NUMERIC and raw[i + 1].kind in _NUMERIC
