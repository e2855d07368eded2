"""How a reply of ours changes where the conversation stands: what it asks, what it offers, what was heard. Pure."""

from __future__ import annotations

import datetime as dt

from server.agents.dialogue.state import Dialogue, Goal
from server.agents.dialogue.visits import Visit
from server.agents.memory import Reply
from server.agents.questions import HOLDING, LISTENING, NUDGE, Question, offers_in, question_in

ASK_WHOM = "אצל מי לקבוע"
PUZZLED = ("לא הבנתי", "לא קלטתי")
"""How a reply says that it did not understand; also how such replies are counted."""


def read_reply(d: Dialogue, reply: Reply, today: dt.date) -> None:
    """The question now open and the slots on offer. What a reply did not understand leaves them as they were."""
    text = reply.text
    offers = offers_in(text, d.slots, today)
    is_puzzled = any(sign in text for sign in PUZZLED)
    is_still_offering = is_puzzled and d.question is Question.OFFER and bool(d.offers)
    question = question_in(text, bool(offers) or is_still_offering)
    d.news = []
    d.asks_second = d.asks_second_time = d.is_second_due = False
    d.puzzled_count = d.puzzled_count + 1 if is_puzzled else 0
    d.phone_asked_count += question is Question.PHONE
    d.untold = d.last_done if reply.is_cut and not _told_hour(d.last_done, reply) else None
    d.reply_count += 1
    d.asked_whom_count += ASK_WHOM in text
    d.has_listened = text in (HOLDING, NUDGE, LISTENING)
    if not d.has_listened:
        d.substance = text
    if question is None:
        return
    d.same_count = d.same_count + 1 if question is d.question else 1
    if question is Question.MESSAGE_CHECK and d.line is not None:
        words = (d.goal_text, d.line.text) if d.goal in (Goal.MOVE, Goal.CANCEL, Goal.LIST) else (d.line.text,)
        d.aside = " ".join(dict.fromkeys(text for text in words if text))
    d.question = question
    if question is Question.MORE:  # what was to be done is done, or given up
        d.goal = None
    if offers or not is_puzzled:
        d.offers = offers if question in (Question.OFFER, Question.MOVE_CHECK, Question.DATE_CHECK) else ()


def _told_hour(visit: Visit | None, reply: Reply) -> bool:
    """Whether the caller has heard the hour of the appointment that this reply was to tell of."""
    hour = f"{visit.time.hour}:{visit.time.minute:02}" if visit is not None else ""
    return hour not in reply.text or hour in (reply.heard or "")
