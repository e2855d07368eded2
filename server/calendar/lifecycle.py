"""What may become of an appointment, and when. Slips can be taken back; only time makes somebody late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from server.calendar.models import Appointment, Refusal, Status

_AHEAD = frozenset({Status.BOOKED, Status.CONFIRMED})
_SEEN = frozenset({Status.ARRIVED, Status.NO_SHOW})

_NEXT: Mapping[Status, frozenset[Status]] = {
    Status.BOOKED: _AHEAD | _SEEN | {Status.CANCELLED},
    Status.CONFIRMED: _AHEAD | _SEEN | {Status.CANCELLED},
    Status.ARRIVED: _AHEAD | _SEEN,
    Status.NO_SHOW: _AHEAD | _SEEN,
    Status.CANCELLED: _AHEAD,  # it was cancelled by mistake
}


def refuse_status(made: Appointment, status: Status, now: dt.datetime, zone: ZoneInfo) -> Refusal | None:
    """Why `made` cannot become `status` now; None when it can. `now` is aware."""
    if status is not made.status and status not in _NEXT[made.status]:
        return Refusal("wrong_status", f"what is {made.status.value} cannot become {status.value}")
    if status is Status.NO_SHOW and now < made.starts_at:
        return Refusal("not_begun", "nobody can have missed an appointment that has not begun")
    if status is Status.ARRIVED and now.astimezone(zone).date() < made.starts_at.astimezone(zone).date():
        return Refusal("not_begun", "nobody can have arrived before the day of the appointment")
    return None
