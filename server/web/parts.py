"""What the web views work with: one frozen value in `app.extensions["parts"]`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import cast

from flask import Flask, current_app

from server.calendar.booking import Bookings
from server.calendar.customers import Customers
from server.calls.record import Recorder
from server.calls.store import CallStore
from server.clock import Clock
from server.config import Settings
from server.web.accounts import Accounts
from server.web.lines import Booth, Connect, Lines
from server.web.replies import Replies

Check = Callable[[], str | None]
"""Whether a part is ready: None, or in a few English words why not. Runs on a worker thread and may block."""


@dataclass(frozen=True)
class Parts:
    """`stream_secret` makes the tokens of media streams; `checks` are what /readyz asks, by name."""

    settings: Settings
    clock: Clock
    bookings: Bookings
    customers: Customers
    calls: CallStore
    recorder: Recorder
    accounts: Accounts
    replies: Replies
    lines: Lines
    connect: Connect
    booth: Booth
    stream_secret: str
    checks: Mapping[str, Check] = field(default_factory=lambda: MappingProxyType({}))


def parts() -> Parts:
    """The parts of the app that serves the current request."""
    return cast(Parts, current_app.extensions["parts"])


def install(app: Flask, these: Parts) -> None:
    app.extensions["parts"] = these
