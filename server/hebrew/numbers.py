"""Cardinal numbers in words and digits, both genders, as callers and recognisers mix them."""

from __future__ import annotations

from dataclasses import dataclass

from server.hebrew.lexicon import Numeral
from server.hebrew.tokens import Kind, Token, Tokens
from server.hebrew.wordlists import words


@dataclass(frozen=True, slots=True)
class Number:
    """A number read at tokens `..end`; `gender` "f", "m" or "n" (digits and round tens serve both)."""

    value: int
    end: int
    prefix: str
    gender: str
    is_digits: bool = False


_NO_NOUNS = words(
    """
    מתאים מתאימים יתאים מסכים טובים לפעמים קוראים רוצים צריכים יכולים באים מגיעים אומרים עובדים פנויים זמינים מעדיפים
    מדברים סגורים פתוחים מחפשים נמצאים חושבים מבקשים יודעים קובעים אחרים
    """
)


def counts_noun(token: Token) -> bool:
    """Whether the word behind a number is what it counts: a plural that is no word of the calendar."""
    return token.text.endswith(("ים", "ות")) and token.text not in _NO_NOUNS and not token.senses


_TEEN_ENDS = frozenset(("עשרה", "עשר", "אסרה", "עסרה"))


def numeral(token: Token) -> tuple[str, Numeral] | None:
    reading = token.read("numeral")
    if reading is None or not isinstance(reading.value, Numeral):
        return None
    return reading.prefix, reading.value


def cardinal(tokens: Tokens, i: int) -> Number | None:
    """The longest number that begins at token `i`: "17", "שבע עשרה", "עשרים ושלוש", "מאה ועשרים"."""
    if i >= len(tokens):
        return None
    token = tokens[i]
    if token.kind is Kind.NUMBER and len(token.text) <= 6:
        return Number(int(token.text), i + 1, token.prefix, "n", is_digits=True)
    return _in_words(tokens, i)


def _in_words(tokens: Tokens, i: int) -> Number | None:
    thousands = _thousands(tokens, i)
    if thousands is not None:
        return thousands
    hundreds = _hundreds(tokens, i)
    if hundreds is not None:
        rest = _under_hundred(tokens, hundreds.end)
        return hundreds if rest is None else _sum(hundreds, rest)
    return _under_hundred(tokens, i)


def _sum(high: Number, low: Number) -> Number:
    return Number(high.value + low.value, low.end, high.prefix, low.gender)


def _thousands(tokens: Tokens, i: int) -> Number | None:
    """Years are said "אלפיים עשרים ושבע"."""
    for prefix_len in range(3):
        prefix, core = tokens[i].text[:prefix_len], tokens[i].text[prefix_len:]
        if core in ("אלפיים", "אלף"):
            high = Number(2000 if core == "אלפיים" else 1000, i + 1, prefix, "n")
            low = _hundreds(tokens, i + 1) or _under_hundred(tokens, i + 1)
            return high if low is None else _sum(high, low)
    return None


def _hundreds(tokens: Tokens, i: int) -> Number | None:
    if i >= len(tokens):
        return None
    forms = tokens[i].forms
    for core, value in (("מאה", 100), ("מאתיים", 200)):
        if core in forms:
            return Number(value, i + 1, tokens[i].text.removesuffix(core), "n")
    unit = numeral(tokens[i])
    if unit and 3 <= unit[1].value <= 9 and i + 1 < len(tokens) and tokens[i + 1].text == "מאות":
        return Number(100 * unit[1].value, i + 2, unit[0], "n")
    return None


def _under_hundred(tokens: Tokens, i: int) -> Number | None:
    first = numeral(tokens[i]) if i < len(tokens) else None
    if first is None:
        return None
    prefix, word = first
    following = tokens[i + 1] if i + 1 < len(tokens) else None
    if 1 <= word.value <= 9 and following is not None and following.text in _TEEN_ENDS:
        is_feminine = following.text.endswith("ה")
        gender = "n" if is_feminine == (word.gender == "m") and word.value != 8 else "f" if is_feminine else "m"
        return Number(10 + word.value, i + 2, prefix, gender)
    if word.gender == "m" and word.value <= 9 and following is not None:
        tens = numeral(following)
        if tens is not None and tens[0] == "ו" and tens[1].value >= 20:
            return Number(word.value + tens[1].value, i + 2, prefix, "m")  # "חמישה ועשרים", the elder way
    if word.value >= 20 and following is not None:
        unit = numeral(following)
        if unit is not None and unit[0] == "ו" and 1 <= unit[1].value <= 9 and not _is_teen(tokens, i + 1):
            return Number(word.value + unit[1].value, i + 2, prefix, unit[1].gender)
    return Number(word.value, i + 1, prefix, word.gender)


def _is_teen(tokens: Tokens, i: int) -> bool:
    return i + 1 < len(tokens) and tokens[i + 1].text in _TEEN_ENDS
