"""States of a call in which a receptionist speaks: what the caller said and what the tools answered."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from server.agents.confirmation import PROMISE
from server.agents.evidence import Evidence, evidence_of
from server.agents.memory import Conversation, Line
from server.agents.vocabulary import vocabulary_of
from server.calendar.models import BusinessFacts
from server.db.engine import make_engine
from server.hebrew.understand import understand
from tests.desk import SUNDAY, Desk

VISIT = {
    "ok": True,
    "appointment": 1,
    "service": "עיסוי שוודי",
    "minutes": 60,
    "date_iso": "2026-11-23",
    "time": "12:00",
    "staff": "מאיה",
    "customer_name": "דני",
    "needs_phone": False,
    "is_of_call": True,
}


def slot(day: str, time: str, *staff: str) -> dict[str, Any]:
    return {"date_iso": day, "time": time, "staff": list(staff or ("מאיה",))}


def look(
    result: dict[str, Any],
    day: str = "2026-11-23",
    until: str | None = None,
    between: tuple[str, str] = ("", ""),
    service: str = "עיסוי שוודי",
    minutes: int = 60,
    staff: str | None = None,
) -> Told:
    """A look into the diary, with the arguments of the model that asked for it."""
    hours = {"time_from": between[0] or None, "time_to": between[1] or None}
    asked = {"service": service, "minutes": minutes, "date_iso": day, "date_to_iso": until, "staff": staff} | hours
    return "calendar_find_slots", asked, result


def free(*slots: dict[str, Any]) -> dict[str, Any]:
    return {"ok": True, "slots": list(slots)}


def none(*alternatives: dict[str, Any], reason: str = "fully_booked") -> dict[str, Any]:
    return {"ok": True, "slots": [], "reason": reason, "alternatives": list(alternatives)}


def refused(code: str, *alternatives: dict[str, Any]) -> dict[str, Any]:
    return {"ok": False, "error": code, "message": "No.", "alternatives": list(alternatives)}


def own(number: int, service: str, minutes: int, day: str, time: str, staff: str, name: str) -> dict[str, Any]:
    """An earlier appointment of the caller's."""
    told = {"appointment": number, "service": service, "minutes": minutes, "date_iso": day, "time": time}
    return VISIT | told | {"staff": staff, "customer_name": name, "is_of_call": False}


@dataclass(frozen=True)
class Agent:
    """What the receptionist has said."""

    text: str


Told = tuple[str, dict[str, Any], dict[str, Any]]
"""A tool, its arguments and its result."""

NOON = ("12:00", "12:00")
HOUR = {"date_iso": "2026-11-23", "time": "12:00"}
BOOK = HOUR | {"service": "עיסוי שוודי", "minutes": 60, "customer_name": "דני", "customer_phone": None, "staff": None}

ASKED = "אפשר תור לשוודי שעה מחר?"
ASKED_NOON = "יש שוודי שעה מחר ב-12?"
OFFERED = free(*(slot("2026-11-23", hour) for hour in ("10:00", "11:30", "13:00")))
WIDE = free(*(slot("2026-11-23", f"{h:02}:00", *(["רון"] if h == 16 else ["מאיה", "רון"])) for h in range(9, 20)))
REQUEST = "תקבע לי מחר ב-12 שוודי שעה. דני."
FOUND = look(free(slot("2026-11-23", "12:00", "מאיה", "רון")), between=NOON)
BOOKED = [REQUEST, FOUND, ("calendar_create_appointment", BOOK, VISIT)]
READ_BACK = Agent("קבעתי לכם עיסוי שוודי של שעה ליום שני, 23 בנובמבר, ב-12:00, אצל מאיה.")
PROMISED = [REQUEST, FOUND, ("calendar_create_appointment", BOOK, VISIT | PROMISE)]
FOR_TWO = "תקבע לדני ולרות מחר ב-12 שוודי שעה"
MIXED = [
    slot("2026-11-24", "10:00"),
    slot("2026-11-24", "17:00", "רון"),
    slot("2026-11-25", "12:00", "מאיה", "רון"),
]


def moved(**told: Any) -> Told:
    """The booked appointment after a change."""
    given = {"appointment": 1, **HOUR, "minutes": None, "staff": None}
    return "calendar_reschedule_appointment", given | told, VISIT | told


