"""How the receptionist says days, hours, lengths and lists, in the form that is shown; `hebrew.speak` makes it audible.

Pure. Plural "you", feminine agent, masculine plural business; a reply has at most 24 spoken words.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from itertools import groupby
from typing import Protocol

from server.calendar.models import Length, OpenHours
from server.hebrew.models import Offer
from server.hebrew.speak import speak

WORD_LIMIT = 24

WEEKDAYS = ("ראשון", "שני", "שלישי", "רביעי", "חמישי", "שישי", "שבת")
MONTHS = (
    "ינואר", "פברואר", "מרץ", "אפריל", "מאי", "יוני", "יולי", "אוגוסט", "ספטמבר", "אוקטובר", "נובמבר", "דצמבר",
)  # fmt: skip

_PHONE = re.compile(r"\+?\d[\d-]{7,}\d")
_WORD = re.compile(r"[^\s,.!?:;–—-]+")


def word_count(text: str) -> int:
    """Words of a reply as spoken; a phone number counts as one."""
    return len(_WORD.findall(speak(_PHONE.sub("מספר", text))))


def fit(*variants: str) -> str:
    """The first variant that is short enough; the last one if none is."""
    return next((text for text in variants if word_count(text) <= WORD_LIMIT), variants[-1])


def weekday(day: dt.date) -> int:
    """0 is Sunday, as in `WEEKDAYS`."""
    return (day.weekday() + 1) % 7


def full_day(day: dt.date) -> str:
    """ "יום שני, 23 בנובמבר": weekday and date, as every booked day is read back."""
    name = "שבת" if weekday(day) == 6 else f"יום {WEEKDAYS[weekday(day)]}"
    return f"{name}, {day.day} ב{MONTHS[day.month - 1]}"


def on_day(day: dt.date, today: dt.date) -> str:
    """ "מחר" or "ביום שלישי, 24 בנובמבר"."""
    near = {0: "היום", 1: "מחר"}.get((day - today).days)
    return near or f"ב{full_day(day)}"


def on_weekday(number: int) -> str:
    """ "ביום שני" or "בשבת", for 0 (Sunday) to 6."""
    return "בשבת" if number == 6 else f"ביום {WEEKDAYS[number]}"


def minutes_of(time: dt.time) -> int:
    """Minutes since midnight."""
    return time.hour * 60 + time.minute


def at_hour(time: dt.time) -> str:
    return f"ב-{time.hour}:{time.minute:02}"


def length(minutes: int) -> str:
    """ "שעה", "שעה וחצי", "45 דקות"."""
    whole = {
        30: "חצי שעה",
        60: "שעה",
        75: "שעה ורבע",
        90: "שעה וחצי",
        120: "שעתיים",
        150: "שעתיים וחצי",
        180: "שלוש שעות",
    }
    return whole.get(minutes, f"{minutes} דקות")


def joined(parts: Sequence[str], last: str = " או ") -> str:
    """ "א, ב או ג"; with `last=" ו"` "א, ב וג"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])}{last}{parts[-1]}"


def treatment(service: str, minutes: int, lengths: Sequence[Length]) -> str:
    """ "עיסוי שוודי של שעה"; the length is left out where there is only one."""
    return service if len(lengths) < 2 else f"{service} של {length(minutes)}"


def offer(slots: Sequence[Offer], today: dt.date) -> str:
    """What is free, as a statement: "מחר יש ב-10:00, ב-11:30 או ב-13:00"."""
    days = [(day, [at_hour(slot.time) for slot in same]) for day, same in groupby(slots, key=lambda slot: slot.date)]
    if len(days) == 1:
        day, hours = days[0]
        return f"{on_day(day, today)} יש {joined(hours)}"
    return "יש " + joined([slot_of(day, joined(hours), today) for day, hours in days])


def slot_of(day: dt.date, hour: str, today: dt.date) -> str:
    """ "מחר ב-10:00" or "ביום שלישי, 24 בנובמבר, ב-10:00"."""
    name = on_day(day, today)
    return f"{name}, {hour}" if "," in name else f"{name} {hour}"


def opening(intervals: Sequence[tuple[dt.time, dt.time]]) -> str:
    """ "מ-9:00 עד 20:00"."""
    return joined([f"מ-{a.hour}:{a.minute:02} עד {b.hour}:{b.minute:02}" for a, b in intervals], " ו")


def week_hours(hours: OpenHours) -> str:
    """Opening hours of an ordinary week, like days taken together: "מיום ראשון עד חמישי מ-9:00 עד 20:00, ..."."""
    parts: list[str] = []
    for intervals, same in groupby(range(7), key=lambda day: hours.weekly[day]):
        days = list(same)
        if intervals:
            parts.append(f"{_days(days)} {opening(intervals)}")
    return joined(parts, " ו") if parts else ""


def _days(days: Sequence[int]) -> str:
    first, last = WEEKDAYS[days[0]], WEEKDAYS[days[-1]]
    if len(days) == 1:
        return f"ביום {first}" if days[0] != 6 else "בשבת"
    return f"מיום {first} עד {last}"


class Told(Protocol):
    """What can be told of an appointment."""

    @property
    def service(self) -> str: ...
    @property
    def date(self) -> dt.date: ...
    @property
    def time(self) -> dt.time: ...
    @property
    def staff(self) -> str: ...


def visit_told(visit: Told) -> str:
    """ "יש לכם עיסוי שוודי ביום שני, 23 בנובמבר, ב-10:00, אצל מאיה"."""
    return f"יש לכם {visit.service} ב{full_day(visit.date)}, {at_hour(visit.time)}, אצל {visit.staff}"
