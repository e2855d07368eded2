"""How an answer of a tool changes where the conversation stands. Pure."""

from __future__ import annotations

from typing import Any

from server.agents.dialogue.exchange import begin_exchange, begin_next_treatment
from server.agents.dialogue.state import Dialogue, Goal
from server.agents.dialogue.visits import Visit, offer_of
from server.agents.memory import Step
from server.agents.wish import Wish
from server.hebrew.models import Offer, Understanding

FAILURES = ("unavailable", "interrupted")
"""Codes of tools that did not get an answer from the calendar."""


def read_step(d: Dialogue, step: Step) -> None:
    """News, and what it changes: appointments made, moved or cancelled, the caller's own, the slots that are free."""
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


def _created(d: Dialogue, result: dict[str, Any]) -> None:
    visit = Visit.of(result)
    d.is_repeat, d.has_note = visit in d.made and not _is_new(d, visit), bool(d.remark)
    if visit.number not in [v.number for v in d.made]:
        d.made.append(visit)
    second, d.second_name = d.second_name, None
    d.asks_second, d.is_couple, d.is_second_due = d.is_couple and second is None, False, second is not None
    d.is_together, d.party = False, 0
    is_double, d.is_double = d.is_double and second is None, False
    _done(d, visit)
    d.asks_second_time = is_double and not d.asks_second
    begin_next_treatment(d, visit)
    if second is not None:
        d.goal = Goal.BOOK
        d.wish = Wish(service=visit.service, minutes=visit.minutes, name=second, phone=d.wish.phone)
        d.wish = d.wish.at(visit.date, visit.time)


def _is_new(d: Dialogue, visit: Visit) -> bool:
    """Whether the caller has not heard of it yet: it was made since the last reply."""
    made = [step.result() for step in d.news[:-1] if step.name == "calendar_create_appointment"]
    return any(result.get("ok") and result.get("appointment") == visit.number for result in made)


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
    d.cancelled = next((v for v in (*d.made, *(d.own or ())) if v.number == number), None)
    d.made = [v for v in d.made if v.number != number]
    d.own = [v for v in d.own if v.number != number] if d.own is not None else None
    _done(d, d.made[-1] if d.made else None)
    if d.cancels_all and (d.own or d.made):
        d.goal = Goal.CANCEL  # the next one


def _done(d: Dialogue, visit: Visit | None) -> None:
    d.last_done, d.replacement, d.last_search, d.remark = visit, None, None, ""
    d.goal, d.target, d.offers, d.slots = None, None, (), ()
    d.wish = d.wish.person_alone()
    d.has_helped = True


def _contact(d: Dialogue, result: dict[str, Any]) -> None:
    visit = Visit.of(result)
    d.made = [visit if v.number == visit.number else v for v in d.made]
    d.last_done = visit


def _listed(d: Dialogue, result: dict[str, Any]) -> None:
    d.own = [Visit.of(told, is_of_call=bool(told.get("is_of_call"))) for told in result.get("appointments") or ()]
    d.is_withheld = bool(result.get("number_withheld"))
    begin_exchange(d, Understanding(""))
    if d.goal is Goal.MOVE and d.pending_shift is not None and len(d.own) == 1:
        d.wish = d.wish.shifted(d.pending_shift, d.own[0].date, d.own[0].time)
    d.pending_shift = None
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
