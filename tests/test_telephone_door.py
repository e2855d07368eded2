"""What Twilio would never send, and what it may send twice: no call ends another, and nothing ends the process."""

from __future__ import annotations

import base64
import json
import urllib.error
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pytest
from simple_websocket import Client, ConnectionError
from twilio.request_validator import RequestValidator

from server.calls.store import CallStore
from server.db.engine import make_engine
from server.demo.caller import Caller, NoAnswer
from tests.line import NUMBER, SECOND, Line, knock, post, ring
from tests.serving import RunningServer, eventually, serving
from tests.speech import utterance


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with serving(tmp_path_factory.mktemp("server"), MAX_CALLS="3") as running:
        yield running


BAD_MESSAGES: list[str | bytes] = [
    "{not json",
    "[]",
    "null",
    '{"event": 7}',
    '{"event": "nonsense"}',
    '{"event": "media"}',
    '{"event": "media", "media": {"payload": "%%%"}}',
    '{"event": "media", "media": {"payload": ""}}',
    '{"event": "media", "media": {"payload": 5}}',
    json.dumps({"event": "media", "media": {"payload": base64.b64encode(b"\xff" * 20_000).decode()}}),
    '{"event": "dtmf", "dtmf": {"digit": "12"}}',
    '{"event": "mark", "mark": {}}',
    '{"event": "simulated_speech"}',
    "[" * 5000,
    b"\x00\x01binary",
]


def test_the_twiml_connects_to_the_stream_and_has_a_net_below(server: RunningServer) -> None:
    status, twiml = ring(server, "CAtwiml")
    assert status == 200
    response = ElementTree.fromstring(twiml)
    assert [verb.tag for verb in response][:2] == ["Connect", "Say"]
    assert response.find("Connect").attrib["action"] == f"{server.origin}/twilio/after-stream"  # type: ignore[union-attr]
    stream = response.find("Connect/Stream")
    assert stream is not None
    assert stream.attrib["url"] == f"ws{server.origin.removeprefix('http')}/twilio/media"


def test_a_webhook_sent_twice_gets_the_same_answer_and_one_row(server: RunningServer) -> None:
    assert ring(server, "CAtwice") == ring(server, "CAtwice")
    calls = server.get("/api/v1/calls", **{"from": "2026-11-22", "to": "2026-11-23"})["items"]
    assert [call["call_sid"] for call in calls].count("CAtwice") == 1


def test_an_unknown_number_is_rejected_without_a_row(server: RunningServer) -> None:
    status, twiml = ring(server, "CAunknown", to="+97239999999")
    assert status == 200
    assert ElementTree.fromstring(twiml).find("Reject") is not None
    assert post(server, "/api/v1/calls/CAunknown", {})[0] in (404, 405, 401)
    with pytest.raises(urllib.error.HTTPError, match="404"):
        server.call("CAunknown")


def test_a_webhook_without_a_call_is_refused(server: RunningServer) -> None:
    assert post(server, "/twilio/voice", {"To": NUMBER})[0] == 400
    assert post(server, "/twilio/voice", {"To": NUMBER, "CallSid": "x" * 5000})[0] == 400


def test_a_token_works_once(server: RunningServer) -> None:
    first = Line(server, "CAonce")
    first.start()
    assert first.is_answered()
    second = Line(server, "CAonce")
    second.start()
    assert second.closes_with() == 1008
    first.hangs_up()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"customParameters": {"token": "0" * 32}}, "token"),
        ({"customParameters": {}}, "token"),
        ({"callSid": "CAsomebodyelse"}, "token"),
        ({"mediaFormat": {"encoding": "audio/l16", "sampleRate": 8000, "channels": 1}}, "encoding"),
        ({"mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 16000, "channels": 1}}, "encoding"),
    ],
)
def test_a_start_that_is_not_ours_is_turned_away(
    server: RunningServer,
    changes: dict[str, Any],
    reason: str,
) -> None:
    name = f'voice_webhooks_rejected_total{{reason="{reason}"}}'
    before = server.metric(name)
    line = Line(server, f"CA{abs(hash(str(changes)))}")
    line.start(**changes)
    assert line.closes_with() == 1008
    assert server.metric(name) == before + 1


