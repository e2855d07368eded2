"""Three kinds of places and the only crossings between them.

- the hub: eventlet, main thread. Sockets, timers, Flask, media. Nothing on it waits for anything else.
- the loop: one native thread running asyncio. Agent runs, cloud clients, the voice program's pipe.
- worker threads: blocking work, one whole unit of it per function.

Nothing is monkey-patched: a patched gRPC, asyncio or database driver deadlocks or crashes.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
import warnings
from collections import deque
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Generic, TypeVar

with warnings.catch_warnings():
    # eventlet announces its retirement at import; we use it as a plain library on purpose and need no reminder
    warnings.simplefilter("ignore")
    import eventlet
    import eventlet.green.selectors
    import eventlet.green.threading
    import eventlet.hubs
    import eventlet.queue
    import eventlet.tpool

from server.log import get_logger

T = TypeVar("T")

WORKER_COUNT = 16
"""Threads on each side; the database pool holds twice as many connections."""

MAX_MESSAGE_BYTES = 65_536
"""Largest WebSocket message taken; Twilio's are under 1 kB."""

READ_BYTES = 1024
"""Read from a WebSocket at a time; full of empty messages it keeps the hub for 3 ms, and the others come next."""

log = get_logger(__name__)


class _Bridge:
    """Brings functions from any thread onto the hub, through a pipe that the hub listens to."""

    def __init__(self) -> None:
        self._read_fd, self._write_fd = os.pipe()
        os.set_blocking(self._read_fd, False)
        os.set_blocking(self._write_fd, False)
        self._waiting: deque[Callable[[], object]] = deque()
        self._is_signalled = False
        self._hub = eventlet.hubs.get_hub()
        self._listener = self._hub.add(self._hub.READ, self._read_fd, self._drain, self._drop, self._drop)

    def post(self, fn: Callable[[], object]) -> None:
        self._waiting.append(fn)
        if not self._is_signalled:
            self._is_signalled = True
            with contextlib.suppress(BlockingIOError):  # a full pipe wakes the hub anyway
                os.write(self._write_fd, b"!")

    def _drain(self, _fd: int) -> None:
        # First the pipe, then the flag, then the queue: any other order can lose a wake-up.
        with contextlib.suppress(BlockingIOError):
            os.read(self._read_fd, 4096)
        self._is_signalled = False
        while self._waiting:
            fn = self._waiting.popleft()
            try:
                fn()
            except Exception:  # one that escaped would make the hub forget the pipe
                log.exception("posted function failed")

    def _drop(self, *_: object) -> None:
        log.error("bridge descriptor was dropped by the hub")

    def close(self) -> None:
        self._hub.remove(self._listener)
        os.close(self._read_fd)
        os.close(self._write_fd)


class Running:
    """A coroutine at work on the loop, as seen from the hub."""

    def __init__(self, loop: asyncio.AbstractEventLoop, coro: Coroutine[Any, Any, object]) -> None:
        self._loop = loop
        self._task: asyncio.Task[object] | None = None
        self._is_cancelled = False
        loop.call_soon_threadsafe(self._begin, coro)

    def _begin(self, coro: Coroutine[Any, Any, object]) -> None:
        if self._is_cancelled:
            coro.close()
            return
        self._task = self._loop.create_task(coro)
        self._task.add_done_callback(self._report)

    @staticmethod
    def _report(task: asyncio.Task[object]) -> None:
        if not task.cancelled() and (error := task.exception()):
            log.error("work on the loop failed", exc_info=error)

    def cancel(self) -> None:
        """End it at its next await; harmless when it is over."""
        self._is_cancelled = True
        self._loop.call_soon_threadsafe(self._cancel)

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()


