"""The appointment in the making: what the caller has said of it so far. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from server.agents.saying import weekday
from server.hebrew.models import Daypart, Exclusion, Offer, Prefer, Understanding

DAYPARTS: dict[Daypart, tuple[dt.time, dt.time]] = {
    Daypart.MORNING: (dt.time(5), dt.time(12)),
    Daypart.NOON: (dt.time(12), dt.time(15)),
    Daypart.AFTERNOON: (dt.time(15), dt.time(18)),
    Daypart.EVENING: (dt.time(18), dt.time(23)),
    Daypart.NIGHT: (dt.time(20), dt.time(23, 59)),
}
"""When a part of the day begins and ends, as a caller means it."""


@dataclass(frozen=True, slots=True)
class Wish:
    """`is_picked`: the slot is one that was offered, or confirmed. `date_readings` and `time_readings` hold the other
    readings of a doubtful day or hour; None where there is no doubt."""

    service: str | None = None
    minutes: int | None = None
    staff: str | None = None
    name: str | None = None
    phone: str | None = None
    date: dt.date | None = None
    date_to: dt.date | None = None  # a range when set; `date` is its first day
    time: dt.time | None = None
    time_from: dt.time | None = None
    time_to: dt.time | None = None
    is_end_limit: bool = False
    prefer: Prefer | None = None
    excluded: tuple[Exclusion, ...] = ()
    date_readings: tuple[dt.date, ...] | None = None
    is_day_vague: bool = False  # a span in doubt, such as "the 31st of February"
    time_readings: tuple[dt.time, ...] | None = None
    is_service_doubtful: bool = False
    is_minutes_doubtful: bool = False
    has_declined: bool = False  # the last offers were turned down
    people: int = 1  # who come at the same time
    is_delegated: bool = False  # the caller leaves the hour to us: the first that is free is booked

    @property
    def refused_staff(self) -> frozenset[str]:
        return frozenset(exclusion.staff for exclusion in self.excluded if exclusion.staff is not None)

    @property
    def has_day(self) -> bool:
        return self.date is not None

    @property
    def has_hour(self) -> bool:
        return any(value is not None for value in (self.time, self.time_from, self.time_to, self.prefer))

    @property
    def is_range(self) -> bool:
        return self.date_to is not None and self.date_to != self.date

    def at(self, day: dt.date, time: dt.time) -> Wish:
        """The same wish for one slot, without doubt."""
        return replace(
            self.cleared_hour(),
            date=day,
            date_to=None,
            date_readings=None,
            is_day_vague=False,
            time=time,
            has_declined=False,
        )

    def shifted(self, u: Understanding, day: dt.date, time: dt.time) -> Wish:
        """Earlier or later than an appointment: by as much as was said, else any hour of its day before or after."""
        if u.shift is None or u.duration_min is None:
            return self.beside([Offer(day, time)], u.shift or Prefer.LATEST)
        moment = moved_by(u, dt.datetime.combine(day, time))
        return self.at(moment.date(), moment.time())

    def beside(self, offers: Sequence[Offer], shift: Prefer) -> Wish:
        """Earlier or later than what was just offered, on the same day."""
        wish = self.cleared_hour()
        first, last = min(offers, key=_moment), max(offers, key=_moment)
        if _moment(last) - _moment(first) >= WIDE and first.date == last.date:
            first, last = last, first  # spread over the day: there is much between them
        if shift is Prefer.EARLIEST:
            return replace(wish, date=first.date, date_to=None, time_to=first.time)
        after = (dt.datetime.combine(last.date, last.time) + dt.timedelta(minutes=1)).time()
        return replace(wish, date=last.date, date_to=None, time_from=after)

    def person_alone(self) -> Wish:
        """Nothing but who is wishing: another matter begins."""
        return Wish(name=self.name, phone=self.phone)

    def cleared_hour(self) -> Wish:
        return replace(
            self, time=None, time_from=None, time_to=None, is_end_limit=False, prefer=None, time_readings=None
        )

    def cleared_when(self) -> Wish:
        wish = replace(self.cleared_hour(), date=None, date_to=None, date_readings=None, is_day_vague=False)
        return replace(wish, excluded=())


WIDE = dt.timedelta(hours=3)
"""Offers as far apart as this leave hours between them that were not named."""


def _moment(offer: Offer) -> dt.datetime:
    return dt.datetime.combine(offer.date, offer.time)


def moved_by(u: Understanding, moment: dt.datetime) -> dt.datetime:
    """The moment that "an hour later" means."""
    step = dt.timedelta(minutes=u.duration_min or 0)
    return moment - step if u.shift is Prefer.EARLIEST else moment + step


def allows(wish: Wish, day: dt.date, time: dt.time) -> bool:
    """Whether a slot is none of what the caller ruled out."""
    return not any(_rules_out(exclusion, day, time) for exclusion in wish.excluded)


def _rules_out(exclusion: Exclusion, day: dt.date, time: dt.time) -> bool:
    """Whether all that the exclusion names is true of the slot: "not on Tuesday morning" leaves Tuesday evening. Who is
    refused rules out no slot by day and hour."""
    if exclusion.staff is not None:
        return False
    if exclusion.daypart is not None:
        first, last = DAYPARTS[exclusion.daypart]
        if not first <= time < last:
            return False
    return exclusion.time in (None, time) and is_that_day(exclusion, day)


def is_that_day(exclusion: Exclusion, day: dt.date) -> bool:
    """Whether the day is one that the exclusion names; one without a day names all."""
    return exclusion.date in (None, day) and exclusion.weekday in (None, weekday(day))
