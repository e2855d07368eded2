"""Days of the month and the months themselves: "3.12", "השלישי לשתים עשרה", "ב-15 לחודש", "סוף דצמבר"."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from server.hebrew import clock
from server.hebrew.lexicon import MONTH, NEXT, THIS, WEEK
from server.hebrew.numbers import Number, cardinal, counts_noun
from server.hebrew.said import CalendarDay, Chunk, Clock, ExactDate, MonthSpan, Relative, WeekSpan
from server.hebrew.tokens import Kind, Tokens

_MINUTES_TO = frozenset((5, 10, 15, 20, 25))
_DATE_WORDS = frozenset(("יום", "תאריך"))


def calendar_day(tokens: Tokens, i: int) -> Chunk | None:
    """A day of a month, in figures or words, with its month and year where they are said."""
    start = i
    if tokens[i].forms & _DATE_WORDS and tokens[i].text != "היום" and i + 1 < len(tokens):
        i += 1
    found = _figures(tokens, i) or _day_of_month(tokens, i, is_date="תאריך" in tokens[start].forms)
    if found is None:
        return None
    if start != i:
        if tokens[i].kind is Kind.NUMBER and not found.prefix and found.end == i + 1:
            return None
        if isinstance(found.value, CalendarDay) and found.value.hour is not None:
            return None  # "יום שלישי לשלוש" is a weekday and an hour
        if isinstance(found.value, CalendarDay) and tokens[i].read("ordinal") and tokens[i].text[0] != "ה":
            found = replace(found, value=replace(found.value, is_weak=True))  # "יום חמישי לחודש" may be a Thursday
        prefix = tokens[start].text.removesuffix("יום").removesuffix("תאריך")
        found = replace(found, start=start, prefix=prefix)
    return _with_year(tokens, found)


def _figures(tokens: Tokens, i: int) -> Chunk | None:
    token = tokens[i]
    if token.kind is not Kind.DATE:
        return None
    if "-" in token.text:
        year, month, day = (int(part) for part in token.text.split("-"))
        return (
            Chunk(ExactDate(dt.date(year, month, day)), i, i + 1, token.prefix) if _exists(year, month, day) else None
        )
    parts = [int(part) for part in token.text.replace("/", ".").split(".")]
    day, month = parts[0], parts[1]
    if not _exists(2028, month, day):
        is_near_miss = 1 <= month <= 12 and 1 <= day <= 31
        return Chunk(MonthSpan(month, is_for_missing_day=True), i, i + 1, token.prefix) if is_near_miss else None
    return Chunk(CalendarDay(day, month, _full_year(parts[2]) if len(parts) == 3 else None), i, i + 1, token.prefix)


def _exists(year: int, month: int, day: int) -> bool:
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True


def _full_year(year: int) -> int:
    return year if year > 99 else 2000 + year


@dataclass(frozen=True, slots=True)
class _DayNumber:
    value: int
    end: int
    prefix: str
    is_ordinal: bool
    number: Number | None


def _day_number(tokens: Tokens, i: int) -> _DayNumber | None:
    number = cardinal(tokens, i)
    if number is not None and 1 <= number.value <= 99:
        return _DayNumber(number.value, number.end, number.prefix, False, number)
    ordinal = tokens[i].read("ordinal") if i < len(tokens) else None
    if ordinal is not None and isinstance(ordinal.value, int):
        return _DayNumber(ordinal.value, i + 1, ordinal.prefix, True, None)
    return None


def _day_of_month(tokens: Tokens, i: int, *, is_date: bool) -> Chunk | None:
    day = _day_number(tokens, i)
    if day is None:
        return None
    month, end = _month_after(tokens, day, is_date=is_date)
    if end > day.end:
        if month is None and day.value > 31:
            return None
        if month is not None and not _exists(2028, month, day.value):
            return Chunk(MonthSpan(month, is_for_missing_day=True), i, end, day.prefix)
        is_weak = month is not None and day.number is not None and _may_be_minutes(tokens, day)
        which = tokens[end - 1].read("which") if month is None else None
        is_next = which is not None and which.value == NEXT
        hour = _hour_instead(tokens, day, end)
        value = CalendarDay(day.value, month, is_weak=is_weak and not is_date, is_next_month=is_next, hour=hour)
        return Chunk(value, i, end, day.prefix)
    return _without_month(day, i)


def _hour_instead(tokens: Tokens, day: _DayNumber, end: int) -> Clock | None:
    """The hour that a month in feminine words or figures may be: "לשלישי לשלוש". "השלישי לשלוש" and "לשלישי לשלישי"
    leave no doubt that a date is meant."""
    if not day.is_ordinal or day.value > 6 or "ה" in day.prefix:
        return None
    number = cardinal(tokens, day.end)
    if number is None or number.end != end or number.gender == "m" or tokens[day.end].read("ordinal"):
        return None
    return Clock(number.value)


def _may_be_minutes(tokens: Tokens, day: _DayNumber) -> bool:
    """ "ב-10 ל-12" is the tenth of December or ten to twelve, "1 ל-2" the first of February or from one to two."""
    is_figures = day.number is not None and day.number.is_digits and tokens[day.end].kind is Kind.NUMBER
    month = cardinal(tokens, day.end)
    if day.prefix == "ה" and month is not None and month.gender == "f":
        return True  # "ה-17 לשלוש" may be at three
    by_ordinal = day.number is not None and day.number.is_digits and tokens[day.end].read("ordinal") is not None
    return by_ordinal or (
        (day.value in _MINUTES_TO or (is_figures and day.value <= 12)) and tokens[day.end].read("month") is None
    )


def _without_month(day: _DayNumber, i: int) -> Chunk | None:
    """ "ה-15", "בחמישה עשר", "ה-30": the definite article or the masculine make it a day, not an hour."""
    if day.is_ordinal and day.value > 6 and day.prefix in ("ב", "ל", "ה"):
        return Chunk(CalendarDay(day.value, is_weak=True), i, day.end, day.prefix)
    if day.number is None or day.value > 31:
        return None
    number = day.number
    prefix = day.prefix[1:] if day.prefix[:1] in ("ו", "ש") else day.prefix
    is_definite = prefix in ("ה", "בה", "לה", "מה") and number.gender != "f"  # "השלוש" is an hour
    is_masculine = number.gender == "m" and (prefix in ("ב", "מ") or (prefix == "ל" and day.value > 12))
    is_no_hour = number.is_digits and day.value > 24 and prefix in ("ב", "ל", "ה", "מ")
    if not (is_definite or is_masculine or is_no_hour):
        return None
    is_teen = is_masculine and day.value > 10
    return Chunk(CalendarDay(day.value, is_weak=not (is_teen or day.value > 24)), i, day.end, day.prefix)


def _month_after(tokens: Tokens, day: _DayNumber, *, is_date: bool) -> tuple[int | None, int]:
    """Month number (None: "לחודש") and where it ends; the end stays where it was if no month follows."""
    i = day.end
    if i >= len(tokens):
        return None, i
    token = tokens[i]
    if token.text in ("לחודש", "בחודש") and not (i + 1 < len(tokens) and tokens[i + 1].read("month")):
        return None, i + 2 if i + 1 < len(tokens) and tokens[i + 1].read("which") is not None else i + 1
    if token.text in ("לחודש", "בחודש"):
        return _month_value(tokens, i + 1), i + 2
    if token.read("month") is not None:
        named = token.read("month")
        return (_month_value(tokens, i), i + 1) if named and named.prefix in ("", "ב", "ל", "של") else (None, i)
    return _numbered_month(tokens, day, is_date=is_date)


def _month_value(tokens: Tokens, i: int) -> int | None:
    reading = tokens[i].read("month")
    return reading.value if reading is not None and isinstance(reading.value, int) else None


def _numbered_month(tokens: Tokens, day: _DayNumber, *, is_date: bool) -> tuple[int | None, int]:
    """ "לשתים עשרה", "לשלישי", "ל-12"."""
    i = day.end
    number = day.number
    is_hour = number is not None and number.gender == "f" and not is_date  # "בין ארבע לחמש" holds no fourth of May
    ordinal = tokens[i].read("ordinal")
    if ordinal is not None and i > 1 and tokens[i - 2].text in ("עוד", "רק", "תור", "טיפול", "גם"):
        ordinal = None if number is not None and not day.prefix and day.value == 1 else ordinal  # "עוד אחד לחמישי"
    if ordinal is not None and ordinal.prefix == "ל" and isinstance(ordinal.value, int):
        if ordinal.value == 2 and i + 1 < len(tokens) and counts_noun(tokens[i + 1]):
            return None, i  # "טיפול אחד לשני אנשים"
        return (None, i) if is_hour and ordinal.value <= 6 else (ordinal.value, i + 1)
    month = cardinal(tokens, i)
    if month is not None and is_hour and month.gender != "m" and not _has_hour_of_its_own(tokens, day, month):
        return None, i
    if month is None or month.prefix != "ל" or not 1 <= month.value <= 12 or "מ" in day.prefix:
        return None, i
    is_definite = number is not None and number.is_digits and day.prefix == "ה"
    if (day.is_ordinal or is_definite) and _is_surely_hour(tokens, i, month.end):
        return None, i
    is_day_only = number is not None and number.gender == "m" and number.value == 15  # "חמישה עשר"
    may_be_hour = number is not None and number.value in _MINUTES_TO and month.gender != "m" and not is_date
    may_be_hour = may_be_hour and not is_day_only and not _has_hour_of_its_own(tokens, day, month)
    if may_be_hour and number is not None and not (number.is_digits and day.prefix):
        return None, i  # "עשרה לשלוש", "10 ל-3": minutes to the hour
    return month.value, month.end


def _has_hour_of_its_own(tokens: Tokens, day: _DayNumber, month: Number) -> bool:
    """ "שלוש לשתים עשרה בשלוש": the hour comes behind, so what precedes it is a date."""
    if day.is_ordinal or day.prefix or month.prefix != "ל" or month.end >= len(tokens):
        return False
    start = day.end - 1
    while start > 0 and tokens[start - 1].read("numeral") is not None:
        start -= 1
    if start and tokens[start - 1].text in ("בין", "את", "של", "רבע"):
        return False
    hour = clock.clock(tokens, month.end)
    return hour is not None and hour.prefix == "ב"


def _is_surely_hour(tokens: Tokens, i: int, end: int) -> bool:
    """ "לחמישי לשתים עשרה בצהריים", "לשני לשתיים וחצי": more than a bare number."""
    hour = clock.clock(tokens, i)
    return hour is not None and hour.end > end


def _with_year(tokens: Tokens, found: Chunk) -> Chunk:
    value, i = found.value, found.end
    if not isinstance(value, CalendarDay) or value.month is None or value.year is not None or i >= len(tokens):
        return found
    if tokens[i].text in ("שנת", "בשנת"):
        i += 1
    year = cardinal(tokens, i)
    if year is None or not 2020 <= year.value <= 2100:
        return found
    return replace(found, value=replace(value, year=year.value), end=year.end)


def week_span(tokens: Tokens, i: int) -> Chunk | None:
    """ "השבוע", "בשבוע הבא", "תחילת השבוע", "סופ״ש"."""
    token = tokens[i]
    if token.forms & {'סופ"ש', "סופש", "סופשבוע"}:
        return _with_offset(tokens, i, i + 1, "weekend")
    part, j = _part(tokens, i)
    if j >= len(tokens):
        return None
    unit = tokens[j].read("unit")
    if unit is None or unit.value != WEEK or not tokens[j].text.endswith("שבוע"):
        return None
    following = [token.text for token in tokens[j + 1 : j + 3]]
    if following[:1] in (["אחרי"], ["שאחרי"], ["שאחריו"], ["שלאחריו"]) and (
        following[0] != "אחרי" or following[1:] == ["הבא"]
    ):
        end = j + 3 if following[1:] in (["הבא"], ["זה"]) else j + 2
        return Chunk(WeekSpan(2, part, is_vague=True), i, end, tokens[i].text[:1])
    if part is None and tokens[j].text not in ("השבוע", "מהשבוע") and not _followed_by_which(tokens, j + 1):
        return None
    return _with_offset(tokens, i, j + 1, part)


def _with_offset(tokens: Tokens, start: int, end: int, part: str | None) -> Chunk:
    prefix = tokens[start].text[:1] if tokens[start].text[:1] in "בלמ" else ""
    which = tokens[end].read("which") if end < len(tokens) else None
    if end < len(tokens) and tokens[end].text in ("שעבר", "הקודם", "האחרון"):
        return Chunk(Relative(-7), start, end + 1, prefix)  # gone by; "בסוף השבוע האחרון של השנה" is not read
    if which is None:
        return Chunk(WeekSpan(0, part), start, end, prefix)
    is_next = which.value == NEXT
    late = tokens[end + 1].read("part") if part is None and end + 1 < len(tokens) else None
    if late is not None and late.prefix == "ב":  # "בשבוע הבא באמצע"
        has_noun = end + 2 < len(tokens) and tokens[end + 2].text in ("השבוע", "שבוע")
        return Chunk(WeekSpan(int(is_next), str(late.value)), start, end + 2 + has_noun, prefix)
    return Chunk(WeekSpan(int(is_next), part, is_rolling=not is_next and part is None), start, end + 1, prefix)


def _followed_by_which(tokens: Tokens, i: int) -> bool:
    return i < len(tokens) and tokens[i].read("which") is not None


def _part(tokens: Tokens, i: int) -> tuple[str | None, int]:
    part = tokens[i].read("part")
    return (str(part.value), i + 1) if part is not None else (None, i)


def month_span(tokens: Tokens, i: int) -> Chunk | None:
    """ "בדצמבר", "סוף החודש", "בחודש הבא", "תחילת ינואר"."""
    part, j = _part(tokens, i)
    if j >= len(tokens):
        return None
    unit = tokens[j].read("unit")
    if unit is not None and unit.value == MONTH and tokens[j].text.endswith("חודש"):
        return _month_word(tokens, i, j, part)
    return _named_month(tokens, i, j, part)


def _month_word(tokens: Tokens, i: int, j: int, part: str | None) -> Chunk | None:
    following = j + 1 < len(tokens)
    prefix = tokens[i].text[:1] if tokens[i].text[:1] in "בלמ" else ""
    if following and tokens[j + 1].read("month") is not None:
        return Chunk(MonthSpan(_month_value(tokens, j + 1), part=part), i, j + 2, prefix)
    which = tokens[j + 1].read("which") if following else None
    if which is not None:
        return Chunk(MonthSpan(offset=1 if which.value != THIS else 0, part=part), i, j + 2, prefix)
    if part is not None or tokens[j].text in ("החודש", "מהחודש"):
        return Chunk(MonthSpan(part=part), i, j + 1, prefix)
    return None


def _named_month(tokens: Tokens, i: int, j: int, part: str | None) -> Chunk | None:
    name = tokens[j].read("month")
    if name is None or not isinstance(name.value, int):
        return None
    is_name_too = name.value == 5 and name.prefix != "ב" and part is None  # "מאי" is also a woman's name
    if is_name_too or name.prefix not in ("", "ב", "ל", "מ", "ה"):
        return None
    return Chunk(MonthSpan(name.value, part=part), i, j + 1, name.prefix)
