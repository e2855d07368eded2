"""A caller as Twilio puts one through: webhook, media stream, real-time sound, a phone that plays what it is sent.

Runs on plain threads, apart from the server. Sound is µ-law at 8 kHz; instants are seconds on the monotonic clock.
"""

from __future__ import annotations

import base64
import json
import threading
import time
import urllib.parse
import urllib.request
import uuid
from collections import deque
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

from simple_websocket import Client, ConnectionClosed
from twilio.request_validator import RequestValidator

FRAME_BYTES = 160
FRAME_S = 0.02
SILENT_FRAME = b"\xff" * FRAME_BYTES
REPLY_GAP_S = 0.7
"""Silence at the phone after which a reply counts as over."""


class NoAnswer(Exception):
    """The call was not put through, or nothing was said in time."""


@dataclass
class _Phone:
    """What the caller's phone has buffered: plays in real time, tells when a mark is reached, forgets on `clear`."""

    play_end: float = 0.0
    audio: bytearray = field(default_factory=bytearray)
    marks: deque[tuple[float, str]] = field(default_factory=deque)
    frame_times: list[float] = field(default_factory=list)
    clear_times: list[float] = field(default_factory=list)

    def media(self, audio: bytes, now: float) -> None:
        self.audio += audio
        self.frame_times.append(now)
        self.play_end = max(self.play_end, now) + len(audio) / 8000

    def mark(self, name: str, now: float) -> None:
        self.marks.append((max(self.play_end, now), name))

    def clear(self, now: float) -> None:
        """Fall silent; marks that were waiting come back at once, as Twilio does."""
        self.clear_times.append(now)
        self.play_end = min(self.play_end, now)
        self.marks = deque((now, name) for _, name in self.marks)

    def marks_due(self, now: float) -> list[str]:
        due = []
        while self.marks and self.marks[0][0] <= now:
            due.append(self.marks.popleft()[1])
        return due


