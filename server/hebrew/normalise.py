"""One spelling for what recognisers and keyboards write in many ways."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = re.compile("[\u0591-\u05bd\u05bf\u05c1-\u05c5\u05c7\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
"""Niqqud and cantillation (the maqaf U+05BE is between them and stays), direction marks, zero-width signs."""

_SAME = str.maketrans(
    {
        "\u05be": "-",
        "\u2010": "-",
        "\u2011": "-",
        "\u2012": "-",
        "\u2013": "-",
        "\u2014": "-",
        "\u2212": "-",
        "\u05f4": '"',
        "\u201c": '"',
        "\u201d": '"',
        "\u201e": '"',
        "\u05f3": "'",
        "\u2018": "'",
        "\u2019": "'",
        "\u201a": "'",
        "\u00b4": "'",
        "`": "'",
        "\u05c0": " ",
        "\u05c3": ".",
        "\u05f0": "וו",
        "\u05f1": "וי",
        "\u05f2": "יי",
        "\u2026": ".",
    }
)
_DOUBLE_GERESH = re.compile("''")
_HAS_LATIN = re.compile("[a-z]")
_TORN = re.compile(r"(?<![א-ת])([ובלמהש]{0,2}(?:אחה|לפנה|סופ|מוצ)) ([צש])(?![א-ת])")
"""Abbreviations that recognisers write without their gershayim and in two."""
_LATIN = {"deep tissue": "דיפ טישו", "hot stones": "אבנים חמות", "hot stone": "אבנים חמות", "swedish": "שוודי"}
_LATIN |= {
    "reflexology": "רפלקסולוגיה",
    "facial": "טיפול פנים",
    "massage": "עיסוי",
    "shiatsu": "שיאצו",
    "thai": "תאילנדי",
}
_LATIN_WORDS = re.compile(r"\b(" + "|".join(_LATIN) + r")\b")
"""Names of treatments that recognisers write in English."""

_GLUED = re.compile(
    r"(?<![א-ת])([ובלמש]{0,2}(?:יום(?=ראשון|שני|שלישי|רביעי|חמישי|שישי|שבת)|(?:מחרתיים|מחר|היום)(?=ב(?:בוקר|ערב|צהריים))))"
)
"""A day written in one word with what belongs to it: "ביוםשני", "מחרבבוקר"."""

_SPLIT_CLOCK = re.compile(r"(?<=\d) ?: ?(?=[0-5]\d(?!\d))")

_BLANKS = re.compile(r"\s+")


def normalise(text: str) -> str:
    """Strip niqqud, join the spellings of maqaf, geresh and gershayim, fold presentation forms and blanks."""
    folded = unicodedata.normalize("NFKC", text) if not text.isascii() else text
    bare = _INVISIBLE.sub("", folded).translate(_SAME)
    joined = _BLANKS.sub(" ", _DOUBLE_GERESH.sub('"', bare)).strip().lower()
    hebrew = _LATIN_WORDS.sub(lambda match: _LATIN[match[1]], joined) if _HAS_LATIN.search(joined) else joined
    return _GLUED.sub(r"\1 ", _TORN.sub(r'\1"\2', _SPLIT_CLOCK.sub(":", hebrew)))
