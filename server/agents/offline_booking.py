"""How the offline brain books: fill what is missing, look into the calendar, book what is free exactly as asked.

Pure.
"""

from __future__ import annotations

from dataclasses import replace

from server.agents.dialogue.company import AT_MOST
from server.agents.offline_offers import again, instead_of_hour, offer_ends, present, refused
from server.agents.offline_questions import ASK_NAME, ask_length, ask_service
from server.agents.offline_search import free_in, search, who_takes
from server.agents.offline_when import ask_day_again, missing_when, open_readings
from server.agents.questions import Question
from server.agents.saying import (
    at_hour,
    fit,
    full_day,
    joined,
    minutes_of,
    on_day,
    on_weekday,
    opening,
    slot_of,
    weekday,
)
from server.agents.scene import Act, Decision, Say, Scene
from server.agents.wish import Wish
from server.calendar.models import Service
from server.hebrew.models import Offer, Prefer


def book(scene: Scene) -> Decision:
    """The next step towards an appointment: one question, a look into the calendar, or the booking."""
    wish = scene.d.wish
    if wish.is_day_vague:
        return ask_day_again(scene)
    service = scene.service(wish.service)
    closed = _is_closed(scene)
    if closed is not None and (service is None or chosen_minutes(wish, service) is None):
        return closed
    if service is None:
        return Say(_ask_service(scene))
    if wish.is_service_doubtful and scene.d.answered is not Question.SERVICE:
        return Say(f"איזה טיפול תרצו, {service.name}?")
    able = len([person for person in scene.facts.staff if person.id in service.staff_ids])
    if 0 < able < wish.people:
        return Say(f"באותה שעה אנחנו מטפלים {_IN_SO_MANY.get(able, 'בשלושה')} {AT_MOST}. {_book_for(able)}")
    minutes = chosen_minutes(wish, service)
    if minutes is None:
        return Say(_ask_minutes(scene, service))
    missing = missing_when(scene)
    return missing or _look(scene, replace(wish, minutes=minutes), service)


_FOR_SO_MANY = {1: "לאחד", 2: "לזוג"}
_IN_SO_MANY = {1: "באדם אחד", 2: "בזוג"}


def _book_for(count: int) -> str:
    return f"לקבוע {_FOR_SO_MANY.get(count, 'לשלושה')}?"


def _is_closed(scene: Scene) -> Say | None:
    """That the day just named is no working day, told before anything else is asked about it."""
    wish, u = scene.d.wish, scene.d.understanding
    is_sure = wish.date is not None and wish.date_readings is None and not wish.is_range
    if not is_sure or wish.date is None or not u.holds_when or scene.facts.hours.on(wish.date):
        return None
    is_always = not scene.facts.hours.weekly[weekday(wish.date)]
    day = on_weekday(weekday(wish.date)) if is_always else on_day(wish.date, scene.today)
    return Say(f"{day} אנחנו סגורים. באיזה יום אחר נוח לכם?")


def _ask_service(scene: Scene) -> str:
    """Which treatment; asked again it takes up what the caller has said instead."""
    if scene.d.answered is not Question.SERVICE:
        hint = _hours_hint(scene)
        return f"{hint}איזה טיפול תרצו?" if hint else _which_treatment(scene)
    wish, u = scene.d.wish, scene.d.understanding
    if not (scene.d.has_progress and u.holds_when) or wish.date is None or wish.is_range:
        return ask_service(scene)
    hour = f", {at_hour(wish.time)}" if wish.time is not None else ""
    return fit(f"מעולה, {on_day(wish.date, scene.today)}{hour}, ואיזה טיפול תרצו?", "ואיזה טיפול תרצו?")


def _which_treatment(scene: Scene) -> str:
    """The question, with the day that was just named, so that a day misheard is put right at once."""
    wish = scene.d.wish
    is_sure = wish.date is not None and wish.date_readings is None and not wish.is_range
    if not is_sure or wish.date is None or not scene.d.understanding.holds_when or not scene.facts.hours.on(wish.date):
        return "איזה טיפול תרצו?"
    return f"איזה טיפול תרצו {on_day(wish.date, scene.today)}?"


