"""Where a conversation stands, read from its entries alone: goal, wish, offers, what was done and what is new.

Pure. Nothing is carried from turn to turn but the conversation itself, so the offline brain can take over anywhere.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from server.agents.memory import Entry, Line, Reply, Step
from server.agents.people import named_also, named_two
from server.agents.questions import HOLDING, NUDGE, Question, offers_in, question_in
from server.agents.wish import Wish, merge
from server.hebrew.gazetteer import FIRST_NAMES
from server.hebrew.models import Answer, Intent, Offer, Understanding


class Goal(StrEnum):
    BOOK = "book"
    MOVE = "move"
    CANCEL = "cancel"
    LIST = "list"
    MESSAGE = "message"


UNKNOWN = frozenset({Intent.PARKING, Intent.PAYMENT})
"""Questions to which the business has given no answer."""

INFO = frozenset({Intent.PRICE, Intent.OPENING_HOURS, Intent.ADDRESS, Intent.SERVICES, Intent.STAFF, Intent.LENGTH})
"""Questions about the business; they set no goal."""


@dataclass(frozen=True, slots=True)
class Visit:
    """An appointment as a tool told of it; `number` is what tools call it in this call."""

    number: int
    service: str
    minutes: int
    date: dt.date
    time: dt.time
    staff: str
    name: str
    needs_phone: bool = False
    is_of_call: bool = True

    @classmethod
    def of(cls, told: dict[str, Any], *, is_of_call: bool = True) -> Visit:
        return cls(
            number=int(told["appointment"]),
            service=str(told["service"]),
            minutes=int(told["minutes"]),
            date=dt.date.fromisoformat(told["date_iso"]),
            time=dt.time.fromisoformat(told["time"]),
            staff=str(told["staff"]),
            name=str(told.get("customer_name") or ""),
            needs_phone=bool(told.get("needs_phone")),
            is_of_call=is_of_call,
        )


@dataclass(slots=True)
class Dialogue:
    """The state after all entries. `news` are the tool calls since the last reply, `line` the caller's last words."""

    goal: Goal | None = None
    wish: Wish = field(default_factory=Wish)
    question: Question | None = None
    offers: tuple[Offer, ...] = ()
    slots: tuple[Offer, ...] = ()  # all that the tools named since the last booking, newest first
    made: list[Visit] = field(default_factory=list)  # live appointments of this call, oldest first
    own: list[Visit] | None = None  # the caller's earlier ones, once listed
    target: Visit | None = None  # the one to be moved or cancelled
    replacement: Visit | None = None  # the one that gives way to another treatment
    last_done: Visit | None = None
    untold: Visit | None = None  # one whose read-back was cut before its hour was heard
    last_search: Step | None = None
    news: list[Step] = field(default_factory=list)
    asked_staff: str | None = None  # whom the caller asked for in the last booking
    substance: str = ""  # the last reply that was about the matter
    same_count: int = 0  # replies in a row that ended with the same question
    puzzled_count: int = 0  # replies in a row that said they did not understand
    unclear_phone_count: int = 0
    phone_asked_count: int = 0
    failure_count: int = 0  # tool calls in a row that the calendar did not answer
    has_helped: bool = False
    is_message_open: bool = False  # a message was left, but no number to call back
    is_withheld: bool = False  # the caller's number, so that earlier appointments cannot be found
    # Of the last line:
    line: Line | None = None
    line_goal: Goal | None = None
    answered: Question | None = None  # the question that it answers
    offers_before: tuple[Offer, ...] = ()
    has_progress: bool = False  # it added something to the wish or changed the goal
    is_dropped: bool = False  # it gave up an appointment in the making
    hint: Understanding | None = None  # how it described the appointment to be cancelled
    info: frozenset[Intent] = frozenset()  # the questions about the business that it asks, or asks on
    is_kept: bool = False  # it leaves an appointment as it is
    # Two people at the same time:
    is_couple: bool = False
    asks_second: bool = False  # the first of two has just been booked
    second_name: str | None = None  # of two people named at once, the one who is booked after the first
    is_second_due: bool = False  # the first of them has just been booked

    @property
    def understanding(self) -> Understanding:
        return self.line.understanding if self.line is not None else Understanding("")

    @property
    def is_phone_to_repeat(self) -> bool:
        """Whether a number was dictated that is none, and has not been asked again yet."""
        return self.unclear_phone_count > 0 and self.wish.phone is None and self.phone_asked_count == 0


PUZZLED = ("לא הבנתי", "לא קלטתי")
"""How a reply says that it did not understand; also how such replies are counted."""

FAILURES = ("unavailable", "interrupted")
"""Codes of tools that did not get an answer from the calendar."""


