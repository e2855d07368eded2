"""Every single word that the grammar knows, and what it may stand for.

A word has as many readings as it has senses ("שני" is a weekday and an ordinal); which one holds is the grammar's
business. Hebrew glues its prepositions to the word, so a reading carries the prefix that was cut off.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from server.hebrew import misheard
from server.hebrew.models import Daypart
from server.hebrew.wordlists import word_row, words

PREFIXES = words(
    """
    ו ב ל מ ה ש כ וב ול ומ וה וש בה לה מה שב של שמ שה כש לכ וכ ולה ומה ובה כשב שבה שלה מל לב בל
    """
)
"""Runs of one-letter words that may be glued to a word. Rarer runs are typing accidents ("בל", "לב") seen in ASR."""


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number word. `gender` is "f" (hours), "m" (days of the month) or "n" for words that serve both."""

    value: int
    gender: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One sense of a word: `value`'s type depends on the kind it is stored under."""

    prefix: str
    value: object


def _numerals() -> dict[str, object]:
    feminine = word_row("אפס אחת שתיים שלוש ארבע חמש שש שבע שמונה תשע עשר")
    masculine = word_row("- אחד שניים שלושה ארבעה חמישה שישה שבעה שמונה תשעה עשרה")
    words: dict[str, object] = {word: Numeral(n, "m") for n, word in enumerate(masculine) if word != "-"}
    words |= {word: Numeral(n, "f") for n, word in enumerate(feminine)}
    words |= {"אפס": Numeral(0, "n"), "שמונה": Numeral(8, "n"), "שתים": Numeral(2, "f"), "שתי": Numeral(2, "f")}
    words |= {"שנים": Numeral(2, "m"), "ששה": Numeral(6, "m"), "חמשה": Numeral(5, "m"), "שלושת": Numeral(3, "m")}
    words |= {"שלש": Numeral(3, "f"), "שלשה": Numeral(3, "m"), "עסר": Numeral(10, "f"), "זירו": Numeral(0, "n")}
    tens = word_row("עשרים שלושים ארבעים חמישים שישים שבעים שמונים תשעים")
    words |= {word: Numeral(20 + 10 * n, "n") for n, word in enumerate(tens)}
    words |= {"ששים": Numeral(60, "n"), "חמשים": Numeral(50, "n"), "שלשים": Numeral(30, "n")}
    glued = {"אחתעשרה": 11, "שתיםעשרה": 12, "שתייםעשרה": 12, "שלושעשרה": 13, "ארבעעשרה": 14, "חמשעשרה": 15}
    glued |= {"ששעשרה": 16, "שבעעשרה": 17, "שמונהעשרה": 18, "תשעעשרה": 19, "שתימעשרה": 12, "אחדעשרה": 11}
    words |= {word: Numeral(n, "f") for word, n in glued.items()}
    return words


_WEEKDAYS = {"ראשון": 0, "שני": 1, "שלישי": 2, "רביעי": 3, "חמישי": 4, "שישי": 5, "ששי": 5, "שבת": 6}
_ORDINALS = {"ראשון": 1, "שני": 2, "שלישי": 3, "רביעי": 4, "חמישי": 5, "שישי": 6, "ששי": 6, "שביעי": 7, "שמיני": 8}
_ORDINALS |= {"תשיעי": 9, "עשירי": 10, "ראשונה": 1, "שנייה": 2, "שניה": 2, "שלישית": 3, "רביעית": 4, "חמישית": 5}
_LETTERS = {"א": 0, "ב": 1, "ג": 2, "ד": 3, "ה": 4, "ו": 5, "ש": 6}
_LETTER_NAMES = {"אלף": 0, "בית": 1, "גימל": 2, "דלת": 3, "הא": 4, "הה": 4, "וו": 5, "ואו": 5}
_RELATIVE = {"היום": 0, "מחר": 1, "מחרתיים": 2, "מחרתים": 2, "אתמול": -1, "שלשום": -2}
_MONTHS = {"ינואר": 1, "פברואר": 2, "מרץ": 3, "מרס": 3, "מרצ": 3, "אפריל": 4, "מאי": 5, "יוני": 6, "יולי": 7}
_MONTHS |= {"אוגוסט": 8, "ספטמבר": 9, "אוקטובר": 10, "נובמבר": 11, "דצמבר": 12, "פבואר": 2, "פברואור": 2}
_MONTHS |= {"דצמבער": 12, "נובמבער": 11, "אפריר": 4, "סטפמבר": 9}
_DAYPARTS = {"בוקר": Daypart.MORNING, "צהריים": Daypart.NOON, "צהרים": Daypart.NOON, "צוהריים": Daypart.NOON}
_DAYPARTS |= {"ערב": Daypart.EVENING, "לילה": Daypart.NIGHT, 'אחה"צ': Daypart.AFTERNOON, "אחהצ": Daypart.AFTERNOON}
_DAYPARTS |= {'לפנה"צ': Daypart.MORNING, "לפנהצ": Daypart.MORNING, "צהרי": Daypart.NOON, "צוהרים": Daypart.NOON}
_DAYPARTS |= {"בקרים": Daypart.MORNING, "ערבים": Daypart.EVENING, "בוקרים": Daypart.MORNING}

