"""Whether the caller wants what a tool is about to do, by the reading of the call that the offline brain goes by.

What the offline brain would do next is always wanted. Beside that a deed wants a word of the caller that came after the
appointment was last settled, or a yes to our question.
"""

from __future__ import annotations

import datetime as dt
import re

from server.agents.context import Session
from server.agents.dialogue import Dialogue, Goal, Visit, read
from server.agents.dialogue.goals import ANOTHER
from server.agents.memory import Entry, Line, Reply, Step
from server.agents.names import is_same_person
from server.agents.offline_policy import decide
from server.agents.people import group_size
from server.agents.safety import Invalid
from server.agents.scene import Act
from server.calendar.models import Appointment, Service
from server.hebrew.models import Answer, Intent

CREATE, MOVE, CANCEL = (
    "calendar_create_appointment",
    "calendar_reschedule_appointment",
    "calendar_cancel_appointment",
)

ASKS_TO_CANCEL = re.compile(r"לבטל|ביטול")
ASKS_TO_MOVE = re.compile(r"להעביר|להזיז|לשנות|להחליף|לדחות|להקדים|העברה|מתאים|נוח")

_INSTEAD = re.compile(r"(?<![א-ת])(?:במקום|עדיף|מעדיפ[א-ת]*|מעדיף)(?![א-ת])")


def stand_of(session: Session) -> Dialogue:
    """Where the call stands, without what tools have not answered yet."""
    return read(_answered(session), session.now.date())


def is_own(session: Session) -> bool:
    """Whether the tool now at work was called by the offline brain."""
    pending = [step for step in session.conversation.steps() if step.output is None]
    return bool(pending) and pending[-1].is_own


def is_next(session: Session, tool: str) -> bool:
    """Whether this is the offline brain's own deed, or what it would do now."""
    if is_own(session):
        return True
    decision = decide(_answered(session), session.call.facts, session.now)
    return isinstance(decision, Act) and decision.tool == tool


def check_another(session: Session, service: Service, minutes: int, starts_at: dt.datetime, name: str) -> None:
    """Refuse a further appointment that the caller has not wished for since the last was booked. Raises Invalid."""
    d = stand_of(session)
    wanted = Visit(0, service.name, minutes, starts_at.date(), starts_at.time(), "", name)
    if not _has_spoken(session) or not d.made or any(_is_same(visit, wanted) for visit in d.made):
        return
    if is_next(session, CREATE):
        return
    if any(is_same_person(name, visit.name) and _overlap(visit, wanted) for visit in d.made):
        raise Invalid("it is booked already, at that time; to change it use calendar_reschedule_appointment")
    if not _wishes_another(session, d) and not _is_for(session, name, d):
        raise Invalid("it is booked already; ask whether the caller wants another appointment")


def check_move(session: Session, held: Appointment, starts_at: dt.datetime, minutes: int | None) -> None:
    """Refuse to move what was settled in this call unless the caller has asked for a change since. Raises Invalid."""
    if held.id not in session.made or not _has_spoken(session):
        return
    is_as_it_stands = held.starts_at == starts_at and minutes in (None, held.minutes)
    d = stand_of(session)
    is_wished = d.goal is Goal.MOVE or d.replacement is not None or _has_agreed(session, ASKS_TO_MOVE)
    if is_as_it_stands or is_wished or is_next(session, MOVE):
        return
    line = _line_since(session, held)
    if line is None or not _asks_for_change(line):
        raise Invalid("the caller has not asked to change it; answer them, or ask whether to move the appointment")


def check_cancel(session: Session, held: Appointment) -> None:
    """Refuse to cancel what was settled in this call unless the caller has given it back since. Raises Invalid."""
    if held.id not in session.made or not _has_spoken(session):
        return
    d = stand_of(session)
    is_wished = d.goal is Goal.CANCEL or d.replacement is not None or _has_agreed(session, ASKS_TO_CANCEL)
    if is_wished or is_next(session, CANCEL):
        return
    line = _line_since(session, held)
    gives_back = line is not None and bool(line.understanding.intents & {Intent.CANCEL, Intent.RESCHEDULE})
    if line is None or not gives_back or d.is_kept or _has_cancelled_other(session, line, held):
        raise Invalid("the caller has not asked to cancel it; answer them, or ask whether to cancel the appointment")


