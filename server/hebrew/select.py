"""Which of the weak readings hold: a bare number, "שני", "ה-3". The question just asked and the neighbours decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from server.hebrew.models import Asked
from server.hebrew.said import (
    Bare,
    CalendarDay,
    Chunk,
    Clock,
    ClockEdge,
    ClockSpan,
    DayEdge,
    DaySpan,
    ExactDate,
    HebrewDay,
    Holiday,
    InUnits,
    Length,
    Moment,
    MonthSpan,
    PartOfDay,
    Relative,
    Weekday,
    WeekSpan,
)
from server.hebrew.tokens import Tokens
from server.hebrew.wordlists import words

DAY_TYPES = (Relative, Weekday, CalendarDay, HebrewDay, Holiday, InUnits, WeekSpan, MonthSpan, Moment, ExactDate)
DAY_LIKE = (*DAY_TYPES, DayEdge, DaySpan)
TIME_LIKE = (Clock, ClockEdge, ClockSpan)
USUAL_LENGTHS = frozenset((30, 45, 50, 60, 75, 80, 90, 120))
"""Minutes that treatments last; no other bare number is taken for a length."""

_POLITE = words(
    """
    בבקשה תודה אז אוקיי אוקי כן אה אממ נגיד אולי יאללה טוב סבבה בסדר מעולה לי רק עדיף אפשר נו אהה לא
    סליחה בעצם זה יהיה רגע תודה רבה נראה נלך בוא בואי ואז
    """
)
_ORDINAL_NOUNS = words(
    """
    תור התור טיפול הטיפול פעם הפעם עיסוי אופציה אפשרות האופציה האפשרות דבר שם השם תורים עוד גב ילד בן
    מטפל מספר הצעה
    """
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A chunk that holds; `is_doubtful` where it might be something else."""

    chunk: Chunk
    is_doubtful: bool = False


def select(tokens: Tokens, chunks: Sequence[Chunk], asked: Asked | None, service_ends: frozenset[int]) -> list[Kept]:
    """The chunks that hold, in order; bare numbers turned into what they count here."""
    kept: list[Kept] = []
    for n, chunk in enumerate(chunks):
        choice = _judge(tokens, chunks, n, asked, service_ends)
        if choice is not None:
            kept.append(choice)
        del chunk
    return kept


def _judge(
    tokens: Tokens, chunks: Sequence[Chunk], n: int, asked: Asked | None, service_ends: frozenset[int]
) -> Kept | None:
    chunk = chunks[n]
    match chunk.value:
        case Length():
            return _length(tokens, chunk)
        case Bare():
            return _bare(tokens, chunks, n, asked, service_ends)
        case Weekday(is_weak=True):
            return _weak_weekday(tokens, chunks, n, asked)
        case CalendarDay(is_weak=True):
            return _weak_date(chunks, n, asked)
        case Clock(is_24h=False, part=None) if asked is Asked.DURATION and chunk.prefix in ("", "ל", "של"):
            return _as_length(chunk, 60 * chunk.value.hour + chunk.value.minute if chunk.value.hour < 4 else None)
        case Clock(is_bare=True):
            return _bare_clock(tokens, chunks, n, asked, service_ends)
        case Clock(is_plain=True):
            return _plain_clock(chunks, n, asked)
        case _:
            return Kept(chunk)


def _length(tokens: Tokens, chunk: Chunk) -> Kept | None:
    """Lengths of a treatment only: not "עוד חמש דקות", not "לפני שעה"."""
    assert isinstance(chunk.value, Length)
    before = tokens[chunk.start - 1].text if chunk.start else ""
    if (
        not 15 <= chunk.value.minutes <= 480
        or chunk.prefix == "ב"
        or before in ("עוד", "לפני", "תוך", "אחרי", "כבר", "כל")
    ):
        return None
    return Kept(chunk, chunk.value.is_vague)


def _as_length(chunk: Chunk, minutes: int | None) -> Kept | None:
    return None if minutes is None else Kept(replace(chunk, value=Length(minutes)))


def _bare(
    tokens: Tokens, chunks: Sequence[Chunk], n: int, asked: Asked | None, service_ends: frozenset[int]
) -> Kept | None:
    chunk = chunks[n]
    assert isinstance(chunk.value, Bare)
    value = chunk.value.value
    if asked is Asked.DURATION and 15 <= value <= 240:
        return _as_length(chunk, value)
    if asked is Asked.DAY and 1 <= value <= 31 and is_whole(tokens, chunk):
        return Kept(replace(chunk, value=CalendarDay(value)))
    if asked is Asked.TIME and 1 <= value <= 24 and is_whole(tokens, chunk):
        return Kept(replace(chunk, value=Clock(value % 24, is_24h=value > 12, is_plain=True)))
    if value in USUAL_LENGTHS and _is_or_length(tokens, chunks, n):
        return _as_length(chunk, value)
    if (
        value in USUAL_LENGTHS
        and chunk.prefix in ("", "ל", "של", "ו")
        and _follows_service(tokens, chunk, service_ends)
    ):
        return _as_length(chunk, value)
    return None


def _follows_service(tokens: Tokens, chunk: Chunk, service_ends: frozenset[int]) -> bool:
    before = tokens[chunk.start - 1] if chunk.start else None
    return before is not None and (chunk.start in service_ends or bool(before.forms & {"של", "עיסוי", "טיפול"}))


