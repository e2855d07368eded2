"""Appointments and free times as the tools tell of them. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from server.hebrew.models import Offer, Understanding


@dataclass(frozen=True, slots=True)
class Visit:
    """An appointment as a tool told of it; `number` is what tools call it in this call."""

    number: int
    service: str
    minutes: int
    date: dt.date
    time: dt.time
    staff: str
    name: str
    needs_phone: bool = False
    is_of_call: bool = True

    @property
    def end(self) -> dt.time:
        return (dt.datetime.combine(self.date, self.time) + dt.timedelta(minutes=self.minutes)).time()

    @classmethod
    def of(cls, told: dict[str, Any], *, is_of_call: bool = True) -> Visit:
        return cls(
            number=int(told["appointment"]),
            service=str(told["service"]),
            minutes=int(told["minutes"]),
            date=dt.date.fromisoformat(told["date_iso"]),
            time=dt.time.fromisoformat(told["time"]),
            staff=str(told["staff"]),
            name=str(told.get("customer_name") or ""),
            needs_phone=bool(told.get("needs_phone")),
            is_of_call=is_of_call,
        )


def meant(own: Sequence[Visit], u: Understanding, *, is_answer: bool) -> Visit | None:
    """Which of several appointments a line describes; `is_answer` when it was asked which."""
    if len(own) == 1:
        return own[0]
    if is_answer and u.choice is not None and -len(own) <= u.choice < len(own):
        return own[u.choice]
    if u.date is None and u.time is None and u.service is None:
        return None
    said = [v for v in own if u.date in (None, v.date) and u.time in (None, v.time) and u.service in (None, v.service)]
    return said[0] if len(said) == 1 else None


def offer_of(slot: dict[str, Any]) -> Offer:
    """A slot of a tool's answer."""
    return Offer(dt.date.fromisoformat(slot["date_iso"]), dt.time.fromisoformat(slot["time"]))
