"""The words of a message: who writes, what became of the appointment, when it is, and where to call. Pure."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from server.calendar.models import Appointment, Business
from server.calendar.notice import Kind, Letter
from server.calendar.phones import local_form
from server.hebrew.say import MONTHS, say_weekday

LONGEST = 134
"""Two segments. One Hebrew letter makes a message UCS-2: 70 units in one segment, 67 in each of several."""

_CALL = {
    Kind.BOOKED: "לשינוי או ביטול",
    Kind.MOVED: "לשינוי או ביטול",
    Kind.CANCELLED: "לתור חדש",
}


def text_of(letter: Letter) -> str:
    """The whole message, at most `LONGEST` units: at need without the treatment, then with a shortened name."""
    business, made, kind = letter.business, letter.appointment, letter.notice.kind
    treatment = _said(kind, made, business.zone, _treatment(made))
    brief = _said(kind, made, business.zone, "")
    call = f"{_CALL[kind]}: {local_form(business.number)}"
    for said in (treatment, brief):
        if unit_count(whole := f"{business.name}: {said} {call}") <= LONGEST:
            return whole
    return f"{_shortened(business, f': {brief} {call}')}: {brief} {call}"


def unit_count(text: str) -> int:
    """Length as carriers count it: in UTF-16."""
    return len(text.encode("utf-16-le")) // 2


def _said(kind: Kind, made: Appointment, zone: ZoneInfo, treatment: str) -> str:
    when = _when(made.starts_at.astimezone(zone))
    return {
        Kind.BOOKED: f"נקבע לכם תור{treatment} ב{when}.",
        Kind.MOVED: f"התור שלכם{treatment} עודכן: {when}.",
        Kind.CANCELLED: f"התור שלכם{treatment} ב{when} בוטל.",
    }[kind]


def _treatment(made: Appointment) -> str:
    """ " לעיסוי שוודי", " ל-Deep Tissue"."""
    hyphen = "" if "א" <= made.service[0] <= "ת" else "-"
    return f" ל{hyphen}{made.service}"


def _when(at: dt.datetime) -> str:
    """ "יום שני, 23 בנובמבר, בשעה 12:00", of an instant already in the business's zone."""
    return f"{say_weekday(at.date())}, {at.day} ב{MONTHS[at.month - 1]}, בשעה {at:%H:%M}"


def _shortened(business: Business, rest: str) -> str:
    name = business.name
    while name and unit_count(f"{name}…{rest}") > LONGEST:
        name = name[:-1]
    return f"{name.rstrip()}…"
