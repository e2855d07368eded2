"""What is known to be true in a call: what the caller said, what tools answered, what the business is. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from server.agents.confirmation import is_promised
from server.agents.dialogue import Visit
from server.agents.looks import Free, Look, looks_of, refused_moments
from server.agents.memory import Entry, Line, Reply, Step
from server.calendar.models import BusinessFacts
from server.hebrew.models import Daypart, Understanding

RANGE_LIMIT_DAYS = 92

Moment = tuple[dt.date, dt.time]


@dataclass(frozen=True, slots=True)
class Said:
    """What the caller named, in the whole call or in the last line.

    `names` in order, `words` as they stand in the lines, `digits` of every line.
    """

    days: frozenset[dt.date]
    times: frozenset[dt.time]
    parts: frozenset[Daypart]
    services: frozenset[str]
    lengths: frozenset[int]
    staff: frozenset[str]
    names: tuple[str, ...]
    words: frozenset[str]
    digits: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """`done` are tools that answered ok in the call, `done_now` those since the last reply, `tried` all that answered.

    `live` and `cancelled` are appointments that the tools told of, `former` how live ones stood before; `free` what
    tools named as free, `refused` moments that could not be booked; `has_new_look`: the diary was looked into since it
    was last changed. `service` and `minutes` are what the talk is about by now. `written` holds "name" and "phone"
    where a tool wrote one down, "new name" and "new phone" where it changed one; `messages` the words of messages.
    `is_notice_coming`: a text message about an appointment is to go out. `days`, `times` and `words` are all that were
    said or told.
    """

    facts: BusinessFacts
    today: dt.date
    done: frozenset[str]
    done_now: frozenset[str]
    tried: frozenset[str]
    live: tuple[Visit, ...]
    cancelled: tuple[Visit, ...]
    former: tuple[Visit, ...]
    free: tuple[Free, ...]
    looks: tuple[Look, ...]
    has_new_look: bool
    refused: frozenset[Moment]
    said: Said
    said_now: Said
    service: str | None
    minutes: int | None
    written: frozenset[str]
    messages: frozenset[str]
    is_notice_coming: bool
    days: frozenset[dt.date]
    times: frozenset[dt.time]
    words: frozenset[str]


def evidence_of(entries: Iterable[Entry], facts: BusinessFacts, today: dt.date) -> Evidence:
    """Gather what a reply may rest on."""
    listed = list(entries)
    lines = [entry for entry in listed if isinstance(entry, Line)]
    steps = [entry for entry in listed if isinstance(entry, Step) and entry.output is not None]
    ok = [step for step in steps if step.result().get("ok")]
    live, cancelled, former = _visits(steps)
    looks = looks_of(listed, facts, today)
    service, minutes = _topic(listed)
    refused = refused_moments(steps)
    free = tuple(_still_free(looks, live, refused))
    said = _said(lines, today)
    visits = (*live, *cancelled, *former)
    return Evidence(
        facts=facts,
        today=today,
        done=frozenset(step.name for step in ok),
        done_now=frozenset(step.name for step in _since_last_line(listed) if step.result().get("ok")),
        tried=frozenset(step.name for step in steps),
        live=live,
        cancelled=cancelled,
        former=former,
        free=free,
        looks=looks,
        has_new_look=_has_new_look(steps),
        refused=refused,
        said=said,
        said_now=_said(lines[-1:], today),
        service=service,
        minutes=minutes,
        written=_written(ok),
        messages=frozenset(word for step in ok for word in _words(str(step.given().get("text") or ""))),
        is_notice_coming=_is_notice_coming(steps),
        days=said.days | {each.date for each in free} | {visit.date for visit in visits} | {today},
        times=said.times | {each.time for each in free} | {visit.time for visit in visits},
        words=said.words | {word for visit in visits for word in visit.name.split()},
    )


def _has_new_look(steps: list[Step]) -> bool:
    for step in reversed(steps):
        if step.is_write and step.result().get("ok"):
            return False
        if step.result().get("slots") or step.result().get("alternatives"):
            return True
    return False


def _since_last_line(entries: list[Entry]) -> list[Step]:
    steps: list[Step] = []
    for entry in reversed(entries):
        if isinstance(entry, Line | Reply):
            break
        steps.append(entry)
    return [step for step in steps if step.output is not None]


def _still_free(looks: Iterable[Look], live: tuple[Visit, ...], refused: frozenset[Moment]) -> Iterator[Free]:
    """What tools named as free, without what was booked or refused since."""
    booked = {(visit.date, visit.time, visit.staff) for visit in live}
    for look in looks:
        for free in look.free:
            staff = tuple(name for name in free.staff if (free.date, free.time, name) not in booked)
            if staff and (free.date, free.time) not in refused:
                yield Free(free.date, free.time, staff, free.service, free.minutes)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def _said(lines: list[Line], today: dt.date) -> Said:
    understood = [line.understanding for line in lines]
    return Said(
        days=frozenset(day for u in understood for day in days_of(u, today)),
        times=frozenset(time for u in understood for time in times_of(u)),
        parts=frozenset(u.daypart for u in understood if u.daypart is not None),
        services=frozenset(u.service for u in understood if u.service is not None),
        lengths=frozenset(u.duration_min for u in understood if u.duration_min is not None),
        staff=frozenset(u.staff for u in understood if u.staff is not None),
        names=tuple(u.name for u in understood if u.name is not None),
        words=frozenset(word for line in lines for word in _words(line.text)),
        digits=" ".join(re.sub(r"\D", "", line.text) for line in lines),
    )


def _visits(steps: list[Step]) -> tuple[tuple[Visit, ...], tuple[Visit, ...], tuple[Visit, ...]]:
    """Appointments as last told of: those that stand, those that were cancelled, and how the first stood before."""
    told: dict[int, Visit] = {}
    former: list[Visit] = []
    gone: set[int] = set()
    for step in steps:
        result = step.result()
        own = [result] if result.get("ok") and "appointment" in result else []
        for each in [*own, *(result.get("appointments") or ())]:
            visit = Visit.of(each)
            before = told.get(visit.number)
            if before is not None and before != visit:
                former.append(before)
            told[visit.number] = visit
            is_cancel = step.name == "calendar_cancel_appointment"
            gone = gone | {visit.number} if is_cancel else gone - {visit.number}
    live = tuple(visit for visit in told.values() if visit.number not in gone)
    return live, tuple(visit for visit in told.values() if visit.number in gone), tuple(former)


def _is_notice_coming(steps: list[Step]) -> bool:
    """What was done last to an appointment decides: a cancellation may take back what a booking promised."""
    written = [step.result() for step in steps if step.is_write]
    latest = {result["appointment"]: is_promised(result) for result in written if "appointment" in result}
    return any(latest.values())


def _topic(entries: list[Entry]) -> tuple[str | None, int | None]:
    """The service and the length that the talk has come to: the caller's, a look's, or an appointment's."""
    service: str | None = None
    minutes: int | None = None
    for entry in entries:
        if isinstance(entry, Line):
            named, length = entry.understanding.service, entry.understanding.duration_min
        elif isinstance(entry, Step) and entry.output is not None:
            told = _sole_visit(entry.result()) or entry.given()
            named, length = told.get("service"), told.get("minutes")
        else:
            continue
        if named is not None and named != service:
            service, minutes = str(named), None
        if isinstance(length, int):
            minutes = length
    return service, minutes


