"""How the offline brain asks the calendar for what a caller wishes, and finds the answer again. Pure."""

from __future__ import annotations

import datetime as dt
from typing import Any

from server.agents.dialogue import Dialogue, offer_of
from server.agents.memory import Step
from server.agents.questions import Question
from server.agents.scene import Act, Scene
from server.agents.wish import Wish, allows
from server.hebrew.models import Offer

LOOK_AHEAD_DAYS = 14
"""How far "the earliest you have" looks."""


def search(scene: Scene, wish: Wish) -> Act | dict[str, Any]:
    """The calendar's answer to the wish, or the call that asks for it."""
    query = _arguments(scene, wish)
    step = _answered(scene.d, query)
    return Act("calendar_find_slots", query) if step is None else step.result()


def free_in(result: dict[str, Any], wish: Wish) -> list[Offer]:
    """What an answer names as free, without what the caller ruled out; for several people as many must be free."""
    told = [slot for slot in result.get("slots") or () if fits_people(wish, slot)]
    return [slot for slot in map(offer_of, told) if allows(wish, slot.date, slot.time)]


def fits_people(wish: Wish, slot: dict[str, Any]) -> bool:
    """Whether enough of those who are free then are wanted."""
    return len([name for name in slot["staff"] if name not in wish.refused_staff]) >= wish.people


def who_takes(wish: Wish, result: dict[str, Any], slot: Offer) -> str | None:
    """With whom to book: the one asked for, or where somebody is refused the first of the others; else anybody."""
    if wish.staff is not None or not wish.refused_staff:
        return wish.staff
    told = [each for each in result.get("slots") or () if offer_of(each) == slot]
    free = [name for each in told for name in each["staff"] if name not in wish.refused_staff]
    return free[0] if free else None


def _arguments(scene: Scene, wish: Wish) -> dict[str, Any]:
    first = wish.date or scene.today
    last = wish.date_to or (wish.date or scene.today + dt.timedelta(days=LOOK_AHEAD_DAYS))
    start, end = (wish.time, wish.time) if wish.time is not None else (wish.time_from, _last_start(wish))
    return {
        "service": wish.service,
        "minutes": wish.minutes,
        "date_iso": first.isoformat(),
        "date_to_iso": last.isoformat() if last != first else None,
        "time_from": f"{start:%H:%M}" if start else None,
        "time_to": f"{end:%H:%M}" if end else None,
        "staff": wish.staff,
    }


def _last_start(wish: Wish) -> dt.time | None:
    """The hour before which the treatment must begin; "until seven" means that it is over by then."""
    if wish.time_to is None or not wish.is_end_limit:
        return wish.time_to
    begin = dt.datetime.combine(dt.date(2000, 1, 2), wish.time_to) - dt.timedelta(minutes=(wish.minutes or 0) - 1)
    return begin.time()


def _answered(d: Dialogue, query: dict[str, Any]) -> Step | None:
    """The answer to this very query, if it was asked since the last change of the calendar by this call."""
    last = max((i for i, step in enumerate(d.news) if step.is_write and step.result().get("ok")), default=-1)
    steps = [step for step in d.news[last + 1 :] if step.name == "calendar_find_slots" and step.given() == query]
    if steps:
        return steps[-1]
    is_known = d.last_search is not None and d.last_search.given() == query and d.answered is Question.NAME
    return d.last_search if is_known else None