class Caller:
    """One call, told in the caller's words: `dials`, `listens`, `says`, `interrupts`, `hangs_up`."""

    def __init__(
        self, server: str, number: str = "+972502345678", dialled: str = "+97235550100", auth_token: str = ""
    ) -> None:
        """`server` is the origin dialled; with `auth_token` everything is signed as Twilio signs it."""
        self.call_sid = f"CA{uuid.uuid4().hex}"
        self.stream_sid = f"MZ{uuid.uuid4().hex}"
        self.phone = _Phone()
        self.is_connected = False
        self._server = server.rstrip("/")
        self._number = number
        self._dialled = dialled
        self._auth_token = auth_token
        self._ws: Any = None
        self._lock = threading.Condition()
        self._frames: deque[bytes] = deque()
        self._sequence = 0
        self._spoke_until = 0.0

    # ---------------------------------------------------------------- the caller's acts

    def dials(self) -> None:
        """Call, and be connected. Raises `NoAnswer` when the number is not answered by a stream."""
        url, parameters = self._webhook()
        headers = {"X-Twilio-Signature": self._sign(url, {})} if self._auth_token else {}
        path = urllib.parse.urlsplit(url).path
        self._ws = Client(f"ws{self._server.removeprefix('http')}{path}", headers=headers)
        self.is_connected = True
        self._send({"event": "connected", "protocol": "Call", "version": "1.0.0"})
        self._event("start", {"start": self._start(parameters)})
        for work in (self._read, self._tick):
            threading.Thread(target=work, daemon=True).start()

    def says(self, text: str, audio: bytes) -> None:
        """Speak: `audio` is the sound, `text` what a recogniser would make of it. Returns when it has been spoken."""
        with self._lock:
            self._event("simulated_speech", {"text": text})
            self._frames.extend(
                audio[start : start + FRAME_BYTES].ljust(FRAME_BYTES, b"\xff")
                for start in range(0, len(audio), FRAME_BYTES)
            )
            self._lock.wait_for(lambda: not self._frames or not self.is_connected)
            self._spoke_until = time.monotonic()

    def presses(self, digits: str) -> None:
        for digit in digits:
            self._event("dtmf", {"dtmf": {"track": "inbound_track", "digit": digit}})

    def hears_something(self, timeout_s: float = 10.0) -> float:
        """Wait until the reply to the last words begins; gives the seconds since they were spoken."""
        since = self._spoke_until
        with self._lock:
            if not self._lock.wait_for(lambda: self._heard_since(since), timeout_s):
                raise NoAnswer("nothing was said")
            return next(at for at in self.phone.frame_times if at > since) - since

    def hears(self, seconds: float, timeout_s: float = 10.0) -> None:
        """Wait until that much of the reply to the last words has been heard."""
        since = self._spoke_until
        self.hears_something(timeout_s)
        begun_at = next(at for at in self.phone.frame_times if at > since)
        with self._lock:
            if not self._lock.wait_for(lambda: time.monotonic() >= begun_at + seconds, timeout_s):
                raise NoAnswer("the reply was too short")

    def listens(self, timeout_s: float = 30.0) -> None:
        """Wait until a reply has begun and been heard to its end."""
        self.hears_something(timeout_s)
        deadline = time.monotonic() + timeout_s
        with self._lock:
            while time.monotonic() < self.phone.play_end + REPLY_GAP_S and self.is_connected:
                self._lock.wait(0.05)
                if time.monotonic() > deadline:
                    raise NoAnswer("the reply does not end")

    def hangs_up(self) -> None:
        if self.is_connected:
            self._event("stop", {"stop": {"accountSid": "AC0", "callSid": self.call_sid}})
            self.vanishes()

    def vanishes(self) -> None:
        """The connection is gone, without a word."""
        self.is_connected = False
        try:
            self._ws.close()
        except (ConnectionClosed, OSError):
            return

    def sends_raw(self, text: str) -> None:
        """Anything at all, as one message."""
        self._ws.send(text)

    def waits_for_hang_up(self, timeout_s: float = 10.0) -> bool:
        """Whether the other side has ended the call."""
        with self._lock:
            return self._lock.wait_for(lambda: not self.is_connected, timeout_s)

    # ------------------------------------------------------------------------ inside

    def _heard_since(self, since: float) -> bool:
        return bool(self.phone.frame_times) and self.phone.frame_times[-1] > since

    def _webhook(self) -> tuple[str, dict[str, str]]:
        form = {
            "CallSid": self.call_sid,
            "AccountSid": "AC0",
            "From": self._number,
            "To": self._dialled,
            "CallStatus": "ringing",
            "Direction": "inbound",
        }
        url = f"{self._server}/twilio/voice"
        headers = {"X-Twilio-Signature": self._sign(url, form)} if self._auth_token else {}
        request = urllib.request.Request(url, urllib.parse.urlencode(form).encode(), headers)
        with urllib.request.urlopen(request, timeout=15) as answer:
            stream = ElementTree.fromstring(answer.read()).find(".//Stream")
        if stream is None:
            raise NoAnswer("the TwiML names no stream")
        return stream.attrib["url"], {p.attrib["name"]: p.attrib["value"] for p in stream.findall("Parameter")}

    def _sign(self, url: str, form: dict[str, str]) -> str:
        return str(RequestValidator(self._auth_token).compute_signature(url, form))

    def _start(self, parameters: dict[str, str]) -> dict[str, Any]:
        return {
            "accountSid": "AC0",
            "streamSid": self.stream_sid,
            "callSid": self.call_sid,
            "tracks": ["inbound"],
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            "customParameters": parameters,
        }

    def _event(self, event: str, body: dict[str, Any]) -> None:
        self._sequence += 1
        self._send({"event": event, "sequenceNumber": str(self._sequence), **body, "streamSid": self.stream_sid})

    def _send(self, message: dict[str, Any]) -> None:
        try:
            self._ws.send(json.dumps(message, ensure_ascii=False))
        except (ConnectionClosed, OSError):
            self.is_connected = False

    def _tick(self) -> None:
        """Send a frame every 20 ms, speech or silence, and the marks that have been reached."""
        due = time.monotonic()
        chunk = 0
        while self.is_connected:
            with self._lock:
                frame = self._frames.popleft() if self._frames else SILENT_FRAME
                marks = self.phone.marks_due(time.monotonic())
                self._lock.notify_all()
                chunk += 1
                payload = base64.b64encode(frame).decode()
                media = {"track": "inbound", "chunk": str(chunk), "timestamp": str(chunk * 20), "payload": payload}
                self._event("media", {"media": media})
                for name in marks:
                    self._event("mark", {"mark": {"name": name}})
            due += FRAME_S
            time.sleep(max(0.0, due - time.monotonic()))

    def _read(self) -> None:
        try:
            while True:
                message = json.loads(self._ws.receive())
                now = time.monotonic()
                with self._lock:
                    self._take(message, now)
                    self._lock.notify_all()
        except (ConnectionClosed, OSError, TypeError):
            with self._lock:
                self.is_connected = False
                self._lock.notify_all()

    def _take(self, message: dict[str, Any], now: float) -> None:
        match message["event"]:
            case "media":
                self.phone.media(base64.b64decode(message["media"]["payload"]), now)
            case "mark":
                self.phone.mark(message["mark"]["name"], now)
            case "clear":
                self.phone.clear(now)
