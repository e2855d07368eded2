"""Whether a clause tells of something as free, or as taken. Pure."""

from __future__ import annotations

from server.agents.claims.clauses import Clause, Word
from server.agents.claims.plain_words import LITTLE
from server.agents.claims.senses import Sense
from server.agents.speech import Of
from server.agents.speech_numbers import Count


def is_look(clause: Clause) -> bool:
    """ "אבדוק מה פנוי", "מחפשת לכם מקום": nothing is told of it yet."""
    asked = [word.at for word in clause.words if Sense.ASK in word.senses and word.text != "כמה"]
    outcome = [word.at for word in clause.words if word.senses & {Sense.TAKEN, Sense.FREE, Sense.THERE}]
    if asked and outcome and min(asked) < min(outcome) and not clause.of(Of.TIME):
        return True  # "אומרת לכם מה פנוי"
    return clause.tells(Sense.LOOK) and not outcome


def is_none(clause: Clause) -> bool:
    """Whether a clause tells that something is not free."""
    if clause.has_word("שרירים", "לשרירים", "השרירים"):
        return False
    if clause.tells(Sense.TAKEN) and not clause.tells(Sense.MANY):
        return True
    if clause.has_word("צורך", "בעיה", "ספק", "טעם"):
        return False
    is_theirs = Sense.VISIT in clause.denied and clause.has_word("לכם", "לך", *_OWN, *SEEN)
    if Sense.FREE in clause.denied and not clause.has(Sense.ROOM) and _is_of_us(clause):
        return False
    is_nothing = Sense.NOTHING in clause.denied and clause.has_word("אין", "ואין", "נשאר", "נותר", "נשארו")
    if (is_nothing or {Sense.FREE, Sense.ROOM} & clause.denied) and not is_theirs:
        return not clause.has(Sense.BOOK, Sense.WRITE, Sense.CANCEL, Sense.CHARGE, Sense.SUCCEED, Sense.MESSAGE)
    last = clause.words[-1] if clause.words else None
    is_elliptic = last is not None and last.text == "לא" and any(f.at < last.at for f in clause.facts)  # "ב-11:00 לא"
    is_when = bool(clause.of(Of.TIME, Of.WINDOW, Of.DAY, Of.SPAN, Of.PART))
    is_impossible = clause.has_word("אי") and Sense.MAY in clause.denied
    is_bare = (clause.has_word("אין", "ואין") or is_elliptic or is_impossible) and (
        is_when or bool(clause.of(Of.STAFF))
    )
    others = (Sense.VISIT, Sense.ABLE, Sense.PRICE, Sense.MESSAGE, Sense.CARE, Sense.LASTS)
    return is_bare and not clause.has(*others) and (is_when or not clause.of(Of.SERVICE, Of.LENGTH))


def is_free(clause: Clause) -> bool:
    """Whether a clause tells that something is free."""
    if is_wide_open(clause):
        return True
    if Sense.TAKEN in clause.denied or (clause.tells(Sense.FREE) and not _is_of_us(clause)):
        return True
    if _is_all_there_is(clause):
        return True
    has_time = bool(clause.of(Of.TIME, Of.WINDOW))
    if clause.has_word("כן") and clause.words[-1].text == "כן" and clause.of(Of.TIME, Of.DAY, Of.STAFF, Of.PART):
        return True  # "אבל רון כן"
    if _may_come(clause):
        return True
    may_be_had = clause.tells(Sense.MAY) and clause.has_word("אפשר", "ניתן") and not clause.tells(Sense.TODO)
    if (may_be_had and not _holds_infinitive(clause)) or (clause.tells(Sense.OFFER) and clause.has_word(*_OFFERING)):
        return has_time or bool(clause.of(Of.DAY, Of.SPAN, Of.PART))
    if not clause.tells(Sense.THERE) or _is_of_something(clause):
        return False
    if not clause.facts and all(word.text in _NODS for word in clause.words):
        return True  # "כן, יש."
    is_own_visit = clause.tells(Sense.VISIT) and clause.has_word("לכם", "לך", "שמכם", "שמך")
    if is_own_visit or (clause.has_word("לכם", "לך") and clause.of(Of.SERVICE)):
        return False
    is_counted = any(isinstance(f.value, Count) and f.value.thing == "free" for f in clause.of(Of.COUNT))
    if has_time or is_counted or clause.tells(Sense.ROOM):
        return True
    is_when = bool(clause.of(Of.DAY, Of.SPAN, Of.PART, Of.STAFF))
    is_of_service = bool(clause.of(Of.SERVICE)) and not clause.of(Of.DAY, Of.SPAN, Of.PART)
    is_of_list = is_of_service or bool(clause.of(Of.LENGTH, Of.PRICE, Of.COUNT))
    return is_when and not is_of_list and not clause.has(Sense.VISIT, Sense.CARE)