@pytest.mark.parametrize(
    ("changes", "status", "version"),
    [
        ({"Upgrade": ""}, 400, None),
        ({"Connection": "keep-alive"}, 400, None),
        ({"Sec-WebSocket-Key": ""}, 400, None),
        ({"Sec-WebSocket-Version": ""}, 400, "13"),
        ({"Sec-WebSocket-Version": "7"}, 426, "13"),
    ],
)
def test_what_asks_for_no_websocket_gets_none(
    server: RunningServer, changes: dict[str, str], status: int, version: str | None
) -> None:
    answer = knock(server, "/twilio/media", changes)
    assert answer.status == status
    assert answer.headers["Sec-WebSocket-Version"] == version
    assert "Traceback" not in server.log_text


def test_no_start_within_five_seconds_closes_the_stream(server: RunningServer) -> None:
    line = Line(server)
    line.send({"event": "connected"})
    assert line.closes_with() == 1008


@pytest.mark.parametrize("message", BAD_MESSAGES)
def test_a_bad_message_is_ignored_and_many_are_not(
    server: RunningServer,
    message: str | bytes,
) -> None:
    line = Line(server, f"CAbad{abs(hash(message))}")
    line.start()
    assert line.is_answered()
    line.send(message)
    line.media(base64.b64encode(b"\xff" * 160).decode())
    assert line.is_answered()
    line.send(*[message] * 21)
    assert line.closes_with() == 1008


def test_a_second_start_changes_nothing(server: RunningServer) -> None:
    line = Line(server, "CAsecond")
    line.start()
    assert line.is_answered()
    line.start(callSid="CAother", streamSid="MZ9")
    assert line.hears()["streamSid"] == "MZ0"
    line.hangs_up()


def test_an_oversized_message_closes_that_stream(server: RunningServer) -> None:
    line = Line(server, "CAbig")
    line.start()
    assert line.is_answered()
    line.send("x" * 70_000)
    assert line.closes_with() == 1009


def test_a_flood_of_sound_closes_that_stream(server: RunningServer) -> None:
    line = Line(server, "CAflood")
    line.start()
    assert line.is_answered()
    line.media(SECOND, count=5)
    assert line.closes_with() == 1008


def test_a_vanished_peer_ends_its_call(server: RunningServer) -> None:
    line = Line(server, "CAvanish")
    line.start()
    assert line.is_answered()
    line.vanishes()
    eventually(lambda: server.call("CAvanish")["ended_at"])
    assert server.call("CAvanish")["outcome"] == "hangup"


def test_none_of_it_disturbs_somebody_elses_call(server: RunningServer) -> None:
    bystander = Caller(server.origin, number="+972503334455")
    bystander.dials()
    bystander.listens()
    for number, message in enumerate(BAD_MESSAGES):
        line = Line(server, f"CAnoise{number}")
        line.start()
        line.send(*[message] * 22)
        assert line.closes_with() == 1008
    bystander.says("כמה עולה שוודי שעה", utterance(3))
    bystander.listens()
    assert "350" in server.turns(bystander)[-1]["agent"]
    bystander.hangs_up()


def test_when_all_lines_are_busy_the_caller_hears_so_and_may_leave_a_message(server: RunningServer) -> None:
    eventually(lambda: server.metric("voice_calls_in_progress") == 0)
    callers = [Caller(server.origin) for _ in range(3)]
    for caller in callers:
        caller.dials()
        caller.hears_something()
    _, twiml = ring(server, "CAshed")
    response = ElementTree.fromstring(twiml)
    assert "תפוסים" in "".join(response.itertext())
    assert response.find("Record") is not None
    assert server.call("CAshed")["outcome"] == "shed"
    with pytest.raises(NoAnswer):
        Caller(server.origin).dials()
    for caller in callers:
        caller.hangs_up()


def test_after_the_stream_a_finished_call_is_hung_up_and_a_broken_one_caught(server: RunningServer) -> None:
    caller = Caller(server.origin)
    caller.dials()
    caller.listens()
    caller.says("זהו, תודה רבה, להתראות", utterance(4))
    assert caller.waits_for_hang_up(12)
    _, after = post(server, "/twilio/after-stream", {"CallSid": caller.call_sid})
    assert [verb.tag for verb in ElementTree.fromstring(after)] == ["Hangup"]
    ring(server, "CAbroken")
    _, broken = post(server, "/twilio/after-stream", {"CallSid": "CAbroken"})
    assert ElementTree.fromstring(broken).find("Record") is not None


