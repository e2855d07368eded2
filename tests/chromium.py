"""A real browser without a driver: Debian's Chromium, told what to do over its DevTools socket."""

from __future__ import annotations

import contextlib
import itertools
import json
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.serving import RunningServer

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-port=0",
)
START_S = 20.0


def binary() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Tab:
    """One tab. `complaints` are what its console and its content policy had to say."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self.complaints: list[str] = []
        for domain in ("Page", "Runtime", "Log"):
            self.send(f"{domain}.enable")

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv(timeout=START_S))
            if message.get("id") == number:
                assert "error" not in message, message
                return dict(message["result"])
            self._note(message)

    def evaluate(self, script: str) -> Any:
        answer = self.send("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def wait_for(self, script: str, timeout_s: float = 10.0) -> Any:
        """Ask until the answer is true, and give it."""
        deadline, pause = time.monotonic() + timeout_s, threading.Event()
        while not (answer := self.evaluate(script)):
            assert time.monotonic() < deadline, f"never true: {script}"
            pause.wait(0.05)
        return answer

    def open(self, address: str) -> None:
        self.evaluate("window.isOld = true")
        self.send("Page.navigate", url=address)
        self.wait_for("!window.isOld && document.readyState === 'complete'")

    def resize(self, width: int, height: int) -> None:
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.send("Emulation.setDeviceMetricsOverride", **size)

    def _note(self, message: dict[str, Any]) -> None:
        parameters = message.get("params", {})
        if message.get("method") == "Log.entryAdded":
            self.complaints.append(parameters["entry"]["text"])
        elif message.get("method") == "Runtime.exceptionThrown":
            self.complaints.append(parameters["exceptionDetails"]["text"])


@contextlib.contextmanager
def logged_in(server: RunningServer, folder: Path, path: str, *flags: str) -> Iterator[Tab]:
    """A tab in which the owner asked for `path`, logged in, and has come there."""
    program = binary()
    assert program is not None
    with tab(program, folder, *flags) as browser:
        browser.open(f"{server.origin}{path}")
        browser.evaluate(f"document.querySelector('[name=password]').value = '{server.new_password()}'")
        browser.evaluate("document.querySelector('form button').click()")
        browser.wait_for(f"location.pathname === '{path}' && document.readyState === 'complete'")
        yield browser


@contextlib.contextmanager
def tab(program: str, folder: Path, *flags: str) -> Iterator[Tab]:
    """A tab of a browser that has never been used; `flags` are further switches of Chromium."""
    profile = folder / "profile"
    with (folder / "chromium.log").open("wb") as log:
        browser = subprocess.Popen(
            [program, *FLAGS, *flags, f"--user-data-dir={profile}", "about:blank"], stderr=log, stdout=log
        )
    try:
        port = _port(profile / "DevToolsActivePort", browser)
        with connect(f"ws://127.0.0.1:{port[0]}{port[1]}", max_size=None) as whole:
            target = _only_target(whole)
        with connect(f"ws://127.0.0.1:{port[0]}/devtools/page/{target}", max_size=None) as socket:
            yield Tab(socket)
    finally:
        browser.kill()
        browser.wait(10)


def _port(file: Path, browser: subprocess.Popen[bytes]) -> tuple[str, str]:
    deadline, pause = time.monotonic() + START_S, threading.Event()
    while time.monotonic() < deadline and browser.poll() is None:
        if file.exists() and len(lines := file.read_text().split()) == 2:
            return lines[0], lines[1]
        pause.wait(0.05)
    raise AssertionError("the browser did not start")


def _only_target(whole: ClientConnection) -> str:
    whole.send(json.dumps({"id": 1, "method": "Target.getTargets"}))
    answer = json.loads(whole.recv(timeout=START_S))
    return next(str(one["targetId"]) for one in answer["result"]["targetInfos"] if one["type"] == "page")
