"""Whether a sentence claims what has not happened, checked against the tool results of its call.

Pure, at most 1 ms a sentence. What is found is named by kind, for the count and the record; the sentence is not spoken.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from server.agents.dialogue import Visit
from server.agents.evidence import Evidence
from server.agents.speech import Speech, read_speech
from server.hebrew.gazetteer import FIRST_NAMES


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a sentence: booked, moved, cancelled, contact, message, transfer, sent, action, offer,
    taken, closed, hour, date, price, length, name, phone, language or leak."""

    kind: str


_BOUNDARY = r"(?<![א-ת])"

_DONE: tuple[tuple[str, re.Pattern[str], tuple[str, ...]], ...] = (
    (
        "message",
        re.compile(
            _BOUNDARY + r"ו?(?:העברתי|רשמתי|מסרתי|לקחתי|השארתי)(?: לכם| להם)? (?:את )?ה?הודעה|" + _BOUNDARY + r"מסרתי"
        ),
        ("take_message",),
    ),
    (
        "transfer",
        re.compile(_BOUNDARY + r"(?:מעבירה אתכם|העברתי אתכם|אני מעבירה אתכם|מחברת אתכם)"),
        ("transfer_to_human",),
    ),
    (
        "contact",
        re.compile(_BOUNDARY + r"ו?(?:רשמתי|עדכנתי|שמרתי|הוספתי|תיקנתי) (?:לכם )?(?:את )?ה?(?:מספר|טלפון|שם)"),
        ("calendar_set_contact", "calendar_create_appointment", "take_message"),
    ),
    (
        "cancelled",
        re.compile(_BOUNDARY + r"ו?(?:ביטלתי|מחקתי|הסרתי|בוטל|בוטלה|מבוטל|מבוטלת)(?![א-ת])"),
        ("calendar_cancel_appointment",),
    ),
    (
        "moved",
        re.compile(
            _BOUNDARY
            + r"ו?(?:העברתי|הזזתי|דחיתי|הקדמתי|שיניתי|עדכנתי|הועבר|הועברה|הוזז|הוזזה|נדחה|הוקדם|עודכן)(?![א-ת])"
        ),
        ("calendar_reschedule_appointment",),
    ),
    (
        "booked",
        re.compile(
            _BOUNDARY + r"ו?ש?(?:קבעתי|שריינתי|הזמנתי|סידרתי|סגרתי|אישרתי|שמרתי|רשמתי|קבענו|שריינו|הוזמן|הוזמנה|שוריין|"
            r"אושר|אושרה|מאושר|מאושרת|קבועה?|נקבעה|שמור(?:ה)?(?= לכם)|רשומים)(?![א-ת])|"
            + _BOUNDARY
            + r"ה?(?:תור|פגישה|טיפול|מועד)(?: שלכם)?(?: כבר)? (?:נקבע|נקבעה|מחכה|בוצע|נסגר)|נקבע לכם"
        ),
        ("calendar_create_appointment", "calendar_reschedule_appointment"),
    ),
)

