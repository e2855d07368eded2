"""The owner's account: passwords, sessions that live in the database, and patience with wrong passwords.

Every method blocks (a password check for some 30 ms of CPU): call it on a worker thread.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
import threading
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import ColumnElement, Connection, Engine, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from server.clock import Clock
from server.db.engine import writing
from server.db.tables.accounts import login_attempts, owner_sessions, owners
from server.log import get_logger

OWNER_LOGIN: Final = "owner"
IDLE: Final = dt.timedelta(minutes=30)
LONGEST_SESSION: Final = dt.timedelta(hours=12)
PATIENCE: Final = dt.timedelta(minutes=15)
ATTEMPTS_PER_ACCOUNT: Final = 5
"""Wrong passwords for one account from one address within `PATIENCE`."""
ATTEMPTS_PER_ADDRESS: Final = 30
SHORTEST_PASSWORD: Final = 12
LONGEST_PASSWORD: Final = 128

_SEEN_STEP: Final = dt.timedelta(minutes=1)
_CHECKS_AT_ONCE: Final = 2
_READABLE: Final = "abcdefghjkmnpqrstuvwxyz23456789"

log = get_logger(__name__)


class Refused(StrEnum):
    WRONG = "wrong"  # account or password: which of them is not told
    THROTTLED = "throttled"
    BUSY = "busy"
    SHORT = "short"
    LONG = "long"
    SIMPLE = "simple"


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody logged in, and the session by which they are."""

    id: int
    login: str
    session_id: int


@dataclass(frozen=True, slots=True)
class Session:
    """A browser in which the owner is logged in."""

    id: int
    device: str
    created_at: dt.datetime
    seen_at: dt.datetime


