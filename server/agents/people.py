"""For whom a line asks: two people at once, or a further one by name. Pure."""

from __future__ import annotations

import re

from server.agents.saying import WEEKDAYS
from server.hebrew.gazetteer import FIRST_NAMES

_FOR = r"(?:ל|על שם |בשם |בשביל |עבור )"
_TWO = re.compile(rf"(?<![א-ת]){_FOR}([א-ת'׳]{{2,}}),? ו{_FOR}?([א-ת'׳]{{2,}})(?![א-ת])")
_ALSO = re.compile(
    r"(?<![א-ת])ו?(?:גם|עוד (?:אחד|אחת|תור)) (?:ל|בשביל |עבור )"
    r"(?:ה?(?:חברה|חבר|אחות|אח|בת|בן|בעל|אישה|אמא|אבא|גיסה|שכנה)(?:י|תי)? (?:שלי |שלנו )?)?([א-ת'׳]{2,})(?![א-ת])"
)


def named_two(text: str) -> tuple[str, str] | None:
    """The two of "for Dani and for Ruth"."""
    found = _TWO.search(text)
    return (found[1], found[2]) if found and _is_name(found[1]) and _is_name(found[2]) else None


def named_also(text: str) -> str | None:
    """The one of "and for Ronit too"."""
    found = _ALSO.search(text)
    return found[1] if found and _is_name(found[1]) else None


_SIZES = {"שלוש": 3, "שלושה": 3, "ארבע": 4, "ארבעה": 4, "חמש": 5, "חמישה": 5, "שש": 6, "שישה": 6}
_GROUP = re.compile(
    rf"(?<![א-ת])(?:אנחנו )?({'|'.join(_SIZES)}) (?:חברות|חברים|אנשים|בנות|בנים|נשים|גברים|אורחים|אחיות|אחים)(?![א-ת])|"
    rf"(?<![א-ת])אנחנו ({'|'.join(_SIZES)})(?= |$)|(?<![א-ת])[לשו]?(שלוש|ארבע|חמש)ת(?:נו|ם|ן)(?![א-ת])"
)


def group_size(text: str) -> int:
    """How many come at once when there are more than two; 0 when nothing such is said."""
    found = _GROUP.search(text)
    return _SIZES[found[1] or found[2] or found[3]] if found else 0


_KIN = re.compile(r"(?:ה?(?:אשתי|בעלי|חברה|חבר|אחותי|אחי|אמא|אבא|בת|בן|בני|בתי)(?: .*)?|זהו|זה.*|תודה.*)")


_BOTH = re.compile(r"(?:אה |אז )?([א-ת'׳]{2,}) ו(?:ה?שני |ה?שנייה )?([א-ת'׳]{2,})")


def both_names(text: str) -> tuple[str, str] | None:
    """ "Limor and Sivan", in answer to the question for two people's names."""
    found = _BOTH.fullmatch(text.strip(" .!"))
    return (found[1], found[2]) if found and is_somebody(found[2]) else None


_NOT_BUT = re.compile(r"(?<![א-ת])לא,? ([א-ת'׳]{2,}),? (?:אלא |זה )?([א-ת'׳]{2,})")


def corrected_name(text: str) -> str | None:
    """The second of "not Hila, Ayala"."""
    found = _NOT_BUT.search(text)
    return found[2] if found and _is_name(found[1]) and is_somebody(found[2]) and found[2] not in WEEKDAYS else None


def is_somebody(words: str) -> bool:
    """Whether the second half of "Limor and Sivan" can be a name, though no list holds it."""
    return 0 < len(words.split()) < 3 and _KIN.fullmatch(words) is None


def _is_name(word: str) -> bool:
    return word in FIRST_NAMES and word not in WEEKDAYS  # some weekdays are first names as well
