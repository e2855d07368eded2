"""States of a call in which a receptionist speaks: what the caller said and what the tools answered."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
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


ASKED = "אפשר תור לשוודי שעה מחר?"
OFFERED = {"ok": True, "slots": [slot("2026-11-23", hour) for hour in ("10:00", "11:30", "13:00")]}
WIDE = {
    "ok": True,
    "slots": [slot("2026-11-23", f"{h}:00".zfill(5), *(["רון"] if h == 16 else ["מאיה", "רון"])) for h in range(9, 20)],
}
FULL = {"ok": True, "slots": [], "reason": "fully_booked", "alternatives": [slot("2026-11-24", "10:00")]}
REQUEST = "תקבע לי מחר ב-12 שוודי שעה. דני."
BOOKED = [
    ("calendar_find_slots", {"ok": True, "slots": [slot("2026-11-23", "12:00")]}),
    ("calendar_create_appointment", VISIT),
]

SCENES: dict[str, list[Any]] = {
    "asked": [ASKED],
    "offered": [ASKED, ("calendar_find_slots", OFFERED)],
    "searched": [ASKED, ("calendar_find_slots", WIDE)],
    "wished": ["אפשר שוודי שעה מחר ב-12?", ("calendar_find_slots", OFFERED)],
    "booked": [REQUEST, *BOOKED],
    "promised": [REQUEST, BOOKED[0], ("calendar_create_appointment", VISIT | PROMISE)],
    "taken back": [
        *[REQUEST, BOOKED[0], ("calendar_create_appointment", VISIT | PROMISE)],
        *["תבטלי את זה", ("calendar_cancel_appointment", VISIT)],
    ],
    "full": ["יש שוודי שעה מחר ב-12?", ("calendar_find_slots", FULL)],
    "moved": [REQUEST, *BOOKED, "לא, סליחה, בשש", ("calendar_reschedule_appointment", VISIT | {"time": "18:00"})],
    "cancelled": [REQUEST, *BOOKED, "תבטלי את זה", ("calendar_cancel_appointment", VISIT)],
    "message": ["תגידו למאיה שאאחר", ("take_message", {"ok": True, "has_phone": True})],
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
        else:
            tool, result = entry
            talk.begin_step(turn, f"c{turn}", tool, "{}").output = json.dumps(result)
    return evidence_of(talk.entries, facts, SUNDAY)
