"""Whether two spellings are one person's name, as recognisers mishear Hebrew names. Pure."""

from __future__ import annotations

import re

_MARKS = re.compile(r"[\u0591-\u05c7'\"׳״.,-]")
_SOUNDS = str.maketrans(
    {"ט": "ת", "א": "ע", "כ": "ק", "ח": "ק", "ס": "ש", "ך": "ק", "ם": "מ", "ן": "נ", "ץ": "צ", "ף": "פ"}
)


def is_same_person(said: str, booked: str) -> bool:
    """The first name is enough, as people give it; a family name that was said must fit too."""
    said_words, booked_words = _sounds(said), _sounds(booked)
    if not said_words or not booked_words or said_words[0] != booked_words[0]:
        return False
    return len(said_words) == 1 or len(booked_words) == 1 or said_words[1:] == booked_words[1:]


def _sounds(name: str) -> list[str]:
    plain = _MARKS.sub("", name).translate(_SOUNDS).lower()
    # Vowel letters inside a word come and go (דוויד, דויד, דוד); at its end they tell names apart (דני, דנה).
    return [re.sub(r"(.)\1+", r"\1", re.sub(r"(?<=.)[וי]+(?=.)", "", word)) for word in plain.split()]
