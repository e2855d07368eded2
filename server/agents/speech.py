"""What a sentence of the agent speaks of: hours, days, prices, lengths, treatments, people. Pure.

A sentence is read once. What is left over beside its facts are words, which `claims` takes for what they say.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from server.agents.evidence import Evidence
from server.agents.speech_days import Span, days_of_value, weekday_of
from server.agents.speech_numbers import amounts, counts, is_listed_length
from server.hebrew import grammar
from server.hebrew.models import Daypart
from server.hebrew.normalise import normalise
from server.hebrew.said import (
    DAY_LIKE,
    Bare,
    CalendarDay,
    Chunk,
    Clock,
    ClockEdge,
    ClockSpan,
    Edge,
    ExactDate,
    FromNow,
    Length,
    Moment,
    Noon,
    Offset,
    PartOfDay,
    Relative,
    Weekday,
)
from server.hebrew.tokens import Kind, Token, Tokens, tokenise


class Of(StrEnum):
    """What a fact is about. The value of each, in brackets."""

    TIME = "time"  # the moments that an hour can be: one for "16:30", two for "ארבע וחצי" (frozenset[time])
    WINDOW = "window"  # "מ-9:00 עד 20:00", "אחרי שש" (Window)
    DAY = "day"  # the dates that a day can be (frozenset[date])
    SPAN = "span"  # a stretch of days (Span)
    HOLIDAY = "holiday"  # (Holiday or HebrewDay)
    PART = "part"  # (Daypart)
    PRICE = "price"  # shekels (int)
    LENGTH = "length"  # minutes (int)
    NUMBER = "number"  # of whatever follows (int)
    AWAY = "away"  # so long from now, or before something: "בעוד שעה", "יומיים לפני" (int)
    COUNT = "count"  # (Count)
    SERVICE = "service"  # (str)
    STAFF = "staff"  # (str)
    NAME = "name"  # of a customer that the call knows (str)


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of hours; each bound as the moments that it can be, None where it is open.

    `is_behind`: it begins after its first bound ("אחרי שש"), not with it ("משש"); `is_short`: it ends before its last
    ("לפני עשר").
    """

    begin: frozenset[dt.time] | None = None
    end: frozenset[dt.time] | None = None
    is_behind: bool = False
    is_short: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """`at`..`end` are places in the text; `prefix` are the letters glued before it ("ב", "מ").

    `is_dated`: a day by its place in the month. `is_today_part`: today by "הערב", which beside another day is that
    day's evening. `is_vague`: a length that may be an hour ("לשעה אחת"). `weekday` of a bare one, 0 is Sunday.
    """

    of: Of
    value: object
    at: int
    end: int
    prefix: str = ""
    is_dated: bool = False
    is_today_part: bool = False
    is_vague: bool = False
    weekday: int | None = None


@dataclass(frozen=True, slots=True)
class Speech:
    """A sentence in one spelling, with its facts and the words beside them, in order."""

    text: str
    facts: tuple[Fact, ...]
    words: tuple[Token, ...]

    @property
    def times(self) -> tuple[object, ...]:
        return tuple(fact.value for fact in self.facts if fact.of in (Of.TIME, Of.WINDOW))

    @property
    def services(self) -> tuple[object, ...]:
        return tuple(fact.value for fact in self.facts if fact.of is Of.SERVICE)


