"""What the grammar finds in a line: typed pieces, not yet tied to a calendar or to opening hours."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from server.hebrew.models import Daypart


@dataclass(frozen=True, slots=True)
class Clock:
    """An hour as said: "ארבע" is hour 4 with `is_24h` false; "16:30" and "04:00" leave no choice of half-day.

    `is_bare` marks a number that nothing but its neighbours makes an hour ("מחר ארבע"); `is_plain` one with a mere
    preposition ("ב-15", "בארבע").
    """

    hour: int
    minute: int = 0
    is_24h: bool = False
    part: Daypart | None = None
    is_bare: bool = False
    is_plain: bool = False


class Edge(StrEnum):
    AFTER = "after"
    FROM = "from"  # like AFTER, but the day itself is in
    DAY_AFTER = "day_after"  # "יום אחרי"
    BEFORE = "before"
    DAY_BEFORE = "day_before"
    UNTIL = "until"
    AROUND = "around"


@dataclass(frozen=True, slots=True)
class ClockEdge:
    edge: Edge
    clock: Clock


@dataclass(frozen=True, slots=True)
class ClockSpan:
    low: Clock
    high: Clock


@dataclass(frozen=True, slots=True)
class Noon:
    """ "עד הצהריים": the middle of the day as a bound."""

    edge: Edge


@dataclass(frozen=True, slots=True)
class PartOfDay:
    part: Daypart


@dataclass(frozen=True, slots=True)
class Length:
    """How long: minutes. `is_vague` where a preposition allows an hour of the clock as well ("לשעה אחת")."""

    minutes: int
    is_vague: bool = False


@dataclass(frozen=True, slots=True)
class FromNow:
    """ "בעוד שעה": minutes from now."""

    minutes: int


@dataclass(frozen=True, slots=True)
class Relative:
    days: int
    is_today_part: bool = False  # "הערב", "הבוקר"


class Week(StrEnum):
    NEAREST = "nearest"  # "הקרוב", "הזה"
    THIS = "this"  # "השבוע"
    NEXT = "next"  # "הבא": callers are split over which one they mean
    FOLLOWING = "following"  # "בשבוע הבא"
    AFTER = "after"  # "יום שני שאחריו": after one that was spoken of
    PAST = "past"  # "יום שלישי שעבר"


@dataclass(frozen=True, slots=True)
class Weekday:
    """0 is Sunday. `is_weak`: said in a way that may as well be an ordinal or a name ("שני")."""

    day: int
    week: Week | None = None
    is_weak: bool = False
    is_vague: bool = False  # "ביום השלישי"


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day of a month; `month` None is the coming one. `is_weak`: may be an hour or a choice just as well."""

    day: int
    month: int | None = None
    year: int | None = None
    is_weak: bool = False
    is_next_month: bool = False  # "ב-3 לחודש הבא"
    hour: Clock | None = None  # "שלישי לשלוש" may as well be Tuesday at three


@dataclass(frozen=True, slots=True)
class HebrewDay:
    """Month of the Hebrew calendar counted from Nisan, as `pyluach` does; 12 is Adar, in leap years Adar II."""

    day: int
    month: int
    is_first_adar: bool = False


class Around(StrEnum):
    ON = "on"
    EVE = "eve"
    AFTER = "after"
    MID = "mid"  # חול המועד
    MORROW = "morrow"  # אסרו חג


@dataclass(frozen=True, slots=True)
class Holiday:
    """`key` of `hebrew_calendar.HOLIDAYS`, or "any" for the nearest."""

    key: str
    at: Around = Around.ON


@dataclass(frozen=True, slots=True)
class InUnits:
    """ "בעוד שבועיים"; `has_half` for "שבוע וחצי"."""

    count: int
    unit: str
    has_half: bool = False
    is_vague: bool = False  # "שבועיים-שלושה"
    base: Day | None = None  # "שבוע ממחר"
    has_own_base: bool = False  # "החתונה ב-20, יומיים לפני": the twentieth is said for this alone


@dataclass(frozen=True, slots=True)
class Offset:
    """ "יומיים לפני", counted from a day named elsewhere in the line."""

    count: int
    unit: str
    is_vague: bool = False


@dataclass(frozen=True, slots=True)
class WeekSpan:
    """A Sunday-to-Saturday week, `offset` weeks after this one; `part` start, middle, end or weekend (Fri-Sat)."""

    offset: int
    part: str | None = None
    is_vague: bool = False  # "בשבוע שאחרי"
    is_rolling: bool = False  # "בשבוע הקרוב": from today to the end of the week in which seven days are over


@dataclass(frozen=True, slots=True)
class MonthSpan:
    """A month by number, or `offset` months after this one; `part` start, middle or end."""

    month: int | None = None
    offset: int = 0
    part: str | None = None
    is_for_missing_day: bool = False  # "31 בפברואר"


@dataclass(frozen=True, slots=True)
class NthOf:
    """The `n`-th day or week (`unit`) of a month or a holiday, the last for -1; with `weekday` the n-th of those."""

    unit: str
    n: int
    whole: MonthSpan | Holiday
    weekday: Weekday | None = None
    is_eve: bool = False  # "נר שלישי": lit on the evening before


@dataclass(frozen=True, slots=True)
class WeekOf:
    """ "בשבוע של ה-13 בדצמבר"."""

    day: CalendarDay | HebrewDay | Holiday


Day = Relative | Weekday | CalendarDay | HebrewDay | Holiday | InUnits | WeekSpan | MonthSpan | NthOf | WeekOf


@dataclass(frozen=True, slots=True)
class DayEdge:
    edge: Edge
    day: Day


@dataclass(frozen=True, slots=True)
class DaySpan:
    low: Day
    high: Day


@dataclass(frozen=True, slots=True)
class Moment:
    """A day that brings its part of the day along: "הערב", "מוצאי שבת"."""

    day: Day
    part: Daypart


@dataclass(frozen=True, slots=True)
class ExactDate:
    date: dt.date


@dataclass(frozen=True, slots=True)
class Bare:
    """A number alone. What it counts depends on the question asked and on its neighbours."""

    value: int
    gender: str
    is_digits: bool


DAY_TYPES = (
    *(Relative, Weekday, CalendarDay, HebrewDay, Holiday, InUnits, WeekSpan, MonthSpan),
    *(NthOf, WeekOf, Moment, ExactDate),
)
DAY_LIKE = (*DAY_TYPES, DayEdge, DaySpan)
TIME_LIKE = (Clock, ClockEdge, ClockSpan)

When = Clock | ClockEdge | ClockSpan | Noon | PartOfDay | FromNow | Day | DayEdge | DaySpan | Moment | ExactDate
Said = When | Length | Bare | Offset


@dataclass(frozen=True, slots=True)
class Chunk:
    """Tokens `start`..`end` (half-open) mean `value`; `prefix` was glued to the first of them."""

    value: Said
    start: int
    end: int
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A chunk that holds; `is_doubtful` where it might be something else."""

    chunk: Chunk
    is_doubtful: bool = False
    sentence: int = 0
    is_past: bool = False  # the day of a tale, beside which a wish is said
    free: Edge | None = None  # for the caller's own hours ("אני עובדת עד ארבע"): on which side of them the wish lies
