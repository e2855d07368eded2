"""A private PostgreSQL cluster in a temporary directory on a free port, for as long as somebody needs it."""

from __future__ import annotations

import getpass
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from tests.ports import free_port

INSTALLED = "/usr/lib/postgresql"
# The cluster's files are thrown away, so nothing need survive a power cut.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200", "shared_buffers=64MB")


@dataclass(frozen=True)
class Cluster:
    """A running cluster. `run` starts one of its programs as the user who owns it."""

    binaries: Path
    data: Path
    port: int
    user: str

    def url(self, database: str = "postgres") -> str:
        return f"postgresql+psycopg2://{self.user}@127.0.0.1:{self.port}/{database}"

    def execute(self, statement: str) -> None:
        """Run a statement outside of any transaction, in the maintenance database."""
        connection = psycopg2.connect(host="127.0.0.1", port=self.port, user=self.user, dbname="postgres")
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
        finally:
            connection.close()

    def control(self, *arguments: str) -> None:
        """pg_ctl with these arguments, waiting until it is done."""
        _run(self.binaries / "pg_ctl", "-D", self.data, "-w", "-l", self.data / "log", *arguments)


def find_binaries() -> Path | None:
    """The directory of initdb and pg_ctl: the newest installed version, else where the PATH finds them."""
    versions = sorted(Path(INSTALLED).glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    on_path = shutil.which("initdb")
    candidates = [*versions, *([Path(on_path).resolve().parent] if on_path else [])]
    return next((path for path in candidates if (path / "initdb").exists() and (path / "pg_ctl").exists()), None)


@contextmanager
def running_cluster(binaries: Path, settings: tuple[str, ...] = FAST) -> Iterator[Cluster]:
    root = Path(tempfile.mkdtemp(prefix="receptionist-postgres-"))
    user = _owner()
    if os.geteuid() == 0:
        shutil.chown(root, user)
    cluster = Cluster(binaries, root / "data", free_port(), user)
    try:
        _run(
            binaries / "initdb", "-D", cluster.data, "-U", user, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"
        )
        options = [f"-c {setting}" for setting in settings]
        listen = f"-p {cluster.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={root}"
        cluster.control("-o", " ".join([listen, *options]), "start")
        yield cluster
    finally:
        if (cluster.data / "postmaster.pid").exists():
            cluster.control("-m", "immediate", "stop")
        shutil.rmtree(root, ignore_errors=True)


def _owner() -> str:
    """Who runs the cluster: initdb refuses root, so root hands over to an unprivileged user."""
    if os.geteuid() != 0:
        return getpass.getuser()
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _run(*command: object) -> None:
    user = _owner() if os.geteuid() == 0 else None
    done = subprocess.run(
        [str(part) for part in command], user=user, cwd="/", capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} failed: {done.stdout}{done.stderr}")
