"""Whether what a clause tells as done was done: booked, moved, cancelled, written down, passed on. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from server.agents.claims.clauses import Clause
from server.agents.claims.opening import is_deal
from server.agents.claims.records import Record
from server.agents.claims.senses import Sense
from server.agents.dialogue import Visit
from server.agents.evidence import Evidence
from server.agents.memory import WRITING_TOOLS
from server.agents.speech import Of
from server.hebrew import lexicon
from server.hebrew.gazetteer import FIRST_NAMES
from server.hebrew.wordlists import words

CREATE, MOVE, CANCEL = "calendar_create_appointment", "calendar_reschedule_appointment", "calendar_cancel_appointment"


CONTACT, MESSAGE, TRANSFER = "calendar_set_contact", "take_message", "transfer_to_human"


_ATTEMPTS = {
    "לקבוע": CREATE, "להזמין": CREATE, "לשריין": CREATE, "לרשום": CREATE,
    "להזיז": MOVE, "להעביר": MOVE, "לשנות": MOVE, "להקדים": MOVE, "לדחות": MOVE, "לעדכן": MOVE,
    "לבטל": CANCEL, "למחוק": CANCEL, "להשאיר": MESSAGE, "למסור": MESSAGE, "לבדוק": "calendar_find_slots",
    "למצוא": "calendar_find_slots",
}  # fmt: skip


def deeds(clause: Clause, evidence: Evidence) -> Iterator[str]:
    """Deeds told as done without a result of their tool, and deeds denied that were done."""
    is_inquiry = clause.is_asked and clause.has(Sense.ASK) and not clause.has_word("נכון")
    if clause.is_supposed or is_inquiry:
        return
    kind = _kind(clause, told=True)
    if kind is not None and not _is_done(kind, clause, evidence):
        yield kind
    denied = _kind(clause, told=False) if not _is_of_another(clause, evidence) else None
    if denied is not None and kind is None and not clause.is_ignorance and _was_done(denied, evidence):
        yield denied
    if clause.has(Sense.SUCCEED):
        yield from _attempt(clause, evidence)
    if clause.tells(Sense.LOOKED) and not evidence.tried:
        yield "action"


def _is_of_another(clause: Clause, evidence: Evidence) -> bool:
    """ "לרות עוד לא קבעתי": for somebody who has no appointment yet."""
    booked = {word for visit in evidence.live for word in visit.name.split()}
    named = {core for word in clause.words for _, core in lexicon.splits(word.text) if core in FIRST_NAMES}
    return bool(named - booked)


def _attempt(clause: Clause, evidence: Evidence) -> Iterator[str]:
    """ "I managed to", "I did not manage to": as with the deed itself."""
    tried = {_ATTEMPTS[word.text] for word in clause.words if word.text in _ATTEMPTS}
    if Sense.SUCCEED in clause.denied:
        yield from ("action",) if tried & evidence.done_now else ()
    elif clause.tells(Sense.TODO) and not (tried or {CREATE}) & evidence.done:
        yield "action"


def _kind(clause: Clause, *, told: bool) -> str | None:
    """What kind of deed a clause speaks of in its perfect, its passive or its participle; None for none."""
    senses = clause.told if told else clause.denied
    wrote = bool(senses & {Sense.WRITE, Sense.PASS, Sense.MOVE})
    is_about_visit = clause.has(Sense.VISIT) or bool(clause.of(Of.TIME, Of.DAY, Of.SERVICE))
    is_received = clause.has_word("ההודעה") and Sense.MEET in senses
    if (clause.has(Sense.MESSAGE) and wrote) or is_received:
        return "message"
    if Sense.PASS in senses and not is_about_visit and not clause.has(Sense.CALL) and _names_receiver(clause):
        return "message"
    if _is_contact(clause) and senses & {Sense.WRITE, Sense.CHANGE}:
        return "contact"
    is_put_through = bool(clause.of(Of.STAFF)) and clause.has_word("לקו", "הקו", "קו", "אני")
    is_certain = is_put_through or clause.has_word(*_CONNECTING) or _is_alone(clause)
    if Sense.TRANSFER in senses and (clause.has(Sense.CALL) or is_certain) and not is_about_visit:
        return "transfer"
    if Sense.AGENT in senses and not clause.is_asked and not clause.tells(Sense.MAY, Sense.TODO):
        return "transfer"
    if Sense.CANCEL in senses:
        return "cancelled"
    if senses & {Sense.MOVE, Sense.CHANGE} and not _is_over(clause):
        return "moved"
    if Sense.MOVES in senses and clause.of(Of.TIME, Of.DAY):
        return "moved"
    return "booked" if _is_booking(clause, senses) else None


_CONNECTING = ("מחברת", "מחבר", "מקשרת", "מנתבת", "אחבר", "אקשר", "חיברתי")


def _is_alone(clause: Clause) -> bool:
    """ "רגע, מעבירה.": with nothing that is moved, it is the caller."""
    is_object = clause.has(Sense.VISIT, Sense.CONTACT, Sense.MESSAGE) or bool(clause.facts)
    return clause.has_word("מעבירה", "מעביר") and not is_object and not clause.has_word("את", "זה", "אותו")


def _is_over(clause: Clause) -> bool:
    """ "המועד הזה כבר עבר": past, not moved."""
    moved = [word.text for word in clause.words if word.senses & {Sense.MOVE, Sense.CHANGE}]
    return set(moved) <= {"עבר", "עברה"} and not clause.has(Sense.VISIT)


def _names_receiver(clause: Clause) -> bool:
    """ "העברתי." alone may tell of an appointment as well."""
    is_surely = any(Sense.PASS in word.senses and Sense.MOVE not in word.senses for word in clause.words)
    return is_surely or bool(clause.of(Of.STAFF)) or clause.has_word("לצוות", "להם", "הבקשה", "בקשתכם")


def _is_contact(clause: Clause) -> bool:
    """A name or number as what is written; "על שם דני" is said of an appointment."""
    texts = [word.text for word in clause.words]
    is_under = any(texts[i : i + 2] == ["על", "שם"] for i in range(len(texts)))
    return clause.tells(Sense.CONTACT) and not is_under


def _is_booking(clause: Clause, senses: frozenset[Sense]) -> bool:
    if Sense.BOOKING in senses and clause.of(Of.TIME):
        return True
    words = [word for word in clause.words if word.senses & senses & {Sense.BOOK, Sense.WRITE}]
    words = [word for word in words if not (word.text.startswith("קבוע") and clause.has(Sense.PRICE))]
    words = [word for word in words if not (Sense.CLOSED in word.senses and not is_deal(clause))]
    has_detail = bool(clause.of(Of.TIME, Of.DAY, Of.SPAN))
    is_promised = not has_detail and clause.has_word("לכם", "לך", "תור")
    return any(not (word.text == "נקבע" and is_promised) for word in words)


def _is_done(kind: str, clause: Clause, evidence: Evidence) -> bool:
    if kind == "message":
        return MESSAGE in evidence.done and _is_to_right_person(clause, evidence)
    if kind == "transfer":
        return TRANSFER in evidence.done
    if kind == "contact":
        return is_written(clause, evidence)
    records = [record for record in clause.records if not record.is_empty]
    if kind == "cancelled":
        return CANCEL in evidence.done and _fit(records, evidence.cancelled, clause)
    if kind == "moved":
        is_of_hour = clause.has(Sense.VISIT) or clause.has_word("השעה", "היום", "המועד", "התאריך")
        is_name = CONTACT in evidence.done_now and all(record.is_booked(evidence) for record in records)
        is_contact = is_name and clause.tells(Sense.CHANGE) and not is_of_hour
        return is_contact or (MOVE in evidence.done and _is_moved(records, evidence))
    return _is_booked(records, clause, evidence)


def _is_to_right_person(clause: Clause, evidence: Evidence) -> bool:
    """A message goes to whom the caller named; the team is always right."""
    named = {fact.value for fact in clause.of(Of.STAFF)}
    return all(any(str(name) in word for word in evidence.words | evidence.messages) for name in named)


def is_written(clause: Clause, evidence: Evidence) -> bool:
    """Whether the name or the number that a clause speaks of was written down, or changed, by a tool."""
    what = "name" if clause.has_word("שם", "השם", "שמכם", "שמך", "בשם") else "phone"
    is_change = clause.tells(Sense.CHANGE)
    return (f"new {what}" if is_change else what) in evidence.written


def _fit(records: Iterable[Record], visits: tuple[Visit, ...], clause: Clause) -> bool:
    """Every record is one of the appointments; "all of them" are more than one."""
    texts = [word.text for word in clause.words]
    cancels = [i for i, word in enumerate(clause.words) if Sense.CANCEL in word.senses]
    numbers = [fact.value for fact in clause.of(Of.NUMBER) if isinstance(fact.value, int)]
    if max(numbers, default=0) > len(visits):
        return False
    if cancels and set(texts[cancels[0] + 1 :]) & {"כל", "הכול", "הכל"} and len(visits) < 2:
        return False
    return bool(visits) and all(any(record.is_of(visit) for visit in visits) for record in records)


def _is_moved(records: list[Record], evidence: Evidence) -> bool:
    """One record is where it stands now; another may be where it stood before."""
    records = [part for record in records for part in _from_to(record)]
    standing = [record for record in records if record.is_booked(evidence)]
    before = [record for record in records if any(record.is_of(visit) for visit in evidence.former)]
    is_known = all(record in standing or record in before for record in records)
    return bool(evidence.live) and is_known and (bool(standing) or not records)


def _from_to(record: Record) -> list[Record]:
    """ "מ-12:00 ל-18:00": from where to where something was moved."""
    if record.window is None or record.window.begin is None or record.window.end is None:
        return [record]
    return [
        replace(record, window=None, times=record.window.begin),
        replace(record, window=None, times=record.window.end),
    ]


_EVENTS = words(
    "נקבע נקבעה נקבעו אושר אושרה הוזמן הוזמנה שובץ שובצה שובצתם הושלם הושלמה בוצע בוצעה נסגר נסגרה סודר סודרה"
)
"""They tell of what has just been done, where "רשום" and "קבוע" tell how it stands."""


def _is_booked(records: list[Record], clause: Clause, evidence: Evidence) -> bool:
    if not evidence.live:
        return _is_bare_note(records, clause, evidence)
    booked = [word.text for word in clause.words if word.senses & {Sense.BOOK, Sense.WRITE}]
    is_own_deed = any(text.endswith(("תי", "נו")) for text in booked)
    is_news = is_own_deed or (not records and not _EVENTS.isdisjoint(booked))
    if is_news and not evidence.done & {CREATE, MOVE, CONTACT}:
        return _is_bare_note(records, clause, evidence)
    if records and evidence.former:
        records = [part for record in records for part in _from_to(record)]
        return all(record.is_booked(evidence) or _was(record, evidence) for record in records)
    if records:
        return all(record.is_booked(evidence) for record in records)
    return bool(evidence.done_now & set(WRITING_TOOLS)) or len(evidence.live) == 1 or not is_own_deed


def _was(record: Record, evidence: Evidence) -> bool:
    return any(record.is_of(visit) for visit in evidence.former)


def _is_bare_note(records: list[Record], clause: Clause, evidence: Evidence) -> bool:
    """ "רשמתי." after a message was taken."""
    return not records and not clause.has(Sense.VISIT, Sense.BOOK) and MESSAGE in evidence.done_now


def _was_done(kind: str, evidence: Evidence) -> bool:
    if kind == "booked":
        return bool(evidence.live) and CREATE in evidence.done
    if kind == "cancelled":
        return bool(evidence.cancelled)
    return kind == "moved" and MOVE in evidence.done_now
