"""Calendar feeds: who may read which part of the diary under which secret address."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, Engine

from server.calendar import store, store_feeds, store_setup
from server.calendar.models import Appointment, Business
from server.clock import Clock
from server.db.faults import read, transact

PAST_DAYS = 31
TOKEN_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed shows: a business, or one of its staff members, and appointments of every status."""

    business: Business
    staff: str | None
    appointments: tuple[Appointment, ...]


class Feeds:
    """Feeds by their secret tokens. All methods block: call them on a worker thread."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def token(self, business_id: int, staff_id: int | None = None) -> str:
        """The token of this feed, made when first asked for; without `staff_id` that of the whole business."""
        now = self._clock.now()
        return transact(self._engine, lambda c: store_feeds.token_of(c, business_id, staff_id, now))

    def renew(self, business_id: int, staff_id: int | None = None) -> str:
        """A new token; whoever has the old one reads nothing any more."""
        now = self._clock.now()
        return transact(self._engine, lambda c: store_feeds.replace_token(c, business_id, staff_id, now))

    def by_token(self, token: str) -> Feed | None:
        """The last month and all that is booked ahead, or None for an unknown token."""
        if not (token.isascii() and token.isprintable()) or not 1 <= len(token) <= TOKEN_LENGTH:
            return None
        return read(self._engine, lambda c: self._read(c, token))

    def _read(self, connection: Connection, token: str) -> Feed | None:
        owner = store_feeds.owner_of(connection, token)
        if owner is None:
            return None
        business_id, staff_id = owner
        facts = store_setup.facts(connection, business_id, self._clock.now())
        today = self._clock.now()
        start = today - dt.timedelta(days=PAST_DAYS)
        end = today + dt.timedelta(days=facts.business.horizon_days + PAST_DAYS)
        staff = next((person.name for person in facts.staff if person.id == staff_id), None)
        return Feed(facts.business, staff, store.between(connection, business_id, start, end, staff_id))
