"""One grammar: at every token the longest of all the rules' readings wins, and reading goes on behind it."""

from __future__ import annotations

from collections.abc import Callable, Collection

from server.hebrew import bounds, clock, dates, days, durations, hebrew_calendar, month_first, moves, nth, offsets
from server.hebrew.numbers import cardinal
from server.hebrew.said import Bare, Chunk
from server.hebrew.tokens import Kind, Tokens
from server.hebrew.wordlists import words

Rule = Callable[[Tokens, int], Chunk | None]


def _bare_number(tokens: Tokens, i: int) -> Chunk | None:
    number = cardinal(tokens, i)
    if number is None:
        return None
    return Chunk(Bare(number.value, number.gender, number.is_digits), i, number.end, number.prefix)


RULES: tuple[Rule, ...] = (
    bounds.span,
    bounds.edge,
    bounds.around,
    hebrew_calendar.holiday_after,
    hebrew_calendar.hebrew_date,
    hebrew_calendar.holiday,
    hebrew_calendar.civil_day,
    nth.nth_of,
    dates.calendar_day,
    month_first.month_first,
    days.weekday,
    days.part_of_day_of,
    days.in_units,
    durations.from_now,
    days.relative,
    days.day_in_weeks,
    nth.amount_beside,
    offsets.offset,
    dates.week_span,
    dates.month_span,
    durations.length,
    clock.clock,
    clock.daypart,
    _bare_number,
)
"""Where two readings are equally long, the earlier rule wins."""

_OPENERS = words(
    """
    לכל גג מקסימום מוקדם מאוחר בין אחרי לאחר צאת ולא אחר לפני לא עד ועד החל מתחיל ולפני בעוד עוד תוך בתוך כעבור במהלך
    בסביבות סביב לקראת בערך באזור בסביבת סביבות איפשהו לערך כמו קרוב ראש חול המועד מאה מאתיים אלף אלפיים מוצאי
    למחרת ולמחרת שלמחרת נר בנר לנר בלי מוצ"ש מוצש סופ"ש סופש סופשבוע
    לפנות חצות תאריך בתאריך לתאריך ימי בימי שעות בשעות לשעות ולאחר ואחרי
    """
)
"""Words without a sense of their own that may begin a reading."""


def read(
    tokens: Tokens, taken: Collection[int] = (), *, is_day_asked: bool = False, is_move: bool = False
) -> list[Chunk]:
    """All readings of a line, left to right. Tokens in `taken` (a name, a phone) are left alone; `is_move` where the
    line moves something from one day or hour to another."""
    rules = (*RULES, days.definite_weekday) if is_day_asked else RULES
    chunks: list[Chunk] = []
    i = 0
    while i < len(tokens):
        chunk = moves.end_left(tokens, i) if is_move and i not in taken else None
        if chunk is None and i not in taken and _may_begin(tokens, i):
            chunk = _longest(tokens, i, taken, rules)
        if chunk is not None:
            chunks.append(chunk)
            i = chunk.end
        else:
            i += 1
    return chunks


def _may_begin(tokens: Tokens, i: int) -> bool:
    token = tokens[i]
    if token.kind is not Kind.WORD:
        return token.kind in (Kind.NUMBER, Kind.CLOCK, Kind.DATE)
    return bool(token.senses) or not token.forms.isdisjoint(_OPENERS) or hebrew_calendar.may_begin(token)


def _longest(tokens: Tokens, i: int, taken: Collection[int], rules: tuple[Rule, ...]) -> Chunk | None:
    best: Chunk | None = None
    for rule in rules:
        chunk = rule(tokens, i)
        if chunk is None or (best is not None and chunk.end <= best.end):
            continue
        if not any(k in taken for k in range(chunk.start, chunk.end)):
            best = chunk
    return best
