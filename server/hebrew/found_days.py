"""Days of the calendar that something said may mean."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Days:
    """`first`..`last`, both included; one of them None for an open end. `others` are the readings not taken."""

    first: dt.date | None
    last: dt.date | None
    is_doubtful: bool = False
    others: tuple[dt.date, ...] = ()

    @property
    def single(self) -> dt.date | None:
        return self.first if self.first == self.last else None


def one(day: dt.date, *others: dt.date, doubtful: bool = False) -> Days:
    """A single day; other readings of it put it in doubt."""
    rest = tuple(other for other in others if other != day)
    return Days(day, day, doubtful or bool(rest), rest)