class _Runtime:
    def __init__(self) -> None:
        eventlet.tpool.set_num_threads(WORKER_COUNT)
        self.bridge = _Bridge()
        self.loop = asyncio.new_event_loop()
        self.loop.set_default_executor(ThreadPoolExecutor(WORKER_COUNT, thread_name_prefix="worker"))
        self._thread = threading.Thread(target=self._run, name="loop", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        while self._thread.is_alive():
            eventlet.sleep(0.005)
        self.loop.close()
        self.bridge.close()


_runtime: _Runtime | None = None


def start() -> None:
    """Start bridge and loop; must be called on the hub's thread. A second call does nothing."""
    global _runtime
    if _runtime is None:
        _runtime = _Runtime()


def stop() -> None:
    """Stop the loop and close the bridge; what still runs there is abandoned."""
    global _runtime
    if _runtime is not None:
        _runtime.close()
        _runtime = None


def _started() -> _Runtime:
    if _runtime is None:
        raise RuntimeError("runtime.start() has not been called")
    return _runtime


def post(fn: Callable[[], object]) -> None:
    """Run `fn` on the hub soon; from any thread, in the order of posting. `fn` must not wait."""
    _started().bridge.post(fn)


def on_loop(coro: Coroutine[Any, Any, object]) -> Running:
    """Start a coroutine on the loop; from the hub or any thread."""
    return Running(_started().loop, coro)


def wait_on_loop(coro: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine on the loop and give its result; only the calling greenlet waits."""
    outcome: eventlet.queue.LightQueue = eventlet.queue.LightQueue()

    async def run() -> None:
        try:
            result: tuple[T | None, BaseException | None] = (await coro, None)
        except BaseException as error:  # noqa: BLE001  carried over to the greenlet that waits
            result = (None, error)
        post(lambda: outcome.put(result))

    on_loop(run())
    value, error = outcome.get()
    if error is not None:
        raise error
    return value  # type: ignore[no-any-return]


def call_on_loop(fn: Callable[..., object], *args: object) -> None:
    """Call a plain function on the loop soon; from the hub or any thread."""
    _started().loop.call_soon_threadsafe(fn, *args)


def in_worker(fn: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    """Run blocking work on a worker thread; only the calling greenlet waits. Exceptions come back."""
    result: T = eventlet.tpool.execute(fn, *args, **kwargs)
    return result


async def in_thread(fn: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    """Run blocking work on a worker thread; from the loop."""
    return await asyncio.to_thread(fn, *args, **kwargs)


def spawn(fn: Callable[..., object], *args: object) -> Any:
    """Start a greenlet on the hub."""
    return eventlet.spawn(fn, *args)


def later(seconds: float, fn: Callable[[], object]) -> Any:
    """Call `fn` on the hub in a while; the timer's `cancel()` takes that back. `fn` must not wait."""
    return eventlet.hubs.get_hub().schedule_call_global(max(0.0, seconds), fn)


def sleep(seconds: float) -> None:
    """Let the hub do other things for a while."""
    eventlet.sleep(seconds)


class Inbox(Generic[T]):
    """What waits to be handled on the hub, in order. Put and get on the hub only."""

    def __init__(self) -> None:
        self._queue = eventlet.queue.LightQueue()

    def put(self, item: T) -> None:
        self._queue.put(item)

    def get(self, timeout_s: float | None = None) -> T | None:
        """The next item, or None after `timeout_s` seconds."""
        try:
            item: T = self._queue.get(timeout=timeout_s)
        except eventlet.queue.Empty:
            return None
        return item


class Signal:
    """Wakes the one greenlet that waits for it."""

    def __init__(self) -> None:
        self._inbox: Inbox[bool] = Inbox()
        self._is_set = False

    def set(self) -> None:
        if not self._is_set:
            self._is_set = True
            self._inbox.put(True)

    def wait(self, timeout_s: float | None = None) -> None:
        """Return when set, or after `timeout_s`; being woken takes the signal back."""
        if self._inbox.get(timeout_s):
            self._is_set = False


def sock_options() -> dict[str, Any]:
    """Options that make flask-sock wait on the hub instead of freezing it."""
    return {
        "thread_class": eventlet.green.threading.Thread,
        "event_class": eventlet.green.threading.Event,
        "selector_class": eventlet.green.selectors.DefaultSelector,
        "max_message_size": MAX_MESSAGE_BYTES,
        "receive_bytes": READ_BYTES,
    }
