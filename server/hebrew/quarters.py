"""Hours told by the minutes that are past or missing: "רבע לחמש", "עשר דקות אחרי שלוש", "בלי רבע שבע"; and what a
number counts, if it is no hour."""

from __future__ import annotations

from server.hebrew.numbers import Number, cardinal
from server.hebrew.said import Chunk, Clock
from server.hebrew.tokens import Kind, Tokens

_TO_MINUTES = frozenset((5, 10, 15, 20, 25))


def minutes_to(tokens: Tokens, i: int) -> Chunk | None:
    """ "רבע לחמש", "עשרה לשלוש", "חמש דקות לארבע"."""
    quarter = tokens[i].read("fraction")
    if quarter is not None and quarter.value == 15:
        minutes, end, prefix = 15, i + 1, quarter.prefix
    else:
        number = cardinal(tokens, i)
        if number is None or number.value not in _TO_MINUTES:
            return None
        if number.value == 15 and number.gender == "m":
            return None  # "חמישה עשר לשתים עשרה" is a date
        minutes, end, prefix = number.value, number.end, number.prefix
    if "מ" in prefix and quarter is None:
        return None  # "מעשר לשלוש" is a range
    if prefix.endswith("ה") and quarter is None and tokens[i].kind is Kind.NUMBER:
        return None  # "ה-20 לשמונה בערב" is a day and an hour
    has_unit = end < len(tokens) and tokens[end].text in ("דקות", "דק'", "דק")
    if quarter is None and tokens[i].text == "5" and not has_unit:
        return None  # "5 ל-12" is as good as a date
    end += has_unit
    hour = cardinal(tokens, end)
    if hour is None or hour.prefix != "ל" or not 1 <= hour.value <= 12 or hour.gender == "m":
        return None
    return Chunk(before_hour(hour.value, minutes), i, hour.end, prefix)


def minutes_beside(tokens: Tokens, i: int) -> Chunk | None:
    """ "רבע אחרי ארבע", "עשר דקות לפני שלוש", "חצי שעה אחרי חמש"."""
    fraction = tokens[i].read("fraction")
    number = cardinal(tokens, i) if fraction is None else None
    if fraction is not None and isinstance(fraction.value, int):
        minutes, end, prefix = fraction.value, i + 1, fraction.prefix
    elif number is not None and number.value in _TO_MINUTES:
        minutes, end, prefix = number.value, number.end, number.prefix
    else:
        return None
    if end < len(tokens) and tokens[end].text in ("דקות", "דק'", "דק", "שעה"):
        end += 1
    if end >= len(tokens) or tokens[end].text not in ("אחרי", "לפני"):
        return None
    hour = cardinal(tokens, end + 1)
    if hour is None or hour.prefix or not 1 <= hour.value <= 12 or hour.gender == "m" or counts_units(tokens, hour):
        return None
    is_before = tokens[end].text == "לפני"
    value = before_hour(hour.value, minutes) if is_before else Clock(hour.value, minutes)
    return Chunk(value, i, hour.end, prefix)


def minutes_without(tokens: Tokens, i: int) -> Chunk | None:
    """ "בלי רבע שבע", as callers from the east of Europe say it."""
    if tokens[i].text != "בלי" or i + 1 >= len(tokens):
        return None
    quarter, number = tokens[i + 1].read("fraction"), cardinal(tokens, i + 1)
    minutes = number.value if number is not None else quarter.value if quarter is not None else 0
    at = past_minutes_word(tokens, number.end) if number is not None else i + 2
    hour = cardinal(tokens, at)
    if not isinstance(minutes, int) or minutes not in _TO_MINUTES or hour is None or not 1 <= hour.value <= 12:
        return None
    return Chunk(before_hour(hour.value, minutes), i, hour.end)


def counts_units(tokens: Tokens, number: Number) -> bool:
    """ "לפני עשר דקות": a stretch of time, no hour."""
    unit = tokens[number.end].read("unit") if number.end < len(tokens) else None
    if unit is not None and is_singular_behind(tokens, number):
        return False  # "חמש שעה שוודי": at five, an hour of it
    return unit is not None and unit.prefix == ""


def is_singular_behind(tokens: Tokens, number: Number) -> bool:
    """ "ב-9 יום ראשון", "בתשע שבוע מהיום": a counted noun is plural, but for days and years after ten."""
    noun = tokens[number.end].text
    if noun == "יום" and number.end + 1 < len(tokens):
        following = tokens[number.end + 1].senses
        if "weekday" in following or "letter" in following:
            return True
    is_ten_at_most = 1 < number.value <= 10
    return (number.value > 1 and noun in ("שעה", "שבוע", "חודש")) or (is_ten_at_most and noun in ("יום", "שנה"))


def before_hour(hour: int, minutes: int) -> Clock:
    return Clock((hour - 2) % 12 + 1, 60 - minutes)


def past_minutes_word(tokens: Tokens, end: int) -> int:
    return end + 1 if end < len(tokens) and tokens[end].text in ("דקות", "דקה", "דק'", "דק") else end
