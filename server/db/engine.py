"""Opens the database, SQLite or PostgreSQL, and brings its tables up to date."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

POOL_SIZE = 32
POOL_TIMEOUT_S = 1.0
CONNECT_TIMEOUT_S = 2
STATEMENT_TIMEOUT_MS = 1500
LOCK_TIMEOUT_MS = 1000
SQLITE_BUSY_TIMEOUT_MS = 1500

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
# Any number will do, as long as every process that migrates takes the same.
_MIGRATION_LOCK = 0x0D1A27
_HAS_TURN = "has_turn"


def make_engine(url: str | URL) -> Engine:
    """An engine for `sqlite:///…` or `postgresql+psycopg2://…`; opens nothing yet.

    Time limits keep a slow or locked database from holding a caller: a statement 1.5 s, a lock 1 s, a connection 2 s.
    Begin a transaction that writes on `writing(engine)`. Raises ValueError, with one sentence, for any other
    database and for a folder that cannot be made.
    """
    parsed = make_url(url)
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        return _sqlite(parsed)
    if backend == "postgresql":
        return _postgresql(parsed)
    raise ValueError(f"the database must be SQLite or PostgreSQL, not {backend}")


def writing(engine: Engine) -> Engine:
    """The same engine for transactions that write.

    SQLite takes its one write lock at BEGIN, so that what was read is still true when it is written upon.
    """
    return engine.execution_options(begin="IMMEDIATE") if engine.dialect.name == "sqlite" else engine


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the tables to `revision`. Safe to call from several processes at once: one migrates, the others wait."""
    with writing(engine).begin() as connection:
        _wait_for_turn(connection)
        command.upgrade(_alembic(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the tables back to `revision` ("base": none at all). What the newer tables held is lost."""
    with writing(engine).begin() as connection:
        _wait_for_turn(connection)
        command.downgrade(_alembic(connection), revision)


def _alembic(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def _wait_for_turn(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})


def _postgresql(url: URL) -> Engine:
    options = f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout={LOCK_TIMEOUT_MS} -c timezone=UTC"
    return create_engine(
        url,
        hide_parameters=True,  # they are names and numbers, and errors are logged
        pool_size=POOL_SIZE,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT_S,
        pool_pre_ping=True,
        connect_args={"connect_timeout": CONNECT_TIMEOUT_S, "options": options},
    )


def _sqlite(url: URL) -> Engine:
    is_in_memory = url.database in (None, "", ":memory:")
    if not is_in_memory:
        _make_folder(Path(str(url.database)).parent)
    engine = create_engine(
        url,
        hide_parameters=True,  # they are names and numbers, and errors are logged
        poolclass=QueuePool,
        # A database in memory lives in its one connection; users of it take turns.
        pool_size=1 if is_in_memory else POOL_SIZE,
        max_overflow=0,
        pool_timeout=10 * POOL_TIMEOUT_S if is_in_memory else POOL_TIMEOUT_S,
        connect_args={"check_same_thread": False, "timeout": SQLITE_BUSY_TIMEOUT_MS / 1000},
    )
    turns = _Turns()
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", turns.begin)
    event.listen(engine, "checkin", turns.end)
    event.listen(engine, "invalidate", turns.end)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # Python's own transaction handling begins late and never IMMEDIATE; we say BEGIN ourselves.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(f"the database's folder {folder} cannot be made: {error.strerror}") from None


class _Turns:
    """Lets the threads of a process write one after the other.

    SQLite has one writer, and who does not get in sleeps and tries again, for longer and longer: with a few threads
    some starve for seconds. A lock wakes the next one at once. Between processes SQLite's own waiting remains.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def begin(self, connection: Connection) -> None:
        mode = connection.get_execution_options().get("begin", "DEFERRED")
        info = connection.connection.info
        if mode == "IMMEDIATE" and _HAS_TURN not in info:
            info[_HAS_TURN] = self._lock.acquire(timeout=SQLITE_BUSY_TIMEOUT_MS / 1000)
        connection.exec_driver_sql(f"BEGIN {mode}")

    def end(self, _connection: Any, record: ConnectionPoolEntry, _error: BaseException | None = None) -> None:
        if record.info.pop(_HAS_TURN, False):
            self._lock.release()
