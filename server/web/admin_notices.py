"""What the owner reads of a message to a customer: when it went out or will, or why it did not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from server.calendar.models import Appointment, Business, Source
from server.calendar.notice import Kind, Notice, State, can_reach, kind_after
from server.calendar.phones import is_mobile
from server.web.admin_words import day_words, time_words

_WHAT: Final[Mapping[Kind, str]] = MappingProxyType(
    {Kind.BOOKED: "הודעת אישור", Kind.MOVED: "הודעה על השינוי", Kind.CANCELLED: "הודעה על הביטול"}
)

_NO_ANSWER: Final = "אין תשובה מ-Twilio"

# Numbers are Twilio's: https://www.twilio.com/docs/api/errors
_WHY: Final[Mapping[str, str]] = MappingProxyType(
    {
        "20003": "פרטי החשבון ב-Twilio אינם נכונים",
        "20429": "יותר מדי הודעות בבת אחת",
        "21211": "המספר אינו תקין",
        "21212": "השולח אינו מאושר ב-Twilio",
        "21408": "החשבון ב-Twilio לא שולח לישראל",
        "21606": "השולח אינו מאושר ב-Twilio",
        "21608": "חשבון הניסיון ב-Twilio שולח רק למספרים מאומתים",
        "21610": "הלקוח ביקש לא לקבל הודעות",
        "21614": "המספר לא מקבל הודעות",
        "http_429": "יותר מדי הודעות בבת אחת",
        "timeout": _NO_ANSWER,
        "no_answer": _NO_ANSWER,
        "unreadable": _NO_ANSWER,
        "begun": "התור כבר התחיל",
        "changed": "התור השתנה מאז",
        "no_mobile": "אין מספר נייד ישראלי",
        "switched_off": "שליחת ההודעות כובתה",
    }
)


def lines(business: Business, made: Appointment, notices: Sequence[Notice], now: dt.datetime) -> list[str]:
    """A line for every message, oldest first; of an appointment ahead, why there is none."""
    told = [_line(notice, business, now) for notice in notices]
    if told or not business.sends_confirmations or made.starts_at <= now:
        return told
    return ["לא נשלחה הודעה"] if is_mobile(made.customer_phone) else [f"לא תישלח הודעה: {_WHY['no_mobile']}"]


def is_cancelling_told(business: Business, made: Appointment, notices: Sequence[Notice], now: dt.datetime) -> bool:
    """Whether the customer would get a message if the owner cancelled now."""
    waiting = [notice for notice in notices if notice.state is State.WAITING]
    kind = kind_after(waiting, Kind.CANCELLED, made, Source.ADMIN)
    return kind is not None and can_reach(business, made, now)


def _line(notice: Notice, business: Business, now: dt.datetime) -> str:
    what, why = _WHAT[notice.kind], _why(notice.error)
    if notice.state is State.SENT:
        return f"{what} נשלחה {_moment(notice.settled_at or now, business, now)}"
    if notice.state is not State.WAITING:
        return f"{what} לא נשלחה: {why}"
    if notice.error is not None:
        return f"{what} עוד לא נשלחה: {why}. ניסיון נוסף {_moment(notice.due_at, business, now)}"
    if notice.attempt_count:
        return f"{what} נשלחת עכשיו"
    return f"{what} תישלח {_moment(notice.due_at, business, now)}"


def _why(code: str | None) -> str:
    code = code or ""
    if code.startswith("http_5"):
        return "תקלה ב-Twilio"
    return _WHY.get(code, f"Twilio סירב, קוד {code.removeprefix('http_')}")


def _moment(at: dt.datetime, business: Business, now: dt.datetime) -> str:
    local, today = at.astimezone(business.zone), now.astimezone(business.zone).date()
    day = "" if local.date() == today else f"{day_words(local.date(), today)}, "
    return f"{day}ב-{time_words(local)}"
