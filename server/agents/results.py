"""Answers of the tools as JSON values: slots, appointments and refusals, in the business's wall time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from server.agents.confirmation import PROMISE
from server.agents.context import Session
from server.agents.memory import WEEKDAYS
from server.agents.safety import Result, failure
from server.calendar.models import Appointment, Found, Refusal, Slot

STARTS_LIMIT = 40
"""Starts that an answer lists; of more, each day keeps some spread over it."""

DAY_STARTS_LIMIT = 10


def found(session: Session, result: Found) -> Result:
    every = starts(result.slots, session.call.facts.business.zone)
    slots = thinned(every)
    answer: Result = {"ok": True, "slots": slots}
    if len(slots) < len(every):
        answer["more"] = True  # what is not listed may be free all the same
    if not slots:
        answer["reason"] = result.reason or "fully_booked"
        answer["alternatives"] = starts(result.alternatives, session.call.facts.business.zone)
    return answer


def refusal(session: Session, refused: Refusal) -> Result:
    nearest = starts(refused.alternatives, session.call.facts.business.zone)
    return failure(refused.code, refused.message, **({"alternatives": nearest} if nearest else {}))


def appointment(session: Session, made: Appointment) -> Result:
    """An appointment as tools tell of it; `appointment` is its number in this call."""
    when = made.starts_at.astimezone(session.call.facts.business.zone)
    promise = PROMISE if made.has_notice else {}
    return {
        "appointment": session.number_of(made),
        "service": made.service,
        "minutes": made.minutes,
        **moment(when),
        "staff": made.staff,
        "customer_name": made.customer_name,
        "needs_phone": made.needs_phone,
        "is_of_call": made.id in session.made,
        **promise,
    }


def moment(when: dt.datetime) -> dict[str, Any]:
    """Day, weekday and hour of a local moment."""
    weekday = WEEKDAYS[(when.weekday() + 1) % 7]
    return {"date_iso": when.date().isoformat(), "weekday": weekday, "time": f"{when:%H:%M}"}


def starts(slots: Sequence[Slot], zone: ZoneInfo) -> list[dict[str, Any]]:
    """One entry a start, with everybody who is free then."""
    told: list[dict[str, Any]] = []
    for starts_at, same in groupby(slots, key=lambda slot: slot.starts_at):
        told.append({**moment(starts_at.astimezone(zone)), "staff": [slot.staff for slot in same]})
    return told


def thinned(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """At most `STARTS_LIMIT` starts; on the hour and the half hour is kept before the rest."""
    if len(told) <= STARTS_LIMIT:
        return told
    kept: list[dict[str, Any]] = []
    for _, same in groupby(told, key=lambda start: start["date_iso"]):
        day = list(same)
        round_starts = [start for start in day if start["time"].endswith(":00")]
        kept += spread(round_starts if len(round_starts) > 2 else day)
    return kept[:STARTS_LIMIT]


def spread(day: Sequence[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    if len(day) <= DAY_STARTS_LIMIT:
        return day
    step = (len(day) - 1) / (DAY_STARTS_LIMIT - 1)
    return [day[round(i * step)] for i in range(DAY_STARTS_LIMIT)]  # both ends of the day stay
