"""The doors for operators: alive, ready, measured."""

from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from tests.pages import TOKEN, MakeSite, Site

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def asks(site: Site, path: str, address: str = "127.0.0.1", **headers: str) -> TestResponse:
    dashed = {name.replace("_", "-"): value for name, value in headers.items()}
    return site.app.test_client().get(path, headers=dashed, environ_overrides={"REMOTE_ADDR": address})


def test_alive_is_told_to_anybody(site: Site) -> None:
    assert asks(site, "/healthz", "203.0.113.9").get_json() == {"status": "ok"}


def test_the_bare_address_leads_to_the_owners_pages(site: Site) -> None:
    assert asks(site, "/", "203.0.113.9").headers["Location"] == "/admin/"


def test_one_check_that_fails_makes_the_server_not_ready(make_site: MakeSite) -> None:
    site = make_site(checks={"voice": lambda: "the phrases are being made", "brain": lambda: None})
    answer = asks(site, "/readyz")
    assert answer.status_code == 503
    assert answer.get_json() == {
        "status": "not ready",
        "checks": {"database": "ok", "voice": "the phrases are being made", "brain": "ok"},
    }


def test_a_check_that_breaks_is_one_that_fails(make_site: MakeSite) -> None:
    site = make_site(checks={"voice": lambda: str(1 / 0)})
    assert asks(site, "/readyz").get_json()["checks"]["voice"] == "the check itself failed"


def test_a_database_that_does_not_answer_is_told(site: Site, tmp_path: Path) -> None:
    site.desk.engine.dispose()
    (tmp_path / "receptionist.db").write_bytes(b"no database at all" * 99)
    answer = asks(site, "/readyz")
    assert answer.status_code == 503
    assert answer.get_json()["checks"]["database"].startswith("the database does not answer")


def test_measurements_need_the_token(site: Site) -> None:
    assert asks(site, "/metrics").status_code == 401
    assert asks(site, "/metrics", Authorization="Bearer wrong").status_code == 401
    answer = asks(site, "/metrics", "203.0.113.9", Authorization=f"Bearer {TOKEN}")
    assert answer.status_code == 200
    assert "# TYPE voice_turn_latency_seconds histogram" in answer.text


def test_without_a_token_only_this_very_machine_may_read_them(make_site: MakeSite) -> None:
    site = make_site(admin_api_token="")
    assert asks(site, "/metrics").status_code == 200
    assert asks(site, "/metrics", "::1").status_code == 200
    assert asks(site, "/metrics", "203.0.113.9").status_code == 401
    assert asks(site, "/metrics", X_Forwarded_For="203.0.113.9").status_code == 401, "a tunnel speaks for somebody else"
    assert asks(site, "/metrics", Authorization="Bearer ").status_code == 200


def test_without_a_token_nobody_is_a_bearer(make_site: MakeSite) -> None:
    site = make_site(admin_api_token="")
    assert site.api("").get("/calls").status_code == 401
    assert site.api(TOKEN).get("/calls").status_code == 401