def _hours_hint(scene: Scene) -> str:
    """The opening hours of the day, when the hour just named lies outside of them."""
    wish = scene.d.wish
    intervals = scene.facts.hours.on(wish.date) if wish.date is not None and not wish.is_range else ()
    if not intervals or not scene.d.understanding.holds_when or wish.date is None or wish.time_readings is not None:
        return ""
    start, end = wish.time or wish.time_from, wish.time or wish.time_to
    is_outside = (start is not None and start >= intervals[-1][1]) or (end is not None and end <= intervals[0][0])
    return f"{on_day(wish.date, scene.today)} אנחנו פתוחים {opening(intervals)}. " if is_outside else ""


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
    return fit(f"{_hours_hint(scene)}{ask_length(scene)}", ask_length(scene))


def _look(scene: Scene, wish: Wish, service: Service) -> Decision:
    able = [person.name for person in scene.facts.staff if person.id in service.staff_ids]
    if wish.staff is not None and able and wish.staff not in able:
        return Say(f"ל{service.name} יש לנו את {joined(able, ' ו')}. לקבוע אצל {able[0]}?")
    is_outside = wish.time_readings is not None and not open_readings(scene)
    if is_outside:  # "at eight", and the shop opens at nine and closes at eight: both ends of the day are near
        wish = wish.cleared_hour()
    elif wish.time_readings is not None:
        wish = replace(wish, time=open_readings(scene)[0], time_readings=None)
    if _has_only_named_itself(scene):
        return again(scene, f"תודה, {wish.name}")
    result = search(scene, wish)
    if isinstance(result, Act):
        return result
    if not result.get("ok"):
        return refused(scene, result)
    slots = free_in(result, wish)
    if is_outside and slots:
        return offer_ends(scene, slots)
    if slots and (wish.is_delegated or (wish.time is not None and not wish.is_range)):
        slot = slots[-1 if wish.prefer is Prefer.LATEST else 0]
        return _take(scene, replace(wish, staff=who_takes(wish, result, slot)), slot, service)
    if not slots and wish.time is not None and result.get("slots"):
        return _beside(scene, wish)
    return present(scene, wish, slots, result)


def _beside(scene: Scene, wish: Wish) -> Decision:
    """The hour is free, but not for so many people or not with whom they like: the nearest hours of that day."""
    assert wish.time is not None
    result = search(scene, wish.cleared_hour())
    if isinstance(result, Act):
        return result
    wanted = wish.time
    nearest = sorted(free_in(result, wish), key=lambda slot: abs(minutes_of(slot.time) - minutes_of(wanted)))
    return instead_of_hour(scene, wish, sorted(nearest[:2], key=lambda slot: slot.time))


def _has_only_named_itself(scene: Scene) -> bool:
    """Whether the line gave a name and nothing else, while offers are on the table."""
    d, u = scene.d, scene.d.understanding
    is_silent = not u.holds_when and u.choice is None and u.answer is None and u.shift is None and not u.excluded
    says_only = is_silent and u.service is None and u.duration_min is None
    return d.answered is Question.OFFER and len(d.offers_before) > 0 and bool(u.name) and says_only


def _take(scene: Scene, wish: Wish, slot: Offer, service: Service) -> Decision:
    """The slot is free exactly as asked."""
    if wish.date_readings is not None:
        return Say(f"הכוונה ל{full_day(slot.date)}, {at_hour(slot.time)}?")
    if not wish.name:
        if slot in scene.d.offers_before and wish.staff is None:
            return Say(f"מצוין, {slot_of(slot.date, at_hour(slot.time), scene.today)}. {ASK_NAME}")
        when = f"ב{full_day(slot.date)}, {at_hour(slot.time)}"
        return Say(fit(f"{when}, אצל {wish.staff}, פנוי. {ASK_NAME}" if wish.staff else f"{when} פנוי. {ASK_NAME}"))
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
            "notes": scene.d.remark or None,
        },
    )
