"""A TCP connection from its first request to its close: requests come in whole, and the last words arrive.

A socket that is closed while bytes of the peer are still unread is reset by the kernel, and a reset may overtake what
was written last: the answer to a request whose body was too large, or a WebSocket's close code. So every connection is
left as RFC 9112 §9.6 and RFC 6455 §7.1.1 want it: our side is shut, what still comes in is thrown away, then it is
closed. Whoever goes on sending, or does not read, is cut off.
"""

from __future__ import annotations

import contextlib
import io
import socket
import warnings
from typing import Any, Final

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # see server/runtime.py
    import eventlet
    import eventlet.semaphore
    import eventlet.wsgi

from server import runtime
from server.web.security import LARGEST_BODY

REQUEST_S: Final = 20.0
"""How long a request may take to come in, once its first line is there."""

LINGER_S: Final = 1.0
"""How long a peer may go on after our last word: some round trips of the farthest one, to read it and to stop."""

LINGER_BYTES: Final = 10 * 2**20
"""How much of it is read: what a peer that stops at once may have under way, its own send buffer and our receive
buffer (4 and 6 MB by Linux's defaults)."""

DISCARD_BYTES: Final = 65_536


class SteadySocket:
    """A socket as the servers above it ought to have it.

    `send` writes everything, one message at a time: simple-websocket calls it once and drops what did not fit. `recv`
    gives b"" on a socket that our own side has closed, where eventlet raises EOFError into the reader, and lets the
    others go first while a peer sends faster than it is read. `close` waits until the connection has been left.
    """

    def __init__(self, sock: Any) -> None:
        self._sock = sock
        self._writing = eventlet.semaphore.Semaphore()
        self._reading = eventlet.semaphore.Semaphore()
        self._limit: Any = None
        self._is_deaf = False
        self._is_left = False

    def send(self, data: bytes) -> int:
        with self._writing:
            self._sock.sendall(data)
        return len(data)

    def recv(self, size: int) -> bytes:
        with self._reading:
            data = b"" if self._is_deaf else self._take(size)
        return b"" if self._is_deaf else data

    def close(self) -> None:
        if self._is_left:
            self._sock.close()

    def cut_in(self, seconds: float) -> None:
        """From now on the connection has so long; at the end whoever waits for the peer, reading or writing, wakes."""
        self.go_on()
        self._limit = runtime.later(seconds, self._cut)

    def go_on(self) -> None:
        """Take back what `cut_in` has announced."""
        if self._limit is not None:
            self._limit.cancel()

    def say_goodbye(self) -> None:
        """Hear nothing more; what is still to be sent has `LINGER_S` to be taken."""
        self._is_deaf = True
        self.cut_in(LINGER_S)

    def leave(self) -> None:
        """Shut our side and throw away what comes in, until the peer shuts its own or a bound is reached."""
        self.say_goodbye()
        with contextlib.suppress(OSError):  # the peer is gone already
            with self._writing:
                self._sock.shutdown(socket.SHUT_WR)
            with self._reading:  # the reader, if there is one, lets go at the next byte, or when the time is up
                self._discard()
        self.go_on()
        self._is_left = True

    def _discard(self) -> None:
        left = LINGER_BYTES
        while left > 0 and (data := self._take(DISCARD_BYTES)):
            left -= len(data)

    def _take(self, size: int) -> bytes:
        try:
            data: bytes = self._sock.recv(size)
        except EOFError:
            return b""
        if len(data) == size:  # more is waiting, and eventlet would read on and on without a look at anybody else
            eventlet.sleep(0)
        return data

    def _cut(self) -> None:
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)


class Connection(eventlet.wsgi.HttpProtocol):  # type: ignore[misc]
    """One connection, for as many requests as come over it.

    The body of a request is read here, on the hub and within `REQUEST_S`, before the app is called: views read forms
    on worker threads, and a peer that sends its form byte by byte would hold one of them. A body that is too large is
    not read at all: the app refuses it, and the connection ends with that answer.
    """

    request: Any
    connection: Any

    def setup(self) -> None:
        self.request = SteadySocket(self.request)
        super().setup()

    def parse_request(self) -> bool:
        self.connection.cut_in(REQUEST_S)
        is_good: bool = super().parse_request()
        return is_good

    def handle_one_response(self) -> None:
        body = self.environ["eventlet.input"]
        if body.chunked_input or body.content_length > LARGEST_BODY:
            self.close_connection = True  # what is left unread is no next request
        else:
            whole = body.read()
            if len(whole) < body.content_length:
                self.close_connection = True  # the peer is gone, or too slow
                return
            self.environ["wsgi.input"] = io.BytesIO(whole)
        self.connection.go_on()
        super().handle_one_response()

    def finish(self) -> None:
        self.connection.cut_in(LINGER_S)
        with contextlib.suppress(OSError):
            self.wfile.flush()
        self.connection.leave()
        super().finish()
