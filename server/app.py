"""The Flask application: every door of the house, over one world."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import Engine
from werkzeug.middleware.proxy_fix import ProxyFix

from server import config, runtime, world
from server.calendar.customers import Customers
from server.clock import Clock, SystemClock
from server.config import Settings
from server.db.engine import make_engine
from server.web import admin, api, feeds, ops, phone, security, stream, voice
from server.web import parts as web_parts
from server.web.accounts import Accounts
from server.web.allowance import Allowance
from server.web.lines import Booth, Lines
from server.web.parts import Parts
from server.web.replies import Replies
from server.world import World


def create_app(settings: Settings, clock: Clock | None = None, *, engine: Engine | None = None) -> Flask:
    """The app over a database whose tables are there; its world, in `extensions`, is to be prepared before calls."""
    clock = clock or SystemClock()
    built = world.build(settings, clock, engine or make_engine(settings.database_url))
    app = Flask(__name__, template_folder="web/templates", static_folder=None)
    app.config["SOCK_SERVER_OPTIONS"] = runtime.sock_options()
    app.extensions["world"] = built
    if settings.proxy_hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxy_hops)  # type: ignore[method-assign]
    web_parts.install(app, _parts(built))
    security.install(app, settings)
    for blueprint in (voice.bp, stream.bp, phone.bp, ops.ops, api.api, admin.admin, feeds.feeds):
        app.register_blueprint(blueprint)
    return app


def _parts(built: World) -> Parts:
    lines = Lines(built.settings.max_calls)
    return Parts(
        settings=built.settings,
        clock=built.clock,
        bookings=built.bookings,
        customers=Customers(built.engine, built.clock),
        calls=built.calls,
        recorder=built.recorder,
        accounts=Accounts(built.engine, built.clock),
        replies=Replies(built.engine),
        lines=lines,
        connect=built.connect,
        booth=_booth(built),
        stream_secret=config.secret_key(built.settings),
        checks={
            "database": ops.database_check(built.bookings),
            "warm": built.not_warm,
            "draining": lambda: "the server is stopping" if lines.is_draining else None,
        },
    )


def _booth(built: World) -> Booth:
    return Booth(
        connect=built.connect_browser,
        say=built.say,
        calls=Allowance(phone.CALLS_A_MINUTE, built.clock),
        lines=Allowance(phone.LINES_A_MINUTE, built.clock),
    )