_SENT = re.compile(_BOUNDARY + r"(?:(?P<past>שלחתי|נשלח(?:ה)? (?:אליכם|לכם))|אשלח|נשלח לכם|תקבלו|תישלח|יישלח)(?![א-ת])")
_ACTION = re.compile(
    _BOUNDARY
    + r"(?:חייבתי|זיכיתי|גביתי|דיברתי|התקשרתי|שאלתי את|בדקתי עם|סיכמתי|הבטחתי|התשלום (?:התקבל|בוצע)|הוספתי אתכם)"
)
_GIFT = re.compile(_BOUNDARY + r"ב?(?:חינם|הנחה|הנחות|מבצע|במתנה|ללא (?:עלות|תשלום)|בונוס|קופון)(?![א-ת])|\d+ ?%|אחוז")
_FREE = re.compile(
    _BOUNDARY + r"(?:פנוי|פנויה|פנויים|פנויות|זמין|זמינה|זמינים|מתפנה|יש(?! לכם תור)|אפשר(?: גם)? (?:ב|ל)|נשאר(?:ה|ו)?|"
    r"אציע|מציעה)(?![א-ת]{2})"
)
_NONE = re.compile(
    _BOUNDARY + r"(?:אין (?:[א-ת]+ ){0,4}(?:תור|תורים|מקום|מקומות|שעה|שעות|פנוי|פנויה|פנויים|זמינות|משהו)|"
    r"תפוס|תפוסה|תפוסים|תפוסות|מלא|מלאה|מלאים|לא (?:פנוי|פנויה|נשאר|נותר|זמין|זמינה)|אזל|נגמרו)(?![א-ת])"
)
_NO_VISIT = re.compile(_BOUNDARY + r"אין (?:לכם |לי )?(?:אצלנו )?תור(?![א-ת])")
_CLOSED = re.compile(_BOUNDARY + r"(?:סגור|סגורה|סגורים|לא (?:פתוחים|עובדים))(?![א-ת])")
_OPEN = re.compile(_BOUNDARY + r"(?:פתוח|פתוחים|עובדים|פותחים|סוגרים|שעות הפתיחה)(?![א-ת])")
_LEAK = re.compile(r"הנחיות (?:המערכת|שלי)|ההוראות שלי|ההוראות שקיבלתי|פרומפט|מודל שפה|בינה מלאכותית של")
_NAME_CUE = re.compile(
    _BOUNDARY + r"(?=(?:על שם|השם|בשם|אצל|עם|של|תודה|שלום|היי|לקוחה?|גברת|מר|עבור|בשביל|המטפלת?|לכבוד)[,:]? "
    r"(?P<name>[א-ת][א-ת'׳]+))"
)
_PHONE = re.compile(r"\+?\d[\d-]{6,}\d")
_FOREIGN = re.compile(r"[\u0370-\u03ff\u0400-\u052f\u0600-\u06ff\u0e00-\u0e7f\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ_]{2,}")
_CLAUSES = re.compile(r"[;–—]|,? אבל |,(?= (?:יש|אין|אבל|ויש|אפשר|ו?ב-?\d|אנחנו))")
_ASKS_TO = re.compile(r"\?\s*$")


def check(text: str, evidence: Evidence) -> tuple[Finding, ...]:
    """Everything in one sentence that this call does not bear out; empty when it may be spoken."""
    whole = read_speech(text, evidence)
    found = {kind for rule in _RULES for kind in rule(whole, evidence)}
    return tuple(Finding(kind) for kind in sorted(found))


def _claims_done(speech: Speech, evidence: Evidence) -> Iterator[str]:
    for kind, sign, tools in _DONE:
        if sign.search(speech.text):
            if not _is_done(kind, tools, speech, evidence):
                yield kind
            return


def _is_done(kind: str, tools: tuple[str, ...], speech: Speech, evidence: Evidence) -> bool:
    if not evidence.done.intersection(tools):
        return False
    if kind in ("message", "transfer", "contact"):
        return True
    visits = evidence.cancelled if kind == "cancelled" else evidence.live
    if speech.times or speech.days or speech.weekdays:  # a recap of what was done before must fit it
        return any(_fits(visit, speech) for visit in visits)
    return bool(evidence.done_now.intersection(tools)) or len(visits) == 1


def _fits(visit: Visit, speech: Speech) -> bool:
    is_hour = not speech.times or any(visit.time in moments for moments in speech.times)
    is_weekday = not speech.weekdays or (visit.date.weekday() + 1) % 7 in speech.weekdays
    is_day = is_weekday and (not speech.days or visit.date in speech.days)
    is_service = not speech.services or visit.service in speech.services
    is_length = not speech.lengths or visit.minutes in speech.lengths
    return is_hour and is_day and is_service and is_length


def _claims_sent(speech: Speech, evidence: Evidence) -> Iterator[str]:
    sent = _SENT.search(speech.text)
    if sent and (sent["past"] or not evidence.facts.business.sends_confirmations):
        yield "sent"
    if _ACTION.search(speech.text):
        yield "action"
    if _LEAK.search(speech.text):
        yield "leak"


def _availability(speech: Speech, evidence: Evidence) -> Iterator[str]:
    days = speech.days
    for part in _CLAUSES.split(speech.text):
        clause = read_speech(part, evidence) if part != speech.text else speech
        days = clause.days or days
        if _OPEN.search(part) or _CLOSED.search(part):
            yield from _opening(clause, evidence)
        elif _NONE.search(part):
            yield from _taken(clause, days, evidence)
        elif _FREE.search(part) and clause.times:
            yield from _offer(clause, days, evidence)


