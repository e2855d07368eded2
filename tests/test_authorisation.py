"""Who may pass which door: every route of the whole app, tried by strangers."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from server import runtime
from server.app import create_app
from server.config import Settings
from tests.desk import Desk
from tests.pages import TOKEN

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

OPEN = {"/", "/healthz", "/readyz", "/admin/login", "/admin/grid.css", "/admin/static/<path:filename>"}
"""What anybody may see; everything else turns strangers away."""

TURNED_AWAY = (401, 403)


@pytest.fixture
def app(engine: Engine, tmp_path: Path) -> Iterator[Flask]:
    """The whole app as it stands behind a public address: Twilio signs, the token is set."""
    runtime.start()
    Desk(engine)
    settings = Settings(
        _env_file=None,
        secret_key="s" * 32,
        var_dir=tmp_path,
        admin_api_token=TOKEN,
        twilio_auth_token="t" * 32,
        allow_simulated=True,
        public_base_url="https://spa.example",
    )
    app = create_app(settings, engine=engine)
    yield app
    app.extensions["parts"].recorder.close(1.0)
    runtime.stop()


def doors(app: Flask) -> list[tuple[Rule, str]]:
    return [
        (rule, method)
        for rule in app.url_map.iter_rules()
        for method in sorted(rule.methods or ())
        if method not in ("OPTIONS", "HEAD")
    ]


def knocks(app: Flask, rule: Rule, method: str, **headers: str) -> TestResponse:
    path = app.url_map.bind("spa.example").build(rule.endpoint, dict.fromkeys(rule.arguments, 1))
    json = {"notes": "x"} if rule.rule.startswith("/api/") and method != "GET" else None
    remote = {"REMOTE_ADDR": "203.0.113.9"}
    return app.test_client().open(path, method=method, json=json, headers=headers, environ_overrides=remote)


def is_turned_away(rule: Rule, answer: TestResponse) -> bool:
    if answer.status_code in TURNED_AWAY:
        return True
    if rule.rule.startswith("/calendar/"):
        return answer.status_code == 404  # the address is the secret, and this one was made up
    if rule.rule.startswith("/admin"):
        is_led_to_login = answer.status_code == 302 and "/admin/login" in answer.headers["Location"]
        return is_led_to_login or answer.status_code == 400  # a form without its token
    return False


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": f"Basic {TOKEN}"},
        {"Cookie": "__Host-owner=made-up; owner=made-up; __Host-forms=made-up"},
        {"X-Fragment": "1"},
        {"X-Twilio-Signature": "bWFkZSB1cA=="},
        {"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "https"},
    ],
)
def test_strangers_pass_no_door_that_is_not_open(app: Flask, headers: dict[str, str]) -> None:
    passed = [
        (rule.rule, method, answer.status_code)
        for rule, method in doors(app)
        if rule.rule not in OPEN and not is_turned_away(rule, answer := knocks(app, rule, method, **headers))
    ]
    assert passed == []


def test_the_open_doors_are_open(app: Flask) -> None:
    reached = {
        rule.rule: knocks(app, rule, "GET").status_code
        for rule, method in doors(app)
        if rule.rule in OPEN and method == "GET"
    }
    assert set(reached) == OPEN
    assert reached["/healthz"] == reached["/admin/login"] == reached["/admin/grid.css"] == 200
    assert reached["/readyz"] == 503, "the phrases are not made yet"


def test_the_api_token_opens_the_api_and_the_measurements_and_nothing_else(app: Flask) -> None:
    token = {"Authorization": f"Bearer {TOKEN}"}
    for rule, method in doors(app):
        if rule.rule in OPEN:
            continue
        answer = knocks(app, rule, method, **token)
        is_for_token = rule.rule.startswith("/api/") or rule.rule == "/metrics"
        assert is_turned_away(rule, answer) is not is_for_token, (rule.rule, method, answer.status_code)


def test_no_door_answers_to_methods_that_nobody_uses(app: Flask) -> None:
    for rule, _ in doors(app):
        for method in ("TRACE", "PUT", "DELETE"):
            assert knocks(app, rule, method).status_code in (405, *TURNED_AWAY, 302), (rule.rule, method)
