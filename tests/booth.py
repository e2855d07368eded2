"""The owner's browser without a browser: logged in, with the telephone's page open, and a call made from it."""

from __future__ import annotations

import json
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

from simple_websocket import Client

from server.demo.caller import Caller
from tests.serving import RunningServer

PAGE = "/admin/phone"


class Page:
    """The owner's browser, logged in, with the page of the telephone open."""

    def __init__(self, server: RunningServer, password: str, origin: str = "") -> None:
        """`origin` is the address under which the server is known, if it is another than its own."""
        self.server = server
        self.origin = origin or server.origin
        jar = CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        self.post("/admin/login", self._token("/admin/login"), login="owner", password=password)
        self.cookie = "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)
        self.csrf = self._token(PAGE)

    def asks(self, path: str, **fields: str) -> tuple[int, bytes]:
        """Status and body of what the page's script posts."""
        return self.post(path, self.csrf, origin=self.origin, **fields)

    def post(self, path: str, csrf: str, origin: str = "", **fields: str) -> tuple[int, bytes]:
        body = urllib.parse.urlencode({"csrf_token": csrf, **fields}).encode()
        headers = {"Origin": origin} if origin else {}
        try:
            with self._opener.open(
                urllib.request.Request(f"{self.server.origin}{path}", body, headers), timeout=10
            ) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def calls(self) -> dict[str, str]:
        status, body = self.asks(f"{PAGE}/call")
        assert status == 200, body
        ticket: dict[str, str] = json.loads(body)
        return ticket

    def _token(self, path: str) -> str:
        with self._opener.open(f"{self.server.origin}{path}", timeout=10) as answer:
            found = re.search(r'name="csrf_token" value="([^"]+)"', answer.read().decode())
        assert found
        return found.group(1)


class Booth(Caller):
    """A call from the page, as its script makes it."""

    def __init__(self, page: Page) -> None:
        super().__init__(page.server.origin)
        self._page = page

    def dials(self) -> None:
        ticket = self._page.calls()
        self.call_sid = ticket["call_sid"]
        headers = {"Cookie": self._page.cookie, "Origin": self._page.origin}
        self._ws = Client(f"ws{self._page.server.origin.removeprefix('http')}{PAGE}", headers=headers)
        self.is_connected = True
        self._event("start", {"start": self._start({"token": ticket["token"]})})
        for work in (self._read, self._tick):
            threading.Thread(target=work, daemon=True).start()

    def types(self, text: str) -> None:
        """A line in the server's voice."""
        status, sound = self._page.asks(f"{PAGE}/line", text=text)
        assert status == 200, sound
        self.says(text, sound)

    def speaks(self, sound: bytes) -> None:
        """By the microphone: nobody tells what it was."""
        with self._lock:
            self._frames.extend(sound[at : at + 160] for at in range(0, len(sound), 160))
            self._lock.wait_for(lambda: not self._frames)
            self._spoke_until = time.monotonic()