def _is_or_length(tokens: Tokens, chunks: Sequence[Chunk], n: int) -> bool:
    """ "60 או 90 דקות"."""
    following = chunks[n + 1] if n + 1 < len(chunks) else None
    if following is None or not isinstance(following.value, Length):
        return False
    return [token.text for token in tokens[chunks[n].end : following.start]] == ["או"]


def _weak_weekday(tokens: Tokens, chunks: Sequence[Chunk], n: int, asked: Asked | None) -> Kept | None:
    chunk = chunks[n]
    if asked is Asked.DAY:
        return Kept(chunk, chunk.prefix == "ה")
    before = tokens[chunk.start - 1] if chunk.start else None
    if before is not None and before.text in _ORDINAL_NOUNS:
        return None
    if _touches(chunks, n, (*TIME_LIKE, *DAY_LIKE, PartOfDay)) or _is_coordinated(tokens, chunks, n):
        return Kept(chunk)
    return Kept(chunk, True) if is_whole(tokens, chunk) and asked is None else None


def _is_coordinated(tokens: Tokens, chunks: Sequence[Chunk], n: int) -> bool:
    """ "שני או שלישי"."""
    for a, b in ((n - 1, n), (n, n + 1)):
        if a < 0 or b >= len(chunks) or not all(isinstance(chunks[k].value, Weekday) for k in (a, b)):
            continue
        between = [token.text for token in tokens[chunks[a].end : chunks[b].start]]
        if all(word in ("או", "ב", ",") for word in between):
            return True
    return False


def _touches(chunks: Sequence[Chunk], n: int, types: tuple[type, ...]) -> bool:
    chunk = chunks[n]
    is_after = n > 0 and chunks[n - 1].end == chunk.start and isinstance(chunks[n - 1].value, types)
    is_before = n + 1 < len(chunks) and chunks[n + 1].start == chunk.end and isinstance(chunks[n + 1].value, types)
    return is_after or is_before


def _weak_date(chunks: Sequence[Chunk], n: int, asked: Asked | None) -> Kept | None:
    chunk = chunks[n]
    assert isinstance(chunk.value, CalendarDay)
    firm = replace(chunk, value=replace(chunk.value, is_weak=False))
    if chunk.value.month is not None:
        return Kept(firm, True)
    if asked is Asked.TIME and chunk.value.day <= 24:
        return Kept(replace(chunk, value=Clock(chunk.value.day % 24, is_24h=chunk.value.day > 12, is_plain=True)))
    has_time = any(isinstance(other.value, TIME_LIKE) for other in chunks if other is not chunk)
    is_sure = asked is Asked.DAY or has_time or _touches(chunks, n, DAY_TYPES) or chunk.value.day > 12
    if asked is Asked.CHOICE and not is_sure:
        return None
    return Kept(firm, not is_sure) if is_sure or asked is None else Kept(firm, True)


def _bare_clock(
    tokens: Tokens, chunks: Sequence[Chunk], n: int, asked: Asked | None, service_ends: frozenset[int]
) -> Kept | None:
    """A number with nothing around it that makes it an hour."""
    chunk = chunks[n]
    assert isinstance(chunk.value, Clock)
    is_alone = is_whole(tokens, chunk)
    if asked is Asked.DAY and is_alone:
        return Kept(replace(chunk, value=CalendarDay(chunk.value.hour or 24)))
    if asked in (Asked.NAME, Asked.PHONE, Asked.MESSAGE, Asked.DURATION):
        return None
    if (
        is_alone
        or _is_clause(tokens, chunk)
        or _touches(chunks, n, (*DAY_LIKE, PartOfDay, Length))
        or chunk.start in service_ends
    ):
        return None if _counts(tokens, chunk) else Kept(chunk)
    return None


def _is_clause(tokens: Tokens, chunk: Chunk) -> bool:
    """Stops on both sides: "יום שני, חמש, רפלקסולוגיה"."""
    is_cut_before = chunk.start == 0 or tokens[chunk.start - 1].is_stop
    return is_cut_before and (chunk.end >= len(tokens) or tokens[chunk.end].is_stop)


def _counts(tokens: Tokens, chunk: Chunk) -> bool:
    """ "שלוש נשים": the number belongs to the noun behind it."""
    following = tokens[chunk.end] if chunk.end < len(tokens) else None
    return following is not None and following.text.endswith(("ים", "ות")) and not following.senses


def _plain_clock(chunks: Sequence[Chunk], n: int, asked: Asked | None) -> Kept | None:
    """ "ב-15": the fifteenth or three in the afternoon; a day said elsewhere leaves only the hour, and vice versa."""
    chunk = chunks[n]
    assert isinstance(chunk.value, Clock)
    others = [other for other in chunks if other is not chunk]
    has_day = any(isinstance(other.value, DAY_LIKE) for other in others)
    has_time = any(isinstance(other.value, TIME_LIKE) for other in others)
    as_date = replace(chunk, value=CalendarDay(chunk.value.hour or 24))
    if asked is Asked.DAY and not has_day:
        return Kept(as_date)
    if chunk.value.hour <= 12 or has_day or asked is Asked.TIME:
        return Kept(chunk)
    if chunk.prefix not in ("ב", "ל"):
        return Kept(chunk)
    return Kept(as_date, not has_time) if has_time else Kept(chunk)


def is_whole(tokens: Tokens, chunk: Chunk) -> bool:
    """Whether nothing but politeness stands beside the chunk."""
    rest = [*tokens[: chunk.start], *tokens[chunk.end :]]
    return all(token.is_stop or token.text in _POLITE for token in rest)
