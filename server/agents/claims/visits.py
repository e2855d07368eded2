"""Whether what is told of an appointment is true of one that stands. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from server.agents.claims.availability import SEEN, is_free, is_none
from server.agents.claims.clauses import Clause
from server.agents.claims.deeds import CANCEL, CREATE
from server.agents.claims.records import Record
from server.agents.claims.senses import Sense
from server.agents.dialogue import Visit
from server.agents.evidence import Evidence
from server.agents.speech import Of
from server.agents.speech_numbers import Count

FEW = 10
"""A bare number under it may count appointments: "קבעתי שניים"."""

LIST = "calendar_list_my_appointments"

EVERYBODY = ("שניכם", "שתיכן", "שניהם", "שתיהן", "כולכם")
_SETTLED = ("המועד", "הכול", "הכל", "זה", "השעה")
_MEETING = frozenset(("נתראה", "ניפגש", "נפגשים", "נפגש", "אתראה"))
_WAITING = frozenset(("מחכים", "מצפים", "מחכה", "מצפה", "יחכה", "תחכה", "יחכו", "נחכה"))


def visits(clause: Clause, evidence: Evidence) -> Iterator[str]:
    """Statements about an appointment must fit one that stands, in all that they name."""
    if _is_denial(clause):
        yield from _no_visit(clause, evidence)
        return
    if is_history(clause):
        if not _fits_any(clause, (*evidence.former, *evidence.cancelled, *evidence.live)):
            yield "booked"
        return
    if not is_about_visit(clause):
        yield from _nearest(clause, evidence)
        return
    yield from _count(clause, evidence)
    records = clause.records
    if clause.tells(Sense.ENDS):
        records = tuple(replace(record, times=None) for record in records)  # `lengths` looks at the hour
    if is_theirs(clause) and clause.has_word("עוד", "נוסף", "נוספת") and len(evidence.live) < 2:
        yield "booked"
    if clause.tells(Sense.MOVE, Sense.CHANGE, Sense.CANCEL) and not clause.tells(Sense.STAY):
        return  # `deeds` has looked at it
    if clause.tells(Sense.INSTEAD):
        records = tuple(r for r in records if not any(r.is_of(visit) for visit in evidence.former))
    is_so = bool(evidence.live) and all(record.is_booked(evidence) for record in records)
    is_of_all = _speaks_of_all(clause, len(records))
    if not is_so or (is_of_all and not all(r.is_of(visit) for visit in evidence.live for r in records)):
        yield "booked"
    elif records and (clause.tells(Sense.FIRST, Sense.NEAR) or clause.has_word("הבא", "הבאה")):
        yield from _in_order(records, evidence)


def _nearest(clause: Clause, evidence: Evidence) -> Iterator[str]:
    """ "הקרוב בראשון", of the appointments that were just told of."""
    is_meant = clause.tells(Sense.NEAR) and not clause.is_asked and not clause.has(Sense.FREE, Sense.ROOM, Sense.NOT)
    if is_meant and len(evidence.live) > 1 and not evidence.free:
        yield from _in_order(clause.records, evidence)


def is_about_visit(clause: Clause) -> bool:
    """Whether a clause states something of the caller's own appointment."""
    if not clause.is_asked and not clause.is_supposed and _is_welcome(clause):
        return True
    is_offer = clause.tells(Sense.FREE) and not is_theirs(clause)
    if clause.is_asked or clause.is_supposed or is_offer or clause.tells(Sense.MAY, Sense.TODO):
        return False
    if _stays(clause) or _counts_visits(clause) or _is_under_name(clause):
        return True
    if Sense.BOOK in clause.denied:
        return False
    has_when = bool(clause.of(Of.TIME, Of.DAY, Of.PART))
    if _is_meeting(clause, has_when=has_when):
        return True
    if clause.tells(Sense.YOURS) and clause.of(Of.STAFF) and clause.has_word("המטפל", "המטפלת"):
        return True
    if clause.tells(Sense.YOURS) and clause.of(Of.TIME) and not clause.tells(Sense.PRICE):
        return True
    if clause.of(Of.TIME) and clause.has_word("שמכם", "שמך"):
        return True
    is_you = clause.has_word("אתם", "אתה", "אתן") and clause.has_word("אצלנו", "אצלי", "אצל", "ביומן", "במערכת")
    if is_you and (clause.of(Of.TIME) or clause.has_word("ביומן", "במערכת", "אצלי")):
        return True
    if is_theirs(clause) and clause.of(Of.LENGTH) and (has_when or clause.of(Of.STAFF)):
        return True
    if is_theirs(clause) and (clause.of(Of.SERVICE) or clause.tells(Sense.CARE) or clause.has_word("את")):
        return True
    return clause.tells(Sense.VISIT) and not clause.tells(Sense.PRICE) and _is_definite(clause)


