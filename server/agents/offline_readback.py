"""How a booking or a change that was made is read back: weekday, date and hour, and what is asked next. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from server.agents.dialogue import Visit
from server.agents.offline_questions import ASK_PHONE, MORE
from server.agents.saying import at_hour, fit, full_day, length, slot_of, treatment
from server.agents.scene import Say, Scene


def _next_question(scene: Scene, visit: Visit) -> str:
    if scene.d.asks_second:
        return "על איזה שם התור השני?"
    if scene.d.asks_second_time:
        return "ומתי התור השני?"
    if scene.d.is_phone_to_repeat:
        return "לא קלטתי את המספר, אפשר לומר אותו שוב?"
    return ASK_PHONE if visit.needs_phone and scene.d.phone_asked_count == 0 else MORE


def booked(scene: Scene, visit: Visit) -> Say:
    """The read-back of a booking, and what is asked next."""
    service = scene.service(visit.service)
    what = treatment(visit.service, visit.minutes, service.lengths if service else ())
    when = f"ב{full_day(visit.date)}, {at_hour(visit.time)}"
    note = ", עם ההערה שלכם" if scene.d.has_note else ""
    whom = f", על שם {visit.name}{note}" if visit.name else ""
    staff = f", אצל {visit.staff}" if scene.d.asked_staff == visit.staff else ""
    question = _next_question(scene, visit)
    return Say(
        fit(
            f"קבעתי לכם {what} {when}{staff}{whom}. {question}",
            f"קבעתי לכם {what} {when}{whom}. {question}",
            f"קבעתי לכם {visit.service} {when}{whom}. {question}",
            f"קבעתי לכם {when}{whom}. {question}",
            f"קבעתי לכם {when}. {question}",
        )
    )


def stands_already(visit: Visit) -> Say:
    """The same appointment asked for twice is one appointment."""
    return Say(f"התור הזה כבר רשום אצלי, ב{full_day(visit.date)}, {at_hour(visit.time)}. {MORE}")


def booked_both(scene: Scene, visits: Sequence[Visit]) -> Say:
    """The read-back of several appointments made in one turn."""
    last, question = visits[-1], _next_question(scene, visits[-1])
    names = " ו".join(f"על שם {visit.name}" for visit in visits)
    if len({(visit.date, visit.time) for visit in visits}) == 1:
        when = f"ב{full_day(last.date)}, {at_hour(last.time)}"
        return Say(
            fit(
                f"קבעתי לכם {_count(visits)} {when}, {names}. {question}",
                f"קבעתי לכם {_count(visits)} {when}. {question}",
            )
        )
    if len({visit.name for visit in visits}) == 1:
        what = " ו".join(f"{visit.service} {slot_of(visit.date, at_hour(visit.time), scene.today)}" for visit in visits)
        hours = f"{visits[0].service} {_slot(visits[0], scene)} ו{visits[1].service} {at_hour(visits[1].time)}"
        is_one_day = len(visits) == 2 and visits[0].date == last.date
        return Say(fit(f"קבעתי לכם {hours if is_one_day else what}. {question}", f"קבעתי לכם {what}."))
    told = " ו".join(f"ל{visit.name} {slot_of(visit.date, at_hour(visit.time), scene.today)}" for visit in visits)
    return Say(fit(f"קבעתי {told}. {question}", f"קבעתי {told}.", f"קבעתי לכם {_count(visits)}. {question}"))


def _slot(visit: Visit, scene: Scene) -> str:
    return slot_of(visit.date, at_hour(visit.time), scene.today)


def _count(visits: Sequence[Visit]) -> str:
    return {2: "שני תורים", 3: "שלושה תורים"}.get(len(visits), "כמה תורים")


def booked_and(visit: Visit, other: str | None, rest: str) -> Say:
    """A booking in short, before what stands in the way of the one for `other`."""
    rest = rest.replace("השעה הזאת כבר", f"ל{other} השעה הזאת כבר", 1) if other else rest
    short = f"קבעתי ל{visit.name} ב{full_day(visit.date)}, {at_hour(visit.time)}."
    return Say(fit(f"{short} {rest}", f"{short} התור השני עוד פתוח, מתי נוח לכם?"))


def moved(scene: Scene, visit: Visit, given: dict[str, Any]) -> Say:
    """The read-back of a change; `given` are the arguments that asked for it."""
    when = f"{full_day(visit.date)}, {at_hour(visit.time)}"
    if given.get("service") is not None:
        service = scene.service(visit.service)
        what = treatment(visit.service, visit.minutes, service.lengths if service else ())
        return Say(fit(f"שיניתי את התור ל{what}, ב{when}. {MORE}"))
    if given.get("minutes") is not None:
        return Say(f"שיניתי את התור ל{length(visit.minutes)}, ב{when}. {MORE}")
    if given.get("staff") is not None:
        return Say(fit(f"שיניתי את התור, אצל {visit.staff}, ב{when}. {MORE}"))
    return Say(f"העברתי את התור ל{when}. {MORE}")