MINUTE, HOUR, DAY, WEEK, MONTH, YEAR = "minute", "hour", "day", "week", "month", "year"
_UNITS = {"דקה": MINUTE, "דקות": MINUTE, "דק": MINUTE, "דק'": MINUTE, "שעה": HOUR, "שעות": HOUR, "יום": DAY}
_UNITS |= {"ימים": DAY, "שבוע": WEEK, "שבועות": WEEK, "חודש": MONTH, "חודשים": MONTH, "שנה": YEAR, "שנים": YEAR}
_DUALS = {"שעתיים": HOUR, "שעתים": HOUR, "יומיים": DAY, "יומים": DAY, "שבועיים": WEEK, "שבועים": WEEK}
_DUALS |= {"חודשיים": MONTH, "חודשים": MONTH, "דקותיים": MINUTE, "שנתיים": YEAR}
_FRACTIONS = {"חצי": 30, "רבע": 15, "שליש": 20}
_HEBREW_MONTHS = {"ניסן": 1, "אייר": 2, "סיוון": 3, "סיון": 3, "תמוז": 4, "אב": 5, "אלול": 6, "תשרי": 7, "חשוון": 8}
_HEBREW_MONTHS |= {"חשון": 8, "מרחשוון": 8, "כסלו": 9, "כסליו": 9, "טבת": 10, "שבט": 11, "אדר": 12}

NEXT, THIS = "next", "this"
_WHICH = {"הבא": NEXT, "הבאה": NEXT, "הקרוב": THIS, "הקרובה": THIS, "הזה": THIS, "הזאת": THIS, "הנוכחי": THIS}
_WHICH |= {"הבאים": NEXT, "הקרובים": THIS, "הקרובות": THIS, "הזו": THIS}
_PARTS = {
    "תחילת": "start",
    "התחלת": "start",
    "אמצע": "middle",
    "סוף": "end",
    "תחילה": "start",
    "התחלה": "start",
    "ראשית": "start",
}

_TABLES: Mapping[str, Mapping[str, object]] = {
    "numeral": _numerals(),
    "weekday": _WEEKDAYS,
    "ordinal": _ORDINALS,
    "letter": {**_LETTERS, **_LETTER_NAMES, **{letter + "'": day for letter, day in _LETTERS.items()}},
    "relative": _RELATIVE,
    "month": _MONTHS,
    "hebrew_month": _HEBREW_MONTHS,
    "daypart": _DAYPARTS,
    "unit": _UNITS,
    "dual": _DUALS,
    "fraction": _FRACTIONS,
    "which": _WHICH,
    "part": _PARTS,
}


_MISHEARD = frozenset(("weekday", "numeral", "relative", "month", "daypart", "dual"))
"""Kinds of words that are understood with a letter amiss."""


def _by_word() -> dict[str, dict[str, object]]:
    words: dict[str, dict[str, object]] = {}
    for kind, table in _TABLES.items():
        for word, value in table.items():
            words.setdefault(word, {})[kind] = value
    for word, senses in [(word, senses) for word, senses in words.items() if not _MISHEARD.isdisjoint(senses)]:
        for spelt in misheard.variants(word):
            words.setdefault(spelt, senses)
    return words


_WORDS = _by_word()


def splits(word: str) -> Iterable[tuple[str, str]]:
    """The word itself, then what is left of it after each glued prefix, shortest prefix first."""
    yield "", word
    for cut in range(1, min(4, len(word))):
        if word[:cut] in PREFIXES:
            yield word[:cut], word[cut:].removeprefix("-")


@lru_cache(maxsize=8192)
def readings(word: str) -> Mapping[str, Reading]:
    """All senses of a word by kind; for each kind the one with the shortest prefix."""
    found: dict[str, Reading] = {}
    for prefix, core in splits(word):
        for kind, value in _WORDS.get(core, {}).items():
            found.setdefault(kind, Reading(prefix, value))
    return MappingProxyType(found)


@lru_cache(maxsize=8192)
def forms(word: str) -> frozenset[str]:
    """The word as it stands and its cores of three letters or more: "ושלחו" is also "שלחו"."""
    return frozenset(core for prefix, core in splits(word) if not prefix or len(core) > 2)


def is_known(word: str) -> bool:
    return bool(readings(word))
