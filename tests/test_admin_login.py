"""Coming into the owner's pages and going out: cookies, forged forms, addresses that lead elsewhere."""

import datetime as dt

import pytest

from tests.pages import MakeSite, Site

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_who_is_not_logged_in_is_led_to_the_login_and_then_on(site: Site) -> None:
    browser = site.browser()
    answer = browser.get("/admin/calls?page=2")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/admin/login?next=/admin/calls?page%3D2"
    assert browser.logs_in(site.password, next="/admin/calls?page=2").headers["Location"] == "/admin/calls?page=2"
    assert browser.get("/admin/").status_code == 200


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/admin/\\evil",
        "javascript:alert(1)",
        "/twilio/voice",
        "",
    ],
)
def test_a_login_leads_nowhere_but_into_our_pages(site: Site, elsewhere: str) -> None:
    answer = site.browser().logs_in(site.password, next=elsewhere)
    assert answer.headers["Location"] == "/admin/"


def test_a_wrong_password_is_refused_in_words_that_tell_nothing(site: Site) -> None:
    browser = site.browser()
    wrong_password, wrong_name = browser.logs_in("wrong"), browser.logs_in("wrong", login="nobody")
    assert wrong_password.status_code == wrong_name.status_code == 401
    assert "שם המשתמש או הסיסמה אינם נכונים." in wrong_password.text
    assert "שם המשתמש או הסיסמה אינם נכונים." in wrong_name.text
    assert "Set-Cookie" not in [name for name, value in wrong_password.headers if value.startswith("owner=")]


def test_the_sixth_attempt_must_wait(site: Site) -> None:
    browser = site.browser()
    answers = [browser.logs_in("wrong").status_code for _ in range(5)]
    assert answers == [401] * 5
    assert browser.logs_in(site.password).status_code == 429


def test_a_form_without_its_token_changes_nothing(site: Site) -> None:
    browser = site.owner()
    for path in ("/admin/login", "/admin/logout", "/admin/account/password", "/admin/account/sessions/1/end"):
        answer = browser.client.post(path, data={})
        assert answer.status_code == 400, path
        assert "הבקשה לא הובנה" in answer.text
    assert browser.get("/admin/").status_code == 200


def test_a_token_of_another_visitor_is_none(site: Site) -> None:
    stolen = site.owner().token()
    answer = site.owner().client.post("/admin/logout", data={"csrf_token": stolen})
    assert answer.status_code == 400


def test_logging_in_begins_a_session_that_nobody_knew_before(site: Site) -> None:
    browser = site.browser()
    browser.client.set_cookie("owner", "chosen-by-somebody-else")
    browser.logs_in(site.password)
    cookie = browser.client.get_cookie("owner")
    assert cookie is not None
    assert cookie.value != "chosen-by-somebody-else"
    assert len(cookie.value) >= 43


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(site: Site) -> None:
    answer = site.browser().logs_in(site.password)
    [cookie] = [value for name, value in answer.headers if name == "Set-Cookie" and value.startswith("owner=")]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Secure" not in cookie, "a plain http server would never get it back"


def test_behind_https_cookies_are_bound_to_host_and_tls(make_site: MakeSite) -> None:
    site = make_site(public_base_url="https://spa.example")
    browser = site.browser()
    page = browser.client.get("/admin/login", base_url="https://spa.example")
    assert "max-age=31536000" in page.headers["Strict-Transport-Security"]
    cookies = [value for name, value in page.headers if name == "Set-Cookie"]
    assert all(cookie.startswith("__Host-forms=") and "Secure" in cookie for cookie in cookies)
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    answer = browser.client.post(
        "/admin/login",
        data={"csrf_token": token, "login": "owner", "password": site.password},
        base_url="https://spa.example",
    )
    [cookie] = [value for name, value in answer.headers if name == "Set-Cookie" and value.startswith("__Host-owner=")]
    assert all(flag in cookie for flag in ("Secure", "HttpOnly", "Path=/"))
    assert "Domain" not in cookie


def test_going_out_ends_the_session_itself_and_not_only_the_cookie(site: Site) -> None:
    browser = site.owner()
    kept = browser.client.get_cookie("owner")
    assert kept is not None
    assert browser.sends("/admin/logout").headers["Location"] == "/admin/login"
    browser.client.set_cookie("owner", kept.value)
    assert browser.get("/admin/").status_code == 302


def test_a_page_left_open_logs_out_in_the_end(site: Site) -> None:
    browser = site.owner()
    for _ in range(29):
        site.desk.clock.at += dt.timedelta(minutes=1)
        assert browser.get("/admin/", X_Fragment="1").status_code == 200
    site.desk.clock.at += dt.timedelta(minutes=2)
    assert browser.get("/admin/", X_Fragment="1").status_code == 401
    assert browser.get("/admin/").status_code == 302


def test_a_new_password_is_written_twice_and_needs_the_old_one(site: Site) -> None:
    browser, new = site.owner(), "ספר-ים-כחול-גדול"

    def asks(**fields: str) -> str:
        browser.sends("/admin/account/password", **fields)
        return browser.get("/admin/account").text

    assert "לא נכתבה פעמיים" in asks(old=site.password, new=new, again="אחרת")
    assert "הסיסמה הנוכחית אינה נכונה" in asks(old="wrong", new=new, again=new)
    assert "קצרה מדי" in asks(old=site.password, new="קצרה", again="קצרה")
    assert "הסיסמה הוחלפה" in asks(old=site.password, new=new, again=new)
    assert site.browser().logs_in(new).status_code == 302


def test_a_lost_device_can_be_disconnected(site: Site) -> None:
    lost, mine = site.owner(), site.owner()
    assert "המכשיר הזה" in mine.get("/admin/account").text
    mine.sends("/admin/account/sessions/1/end")
    assert lost.get("/admin/").status_code == 302
    assert mine.get("/admin/").status_code == 200


@pytest.mark.parametrize(
    "path", ["/admin/login", "/admin/", "/admin/no-such-page", "/admin/static/admin.css", "/api/v1/calls", "/healthz"]
)
def test_every_answer_carries_the_headers_that_protect_it(site: Site, path: str) -> None:
    headers = site.browser().get(path).headers
    policy = headers["Content-Security-Policy"]
    for rule in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert rule in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    if path.startswith("/api") or path in ("/admin/login", "/admin/"):
        assert headers["Cache-Control"] == "no-store"


def test_files_may_be_kept_because_their_address_changes_with_them(site: Site) -> None:
    page = site.browser().get("/admin/login").text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    assert "v=" in address
    assert "max-age=31536000" in site.browser().get(address).headers["Cache-Control"]
