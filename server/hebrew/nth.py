"""A day or week counted within a month or a holiday: "ביום הראשון של דצמבר", "שני האחרון של החודש", "נר שלישי של
חנוכה", "בשבוע של ה-13 בדצמבר"."""

from __future__ import annotations

from dataclasses import replace

from server.hebrew import dates, days, hebrew_calendar
from server.hebrew.lexicon import DAY, NEXT, WEEK
from server.hebrew.said import (
    CalendarDay,
    Chunk,
    Day,
    HebrewDay,
    Holiday,
    InUnits,
    MonthSpan,
    NthOf,
    Relative,
    Weekday,
    WeekOf,
)
from server.hebrew.tokens import Tokens

_LAST = frozenset(("האחרון", "אחרון", "אחרונה", "האחרונה"))
_DAYS = frozenset(("יום", "נר", "בנר", "לנר", "הנר", "חג", "בחג", "לחג"))
_CANDLES = frozenset(("נר", "בנר", "לנר", "הנר"))

Whole = MonthSpan | Holiday


def nth_of(tokens: Tokens, i: int) -> Chunk | None:
    return _counted(tokens, i) or _weekday(tokens, i) or _week_of(tokens, i)


def _counted(tokens: Tokens, i: int) -> Chunk | None:
    """ "בשבוע השני של ינואר", "ביום הראשון של דצמבר", "נר ראשון של חנוכה", "שלישי של פסח"."""
    unit = tokens[i].read("unit")
    is_week = unit is not None and unit.value == WEEK and tokens[i].text.endswith("שבוע")
    is_day = not tokens[i].forms.isdisjoint(_DAYS)
    at = i + 1 if is_week or is_day else i
    n = _ordinal(tokens, at)
    whole, end = _whole(tokens, at + 1) if n else (None, at)
    if n is None or whole is None:
        return None
    if isinstance(whole, MonthSpan) and not is_week and (not is_day or tokens[at].text[0] != "ה"):
        return None  # "יום שני של דצמבר" is one of its Mondays
    if isinstance(whole, Holiday) and is_week:
        return None
    prefix = tokens[i].text[:1] if tokens[i].text[:1] in "בל" else ""
    is_candle = tokens[i].text in _CANDLES
    return Chunk(NthOf(WEEK if is_week else DAY, n, whole, is_eve=is_candle), i, end, prefix)


def _weekday(tokens: Tokens, i: int) -> Chunk | None:
    """ "יום שני הראשון של דצמבר"; but "יום שני השלישי לדצמבר" is a date with its weekday."""
    at = i + 1 if tokens[i].forms & {"יום"} else i
    name = tokens[at].read("weekday") if at < len(tokens) else None
    n = _ordinal(tokens, at + 1)
    if name is None or n is None or not (tokens[at + 1].text.startswith("ה") or n < 0):
        return None
    whole, end = _whole(tokens, at + 2, is_last=n < 0)
    if not isinstance(whole, MonthSpan):
        return None
    weekday = Weekday(int(str(name.value)))
    prefix = tokens[i].text[:1] if tokens[i].text[:1] in "בל" else ""
    return Chunk(NthOf(DAY, n, whole, weekday=weekday), i, end, prefix)


def _ordinal(tokens: Tokens, i: int) -> int | None:
    if i >= len(tokens):
        return None
    if tokens[i].text in _LAST:
        return -1
    ordinal = tokens[i].read("ordinal")
    return ordinal.value if ordinal is not None and isinstance(ordinal.value, int) else None


def _whole(tokens: Tokens, i: int, *, is_last: bool = False) -> tuple[Whole | None, int]:
    """The month or holiday behind "של"; behind "האחרון" a glued ב or ל will do."""
    has_of = i < len(tokens) and tokens[i].text == "של"
    i += has_of
    if i >= len(tokens):
        return None, i
    month = tokens[i].read("month")
    if month is not None and isinstance(month.value, int) and (has_of or (is_last and month.prefix in ("ב", "ל"))):
        return MonthSpan(month.value), i + 1
    if tokens[i].text in ("החודש", "בחודש", "לחודש") and (has_of or is_last):
        return _this_month(tokens, i)
    named = hebrew_calendar.name_at(tokens, i) if has_of or tokens[i].text.startswith("ל") else None
    return (Holiday(named[0]), named[1]) if named is not None and named[0] != "any" else (None, i)


def _this_month(tokens: Tokens, i: int) -> tuple[MonthSpan, int]:
    which = tokens[i + 1].read("which") if i + 1 < len(tokens) else None
    offset = int(which is not None and which.value == NEXT)
    return MonthSpan(offset=offset), i + 1 + (which is not None)


def _week_of(tokens: Tokens, i: int) -> Chunk | None:
    unit = tokens[i].read("unit")
    if unit is None or unit.value != WEEK or i + 2 >= len(tokens) or tokens[i + 1].text != "של":
        return None
    found = _day(tokens, i + 2)
    prefix = tokens[i].text[:1] if tokens[i].text[:1] in "בל" else ""
    return found and Chunk(WeekOf(_as_date(found)), i, found.end, prefix)


def _day(tokens: Tokens, i: int) -> Chunk | None:
    """A date or a holiday at token `i`."""
    found = (
        hebrew_calendar.hebrew_date(tokens, i)
        or hebrew_calendar.civil_day(tokens, i)
        or hebrew_calendar.holiday(tokens, i)
        or dates.calendar_day(tokens, i)
    )
    return found if found is not None and isinstance(found.value, CalendarDay | HebrewDay | Holiday) else None


def _as_date(chunk: Chunk) -> CalendarDay | HebrewDay | Holiday:
    assert isinstance(chunk.value, CalendarDay | HebrewDay | Holiday)
    return chunk.value


def _as_base(chunk: Chunk) -> Day:
    return chunk.value if isinstance(chunk.value, Weekday | Relative) else _as_date(chunk)


def amount_beside(tokens: Tokens, i: int) -> Chunk | None:
    """ "יומיים אחרי פורים", "שבוע לפני פסח"; weeks and months are hardly meant to the day."""
    amount = days.amount_of(tokens, i)
    if amount is None or amount.end + 1 >= len(tokens) or tokens[amount.end].text not in ("אחרי", "לפני"):
        return None
    at = amount.end + 1
    base = _day(tokens, at) or days.weekday(tokens, at) or days.relative(tokens, at)
    if base is None or not isinstance(amount.value, InUnits):
        return None
    if not isinstance(base.value, Relative | Weekday | CalendarDay | HebrewDay | Holiday):
        return None  # "יומיים אחרי מוצאי שבת"
    sign = 1 if tokens[amount.end].text == "אחרי" else -1
    is_vague = amount.value.unit != DAY
    value = replace(amount.value, count=sign * amount.value.count, is_vague=is_vague, base=_as_base(base))
    return Chunk(value, i, base.end, amount.prefix)
