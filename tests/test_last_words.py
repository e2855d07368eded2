"""Whoever is turned away while still talking reads why, whatever was under way; whoever goes on talking is cut off."""

from __future__ import annotations

import contextlib
import functools
import http.client
import json
import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from server.demo.caller import Caller
from tests.line import SECOND, WAIT_S, Line, connect, framed, media
from tests.serving import RunningServer, eventually, serving
from tests.speech import utterance

MEGABYTE = 2**20
TIMES = 50
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with serving(tmp_path_factory.mktemp("server")) as running:
        yield running


RUDE = {"too long a message": 1009, "more than can be spoken": 1008, "nonsense": 1008, "no frames at all": 1002}
"""What the peers of these tests send megabytes of, and the code with which they are turned away."""


@functools.cache
def megabytes(what: str) -> bytes:
    match what:
        case "too long a message":
            return framed("x" * 4 * MEGABYTE)
        case "more than can be spoken":
            return framed(*[json.dumps(media(SECOND))] * 400)
        case "nonsense":
            return framed(*["{not json"] * 100_000)
    return b"\x8f\x80\0\0\0\0" + b"x" * 2 * MEGABYTE


def talks(line: Line, what: str) -> int:
    """The code that the peer reads after all of it."""
    line.start()
    line.send_bytes(megabytes(what))
    return line.closes_with()


@pytest.mark.parametrize("what", RUDE)
def test_who_sends_megabytes_still_reads_the_code(server: RunningServer, what: str) -> None:
    codes = [talks(Line(server, f"CA{what}{number}"), what) for number in range(TIMES)]
    assert codes == [RUDE[what]] * TIMES


def test_a_call_beside_them_goes_on_undisturbed(server: RunningServer) -> None:
    caller = Caller(server.origin, number="+972503334455")
    caller.dials()
    caller.listens()
    codes: list[int] = []

    def crowd() -> None:
        codes.extend(talks(Line(server, f"CAcrowd{number}{what}"), what) for number in range(5) for what in RUDE)

    beside = threading.Thread(target=crowd)
    beside.start()
    caller.says("כמה עולה שוודי שעה", utterance(3))
    caller.listens()
    beside.join()
    assert "350" in server.turns(caller)[-1]["agent"]
    assert codes == [*RUDE.values()] * 5
    assert server.metric("voice_frames_dropped_total") == 0
    caller.hangs_up()


def request(path: str, size: int, *headers: str) -> bytes:
    lines = (f"POST {path} HTTP/1.1", "Host: reception", f"Content-Length: {size}", *headers)
    return "\r\n".join((*lines, f"Content-Type: {FORM}", "", "")).encode()


def all_of(sock: socket.socket) -> bytes:
    """Everything until the connection ends; a reset is an error."""
    return b"".join(iter(lambda: sock.recv(65_536), b""))


@pytest.mark.parametrize("connection", ["close", "keep-alive"])
@pytest.mark.parametrize("path", ["/twilio/voice", "/twilio/status", "/admin/login", "/api/v1/appointments"])
def test_who_sends_too_much_still_reads_that_it_was(server: RunningServer, path: str, connection: str) -> None:
    for _ in range(5):
        with connect(server) as sock:
            sock.sendall(request(path, 4 * MEGABYTE, f"Connection: {connection}") + b"x" * 4 * MEGABYTE)
            read = all_of(sock)
        assert read.startswith((b"HTTP/1.1 413 ", b"HTTP/1.1 401 "))
        assert b"Connection: close" in read


def test_a_refused_upgrade_is_read_whatever_came_with_it(server: RunningServer) -> None:
    upgrade = ("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Key: AAAA", "Sec-WebSocket-Version: 13")
    for _ in range(TIMES):
        with connect(server) as sock:
            head = request("/admin/phone", 4 * MEGABYTE, *upgrade).replace(b"POST", b"GET", 1)
            sock.sendall(head + b"x" * 4 * MEGABYTE)
            assert all_of(sock).startswith(b"HTTP/1.1 403 ")


def test_a_body_as_large_as_may_be_leaves_the_connection_good_for_another(server: RunningServer) -> None:
    connection = http.client.HTTPConnection(urlsplit(server.origin).netloc, timeout=WAIT_S)
    for size, status, is_last in ((65_536, 400, False), (65_536, 400, False), (65_537, 413, True)):
        connection.request("POST", "/twilio/status", b"x" * size, {"Content-Type": FORM})
        answer = connection.getresponse()
        answer.read()
        assert (answer.status, answer.will_close) == (status, is_last)


@pytest.mark.parametrize("is_silent", [True, False])
def test_who_does_not_go_after_the_code_is_cut_off(server: RunningServer, is_silent: bool) -> None:
    before = server.open_files
    line = Line(server)
    line.send("x" * 70_000)
    if not is_silent:
        with pytest.raises(OSError, match=r"reset|Broken pipe"):
            goes_on(line)
    eventually(lambda: server.open_files <= before)
    line.vanishes()


def goes_on(line: Line) -> None:
    pause = threading.Event()
    for _ in range(1000):
        line.send_bytes(b"x")
        pause.wait(0.01)


def test_forms_that_come_byte_by_byte_hold_nobody_up(server: RunningServer) -> None:
    """Forms are read on worker threads, of which there are sixteen; the database needs them too."""
    with contextlib.ExitStack() as slow:
        for _ in range(40):
            slow.enter_context(connect(server)).sendall(request("/admin/login", 500) + b"a")
        assert all(server.get("/readyz") for _ in range(5))