def read(entries: Iterable[Entry], today: dt.date) -> Dialogue:
    """Fold the entries of a conversation into where it stands."""
    d = Dialogue()
    for entry in entries:
        if isinstance(entry, Line):
            _read_line(d, entry)
        elif isinstance(entry, Step):
            _read_step(d, entry)
        else:
            _read_reply(d, entry, today)
    return d


def _read_reply(d: Dialogue, reply: Reply, today: dt.date) -> None:
    text = reply.text
    offers = offers_in(text, d.slots, today)
    question = question_in(text, bool(offers))
    is_puzzled = any(sign in text for sign in PUZZLED)
    d.news = []
    d.asks_second = d.is_second_due = False
    d.puzzled_count = d.puzzled_count + 1 if is_puzzled else 0
    d.phone_asked_count += question is Question.PHONE
    d.untold = d.last_done if reply.is_cut and not _told_hour(d.last_done, reply) else None
    if text not in (HOLDING, NUDGE):
        d.substance = text
    if question is None:
        return
    d.same_count = d.same_count + 1 if question is d.question else 1
    d.question = question
    if question is Question.MORE:  # what was to be done is done, or given up
        d.goal = None
    if offers or not is_puzzled:
        d.offers = offers if question in (Question.OFFER, Question.MOVE_CHECK, Question.DATE_CHECK) else ()


def _told_hour(visit: Visit | None, reply: Reply) -> bool:
    """Whether the caller has heard the hour of the appointment that this reply was to tell of."""
    hour = f"{visit.time.hour}:{visit.time.minute:02}" if visit is not None else ""
    return hour not in reply.text or hour in (reply.heard or "")


def _read_line(d: Dialogue, line: Line) -> None:
    u = _with_person(line.understanding, d)
    goal, wish, target = d.goal, d.wish, d.target
    d.line, d.answered, d.offers_before = line, d.question, d.offers
    d.news = [step for step in d.news if step.is_write and step.result().get("ok")]  # done, and not told yet
    d.unclear_phone_count += u.is_phone_unclear
    d.info = _info(d, u)
    d.is_couple = d.is_couple or bool(_COUPLE.search(u.text))
    d.is_kept = d.goal in (Goal.MOVE, Goal.CANCEL) and bool(_KEEP.search(u.text))
    if d.is_kept:
        d.goal, d.wish = None, Wish(name=wish.name, phone=wish.phone)
        return
    d.goal = _goal(d, u)
    d.is_dropped = d.goal is Goal.CANCEL and goal is Goal.BOOK and not d.made
    if d.is_dropped:
        d.goal, d.wish = None, Wish(name=wish.name, phone=wish.phone)
        return
    if d.goal is not goal:
        _begin(d, u)
    _take_in(d, u)
    d.line_goal = d.goal
    d.has_progress = (goal, wish, target) != (d.goal, d.wish, d.target)


def _with_person(u: Understanding, d: Dialogue) -> Understanding:
    """After a booking "and for Ronit too" asks for a further one, under that name."""
    also = named_also(u.text)
    if also is None or d.last_done is None or d.last_done not in d.made:
        return u
    return replace(u, name=also, is_for_another=True)


_COUPLE = re.compile(
    r"(?<![א-ת])(?:ל?זוג|זוגי|לשנינו|לשתינו|לשניים|לשתיים|שני תורים|אחד לי ואחד|אחת לי ואחת|"
    r"לי ול(?:בעלי|אשתי|חבר|חברה|בן|בת|אמא|אבא|אחות))"
)
_TOO = re.compile(r"(?<![א-ת])גם ל(?!י(?![א-ת]))[א-ת]{2,}")
_KEEP = re.compile(r"(?<![א-ת])(?:תשאיר|להשאיר|נשאיר|שיישאר|תשכח|נשכח|עזב)")


def _info(d: Dialogue, u: Understanding) -> frozenset[Intent]:
    """Questions about the business; "ולתשעים דקות?" asks on about what was asked before."""
    asked = u.intents & INFO
    is_other_matter = bool(u.intents - INFO) or u.answer is not None or u.time is not None
    goes_on = d.question in (Question.BOOK, Question.MORE, Question.SERVICE) and re.match(r"ו[א-ת]|אז ", u.text)
    return asked if asked or is_other_matter or not goes_on else d.info


def new_name(u: Understanding) -> str | None:
    """The name that a line gives; after "the name is" also one that somebody of the team bears."""
    return u.name or (u.staff if re.search(r"(?<![א-ת])[בהל]?שם(?![א-ת])", u.text) else None)


def _begin(d: Dialogue, u: Understanding) -> None:
    """Another matter than before."""
    if d.goal in (Goal.MOVE, Goal.CANCEL):
        _begin_change(d, u)
    elif d.goal is Goal.BOOK and d.last_done is not None and d.last_done in d.made:
        _begin_further(d, u, d.last_done)


