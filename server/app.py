"""Builds the world: the one place that picks real or embedded parts and hands them to each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Flask
from sqlalchemy import Engine

from server import config, runtime
from server.agents.context import CallContext
from server.agents.phrases import phrases_of
from server.agents.runner import open_receptionist
from server.calendar.booking import Bookings
from server.calls.models import Claimed, Ending, Phrases
from server.calls.record import Recorder
from server.calls.store import CallStore
from server.clock import Clock, SystemClock
from server.config import Settings
from server.db.engine import make_engine
from server.log import get_logger
from server.media.call import Call, CallParts
from server.media.messages import Composer
from server.media.pieces import pieces
from server.media.ports import Recogniser
from server.media.stt.simulated import SimulatedRecogniser
from server.media.tts.cache import CachedVoice
from server.media.tts.embedded import EmbeddedVoice, program
from server.web import admin, api, ops, security, stream, voice
from server.web import parts as web_parts
from server.web.accounts import Accounts
from server.web.lines import Lines
from server.web.parts import Parts
from server.web.replies import Replies

log = get_logger(__name__)


@dataclass
class World:
    """What the app holds for its whole life, and what ends with it."""

    settings: Settings
    clock: Clock
    engine: Engine
    bookings: Bookings
    recorder: Recorder
    recogniser: Recogniser
    voice: CachedVoice
    embedded: EmbeddedVoice
    is_warm: bool = field(default=False)

    def prepare(self) -> None:
        """Start the voice and make the fixed phrases of every business. Waits; only the calling greenlet does."""
        runtime.wait_on_loop(self.embedded.start())
        for business in runtime.in_worker(self.bookings.businesses):
            wanted = [piece for sentence in _all(phrases_of(business)) for piece in pieces(sentence)]
            failed = runtime.wait_on_loop(self.voice.warm(wanted, _show_progress))
            log.info("phrases are made", business_id=business.id, pieces=len(wanted), failed=failed)
        self.is_warm = True

    def close(self) -> None:
        runtime.wait_on_loop(self.embedded.close())
        runtime.in_worker(self.recorder.close)
        self.engine.dispose()

    def connect(
        self,
        claimed: Claimed,
        call_sid: str,
        composer: Composer,
        send: Callable[[str], object],
        on_end: Callable[[Ending], object],
    ) -> Call:
        """A `Connect` for the media streams: one call with ears, voice and a brain of its own."""
        record = self.recorder.open(call_sid)
        context = CallContext(
            call_sid=call_sid,
            facts=runtime.in_worker(self.bookings.facts, claimed.business_id),
            caller_number=claimed.caller_number,
            bookings=self.bookings,
            record=record,
            clock=self.clock,
        )
        parts = CallParts(open_receptionist(context), self.recogniser, self.voice, record, self.clock)
        return Call(parts, composer, send, on_end)


def create_app(settings: Settings, clock: Clock | None = None, *, engine: Engine | None = None) -> Flask:
    """The Flask app over a database whose tables are there. `prepare(app)` must follow before calls come."""
    clock = clock or SystemClock()
    engine = engine or make_engine(settings.database_url)
    calls = CallStore(engine)
    embedded = EmbeddedVoice(program(str(settings.piper_voice) if settings.piper_voice else None))
    world = World(
        settings,
        clock,
        engine,
        Bookings(engine, clock),
        Recorder(calls, clock),
        SimulatedRecogniser(),
        CachedVoice(embedded, settings.var_dir / "voice-cache"),
        embedded,
    )
    app = Flask(__name__, template_folder="web/templates", static_folder=None)
    app.config["SOCK_SERVER_OPTIONS"] = runtime.sock_options()
    web_parts.install(app, _parts(world, calls))
    security.install(app, settings)
    for blueprint in (voice.bp, stream.bp, ops.ops, api.api, admin.admin):
        app.register_blueprint(blueprint)
    app.extensions["world"] = world
    return app


def _parts(world: World, calls: CallStore) -> Parts:
    lines = Lines(world.settings.max_calls)
    return Parts(
        settings=world.settings,
        clock=world.clock,
        bookings=world.bookings,
        calls=calls,
        recorder=world.recorder,
        accounts=Accounts(world.engine, world.clock),
        replies=Replies(world.engine),
        lines=lines,
        connect=world.connect,
        stream_secret=config.secret_key(world.settings),
        checks={
            "database": ops.database_check(world.bookings),
            "voice": lambda: None if world.is_warm else "the phrases are being made",
            "draining": lambda: "the server is stopping" if lines.is_draining else None,
        },
    )


def _all(phrases: Phrases) -> list[str]:
    single = (
        phrases.nudge,
        phrases.silence_farewell,
        phrases.apology,
        phrases.limit_farewell,
        phrases.filler,
    )
    return [sentence.spoken for sentence in (*phrases.greeting, *single)]


def _show_progress(done: int, of: int) -> None:
    log.debug("making phrases", done=done, of=of)
