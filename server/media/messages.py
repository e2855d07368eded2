"""Twilio Media Streams messages, parsed strictly and composed cheaply.

Source: Twilio's "Media Streams - WebSocket messages". One more message, `simulated_speech`, belongs to the
simulated recogniser and is Twilio's only in form.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

MAX_MEDIA_BYTES = 8000
"""A media message holds 20 ms; one second is more than any buffering explains."""

MAX_SPEECH_CHARS = 2000


class BadMessage(Exception):
    """A message that Twilio would not send; `kind` is a short English word for counters."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Connected:
    pass


@dataclass(frozen=True, slots=True)
class Start:
    stream_sid: str
    call_sid: str
    account_sid: str
    encoding: str
    sample_rate: int
    channels: int
    parameters: Mapping[str, str]

    @property
    def is_telephone_audio(self) -> bool:
        return (self.encoding, self.sample_rate, self.channels) == ("audio/x-mulaw", 8000, 1)


@dataclass(frozen=True, slots=True)
class Media:
    audio: bytes  # µ-law


@dataclass(frozen=True, slots=True)
class Digit:
    digit: str


@dataclass(frozen=True, slots=True)
class MarkPlayed:
    name: str


@dataclass(frozen=True, slots=True)
class SimulatedSpeech:
    text: str


@dataclass(frozen=True, slots=True)
class Stop:
    pass


Message = Connected | Start | Media | Digit | MarkPlayed | SimulatedSpeech | Stop


def parse(raw: str | bytes) -> Message:
    """Parse one message. Raises `BadMessage` with kind json, event, or the name of the event that was malformed."""
    if isinstance(raw, bytes):
        raise BadMessage("binary")
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        raise BadMessage("json") from None
    if not isinstance(body, dict):
        raise BadMessage("json")
    event = body.get("event")
    reader = _READERS.get(event) if isinstance(event, str) else None
    if reader is None:
        raise BadMessage("event")
    try:
        return reader(body)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise BadMessage(str(event)) from None


def _text(value: object, limit: int = 200) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= limit:
        raise ValueError("text expected")
    return value


def _start(body: dict[str, Any]) -> Start:
    start = body["start"]
    form = start["mediaFormat"]
    parameters = start.get("customParameters") or {}
    return Start(
        stream_sid=_text(start.get("streamSid") or body["streamSid"]),
        call_sid=_text(start["callSid"]),
        account_sid=_text(start["accountSid"]),
        encoding=_text(form["encoding"]),
        sample_rate=int(form["sampleRate"]),
        channels=int(form["channels"]),
        parameters={_text(name): _text(value, 1000) for name, value in parameters.items() if value != ""},
    )


def _media(body: dict[str, Any]) -> Media:
    media = body["media"]
    if media.get("track", "inbound") != "inbound":
        raise ValueError("only the caller's track is taken")
    audio = binascii.a2b_base64(_text(media["payload"], MAX_MEDIA_BYTES * 4 // 3 + 4), strict_mode=True)
    if not audio:
        raise ValueError("no audio")
    return Media(audio)


def _digit(body: dict[str, Any]) -> Digit:
    digit = _text(body["dtmf"]["digit"], 1)
    if digit not in "0123456789*#ABCD":
        raise ValueError("no such key")
    return Digit(digit)


_READERS: Mapping[str, Callable[[dict[str, Any]], Message]] = {
    "connected": lambda _: Connected(),
    "start": _start,
    "media": _media,
    "dtmf": _digit,
    "mark": lambda body: MarkPlayed(_text(body["mark"]["name"])),
    "simulated_speech": lambda body: SimulatedSpeech(_text(body["text"], MAX_SPEECH_CHARS)),
    "stop": lambda _: Stop(),
}


class Composer:
    """Writes the messages of one stream."""

    def __init__(self, stream_sid: str) -> None:
        sid = json.dumps(stream_sid)
        self._media_head = f'{{"event":"media","streamSid":{sid},"media":{{"payload":"'
        self._mark_head = f'{{"event":"mark","streamSid":{sid},"mark":{{"name":'
        self.clear = f'{{"event":"clear","streamSid":{sid}}}'

    def media(self, frame: bytes) -> str:
        return f'{self._media_head}{base64.b64encode(frame).decode("ascii")}"}}}}'

    def mark(self, name: str) -> str:
        return f"{self._mark_head}{json.dumps(name)}}}}}"
