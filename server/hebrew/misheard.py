"""Spellings of a word that differ by one letter from the right one, as recognisers and people in a hurry write it."""

from __future__ import annotations

from collections.abc import Iterator

from server.hebrew.wordlists import words

_ALIKE = ("טת", "אע", "כקח", "סש")
"""Letters that sound the same."""

_MATRES = "יו"
_SHORTEST = 4

_OTHER_WORDS = words(
    """
    אורבע ארבים ארביע ארובע אשרה אשרים בוחר בוחרים בוכרים בוקרם בחרים בכרים בקרם חומשה חומשים חימשה חמושה חמושים
    חמיסה חמסה חמשוה חמשיה חמשם ינוער כמישה כמשה לילא ליליה מכרתים סניים סעתים סתיים סתים עורבים עושרה עושרים ערבם
    עריבים עשורה עשורים עשירה עשירים עשרם צהירי צהירים צוהרי צוהרם שאתים שבועה שבועם שביעה שביעים שבעם שובעה שובעים
    שולשה שולשים שוניים שונים שושים שותים שטים שילוש שילושה שילושים שילשה שילשים שימונה שימונים שיניים שיסה שישם
    שיתים שלישה שלישים שלשם שמנה שמנים שסים שעיתים שעתם תושעה תושעים תשועה תשעוה תשעיה תשעם יומם ימיים חדשים קודשים
    חודשם רבעי
    """
)
"""What would be a slip for a word of the calendar, but is a word of its own."""


def variants(word: str) -> Iterator[str]:
    """`word` with one letter changed for its like, or with one י or ו too few or too many within it."""
    for spelt in _spellings(word) if len(word) >= _SHORTEST else ():
        if len(spelt) >= _SHORTEST and spelt not in _OTHER_WORDS:
            yield spelt


def _spellings(word: str) -> Iterator[str]:
    for k, letter in enumerate(word):
        head, tail = word[:k], word[k + 1 :]
        for group in _ALIKE:
            yield from (head + other + tail for other in group if letter in group and other != letter)
        if letter in _MATRES and head and tail:
            yield head + tail
        if head and letter not in _MATRES and head[-1] not in _MATRES:
            yield from (head + mater + letter + tail for mater in _MATRES)
    if word.endswith(("ה", "ע")):
        yield word[:-1] + "א"
