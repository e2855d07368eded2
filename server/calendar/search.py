"""Looks for free time: reads what is busy on the days in question and lets `availability` judge."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection

from server.calendar import availability
from server.calendar.availability import Wish
from server.calendar.busy import BusyTimes
from server.calendar.desk import Look, read_busy
from server.calendar.diary import Diary, Wanted
from server.calendar.hours import to_minute, weekday
from server.calendar.intake import clean_minutes, within_calendars
from server.calendar.models import BusinessFacts, Found, Refusal, Slot, SlotQuery
from server.calendar.words import Unfit, clean_name

NEAR_DAYS = 3
REACHES = (NEAR_DAYS, availability.DAYS_AROUND)
SPAN_DAYS = 14
"""A long range is read a fortnight at a time."""


def find(connection: Connection, facts: BusinessFacts, now: dt.datetime, query: SlotQuery) -> Found | Refusal:
    """As `Bookings.find`."""
    try:
        clean = _clean(query)
    except Unfit as error:
        return Refusal("invalid", str(error))
    wanted = availability.resolve(facts, clean.service, clean.minutes, clean.staff)
    if isinstance(wanted, Refusal):
        return wanted
    diary = Diary(facts, BusyTimes(), now)
    first = clean.date_from or diary.today
    last = clean.date_to or (diary.horizon if clean.date_from is None else first)
    found = _in_order(connection, diary, wanted, clean, first, last)
    if found.slots:
        return found
    able = tuple(s for s in facts.staff if s.id in wanted.service.staff_ids)
    look = Look(replace(wanted, staff=able), _wish(diary, wanted, clean))
    # A long search that found nothing has looked at the near days already.
    reaches = REACHES if last - first < dt.timedelta(days=NEAR_DAYS) else REACHES[1:]
    return replace(found, alternatives=around(connection, facts, now, look, reaches))


def around(
    connection: Connection, facts: BusinessFacts, now: dt.datetime, look: Look, reaches: Sequence[int] = REACHES
) -> tuple[Slot, ...]:
    """The nearest free slots around a wish, best first; farther days are read only if near ones do not suffice."""
    slots: tuple[Slot, ...] = ()
    for reach in reaches:
        slots = _within_reach(connection, Diary(facts, BusyTimes(), now), look, reach)
        if len(slots) == availability.ALTERNATIVES:
            break
    return slots


def _within_reach(connection: Connection, diary: Diary, look: Look, reach: int) -> tuple[Slot, ...]:
    days = availability.alternative_days(diary, look.wish, reach)
    if not days or not look.wanted.staff:
        return ()
    busy = read_busy(connection, diary, look.wanted, min(days), max(days))
    return availability.alternatives(replace(diary, busy=busy), look.wanted, look.wish, around=reach)


def _in_order(
    connection: Connection, diary: Diary, wanted: Wanted, query: SlotQuery, first: dt.date, last: dt.date
) -> Found:
    """Stretch by stretch until there are enough slots; an undated question is content with the first it finds."""
    slots: list[Slot] = []
    reasons: set[str | None] = set()
    for start, end in _stretches(diary, first, last):
        busy = read_busy(connection, diary, wanted, start, end)
        rest = replace(query, limit=query.limit - len(slots))
        found = availability.find(replace(diary, busy=busy), wanted, rest, start, end)
        slots.extend(found.slots)
        reasons.add(found.reason)
        if len(slots) == query.limit or (slots and query.date_from is None and query.date_to is None):
            break
    if slots:
        return Found(tuple(slots))
    return Found((), (), next(reason for reason in availability.REASONS if reason in reasons))


def _stretches(diary: Diary, first: dt.date, last: dt.date) -> list[tuple[dt.date, dt.date]]:
    """The days from `first` to `last` in stretches; those that cannot be booked are in the first or the last."""
    start, end = max(first, diary.today), min(last, diary.horizon)
    if start > end:
        return [(first, last)]
    stretches = []
    while start <= end:
        stop = min(start + dt.timedelta(days=SPAN_DAYS - 1), end)
        stretches.append((start, stop))
        start = stop + dt.timedelta(days=1)
    return stretches


def _wish(diary: Diary, wanted: Wanted, query: SlotQuery) -> Wish:
    staff_id = wanted.staff[0].id if query.staff is not None and wanted.staff else None
    minute = None
    if query.time_from is not None:
        minute = to_minute(query.time_from)
    elif query.ends_by is not None:
        minute = max(0, to_minute(query.ends_by) - wanted.minutes)
    elif query.time_to is not None:
        minute = max(0, to_minute(query.time_to) - diary.facts.business.grid_min)
    return Wish(_wished_day(diary, query), minute, staff_id, query.excluded_dates)


def _wished_day(diary: Diary, query: SlotQuery) -> dt.date:
    """The first day of the range that was meant."""
    first = query.date_from or diary.today
    days = (first + dt.timedelta(days=n) for n in range(7))
    meant = (day for day in days if query.days is None or weekday(day) in query.days)
    return next((day for day in meant if day not in query.excluded_dates), first)


def _clean(query: SlotQuery) -> SlotQuery:
    """The query in the diary's terms. Raises Unfit."""
    if query.minutes is not None:
        clean_minutes(query.minutes)
    if query.date_from and query.date_to and query.date_to < query.date_from:
        raise Unfit("the range of dates ends before it begins")
    if query.time_from and query.time_to and dt.time() != query.time_to <= query.time_from:
        raise Unfit("the range of hours ends before it begins")
    if not 1 <= query.limit <= 1000:
        raise Unfit("limit must be from 1 to 1000")
    return replace(
        query,
        service=clean_name(query.service, "service"),
        staff=None if query.staff is None else clean_name(query.staff, "staff"),
        date_from=None if query.date_from is None else within_calendars(query.date_from),
        date_to=None if query.date_to is None else within_calendars(query.date_to),
    )
