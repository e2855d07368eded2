"""What a sentence of the agent speaks of: hours, days, prices, lengths, services. Pure."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from server.agents.evidence import Evidence
from server.hebrew import grammar
from server.hebrew.normalise import normalise
from server.hebrew.numbers import cardinal
from server.hebrew.said import Bare, CalendarDay, Clock, ClockEdge, ClockSpan, DaySpan, Length, Relative, Weekday
from server.hebrew.tokens import Kind, Tokens, tokenise

SMALLEST_PRICE = 50

_MONEY = ("שקל", "שקלים", 'ש"ח', "שח", "₪")


@dataclass(frozen=True, slots=True)
class Speech:
    """`times` holds for each hour that is named the moments it can be: one for "16:30", two for "ארבע וחצי"."""

    text: str
    times: tuple[frozenset[dt.time], ...]
    days: tuple[dt.date, ...]
    weekdays: tuple[int, ...]  # 0 is Sunday; those that a calendar day goes with included
    calendar_days: tuple[dt.date, ...]
    prices: tuple[int, ...]
    lengths: tuple[int, ...]
    amounts: tuple[int, ...]  # bare numbers of the size of a price
    services: tuple[str, ...]
    staff: tuple[str, ...]

    @property
    def has_detail(self) -> bool:
        """Whether it names anything by which one appointment differs from another."""
        return any((self.times, self.days, self.weekdays, self.services, self.lengths, self.staff))

    @property
    def is_question(self) -> bool:
        return self.text.rstrip().endswith("?")


def read_speech(text: str, evidence: Evidence) -> Speech:
    """Read one sentence or clause against the calendar of its call."""
    tokens = tokenise(normalise(text.replace("₪", " שקלים")))
    prices, of_price = _prices(tokens)
    chunks = grammar.read(tokens, of_price)
    values = [value for chunk in chunks for value in _parts(chunk.value)]
    clocks = [clock for value in values for clock in _clocks(value)]
    exact = {_as_written(token.text) for token in tokens if token.kind is Kind.CLOCK}
    calendar_days = [_resolved(v, evidence.today) for v in values if isinstance(v, CalendarDay)]
    relative = [evidence.today + dt.timedelta(days=v.days) for v in values if isinstance(v, Relative)]
    weekdays = [v.day for v in values if isinstance(v, Weekday)]
    dated = [day for day in calendar_days if day is not None]
    return Speech(
        text=text,
        times=tuple(_moments(clock, exact) for clock in clocks),
        days=tuple([*dated, *relative] or _later(text, weekdays, evidence.today) or _nearest(weekdays, evidence)),
        weekdays=tuple(weekdays),
        calendar_days=tuple(dated),
        prices=tuple(prices),
        lengths=tuple(v.minutes for v in values if isinstance(v, Length)),
        amounts=tuple(v.value for v in values if isinstance(v, Bare) and v.value >= SMALLEST_PRICE),
        services=_services(text, evidence),
        staff=tuple(
            p.name for p in evidence.facts.staff if re.search(rf"(?:אצל|עם) {re.escape(p.name)}(?![א-ת])", text)
        ),
    )


def _prices(tokens: Tokens) -> tuple[list[int], set[int]]:
    """Amounts of money, and the places of the tokens that are part of one."""
    prices: list[int] = []
    places: set[int] = set()
    for i in range(len(tokens)):
        number = cardinal(tokens, i) if i not in places else None
        if number is not None and number.end < len(tokens) and tokens[number.end].text in _MONEY:
            prices.append(number.value)
            places.update(range(i, number.end + 1))
    return prices, places


def _parts(value: object) -> tuple[object, ...]:
    return (value.low, value.high) if isinstance(value, DaySpan) else (value,)


def _clocks(value: object) -> tuple[Clock, ...]:
    if isinstance(value, Clock):
        return () if value.is_bare else (value,)  # "מחר ארבע" may be no hour at all
    if isinstance(value, ClockEdge):
        return (value.clock,)
    return (value.low, value.high) if isinstance(value, ClockSpan) else ()


def _moments(clock: Clock, exact: set[dt.time | None]) -> frozenset[dt.time]:
    """The times that an hour can be; in figures ("7:00") it is what it says."""
    written = dt.time(clock.hour % 24, clock.minute)
    if written in exact or clock.is_24h or clock.hour > 12:
        return frozenset((written,))
    return frozenset((written, dt.time((clock.hour + 12) % 24, clock.minute)))


def _as_written(text: str) -> dt.time | None:
    hour, _, minute = text.partition(":")
    is_time = hour.isdecimal() and minute.isdecimal() and int(hour) < 24 and int(minute) < 60
    return dt.time(int(hour), int(minute)) if is_time else None


def _resolved(day: CalendarDay, today: dt.date) -> dt.date | None:
    """The next such day; a day of the month alone, of this month or the next."""
    for ahead in range(2):
        try:
            if day.month is not None:
                found = dt.date(day.year or today.year + ahead, day.month, day.day)
            else:
                month = (today.month - 1 + ahead) % 12 + 1
                found = dt.date(today.year + (month < today.month), month, day.day)
        except ValueError:
            continue
        if found >= today:
            return found
    return None


_NEXT_WEEK = re.compile(r"(?<![א-ת])[בלמ]?ה?שבוע הבא(?![א-ת])")
_WEEKEND = re.compile(r"(?<![א-ת])[בל]?ה?(?:סוף ה?שבוע|סופ.ש)(?![א-ת])")
_NEXT_MONTH = re.compile(r"(?<![א-ת])[בלמ]?ה?חודש הבא(?![א-ת])")


def _later(text: str, weekdays: list[int], today: dt.date) -> list[dt.date]:
    """The days of a weekend, of next week, or of next month, when a sentence names it."""
    sunday = today + dt.timedelta(days=7 - (today.weekday() + 1) % 7)
    if _WEEKEND.search(text):
        days = [sunday + dt.timedelta(days=i) for i in (-2, -1, 5, 6)]
    elif _NEXT_WEEK.search(text):
        days = [sunday + dt.timedelta(days=i) for i in range(7)]
    elif _NEXT_MONTH.search(text):
        first = (today.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
        days = [first + dt.timedelta(days=i) for i in range(28)]
    else:
        return []
    return [day for day in days if not weekdays or (day.weekday() + 1) % 7 in weekdays]


def _nearest(weekdays: list[int], evidence: Evidence) -> list[dt.date]:
    """A bare weekday means the day of that name that has been spoken of, if there is just one."""
    found = [day for day in evidence.days if (day.weekday() + 1) % 7 in weekdays]
    return found if len(found) == 1 and len(set(weekdays)) == 1 else []


def _services(text: str, evidence: Evidence) -> tuple[str, ...]:
    named = []
    for service in evidence.facts.services:
        words = (service.name, *service.aliases)
        if any(re.search(rf"(?<![א-ת])[בלוהמ]?{re.escape(word)}(?![א-ת])", text) for word in words):
            named.append(service.name)
    return tuple(named)
