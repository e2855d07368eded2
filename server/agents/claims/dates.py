"""Whether days are one with each other, and spoken of in the call. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise

from server.agents.claims.clauses import Clause
from server.agents.claims.opening import is_about_opening, is_hours_of_day
from server.agents.claims.statements import tells_nothing
from server.agents.evidence import Evidence
from server.agents.speech import Fact, Of
from server.agents.speech_days import weekday_of


def days(clause: Clause, evidence: Evidence) -> Iterator[str]:
    """A date has its own weekday; a day that nobody has spoken of is no part of a statement."""
    facts = clause.of(Of.DAY)
    for before, after in pairwise(facts):
        if _are_one(before, after, clause) and not _agree(before, after):
            yield "date"
    is_plain = not clause.is_asked and tells_nothing(clause) and not is_hours_of_day(clause, evidence)
    for fact in facts:
        if (is_plain or fact.is_dated) and not _dates(fact) & evidence.days and not is_about_opening(clause):
            yield "date"


def _dates(fact: Fact) -> frozenset[dt.date]:
    return fact.value if isinstance(fact.value, frozenset) else frozenset()


def _agree(before: Fact, after: Fact) -> bool:
    """Whether two days can be one; a bare weekday is any of its name."""
    for one, other in ((before, after), (after, before)):
        if one.weekday is not None and any(weekday_of(day) == one.weekday for day in _dates(other)):
            return True
    return bool(_dates(before) & _dates(after))


def _are_one(before: Fact, after: Fact, clause: Clause) -> bool:
    """Two days side by side are one and the same: "מחר, יום שני", "יום שני, 23 בנובמבר"."""
    is_joined = after.prefix.startswith("ו") or clause.has_word("או")
    between = [word for word in clause.words if before.end <= word.at < after.at]
    others = [fact for fact in clause.facts if before.end <= fact.at < after.at]
    return not is_joined and not others and all(word.text in ("זה", "הוא", "שהוא", "כלומר", "ה") for word in between)
