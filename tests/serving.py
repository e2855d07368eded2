"""Runs the real server as a process of its own, on a chosen day, and shows what it stored and logged."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from server.clock import SystemClock
from server.config import Settings
from server.db.engine import make_engine
from server.demo.caller import Caller
from server.web.accounts import Accounts
from tests.ports import free_port

ROOT = Path(__file__).parent.parent
SUNDAY = "2026-11-22T10:00:00+02:00"
"""A Sunday morning in Israel; the spa is open from nine to eight."""

TOKEN = "token-of-the-tests"
START_S = 60.0


def eventually(condition: Callable[[], Any], timeout_s: float = 20.0) -> Any:
    """Ask until the answer is true, and give it; a condition that never comes true fails the test."""
    deadline = time.monotonic() + timeout_s
    pause = threading.Event()
    while not (answer := condition()):
        assert time.monotonic() < deadline, "it never happened"
        pause.wait(0.02)
    return answer


class RunningServer:
    def __init__(self, origin: str, process: subprocess.Popen[bytes], log_path: Path, database_url: str) -> None:
        self.origin = origin
        self.database_url = database_url
        self.process = process
        self._log_path = log_path

    def get(self, path: str, **query: str) -> Any:
        url = f"{self.origin}{path}?{urllib.parse.urlencode(query)}"
        request = urllib.request.Request(url, headers={"Authorization": f"Bearer {TOKEN}"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.origin}{path}", json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def metric(self, name: str) -> float:
        """The value of a metric as it stands in the exposition, labels included in `name`; 0 if it is not there."""
        request = urllib.request.Request(f"{self.origin}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            for line in answer.read().decode().splitlines():
                if line.startswith(f"{name} "):
                    return float(line.rsplit(" ", 1)[1])
        return 0.0

    def call(self, call_sid: str) -> dict[str, Any]:
        call: dict[str, Any] = self.get(f"/api/v1/calls/{call_sid}")
        return call

    def turns(self, caller: Caller) -> list[dict[str, Any]]:
        return list(self.call(caller.call_sid)["turns"])

    def appointments(self, caller: Caller) -> list[dict[str, Any]]:
        items = self.get("/api/v1/appointments", **{"from": "2026-11-22", "to": "2027-01-31"})["items"]
        return [item for item in items if item["call_sid"] == caller.call_sid]

    def logged(self, event: str) -> list[dict[str, Any]]:
        """All log lines of one kind so far."""
        lines = []
        for line in self._log_path.read_text(errors="replace").splitlines():
            with contextlib.suppress(ValueError):
                entry = json.loads(line)
                if isinstance(entry, dict) and entry.get("event") == event:
                    lines.append(entry)
        return lines

    def new_password(self) -> str:
        """The owner's, in place of the one before."""
        engine = make_engine(self.database_url)
        password = Accounts(engine, SystemClock()).reset_password()
        engine.dispose()
        assert password is not None
        return password

    @property
    def open_files(self) -> int:
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))

    @property
    def log_text(self) -> str:
        return self._log_path.read_text(errors="replace")


@contextlib.contextmanager
def serving(folder: Path, drain_s: float = 180.0, **environment: str) -> Iterator[RunningServer]:
    """A server in `folder`, ready for calls, from Sunday morning on; `environment` adds settings."""
    port = free_port()
    clean = {name: value for name, value in os.environ.items() if name.lower() not in Settings.model_fields}
    own = {
        "PORT": str(port),
        "VAR_DIR": str(folder / "var"),
        "DATABASE_URL": f"sqlite:///{folder / 'receptionist.db'}",
        "ADMIN_API_TOKEN": TOKEN,
        "PYTHONPATH": str(ROOT),
    }
    log_path = folder / "log"
    with log_path.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.serve", SUNDAY, str(drain_s)],
            cwd=folder,
            env={**clean, **own, **environment},
            stdout=subprocess.DEVNULL,
            stderr=log,
        )
        server = RunningServer(f"http://127.0.0.1:{port}", process, log_path, {**own, **environment}["DATABASE_URL"])
        try:
            _wait_until_ready(server)
            yield server
        finally:
            process.kill() if process.poll() is None else None
            process.wait(10)


def _wait_until_ready(server: RunningServer) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            break
        with contextlib.suppress(urllib.error.URLError, OSError):
            server.get("/readyz")
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.process.wait(0.1)
    raise AssertionError(f"the server did not start:\n{server.log_text[-3000:]}")