def _asks_for_change(line: Line) -> bool:
    u = line.understanding
    return Intent.RESCHEDULE in u.intents or u.is_correction or bool(_INSTEAD.search(line.text))


def _answered(session: Session) -> list[Entry]:
    entries = session.conversation.entries
    return [entry for entry in entries if not (isinstance(entry, Step) and entry.output is None)]


def _has_spoken(session: Session) -> bool:
    return session.conversation.last_line is not None


def _wishes_another(session: Session, d: Dialogue) -> bool:
    """Whether there is a wish that the last booking has not fulfilled: a new one, or the second of two."""
    if d.goal is Goal.BOOK or d.asks_second or d.asks_second_time or d.is_second_due:
        return True
    lines = [entry for entry in session.conversation if isinstance(entry, Line)]
    is_party = len(d.made) < max(group_size(line.text) for line in lines)
    last = _last_settled(session, None)
    return is_party or (last < _index(session, lines[-1]) and bool(ANOTHER.search(lines[-1].text)))


def _is_for(session: Session, name: str, d: Dialogue) -> bool:
    """Whether the caller has asked for somebody else by name: "לי ולרות", "גם לרות"."""
    first = re.escape(name.split()[0])
    lines = [entry.text for entry in session.conversation if isinstance(entry, Line)]
    is_somebody_else = not any(is_same_person(name, visit.name) for visit in d.made)
    return is_somebody_else and any(re.search(rf"(?<![א-ת])ו?ל{first}(?![א-ת])", text) for text in lines)


def _is_same(visit: Visit, other: Visit) -> bool:
    """Whether it is the very same booking once more, which the desk answers with the first."""
    return all(
        getattr(visit, field) == getattr(other, field) for field in ("service", "minutes", "date", "time", "name")
    )


def _overlap(visit: Visit, other: Visit) -> bool:
    return visit.date == other.date and visit.time < other.end and other.time < visit.end


def _has_agreed(session: Session, asking: re.Pattern[str]) -> bool:
    """Whether the last line says yes to a reply of ours that asked for this, with nothing done since."""
    answered = _answered(session)
    line = session.conversation.last_line
    if line is None or any(_settles(entry) for entry in answered[answered.index(line) :]):
        return False
    before = answered[: answered.index(line)]
    reply = next((entry for entry in reversed(before) if isinstance(entry, Reply)), None)
    if reply is None or "?" not in reply.text or not asking.search(reply.text):
        return False
    u = line.understanding
    is_choice = asking is ASKS_TO_MOVE and (u.choice is not None or u.time is not None)
    return u.answer is not Answer.NO and (u.answer is Answer.YES or is_choice)


def _settles(entry: Entry) -> bool:
    """Whether an appointment was booked, moved or cancelled here."""
    return isinstance(entry, Step) and entry.name in (CREATE, MOVE, CANCEL) and bool(entry.result().get("ok"))


def _last_settled(session: Session, number: int | None) -> int:
    """Where in the call an appointment, or any, was last settled; -1 for never."""
    entries = session.conversation.entries
    settled = [
        i
        for i, entry in enumerate(entries)
        if isinstance(entry, Step) and _settles(entry) and number in (None, entry.result().get("appointment"))
    ]
    return settled[-1] if settled else -1


def _line_since(session: Session, held: Appointment) -> Line | None:
    """The caller's last words, if they came after the appointment was settled."""
    line = session.conversation.last_line
    return line if line and _index(session, line) > _last_settled(session, session.number_of(held)) else None


def _index(session: Session, line: Line) -> int:
    return session.conversation.entries.index(line)


def _has_cancelled_other(session: Session, line: Line, held: Appointment) -> bool:
    """Whether these words have already cancelled another appointment."""
    number = session.number_of(held)
    steps = [entry for entry in session.conversation.since(line) if isinstance(entry, Step) and _settles(entry)]
    return any(step.name == CANCEL and step.result().get("appointment") != number for step in steps)
