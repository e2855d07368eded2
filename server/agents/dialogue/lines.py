"""How a line of the caller changes where the conversation stands. Pure."""

from __future__ import annotations

import re
from dataclasses import replace

from server.agents.dialogue.company import note_company, people, take_two
from server.agents.dialogue.dictation import pieces_with
from server.agents.dialogue.exchange import begin_exchange, give_way, gives_up_exchange, take_two_treatments
from server.agents.dialogue.goals import goal_of, info_of
from server.agents.dialogue.replies import ASK_WHOM
from server.agents.dialogue.state import Dialogue, Goal
from server.agents.dialogue.visits import Visit, meant
from server.agents.manner import asks_how_we_are, only_asks
from server.agents.matter_signs import Matter
from server.agents.matters import ERRANDS, WISHED_BESIDES, WITH_A_BOOKING, matter_of
from server.agents.memory import Line
from server.agents.people import named_also
from server.agents.questions import Question
from server.agents.wish import Wish
from server.agents.wish_merge import merge
from server.hebrew.models import Answer, Intent, Understanding

_TOO = re.compile(r"(?<![א-ת])גם ל(?!י(?![א-ת]))[א-ת]{2,}")
_ALL = re.compile(r"(?<![א-ת])(?:את )?(?:שניהם|שתיהן|כולם|כל התורים|שני התורים)(?![א-ת])")
_KEEP = re.compile(r"(?<![א-ת])(?:(?:תשאיר|להשאיר|נשאיר|שיישאר)(?![^?]*הודעה)|תשכח|נשכח|עזב)")


def read_line(d: Dialogue, line: Line) -> None:
    """Goal and wish after the line. One that leaves things as they are, or gives up a booking, begins afresh."""
    u = _with_person(line.understanding, d)
    goal, wish, target = d.goal, d.wish, d.target
    u = _note(d, line, u)
    d.is_kept = (d.goal in (Goal.MOVE, Goal.CANCEL) and bool(_KEEP.search(u.text))) or gives_up_exchange(d, u)
    if d.is_kept:
        d.goal, d.wish, d.replacement = None, wish.person_alone(), None
        return
    d.goal = goal_of(d, u)
    d.is_dropped = d.goal is Goal.CANCEL and goal is Goal.BOOK and not d.made
    if d.is_dropped:
        d.goal, d.wish = None, wish.person_alone()
        return
    if d.goal is not goal:
        d.replacement, d.goal_text = None, u.text
        _begin(d, u)
    begin_exchange(d, u)
    d.cancels_all = d.goal is Goal.CANCEL and (d.cancels_all or bool(_ALL.search(u.text))) and u.choice is None
    d.keeps_weekday = d.goal is Goal.MOVE and (d.keeps_weekday or u.is_same_day)
    _take_in(d, u)
    d.wish = replace(d.wish, people=people(d))
    if d.goal is Goal.MOVE and d.target is None and u.shift is not None and u.time is None:
        d.pending_shift = u
    d.asked_day = u.date if Intent.OPENING_HOURS in u.intents and d.goal is None else None
    d.line_goal, d.is_new_goal = d.goal, d.goal is not goal
    if d.matter in WITH_A_BOOKING and d.goal is Goal.BOOK:
        d.remark = f"{d.remark} {u.text}".strip()
    d.has_progress = (goal, wish, target) != (d.goal, d.wish, d.target)


def _note(d: Dialogue, line: Line, u: Understanding) -> Understanding:
    """What a line answers and is about, before goal and wish; what is left of it for these."""
    d.line, d.answered, d.offers_before = line, d.question, d.offers
    d.news = [step for step in d.news if step.is_write and step.result().get("ok")]  # done, and not told yet
    is_dictating = d.question is Question.PHONE and u.phone is None and u.answer is None
    d.phone_pieces = pieces_with(d.phone_pieces, u.text) if is_dictating else ""
    d.unclear_phone_count += u.is_phone_unclear and not d.phone_pieces
    d.matter_before, d.wish_before = d.matter, d.wish
    d.matter = None if d.question is Question.MESSAGE else matter_of(u)
    if d.matter is Matter.RECAP:
        u = _asking_back(d, u)
    d.is_only_asking = (d.is_only_asking or only_asks(u.text)) and Intent.BOOK not in u.intents
    u = take_two_treatments(d, _own_price(d, _without_matter(u, d.matter)))
    d.info = info_of(d, u)
    note_company(d, u)
    return u


_OWN_VISIT = re.compile(r"(?<![א-ת])[בל]?ה?תור(?:ים)? (?:שלי|שלנו|שקבעתי|שקבענו)(?![א-ת])")


def _own_price(d: Dialogue, u: Understanding) -> Understanding:
    """What an earlier appointment costs is known once it is found."""
    is_known = d.last_done is not None or bool(d.own)
    if Intent.PRICE not in u.intents or is_known or not _OWN_VISIT.search(u.text):
        return u
    d.wants_own_price = True
    return replace(u, intents=u.intents - {Intent.PRICE, Intent.BOOK} | {Intent.LIST})


def _asking_back(d: Dialogue, u: Understanding) -> Understanding:
    """A question about an appointment that stands; one that is not known yet must be looked for."""
    is_known = d.last_standing is not None or bool(d.own)
    if d.goal in (None, Goal.LIST) and is_known:
        return u
    d.matter = None
    return replace(u, intents=u.intents - {Intent.BOOK} | {Intent.LIST}) if _OWN_VISIT.search(u.text) else u


