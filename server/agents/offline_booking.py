"""How the offline brain books: fill what is missing, look into the calendar, book what is free exactly as asked.

Pure.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from server.agents.dialogue import FAILURES, Dialogue, offer_of
from server.agents.memory import Step
from server.agents.offline_questions import (
    ASK_DAY,
    ASK_NAME,
    ASK_OTHER_TIME,
    ASK_WHEN,
    ask_length,
    ask_service,
)
from server.agents.questions import Question
from server.agents.saying import at_hour, fit, full_day, joined, offer, on_day, weekday
from server.agents.scene import Act, Decision, Say, Scene
from server.agents.wish import DAYPARTS, Wish, allows
from server.calendar.models import Service
from server.hebrew.models import Daypart, Offer, Prefer

LOOK_AHEAD_DAYS = 14
"""How far "the earliest you have" looks."""


def book(scene: Scene) -> Decision:
    """The next step towards an appointment: one question, a look into the calendar, or the booking."""
    wish = scene.d.wish
    if wish.is_day_vague:
        return _ask_day_again(scene)
    service = scene.service(wish.service)
    if service is None:
        return Say(_ask_service(scene))
    if wish.is_service_doubtful and scene.d.answered is not Question.SERVICE:
        return Say(f"איזה טיפול תרצו, {service.name}?")
    minutes = chosen_minutes(wish, service)
    if minutes is None:
        return Say(_ask_minutes(scene, service))
    missing = missing_when(scene)
    return missing or _look(scene, replace(wish, minutes=minutes), service)


def _ask_service(scene: Scene) -> str:
    """Which treatment; asked again it takes up what the caller has said instead."""
    if scene.d.answered is not Question.SERVICE:
        return "איזה טיפול תרצו?"
    wish, u = scene.d.wish, scene.d.understanding
    if not (scene.d.has_progress and u.holds_when) or wish.date is None or wish.is_range:
        return ask_service(scene)
    hour = f", {at_hour(wish.time)}" if wish.time is not None else ""
    return fit(f"מעולה, {on_day(wish.date, scene.today)}{hour}, ואיזה טיפול תרצו?", "ואיזה טיפול תרצו?")


def _ask_day_again(scene: Scene) -> Say:
    is_number = any(c.isdigit() for c in scene.d.understanding.text)
    return Say(f"אין תאריך כזה. {ASK_DAY}" if is_number else "לאיזה יום בדיוק?")


def chosen_minutes(wish: Wish, service: Service) -> int | None:
    """The length that is meant, or None when it must be asked."""
    offered = [option.minutes for option in service.lengths]
    if len(offered) == 1:
        return offered[0]
    return wish.minutes if wish.minutes in offered and not wish.is_minutes_doubtful else None


def _ask_minutes(scene: Scene, service: Service) -> str:
    wanted = scene.d.wish.minutes
    if wanted is not None and wanted not in [option.minutes for option in service.lengths]:
        return fit(f"{service.name} יש אצלנו באורכים אחרים. {ask_length(scene)}", ask_length(scene))
    return ask_length(scene)


def missing_when(scene: Scene) -> Say | None:
    """The question about day or hour that must come before the calendar is asked, if any."""
    wish = scene.d.wish
    if wish.has_declined:
        return Say(f"בסדר. {ASK_OTHER_TIME}")
    if wish.is_day_vague:
        return _ask_day_again(scene)
    if not wish.has_day and wish.prefer is None:
        return Say(ASK_DAY if wish.has_hour else ASK_WHEN)
    if wish.time_readings is not None and len(_open_readings(scene)) > 1:
        return Say(_which_daypart(_open_readings(scene)))
    is_checked = wish.date_readings is None or wish.time is not None  # with an hour the check names the free slot
    return None if is_checked or wish.date is None else Say(f"הכוונה ל{full_day(wish.date)}?")


def _open_readings(scene: Scene) -> list[dt.time]:
    """Readings of a doubtful hour in which the business works on that day, earliest first."""
    wish = scene.d.wish
    readings = sorted(time for time in (wish.time, *(wish.time_readings or ())) if time is not None)
    if wish.date is None:
        return readings
    intervals = scene.facts.hours.on(wish.date)
    return [time for time in readings if any(first <= time < last for first, last in intervals)]


_DAYPART_WORDS = {
    Daypart.MORNING: "בבוקר",
    Daypart.NOON: "בצהריים",
    Daypart.AFTERNOON: "אחר הצהריים",
    Daypart.EVENING: "בערב",
}


def _which_daypart(readings: Sequence[dt.time]) -> str:
    words = list(dict.fromkeys(_daypart_word(time) for time in readings))
    return f"נוח לכם {words[0]} או {words[1]}?" if len(words) > 1 else "נוח לכם בבוקר או בערב?"


def _daypart_word(time: dt.time) -> str:
    return next(
        (word for part, word in _DAYPART_WORDS.items() if DAYPARTS[part][0] <= time < DAYPARTS[part][1]), "בלילה"
    )


def _look(scene: Scene, wish: Wish, service: Service) -> Decision:
    able = [person.name for person in scene.facts.staff if person.id in service.staff_ids]
    if wish.staff is not None and able and wish.staff not in able:
        return Say(f"ל{service.name} יש לנו את {joined(able, ' ו')}. לקבוע אצל {able[0]}?")
    is_outside = wish.time_readings is not None and not _open_readings(scene)
    if is_outside:  # "at eight", and the shop opens at nine and closes at eight: both ends of the day are near
        wish = wish.cleared_hour()
    elif wish.time_readings is not None:
        wish = replace(wish, time=_open_readings(scene)[0], time_readings=None)
    if _has_only_named_itself(scene):
        return again(scene, f"תודה, {wish.name}")
    query = find_arguments(scene, wish)
    step = search_of(scene.d, query)
    if step is None:
        return Act("calendar_find_slots", query)
    result = step.result()
    if not result.get("ok"):
        return refused(scene, result)
    slots = [slot for slot in map(offer_of, result["slots"]) if allows(wish, slot.date, slot.time)]
    if is_outside and slots:
        both = [slots[0], slots[-1]] if len(slots) > 1 else slots
        return Say(f"בשעה הזאת אנחנו סגורים. {offer(both, scene.today)}. {_which(len(both))}")
    if slots and (wish.is_delegated or (wish.time is not None and not wish.is_range)):
        return _take(wish, slots[-1 if wish.prefer is Prefer.LATEST else 0], service)
    return present(scene, wish, slots, result)


def _has_only_named_itself(scene: Scene) -> bool:
    """Whether the line gave a name and nothing else, while offers are on the table."""
    d, u = scene.d, scene.d.understanding
    is_silent = not u.holds_when and u.choice is None and u.answer is None and u.shift is None and not u.excluded
    says_only = is_silent and u.service is None and u.duration_min is None
    return d.answered is Question.OFFER and len(d.offers_before) > 0 and bool(u.name) and says_only


def _take(wish: Wish, slot: Offer, service: Service) -> Decision:
    """The slot is free exactly as asked."""
    if wish.date_readings is not None:
        return Say(f"הכוונה ל{full_day(slot.date)}, {at_hour(slot.time)}?")
    if not wish.name:
        return Say(f"ב{full_day(slot.date)}, {at_hour(slot.time)} פנוי. {ASK_NAME}")
    return Act(
        "calendar_create_appointment",
        {
            "service": service.name,
            "minutes": wish.minutes,
            "date_iso": slot.date.isoformat(),
            "time": f"{slot.time:%H:%M}",
            "customer_name": wish.name,
            "customer_phone": wish.phone,
            "staff": wish.staff,
            "notes": None,
        },
    )


def find_arguments(scene: Scene, wish: Wish) -> dict[str, Any]:
    """The wish as arguments of `calendar_find_slots`."""
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


def search_of(d: Dialogue, query: dict[str, Any]) -> Step | None:
    """The answer to this very query, if it was asked since the last change of the calendar by this call."""
    last = max((i for i, step in enumerate(d.news) if step.is_write and step.result().get("ok")), default=-1)
    steps = [step for step in d.news[last + 1 :] if step.name == "calendar_find_slots" and step.given() == query]
    if steps:
        return steps[-1]
    is_known = d.last_search is not None and d.last_search.given() == query and d.answered is Question.NAME
    return d.last_search if is_known else None


def again(scene: Scene, opening: str) -> Say:
    """The offers on the table once more, after a word that chose none of them."""
    offers = scene.d.offers_before
    return Say(fit(f"{opening}. {offer(offers, scene.today)}. {_which(len(offers))}", f"{opening}. מה נוח לכם?"))


def present(scene: Scene, wish: Wish, slots: Sequence[Offer], result: dict[str, Any]) -> Say:
    """Offer what fits; when nothing does, say why and offer the nearest."""
    today = scene.today
    if slots:
        chosen = _chosen(wish, slots)
        question = "מתאים לכם?" if len(chosen) == 1 else "מה נוח לכם?"
        return Say(fit(f"{offer(chosen, today)}. {question}", f"{offer(chosen[:2], today)}. {question}"))
    return alternatives(scene, wish, nearest(wish, result), str(result.get("reason") or result.get("error") or ""))


def nearest(wish: Wish, result: dict[str, Any]) -> list[Offer]:
    """The alternatives of an answer that the wish allows: with whom was asked for, none of what was ruled out."""
    told = [slot for slot in result.get("alternatives") or () if wish.staff is None or wish.staff in slot["staff"]]
    return [slot for slot in map(offer_of, told) if allows(wish, slot.date, slot.time)]


def alternatives(scene: Scene, wish: Wish, free: Sequence[Offer], reason: str) -> Say:
    """Why not, said so that a lost "not" does no harm, and the nearest that is free."""
    why = _why(scene, wish, reason)
    if not free:
        return Say(f"{why} באיזה יום אחר נוח לכם?")
    some = _nearest_few(wish, _distinct(free))
    variants = [f"{why} {offer(some[:n], scene.today)}. {_which(n)}" for n in range(len(some), 0, -1)]
    return Say(fit(*variants, f"{offer(some[:1], scene.today)}. {_which(1)}"))


def _nearest_few(wish: Wish, free: Sequence[Offer]) -> list[Offer]:
    """Two or three in order of time; of the wished day alone when it has two."""
    same_day = [slot for slot in free if slot.date == wish.date]
    few = same_day[:3] if len(same_day) > 1 else list({slot.date: slot for slot in reversed(free)}.values())[::-1][:3]
    return sorted(few, key=lambda slot: (slot.date, slot.time))


def _which(count: int) -> str:
    return "מתאים לכם?" if count == 1 else "מה נוח לכם?"


def _why(scene: Scene, wish: Wish, reason: str) -> str:
    if reason == "closed_day" and wish.date is not None:
        return f"{_short_day(scene, wish.date, 'ביום הזה')} אנחנו סגורים."
    if reason == "fully_booked" and wish.time is None:
        day = wish.date if not wish.is_range else None
        return f"{_short_day(scene, day, 'במועד הזה')} הכול כבר תפוס."
    return _REASONS.get(reason, "השעה הזאת כבר תפוסה.")


def _short_day(scene: Scene, day: dt.date | None, otherwise: str) -> str:
    if day is None:
        return otherwise
    if (day - scene.today).days in (0, 1):
        return on_day(day, scene.today)
    return "בשבת" if weekday(day) == 6 else otherwise


_REASONS = {
    "closed_day": "ביום הזה אנחנו סגורים.",
    "outside_hours": "בשעה הזאת אנחנו סגורים.",
    "in_the_past": "המועד הזה כבר עבר.",
    "too_soon": "זה קצת קרוב מדי.",
    "too_far": "המועד הזה רחוק מדי.",
    "off_grid": "יש לנו שעות קרובות.",
}


def _distinct(slots: Sequence[Offer]) -> list[Offer]:
    return list(dict.fromkeys(slots))


def _chosen(wish: Wish, slots: Sequence[Offer]) -> list[Offer]:
    """Up to three of many: the preferred end, else spread over the first day, round hours first."""
    unique = _distinct(slots)
    if wish.prefer is not None:
        return [unique[0] if wish.prefer is Prefer.EARLIEST else unique[-1]]
    if wish.time is not None:
        return unique[:2]
    first = [slot for slot in unique if slot.date == unique[0].date]
    if wish.is_range or not wish.has_day:
        other = [slot for slot in unique if slot.date != unique[0].date]
        return [first[0], other[0]] if other else _spread(first)
    return _spread(first)


def _spread(slots: Sequence[Offer]) -> list[Offer]:
    round_hours = [slot for slot in slots if slot.time.minute == 0]
    pool = round_hours if len(round_hours) >= 3 else list(slots)
    if len(pool) <= 3:
        return pool
    return [pool[0], pool[len(pool) // 2], pool[-1]]


def refused(scene: Scene, result: dict[str, Any]) -> Say:
    """A tool said no: offer what it offers, else one short question."""
    code = str(result.get("error") or "")
    free = nearest(scene.d.wish, result)
    if free:
        return alternatives(scene, scene.d.wish, free, code)
    if code in _REASONS:
        return alternatives(scene, scene.d.wish, (), code)
    return trouble(scene, code)


def trouble(scene: Scene, code: str) -> Say:
    """What is said when a tool failed: one brief question and then another try, the second time a message."""
    if code not in FAILURES:  # the calendar did answer, only not to our liking
        return Say(f"סליחה, משהו לא הסתדר לי. {ASK_WHEN}")
    if scene.d.failure_count > 1:
        return Say("היומן לא עונה לי כרגע, ועדיף שיחזרו אליכם. מה למסור להם?")
    return Say("סליחה, היומן לא ענה לי. אפשר לחזור על היום והשעה?")
