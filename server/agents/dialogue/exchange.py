"""Another treatment in place of an appointment that stands, and a second treatment right after the first. Pure."""

from __future__ import annotations

import re
from dataclasses import replace

from server.agents.dialogue.state import Dialogue, Goal
from server.agents.dialogue.visits import Visit
from server.agents.questions import Question
from server.agents.wish import Wish
from server.hebrew.models import Answer, Understanding

_EDGE = r"(?<![א-ת])"
_OTHER_TREATMENT = re.compile(
    _EDGE
    + r"(?:להחליף|תחליפ[א-ת]*|לשנות|תשנ[א-ת]*|מחליפ[א-ת]*) (?:את |ל)?(?:ה?טיפול|ה?סוג|סוג ה?טיפול)(?![א-ת])|"
    + _EDGE
    + r"[בל]?(?:טיפול|עיסוי) אחר(?![א-ת])"
)
_AFTER_IT = re.compile(_EDGE + r"ו?(?:מיד )?(?:אחרי זה|אחר ?כך|אחריו|אחריה|לאחר מכן|בהמשך)(?![א-ת])|" + _EDGE + r"ואז ")


def begin_exchange(d: Dialogue, u: Understanding) -> None:
    """A change that names another treatment than the appointment's own is no move: one gives way to the other."""
    base = d.last_standing or d.target or (d.own[0] if d.own and len(d.own) == 1 else None)
    if d.goal is not Goal.MOVE or d.replacement is not None:
        return
    service = u.service or d.wish.service
    d.wants_other = d.wants_other or bool(_OTHER_TREATMENT.search(u.text))
    if base is None or (service in (None, base.service) and not d.wants_other):
        return
    give_way(d, base, service if service != base.service else None)


def give_way(d: Dialogue, old: Visit, service: str | None) -> None:
    """`old` changes once it is known what comes in its place; by itself at the same day and hour."""
    wish = Wish(service=service, name=old.name, phone=d.wish.phone).at(old.date, old.time)
    if d.wish.has_day or d.wish.has_hour:
        wish = wish.at(d.wish.date or old.date, d.wish.time or old.time)
    d.goal, d.replacement, d.wish, d.wants_other = Goal.BOOK, old, wish, False


def gives_up_exchange(d: Dialogue, u: Understanding) -> bool:
    """Whether a line leaves the old appointment as it is."""
    return d.replacement is not None and d.question is Question.MOVE_CHECK and u.answer is Answer.NO


def take_two_treatments(d: Dialogue, u: Understanding) -> Understanding:
    """ "A massage, and a facial right after it": the second is remembered for when the first is booked."""
    others = [name for name in u.readings if "service" in u.ambiguous and name != u.service]
    if len(others) != 1 or not _AFTER_IT.search(u.text):
        return u
    d.next_service = others[0]
    return replace(u, ambiguous=u.ambiguous - {"service"}, readings=(), shift=None)


def begin_next_treatment(d: Dialogue, first: Visit) -> None:
    """The first of two treatments stands; the second begins when it ends."""
    if d.next_service is None:
        return
    wish = Wish(service=d.next_service, name=first.name, phone=d.wish.phone)
    d.goal, d.wish, d.is_second_due, d.next_service = Goal.BOOK, wish.at(first.date, first.end), True, None
