"""What is moved and where to: "את השלישי לרביעי", "את עשר לאחת עשרה". Behind a verb of moving, "X ל-Y" is no date and
no "ten to eleven" but the way from one to the other."""

from __future__ import annotations

from collections.abc import Sequence

from server.hebrew import clock, dates
from server.hebrew.numbers import Number, cardinal
from server.hebrew.said import CalendarDay, Chunk, Clock, Weekday
from server.hebrew.tokens import Tokens
from server.hebrew.wordlists import words

_VERBS = words(
    """
    להעביר תעביר תעבירי תעבירו מעביר מעבירה מעבירים נעביר העבירי להזיז תזיז תזיזי תזיזו מזיז מזיזה נזיז לדחות תדחה
    תדחי תדחו דוחה נדחה להקדים תקדים תקדימי תקדימו לשנות תשנה תשני תשנו להחליף תחליף תחליפי תחליפו
    """
)
_SWAPS = words("להחליף תחליף תחליפי תחליפו נחליף")
_OBJECT_MARKS = frozenset(("את", "ואת", "של"))


def names_both_ends(tokens: Tokens) -> bool:
    """Whether the line moves something named by its old day or hour to a new one."""
    if all(token.forms.isdisjoint(_VERBS) for token in tokens):
        return False
    return any(end_left(tokens, i) is not None for i in range(1, len(tokens)))


def is_from_to(tokens: Tokens, chunks: Sequence[Chunk]) -> bool:
    """ "להעביר מעשר לאחת": a verb of moving, and what is left behind."""
    has_verb = any(not token.forms.isdisjoint(_VERBS) for token in tokens)
    return has_verb and any(chunk.prefix.startswith("מ") for chunk in chunks)


def end_left(tokens: Tokens, i: int) -> Chunk | None:
    """The day or hour to leave behind, as if it were said with "מ". Two days in figures ("את ה-10 ל-11") come back
    as the second alone."""
    if i and tokens[i - 1].text in _OBJECT_MARKS:
        return _weekday(tokens, i) or _number(tokens, i)
    return _hour_of_object(tokens, i)


def _hour_of_object(tokens: Tokens, i: int) -> Chunk | None:
    """The ten of "את התור של חמישי בעשר לשתיים"; but behind a day moved to, "לחמישי בעשר לשתיים" is ten to two."""
    low = cardinal(tokens, i)
    marks = [k for k in range(max(i - 4, 0), i) if tokens[k].text in _OBJECT_MARKS]
    if low is None or low.prefix != "ב" or not marks or any(_leads_to_day(tokens, k) for k in range(marks[-1], i)):
        return None
    return _from_hour(tokens, i, low)


def _weekday(tokens: Tokens, i: int) -> Chunk | None:
    start, i = i, i + (tokens[i].text == "יום" and i + 1 < len(tokens))
    name = tokens[i].read("weekday")
    is_plain = name is not None and name.prefix in ("", "ה") and isinstance(name.value, int)
    hour = clock.clock(tokens, i + 1) if i + 1 < len(tokens) else None
    at = hour.end if hour is not None and hour.prefix == "ב" else i + 1
    if name is None or not is_plain or not _leads_to_day(tokens, at) or _leads_to_day(tokens, at + 1):
        return None
    return Chunk(Weekday(int(str(name.value))), start, i + 1, "מ")


def _leads_to_day(tokens: Tokens, i: int) -> bool:
    """ "לשלישי", "ליום שלישי"; behind a verb of swapping "בשלישי" as well."""
    if i >= len(tokens):
        return False
    prefixes = ("ל", "ב") if any(not token.forms.isdisjoint(_SWAPS) for token in tokens[:i]) else ("ל",)
    if tokens[i].text in [prefix + "יום" for prefix in prefixes]:
        return i + 1 < len(tokens) and tokens[i + 1].read("weekday") is not None
    following = tokens[i].read("weekday")
    return following is not None and following.prefix in prefixes


def _number(tokens: Tokens, i: int) -> Chunk | None:
    low = cardinal(tokens, i)
    if low is not None and low.is_digits and low.prefix == "ה" and _leads_to_day(tokens, low.end):
        return Chunk(CalendarDay(low.value), i, low.end, "מ")  # "את ה-26 לחמישי"
    if low is None or low.prefix not in ("", "ה"):
        return None
    high = cardinal(tokens, low.end)
    if low.is_digits and low.prefix == "ה" and high is not None and high.prefix in ("ל", "לה"):
        return _day_in_figures(tokens, i, low, high)
    return _from_hour(tokens, i, low)


def _from_hour(tokens: Tokens, i: int, low: Number) -> Chunk | None:
    high = cardinal(tokens, low.end)
    if high is None or high.prefix not in ("ל", "לה"):
        return None
    is_hours = all(number.gender != "m" and 1 <= number.value <= 12 for number in (low, high))
    return Chunk(Clock(low.value), i, low.end, "מ") if is_hours else None


def _day_in_figures(tokens: Tokens, i: int, low: Number, high: Number) -> Chunk | None:
    if not (high.is_digits and 1 <= low.value <= 31 and 1 <= high.value <= 31):
        return None
    later = dates.calendar_day(tokens, low.end)
    if later is not None and later.end > high.end:
        return Chunk(CalendarDay(low.value), i, low.end, "מ")
    return Chunk(CalendarDay(high.value, is_weak=True), i, high.end, "ל")
