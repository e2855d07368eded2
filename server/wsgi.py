"""One worker process: start the runtime, build the app, serve, and leave politely."""

from __future__ import annotations

import gc
import signal
import sys
import warnings
from collections.abc import Callable
from types import FrameType
from typing import Any

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # see server/runtime.py
    import eventlet
    import eventlet.hubs
    import eventlet.wsgi

from flask import Flask

from server import metrics, runtime
from server.app import create_app
from server.clock import Clock, SystemClock
from server.config import BadSettings, Settings, load
from server.connection import LINGER_S, Connection
from server.first_run import prepare_database
from server.log import configure, get_logger
from server.web.parts import Parts
from server.world import World

MAX_CONNECTIONS = 4096
BACKLOG = 512
HTTP_TIMEOUT_S = 20
DRAIN_S = 180.0
NOTICE_S = 1.0
"""How long the load balancer has to see that we are not ready, before the door closes."""

FAREWELL_S = 2 * LINGER_S
"""How long the last connections have to end, once all calls are closed: to take the close frame, and to hear it."""

DRAIN_STEP_S = 0.02

SWITCH_INTERVAL_S = 0.0005
"""How long the loop's thread may keep the hub waiting for the interpreter; the default of 5 ms is heard."""

TICK_S = 0.02

log = get_logger(__name__)


def main() -> int:
    """Read the settings and serve until told to stop. Returns the exit status."""
    try:
        serve(load(), SystemClock())
    except BadSettings as error:
        print(f"receptionist: {error}", file=sys.stderr)
        return 2
    return 0


def serve(settings: Settings, clock: Clock, drain_s: float = DRAIN_S) -> None:
    """Serve on `settings.host:port` until SIGTERM or SIGINT, then let the calls finish, within `drain_s`."""
    configure(settings.log_level)
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    print("Preparing the database …", flush=True)
    password = prepare_database(settings, clock)
    listener = _listen(settings)
    runtime.start()
    server = Server(create_app(settings, clock), listener, drain_s)
    print(f"Owner's pages: {settings.base_url}/admin/", flush=True)
    if password is not None:
        print(f"Owner's password, shown this once: {password}", flush=True)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, server.stop_soon)
    server.run()


class Server:
    """The listening socket and what happens around it."""

    def __init__(self, app: Flask, listener: Any, drain_s: float) -> None:
        self._app = app
        self._drain_s = drain_s
        self._parts: Parts = app.extensions["parts"]
        self._world: World = app.extensions["world"]
        self._listener = listener
        self._acceptor: Any = None
        self._connections = eventlet.GreenPool(MAX_CONNECTIONS)
        self._is_stopping = False
        self._stopped = runtime.Signal()

    def run(self) -> None:
        """Serve until `stop_soon`; the phrases are made while the door is already open for health checks."""
        self._acceptor = eventlet.spawn(self._accept)
        eventlet.spawn(_watch_hub)
        print("Making the fixed phrases …", flush=True)
        self._world.prepare()
        gc.collect()
        gc.freeze()  # what is there now stays: the collector need not walk through it in mid-call
        print("Ready for calls.", flush=True)
        self._stopped.wait()
        self._drain()

    def stop_soon(self, _number: int, _frame: FrameType | None) -> None:
        """The signal handler: a second signal does not wait for the calls. The bridge's pipe wakes the hub."""
        if self._is_stopping:
            raise SystemExit(1)
        self._is_stopping = True
        runtime.post(self._stopped.set)

    def _accept(self) -> None:
        eventlet.wsgi.server(
            self._listener,
            self._app,
            custom_pool=self._connections,
            protocol=Connection,
            socket_timeout=HTTP_TIMEOUT_S,
            log_output=False,
            debug=False,  # the default shows tracebacks to clients
            keepalive=True,
        )

    def _drain(self) -> None:
        lines = self._parts.lines
        lines.is_draining = True
        log.info("draining", calls=lines.busy_count)
        if lines.busy_count:
            eventlet.sleep(NOTICE_S)
        self._acceptor.kill()
        self._listener.close()
        self._wait_while(lambda: lines.busy_count, self._drain_s)
        lines.close_all()
        self._wait_while(self._connections.running, FAREWELL_S)
        self._world.close()
        runtime.stop()
        log.info("stopped")

    def _wait_while(self, is_so: Callable[[], object], limit_s: float) -> None:
        deadline = self._parts.clock.monotonic() + limit_s
        while is_so() and self._parts.clock.monotonic() < deadline:
            eventlet.sleep(DRAIN_STEP_S)


def _listen(settings: Settings) -> Any:
    try:
        return eventlet.listen((settings.host, settings.port), backlog=BACKLOG)
    except OSError as error:
        raise BadSettings(f"cannot listen on {settings.host}:{settings.port}: {error.strerror}") from None


def _watch_hub() -> None:
    """Measure how late a tick of the hub runs."""
    clock = SystemClock()
    while True:
        due = clock.monotonic() + TICK_S
        eventlet.sleep(TICK_S)
        metrics.hub_lag.observe(max(0.0, clock.monotonic() - due))


if __name__ == "__main__":
    sys.exit(main())
