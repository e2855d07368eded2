"""Calls from the owner's browser where Twilio signs and Google hears: typed lines are told, spoken ones recognised."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from simple_websocket import Client, ConnectionError

from tests.booth import Booth, Page
from tests.fake_google import FakeGoogle, listening
from tests.serving import RunningServer, eventually, serving
from tests.speech import utterance

ORDER = "תקבע לי מחר ב-12 שוודי שעה. דני."
PUBLIC = "http://reception.example.com"


@pytest.fixture(scope="module")
def google() -> FakeGoogle:
    return FakeGoogle()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, google: FakeGoogle) -> Iterator[RunningServer]:
    with (
        listening(google) as address,
        serving(
            tmp_path_factory.mktemp("server"),
            TWILIO_ACCOUNT_SID="AC1",
            TWILIO_AUTH_TOKEN="an-auth-token",
            PUBLIC_BASE_URL=PUBLIC,
            STT_PROVIDER="google",
            GOOGLE_SPEECH_ENDPOINT=address,
        ) as running,
    ):
        yield running


@pytest.fixture(scope="module")
def page(server: RunningServer) -> Page:
    return Page(server, server.new_password(), PUBLIC)


@pytest.fixture
def booth(page: Page) -> Iterator[Booth]:
    booth = Booth(page)
    booth.dials()
    booth.listens()
    yield booth
    booth.hangs_up()


def test_a_typed_order_is_booked(server: RunningServer, booth: Booth, google: FakeGoogle) -> None:
    booth.types(ORDER)
    booth.listens()
    [appointment] = server.appointments(booth)
    assert appointment["starts_at"] == "2026-11-23T12:00:00+02:00"
    assert appointment["customer_name"] == "דני"
    assert appointment["needs_phone"], "a browser has no number"
    assert server.turns(booth)[1]["caller"] == ORDER
    assert google.pieces == [], "a typed line is nothing to recognise"


def test_what_is_spoken_is_heard_by_the_configured_ears(
    server: RunningServer, booth: Booth, google: FakeGoogle
) -> None:
    booth.speaks(utterance(2, 1500))
    booth.listens()
    assert server.turns(booth)[1]["caller"].startswith("a1 a2")
    booth.types("מתי אתם פתוחים?")
    booth.listens()
    assert server.turns(booth)[-1]["caller"] == "מתי אתם פתוחים?"


def test_a_typed_line_interrupts_as_a_spoken_one_does(server: RunningServer, booth: Booth) -> None:
    booth.types("אילו טיפולים יש לכם ומה המחירים?")
    booth.hears(0.7)
    booth.types("כמה עולה שוודי של שעה?")
    assert booth.phone.clear_times
    booth.listens()
    assert "350" in server.turns(booth)[-1]["agent"]


def test_hanging_up_ends_the_call(server: RunningServer, booth: Booth) -> None:
    booth.hangs_up()
    eventually(lambda: server.call(booth.call_sid)["ended_at"])
    assert server.call(booth.call_sid)["outcome"] == "hangup"


def test_only_the_configured_address_is_the_owners_page(server: RunningServer, page: Page) -> None:
    url = f"ws{server.origin.removeprefix('http')}/admin/phone"
    for origin in (server.origin, "http://127.0.0.1", "https://reception.example.com"):
        with pytest.raises(ConnectionError, match="403"):
            Client(url, headers={"Cookie": page.cookie, "Origin": origin})


def test_the_telephones_door_still_asks_for_twilios_signature(server: RunningServer, page: Page) -> None:
    url = f"ws{server.origin.removeprefix('http')}/twilio/media"
    with pytest.raises(ConnectionError, match="403"):
        Client(url, headers={"Cookie": page.cookie, "Origin": PUBLIC})
