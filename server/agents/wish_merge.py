"""How a line of the caller changes the appointment in the making.

Pure. A later word replaces an earlier one; a new day keeps the hour that was wished, a new hour keeps the day.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from server.agents.questions import Question
from server.agents.wish import DAYPARTS, Wish, is_that_day
from server.hebrew.models import Answer, Daypart, Exclusion, Intent, Offer, Prefer, Understanding


def merge(wish: Wish, u: Understanding, question: Question | None, offers: Sequence[Offer]) -> Wish:
    """The wish after one more line of the caller, said in answer to `question` with `offers` on the table."""
    wish = _merge_what(wish, u, question)
    picked = _picked(u, question, offers)
    if picked is not None:
        return replace(wish.at(picked.date, picked.time), staff=u.staff or wish.staff)
    if question is Question.DATE_CHECK and u.date is None:
        wish = _answer_date_check(wish, u)
    wish = _exclude(_taken_back(wish, u), u)
    wish = _merge_day(wish, u)
    wish = _merge_hour(wish, u, question)
    if delegates(u):
        wish = replace(wish, prefer=u.prefer or wish.prefer or Prefer.EARLIEST, is_delegated=True)
    elif u.holds_when or u.shift is not None:
        wish = replace(wish, is_delegated=False)
    if u.shift is not None and offers and u.time is None:
        wish = wish.beside(offers, u.shift)
    if question is Question.OFFER and u.answer is Answer.NO and not u.holds_when and u.shift is None:
        wish = replace(wish.cleared_hour(), has_declined=True)
    elif u.holds_when or u.shift is not None:
        wish = replace(wish, has_declined=False)
    return wish


def _merge_what(wish: Wish, u: Understanding, question: Question | None) -> Wish:
    if u.service is not None:
        if wish.service not in (None, u.service) and u.duration_min is None:
            wish = replace(wish, minutes=None)
        wish = replace(wish, service=u.service, is_service_doubtful="service" in u.ambiguous)
    is_length = u.shift is None or question is Question.DURATION  # else it tells by how much to shift
    if u.duration_min is not None and is_length:
        wish = replace(wish, minutes=u.duration_min, is_minutes_doubtful="duration" in u.ambiguous)
    if question is Question.BOOK and u.answer is Answer.YES:  # with whom else it can be booked was just said
        wish = replace(wish, staff=None)
    if wish.staff is not None and u.staff is None and _SOMEBODY_ELSE.search(u.text):
        wish = replace(wish, staff=None)
    # A bare word after "which treatment?" is no name, however much it looks like one.
    name = u.name if question is not Question.SERVICE or u.service is not None else None
    return replace(wish, staff=u.staff or wish.staff, name=name or wish.name, phone=u.phone or wish.phone)


_SOMEBODY_ELSE = re.compile(r"(?<![א-ת])(?:מישהו|מישהי|מטפל|מטפלת) אחרת?(?![א-ת])")


def _picked(u: Understanding, question: Question | None, offers: Sequence[Offer]) -> Offer | None:
    """Which of the offers the line takes, if any."""
    if not offers or question is not Question.OFFER:
        return None
    if u.choice is not None and -len(offers) <= u.choice < len(offers):
        return offers[u.choice]
    if u.time is not None:
        same = [o for o in offers if o.time == u.time and u.date in (None, o.date)]
        return same[0] if same else None
    if u.date is not None:
        same = [o for o in offers if o.date == u.date]
        return same[0] if len(same) == 1 else None
    if u.holds_when or u.shift is not None:
        return None
    if u.answer is Answer.EITHER or (u.answer is Answer.YES and len(offers) == 1):
        return offers[0]
    return None


def _answer_date_check(wish: Wish, u: Understanding) -> Wish:
    """The day that was asked about is taken or turned down; who goes on with a name or a thank-you has taken it."""
    if u.answer is None and not u.name and Intent.THANKS not in u.intents:
        return wish
    if u.answer is not Answer.NO:
        return replace(wish, date_readings=None)
    if wish.date_readings:
        return replace(wish, date=wish.date_readings[0], date_readings=())
    return replace(wish, date=None, date_to=None, date_readings=None)


def _taken_back(wish: Wish, u: Understanding) -> Wish:
    """A day or an hour that is wished now is ruled out no longer, whatever was said before."""

    def is_wished(exclusion: Exclusion) -> bool:
        if exclusion.staff is not None:
            return exclusion.staff == u.staff
        is_of_day = exclusion.date is not None or exclusion.weekday is not None
        if exclusion.time is not None:
            return exclusion.time == u.time
        return is_of_day and u.date is not None and is_that_day(exclusion, u.date)

    return replace(wish, excluded=tuple(each for each in wish.excluded if not is_wished(each)))


def _exclude(wish: Wish, u: Understanding) -> Wish:
    """What is ruled out is remembered, and taken back where it was wished before."""
    for exclusion in u.excluded:
        wish = replace(wish, excluded=(*wish.excluded, exclusion))
        if exclusion.staff is not None:
            wish = replace(wish, staff=None if wish.staff == exclusion.staff else wish.staff)
            continue
        is_day_alone = exclusion.daypart is None and exclusion.time is None
        if wish.date is not None and not wish.is_range and is_day_alone and is_that_day(exclusion, wish.date):
            wish = replace(wish, date=None, date_readings=None)
        if wish.time is not None and exclusion.time == wish.time:
            wish = wish.cleared_hour()
    return wish


def _merge_day(wish: Wish, u: Understanding) -> Wish:
    if u.date is not None:
        readings = tuple(_dates(u.readings)) if "date" in u.ambiguous else None
        return replace(wish, date=u.date, date_to=None, date_readings=readings, is_day_vague=False)
    if u.date_from is not None or u.date_to is not None:
        first, is_vague = u.date_from or u.date_to, "date" in u.ambiguous
        return replace(wish, date=first, date_to=u.date_to or u.date_from, date_readings=None, is_day_vague=is_vague)
    return wish


def _dates(readings: Sequence[str]) -> Iterator[dt.date]:
    for text in readings:
        with contextlib.suppress(ValueError):
            yield dt.date.fromisoformat(text)


def _merge_hour(wish: Wish, u: Understanding, question: Question | None) -> Wish:
    if question is Question.DAYPART and u.time is None and u.daypart is not None and wish.time is not None:
        return _choose_reading(wish, u.daypart)
    is_said = any(v is not None for v in (u.time, u.time_from, u.time_to, u.daypart, u.prefer))
    if is_said:
        wish = wish.cleared_hour()
        window = DAYPARTS[u.daypart] if u.daypart and u.time_from is None and u.time_to is None else (None, None)
        readings = tuple(_times([r for r in u.readings if ":" in r])) if "time" in u.ambiguous else None
        return replace(
            wish,
            time=u.time,
            time_from=u.time_from or (window[0] if u.time is None else None),
            time_to=u.time_to or (window[1] if u.time is None else None),
            is_end_limit=u.is_end_limit,
            prefer=u.prefer,
            time_readings=readings,
        )
    if u.answer is Answer.EITHER and question in (Question.TIME, Question.WHEN, Question.DAY):
        return replace(wish, prefer=Prefer.EARLIEST)
    return wish


def _times(readings: Sequence[str]) -> Iterator[dt.time]:
    for text in readings:
        with contextlib.suppress(ValueError):
            yield dt.time.fromisoformat(text)


def _choose_reading(wish: Wish, daypart: Daypart) -> Wish:
    first, last = DAYPARTS[daypart]
    readings = [wish.time, *(wish.time_readings or ())]
    fitting = [time for time in readings if time is not None and first <= time < last]
    return replace(wish, time=fitting[0] if fitting else wish.time, time_readings=None)


_TELLS_TO_BOOK = re.compile(r"(?<![א-ת])(?:ו|אז )?ת(?:קבע|סגר|רשמ|רשום|סגור|שבצ|שריינ|זמינ)[א-ת]*(?![א-ת])")


def delegates(u: Understanding) -> bool:
    """Whether a line leaves the hour to us: "the earliest you have, just book it"."""
    leaves = u.prefer is not None or u.answer is Answer.EITHER
    is_open = u.time is None and u.time_from is None and u.time_to is None and u.choice is None
    return leaves and is_open and bool(_TELLS_TO_BOOK.search(u.text)) and not u.text.rstrip().endswith("?")