def listed(*appointments: dict[str, Any]) -> Told:
    return "calendar_list_my_appointments", {"customer_name": None}, {"ok": True, "appointments": list(appointments)}


SCENES: dict[str, list[Any]] = {
    "start": ["שלום, אפשר לקבוע תור?"],
    "asked": [ASKED],
    "priced": ["כמה עולה רקמות עמוק?"],
    "curious": ["יש אצלכם חניה? ואפשר לשלם בביט?"],
    "facial": ["כמה זה טיפול פנים ומי עושה את זה?"],
    "named": ["אני יעל, 052-1234567, רוצה רפלקסולוגיה"],
    "offered": [ASKED, look(OFFERED)],
    "searched": [ASKED, look(WIDE)],
    "wished": ["אפשר שוודי שעה מחר ב-12?", look(OFFERED)],
    "mixed": [
        "יש רקמות עמוק שעה וחצי בשלישי או ברביעי?",
        look(free(*MIXED), "2026-11-24", "2026-11-25", service="רקמות עמוק", minutes=90),
    ],
    "full": [ASKED_NOON, look(none(slot("2026-11-24", "10:00")))],
    "narrow": [ASKED_NOON, look(none(slot("2026-11-23", "11:00"), slot("2026-11-23", "13:30", "רון")), between=NOON)],
    "evening": [
        "יש שוודי שעה מחר בערב?",
        look(none(slot("2026-11-23", "14:30"), slot("2026-11-24", "18:00", "רון")), between=("17:00", "20:00")),
    ],
    "closed": [
        "יש שוודי שעה בשבת?",
        look(
            none(slot("2026-11-27", "09:00", "מאיה", "רון"), slot("2026-11-29", "09:00"), reason="closed_day"),
            "2026-11-28",
        ),
    ],
    "friday": [
        "אפשר רפלקסולוגיה בשישי אחרי הצהריים?",
        look(
            free(slot("2026-11-27", "12:00"), slot("2026-11-27", "13:15", "רון")),
            "2026-11-27",
            between=("12:00", "18:00"),
            service="רפלקסולוגיה",
            minutes=45,
        ),
    ],
    "of one": [
        "יש אצל רון שוודי שעה ביום רביעי?",
        look(free(slot("2026-11-25", "09:30", "רון"), slot("2026-11-25", "16:00", "רון")), "2026-11-25", staff="רון"),
    ],
    "week": [
        "מתי יש השבוע אבנים חמות?",
        look(free(slot("2026-11-26", "09:00")), "2026-11-22", "2026-11-28", service="אבנים חמות", minutes=75),
    ],
    "looked twice": [
        *[ASKED_NOON, look(none(slot("2026-11-23", "11:00")), between=NOON), Agent("מחר ב-12:00 תפוס, יש ב-11:00.")],
        "ומחרתיים?",
        look(free(*(slot("2026-11-24", hour, "רון") for hour in ("09:00", "12:00", "18:30"))), "2026-11-24"),
    ],
    "unanswered": [ASKED_NOON, look({"ok": False, "error": "unavailable", "message": "No answer."}, between=NOON)],
    "booked": BOOKED,
    "booked deep": [
        "תקבעו לי רקמות עמוק שעה וחצי ביום חמישי בארבע וחצי אצל רון, שירה",
        (
            "calendar_create_appointment",
            {"service": "רקמות עמוק", "minutes": 90, "date_iso": "2026-11-26", "time": "16:30", "staff": "רון"},
            own(1, "רקמות עמוק", 90, "2026-11-26", "16:30", "רון", "שירה") | {"is_of_call": True},
        ),
    ],
    "without a phone": [REQUEST, FOUND, ("calendar_create_appointment", BOOK, VISIT | {"needs_phone": True})],
    "phone given": [
        *[REQUEST, FOUND, ("calendar_create_appointment", BOOK, VISIT | {"needs_phone": True})],
        *[READ_BACK, "0521234567"],
        ("calendar_set_contact", {"appointment": 1, "name": None, "phone": "0521234567"}, VISIT),
    ],
    "renamed": [
        *[*BOOKED, READ_BACK, "לא דני, דניאל"],
        (
            "calendar_set_contact",
            {"appointment": 1, "name": "דניאל", "phone": None},
            VISIT | {"customer_name": "דניאל"},
        ),
    ],
    "promised": PROMISED,
    "taken back": [*PROMISED, "תבטלי את זה", ("calendar_cancel_appointment", {"appointment": 1}, VISIT)],
    "slot taken": [
        REQUEST,
        (
            "calendar_create_appointment",
            BOOK,
            refused("slot_taken", slot("2026-11-23", "13:00"), slot("2026-11-23", "14:00", "רון")),
        ),
    ],
    "another price": [*BOOKED, READ_BACK, "וכמה עולה אבנים חמות?"],
    "later": [
        *[*BOOKED, READ_BACK, "יש גם משהו יותר מאוחר?"],
        look(
            free(slot("2026-11-23", "15:00", "רון"), slot("2026-11-23", "17:30", "מאיה", "רון")),
            between=("13:00", ""),
        ),
    ],
    "moved": [*BOOKED, "לא, סליחה, בשש", moved(time="18:00")],
    "longer": [*BOOKED, READ_BACK, "אפשר שעה וחצי במקום?", moved(minutes=90)],
    "move refused": [
        *[*BOOKED, READ_BACK, "אפשר להזיז לשש?"],
        (
            "calendar_reschedule_appointment",
            {"appointment": 1, "date_iso": "2026-11-23", "time": "18:00"},
            refused("slot_taken", slot("2026-11-23", "17:00", "רון"), slot("2026-11-23", "19:00")),
        ),
    ],
    "cancelled": [*BOOKED, "תבטלי את זה", ("calendar_cancel_appointment", {"appointment": 1}, VISIT)],
    "two booked": [
        *[FOR_TWO, FOUND, ("calendar_create_appointment", BOOK, VISIT)],
        (
            "calendar_create_appointment",
            BOOK | {"customer_name": "רות"},
            VISIT | {"appointment": 2, "staff": "רון", "customer_name": "רות"},
        ),
    ],
    "one of two": [
        *[FOR_TWO, look(free(slot("2026-11-23", "12:00")), between=NOON)],
        ("calendar_create_appointment", BOOK, VISIT),
        (
            "calendar_create_appointment",
            BOOK | {"customer_name": "רות"},
            refused("slot_taken", slot("2026-11-23", "13:00")),
        ),
    ],
    "listed": [
        "מתי התורים שלי? רונית",
        listed(
            own(1, "רפלקסולוגיה", 45, "2026-11-26", "17:30", "רון", "רונית"),
            own(2, "עיסוי שוודי", 90, "2026-11-29", "10:00", "מאיה", "רונית"),
        ),
    ],
    "one listed": [
        "אני רוצה לבטל את התור שלי, מיכל",
        listed(own(1, "רפלקסולוגיה", 45, "2026-11-25", "15:15", "רון", "מיכל")),
    ],
    "none listed": ["מתי התור שלי? רונית", listed()],
    "message": [
        "תגידו למאיה שאאחר ברבע שעה",
        ("take_message", {"text": "מאחר ברבע שעה"}, {"ok": True, "has_phone": True}),
    ],
    "message without a phone": [
        "תגידו לצוות שאשמח לשובר מתנה",
        ("take_message", {"text": "מתעניין בשובר מתנה"}, {"ok": True, "has_phone": False}),
    ],
    "not put through": ["תעבירו אותי לבן אדם", ("transfer_to_human", {}, refused("no_transfer"))],
}


@pytest.fixture(scope="module")
def facts(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BusinessFacts]:
    path = tmp_path_factory.mktemp("scenes") / "receptionist.db"
    path.write_bytes(sqlite_template.read_bytes())
    engine: Engine = make_engine(f"sqlite:///{path}")
    desk = Desk(engine)
    yield desk.bookings.facts(desk.business.id)
    engine.dispose()


def scene(name: str, facts: BusinessFacts) -> Evidence:
    talk = Conversation()
    now = dt.datetime.combine(SUNDAY, dt.time(10), facts.business.zone)
    for turn, entry in enumerate(SCENES[name], start=1):
        if isinstance(entry, str):
            talk.hear(Line(turn, entry, understand(entry, now, None, vocabulary_of(facts))))
        elif isinstance(entry, Agent):
            talk.say(turn, entry.text)
        else:
            tool, arguments, result = entry
            talk.begin_step(turn, f"c{turn}", tool, json.dumps(arguments)).output = json.dumps(result)
    return evidence_of(talk.entries, facts, SUNDAY)
