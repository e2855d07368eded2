"""Which bare numbers are hours: "ארבע", "ב-15". The question just asked and the neighbours decide."""

from __future__ import annotations

from dataclasses import replace

from server.hebrew.line import Line
from server.hebrew.models import Asked
from server.hebrew.said import DAY_LIKE, TIME_LIKE, CalendarDay, Chunk, Clock, Kept, Length, PartOfDay
from server.hebrew.tokens import Kind
from server.hebrew.wordlists import words

_CHOOSING = words(
    """
    על במקום אמרתי ביקשתי רציתי ולא אלא עם סליחה בעצם נכון או מאשר תעשי תעשה תעשו תרשמי תרשום נעשה נלך נגיד אולי עדיף
    מקסימום גג איזה אז ואז
    """
)
"""Words after which a bare number is an hour."""

NUMBERED = words("אנחנו בשבוע שבוע בן בת גיל רחוב ברחוב קומה בקומה דירה בית מספר סניף חדר ויצמן הרצל")
"""Words after which a number is no hour: ages, addresses."""

ACCEPTING = words(
    "זה יופי יש אפשר עדיף מתאים טוב פנוי פנויה פנויים נשמע מצוין מצויין מעולה בסדר סבבה אחלה יתאים נוח הולך במקום כן"
)
"""Words after which a bare day or hour has been said of one's own will: "שש מצוין"."""


def bare_clock(line: Line, n: int, clock: Clock) -> Kept | None:
    """A number with nothing in itself that makes it an hour."""
    chunk = line.chunks[n]
    if line.asked is Asked.DAY and line.is_whole(chunk):
        return Kept(replace(chunk, value=CalendarDay(clock.hour or 24)))
    if line.asked in (Asked.NAME, Asked.PHONE, Asked.MESSAGE, Asked.DURATION) or line.counts_a_noun(chunk):
        return None
    if line.word_before(chunk) in NUMBERED:
        return None
    is_spoken_teen = clock.is_24h and clock.hour > 12 and line.tokens[chunk.start].kind is Kind.WORD
    is_near = (
        line.touches(n, (*DAY_LIKE, PartOfDay, Length))
        or _follows_firm_hour(line, n)
        or chunk.start - 1 in line.of_services
    )
    is_accepted = line.word_after(chunk) in ACCEPTING
    is_chosen = (
        is_accepted
        or line.word_before(chunk) in _CHOOSING
        or line.names_a_slot(chunk)
        or line.word_after(chunk) in ("מאשר", "ולא")
        or (line.word_after(chunk) == "לא" and line.has_other(n, (Clock,)))
        or _or_hour(line, n)
    )
    is_asked = line.asked is Asked.TIME or is_chosen
    holds = is_asked or is_spoken_teen or is_near or line.is_clause(chunk) or line.is_whole(chunk)
    return Kept(chunk) if holds else None


def _or_hour(line: Line, n: int) -> bool:
    """ "שלוש או ארבע", but not "שלוש או ארבע נשים"."""
    following = line.chunks[n + 1] if n + 1 < len(line.chunks) else None
    if following is None or not isinstance(following.value, Clock) or line.counts_a_noun(following):
        return False
    return [token.text for token in line.tokens[line.chunks[n].end : following.start]] == ["או"]


def _follows_firm_hour(line: Line, n: int) -> bool:
    """ "בארבע חמש": four, or five."""
    before = line.chunks[n - 1] if n else None
    if before is None or before.end != line.chunks[n].start:
        return False
    return isinstance(before.value, TIME_LIKE) and not (isinstance(before.value, Clock) and before.value.is_bare)


def plain_clock(line: Line, n: int, clock: Clock) -> Kept | None:
    """ "ב-15": with a day said elsewhere it is the hour, with an hour said elsewhere the day; alone, three in the
    afternoon, in doubt. In words the gender tells: "בחמש עשרה" is feminine and an hour."""
    chunk = line.chunks[n]
    if line.free_side(chunk) is not None:
        return Kept(chunk)
    if chunk.prefix == "ל" and line.counts_a_noun(chunk):
        return None  # "תור ל-2 אנשים"
    twins = [other for k, other in enumerate(line.chunks) if k != n and other.value == clock]
    is_said_twice = (
        any(line.word_before(each) == "לא" for each in (chunk, *twins)) and twins != []
    )  # "לא ב-18, אפשר ב-18"
    has_day = line.has_other(n, DAY_LIKE) or is_said_twice
    as_date = Kept(replace(chunk, value=CalendarDay(clock.hour or 24)))
    if line.asked is Asked.DAY and not has_day:
        is_hour_too = line.tokens[chunk.start].kind is not Kind.NUMBER and clock.hour <= 12  # "בשתיים"
        return replace(as_date, is_doubtful=is_hour_too)
    if line.asked is Asked.TIME or has_day or clock.hour <= 12 or line.tokens[chunk.start].kind is not Kind.NUMBER:
        return Kept(chunk)
    return as_date if line.has_other(n, TIME_LIKE) else Kept(chunk, line.asked is None)


def as_clock(chunk: Chunk, hour: int) -> Kept:
    return Kept(replace(chunk, value=Clock(hour % 24, is_24h=hour > 12, is_plain=True)))
