"""The socket below a WebSocket: fair to the others, whole in what it sends, and never held longer than it says."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from eventlet.greenio import GreenSocket

from server import runtime
from server.connection import LINGER_BYTES, SteadySocket

LONG_S = 30.0
"""Far beyond what anything here may take."""


@pytest.fixture(autouse=True)
def started() -> Iterator[None]:
    runtime.start()
    yield
    runtime.stop()


@pytest.fixture
def ends() -> Iterator[tuple[SteadySocket, GreenSocket]]:
    """Ours, and the peer's."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        peer = socket.create_connection(listener.getsockname())
        ours, _ = listener.accept()
    green = GreenSocket(ours), GreenSocket(peer)
    for end in green:
        end.settimeout(LONG_S)
    yield SteadySocket(green[0]), green[1]
    for end in green:
        end.close()


def beside(work: Callable[[], Any]) -> runtime.Inbox[Any]:
    """What the work on another greenlet comes to, an error as well."""
    done: runtime.Inbox[Any] = runtime.Inbox()

    def run() -> None:
        try:
            done.put((work(),))
        except OSError as error:
            done.put(error)

    runtime.spawn(run)
    runtime.sleep(0)
    return done


class Endless:
    """A peer that has always sent more already: reading never waits."""

    def __init__(self) -> None:
        self.read_count = 0

    def recv(self, size: int) -> bytes:
        self.read_count += size
        return b"x" * size

    def shutdown(self, how: int) -> None:
        pass


def test_a_peer_that_has_always_sent_more_lets_the_others_work() -> None:
    sock, turns = SteadySocket(Endless()), 0

    def others() -> None:
        nonlocal turns
        while turns < 10:
            turns += 1
            runtime.sleep(0)

    runtime.spawn(others)
    for _ in range(20):
        sock.recv(100)
    assert turns == 10


def test_only_so_much_is_thrown_away() -> None:
    peer = Endless()
    SteadySocket(peer).leave()
    assert LINGER_BYTES <= peer.read_count < LINGER_BYTES + 100_000


def test_leaving_ends_with_the_peer(ends: tuple[SteadySocket, GreenSocket]) -> None:
    ours, peer = ends
    ours.send(b"goodbye")
    left = beside(ours.leave)
    assert peer.recv(100) == b"goodbye"
    assert peer.recv(100) == b"", "our side is shut"
    peer.sendall(b"x" * 100_000)
    assert left.get(0) is None
    peer.close()
    assert left.get(LONG_S) == (None,)


def test_the_reader_lets_go_when_the_connection_is_left(ends: tuple[SteadySocket, GreenSocket]) -> None:
    ours, peer = ends
    reader = beside(lambda: ours.recv(100))
    left = beside(ours.leave)
    peer.sendall(b"nobody hears this")
    assert reader.get(LONG_S) == (b"",)
    peer.close()
    assert left.get(LONG_S) == (None,)


def test_after_the_goodbye_nothing_is_heard(ends: tuple[SteadySocket, GreenSocket]) -> None:
    ours, peer = ends
    peer.sendall(b"too late")
    ours.say_goodbye()
    assert ours.recv(100) == b""
    ours.go_on()


def test_a_peer_that_says_nothing_and_stays_is_left_all_the_same(ends: tuple[SteadySocket, GreenSocket]) -> None:
    ours, _ = ends
    reader = beside(lambda: ours.recv(100))
    assert beside(ours.leave).get(LONG_S) == (None,)
    assert reader.get(LONG_S) == (b"",)


def test_a_peer_that_does_not_read_holds_no_writer(ends: tuple[SteadySocket, GreenSocket]) -> None:
    ours, _ = ends
    writers = [beside(lambda: ours.send(b"x" * 50_000_000)) for _ in range(2)]
    assert beside(ours.leave).get(LONG_S) == (None,)
    assert all(isinstance(writer.get(LONG_S), OSError) for writer in writers)


def test_time_that_was_given_back_does_not_run_out(ends: tuple[SteadySocket, GreenSocket]) -> None:
    ours, peer = ends
    ours.cut_in(0.05)
    ours.go_on()
    late = beside(lambda: ours.recv(100))
    runtime.sleep(0.1)
    peer.sendall(b"still here")
    assert late.get(LONG_S) == (b"still here",)


def test_time_that_runs_out_wakes_the_reader(ends: tuple[SteadySocket, GreenSocket]) -> None:
    ours, _ = ends
    reader = beside(lambda: ours.recv(100))
    ours.cut_in(0.01)
    assert reader.get(LONG_S) == (b"",)


def test_messages_of_two_writers_do_not_mix(ends: tuple[SteadySocket, GreenSocket]) -> None:
    ours, peer = ends
    size = 20_000_000
    writers = [beside(lambda letter=letter: ours.send(letter * size)) for letter in (b"a", b"b")]
    read = bytearray()
    while len(read) < 2 * size:
        read += peer.recv(2**20)
    assert read == b"a" * size + b"b" * size
    assert [writer.get(LONG_S) for writer in writers] == [(size,), (size,)]
