"""The browser telephone in a real browser: its page driven, its sound played, the appointment in the diary."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chromium import Tab, binary, logged_in
from tests.fake_google import FakeGoogle, listening
from tests.serving import RunningServer, eventually, serving
from tests.speech import SPEECH

ORDER = "תקבע לי מחר ב-12 שוודי שעה. דני."
PAGE = "/admin/phone"
LOUD = "--autoplay-policy=no-user-gesture-required"
STATE = "document.getElementById('phone').dataset.state"
BUBBLES = "[...document.querySelectorAll('.bubble.agent')].map(e => e.textContent)"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    if binary() is None:
        pytest.skip("no Chromium on this machine: the browser telephone is tried without its page only")
    with serving(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="module")
def owner(server: RunningServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    """A browser with loudspeakers in which the owner has logged in."""
    with logged_in(server, tmp_path_factory.mktemp("browser"), PAGE, LOUD) as browser:
        yield browser


@pytest.fixture
def call(server: RunningServer, owner: Tab) -> Iterator[Tab]:
    """The page in a call whose greeting has been heard."""
    owner.complaints.clear()
    owner.open(f"{server.origin}{PAGE}")
    owner.evaluate("document.getElementById('call').click()")
    owner.wait_for(f"{STATE} === 'talking'")
    eventually(lambda: _is_greeted(server, sid(owner)), 15)
    yield owner
    owner.evaluate(f"{STATE} === 'talking' && document.getElementById('call').click()")
    owner.wait_for(f"{STATE} === 'idle'")


def _is_greeted(server: RunningServer, call_sid: str) -> bool:
    """Whether the loudspeaker has played the greeting to its end, as the returned marks tell."""
    greeting = next(iter(server.call(call_sid)["turns"]), None)
    return greeting is not None and greeting["agent_heard"] == greeting["agent"]


def types(page: Tab, text: str) -> None:
    page.evaluate(f"document.getElementById('text').value = '{text}'")
    page.evaluate("document.querySelector('#say button').click()")


def sid(page: Tab) -> str:
    return str(page.evaluate("document.getElementById('record').href")).rpartition("/")[2]


def test_a_typed_order_is_in_the_diary(server: RunningServer, call: Tab) -> None:
    types(call, ORDER)
    assert call.wait_for("document.querySelector('.saying')?.textContent") == ORDER, "seen while it is being said"
    call.wait_for(f"{BUBBLES}.some(text => text.includes('קבעתי'))", 20)
    [appointment] = server.get("/api/v1/appointments", **{"from": "2026-11-22", "to": "2026-11-24"})["items"]
    assert appointment["starts_at"] == "2026-11-23T12:00:00+02:00"
    assert (appointment["service"], appointment["customer_name"]) == ("עיסוי שוודי", "דני")
    assert appointment["call_sid"] == sid(call)
    assert call.wait_for("document.getElementById('made').textContent.includes('דני')")
    assert call.evaluate("document.querySelectorAll('.saying').length") == 0
    assert call.complaints == []


def test_a_line_typed_while_she_speaks_cuts_her_off(server: RunningServer, call: Tab) -> None:
    types(call, "אילו טיפולים יש לכם ומה המחירים?")
    call.wait_for(f"{BUBBLES}.length > 1", 15)
    types(call, "כמה עולה שוודי של שעה?")
    call.wait_for(f"{BUBBLES}.some(text => text.includes('350'))", 20)
    turns = server.call(sid(call))["turns"]
    assert turns[1]["agent_heard"] != turns[1]["agent"]


def test_an_example_is_said_by_a_click(server: RunningServer, call: Tab) -> None:
    call.evaluate("[...document.querySelectorAll('[data-example]')].find(e => e.textContent.includes('תודה')).click()")
    call.wait_for(f"{STATE} === 'idle'", 20)
    assert call.evaluate("document.getElementById('state').textContent") == "השיחה הסתיימה"
    assert call.wait_for("document.getElementById('outcome').textContent")
    assert call.evaluate("document.getElementById('record').hidden") is False


def test_hanging_up_ends_the_call_and_the_line_is_free_again(server: RunningServer, call: Tab) -> None:
    call.evaluate("document.getElementById('call').click()")
    call.wait_for(f"{STATE} === 'idle'")
    assert call.wait_for("document.getElementById('outcome').textContent") == "המתקשר ניתק"
    assert call.evaluate("document.getElementById('text').disabled")


def test_leaving_the_page_ends_the_call(server: RunningServer, call: Tab) -> None:
    call_sid = sid(call)
    call.open(f"{server.origin}/admin/calls/{call_sid}")
    call.wait_for("document.querySelector('.call-head .badge').textContent === 'המתקשר ניתק'")
    assert call.evaluate("document.querySelector('h1').textContent") == "שיחת ניסיון"
    call.open(f"{server.origin}{PAGE}")


def test_where_words_are_only_told_no_microphone_is_offered(owner: Tab) -> None:
    assert owner.evaluate("document.getElementById('microphone') === null")


def test_the_microphone_is_heard_by_the_configured_ears(tmp_path: Path) -> None:
    if binary() is None:
        pytest.skip("no Chromium on this machine: the microphone is not tried")
    recording = sorted(SPEECH.glob("*.wav"))[1]
    flags = (LOUD, "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
    google = FakeGoogle()
    (tmp_path / "server").mkdir()
    (tmp_path / "browser").mkdir()
    with (
        listening(google) as address,
        serving(tmp_path / "server", STT_PROVIDER="google", GOOGLE_SPEECH_ENDPOINT=address) as server,
        logged_in(server, tmp_path / "browser", PAGE, *flags, f"--use-file-for-fake-audio-capture={recording}") as page,
    ):
        page.evaluate("document.getElementById('call').click()")
        page.wait_for(f"{STATE} === 'talking'")
        page.evaluate("document.getElementById('microphone').click()")
        page.wait_for("document.getElementById('microphone').getAttribute('aria-pressed') === 'true'")
        eventually(lambda: google.pieces and len(google.pieces[-1]) > 10, 15)
        page.evaluate("document.getElementById('microphone').click()")
        page.wait_for("[...document.querySelectorAll('.bubble.caller')].some(e => e.textContent.includes('a1 a2'))", 15)
        assert len(set(b"".join(google.pieces[-1]))) > 100, "it is no silence"
        page.evaluate("document.getElementById('call').click()")
        page.wait_for(f"{STATE} === 'idle'")
        assert page.complaints == []
