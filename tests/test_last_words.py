"""Whoever is turned away while still talking reads why, whatever was under way; whoever goes on talking is cut off."""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest

from server.demo.caller import Caller
from tests.line import SECOND, WAIT_S, Line, connect
from tests.serving import RunningServer, eventually, serving
from tests.speech import utterance

MEGABYTE = 2**20
TIMES = 50
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with serving(tmp_path_factory.mktemp("server")) as running:
        yield running


def oversized(line: Line) -> int:
    line.send("x" * 4 * MEGABYTE)
    return 1009


def flooding(line: Line) -> int:
    line.media(SECOND, count=200)
    return 1008


def babbling(line: Line) -> int:
    line.send(*["{not json"] * 20_000)
    return 1008


def counterfeit(line: Line) -> int:
    """A frame with a reserved opcode, and megabytes after it."""
    line.send_bytes(b"\x8f\x80\0\0\0\0" + b"x" * 2 * MEGABYTE)
    return 1002


RUDE: list[Callable[[Line], int]] = [oversized, flooding, babbling, counterfeit]


@pytest.mark.parametrize("talks", RUDE)
def test_who_sends_megabytes_still_reads_the_code(server: RunningServer, talks: Callable[[Line], int]) -> None:
    for number in range(TIMES):
        line = Line(server, f"CA{talks.__name__}{number}")
        line.start()
        assert line.is_answered()
        code = talks(line)
        assert line.closes_with() == code


def test_a_call_beside_them_goes_on_undisturbed(server: RunningServer) -> None:
    caller = Caller(server.origin, number="+972503334455")
    caller.dials()
    caller.listens()
    is_over = threading.Event()
    codes: list[tuple[int, int]] = []

    def rudely() -> None:
        number = 0
        while not is_over.is_set():
            for talks in RUDE:
                number += 1
                line = Line(server, f"CArude{number}")
                line.start()
                codes.append((talks(line), line.closes_with()))

    crowd = threading.Thread(target=rudely)
    crowd.start()
    try:
        caller.says("כמה עולה שוודי שעה", utterance(3))
        caller.listens()
    finally:
        is_over.set()
        crowd.join()
    assert "350" in server.turns(caller)[-1]["agent"]
    assert all(wanted == got for wanted, got in codes)
    assert len(codes) >= len(RUDE)
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
