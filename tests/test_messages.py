"""Twilio's messages, parsed strictly and composed exactly."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.media.messages import (
    BadMessage,
    Composer,
    Connected,
    Digit,
    MarkPlayed,
    Media,
    SimulatedSpeech,
    Start,
    Stop,
    parse,
)

START = {
    "event": "start",
    "sequenceNumber": "1",
    "start": {
        "accountSid": "AC1",
        "streamSid": "MZ1",
        "callSid": "CA1",
        "tracks": ["inbound"],
        "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        "customParameters": {"token": "abc"},
    },
    "streamSid": "MZ1",
}


def test_the_messages_of_a_call() -> None:
    assert parse('{"event":"connected","protocol":"Call","version":"1.0.0"}') == Connected()
    start = parse(json.dumps(START))
    assert isinstance(start, Start)
    assert (start.call_sid, start.stream_sid, start.parameters["token"]) == ("CA1", "MZ1", "abc")
    assert start.is_telephone_audio
    payload = base64.b64encode(b"\x7f" * 160).decode()
    media = {"event": "media", "streamSid": "MZ1", "media": {"track": "inbound", "chunk": "2", "payload": payload}}
    assert parse(json.dumps(media)) == Media(b"\x7f" * 160)
    assert parse('{"event":"dtmf","dtmf":{"track":"inbound_track","digit":"#"}}') == Digit("#")
    assert parse('{"event":"mark","mark":{"name":"1:0:3"}}') == MarkPlayed("1:0:3")
    assert parse('{"event":"simulated_speech","text":"שלום"}') == SimulatedSpeech("שלום")
    assert parse('{"event":"stop","stop":{}}') == Stop()


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"mediaFormat": {}}, "start"),
        ({"callSid": ""}, "start"),
        ({"callSid": 7}, "start"),
        ({"accountSid": "x" * 300}, "start"),
        ({"customParameters": {"token": ["a"]}}, "start"),
        ({"customParameters": "token"}, "start"),
    ],
)
def test_a_start_that_lacks_something_is_bad(changes: dict[str, Any], kind: str) -> None:
    message = {**START, "start": {**START["start"], **changes}}  # type: ignore[dict-item]
    with pytest.raises(BadMessage, match=kind):
        parse(json.dumps(message))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
EVENTS = st.sampled_from(["connected", "start", "media", "dtmf", "mark", "stop", "simulated_speech", "x"])


def is_parsed_or_bad(raw: str | bytes) -> bool:
    try:
        return parse(raw) is not None
    except BadMessage as error:
        return bool(error.kind)


@given(st.text() | st.binary())
def test_whatever_comes_is_parsed_or_bad(raw: str | bytes) -> None:
    assert is_parsed_or_bad(raw)


@given(EVENTS, st.dictionaries(EVENTS | st.sampled_from(["streamSid", "text"]), JSON))
def test_known_events_with_any_body_are_parsed_or_bad(event: str, body: dict[str, Any]) -> None:
    assert is_parsed_or_bad(json.dumps({**body, "event": event}))


@given(st.text(min_size=1), st.text(min_size=1), st.binary(min_size=160, max_size=160))
def test_what_is_composed_is_json_with_the_right_names(stream_sid: str, mark: str, frame: bytes) -> None:
    composer = Composer(stream_sid)
    media = json.loads(composer.media(frame))
    assert media == {
        "event": "media",
        "streamSid": stream_sid,
        "media": {"payload": base64.b64encode(frame).decode()},
    }
    assert json.loads(composer.mark(mark)) == {"event": "mark", "streamSid": stream_sid, "mark": {"name": mark}}
    assert json.loads(composer.clear) == {"event": "clear", "streamSid": stream_sid}
