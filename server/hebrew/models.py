"""What a line of the caller means: the values that `understand` takes and returns.

The package is pure: `now` is an argument, nothing is read from a clock, a file or the environment.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

Opening = tuple[dt.time, dt.time]
"""Half-open interval of local wall time in which the business works."""


class Daypart(StrEnum):
    MORNING = "morning"
    NOON = "noon"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    NIGHT = "night"


class Asked(StrEnum):
    """The slot that the receptionist has just asked for; it decides how a bare word is read."""

    DAY = "day"
    TIME = "time"
    NAME = "name"
    PHONE = "phone"
    DURATION = "duration"
    SERVICE = "service"
    CONFIRM = "confirm"  # a yes or no question
    CHOICE = "choice"  # one of the slots just offered
    MESSAGE = "message"  # free words to be passed on


class Intent(StrEnum):
    """What the caller wants done. A line may hold several."""

    BOOK = "book"
    RESCHEDULE = "reschedule"
    CANCEL = "cancel"
    LIST = "list"  # "מתי התור שלי?"
    AVAILABILITY = "availability"  # "מה פנוי מחר?"
    PRICE = "price"
    OPENING_HOURS = "opening_hours"
    ADDRESS = "address"
    SERVICES = "services"  # "אילו טיפולים יש?"
    PARKING = "parking"
    PAYMENT = "payment"  # "אפשר באשראי?"
    LATE = "late"  # "אני מאחרת בעשר דקות"
    RENAME = "rename"  # "תשנה את השם ל…"
    STAFF = "staff"  # "מי המטפלים?"
    LENGTH = "length"  # "כמה זמן זה?"
    HUMAN = "human"
    MESSAGE = "message"
    GREETING = "greeting"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    REPEAT = "repeat"  # "מה אמרתם?"
    HOLD = "hold"  # "רגע" and nothing else
    WRONG_NUMBER = "wrong_number"
    RUDE = "rude"


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    EITHER = "either"  # "לא משנה לי"


class Prefer(StrEnum):
    EARLIEST = "earliest"
    LATEST = "latest"


@dataclass(frozen=True, slots=True)
class ServiceWords:
    """A service as callers may name it. `lengths` in minutes, shortest first."""

    name: str
    aliases: tuple[str, ...] = ()
    lengths: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenHours:
    """When the business works: `weekly[0]` is Sunday; a date in `exceptions` overrules its weekday."""

    weekly: tuple[tuple[Opening, ...], ...] = ((),) * 7
    exceptions: Mapping[dt.date, tuple[Opening, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def on(self, day: dt.date) -> tuple[Opening, ...]:
        if day in self.exceptions:
            return self.exceptions[day]
        return self.weekly[(day.weekday() + 1) % 7]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words and hours of one business, against which its callers are understood."""

    hours: OpenHours = field(default_factory=OpenHours)
    services: tuple[ServiceWords, ...] = ()
    staff: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """A slot just offered aloud, in the order of saying; local wall time."""

    date: dt.date
    time: dt.time
    staff: str | None = None


@dataclass(frozen=True, slots=True)
class Exclusion:
    """What the caller ruled out. One field is set, or a day with a part of it or an hour ("לא ביום שלישי בבוקר").
    `weekday` is 0 for Sunday … 6 for Saturday; `staff` a canonical name from the vocabulary."""

    date: dt.date | None = None
    weekday: int | None = None
    daypart: Daypart | None = None
    time: dt.time | None = None
    staff: str | None = None


@dataclass(frozen=True, slots=True)
class Understanding:
    """What one line of the caller means.

    A day is either `date`, or a range `date_from`..`date_to` (both included). A time is either `time` (with a
    window around it for "around three"), or an open or closed window `time_from`..`time_to`. `time_to` is the hour
    as said; `is_end_limit` tells "until seven" (the treatment ends by then) from "before seven" (it starts before).
    `ambiguous` names the fields in doubt ("date", "time", "duration", "service", "name", "phone"); the field itself
    holds the likelier reading, `readings` the others (ISO strings), for the receptionist to ask about.
    """

    text: str
    date: dt.date | None = None
    date_from: dt.date | None = None
    date_to: dt.date | None = None
    time: dt.time | None = None
    time_from: dt.time | None = None
    time_to: dt.time | None = None
    is_end_limit: bool = False
    daypart: Daypart | None = None
    prefer: Prefer | None = None
    duration_min: int | None = None
    service: str | None = None  # canonical name from the vocabulary
    staff: str | None = None  # canonical name from the vocabulary
    name: str | None = None
    phone: str | None = None  # E.164
    is_phone_unclear: bool = False  # digits were dictated, but they are no Israeli number
    answer: Answer | None = None
    choice: int | None = None  # index into the offers just made; -1 is the last
    is_correction: bool = False  # "לא, סליחה, …": what follows replaces what was said
    is_same_time: bool = False  # "באותה שעה"
    is_same_day: bool = False  # "באותו יום"
    is_for_another: bool = False  # "גם לאשתי"
    shift: Prefer | None = None  # relative to what was just offered: earlier ("מוקדם יותר") or later
    intents: frozenset[Intent] = frozenset()
    excluded: tuple[Exclusion, ...] = ()
    ambiguous: frozenset[str] = frozenset()
    readings: tuple[str, ...] = ()

    @property
    def holds_when(self) -> bool:
        """Whether any date, time, daypart or preference was said."""
        return any(
            value is not None
            for value in (
                self.date,
                self.date_from,
                self.date_to,
                self.time,
                self.time_from,
                self.time_to,
                self.daypart,
                self.prefer,
            )
        )
