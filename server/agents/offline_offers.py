"""How the offline brain offers free times, and says why the wished one is not to be had. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from server.agents.dialogue import FAILURES, offer_of
from server.agents.offline_questions import ASK_OTHER_TIME, ASK_WHEN
from server.agents.offline_search import fits_people
from server.agents.offline_when import DAYPART_WORDS
from server.agents.saying import fit, offer, on_day, weekday
from server.agents.scene import Say, Scene
from server.agents.wish import DAYPARTS, Wish, allows
from server.hebrew.models import Offer, Prefer

RULED_OUT = "ruled_out"
"""There are free times, and the caller wants none of them."""

TOO_MANY = "too_many"
"""There is room, but not for so many at once."""


def present(scene: Scene, wish: Wish, slots: Sequence[Offer], result: dict[str, Any]) -> Say:
    """Offer what fits; when nothing does, say why and offer the nearest."""
    if not slots:
        return instead(scene, wish, result)
    chosen, today = _chosen(wish, slots), scene.today
    question = _which(len(chosen))
    whose = f"אצל {wish.staff} " if wish.staff else ""
    return Say(fit(f"{whose}{offer(chosen, today)}. {question}", f"{whose}{offer(chosen[:2], today)}. {question}"))


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


def offer_ends(scene: Scene, slots: Sequence[Offer]) -> Say:
    """The first and the last free time of a day, after an hour outside of it."""
    ends = [slots[0], slots[-1]] if len(slots) > 1 else slots
    return Say(f"בשעה הזאת אנחנו סגורים. {offer(ends, scene.today)}. {_which(len(ends))}")


def again(scene: Scene, opening: str) -> Say:
    """The offers on the table once more, after a word that chose none of them."""
    offers = scene.d.offers_before
    return Say(fit(f"{opening}. {offer(offers, scene.today)}. {_which(len(offers))}", f"{opening}. מה נוח לכם?"))


def _which(count: int) -> str:
    return "מתאים לכם?" if count == 1 else "מה נוח לכם?"


def refused(scene: Scene, result: dict[str, Any]) -> Say:
    """A tool said no: offer what it offers, else one short question."""
    code = str(result.get("error") or "")
    free = _nearest(scene.d.wish, result)
    if free:
        return _alternatives(scene, scene.d.wish, free, code)
    if code in _REASONS:
        return _alternatives(scene, scene.d.wish, (), code)
    return trouble(scene, code)


def trouble(scene: Scene, code: str) -> Say:
    """What is said when a tool failed: one brief question and then another try, the second time a message."""
    if code not in FAILURES:  # the calendar did answer, only not to our liking
        return Say(f"סליחה, משהו לא הסתדר לי. {ASK_WHEN}")
    if scene.d.failure_count > 1:
        return Say("היומן לא עונה לי כרגע, ועדיף שיחזרו אליכם. מה למסור להם?")
    return Say("סליחה, היומן לא ענה לי. אפשר לחזור על היום והשעה?")


def instead(scene: Scene, wish: Wish, result: dict[str, Any]) -> Say:
    """An answer without what was wished: why, and the nearest that it names."""
    reason = str(result.get("reason") or result.get("error") or "")
    is_ruled_out = not reason and bool(result.get("slots"))  # there is room, only not as the caller likes it
    return _alternatives(scene, wish, _nearest(wish, result), RULED_OUT if is_ruled_out else reason)


def instead_of_hour(scene: Scene, wish: Wish, free: Sequence[Offer]) -> Say:
    """What is free beside an hour at which not enough of those wanted are."""
    reason = RULED_OUT if wish.people == 1 else TOO_MANY
    return _alternatives(scene, wish, free, reason)


def _nearest(wish: Wish, result: dict[str, Any]) -> list[Offer]:
    """The alternatives of an answer that the wish allows: with whom was asked for, none of what was ruled out."""
    told = [slot for slot in result.get("alternatives") or () if wish.staff is None or wish.staff in slot["staff"]]
    told = [slot for slot in told if fits_people(wish, slot)]
    return [slot for slot in map(offer_of, told) if allows(wish, slot.date, slot.time)]


def _alternatives(scene: Scene, wish: Wish, free: Sequence[Offer], reason: str) -> Say:
    """Why not, said so that a lost "not" does no harm, and the nearest that is free."""
    why = _why(scene, wish, reason)
    if not free:
        return Say(f"{why} באיזה יום אחר נוח לכם?".strip() if reason != RULED_OUT else ASK_OTHER_TIME)
    some = _nearest_few(wish, _distinct(free))
    variants = [f"{why} {offer(some[:n], scene.today)}. {_which(n)}".strip() for n in range(len(some), 0, -1)]
    return Say(fit(*variants, f"{offer(some[:1], scene.today)}. {_which(1)}"))


def _nearest_few(wish: Wish, free: Sequence[Offer]) -> list[Offer]:
    """Two or three, the wished day first, then in order of time; of the wished day alone when it has two."""
    same_day = [slot for slot in free if slot.date == wish.date]
    few = same_day[:3] if len(same_day) > 1 else list({slot.date: slot for slot in reversed(free)}.values())[::-1][:3]
    return sorted(few, key=lambda slot: (slot.date != wish.date, slot.date, slot.time))


def _distinct(slots: Sequence[Offer]) -> list[Offer]:
    return list(dict.fromkeys(slots))


def _why(scene: Scene, wish: Wish, reason: str) -> str:
    if reason == "closed_day" and wish.date is not None:
        return f"{_short_day(scene, wish.date, 'ביום הזה')} אנחנו סגורים."
    if reason == "fully_booked" and wish.time is None:
        day = wish.date if not wish.is_range else None
        return f"{_short_day(scene, day, 'במועד הזה')} {_part_of_day(wish)}הכול כבר תפוס."
    whose = f"אצל {wish.staff} " if wish.staff else ""
    return _REASONS.get(reason, f"{whose}השעה הזאת כבר תפוסה.")


def _part_of_day(wish: Wish) -> str:
    """The hours that were asked for, so that "all is taken" is not said of the whole day."""
    if wish.time_from is None and wish.time_to is None:
        return ""
    named = next((part for part, span in DAYPARTS.items() if span == (wish.time_from, wish.time_to)), None)
    return f"{DAYPART_WORDS.get(named, 'בשעות האלה') if named else 'בשעות האלה'} "


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
    RULED_OUT: "",
    TOO_MANY: "לשניכם יחד יש שעות קרובות.",
}