def _speaks_of_all(clause: Clause, record_count: int) -> bool:
    """ "שני התורים אצל מאיה", "שניכם": one description for all of them."""
    is_counted = any(isinstance(f.value, Count) and f.value.number > 1 for f in clause.of(Of.COUNT))
    is_plural = is_counted or clause.has_word("התורים", "תוריכם")
    return clause.has_word(*EVERYBODY) or (is_plural and record_count == 1)


def is_theirs(clause: Clause) -> bool:
    """ "יש לכם": what follows is the caller's."""
    return clause.tells(Sense.THERE) and clause.has_word("לכם", "לך", "לכן")


def _counts_visits(clause: Clause) -> bool:
    """ "שני תורים: …", where nothing says that they are free."""
    is_counted = any(isinstance(fact.value, Count) and fact.value.thing == "visit" for fact in clause.of(Of.COUNT))
    return is_counted and not is_free(clause) and not is_none(clause)


def _is_welcome(clause: Clause) -> bool:
    """ "נשמח לראותכם מחר בשתים עשרה"."""
    return clause.has_word("לראותכם", "לראותך", "לארח", "לפגוש") and bool(clause.of(Of.TIME, Of.DAY))


def _is_under_name(clause: Clause) -> bool:
    """ "מחר בצהריים, על שם דני": nothing but an appointment is under a name."""
    texts = [word.text for word in clause.words]
    is_under = "בשם" in texts or any(texts[i : i + 2] == ["על", "שם"] for i in range(len(texts)))
    return is_under and bool(clause.of(Of.TIME, Of.DAY, Of.PART))


def _stays(clause: Clause) -> bool:
    """ "המועד נשאר בשתים עשרה": what was settled stands."""
    texts = [word.text for word in clause.words]
    return any(text in _SETTLED and texts[i + 1 : i + 2] in (["נשאר"], ["נשארה"]) for i, text in enumerate(texts))


def _is_definite(clause: Clause) -> bool:
    """ "התור", "תורכם", "יש לכם תור": the caller's own. "יש לנו תור" is a free one."""
    if is_theirs(clause) or clause.has_word("שמכם", "שמך"):
        return True
    return any(
        word.text.startswith(("הת", "שהת", "הפ", "ההז", "הבי", "הרי", "השי")) or word.text.endswith(("כם", "ך", "כן"))
        for word in clause.words
        if Sense.VISIT in word.senses
    )


def _is_meeting(clause: Clause, *, has_when: bool) -> bool:
    texts = [word.text for word in clause.words]
    if "בואו" in texts and any(text.startswith("נ") for text in texts[texts.index("בואו") + 1 :][:1]):
        return False
    if not clause.tells(Sense.MEET):
        return False
    is_waiting = bool(_WAITING & set(texts)) and clause.has_word("לכם", "לך")
    return has_when or is_waiting or bool(_MEETING & set(texts))


def is_history(clause: Clause) -> bool:
    """Whether it tells of a visit in the past."""
    is_of_visit = clause.has(Sense.VISIT) or clause.has_word("אצלנו", "אצל", "בפעם", "פעם")
    is_of_visit = is_of_visit or bool(clause.of(Of.DAY, Of.TIME, Of.SPAN)) or clause.has_word("בשבוע", "בחודש")
    return clause.tells(Sense.PAST) and is_of_visit and not clause.is_asked and not clause.is_ignorance


def _fits_any(clause: Clause, known: tuple[Visit, ...], *, is_vague: bool = False) -> bool:
    records = clause.records
    is_there = bool(known) and (bool(records) or is_vague) and not clause.has_word("בפעם", "פעם")
    return is_there and all(any(record.is_of(visit) for visit in known) for record in records)


