"""From a holiday as said to days of the calendar: "בפורים", "ערב חג", "חול המועד", "אחרי החגים"."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from server.hebrew import hebrew_calendar
from server.hebrew.found_days import Days, one
from server.hebrew.said import Around, Holiday

_DAY = dt.timedelta(1)
_LATELY = dt.timedelta(30)


def resolve(said: Holiday, today: dt.date) -> Days | None:
    """Days of a holiday, of its eve or after it, from today on."""
    found = _resolve(said, today)
    return replace(found, is_doubtful=True) if found is not None and _has_just_passed(said, today) else found


def _has_just_passed(said: Holiday, today: dt.date) -> bool:
    """ "בחנוכה" said the week after: next year's, or misheard."""
    if said.key not in hebrew_calendar.HOLIDAYS or said.at in (Around.MID, Around.MORROW):
        return False
    return hebrew_calendar.next_feast(said.key, today - _LATELY)[1] < today


def _resolve(said: Holiday, today: dt.date) -> Days | None:
    if said.at is Around.AFTER:
        return _after_holiday(said.key, today)
    if said.at is Around.MID:
        return _mid_holiday(said.key, today)
    if said.at is Around.MORROW:
        return one(_morrow(said.key, today))
    if said.at is Around.EVE:
        return _eve(said.key, today)
    if said.key == "any":
        _, first, last = hebrew_calendar.next_yom_tov(today)
        return Days(max(first, today), last, True)
    first, last = hebrew_calendar.next_feast(said.key, today)
    return Days(max(first, today), last)


def _eve(key: str, today: dt.date) -> Days:
    """The day before; one that is over counts no more, although the holiday itself goes on."""
    seek = today + _DAY
    first = hebrew_calendar.next_yom_tov(seek)[1] if key == "any" else hebrew_calendar.next_feast(key, seek)[0]
    if first <= today:
        later = seek + dt.timedelta(15)
        first = hebrew_calendar.next_yom_tov(later)[1] if key == "any" else hebrew_calendar.next_feast(key, later)[0]
    return one(first - _DAY)


def _morrow(key: str, today: dt.date) -> dt.date:
    """The day after a holiday, on which schools are still closed; that of Sukkot comes after Simchat Torah."""
    feasts = {"any": ("pesach", "shavuot", "simchat_torah"), "sukkot": ("simchat_torah",)}.get(key, (key,))
    return min(hebrew_calendar.next_feast(feast, today - _DAY)[1] + _DAY for feast in feasts)


def _mid_holiday(key: str, today: dt.date) -> Days:
    """חול המועד: the half-working days inside Pesach and Sukkot."""
    feasts = [key] if key in ("pesach", "sukkot") else ["pesach", "sukkot"]
    spans = []
    for feast in feasts:
        for seek in (today, today + dt.timedelta(20)):
            first, last = hebrew_calendar.next_feast(feast, seek)
            spans.append((first + _DAY, last - _DAY if feast == "pesach" else last))
    first, last = min(span for span in spans if span[1] >= today)
    return Days(max(first, today), last)


def _after_holiday(key: str, today: dt.date) -> Days:
    if key not in ("any", "season"):
        return Days(hebrew_calendar.next_feast(key, today)[1] + _DAY, None)
    nearest, _, last = hebrew_calendar.next_yom_tov(today)
    if key == "season" and nearest in ("rosh_hashana", "kippur", "sukkot", "simchat_torah"):
        last = hebrew_calendar.next_feast("simchat_torah", today)[1]
    return Days(last + _DAY, None, True)
