"""How the offline brain moves, cancels and lists appointments. Pure.

What was made in this call is one's own and is changed at once. An earlier appointment is found by the caller's number
and name, named aloud, and changed only after a yes.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace

from server.agents.dialogue import Visit, meant, offer_of
from server.agents.offline_offers import instead, present, refused
from server.agents.offline_questions import ASK_MESSAGE, ASK_WHEN, MORE, OFFER_MESSAGE
from server.agents.offline_search import free_in, search
from server.agents.offline_when import missing_when
from server.agents.questions import Question
from server.agents.saying import at_hour, fit, full_day, slot_of, visit_told
from server.agents.scene import Act, Decision, Say, Scene
from server.agents.wish import Wish
from server.hebrew.models import Answer, Offer, Understanding

ASK_WHOSE = "על איזה שם התור?"
NOTHING_FOUND = f"לא מצאתי תור על המספר שממנו התקשרתם. {OFFER_MESSAGE}"


def nothing_found(scene: Scene) -> Say:
    if scene.d.is_withheld:
        return Say(f"המספר שלכם חסוי, ולכן התורים שלכם לא מופיעים אצלי. {ASK_MESSAGE}")
    return Say(NOTHING_FOUND)


def _ask_whose(scene: Scene) -> Say:
    if scene.d.answered is not Question.NAME:
        return Say(ASK_WHOSE)
    if scene.d.understanding.answer is Answer.NO:
        return Say(f"בסדר. {MORE}")
    return Say("כדי למצוא את התור צריך שם. על איזה שם הוא רשום?")


def find_target(scene: Scene) -> Visit | Decision:
    """The appointment that is meant, or the next step towards knowing it."""
    d = scene.d
    if d.target is not None:
        return d.target
    if d.own is None:
        if not d.wish.name:
            return _ask_whose(scene)
        return Act("calendar_list_my_appointments", {"customer_name": d.wish.name})
    if not d.own:
        return nothing_found(scene)
    described = meant(d.own, d.hint or Understanding(""), is_answer=False)
    return described or Say(which(scene, d.own))


def which(scene: Scene, own: Sequence[Visit]) -> str:
    told = [slot_of(v.date, at_hour(v.time), scene.today) for v in own]
    return fit(f"יש לכם תור {told[0]}, ותור {told[1]}. איזה מהם?", "איזה תור, הראשון או השני?")


_ONE_OF_THEM = re.compile(r"(?<![א-ת])(?:רק|אחד|אחת|אבל|[הבל]?(?:ראשון|ראשונה|שני|שנייה|אחרון|אחרונה))(?![א-ת])")


def _cancel_all(scene: Scene, own: Sequence[Visit]) -> Decision:
    """One question for all of them, then one after the other."""
    is_agreed = _says_yes(scene, Question.CANCEL_CHECK)
    if is_agreed and _ONE_OF_THEM.search(scene.d.understanding.text):
        return Say(which(scene, own))
    if not is_agreed and any(not visit.is_of_call for visit in own):
        if scene.d.answered is Question.CANCEL_CHECK and scene.d.understanding.answer is Answer.NO:
            return Say(f"בסדר, התורים נשארים. {MORE}")
        told = " ו".join(f"ב{full_day(visit.date)}, {at_hour(visit.time)}" for visit in own)
        return Say(fit(f"לבטל את שני התורים, {told}?", f"לבטל את התורים, {told}?"))
    return Act("calendar_cancel_appointment", {"appointment": own[0].number, "reason": None})


def cancel(scene: Scene) -> Decision:
    """Cancel the appointment that is meant, or all of them, after a yes where they are earlier ones."""
    own = scene.d.own or scene.d.made
    if scene.d.cancels_all and (len(own) == 2 or (own and _is_under_way(scene))):
        return _cancel_all(scene, own)
    target = find_target(scene)
    if not isinstance(target, Visit):
        return target
    if not target.is_of_call and not _says_yes(scene, Question.CANCEL_CHECK):
        if scene.d.answered is Question.CANCEL_CHECK and scene.d.understanding.answer is Answer.NO:
            return Say(f"בסדר, התור נשאר. {MORE}")
        return Say(f"לבטל את התור ל{target.service} ב{full_day(target.date)}, {at_hour(target.time)}?")
    return Act("calendar_cancel_appointment", {"appointment": target.number, "reason": None})


def _is_under_way(scene: Scene) -> bool:
    return any(step.name == "calendar_cancel_appointment" for step in scene.d.news)


def _says_yes(scene: Scene, question: Question) -> bool:
    return scene.d.answered is question and scene.d.understanding.answer is Answer.YES


def move(scene: Scene) -> Decision:
    """Move the appointment that is meant to what was wished, filling in its own day or hour."""
    target = find_target(scene)
    if not isinstance(target, Visit):
        return target
    wish = moved_wish(on_same_weekday(scene, target), target)
    if wish is None and scene.d.answered is Question.MOVE_CHECK:
        return Say("בסדר. לאיזה יום ושעה תרצו במקום?")
    if wish is None:
        return Say(ASK_WHEN if target.is_of_call else _ask_new_slot(scene, target))
    inner = Scene(replace(scene.d, wish=wish), scene.facts, scene.now)
    missing = missing_when(inner)
    if missing is not None:
        return missing
    if wish.time is None or wish.is_range:
        return offer_within(inner, wish)
    if target.is_of_call or is_agreed(scene, wish):
        return move_to(target, wish)
    return _propose(inner, wish, target)


def on_same_weekday(scene: Scene, target: Visit) -> Wish:
    """ "The same day next week" is the day of the span that has the appointment's weekday."""
    wish = scene.d.wish
    if not scene.d.keeps_weekday or wish.date is None or wish.date_to is None:
        return wish
    day = wish.date + dt.timedelta(days=(target.date - wish.date).days % 7)
    return replace(wish, date=day, date_to=None) if day <= wish.date_to else wish


