"""The owner's pages in words: what things are called in Hebrew, and how times and numbers are written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from server.calendar.models import Source, Status
from server.calendar.phones import local_form
from server.calls.models import Outcome, ToolCall
from server.web.accounts import Refused

WEEKDAYS: Final = ("ראשון", "שני", "שלישי", "רביעי", "חמישי", "שישי", "שבת")
MONTHS: Final = (
    "ינואר",
    "פברואר",
    "מרץ",
    "אפריל",
    "מאי",
    "יוני",
    "יולי",
    "אוגוסט",
    "ספטמבר",
    "אוקטובר",
    "נובמבר",
    "דצמבר",
)

OUTCOMES: Final[Mapping[Outcome, str]] = MappingProxyType(
    {
        Outcome.BOOKED: "נקבע תור",
        Outcome.CHANGED: "תור שונה",
        Outcome.CANCELLED: "תור בוטל",
        Outcome.ANSWERED: "נענתה שאלה",
        Outcome.MESSAGE: "הודעה",
        Outcome.HANDOFF: "הועברה לנציג",
        Outcome.HANGUP: "המתקשר ניתק",
        Outcome.SILENCE: "שקט בקו",
        Outcome.SHED: "הקו היה תפוס",
        Outcome.LIMIT: "ארוכה מדי",
        Outcome.FAILED: "תקלה",
    }
)

STATUSES: Final[Mapping[Status, str]] = MappingProxyType(
    {
        Status.BOOKED: "נקבע",
        Status.CONFIRMED: "אושר",
        Status.ARRIVED: "הגיעו",
        Status.NO_SHOW: "לא הגיעו",
        Status.CANCELLED: "בוטל",
    }
)

SOURCES: Final[Mapping[Source, str]] = MappingProxyType(
    {Source.CALL: "בשיחת טלפון", Source.ADMIN: "בדף הניהול", Source.API: "דרך מערכת אחרת"}
)

_TOOLS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "calendar_find_slots": "חיפוש תורים פנויים",
        "calendar_create_appointment": "קביעת תור",
        "calendar_set_contact": "רישום פרטי קשר",
        "calendar_reschedule_appointment": "העברת תור",
        "calendar_cancel_appointment": "ביטול תור",
        "calendar_list_my_appointments": "חיפוש התורים של המתקשר",
        "business_info": "בדיקת פרטי העסק",
        "take_message": "רישום הודעה",
        "transfer_to_human": "העברה לנציג",
    }
)

_ARGUMENTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "service": "טיפול",
        "minutes": "דקות",
        "date_iso": "תאריך",
        "date_to_iso": "עד תאריך",
        "time": "שעה",
        "time_from": "משעה",
        "time_to": "עד שעה",
        "staff": "אצל",
        "customer_name": "שם",
        "customer_phone": "טלפון",
        "name": "שם",
        "phone": "טלפון",
        "notes": "הערה",
        "reason": "סיבה",
        "message": "הודעה",
        "recording_url": "הקלטה",
        "text": "הודעה",
        "topic": "נושא",
        "appointment": "תור מספר",
    }
)

CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "slot_taken": "השעה תפוסה",
        "outside_hours": "מחוץ לשעות הפעילות",
        "closed_day": "העסק סגור באותו יום",
        "in_the_past": "השעה כבר עברה",
        "too_soon": "קרוב מדי לעכשיו",
        "too_far": "רחוק מדי ביומן",
        "off_grid": "לא על שעה עגולה ביומן",
        "fully_booked": "היום מלא",
        "unknown_service": "אין טיפול כזה",
        "unknown_staff": "אין מטפל כזה",
        "unknown_length": "אין אורך כזה לטיפול",
        "unknown_appointment": "התור לא נמצא",
        "wrong_staff": "המטפל לא עושה את הטיפול הזה",
        "blocked_customer": "הלקוח חסום",
        "not_yours": "התור לא שייך למתקשר",
        "needs_second_fact": "חסר פרט מזהה",
        "already_cancelled": "התור כבר בוטל",
        "not_open": "התור כבר נסגר",
        "wrong_status": "אי אפשר לשנות כך את מצב התור",
        "not_begun": "התור עוד לא התחיל",
        "too_late": "מאוחר מדי לשינוי",
        "invalid": "פרט לא תקין",
        "validation_error": "חסרים פרטים",
        "timeout": "לקח יותר מדי זמן",
        "internal_error": "תקלה",
    }
)

REFUSALS: Final[Mapping[Refused, str]] = MappingProxyType(
    {
        Refused.WRONG: "שם המשתמש או הסיסמה אינם נכונים.",
        Refused.THROTTLED: "יותר מדי ניסיונות. אפשר לנסות שוב בעוד רבע שעה.",
        Refused.BUSY: "המערכת עמוסה כרגע. אפשר לנסות שוב בעוד רגע.",
        Refused.SHORT: "הסיסמה החדשה קצרה מדי: צריך לפחות 12 תווים.",
        Refused.LONG: "הסיסמה החדשה ארוכה מדי: עד 128 תווים.",
        Refused.SIMPLE: "הסיסמה החדשה קלה מדי לניחוש.",
    }
)


def day_words(day: dt.date, today: dt.date | None = None) -> str:
    """ "היום, יום שלישי 24 בנובמבר"; the year only when it is another one than today's."""
    near = {0: "היום, ", 1: "מחר, ", -1: "אתמול, "}.get((day - today).days, "") if today else ""
    weekday = WEEKDAYS[(day.weekday() + 1) % 7]
    named = weekday if weekday == "שבת" else f"יום {weekday}"
    year = "" if today and day.year == today.year else f" {day.year}"
    return f"{near}{named} {day.day} ב{MONTHS[day.month - 1]}{year}"


