"""Whether a clause is made of words that somebody vouches for. Pure.

What the agent may tell of the business and the call is little, and all of it is in the call: so a statement is held
to the words whose claims are checked, to plain words, and to names. In a question, a supposition, a confession of not
knowing, and in what is passed on in the caller's own words, any word may stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from server.agents.claims.availability import SEEN
from server.agents.claims.clauses import ASSERTS, Clause, Word
from server.agents.claims.people import is_person
from server.agents.claims.senses import Sense
from server.agents.evidence import Evidence
from server.agents.speech import Fact, Of
from server.hebrew import lexicon

_FOREIGN = re.compile(r"[\u0370-\u03ff\u0400-\u052f\u0600-\u06ff\u0e00-\u0e7f\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ_]{2,}")
_NO_HOUR = re.compile(r"(?<!\d)(?:2[4-9]|[3-9]\d):\d{2}|\d{1,2}:[6-9]\d")


def wording(clause: Clause, evidence: Evidence) -> Iterator[str]:
    """Words of which nobody knows what they claim, and those that are never to be said."""
    if clause.tells(Sense.LEAK) or (clause.has(Sense.LEAK) and not clause.is_ignorance):
        yield "leak"
    is_unseen = any(word.is_denied and word.text in SEEN for word in clause.words)
    is_unknown = clause.is_ignorance or is_unseen or bool({Sense.WRITE, Sense.ABLE} & clause.denied)
    is_topic = bool(clause.words) and clause.words[0].text in ("לגבי", "בנוגע", "בקשר", "על")
    if clause.tells(Sense.PLACE) and not clause.is_asked and not is_unknown and not is_topic:
        yield from _address(clause, evidence)
    if clause.is_asked or clause.is_supposed:
        return
    if clause.tells(Sense.CUSTOMERS) and not clause.is_ignorance:
        yield "leak"
    is_message = bool(evidence.messages) and clause.has(Sense.PASS, Sense.MESSAGE, Sense.WRITE)
    is_treatment_denied = clause.has(Sense.CARE, Sense.THERE, Sense.DOES) and _denies_treatment(clause)
    for i, word in enumerate(clause.words):
        if Sense.UNFOUNDED not in word.senses or is_person(word, evidence) or _is_of_house(word, evidence):
            continue
        if _is_of_itself(word, clause):
            continue
        if word.text.startswith("ש") and i and clause.words[i - 1].text in _THANKS:
            continue
        if _is_callers(word, evidence) and not clause.told & ASSERTS and not clause.has_word("אצלנו", "אנחנו", "לנו"):
            continue
        if clause.is_ignorance and (word.is_denied or clause.goes_on or _is_its_topic(word, clause)):
            continue
        if is_treatment_denied and word.is_denied:
            continue
        if (clause.tells(Sense.SAID) or is_message) and _is_callers(word, evidence):
            continue
        yield "wording"
        return


_THANKS = frozenset(("תודה", "סליחה", "מצטערת", "מתנצלת", "שמחה", "מודה"))
"""What follows them with "ש" is what the caller did or what happened to the talk."""


def _is_of_itself(word: Word, clause: Clause) -> bool:
    """ "אני מניחה שכן": what the agent says of itself alone; a deed in the past, or a definite thing, is more."""
    is_more = word.text.startswith("ה") or word.text.endswith(("תי", "נו", "תם"))
    is_alone = not clause.facts and not clause.told & (ASSERTS | {Sense.CARE, Sense.CALL, Sense.HUMAN})
    return clause.words[0].text in ("אני", "ואני") and is_alone and not is_more


def _denies_treatment(clause: Clause) -> bool:
    """ "אין לנו עיסוי תאילנדי": the list of treatments is known to its end."""
    return Sense.CARE in clause.denied


def _is_its_topic(word: Word, clause: Clause) -> bool:
    """ "על החניה אין לי מידע", "אין לי מידע על חניה": what is not known, before it or behind."""
    starts = [each.at for each in clause.words if each.is_denied and Sense.ABLE in each.senses]
    is_fronted = clause.words[0].text in ("על", "לגבי", "בנוגע", "בקשר", "את", "לעניין", "בעניין", "בנושא")
    return is_fronted or (bool(starts) and word.at > starts[0])


def _is_of_house(word: Word, evidence: Evidence) -> bool:
    house = f"{evidence.facts.business.name} {evidence.facts.business.address}".split()
    return any(core in house for _, core in lexicon.splits(word.text))


def _is_callers(word: Word, evidence: Evidence) -> bool:
    """Whether the caller used the word, in whatever form: "שאאחר", "שתאחרו"."""
    stem = _stem(word.text)
    said = evidence.said.words | evidence.messages
    return word.text in said or (len(stem) > 2 and any(stem == _stem(each) for each in said))


def _stem(word: str) -> str:
    bare = re.sub(r"^[ושהכלמב]*[אתינמ]?", "", word) if len(word) > 3 else word
    return re.sub(r"(?:ים|ות|תי|תם|נו|[והית])$", "", bare) or bare


def _address(clause: Clause, evidence: Evidence) -> Iterator[str]:
    address = evidence.facts.business.address
    said = {word.text for word in clause.words}
    parts = re.findall(r"\w+", address)[:2]
    if not parts or not all(any(part in text for text in said) or part.isdigit() for part in parts):
        yield "address"


def treatments(clause: Clause, evidence: Evidence) -> Iterator[str]:
    """Treatments that are not offered."""
    if clause.is_asked or clause.is_ignorance or clause.has(Sense.NOT):
        return
    if _is_only_treatment(clause, evidence):
        yield "service"
    if not clause.told & {Sense.CARE}:
        return
    offered = " ".join(word for s in evidence.facts.services for word in (s.name, *s.aliases))
    strange = [word.text for word in clause.words if Sense.CARE in word.senses and not word.is_denied]
    general = ("טיפול", "עיסוי", "מסאז")
    if any(not any(each in text for each in general) and text not in offered for text in strange):
        yield "service"


def _is_only_treatment(clause: Clause, evidence: Evidence) -> bool:
    """ "רק שוודי יש אצלנו", of a house that has more."""
    at = next((word.at for word in clause.words if word.text in ("רק", "ורק")), None)
    after = [fact for fact in clause.facts if at is not None and fact.at > at]
    is_of_house = clause.tells(Sense.THERE) and not clause.of(Of.TIME, Of.DAY, Of.SPAN, Of.PART, Of.STAFF)
    if not (after and after[0].of is Of.SERVICE and is_of_house):
        return False
    return {fact.value for fact in after} < {service.name for service in evidence.facts.services}


def attributed(clause: Clause, evidence: Evidence) -> Iterator[str]:
    """What the caller is told to have said, they have said."""
    if not clause.tells(Sense.SAID) or clause.is_asked:
        return
    said = evidence.said
    known: dict[Of, frozenset[object]] = {
        Of.TIME: frozenset(said.times),
        Of.DAY: frozenset(said.days),
        Of.PART: frozenset(said.parts),
        Of.SERVICE: frozenset(said.services),
        Of.LENGTH: frozenset(said.lengths),
        Of.STAFF: frozenset(said.staff),
    }
    for fact in clause.facts:
        if fact.of in known and not _is_among(fact, known[fact.of]):
            yield "said"


def _is_among(fact: Fact, known: frozenset[object]) -> bool:
    return bool(fact.value & known) if isinstance(fact.value, frozenset) else fact.value in known


def language(text: str, evidence: Evidence) -> Iterator[str]:
    """Another language, and hours that no clock has."""
    facts = evidence.facts
    allowed = " ".join((facts.business.name, facts.business.address, *(s.name for s in facts.services)))
    latin = [word for word in _LATIN.findall(text) if word not in allowed and word not in evidence.words]
    if latin or _FOREIGN.search(text) or not re.search(r"[א-ת]", text):
        yield "language"
    if _NO_HOUR.search(text):
        yield "hour"