_WISHES = frozenset({Intent.BOOK, Intent.AVAILABILITY, Intent.LIST, Intent.MESSAGE, Intent.CANCEL})


def _without_matter(u: Understanding, matter: Matter | None) -> Understanding:
    """What a line about another matter says of an appointment: nothing, but for what goes along with one."""
    if asks_how_we_are(u.text) and u.time is None and u.service is None:
        u = replace(u, date=None, ambiguous=frozenset())  # "how are you today?" names no day
    if matter is Matter.WHO_IS_BETTER:
        return replace(u, staff=None)
    if matter is None or matter in WITH_A_BOOKING or matter in WISHED_BESIDES:
        return u
    if matter in (Matter.DESCRIPTION, Matter.UNTOLD) and Intent.LIST not in u.intents:
        return u
    kept = Understanding(u.text, name=u.name, phone=u.phone, answer=u.answer, intents=u.intents - _WISHES)
    return kept if matter in ERRANDS else replace(kept, service=u.service)


def _with_person(u: Understanding, d: Dialogue) -> Understanding:
    """After a booking "and for Ronit too" asks for a further one, under that name; who is named when it was asked with
    whom to book is of the staff."""
    if ASK_WHOM in d.substance and u.name is not None and u.name in d.substance:
        return replace(u, name=None, staff=u.name)
    also = named_also(u.text)
    if also is None or d.last_standing is None:
        return u
    return replace(u, name=also, is_for_another=True)


def _begin(d: Dialogue, u: Understanding) -> None:
    """Another matter than before."""
    if d.goal in (Goal.MOVE, Goal.CANCEL):
        _begin_change(d, u)
    elif d.goal is Goal.BOOK and d.question is Question.BOOK and d.cancelled is not None:
        old = d.cancelled  # another time for the same treatment
        d.wish = Wish(service=old.service, minutes=old.minutes, name=old.name or d.wish.name, phone=d.wish.phone)
    elif d.goal is Goal.BOOK and d.last_standing is not None:
        _begin_further(d, u, d.last_standing)


def _begin_change(d: Dialogue, u: Understanding) -> None:
    """Another appointment is spoken of: what was wished before does not belong to it."""
    d.wish = d.wish.person_alone()
    d.hint = u if d.goal is Goal.CANCEL else None
    is_other = d.goal is Goal.CANCEL and d.last_done is not None and u.date not in (None, d.last_done.date)
    d.target = d.last_standing if not is_other else None


def _begin_further(d: Dialogue, u: Understanding, last: Visit) -> None:
    """A further appointment in the same call: like the last one in what was said to be the same, or in its place."""
    if u.is_correction and u.service is not None:
        give_way(d, last, u.service)
    elif d.question is Question.WHEN:  # the second of two appointments
        d.wish = Wish(service=last.service, minutes=last.minutes, name=last.name, phone=d.wish.phone)
    elif u.is_for_another or u.is_same_time or u.is_same_day or d.question is Question.NAME:
        is_same_person = not u.is_for_another and d.question is not Question.NAME and not _TOO.search(u.text)
        name = last.name if is_same_person else None
        wish = Wish(service=last.service, minutes=last.minutes, name=name, phone=d.wish.phone, date=last.date)
        d.wish = wish if u.is_same_day and not u.is_same_time else wish.at(last.date, last.time)


def _take_in(d: Dialogue, u: Understanding) -> None:
    """Add what the line says to the wish, as far as it belongs there."""
    if d.question is Question.WHICH and d.own:
        d.target = meant(d.own, u, is_answer=True)
        begin_exchange(d, u)
    elif d.goal is Goal.CANCEL and d.own and u.choice is not None:
        d.target = meant(d.own, u, is_answer=True)
    elif d.target is not None and _is_shift_of_target(d, u):
        d.wish = d.wish.shifted(u, d.target.date, d.target.time)
    elif d.goal in (Goal.BOOK, Goal.MOVE):
        _take_in_appointment(d, u)
    else:
        d.wish = _kept_for_later(d, u)
    if d.answered is Question.MOVE_CHECK and u.answer is Answer.NO and not u.holds_when:
        d.wish = d.wish.cleared_when()


def _take_in_appointment(d: Dialogue, u: Understanding) -> None:
    d.wish = merge(d.wish, u, d.question, d.offers)
    take_two(d, u)
    if d.asked_day is not None and d.wish.has_hour and not d.wish.has_day:
        d.wish = replace(d.wish, date=d.asked_day)  # "are you open tomorrow?", "then ten o'clock"
    if u.is_same_time and d.last_done is not None and d.wish.time is None:
        d.wish = d.wish.at(d.wish.date or d.last_done.date, d.last_done.time)


def _kept_for_later(d: Dialogue, u: Understanding) -> Wish:
    """The wish after a line that is after no appointment: who speaks, or what a talk about prices has settled."""
    if d.goal is Goal.MESSAGE:
        return d.wish
    if d.goal is not None:
        return replace(d.wish, name=u.name or d.wish.name, phone=u.phone or d.wish.phone)
    wish = replace(merge(d.wish, u, d.question, ()), staff=None)
    is_of_visit = Intent.PRICE in u.intents and Intent.OPENING_HOURS not in u.intents
    return wish if is_of_visit else wish.cleared_when()  # the day of opening hours is no wish


def _is_shift_of_target(d: Dialogue, u: Understanding) -> bool:
    """Whether "an hour later" is said of the appointment that is to be moved."""
    return d.goal is Goal.MOVE and d.target is not None and u.shift is not None and not d.offers and u.time is None
