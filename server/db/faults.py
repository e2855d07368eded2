"""Runs a transaction, again where that helps, and names what the database objects to."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from server.db.engine import writing
from server.log import get_logger

log = get_logger(__name__)

TRIES = 3
PAUSE_S = 0.1  # before the second try at most; twice that before the third

T = TypeVar("T")


class Fault(StrEnum):
    """What of an error one can act upon; anything else is unforeseen."""

    OVERLAP = "overlap"  # the database refused a second appointment in the same time
    DUPLICATE = "duplicate"  # a unique value exists already
    TRANSIENT = "transient"  # deadlock, lock not free in time, connection lost


_POSTGRESQL = {
    "23P01": Fault.OVERLAP,  # exclusion_violation
    "23505": Fault.DUPLICATE,  # unique_violation
    "40001": Fault.TRANSIENT,  # serialization_failure
    "40P01": Fault.TRANSIENT,  # deadlock_detected
    "55P03": Fault.TRANSIENT,  # lock_not_available
}
_SQLITE = {
    "ex_appointments_overlap": Fault.OVERLAP,
    "UNIQUE constraint failed": Fault.DUPLICATE,
    "database is locked": Fault.TRANSIENT,
}


def fault_of(error: DBAPIError) -> Fault | None:
    """Which fault an error of either database is, None for an unforeseen one."""
    if error.connection_invalidated:
        return Fault.TRANSIENT
    code = getattr(error.orig, "pgcode", None)
    if code is not None:
        return _POSTGRESQL.get(code)
    message = str(error.orig)
    return next((fault for words, fault in _SQLITE.items() if words in message), None)


def transact(engine: Engine, work: Callable[[Connection], T]) -> T:
    """Run `work` in one transaction that writes, and again, up to three times, after a fault.

    After a lost connection nobody knows whether the commit took place, so `work` must find out what an earlier try
    has done. Raises the last DBAPIError.
    """
    return _repeat(writing(engine), work)


def read(engine: Engine, work: Callable[[Connection], T]) -> T:
    """Run `work`, which only reads, in one transaction; again after a fault, as `transact`."""
    return _repeat(engine, work)


def _repeat(engine: Engine, work: Callable[[Connection], T]) -> T:
    for attempt in range(1, TRIES + 1):
        try:
            with engine.begin() as connection:
                return work(connection)
        except DBAPIError as error:
            fault = fault_of(error)
            if fault is None or attempt == TRIES:
                raise
            log.warning("database transaction is tried again", fault=fault.value, attempt=attempt)
            time.sleep(random.uniform(0, PAUSE_S * attempt) if fault is Fault.TRANSIENT else 0)
    raise AssertionError("unreachable")