def _is_all_there_is(clause: Clause) -> bool:
    """ "מחר רק בבוקר": nothing is said of it but that there is no more."""
    is_when = bool(clause.of(Of.TIME, Of.WINDOW, Of.DAY, Of.PART, Of.STAFF))
    is_of_else = bool(clause.of(Of.SERVICE, Of.LENGTH, Of.PRICE)) or not clause.told <= _MERE
    return limits(clause) and is_when and not is_of_else and not clause.is_asked


_MERE = frozenset((Sense.ONLY, Sense.OR, Sense.ROOM, Sense.OFFER))


def limits(clause: Clause) -> bool:
    """Whether an "only" stands by a fact: "רק ב-10:00", and not "רק תגידו לי שם"."""
    for i, word in enumerate(clause.words):
        if Sense.ONLY not in word.senses or word.is_denied:
            continue
        following = clause.words[i + 1] if i + 1 < len(clause.words) else None
        fact = next((fact.at for fact in clause.facts if fact.at > word.at), None)
        is_near = fact is not None and (following is None or fact < following.at or not _is_verb(following))
        if word.text not in ("רק", "ורק", "אך") or is_near:
            return True
    return False


def _is_verb(word: Word) -> bool:
    return word.text not in LITTLE and not word.senses & {Sense.ROOM, Sense.FREE, Sense.OFFER, Sense.THERE, Sense.CARE}


def is_wide_open(clause: Clause) -> bool:
    """ "מחר פתוח לגמרי": free, and no word of opening hours."""
    return clause.has_word("פתוח", "פתוחה") and clause.tells(Sense.ALL) and not clause.of(Of.TIME, Of.WINDOW)


_OWN = ("השם", "שם", "שמכם", "שמך", "כזה", "ביומן", "אצלי")
SEEN = ("רואה", "מצאתי", "מוצאת", "נמצא", "נרשם", "מופיע", "מופיעים", "מופיעה", "רשום")
"""With a "no" they tell that an appointment is not to be found, and nothing of what is free."""

_NODS = ("כן", "יש", "בטח", "בוודאי", "ברור", "אז")
_OFFERING = ("להציע", "אציע", "מציעה", "מציעים", "נציע")


def _is_of_us(clause: Clause) -> bool:
    """ "אנחנו זמינים": who is there, not what is free."""
    is_hour = clause.has_word("השעה", "המועד") or bool(clause.of(Of.TIME, Of.DAY, Of.SPAN, Of.PART, Of.STAFF))
    return clause.has_word("אנחנו", "אני", "היומן", "המערכת") and not clause.tells(Sense.ROOM) and not is_hour


def _is_of_something(clause: Clause) -> bool:
    """ "יש לי ספק לגבי היום", "יש לכם העדפה": what there is, is no free hour."""
    there = next(word.at for word in clause.words if Sense.THERE in word.senses and not word.is_denied)
    facts = [fact.at for fact in clause.facts if fact.at > there]
    things = [w for w in clause.words if w.at > there and w.text not in LITTLE and Sense.UNFOUNDED not in w.senses]
    if not things or (facts and facts[0] < things[0].at):
        return False
    return not things[0].senses


def _may_come(clause: Clause) -> bool:
    """ "אפשר לבוא בכל שעה", "אפשר להגיע בעשר"."""
    is_invited = clause.tells(Sense.MAY) and clause.has_word("לבוא", "להגיע") and not clause.is_asked
    return is_invited and (bool(clause.of(Of.TIME)) or clause.has_word("בכל"))


def _holds_infinitive(clause: Clause) -> bool:
    return any(word.text.startswith("ל") and len(word.text) > 3 for word in clause.words)
