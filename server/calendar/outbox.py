"""The outbox: a message is written in the transaction of the change it tells of, and taken out to be sent afterwards.

At least once: whoever takes a notice holds it for `LEASE`, and if nothing is heard of him by then it is taken again.
A process that dies between sending a message and noting it may therefore make another send it twice; none is lost.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, Engine

from server.calendar import store, store_notices, store_setup
from server.calendar.models import Appointment, Business, Source
from server.calendar.notice import PATIENCE, Kind, Letter, Notice, State, can_reach, kind_after
from server.clock import Clock
from server.db.faults import read, transact

LEASE = dt.timedelta(minutes=2)
"""Longer than a try may take."""

PAUSES = tuple(dt.timedelta(minutes=n) for n in (1, 5, 30, 120, 360))
"""After each passing failure; after the last one the notice is given up."""


def put(
    connection: Connection, business: Business, appointment: Appointment, kind: Kind, by: Source, now: dt.datetime
) -> None:
    """Let the customer hear of a change to an appointment, which is passed as it is now.

    Belongs into the transaction of the change.
    """
    waited = store_notices.supersede(connection, appointment.id, now)
    told = kind_after(waited, kind, appointment, by)
    if told is not None and can_reach(business, appointment, now):
        store_notices.add(connection, business.id, appointment.id, told, now, now + PATIENCE)


class Outbox:
    """The sender's side. All methods block: call them on a thread of your own."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def take(self) -> Letter | None:
        """The next letter, which is the taker's alone for `LEASE`; None when none is due."""
        now = self._clock.now()
        # SQLite has one writer: a look that finds nothing must not stand in its way.
        if not read(self._engine, lambda c: store_notices.is_any_due(c, now)):
            return None
        return transact(self._engine, lambda c: _letter(c, now))

    def sent(self, letter: Letter, sid: str) -> None:
        now = self._clock.now()
        transact(self._engine, lambda c: store_notices.settle_sent(c, letter.notice.id, now, sid))

    def put_off(self, letter: Letter, code: str) -> bool:
        """Try again after a pause that grows; False when that was the last try and it is given up."""
        tries = letter.notice.attempt_count
        if tries > len(PAUSES):
            self.give_up(letter, code)
            return False
        self._unsent(letter, {"due_at": self._clock.now() + PAUSES[tries - 1], "error": code})
        return True

    def give_up(self, letter: Letter, code: str) -> None:
        self._settle(letter, State.FAILED, code)

    def drop(self, letter: Letter, reason: str) -> None:
        """It has become pointless."""
        self._settle(letter, State.POINTLESS, reason)

    def told_of(self, business_id: int, appointment_id: int) -> tuple[Notice, ...]:
        """What an appointment's customer was told, is about to be told or could not be told; oldest first."""
        return read(self._engine, lambda c: store_notices.told_of(c, business_id, appointment_id))

    def _settle(self, letter: Letter, state: State, code: str) -> None:
        self._unsent(letter, {"state": state.value, "settled_at": self._clock.now(), "error": code})

    def _unsent(self, letter: Letter, values: dict[str, object]) -> None:
        transact(self._engine, lambda c: store_notices.settle_unsent(c, letter.notice, values))


def _letter(connection: Connection, now: dt.datetime) -> Letter | None:
    taken = store_notices.take(connection, now, now + LEASE)
    if taken is None:
        return None
    notice, business_id, appointment_id = taken
    business = store_setup.business(connection, business_id)
    held = store.one(connection, business_id, appointment_id)
    assert business is not None
    assert held is not None
    return Letter(notice, business, held.appointment)