def _begin_change(d: Dialogue, u: Understanding) -> None:
    """Another appointment is spoken of: what was wished before does not belong to it."""
    d.wish = Wish(name=d.wish.name, phone=d.wish.phone)
    d.hint = u if d.goal is Goal.CANCEL else None
    is_other = d.goal is Goal.CANCEL and d.last_done is not None and u.date not in (None, d.last_done.date)
    d.target = d.last_done if d.last_done in d.made and not is_other else None


def _begin_further(d: Dialogue, u: Understanding, last: Visit) -> None:
    """A further appointment in the same call: like the last one in what was said to be the same, or in its place."""
    if u.is_correction and u.service is not None:
        d.replacement = last
        d.wish = replace(Wish(name=last.name, phone=d.wish.phone).at(last.date, last.time), minutes=None)
    elif u.is_for_another or u.is_same_time or u.is_same_day or d.question is Question.NAME:
        is_same_person = not u.is_for_another and d.question is not Question.NAME and not _TOO.search(u.text)
        name = last.name if is_same_person else None
        wish = Wish(service=last.service, minutes=last.minutes, name=name, phone=d.wish.phone, date=last.date)
        d.wish = wish if u.is_same_day and not u.is_same_time else wish.at(last.date, last.time)


def _take_in(d: Dialogue, u: Understanding) -> None:
    """Add what the line says to the wish, as far as it belongs there."""
    if d.question is Question.WHICH and d.own:
        d.target = meant(d.own, u, is_answer=True)
    elif d.target is not None and _is_shift_of_target(d, u):
        d.wish = d.wish.shifted(u, d.target.date, d.target.time)
    elif d.goal in (Goal.BOOK, Goal.MOVE):
        d.wish = merge(d.wish, u, d.question, d.offers)
        _take_two(d, u)
        if u.is_same_time and d.last_done is not None and d.wish.time is None:
            d.wish = d.wish.at(d.wish.date or d.last_done.date, d.last_done.time)
    elif d.goal is None:  # talk about prices keeps service and length for later; the day of opening hours is no wish
        wish = replace(merge(d.wish, u, d.question, ()), staff=None)
        d.wish = wish if Intent.PRICE in u.intents and Intent.OPENING_HOURS not in u.intents else wish.cleared_when()
    elif d.goal is not Goal.MESSAGE:
        d.wish = replace(d.wish, name=u.name or d.wish.name, phone=u.phone or d.wish.phone)
    if d.answered is Question.MOVE_CHECK and u.answer is Answer.NO and not u.holds_when:
        d.wish = d.wish.cleared_when()


def _take_two(d: Dialogue, u: Understanding) -> None:
    """Two people at once: an appointment for each, and where there is no second name it is asked for."""
    is_further = d.last_done is not None and d.last_done in d.made
    two, also = named_two(u.text), None if is_further else named_also(u.text)
    first, both, second = (d.wish.name or "").partition(" ו")
    if two is not None:
        first, second = two
    elif also is not None:
        first, second = (first if first != also else ""), also
    elif not both or not (d.is_couple or second in FIRST_NAMES):
        return
    d.wish = replace(d.wish, name=first or None)
    d.is_couple, d.second_name = True, second if second in FIRST_NAMES else None


def _is_shift_of_target(d: Dialogue, u: Understanding) -> bool:
    """Whether "an hour later" is said of the appointment that is to be moved."""
    return d.goal is Goal.MOVE and d.target is not None and u.shift is not None and not d.offers and u.time is None


def meant(own: Sequence[Visit], u: Understanding, *, is_answer: bool) -> Visit | None:
    """Which of several appointments a line describes; `is_answer` when it was asked which."""
    if len(own) == 1:
        return own[0]
    if is_answer and u.choice is not None and -len(own) <= u.choice < len(own):
        return own[u.choice]
    if u.date is None and u.time is None and u.service is None:
        return None
    said = [v for v in own if u.date in (None, v.date) and u.time in (None, v.time) and u.service in (None, v.service)]
    return said[0] if len(said) == 1 else None


def _goal(d: Dialogue, u: Understanding) -> Goal | None:
    if d.question is Question.MESSAGE and u.text and u.answer is not Answer.NO:
        is_clear = d.goal is Goal.BOOK and u.holds_when
        return d.goal if is_clear else Goal.MESSAGE
    named = _named_goal(u)
    if named is not None:
        return named
    if d.question is Question.BOOK and u.answer is not None:
        return Goal.BOOK if u.answer is Answer.YES and Intent.THANKS not in u.intents else None
    if d.question is Question.MESSAGE_CHECK and u.answer is Answer.YES:
        return Goal.MESSAGE
    if d.question is Question.MESSAGE:
        return None
    return d.goal if d.goal is not None else _goal_from_nothing(d, u)


