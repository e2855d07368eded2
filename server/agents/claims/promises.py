"""Promises that nothing in the house keeps, and numbers that are said to be at hand. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from server.agents.claims.clauses import Clause
from server.agents.claims.deeds import MESSAGE, is_written
from server.agents.claims.senses import Sense
from server.agents.evidence import Evidence
from server.agents.speech import Of

_WILL_COME = ("אשלח", "תקבלו", "ותקבלו", "תקבל", "תקבלי", "יישלח", "תישלח", "יגיע", "תגיע", "שתקבלו")


def promises(clause: Clause, evidence: Evidence) -> Iterator[str]:
    """What nothing in the house does: sending, charging, discounts; and calling back without a message taken."""
    if clause.is_ignorance:
        return
    is_ahead = evidence.is_notice_coming and clause.has_word(*_WILL_COME) and not clause.has_word("כבר")
    is_denied = bool({Sense.SENT, Sense.SEND} & clause.denied)
    if not is_denied and (clause.tells(Sense.SENT) or (clause.tells(Sense.SEND) and not is_ahead)):
        yield "sent"
    if clause.tells(Sense.REMIND) and clause.of(Of.DAY, Of.TIME, Of.PART):
        yield "sent"
    if clause.tells(Sense.CHARGE):
        yield "action"
    is_unplanned = Sense.VISIT in clause.denied or clause.has_word("לקבוע", "לתאם")
    is_needless = clause.has_word("צורך") and Sense.VISIT in clause.denied
    if (is_needless or (clause.has_word("בלי", "ללא") and is_unplanned)) and not clause.is_asked:
        yield "action"
    if clause.tells(Sense.GIFT) and not clause.is_asked:
        yield "price"
    yield from _call_back(clause, evidence)


def _call_back(clause: Clause, evidence: Evidence) -> Iterator[str]:
    """Somebody calls back when a message was taken."""
    is_to_caller = clause.has(Sense.CALL) or clause.has_word("אליכם", "אליך", "לכם", "איתכם")
    is_open = clause.is_asked or clause.tells(Sense.MAY) or clause.has_word("שיחזרו") or MESSAGE in evidence.done
    is_offered = clause.is_supposed and clause.has(Sense.MESSAGE)
    if clause.tells(Sense.BACK) and is_to_caller and not is_offered and (clause.is_supposed or not is_open):
        yield "action"


def contact(clause: Clause, evidence: Evidence) -> Iterator[str]:
    """ "המספר שלכם אצלי": a number that is said to be at hand was written down."""
    is_here = clause.has_word("אצלי", "אצלנו", "במערכת", "ביומן", "לפניי", "מולי")
    is_told = clause.tells(Sense.CONTACT) and not clause.is_asked and not clause.is_ignorance
    if is_told and is_here and not is_written(clause, evidence):
        yield "contact"