def test_whom_nobody_answers_may_leave_a_message_and_the_owner_finds_it(server: RunningServer) -> None:
    ring(server, "CAvoicemail")
    call = {"CallSid": "CAvoicemail"}
    _, talked = post(server, "/twilio/after-dial", {**call, "DialCallStatus": "completed"})
    assert [verb.tag for verb in ElementTree.fromstring(talked)] == ["Hangup"]
    _, unanswered = post(server, "/twilio/after-dial", {**call, "DialCallStatus": "no-answer"})
    record = ElementTree.fromstring(unanswered).find("Record")
    assert record is not None
    assert record.attrib["action"] == "message"
    _, thanks = post(server, "/twilio/message", {**call, "RecordingUrl": "https://api.twilio.example/RE1"})
    assert [verb.tag for verb in ElementTree.fromstring(thanks)] == ["Say", "Hangup"]
    messages = eventually(lambda: CallStore(make_engine(server.database_url)).messages(1))
    assert messages[0].details["recording_url"] == "https://api.twilio.example/RE1"


def test_status_callbacks_come_in_any_order_and_repeated(server: RunningServer) -> None:
    ring(server, "CAstatus")
    for status in ("completed", "ringing", "completed", "nonsense", "in-progress"):
        assert post(server, "/twilio/status", {"CallSid": "CAstatus", "CallStatus": status})[0] == 204
    assert server.call("CAstatus")["outcome"] == "hangup"


# ------------------------------------------------------------------ with signatures

AUTH_TOKEN = "an-auth-token"
PUBLIC = "https://reception.example.com"


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with serving(
        tmp_path_factory.mktemp("signed"),
        TWILIO_AUTH_TOKEN=AUTH_TOKEN,
        PUBLIC_BASE_URL=PUBLIC,
        ALLOW_SIMULATED="1",
        STT_PROVIDER="simulated",
    ) as running:
        yield running


def signature(url: str, form: dict[str, str]) -> str:
    return str(RequestValidator(AUTH_TOKEN).compute_signature(url, form))


def test_only_what_twilio_signed_is_served(signed: RunningServer) -> None:
    form = {"CallSid": "CAsigned", "From": "+972501112233", "To": NUMBER}
    good = signature(f"{PUBLIC}/twilio/voice", form)
    assert post(signed, "/twilio/voice", form)[0] == 403
    assert post(signed, "/twilio/voice", form, **{"X-Twilio-Signature": "forged"})[0] == 403
    assert post(signed, "/twilio/voice", {**form, "From": "+1"}, **{"X-Twilio-Signature": good})[0] == 403
    with pytest.raises(urllib.error.HTTPError, match="404"):
        signed.call("CAsigned")
    status, twiml = post(signed, "/twilio/voice", form, **{"X-Twilio-Signature": good})
    assert status == 200
    assert "wss://reception.example.com/twilio/media" in twiml


@pytest.mark.parametrize(
    "path", ["/twilio/voice", "/twilio/after-stream", "/twilio/after-dial", "/twilio/message", "/twilio/status"]
)
def test_every_unsigned_webhook_gets_the_same_403(signed: RunningServer, path: str) -> None:
    assert post(signed, path, {}) == post(signed, path, {"CallSid": "CA1"}, **{"X-Twilio-Signature": "x"})
    assert post(signed, path, {})[0] == 403


def test_the_upgrade_is_signed_too(signed: RunningServer) -> None:
    url = f"ws{signed.origin.removeprefix('http')}/twilio/media"
    with pytest.raises(ConnectionError, match="403"):
        Client(url)
    with pytest.raises(ConnectionError, match="403"):
        Client(url, headers={"X-Twilio-Signature": signature(f"{PUBLIC}/twilio/media", {})})
    ws = Client(url, headers={"X-Twilio-Signature": signature("wss://reception.example.com/twilio/media", {})})
    ws.close()
