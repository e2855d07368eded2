"""What the simulated caller says, so that the call ends in a booking."""

from __future__ import annotations

import datetime as dt
import re

TAKE_OFFER = "הראשונה, בבקשה."
NAME = "דני."
YES = "כן, בדיוק."

WEEKDAYS = ("ביום שני", "ביום שלישי", "ביום רביעי", "ביום חמישי", "ביום שישי", "בשבת", "ביום ראשון")

ANSWERS = (TAKE_OFFER, NAME, YES)

_HOUR = re.compile(r"\d{1,2}:\d\d")


def opening(day: dt.date, today: dt.date) -> str:
    """Asks for an hour at noon of `day`: "מחר", or the weekday by name."""
    words = "מחר" if day == today + dt.timedelta(1) else WEEKDAYS[day.weekday()]
    return f"תקבע לי {words} ב-12 שוודי שעה. דני."


def answer_to(reply: str) -> str:
    """The name when it is asked for, the first of several hours, and yes to anything that needs a yes."""
    if "שם" in reply:
        return NAME
    return TAKE_OFFER if len(_HOUR.findall(reply)) > 1 else YES