def _ask_new_slot(scene: Scene, target: Visit) -> str:
    when = slot_of(target.date, at_hour(target.time), scene.today)
    return f"מצאתי את התור {when}. לאיזה יום ושעה להעביר?"


def moved_wish(wish: Wish, target: Visit) -> Wish | None:
    """The wish made whole by the appointment that moves; None when nothing new was wished."""
    is_changed = wish.has_day or wish.has_hour or wish.minutes not in (None, target.minutes) or wish.staff is not None
    if not is_changed:
        return None
    whole = replace(wish, service=target.service, minutes=wish.minutes or target.minutes)
    if not whole.has_day:
        whole = replace(whole, date=target.date)
    whole = whole if whole.has_hour else replace(whole, time=target.time)
    is_same_slot = (whole.date, whole.time) == (target.date, target.time) and not whole.is_range
    # A day that is the appointment's own tells which one is meant, not where it goes.
    return None if is_same_slot and whole.minutes == target.minutes and wish.staff is None else whole


def offer_within(scene: Scene, wish: Wish) -> Decision:
    """What is free within a wish that leaves the hour open."""
    result = search(scene, wish)
    if isinstance(result, Act):
        return result
    if not result.get("ok"):
        return refused(scene, result)
    return present(scene, wish, free_in(result, wish), result)


def is_agreed(scene: Scene, wish: Wish) -> bool:
    """Whether the caller has just taken the very slot that was named to them."""
    d, slot = scene.d, Offer(wish.date or scene.today, wish.time or dt.time())
    if d.answered is Question.MOVE_CHECK and d.understanding.answer is Answer.YES:
        return not d.understanding.holds_when or slot in d.offers_before
    return d.answered is Question.OFFER and slot in d.offers_before


def _propose(scene: Scene, wish: Wish, target: Visit) -> Decision:
    result = search(scene, wish)
    if isinstance(result, Act):
        return result
    assert wish.date is not None
    assert wish.time is not None
    slot = Offer(wish.date, wish.time)
    free = [offer_of(told) for told in result.get("slots") or ()]
    if slot in free or _overlaps(target, slot):
        return Say(f"להעביר את התור ל{full_day(slot.date)}, {at_hour(slot.time)}?")
    return instead(scene, wish, result)


def _overlaps(target: Visit, slot: Offer) -> bool:
    """Whether the appointment itself may be what fills the wished slot."""
    gap = dt.datetime.combine(slot.date, slot.time) - dt.datetime.combine(target.date, target.time)
    return abs(gap) < dt.timedelta(minutes=target.minutes)


def move_to(target: Visit, wish: Wish, **other: str | None) -> Act:
    """Move the appointment to the slot of the wish; `other` are further arguments of the tool."""
    assert wish.date is not None
    assert wish.time is not None
    return Act(
        "calendar_reschedule_appointment",
        {
            "appointment": target.number,
            "date_iso": wish.date.isoformat(),
            "time": f"{wish.time:%H:%M}",
            "minutes": wish.minutes if wish.minutes != target.minutes else None,
            "staff": wish.staff,
            **other,
        },
    )


def list_own(scene: Scene) -> Decision:
    d = scene.d
    if not d.wish.name and not d.made:
        return _ask_whose(scene)
    return Act("calendar_list_my_appointments", {"customer_name": d.wish.name})


def _price(scene: Scene, visit: Visit) -> str:
    """What an appointment costs, where that was asked."""
    service = scene.service(visit.service)
    prices = [option.price for option in service.lengths if option.minutes == visit.minutes] if service else []
    return f", במחיר {prices[0]} שקלים" if prices and scene.d.wants_own_price else ""


def listed(scene: Scene) -> Say:
    own = scene.d.own or []
    if not own:
        return nothing_found(scene)
    first = own[0]
    if len(own) == 1:
        return Say(fit(f"{visit_told(first)}{_price(scene, first)}. {MORE}"))
    told = [f"ב{full_day(v.date)}, {at_hour(v.time)}" for v in own]
    return Say(fit(f"יש לכם תור {told[0]}, ותור {told[1]}. {MORE}", f"התור הקרוב שלכם {told[0]}. {MORE}"))
