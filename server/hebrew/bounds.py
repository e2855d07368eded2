"""Bounds and ranges of hours and days: "אחרי חמש", "בין ארבע לשש", "עד יום חמישי", "בסביבות שלוש"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from server.hebrew import clock, dates, days, hebrew_calendar
from server.hebrew.models import Daypart
from server.hebrew.month_said_once import until_date
from server.hebrew.numbers import cardinal
from server.hebrew.said import (
    CalendarDay,
    Chunk,
    Clock,
    ClockEdge,
    ClockSpan,
    Day,
    DayEdge,
    DaySpan,
    Edge,
    HebrewDay,
    Holiday,
    InUnits,
    MonthSpan,
    Noon,
    PartOfDay,
    Relative,
    Weekday,
    WeekSpan,
)
from server.hebrew.tokens import Kind, Tokens

_DAY_TYPES = (Relative, Weekday, CalendarDay, HebrewDay, Holiday, InUnits, WeekSpan, MonthSpan)
_DAY_RULES: tuple[Callable[[Tokens, int], Chunk | None], ...] = (
    dates.calendar_day,
    days.weekday,
    days.relative,
    hebrew_calendar.hebrew_date,
    hebrew_calendar.holiday,
    hebrew_calendar.civil_day,
    dates.week_span,
    dates.month_span,
    days.in_units,
)
_ONWARD = frozenset(("ואילך", "והלאה", "ומעלה", "הלאה", "אילך"))
_AROUND_WORDS = frozenset(
    ("בסביבות", "סביב", "לקראת", "בערך", "באזור", "בסביבת", "סביבות", "איפשהו", "לערך", "כמו", "קרוב")
)
_AROUND_AFTER = frozenset(("בערך", "לערך", "ומשהו", "וקצת", "ככה", "כזה", "בקירוב"))
_AROUND_PHRASES = (("פחות", "או", "יותר"), ("פלוס", "מינוס"), ("משהו", "כזה"))
_FILLERS = frozenset(("השעות", "השעה", "שעות"))


def _first(tokens: Tokens, i: int, rules: tuple[Callable[[Tokens, int], Chunk | None], ...]) -> Chunk | None:
    if i >= len(tokens):
        return None
    found = [chunk for rule in rules if (chunk := rule(tokens, i)) is not None]
    return max(found, key=lambda chunk: chunk.end, default=None)


def day(tokens: Tokens, i: int) -> Chunk | None:
    """The longest day that begins at token `i`."""
    found = _first(tokens, i, _DAY_RULES)
    return found if found is not None and isinstance(found.value, _DAY_TYPES) else None


def _as_day(chunk: Chunk) -> Day:
    assert isinstance(chunk.value, _DAY_TYPES)
    return chunk.value


def _as_clock(chunk: Chunk) -> Clock:
    assert isinstance(chunk.value, Clock)
    return chunk.value


def span(tokens: Tokens, i: int) -> Chunk | None:
    """ "בין X ל-Y", "מ-X עד Y", "X עד Y", "10:00-13:00", of hours or of days."""
    is_between = "בין" in tokens[i].forms
    low_at = i + 1 if is_between else i
    while is_between and low_at < len(tokens) and tokens[low_at].text in _FILLERS:
        low_at += 1
    if not is_between and (pair := _hour_or_next(tokens, i)) is not None:
        return pair
    spans = (_clock_span(tokens, i, low_at, is_between), _day_span(tokens, i, low_at, is_between))
    return max((found for found in spans if found is not None), key=lambda found: found.end, default=None)


def _hour_or_next(tokens: Tokens, i: int) -> Chunk | None:
    """ "בארבע-חמש": from four to five. A noun behind it is what is counted instead."""
    low = cardinal(tokens, i)
    high = cardinal(tokens, low.end) if low is not None and low.end < len(tokens) else None
    if i and tokens[i - 1].text in ("לא", "ולא"):
        return None  # "לא ארבע חמש": not four but five
    if low is None or high is None or high.prefix or high.value != low.value + 1 or not 1 <= low.value <= 11:
        return None
    is_hours = low.gender == high.gender == "f" and low.prefix in ("", "ב", "ל", "בשעה")
    late = clock.clock(tokens, low.end)
    if late is None or _as_clock(late).minute or not is_hours:
        return None
    after = tokens[late.end] if late.end < len(tokens) else None
    is_counting = after is not None and (after.text.endswith(("ים", "ות")) or cardinal(tokens, late.end) is not None)
    return None if is_counting else Chunk(ClockSpan(Clock(low.value), _as_clock(late)), i, late.end, low.prefix)


def _clock_span(tokens: Tokens, start: int, low_at: int, is_between: bool) -> Chunk | None:
    found = [_hours_between(tokens, start, low, is_between) for low in _lower_hours(tokens, low_at)]
    return max((chunk for chunk in found if chunk is not None), key=lambda chunk: chunk.end, default=None)


def _lower_hours(tokens: Tokens, i: int) -> list[Chunk]:
    """Hours that may be the lower end: "בין עשר לשלוש" is no "ten to three", there the first number stands alone."""
    low = clock.clock(tokens, i) if i < len(tokens) else None
    if low is None:
        return []
    number = cardinal(tokens, i)
    if number is not None and number.is_digits and number.prefix.endswith("ה"):
        return []  # "ה-20 עד ה-22" are days
    if number is None or number.end == low.end or not 1 <= number.value <= 24:
        return [low]
    alone = Clock(number.value % 24, is_24h=number.value > 12)
    return [low, Chunk(alone, i, number.end, number.prefix)]


def _hours_between(tokens: Tokens, start: int, low: Chunk, is_between: bool) -> Chunk | None:
    joined = _join(tokens, low, is_between)
    high = clock.clock(tokens, joined[0]) if joined is not None and joined[0] < len(tokens) else None
    if joined is None or high is None or (joined[1] and high.prefix not in joined[1]):
        return None
    return Chunk(ClockSpan(_as_clock(low), _as_clock(high)), start, high.end, low.prefix)


def _join(tokens: Tokens, low: Chunk, is_between: bool) -> tuple[int, tuple[str, ...]] | None:
    """Where the upper end begins and which prefixes it must carry there (none: any)."""
    i = low.end
    if i >= len(tokens):
        return None
    token = tokens[i]
    if token.text in ("עד", "ועד", "לבין", "לבן", "עד-"):
        j = i + 1
        while j < len(tokens) and tokens[j].text in _FILLERS:
            j += 1
        return j, ()
    if token.kind is Kind.DASH:
        return i + 1, ()
    if is_between:
        return i, ("ל", "ו", "לה", "וה", "ול", "לב")
    if low.prefix.endswith("מ") or low.prefix == "מה":
        return i, ("ל", "לה", "ול")
    return None


def _day_span(tokens: Tokens, start: int, low_at: int, is_between: bool) -> Chunk | None:
    found = [_days_between(tokens, start, low, is_between) for low in _lower_ends(tokens, low_at, is_between)]
    spans = [chunk for chunk in found if chunk is not None]
    return max(spans, key=lambda chunk: (chunk.end, _is_of_one_kind(chunk.value)), default=None)


def _is_of_one_kind(span: object) -> bool:
    """ "בין השני לרביעי בדצמבר" has two dates, "בין שני לרביעי" two weekdays."""
    return isinstance(span, DaySpan) and type(span.low) is type(span.high)


def _lower_ends(tokens: Tokens, i: int, is_between: bool) -> list[Chunk]:
    """All days that may be the lower end: "בין שני לרביעי" is no second of April, "בין ה-1 ל-5" no first of May."""
    if i >= len(tokens):
        return []
    found = [chunk for rule in _DAY_RULES if (chunk := rule(tokens, i)) is not None]
    number = cardinal(tokens, i)
    if number is not None and 1 <= number.value <= 31:
        is_low = is_between or number.prefix.startswith("מ") or until_date(tokens, number.end)
        if is_low or _is_dash(tokens, number.end):
            found.append(Chunk(CalendarDay(number.value), i, number.end, number.prefix))
    ordinal = tokens[i].read("ordinal")
    if ordinal is not None and isinstance(ordinal.value, int) and (is_between or ordinal.prefix.startswith("מ")):
        found.append(Chunk(CalendarDay(ordinal.value), i, i + 1, ordinal.prefix))
    return [chunk for chunk in found if isinstance(chunk.value, _DAY_TYPES)]


def _is_dash(tokens: Tokens, i: int) -> bool:
    return i < len(tokens) and tokens[i].kind is Kind.DASH


def _days_between(tokens: Tokens, start: int, low: Chunk, is_between: bool) -> Chunk | None:
    joined = _join(tokens, low, is_between)
    high = day(tokens, joined[0]) or _upper_figure(tokens, joined[0], low) if joined is not None else None
    if joined is None or high is None or (joined[1] and high.prefix not in joined[1]):
        return None
    return Chunk(DaySpan(_of_same_month(_as_day(low), _as_day(high)), _as_day(high)), start, high.end, low.prefix)


def _upper_figure(tokens: Tokens, i: int, low: Chunk) -> Chunk | None:
    """ "בין ה-31 ל-3": beside a day in figures with its article, a figure is a day too."""
    number = cardinal(tokens, i) if i < len(tokens) else None
    is_day = isinstance(low.value, CalendarDay) and low.value.month is None and low.prefix.endswith("ה")
    if number is None or not is_day or not number.is_digits or not 1 <= number.value <= 31:
        return None
    return Chunk(CalendarDay(number.value), i, number.end, number.prefix)


def _of_same_month(low: Day, high: Day) -> Day:
    if isinstance(low, CalendarDay) and low.month is None and isinstance(high, CalendarDay):
        return replace(low, month=high.month, year=high.year)
    return low


def edge(tokens: Tokens, i: int) -> Chunk | None:
    """ "אחרי חמש", "מחמש ואילך", "לפני שבת", "עד יום חמישי", "החל מ-3"."""
    kind, at = _edge_word(tokens, i)
    if kind is None:
        return _onward(tokens, i)
    if at >= len(tokens):
        return None
    found = clock.clock(tokens, at)
    noon = clock.daypart(tokens, at)
    whole = day(tokens, at)
    if tokens[i].text in ("מוקדם", "מאוחר") and not any(c and c.prefix.startswith("מ") for c in (found, whole)):
        return None  # "הכי מאוחר מחר"
    is_hour = found is not None and (whole is None or whole.end <= found.end)
    if is_hour and whole is not None and whole.prefix.endswith("ה") and tokens[at].kind is Kind.NUMBER:
        is_hour = False  # "אחרי ה-10" is after the tenth
    if found is not None and is_hour and kind not in (Edge.DAY_AFTER, Edge.DAY_BEFORE):
        end = found.end + (found.end < len(tokens) and tokens[found.end].text in _ONWARD)
        return Chunk(ClockEdge(kind, _as_clock(found)), i, end)
    if noon is not None and isinstance(noon.value, PartOfDay) and _is_noon_edge(kind, noon.value, tokens, i, at):
        return Chunk(Noon(kind), i, noon.end)
    if whole is None:
        return None
    if kind is Edge.UNTIL and [token.text for token in tokens[whole.end : whole.end + 2]] == ["לא", "כולל"]:
        return Chunk(DayEdge(Edge.BEFORE, _as_day(whole)), i, whole.end + 2)
    is_from = kind is Edge.AFTER and whole.prefix.startswith("מ")
    return Chunk(DayEdge(Edge.FROM if is_from else kind, _as_day(whole)), i, whole.end)


def _is_noon_edge(kind: Edge, part: PartOfDay, tokens: Tokens, i: int, at: int) -> bool:
    """ "אחרי הצהריים" is the afternoon and "לפני הצהריים" the morning; "עד" and "לא לפני" make a bound of noon."""
    is_bound = kind is Edge.UNTIL or tokens[i].text in ("לא", "ולא")
    return part.part is Daypart.NOON and is_bound and tokens[at].text.endswith(("צהריים", "צהרים"))


def _edge_word(tokens: Tokens, i: int) -> tuple[Edge | None, int]:
    words = [token.text for token in tokens[i : i + 3]]
    words[0] = "לא" if words[0] == "ולא" else words[0]
    forms = tokens[i].forms
    if "יום" in forms and words[1:2] in (["אחרי"], ["לפני"]):
        return (Edge.DAY_AFTER if words[1] == "אחרי" else Edge.DAY_BEFORE), i + 2
    if words[:2] in (["לא", "לפני"], ["לא", "מוקדם"], ["לכל", "המוקדם"]):
        return Edge.FROM, i + 2
    if words in (["לא", "יותר", "מוקדם"], ["לא", "יותר", "מאוחר"]):
        return (Edge.FROM if words[2] == "מוקדם" else Edge.UNTIL), i + 3
    if words[0] in ("גג", "מקסימום"):
        return Edge.UNTIL, i + 1
    if words[:2] in (["לא", "אחרי"], ["לא", "יאוחר"], ["לא", "מאוחר"], ["לכל", "המאוחר"]):
        return Edge.UNTIL, i + 2
    if words[0] in ("מוקדם", "מאוחר"):
        at = i + 2 if words[1:2] == ["יותר"] else i + 1
        return (Edge.BEFORE if words[0] == "מוקדם" else Edge.AFTER), at
    if forms & {"אחרי", "לאחר"}:
        return Edge.AFTER, i + 1
    if words[0] in ("החל", "מתחיל", "מתחילים") and len(words) > 1 and words[1].startswith("מ"):
        return Edge.AFTER, i + 1
    if words[0] in ("החל",) and len(words) > 1 and words[1] == "משעה":
        return Edge.AFTER, i + 1
    if words[0] in ("לפני", "ולפני"):
        return Edge.BEFORE, i + 1
    if words[0] in ("עד", "ועד") and words[1:2] != ["מתי"]:
        return Edge.UNTIL, i + 2 if words[1:2] in (["ל"],) else i + 1
    return None, i


def _onward(tokens: Tokens, i: int) -> Chunk | None:
    """A prefix מ or a following "ואילך" makes a lower bound."""
    readings = [chunk for chunk in (clock.clock(tokens, i), day(tokens, i)) if chunk is not None]
    found = max(readings, key=lambda chunk: chunk.end, default=None)
    if found is None or isinstance(found.value, Relative):
        return None
    has_onward = found.end < len(tokens) and tokens[found.end].text in _ONWARD
    if not has_onward and found.prefix not in ("מ", "ומ", "שמ"):
        return None
    end = found.end + has_onward
    if isinstance(found.value, Clock):
        return Chunk(ClockEdge(Edge.AFTER, found.value), i, end, "מ")
    if not has_onward:
        return None  # "להזיז מיום שלישי" moves from a day and bounds nothing
    return Chunk(DayEdge(Edge.FROM, _as_day(found)), i, end, "מ")


def around(tokens: Tokens, i: int) -> Chunk | None:
    """ "בסביבות שלוש", "ארבע בערך"."""
    if tokens[i].text in _AROUND_WORDS:
        at = i + 1
        if at < len(tokens) and tokens[at].text in ("ב", "השעה", "שעה"):
            at += 1
        found = clock.clock(tokens, at) if at < len(tokens) else None
        return found and Chunk(ClockEdge(Edge.AROUND, _as_clock(found)), i, found.end)
    found = clock.clock(tokens, i)
    if found is None or found.end >= len(tokens):
        return None
    words = tuple(token.text for token in tokens[found.end : found.end + 3])
    if words[:2] in (("לכל", "המאוחר"), ("לכל", "היותר"), ("לכל", "המוקדם")):
        limit = Edge.FROM if words[1] == "המוקדם" else Edge.UNTIL
        return Chunk(ClockEdge(limit, _as_clock(found)), i, found.end + 2)
    if words[0] in _AROUND_AFTER:
        return Chunk(ClockEdge(Edge.AROUND, _as_clock(found)), i, found.end + 1)
    phrase = next((phrase for phrase in _AROUND_PHRASES if words[: len(phrase)] == phrase), None)
    return phrase and Chunk(ClockEdge(Edge.AROUND, _as_clock(found)), i, found.end + len(phrase))
