"""Messages that tell a customer what was booked, moved or cancelled: when there is one, and when it has a point. Pure.

One message tells how things stand. While it has not gone out, the next change takes its place.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from server.calendar.models import Appointment, Business, Source, Status
from server.calendar.phones import is_mobile

PATIENCE = dt.timedelta(seconds=60)
"""How long a message waits, so that a slip that is put right at once is never told."""

_STANDING = (Status.BOOKED, Status.CONFIRMED, Status.CANCELLED)
"""What a message may tell of; who has come or stayed away needs none."""


class Kind(StrEnum):
    BOOKED = "booked"
    MOVED = "moved"
    CANCELLED = "cancelled"


class State(StrEnum):
    WAITING = "waiting"
    SENT = "sent"  # Twilio took it
    FAILED = "failed"  # given up
    SUPERSEDED = "superseded"  # a later one tells more
    POINTLESS = "pointless"  # when it was due there was nothing to tell any more


@dataclass(frozen=True, slots=True)
class Notice:
    """`due_at` is when it may be tried; `error` the code of the latest failure, or why it was not sent."""

    id: int
    kind: Kind
    state: State
    due_at: dt.datetime
    attempt_count: int
    settled_at: dt.datetime | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice to be sent now: its `attempt_count`-th try, with what it is about as that stands."""

    notice: Notice
    business: Business
    appointment: Appointment


def can_reach(business: Business, appointment: Appointment, now: dt.datetime) -> bool:
    """Whether the customer is told of changes to this appointment."""
    is_ahead = appointment.status in _STANDING and appointment.starts_at > now
    return business.sends_confirmations and is_mobile(appointment.customer_phone) and is_ahead


def kind_after(waiting: Sequence[Notice], kind: Kind, appointment: Appointment, by: Source) -> Kind | None:
    """What is to be told of a change that takes the place of messages that wait; None for nothing.

    Whoever was never told of a booking hears of it as it is now, and of one that is cancelled not at all. A message
    that was tried may have arrived, even if no answer came; and who booked by telephone knows without a message, so
    that what others change at once is no less of a change to him.
    """
    is_untold = any(notice.kind is Kind.BOOKED and notice.attempt_count == 0 for notice in waiting)
    is_known = appointment.source is Source.CALL and by is not Source.CALL
    if is_known or not is_untold:
        return kind
    return None if kind is Kind.CANCELLED else Kind.BOOKED


def pointless(letter: Letter, now: dt.datetime) -> str | None:
    """Why a message need not go out any more, as a code; None while it has a point."""
    made = letter.appointment
    if not letter.business.sends_confirmations:
        return "switched_off"
    if not is_mobile(made.customer_phone):
        return "no_mobile"
    if made.starts_at <= now:
        return "begun"
    is_cancelled = made.status is Status.CANCELLED
    if made.status not in _STANDING or is_cancelled is not (letter.notice.kind is Kind.CANCELLED):
        return "changed"
    return None
