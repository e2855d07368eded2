"""What the offline brain must know of day and hour before it asks the calendar. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from server.agents.offline_questions import ASK_DAY, ASK_OTHER_TIME, ASK_WHEN
from server.agents.saying import full_day
from server.agents.scene import Say, Scene
from server.agents.wish import DAYPARTS
from server.hebrew.models import Daypart


def missing_when(scene: Scene) -> Say | None:
    """The question about day or hour that must come before the calendar is asked, if any."""
    wish = scene.d.wish
    if wish.has_declined:
        return Say(f"בסדר. {ASK_OTHER_TIME}")
    if wish.is_day_vague:
        return ask_day_again(scene)
    if not wish.has_day and wish.prefer is None:
        return Say(ASK_DAY if wish.has_hour else ASK_WHEN)
    if wish.time_readings is not None and len(open_readings(scene)) > 1:
        return Say(_which_daypart(open_readings(scene)))
    is_checked = wish.date_readings is None or wish.time is not None  # with an hour the check names the free slot
    return None if is_checked or wish.date is None else Say(f"הכוונה ל{full_day(wish.date)}?")


def ask_day_again(scene: Scene) -> Say:
    """There is no such day, or it was not said clearly which."""
    is_number = any(c.isdigit() for c in scene.d.understanding.text)
    return Say(f"אין תאריך כזה. {ASK_DAY}" if is_number else "לאיזה יום בדיוק?")


def open_readings(scene: Scene) -> list[dt.time]:
    """Readings of a doubtful hour in which the business works on that day, earliest first."""
    wish = scene.d.wish
    readings = sorted(time for time in (wish.time, *(wish.time_readings or ())) if time is not None)
    if wish.date is None:
        return readings
    intervals = scene.facts.hours.on(wish.date)
    return [time for time in readings if any(first <= time < last for first, last in intervals)]


DAYPART_WORDS = {
    Daypart.MORNING: "בבוקר",
    Daypart.NOON: "בצהריים",
    Daypart.AFTERNOON: "אחר הצהריים",
    Daypart.EVENING: "בערב",
}


def _which_daypart(readings: Sequence[dt.time]) -> str:
    words = list(dict.fromkeys(_daypart_word(time) for time in readings))
    return f"נוח לכם {words[0]} או {words[1]}?" if len(words) > 1 else "נוח לכם בבוקר או בערב?"


def _daypart_word(time: dt.time) -> str:
    return next(
        (word for part, word in DAYPART_WORDS.items() if DAYPARTS[part][0] <= time < DAYPARTS[part][1]), "בלילה"
    )