def time_words(at: dt.datetime) -> str:
    """ "09:30", of an instant already in the business's zone."""
    return f"{at:%H:%M}"


def phone_words(number: str | None) -> str:
    """As Israelis write it: "052-345-6789"."""
    return local_form(number) if number else ""


def length_words(length: dt.timedelta) -> str:
    """ "45 שניות", "2:05 דקות"."""
    seconds = max(0, int(length.total_seconds()))
    return f"{seconds} שניות" if seconds < 60 else f"{seconds // 60}:{seconds % 60:02} דקות"


def minutes_words(minutes: int) -> str:
    """ "45 דק׳", "שעה", "שעתיים", "3:15 שע׳"."""
    if minutes < 60:
        return f"{minutes} דק׳"
    hours, rest = divmod(minutes, 60)
    if rest:
        return f"{hours}:{rest:02} שע׳"
    return {1: "שעה", 2: "שעתיים"}.get(hours, f"{hours} שעות")


def count_words(count: int, one: str, many: str) -> str:
    """ "תור אחד", "3 תורים"; `one` is said whole."""
    return one if count == 1 else f"{count} {many}"


def wait_words(ms: float) -> str:
    """A wait as people feel it: "0.4 שנ׳"."""
    return f"{ms / 1000:.1f} שנ׳"


def device_words(agent: str) -> str:
    """ "Chrome, Android" of what a browser calls itself."""
    browsers = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
    systems = (
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
    )
    known = (
        next((name for sign, name in of if sign in agent), "") for of in (browsers, (*systems, ("Linux", "Linux")))
    )
    return ", ".join(filter(None, known)) or "מכשיר לא מוכר"


def tool_words(call: ToolCall) -> str:
    return _TOOLS.get(call.name, call.name)


def code_words(code: str | None) -> str:
    return CODES.get(code or "", "לא הצליח")


def argument_words(call: ToolCall) -> list[tuple[str, str]]:
    """What a tool was asked, as pairs of label and value; what was left open is left out."""
    given = ((name, value) for name, value in call.arguments.items() if value not in (None, "", [], {}))
    return [(_ARGUMENTS.get(name, name), _argument(name, value)) for name, value in given]


def _argument(name: str, value: Any) -> str:
    if name in ("date_iso", "date_to_iso"):
        return _or_as_is(value, lambda text: day_words(dt.date.fromisoformat(text)))
    if name in ("customer_phone", "phone"):
        return _or_as_is(value, phone_words)
    return str(value)


def _or_as_is(value: Any, words: Callable[[str], str]) -> str:
    """A model may put anything into an argument."""
    try:
        return words(str(value))
    except ValueError:
        return str(value)