def _taken(clause: Speech, days: tuple[dt.date, ...], evidence: Evidence) -> Iterator[str]:
    if (
        (not evidence.has_found_none and not evidence.has_searched)
        or (not clause.times and not evidence.has_found_none)
        or (days and clause.times and all(any((days[0], t) in evidence.free for t in each) for each in clause.times))
    ):
        yield "taken"


def _offer(clause: Speech, days: tuple[dt.date, ...], evidence: Evidence) -> Iterator[str]:
    for moments in clause.times:
        if not any(_is_free(time, days, evidence) for time in moments):
            yield "offer"


def _is_free(time: dt.time, days: tuple[dt.date, ...], evidence: Evidence) -> bool:
    is_visit = any(visit.time == time and (not days or visit.date in days) for visit in evidence.live)
    return is_visit or any(t == time and (not days or day in days) for day, t in evidence.free)


def _opening(clause: Speech, evidence: Evidence) -> Iterator[str]:
    hours = evidence.facts.hours
    day_intervals = [hours.on(day) for day in clause.days] or [hours.weekly[i] for i in clause.weekdays]
    if _CLOSED.search(clause.text) and not clause.times and any(day_intervals):
        yield "closed"
    intervals = day_intervals if len(day_intervals) == 1 else list(hours.weekly)
    edges = {edge for each in intervals for interval in each for edge in interval}
    if _OPEN.search(clause.text) and any(not moments & edges for moments in clause.times):
        yield "hour"
    if _OPEN.search(clause.text) and not _CLOSED.search(clause.text) and day_intervals and not any(day_intervals):
        yield "closed"


def _hours(speech: Speech, evidence: Evidence) -> Iterator[str]:
    if _OPEN.search(speech.text):
        return
    edges = {edge for each in evidence.facts.hours.weekly for interval in each for edge in interval}
    known = evidence.times | edges
    if any(not moments & known for moments in speech.times):
        yield "hour"


def _dates(speech: Speech, evidence: Evidence) -> Iterator[str]:
    if any(day not in evidence.days for day in speech.calendar_days):
        yield "date"
    is_pair = len(speech.calendar_days) == 1 and len(speech.weekdays) == 1
    if is_pair and (speech.calendar_days[0].weekday() + 1) % 7 != speech.weekdays[0]:
        yield "date"


def _prices(speech: Speech, evidence: Evidence) -> Iterator[str]:
    if _GIFT.search(speech.text):
        yield "price"
    named = [s for s in evidence.facts.services if s.name in speech.services] or list(evidence.facts.services)
    options = [option for service in named for option in service.lengths]
    if len(speech.lengths) == 1 and len(speech.prices) == 1:
        options = [option for option in options if option.minutes == speech.lengths[0]]
    if any(price not in {option.price for option in options} for price in speech.prices):
        yield "price"
    lengths = {option.minutes for option in options} | {visit.minutes for visit in evidence.live}
    is_denied = re.search(_BOUNDARY + r"(?:אין|לא)(?![א-ת])", speech.text)
    if speech.services and not speech.prices and not is_denied and any(x not in lengths for x in speech.lengths):
        yield "length"


def _names(speech: Speech, evidence: Evidence) -> Iterator[str]:
    staff = {word for person in evidence.facts.staff for word in person.name.split()}
    known = evidence.words | staff | set(evidence.facts.business.name.split())
    for cue in _NAME_CUE.finditer(speech.text):
        name = cue["name"]
        if name in FIRST_NAMES and name not in known and not any(name in word for word in known):
            yield "name"
    own = "".join(c for c in evidence.facts.business.number if c.isdigit())
    for phone in _PHONE.finditer(speech.text):
        digits = re.sub(r"\D", "", phone[0])
        if digits.removeprefix("972").removeprefix("0") not in evidence.digits + " " + own:
            yield "phone"


def _language(speech: Speech, evidence: Evidence) -> Iterator[str]:
    facts = evidence.facts
    allowed = " ".join((facts.business.name, facts.business.address, *(s.name for s in facts.services)))
    latin = [word for word in _LATIN.findall(speech.text) if word not in allowed and word not in evidence.words]
    if latin or _FOREIGN.search(speech.text) or not re.search(r"[א-ת]", speech.text):
        yield "language"


_RULES: tuple[Callable[[Speech, Evidence], Iterator[str]], ...] = (
    _claims_done,
    _claims_sent,
    _availability,
    _hours,
    _dates,
    _prices,
    _names,
    _language,
)