class Accounts:
    def __init__(self, engine: Engine, clock: Clock, *, hasher: PasswordHasher | None = None) -> None:
        self._engine = engine
        self._writing = writing(engine)
        self._clock = clock
        # OWASP's argon2id setting with one lane: a check must not spread over the cores that calls need.
        self._hasher = hasher or PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
        self._checks = threading.BoundedSemaphore(_CHECKS_AT_ONCE)
        self._nobody = self._hasher.hash(secrets.token_hex(8))

    def has_owner(self) -> bool:
        with self._engine.connect() as connection:
            return connection.execute(select(owners.c.id).limit(1)).first() is not None

    def ensure_owner(self) -> str | None:
        """Make the owner's account on the first run and give its password; None when there is one already."""
        if self.has_owner():
            return None
        password, now = _readable_password(), self._clock.now()
        row = {
            "login": OWNER_LOGIN,
            "password_hash": self._hasher.hash(_bytes(password)),
            "created_at": now,
            "password_changed_at": now,
        }
        try:
            with self._writing.begin() as connection:
                connection.execute(insert(owners), row)
        except IntegrityError:  # another worker was first
            return None
        return password

    def log_in(self, login: str, password: str, address: str, device: str) -> str | Refused:
        """A new session's token, for the cookie. Wrong account and wrong password take the same time."""
        login, address_hash = _login(login), _hash(address)
        if self._is_throttled(login, address_hash):
            log.warning("login throttled")
            return Refused.THROTTLED
        with self._engine.connect() as connection:
            owner = connection.execute(select(owners).where(owners.c.login == login)).first()
        is_right = self._matches(owner.password_hash if owner else self._nobody, password)
        if is_right is None:
            return Refused.BUSY
        if owner is None or not is_right:
            self._note_attempt(login, address_hash)
            log.warning("login refused")
            return Refused.WRONG
        return self._begin_session(owner.id, login, address_hash, device)

    def owner_of(self, token: str, *, is_active: bool = True) -> Owner | None:
        """Whose session it is, if it lives. `is_active` False (a page refreshing itself) does not keep it alive."""
        now = self._clock.now()
        with self._engine.connect() as connection:
            row = connection.execute(
                select(owner_sessions, owners.c.login)
                .join(owners, owners.c.id == owner_sessions.c.owner_id)
                .where(owner_sessions.c.token_hash == _hash(token), *_lives(now))
            ).first()
        if row is None:
            return None
        if is_active and now - row.seen_at >= _SEEN_STEP:
            with self._writing.begin() as connection:
                connection.execute(update(owner_sessions).where(owner_sessions.c.id == row.id).values(seen_at=now))
        return Owner(row.owner_id, row.login, row.id)

    def sessions(self, owner_id: int) -> tuple[Session, ...]:
        """Living sessions, latest used first."""
        with self._engine.connect() as connection:
            rows = connection.execute(
                select(owner_sessions)
                .where(owner_sessions.c.owner_id == owner_id, *_lives(self._clock.now()))
                .order_by(owner_sessions.c.seen_at.desc())
            )
            return tuple(Session(row.id, row.device, row.created_at, row.seen_at) for row in rows)

    def revoke(self, owner_id: int, session_id: int) -> None:
        """End a session of the owner's; harmless when it is over."""
        with self._writing.begin() as connection:
            self._end_sessions(connection, owner_id, owner_sessions.c.id == session_id)

    def change_password(self, owner: Owner, old: str, new: str) -> Refused | None:
        """Set a new password and end every other session. None when done."""
        if refused := check_new_password(new, owner.login):
            return refused
        with self._engine.connect() as connection:
            known = connection.execute(select(owners.c.password_hash).where(owners.c.id == owner.id)).scalar_one()
        is_right = self._matches(known, old)
        if not is_right:
            return Refused.BUSY if is_right is None else Refused.WRONG
        with self._writing.begin() as connection:
            self._set_password(connection, owner.id, new)
            self._end_sessions(connection, owner.id, owner_sessions.c.id != owner.session_id)
        return None

    def reset_password(self, login: str = OWNER_LOGIN) -> str | None:
        """Give the account a generated password and end all its sessions. None when there is no such account."""
        password = _readable_password()
        with self._writing.begin() as connection:
            owner_id = connection.execute(select(owners.c.id).where(owners.c.login == _login(login))).scalar()
            if owner_id is None:
                return None
            self._set_password(connection, owner_id, password)
            self._end_sessions(connection, owner_id, owner_sessions.c.id.is_not(None))
        return password

    def _matches(self, password_hash: str, password: str) -> bool | None:
        """None when too many checks are going on: each costs memory and CPU that calls need."""
        if len(password) > LONGEST_PASSWORD:
            password = ""
        if not self._checks.acquire(timeout=3):
            return None
        try:
            return self._hasher.verify(password_hash, _bytes(password))
        except (VerificationError, InvalidHashError):
            return False
        finally:
            self._checks.release()

    def _is_throttled(self, login: str, address_hash: str) -> bool:
        recent = (
            login_attempts.c.address_hash == address_hash,
            login_attempts.c.attempted_at > self._clock.now() - PATIENCE,
        )
        with self._engine.connect() as connection:
            total, own = connection.execute(
                select(func.count(), func.count().filter(login_attempts.c.login == login)).where(*recent)
            ).one()
        return bool(own >= ATTEMPTS_PER_ACCOUNT or total >= ATTEMPTS_PER_ADDRESS)

    def _note_attempt(self, login: str, address_hash: str) -> None:
        now = self._clock.now()
        with self._writing.begin() as connection:
            connection.execute(delete(login_attempts).where(login_attempts.c.attempted_at <= now - PATIENCE))
            connection.execute(
                insert(login_attempts), {"login": login, "address_hash": address_hash, "attempted_at": now}
            )

    def _begin_session(self, owner_id: int, login: str, address_hash: str, device: str) -> str:
        token, now = secrets.token_urlsafe(32), self._clock.now()
        with self._writing.begin() as connection:
            own = (login_attempts.c.login == login, login_attempts.c.address_hash == address_hash)
            connection.execute(delete(login_attempts).where(*own))
            connection.execute(delete(owner_sessions).where(owner_sessions.c.created_at < now - 2 * LONGEST_SESSION))
            row = {
                "owner_id": owner_id,
                "token_hash": _hash(token),
                "created_at": now,
                "seen_at": now,
                "device": _printable(device)[:120],
            }
            connection.execute(insert(owner_sessions), row)
        return token

    def _set_password(self, connection: Connection, owner_id: int, password: str) -> None:
        values = {"password_hash": self._hasher.hash(_bytes(password)), "password_changed_at": self._clock.now()}
        connection.execute(update(owners).where(owners.c.id == owner_id).values(**values))

    def _end_sessions(self, connection: Connection, owner_id: int, which: ColumnElement[bool]) -> None:
        connection.execute(
            update(owner_sessions)
            .where(owner_sessions.c.owner_id == owner_id, owner_sessions.c.revoked_at.is_(None), which)
            .values(revoked_at=self._clock.now())
        )


def check_new_password(password: str, login: str) -> Refused | None:
    """Why a password will not do; length and variety only, after ASVS 6.2."""
    if len(password) < SHORTEST_PASSWORD:
        return Refused.SHORT
    if len(password) > LONGEST_PASSWORD:
        return Refused.LONG
    is_simple = len(set(password.lower())) < 6 or login in password.lower() or password.isdigit()
    return Refused.SIMPLE if is_simple else None


def _lives(now: dt.datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        owner_sessions.c.revoked_at.is_(None),
        owner_sessions.c.seen_at > now - IDLE,
        owner_sessions.c.created_at > now - LONGEST_SESSION,
    )


def _readable_password() -> str:
    """79 bits, in groups that can be copied from a screen by hand."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))


def _bytes(password: str) -> bytes:
    """The same password on every keyboard: accents and niqqud may be typed in more than one way."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "replace")


def _login(text: str) -> str:
    return _printable(text).strip().lower()[:64]


def _printable(text: str) -> str:
    return "".join(c for c in text if c.isprintable())


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