def read_speech(text: str, evidence: Evidence) -> Speech:
    """Read one sentence or clause against the calendar of its call."""
    line = normalise(text.replace("₪", " שקלים"))
    tokens = tokenise(line)
    named = list(_named(line, evidence))
    taken = {i for i, token in enumerate(tokens) for fact in named if fact.at <= token.start < fact.end}
    facts = [*named]
    for found in (*amounts(tokens, taken), *counts(tokens, taken, evidence.facts)):
        facts.append(Fact(Of.PRICE if isinstance(found.value, int) else Of.COUNT, found.value, found.at, found.end))
        taken |= set(found.places)
    chunks = [chunk for chunk in grammar.read(tokens, taken) if not _is_greeting(chunk, tokens)]
    spent = taken | {i for chunk in chunks for i in range(chunk.start, chunk.end)}
    facts += [fact for chunk in chunks for fact in _facts(chunk, tokens, evidence)]
    if not any(fact.of is Of.SERVICE for fact in facts):
        facts = [_as_hour(fact) if fact.is_vague else fact for fact in facts]
    if sum(fact.of is Of.DAY for fact in facts) > 1:
        facts = [fact for fact in facts if not fact.is_today_part]
    facts = list(_compared(facts, line))
    words = tuple(t for i, t in enumerate(tokens) if i not in spent and t.kind in (Kind.WORD, Kind.STOP, Kind.NUMBER))
    return Speech(line, tuple(_merged(sorted(facts, key=lambda fact: fact.at), line)), words)


def _compared(facts: list[Fact], line: str) -> Iterator[Fact]:
    """Hours that others are measured by: "הכי קרוב ל-12:00" tells of no 12:00, "מעבר ל-13:00" of what is behind it."""
    for fact in facts:
        before = line[: fact.at].split()[-1:]
        if fact.of is Of.TIME and fact.prefix == "ל" and before and before[0] in _NEAR:
            continue
        if fact.of is Of.TIME and fact.prefix == "ל" and before == ["מעבר"] and isinstance(fact.value, frozenset):
            fact = replace(fact, of=Of.WINDOW, value=Window(fact.value, is_behind=True))
        yield fact


_NEAR = ("קרוב", "קרובה", "הקרוב", "הקרובה", "סמוך")


def _as_hour(fact: Fact) -> Fact:
    """ "לשעה אחת" where no treatment is named: at one."""
    return replace(fact, of=Of.TIME, value=frozenset((dt.time(1), dt.time(13))))


def _merged(facts: list[Fact], line: str) -> Iterator[Fact]:
    """A weekday and the date beside it are one day: "ביום שני, 23 בנובמבר"."""
    held: Fact | None = None
    for fact in facts:
        if held is not None and _is_same_day(held, fact, line):
            dated = fact if fact.weekday is None else held
            held = replace(dated, at=held.at, end=fact.end, prefix=held.prefix)
            continue
        if held is not None:
            yield held
        held = fact
    if held is not None:
        yield held


def _is_same_day(first: Fact, second: Fact, line: str) -> bool:
    if first.of is not Of.DAY or second.of is not Of.DAY or (first.weekday is None) == (second.weekday is None):
        return False
    between = line[first.end : second.at].strip(" ,")
    weekday, dated = (first, second) if first.weekday is not None else (second, first)
    dates = dated.value if isinstance(dated.value, frozenset) else frozenset()
    return between in ("", "ה", "זה") and any(weekday_of(day) == weekday.weekday for day in dates)


_WISHED = frozenset(("טוב", "טובה", "נעים", "נעימה", "שלום", "שמח", "שקט", "נפלא", "מקסים", "נהדר", "מבורך", "מצוין"))


def _is_greeting(chunk: Chunk, tokens: Tokens) -> bool:
    """ "שבת שלום", "יום נעים": no day of which something is told."""
    return chunk.end < len(tokens) and tokens[chunk.end].text in _WISHED


def _named(line: str, evidence: Evidence) -> Iterator[Fact]:
    """Treatments, staff and customers by their names."""
    for service in evidence.facts.services:
        for word in sorted((service.name, *service.aliases), key=len, reverse=True):
            found = _find(word, line)
            if found is not None and found[0] not in _INSIDE:
                yield Fact(Of.SERVICE, service.name, found.start(), found.end())
                break
    staff = [person.name for person in evidence.facts.staff]
    customers = {visit.name for visit in (*evidence.live, *evidence.cancelled) if visit.name}
    of_customers = [(name, found) for name in customers for found in _find_all(name, line)]
    of_customers = [(name, found) for name, found in of_customers if name not in staff or _is_under(found, line)]
    yield from (Fact(Of.NAME, name, found.start(), found.end()) for name, found in of_customers)
    for name in staff:
        for found in _find_all(name, line):
            if not any(other.start() <= found.start() < other.end() for _, other in of_customers):
                yield Fact(Of.STAFF, name, found.start(), found.end())


