"""A media stream with a hand on every message and on the connection below: no thread reads while the test writes."""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import socket
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, BytesMessage, CloseConnection, Event, Request, TextMessage
from wsproto.frame_protocol import FrameProtocol

from tests.serving import RunningServer

NUMBER = "+97235550100"
WAIT_S = 15.0
SECOND = base64.b64encode(b"\xff" * 8000).decode()
"""A second of silence, as the payload of one message."""


def media(payload: str) -> dict[str, Any]:
    return {"event": "media", "streamSid": "MZ0", "media": {"track": "inbound", "payload": payload}}


def framed(*messages: str) -> bytes:
    """Messages as they go over any line: for many lines that say the same."""
    protocol = FrameProtocol(client=True, extensions=[])
    return b"".join(map(protocol.send_data, messages))


def post(server: RunningServer, path: str, form: dict[str, str], **headers: str) -> tuple[int, str]:
    request = urllib.request.Request(f"{server.origin}{path}", urllib.parse.urlencode(form).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def ring(server: RunningServer, call_sid: str, to: str = NUMBER) -> tuple[int, str]:
    return post(server, "/twilio/voice", {"CallSid": call_sid, "From": "+972501112233", "To": to})


def connect(server: RunningServer) -> socket.socket:
    address = urlsplit(server.origin)
    assert address.hostname
    assert address.port
    return socket.create_connection((address.hostname, address.port), WAIT_S)


def knock(server: RunningServer, path: str, changes: dict[str, str], body: bytes = b"") -> http.client.HTTPResponse:
    """The answer to the upgrade to a WebSocket that is asked for with some headers changed, or "" for left out."""
    headers = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version": "13",
        **changes,
    }
    connection = http.client.HTTPConnection(urlsplit(server.origin).netloc, timeout=WAIT_S)
    connection.request("GET", path, body or None, {name: value for name, value in headers.items() if value})
    return connection.getresponse()


class Line:
    """A WebSocket that has been let in, with the token of `call_sid` if that call has been announced."""

    def __init__(self, server: RunningServer, call_sid: str = "") -> None:
        self.call_sid = call_sid
        self._token = ""
        if call_sid:
            _, twiml = ring(server, call_sid)
            self._token = ElementTree.fromstring(twiml).find(".//Parameter").attrib["value"]  # type: ignore[union-attr]
        self._sock = connect(server)
        self._protocol = WSConnection(ConnectionType.CLIENT)
        self._write(Request(host=urlsplit(server.origin).netloc, target="/twilio/media"))
        self._events = self._read()
        assert isinstance(next(self._events), AcceptConnection)

    def send(self, *messages: object) -> None:
        """Write all of it, in one go, whatever the other side says meanwhile."""
        self._write(*map(_event, messages))

    def send_bytes(self, data: bytes) -> None:
        """Anything, framed or not."""
        self._sock.sendall(data)

    def start(self, **changes: Any) -> None:
        start = {
            "accountSid": "AC0",
            "streamSid": "MZ0",
            "callSid": self.call_sid,
            "tracks": ["inbound"],
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            "customParameters": {"token": self._token},
        }
        self.send(
            {"event": "connected", "protocol": "Call", "version": "1.0.0"},
            {"event": "start", "sequenceNumber": "1", "streamSid": "MZ0", "start": {**start, **changes}},
        )

    def media(self, payload: str, count: int = 1) -> None:
        self.send(*[media(payload)] * count)

    def hears(self) -> dict[str, Any]:
        """The next message of the server."""
        event = next(self._events)
        assert isinstance(event, TextMessage)
        message: dict[str, Any] = json.loads(event.data)
        return message

    def is_answered(self) -> bool:
        """Whether a first frame of the greeting comes."""
        return self.hears()["event"] == "media"

    def closes_with(self) -> int:
        """The code with which the server closes, told by a connection that ends as it should; a reset is an error."""
        codes = [int(event.code) for event in self._events if isinstance(event, CloseConnection)]
        self._sock.close()
        assert codes, "the server closed without a code"
        return codes[0]

    def hangs_up(self) -> None:
        self._write(CloseConnection(code=1000))
        self.vanishes()

    def vanishes(self) -> None:
        self._sock.close()

    def _write(self, *events: Event) -> None:
        self.send_bytes(b"".join(map(self._protocol.send, events)))

    def _read(self) -> Iterator[Event]:
        while data := self._sock.recv(65_536):
            self._protocol.receive_data(data)
            for event in self._protocol.events():
                yield event
                if isinstance(event, CloseConnection):
                    with contextlib.suppress(OSError):  # the server need not wait for it
                        self._write(event.response())


def _event(message: object) -> Event:
    if isinstance(message, bytes):
        return BytesMessage(data=message)
    return TextMessage(data=message if isinstance(message, str) else json.dumps(message))
