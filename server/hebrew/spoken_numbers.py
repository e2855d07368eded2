"""Numbers in words, and nouns that agree with them, on `num2words`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from num2words import num2words

MASCULINE, FEMININE = "m", "f"


@lru_cache(maxsize=4096)
def in_words(number: int, gender: str = FEMININE) -> str:
    """A cardinal: 16 is "שש עשרה" (f) or "שישה עשר" (m). Numbers beyond a million are read digit by digit."""
    if abs(number) > 999_999:
        return digits_in_words(str(abs(number)))
    return str(num2words(number, lang="he", gender=gender))


def digits_in_words(digits: str) -> str:
    return " ".join(in_words(int(digit)) for digit in digits if digit.isdigit())


@dataclass(frozen=True, slots=True)
class Noun:
    """A counted noun. `dual` is its form for two, where it has one ("שעתיים")."""

    one: str
    many: str
    gender: str
    dual: str = ""
    after_ten: str = ""  # "שקל" and "דקות" differ: some nouns stay singular after ten


MINUTE = Noun("דקה", "דקות", FEMININE)
HOUR = Noun("שעה", "שעות", FEMININE, "שעתיים")
DAY = Noun("יום", "ימים", MASCULINE, "יומיים", "יום")
WEEK = Noun("שבוע", "שבועות", MASCULINE, "שבועיים")
MONTH = Noun("חודש", "חודשים", MASCULINE, "חודשיים")
SHEKEL = Noun("שקל", "שקלים", MASCULINE)
PERCENT = Noun("אחוז", "אחוזים", MASCULINE, "", "אחוז")
AGORA = Noun("אגורה", "אגורות", FEMININE)

_MASCULINE = {"תור": "תורים", "טיפול": "טיפולים", "עיסוי": "עיסויים", "מטפל": "מטפלים", "איש": "אנשים"}
_MASCULINE |= {"מקום": "מקומות", "חדר": "חדרים", "לקוח": "לקוחות", "מועד": "מועדים"}
_MASCULINE |= {"אדם": "אנשים", "שירות": "שירותים", "סוג": "סוגים", "זמן": "זמנים"}
_FEMININE = {"אפשרות": "אפשרויות", "שנה": "שנים", "פגישה": "פגישות", "מטפלת": "מטפלות", "פעם": "פעמים", "שאלה": "שאלות"}
_FEMININE |= {"אישה": "נשים", "הודעה": "הודעות", "שנייה": "שניות"}

NOUNS: dict[str, Noun] = {
    form: noun
    for noun in (
        MINUTE,
        HOUR,
        DAY,
        WEEK,
        MONTH,
        SHEKEL,
        AGORA,
        *(Noun(one, many, MASCULINE) for one, many in _MASCULINE.items()),
        *(Noun(one, many, FEMININE) for one, many in _FEMININE.items()),
    )
    for form in (noun.one, noun.many)
}
"""Nouns that replies count, by both forms."""


def counted(number: int, noun: Noun) -> str:
    """Number and noun in agreement: "דקה אחת", "שתי דקות", "שעתיים", "שלושה ימים", "שלושים יום"."""
    if number == 1:
        return f"{noun.one} {in_words(1, noun.gender)}"
    if number == 2:
        return noun.dual or f"{'שני' if noun.gender == MASCULINE else 'שתי'} {noun.many}"
    if number > 10 and noun.after_ten:
        return f"{in_words(number, noun.gender)} {noun.after_ten}"
    return f"{in_words(number, noun.gender)} {noun.many}"