_INSIDE = frozenset(("בפנים",))
"""No facial, but that somebody is in."""


def _is_under(found: re.Match[str], line: str) -> bool:
    """ "על שם רון": a customer who is called like one of the staff."""
    return line[: found.start()].rstrip().endswith("שם")


def _pattern(word: str) -> str:
    return rf"(?<![א-ת])[ושכ]?[בלהמ]?-?{re.escape(word)}(?![א-ת])"


def _find(word: str, line: str) -> re.Match[str] | None:
    return re.search(_pattern(word.lower()), line) if word.lower() in line else None


def _find_all(word: str, line: str) -> Iterator[re.Match[str]]:
    return re.finditer(_pattern(word.lower()), line) if word.lower() in line else iter(())


def _facts(chunk: Chunk, tokens: Tokens, evidence: Evidence) -> Iterator[Fact]:
    at, end = tokens[chunk.start].start, tokens[chunk.end - 1].end
    value, prefix = chunk.value, chunk.prefix
    if isinstance(value, Length):
        yield Fact(Of.LENGTH, value.minutes, at, end, prefix, is_vague=value.is_vague)
    elif isinstance(value, Bare):
        yield Fact(Of.LENGTH if is_listed_length(chunk, tokens) else Of.NUMBER, value.value, at, end, prefix)
    elif isinstance(value, FromNow):
        yield Fact(Of.AWAY, value.minutes, at, end, prefix)
    elif isinstance(value, Offset):
        yield Fact(Of.AWAY, value.count, at, end, prefix)
    elif isinstance(value, PartOfDay):
        yield Fact(Of.PART, value.part, at, end, prefix)
    elif isinstance(value, Noon):
        yield from _noon_facts(value, at, end, prefix)
    elif isinstance(value, Clock | ClockEdge | ClockSpan):
        yield from _clock_facts(chunk, tokens, at, end)
    elif isinstance(value, DAY_LIKE) and not _is_count(chunk, tokens):
        yield from _day_facts(value, at, end, prefix, evidence)


def _noon_facts(noon: Noon, at: int, end: int, prefix: str) -> Iterator[Fact]:
    """ "ואחרי הצהריים" is a part of the day, "עד הצהריים" a stretch of it."""
    if noon.edge in (Edge.UNTIL, Edge.BEFORE):
        yield Fact(Of.WINDOW, Window(end=frozenset((dt.time(12),))), at, end, prefix)
    else:
        yield Fact(Of.PART, Daypart.AFTERNOON, at, end, prefix)


def _is_count(chunk: Chunk, tokens: Tokens) -> bool:
    """ "שני התורים", "שני אלה": two of them, no Monday."""
    is_two = isinstance(chunk.value, Weekday) and tokens[chunk.end - 1].text == "שני" and chunk.end - chunk.start == 1
    return is_two and chunk.end < len(tokens) and tokens[chunk.end].text.endswith(("ים", "ות", "אלה"))


def _day_facts(value: object, at: int, end: int, prefix: str, evidence: Evidence) -> Iterator[Fact]:
    if isinstance(value, Moment):
        yield Fact(Of.PART, value.part, at, end, prefix)
        value = value.day
    elif isinstance(value, Relative) and value.is_today_part:
        yield Fact(Of.PART, _today_part(at, end), at, end, prefix)
    days = days_of_value(value, evidence.today, evidence.days)
    if isinstance(days, Span):
        yield Fact(Of.SPAN, days, at, end, prefix)
    elif days is None:
        yield Fact(Of.HOLIDAY, value, at, end, prefix)
    else:
        weekday = value.day if isinstance(value, Weekday) else None
        is_dated = isinstance(value, CalendarDay | ExactDate)
        is_part = isinstance(value, Relative) and value.is_today_part
        yield Fact(Of.DAY, days, at, end, prefix, is_dated, is_part, weekday=weekday)