def _is_denial(clause: Clause) -> bool:
    """ "אין לכם תור", "לא מצאתי תור": none is there."""
    is_none = Sense.VISIT in clause.denied and clause.has_word("אין", "לא", "ואין")
    is_unseen = any(word.is_denied and word.text in SEEN for word in clause.words)
    is_gone = is_unseen or bool({Sense.THERE, Sense.STAY, Sense.WRITE} & clause.denied)
    is_none = is_none or (clause.has(Sense.VISIT) and is_gone)
    is_free = clause.has(Sense.FREE) or (clause.has_word("תורים") and not clause.has_word("לכם", "לך"))
    deeds = (Sense.BOOK, Sense.MOVE, Sense.CHANGE, Sense.CANCEL)
    return is_none and not is_free and not clause.is_asked and not clause.has(*deeds, Sense.TODO)


def _no_visit(clause: Clause, evidence: Evidence) -> Iterator[str]:
    records = [record for record in clause.records if record.has_when]
    if clause.has(Sense.PAST) and _fits_any(clause, (*evidence.former, *evidence.cancelled), is_vague=True):
        yield "booked"
    standing = [visit for visit in evidence.live if all(record.is_of(visit) for record in records)]
    is_seen = clause.has_word(*SEEN)
    has_looked = bool(evidence.tried & {LIST, CANCEL})
    is_own = clause.has_word("לכם", "לך") or _is_definite(clause)
    if standing or (not has_looked and not is_seen and is_own):
        yield "booked"


def _count(clause: Clause, evidence: Evidence) -> Iterator[str]:
    days = [record.days for record in clause.records if record.days is not None]
    for fact in clause.of(Of.COUNT):
        if isinstance(fact.value, Count) and fact.value.thing == "visit":
            counted = [visit for visit in evidence.live if len(days) != 1 or visit.date in days[0]]
            if fact.value.number != len(counted) and fact.value.number != len(evidence.live):
                yield "booked"


def _in_order(records: tuple[Record, ...], evidence: Evidence) -> Iterator[str]:
    """ "The next appointment is on Sunday" is told of the first of all."""
    ordered = sorted(evidence.live, key=lambda visit: (visit.date, visit.time))
    if len(records) == 1 and not records[0].is_of(ordered[0]):
        yield "booked"


def _also_for(clause: Clause) -> bool:
    """ "גם לאשתכם", "גם טיפול פנים": one more, and not "גם בלי מספר"."""
    for i, word in enumerate(clause.words):
        if word.text in ("גם", "וגם"):
            following = clause.words[i + 1] if i + 1 < len(clause.words) else None
            facts = [fact for fact in clause.facts if fact.at > word.at]
            is_fact_next = bool(facts) and (following is None or facts[0].at < following.at)
            return is_fact_next or (following is not None and following.text.startswith("ל"))
    return False


def second(clause: Clause, evidence: Evidence) -> Iterator[str]:
    """ "גם לאשתכם", "שני תורים": a second appointment must be there; and those of others are nobody's business."""
    is_told = not clause.is_asked and not clause.is_supposed and not clause.is_ignorance
    if is_told and clause.tells(Sense.OTHERS) and clause.tells(Sense.THERE) and clause.has(Sense.VISIT, Sense.CARE):
        yield "leak"
    if not is_told or not (clause.tells(Sense.BOOK, Sense.WRITE) or (is_theirs(clause) and clause.tells(Sense.VISIT))):
        return
    counted = [fact.value.number for fact in clause.of(Of.COUNT) if isinstance(fact.value, Count)]
    counted += [fact.value for fact in clause.of(Of.NUMBER) if isinstance(fact.value, int) and fact.value < FEW]
    is_more = clause.has_word("נוסף", "נוספת", "שניכם", "לשניכם", "שתיכן", "לשתיכן", "לזוג", "זוגי") or _also_for(
        clause
    )
    is_for_other = clause.has(Sense.OTHERS)
    needed = max([*counted, 2 if (is_more or is_for_other) and CREATE in evidence.done else 1])
    if needed > max(1, len(evidence.live)):
        yield "booked"
