"""The owner's pages in a real browser: logged in by the form, alive without reloading, whole at both widths."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chromium import Tab, binary, logged_in, tab
from tests.serving import RunningServer, serving

PAGES = (
    "/admin/",
    "/admin/week",
    "/admin/calls",
    "/admin/phone",
    "/admin/follow-ups",
    "/admin/account",
    "/admin/customers",
    "/admin/appointments/new",
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    if binary() is None:
        pytest.skip("no Chromium on this machine")
    folder = tmp_path_factory.mktemp("server")
    with serving(folder) as running:
        yield running


@pytest.fixture(scope="module")
def owner(server: RunningServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    """A browser in which the owner has logged in."""
    with logged_in(server, tmp_path_factory.mktemp("browser"), "/admin/week") as browser:
        yield browser


def test_a_booking_appears_and_glows_without_reloading(server: RunningServer, owner: Tab) -> None:
    owner.resize(1280, 800)
    owner.open(f"{server.origin}/admin/")
    owner.evaluate("window.isSame = true")
    wish = {"service": "שוודי", "minutes": 60, "starts_at": "2026-11-22T15:00:00+02:00", "customer_name": "חדש לגמרי"}
    server.post("/api/v1/appointments", wish)
    assert owner.wait_for("[...document.querySelectorAll('.block.new')].some(e => e.textContent.includes('חדש לגמרי'))")
    assert owner.evaluate("window.isSame"), "the page was not loaded anew"


def test_what_is_being_typed_is_left_alone(server: RunningServer, owner: Tab) -> None:
    server.post(
        "/api/v1/appointments",
        {"service": "שוודי", "minutes": 45, "starts_at": "2026-11-23T09:00:00+02:00", "customer_name": "בלי טלפון"},
    )
    owner.open(f"{server.origin}/admin/follow-ups")
    owner.evaluate("(f => { f.focus(); f.value = '052-9'; window.typed = f; })(document.querySelector('[name=phone]'))")
    server.post(
        "/api/v1/appointments",
        {"service": "שוודי", "minutes": 45, "starts_at": "2026-11-24T09:00:00+02:00", "customer_name": "עוד אחד"},
    )
    owner.evaluate("new Promise(done => setTimeout(done, 2600))")
    assert owner.evaluate("document.querySelector('[name=phone]') === window.typed && window.typed.value") == "052-9"


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("path", PAGES)
def test_pages_fit_and_nothing_complains(server: RunningServer, owner: Tab, path: str, width: int) -> None:
    owner.resize(width, 844)
    owner.complaints.clear()
    owner.open(f"{server.origin}{path}")
    assert owner.evaluate("document.documentElement.scrollWidth") <= width
    assert owner.evaluate("getComputedStyle(document.body).direction") == "rtl"
    assert owner.evaluate("document.fonts.check('16px Heebo', 'שלום')")
    small = (
        "[...document.querySelectorAll('nav a, button, .button')].filter(e => e.offsetHeight && e.offsetHeight < 44)"
    )
    assert owner.evaluate(f"{small}.map(e => e.outerHTML)") == [], "a finger needs 44 pixels"
    assert [words for words in owner.complaints if "autocomplete" not in words] == []


def test_a_browser_without_a_session_is_shown_the_login(server: RunningServer, tmp_path: Path) -> None:
    program = binary()
    assert program is not None
    with tab(program, tmp_path) as stranger:
        stranger.open(f"{server.origin}/admin/calls")
        assert stranger.evaluate("location.pathname") == "/admin/login"
        assert stranger.evaluate("document.querySelector('h1').textContent") == "כניסה ליומן"
