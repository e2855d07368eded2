"""Words of the trade for tests of text messages: a desk that confirms, and a server that speaks Twilio's REST."""

from __future__ import annotations

import base64
import contextlib
import json
import threading
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from server.calendar.booking import Bookings
from server.calendar.setup import DEMO_BUSINESS
from server.notices.messenger import NotSent
from tests.desk import Desk

ACCOUNT, SECRET, SENDER = "AC" + "1" * 32, "token of the account", "SpaLotus"
DANI, RONI = "+972502345678", "+972523456789"


def confirming_desk(engine: Engine, folder: Path) -> Desk:
    """The demo business with its switch on, at a server that can send."""
    path = folder / "business.yaml"
    path.write_text(Path(DEMO_BUSINESS).read_text(encoding="utf-8") + "\nsends_confirmations: true\n", encoding="utf-8")
    desk = Desk(engine, path)
    desk.bookings = Bookings(engine, desk.clock, sends_texts=True)
    return desk


@dataclass
class Post:
    """A messenger that keeps what it is given; `troubles` are met first, one a try."""

    troubles: list[NotSent] = field(default_factory=list)
    letters: list[tuple[str, str]] = field(default_factory=list)

    def send(self, to: str, text: str) -> str:
        if self.troubles:
            raise self.troubles.pop(0)
        self.letters.append((to, text))
        return f"SM{len(self.letters):032}"


@dataclass(frozen=True)
class Refuses:
    """An error as Twilio tells it; without `code` a page of some proxy."""

    status: int
    code: int | None = None


HANGS, DROPS, MUMBLES = "hangs", "drops", "mumbles"
Answer = Refuses | str


@dataclass
class FakeTwilio:
    """Takes messages and keeps them; `script` is what it does instead, one entry a request."""

    script: list[Answer] = field(default_factory=list)
    messages: list[dict[str, str]] = field(default_factory=list)
    request_count: int = 0
    endpoint: str = ""
    is_over: threading.Event = field(default_factory=threading.Event)

    def answer(self, path: str, authorization: str, form: dict[str, str]) -> tuple[int, str] | str:
        self.request_count += 1
        if self.script:
            return self._misbehave(self.script.pop(0))
        known = base64.b64encode(f"{ACCOUNT}:{SECRET}".encode()).decode()
        if authorization != f"Basic {known}":
            return 401, _error(401, 20003)
        assert path == f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
        self.messages.append(form)
        sid = f"SM{len(self.messages):032}"
        body = {"sid": sid, "status": "queued", "to": form["To"], "body": form["Body"], "error_code": None}
        return 201, json.dumps(body)

    def _misbehave(self, entry: Answer) -> tuple[int, str] | str:
        if isinstance(entry, Refuses):
            page = "<html>no</html>" if entry.code is None else _error(entry.status, entry.code)
            return entry.status, page
        return (201, "<html>welcome to the hotel</html>") if entry == MUMBLES else entry


def _error(status: int, code: int) -> str:
    about = f"https://www.twilio.com/docs/errors/{code}"
    message = f"The 'To' number {DANI} is not to be shown to anybody"
    return json.dumps({"code": code, "message": message, "more_info": about, "status": status})


@contextlib.contextmanager
def fake_twilio(*script: Answer) -> Iterator[FakeTwilio]:
    twilio = FakeTwilio(list(script))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            form = dict(urllib.parse.parse_qsl(self.rfile.read(length).decode()))
            answer = twilio.answer(self.path, self.headers.get("Authorization", ""), form)
            if isinstance(answer, str):
                if answer == HANGS:
                    twilio.is_over.wait(30)
                self.close_connection = True
                return
            status, body = answer
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    twilio.endpoint = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield twilio
    finally:
        twilio.is_over.set()
        server.shutdown()
        server.server_close()
        thread.join()
