"""The web side without telephone and voice: the demo business's diary, its calls, a browser and an API client."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from server import runtime
from server.calendar.customers import Customers
from server.calls.models import Claimed, Ending
from server.calls.record import Recorder
from server.calls.store import CallStore
from server.config import Settings
from server.media.call import Call
from server.media.messages import Composer
from server.web import parts as web_parts
from server.web import security
from server.web.accounts import Accounts
from server.web.admin import admin
from server.web.allowance import Allowance
from server.web.api import api
from server.web.feeds import feeds
from server.web.lines import Booth, Lines
from server.web.ops import database_check, ops
from server.web.parts import Check, Parts
from server.web.replies import Replies
from tests.desk import Desk

TOKEN = "token-of-the-tests"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Hashes that cost a test nothing."""


def no_calls(
    claimed: Claimed,
    call_sid: str,
    composer: Composer,
    send: Callable[[str], object],
    on_end: Callable[[Ending], object],
) -> Call:
    raise AssertionError("no call comes in here")


class MakeSite(Protocol):
    def __call__(self, **settings: Any) -> Site: ...


@dataclass
class Site:
    app: Flask
    desk: Desk
    parts: Parts
    password: str

    @property
    def calls(self) -> CallStore:
        return self.parts.calls

    def browser(self) -> Browser:
        return Browser(self.app.test_client())

    def owner(self) -> Browser:
        """A browser in which the owner has logged in."""
        browser = self.browser()
        answer = browser.logs_in(self.password)
        assert answer.status_code == 302, answer.text
        return browser

    def api(self, token: str | None = TOKEN) -> Api:
        return Api(self.app.test_client(), token)


class Browser:
    """Sends forms as a browser does, with the token that stands in the page."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def token(self, page: str = "/admin/account") -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get(page).text)
        assert found, f"no form on {page}"
        return found.group(1)

    def sends(self, path: str, *, page: str = "/admin/account", **fields: str) -> TestResponse:
        return self.client.post(path, data={"csrf_token": self.token(page), **fields})

    def logs_in(self, password: str, login: str = "owner", **fields: str) -> TestResponse:
        return self.sends("/admin/login", page="/admin/login", login=login, password=password, **fields)


class Api:
    def __init__(self, client: FlaskClient, token: str | None) -> None:
        self._client = client
        self._headers = {} if token is None else {"Authorization": f"Bearer {token}"}

    def get(self, path: str, **query: object) -> TestResponse:
        asked = {name.rstrip("_"): str(value) for name, value in query.items()}
        return self._client.get(f"/api/v1{path}", query_string=asked, headers=self._headers)

    def post(self, path: str, body: object, **headers: str) -> TestResponse:
        return self._client.post(f"/api/v1{path}", json=body, headers=self._headers | _dashed(headers))

    def patch(self, path: str, body: object) -> TestResponse:
        return self._client.patch(f"/api/v1{path}", json=body, headers=self._headers)


@pytest.fixture
def running() -> Iterator[None]:
    runtime.start()
    yield
    runtime.stop()


@pytest.fixture
def make_site(engine: Engine, tmp_path: Path, running: None) -> Iterator[MakeSite]:
    """Builds the site on the test's database, with settings, and perhaps a desk, of choice."""
    recorders: list[Recorder] = []

    def make(*, checks: dict[str, Check] | None = None, desk: Desk | None = None, **chosen: Any) -> Site:
        desk = desk or Desk(engine)
        given = {"admin_api_token": TOKEN, "secret_key": "s" * 32, "var_dir": tmp_path, **chosen}
        settings = Settings(_env_file=None, **given)
        store = CallStore(engine)
        recorders.append(Recorder(store, desk.clock))
        accounts = Accounts(engine, desk.clock, hasher=QUICK)
        parts = Parts(
            settings=settings,
            clock=desk.clock,
            bookings=desk.bookings,
            customers=Customers(engine, desk.clock),
            calls=store,
            recorder=recorders[-1],
            accounts=accounts,
            replies=Replies(engine),
            lines=Lines(settings.max_calls),
            connect=no_calls,
            booth=Booth(no_calls, lambda text: text.encode(), Allowance(3, desk.clock), Allowance(3, desk.clock)),
            stream_secret="s" * 32,
            checks={"database": database_check(desk.bookings), **(checks or {})},
        )
        return Site(_app(parts), desk, parts, accounts.ensure_owner() or "")

    yield make
    for recorder in recorders:
        recorder.close(1.0)


@pytest.fixture
def site(make_site: MakeSite) -> Site:
    return make_site()


def _app(parts: Parts) -> Flask:
    app = Flask("server.app", template_folder="web/templates", static_folder=None)
    web_parts.install(app, parts)
    security.install(app, parts.settings)
    for blueprint in (admin, api, ops, feeds):
        app.register_blueprint(blueprint)
    return app


def _dashed(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