def _named_goal(u: Understanding) -> Goal | None:
    for intent, goal in _GOALS:
        if intent in u.intents:
            return goal
    return Goal.BOOK if u.is_for_another else None


_GOALS = (
    (Intent.CANCEL, Goal.CANCEL),
    (Intent.RESCHEDULE, Goal.MOVE),
    (Intent.MESSAGE, Goal.MESSAGE),
    (Intent.BOOK, Goal.BOOK),
    (Intent.LIST, Goal.LIST),
    (Intent.AVAILABILITY, Goal.BOOK),
)


def _goal_from_nothing(d: Dialogue, u: Understanding) -> Goal | None:
    wants_info = bool(d.info)
    if d.question is Question.NAME and d.last_done in d.made and u.name:
        return Goal.BOOK  # the second of two
    is_of_visit = u.holds_when or u.duration_min is not None or (u.staff is not None and new_name(u) is None)
    is_after_booking = d.last_done is not None and d.last_done in d.made and not wants_info
    if is_after_booking and u.service is None and (is_of_visit or u.shift is not None):
        return Goal.MOVE
    is_wish = (is_of_visit and (not wants_info or u.time is not None)) or (u.service is not None and not wants_info)
    return Goal.BOOK if is_wish else None


def _read_step(d: Dialogue, step: Step) -> None:
    d.news.append(step)
    if step.output is None:
        return
    result = step.result()
    d.slots = (*_slots(result), *d.slots)[:400]
    d.failure_count = d.failure_count + 1 if result.get("error") in FAILURES else 0
    if step.name == "calendar_find_slots":
        d.last_search = step
    if result.get("ok") and step.name in _READERS:
        d.asked_staff = step.given().get("staff")
        _READERS[step.name](d, result)


def _slots(result: dict[str, Any]) -> tuple[Offer, ...]:
    told = [*(result.get("slots") or ()), *(result.get("alternatives") or ())]
    return tuple(offer_of(slot) for slot in told)


def offer_of(slot: dict[str, Any]) -> Offer:
    """A slot of a tool's answer."""
    return Offer(dt.date.fromisoformat(slot["date_iso"]), dt.time.fromisoformat(slot["time"]))


def _created(d: Dialogue, result: dict[str, Any]) -> None:
    visit = Visit.of(result)
    if visit.number not in [v.number for v in d.made]:
        d.made.append(visit)
    second, d.second_name = d.second_name, None
    d.asks_second, d.is_couple, d.is_second_due = d.is_couple and second is None, False, second is not None
    _done(d, visit)
    if second is not None:
        d.goal = Goal.BOOK
        d.wish = Wish(service=visit.service, minutes=visit.minutes, name=second, phone=d.wish.phone)
        d.wish = d.wish.at(visit.date, visit.time)


def _moved(d: Dialogue, result: dict[str, Any]) -> None:
    visit = Visit.of(result)
    d.made = [visit if v.number == visit.number else v for v in d.made]
    if visit.number not in [v.number for v in d.made]:
        d.made.append(visit)  # what was moved in this call is one's own
    if d.own is not None:
        d.own = [visit if v.number == visit.number else v for v in d.own]
    _done(d, visit)


def _cancelled(d: Dialogue, result: dict[str, Any]) -> None:
    number = int(result["appointment"])
    d.made = [v for v in d.made if v.number != number]
    d.own = [v for v in d.own if v.number != number] if d.own is not None else None
    if d.replacement is None:
        _done(d, d.made[-1] if d.made else None)


def _done(d: Dialogue, visit: Visit | None) -> None:
    d.last_done, d.replacement, d.last_search = visit, None, None
    d.goal, d.target, d.offers, d.slots = None, None, (), ()
    d.wish = Wish(name=d.wish.name, phone=d.wish.phone)
    d.has_helped = True


def _contact(d: Dialogue, result: dict[str, Any]) -> None:
    visit = Visit.of(result)
    d.made = [visit if v.number == visit.number else v for v in d.made]
    d.last_done = visit


def _listed(d: Dialogue, result: dict[str, Any]) -> None:
    d.own = [Visit.of(told, is_of_call=bool(told.get("is_of_call"))) for told in result.get("appointments") or ()]
    d.is_withheld = bool(result.get("number_withheld"))
    d.has_helped = True


def _message_taken(d: Dialogue, result: dict[str, Any]) -> None:
    d.goal = None
    d.is_message_open = not result.get("has_phone")
    d.has_helped = True


_READERS = {
    "calendar_create_appointment": _created,
    "calendar_reschedule_appointment": _moved,
    "calendar_cancel_appointment": _cancelled,
    "calendar_set_contact": _contact,
    "calendar_list_my_appointments": _listed,
    "take_message": _message_taken,
}