def _sole_visit(result: dict[str, Any]) -> dict[str, Any]:
    """The one appointment that a tool told of."""
    listed = result.get("appointments") or []
    if "appointment" in result:
        return result
    return listed[0] if len(listed) == 1 else {}


def _written(ok: list[Step]) -> frozenset[str]:
    """Whether a name or a phone of the caller was written down by a tool."""
    found: set[str] = set()
    for step in ok:
        given = step.given()
        if given.get("phone") or given.get("customer_phone") or step.result().get("has_phone"):
            found.add("phone")
        is_booking = step.name == "calendar_create_appointment"
        if is_booking or given.get("name") or given.get("customer_name"):
            found.add("name")
        if step.name == "calendar_set_contact":
            found |= {f"new {each}" for each in ("name", "phone") if given.get(each)}
    return frozenset(found)


def days_of(u: Understanding, today: dt.date) -> Iterable[dt.date]:
    """Every day that a line names or spans."""
    yield from (day for day in (u.date, u.date_from, u.date_to) if day is not None)
    yield from (dt.date.fromisoformat(text) for text in u.readings if len(text) == 10 and text[4] == "-")
    if u.date_from is not None and u.date_to is not None:
        for i in range(min((u.date_to - u.date_from).days, RANGE_LIMIT_DAYS) + 1):
            yield u.date_from + dt.timedelta(days=i)
    if u.prefer is not None:
        yield from (today + dt.timedelta(days=i) for i in range(15))


def times_of(u: Understanding) -> Iterable[dt.time]:
    """Every hour that a line names."""
    yield from (time for time in (u.time, u.time_from, u.time_to) if time is not None)
    yield from (dt.time.fromisoformat(text) for text in u.readings if len(text) == 5 and text[2] == ":")