def _today_part(at: int, end: int) -> Daypart:
    return Daypart.EVENING if end - at == len("הערב") else Daypart.MORNING


def _clock_facts(chunk: Chunk, tokens: Tokens, at: int, end: int) -> Iterator[Fact]:
    value = chunk.value
    written = {_as_written(token.text) for token in tokens[chunk.start : chunk.end] if token.kind is Kind.CLOCK}
    if isinstance(value, Clock):
        joined = next((i for i in range(chunk.start + 1, chunk.end) if _joins_part(tokens[i])), None)
        if value.part is not None and joined is not None:
            yield Fact(Of.PART, value.part, tokens[joined].start, end)  # "ב-9:30 ואחרי הצהריים ב-16:00"
            value = replace(value, part=None)
        if not (value.is_bare and _counts_something(chunk, tokens)):
            yield Fact(Of.TIME, _moments(value, written), at, end, chunk.prefix)
    elif isinstance(value, ClockEdge):
        moments = _moments(value.clock, written)
        before = tokens[chunk.start - 1].text if chunk.start else ""
        if value.edge is Edge.AROUND and before == "הכי":
            return  # "הכי קרוב ל-12:00": what others are measured by
        if value.edge is Edge.AROUND:
            yield Fact(Of.TIME, moments, at, end, chunk.prefix)
        else:
            is_end = value.edge in (Edge.UNTIL, Edge.BEFORE)
            is_behind = not chunk.prefix.endswith("מ")
            is_short = value.edge is Edge.BEFORE
            window = Window(end=moments, is_short=is_short) if is_end else Window(moments, is_behind=is_behind)
            yield Fact(Of.WINDOW, window, at, end, chunk.prefix)
    elif isinstance(value, ClockSpan):
        window = Window(_moments(value.low, written), _moments(value.high, written))
        yield Fact(Of.WINDOW, window, at, end, chunk.prefix)


def _joins_part(token: Token) -> bool:
    reading = token.read("daypart")
    return token.text in ("ואחרי", "ואחר", "ולפני") or (reading is not None and reading.prefix.startswith("ו"))


def _counts_something(chunk: Chunk, tokens: Tokens) -> bool:
    """A bare number is an hour where nothing that it might count follows it."""
    following = tokens[chunk.end] if chunk.end < len(tokens) else None
    return following is not None and following.kind is Kind.WORD and following.text.endswith(("ים", "ות", "יום", "שעה"))


def _moments(clock: Clock, written: set[dt.time | None]) -> frozenset[dt.time]:
    """The times that an hour can be; in figures ("7:00") it is what it says, unless a part of the day says else."""
    first = dt.time(clock.hour % 24, clock.minute)
    other = dt.time((clock.hour + 12) % 24, clock.minute)
    if clock.part is not None and clock.hour <= 12:
        fitting = frozenset(time for time in (first, other) if is_in_part(time, clock.part))
        return fitting or frozenset((first,))
    if first in written or clock.is_24h or clock.hour > 12:
        return frozenset((first,))
    return frozenset((first, other))


_PARTS = {
    Daypart.MORNING: (dt.time(4), dt.time(12)),
    Daypart.NOON: (dt.time(11), dt.time(16)),
    Daypart.AFTERNOON: (dt.time(12), dt.time(19)),
    Daypart.EVENING: (dt.time(17), dt.time(23, 59)),
}


def part_window(part: Daypart) -> tuple[dt.time, dt.time]:
    """From when to before when a part of the day lasts; the night ends at the end of the day."""
    return _PARTS.get(part, (dt.time(20), dt.time.max))


def is_in_part(time: dt.time, part: Daypart) -> bool:
    begin, end = part_window(part)
    return begin <= time < end or (part is Daypart.NIGHT and time < dt.time(4))


def _as_written(text: str) -> dt.time | None:
    hour, _, minute = text.partition(":")
    is_time = hour.isdecimal() and minute.isdecimal() and int(hour) < 24 and int(minute) < 60
    return dt.time(int(hour), int(minute)) if is_time else None
