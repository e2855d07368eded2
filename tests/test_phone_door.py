"""The browser telephone's door: the owner's own page comes in, once; nobody else, and nothing of it opens Twilio's."""

from __future__ import annotations

import json
import re
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from simple_websocket import Client, ConnectionClosed, ConnectionError

from tests.booth import PAGE, Page
from tests.serving import RunningServer, eventually, serving

FORMAT = {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}


def dial(server: RunningServer, path: str = PAGE, **headers: str) -> Any:
    return Client(f"ws{server.origin.removeprefix('http')}{path}", headers=headers)


def start(ws: Any, ticket: dict[str, str], **changes: Any) -> None:
    body = {
        "accountSid": "WEB",
        "streamSid": "MZ0",
        "callSid": ticket["call_sid"],
        "tracks": ["inbound"],
        "mediaFormat": FORMAT,
        "customParameters": {"token": ticket["token"]},
        **changes,
    }
    ws.send(json.dumps({"event": "start", "streamSid": "MZ0", "start": body}))


def is_answered(ws: Any) -> bool:
    message = ws.receive(timeout=5)
    return message is not None and json.loads(message)["event"] == "media"


def closes_with(ws: Any) -> int:
    try:
        while ws.receive(timeout=8) is not None:
            pass
    except ConnectionClosed as closed:
        return int(closed.reason)
    raise AssertionError("the server did not close")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with serving(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="module")
def password(server: RunningServer) -> str:
    return server.new_password()


@pytest.fixture(scope="module")
def shared(server: RunningServer, password: str) -> Page:
    return Page(server, password)


@pytest.fixture
def page(server: RunningServer, password: str) -> Page:
    """A session of its own: what one has used up is not missing to the next."""
    return Page(server, password)


def test_the_page_calls_and_the_receptionist_answers(server: RunningServer, page: Page) -> None:
    ws, ticket = dial(server, Cookie=page.cookie, Origin=server.origin), page.calls()
    start(ws, ticket)
    assert is_answered(ws)
    ws.close()
    assert ticket["call_sid"].startswith("WEB")
    assert server.call(ticket["call_sid"])["caller_number"] is None
    eventually(lambda: server.call(ticket["call_sid"])["outcome"] == "hangup")


@pytest.mark.parametrize("origin", ["", "null", "http://evil.example", "https://127.0.0.1", "http://127.0.0.1:1"])
def test_another_pages_socket_is_refused_with_the_owners_cookie(
    server: RunningServer, shared: Page, origin: str
) -> None:
    headers = {"Origin": origin} if origin else {}
    with pytest.raises(ConnectionError, match="403"):
        dial(server, Cookie=shared.cookie, **headers)


@pytest.mark.parametrize("cookie", ["", "owner=made-up", "__Host-owner=made-up; forms=x"])
def test_without_the_owners_session_nobody_comes_in(server: RunningServer, cookie: str) -> None:
    with pytest.raises(ConnectionError, match="403"):
        dial(server, Origin=server.origin, **({"Cookie": cookie} if cookie else {}))


def test_a_session_that_is_over_opens_nothing(server: RunningServer, page: Page) -> None:
    page.asks("/admin/logout")
    with pytest.raises(ConnectionError, match="403"):
        dial(server, Cookie=page.cookie, Origin=server.origin)


def test_a_token_works_once(server: RunningServer, page: Page) -> None:
    ticket = page.calls()
    first, second = (dial(server, Cookie=page.cookie, Origin=server.origin) for _ in range(2))
    start(first, ticket)
    assert is_answered(first)
    start(second, ticket)
    assert closes_with(second) == 1008
    first.close()


@pytest.mark.parametrize(
    "changes",
    [
        {"customParameters": {}},
        {"customParameters": {"token": "0" * 32}},
        {"callSid": "WEBsomeotherone"},
        {"mediaFormat": {**FORMAT, "encoding": "audio/l16"}},
    ],
)
def test_a_start_that_is_not_the_pages_is_turned_away(
    server: RunningServer, page: Page, changes: dict[str, Any]
) -> None:
    ws = dial(server, Cookie=page.cookie, Origin=server.origin)
    start(ws, page.calls(), **changes)
    assert closes_with(ws) == 1008


def test_the_telephones_door_and_the_browsers_do_not_open_for_each_other(server: RunningServer, page: Page) -> None:
    ws = dial(server, "/twilio/media")
    start(ws, page.calls())
    assert closes_with(ws) == 1008
    form = {"CallSid": "CAringing", "From": "+972501112233", "To": "+97235550100"}
    with urllib.request.urlopen(f"{server.origin}/twilio/voice", urllib.parse.urlencode(form).encode()) as answer:
        token = re.search(r'name="token" value="([^"]+)"', answer.read().decode())
    assert token
    ws = dial(server, Cookie=page.cookie, Origin=server.origin)
    start(ws, {"call_sid": "CAringing", "token": token.group(1)})
    assert closes_with(ws) == 1008


def test_a_line_is_spoken_by_the_servers_voice(shared: Page) -> None:
    status, sound = shared.asks(f"{PAGE}/line", text="תקבע לי מחר ב-12 שוודי שעה. דני.")
    assert status == 200
    assert 1.5 < len(sound) / 8000 < 8
    assert len(set(sound)) > 50, "it is no silence"


@pytest.mark.parametrize("text", ["", "   ", "?!…", "א" * 201])
def test_what_cannot_be_said_is_refused_in_words(shared: Page, text: str) -> None:
    status, body = shared.asks(f"{PAGE}/line", text=text)
    assert status == 422
    assert "שאפשר לומר" in json.loads(body)["trouble"]


def test_lines_and_calls_are_not_without_end(page: Page) -> None:
    assert [page.asks(f"{PAGE}/call")[0] for _ in range(7)] == [200] * 6 + [429]
    assert [page.asks(f"{PAGE}/line", text="כן")[0] for _ in range(31)] == [200] * 30 + [429]


@pytest.mark.parametrize("path", [f"{PAGE}/call", f"{PAGE}/line"])
def test_a_forged_post_does_nothing(server: RunningServer, shared: Page, path: str) -> None:
    assert shared.post(path, "forged", origin=server.origin, text="כן")[0] == 400
    assert shared.post(path, "", origin=server.origin, text="כן")[0] == 400


def test_a_call_is_only_begun_from_the_servers_own_page(shared: Page) -> None:
    status, body = shared.post(f"{PAGE}/call", shared.csrf, origin="http://evil.example")
    assert status == 403
    assert "הכתובת" in json.loads(body)["trouble"]
