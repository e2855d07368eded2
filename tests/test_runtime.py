"""Crossings between hub, loop and worker threads."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from server import runtime


@pytest.fixture(autouse=True)
def started() -> Iterator[None]:
    runtime.start()
    yield
    runtime.stop()


def test_posts_from_many_threads_all_arrive_on_the_hub_in_each_threads_order() -> None:
    inbox: runtime.Inbox[tuple[int, int]] = runtime.Inbox()
    hub = threading.get_ident()
    seen_on: set[int] = set()

    def post_all(thread: int) -> None:
        for n in range(500):
            runtime.post(lambda n=n: (seen_on.add(threading.get_ident()), inbox.put((thread, n))))

    threads = [threading.Thread(target=post_all, args=(t,)) for t in range(4)]
    for thread in threads:
        thread.start()
    got = [inbox.get(5) for _ in range(2000)]
    assert seen_on == {hub}
    for t in range(4):
        assert [item[1] for item in got if item and item[0] == t] == list(range(500))


def test_a_failing_post_does_not_deafen_the_bridge() -> None:
    inbox: runtime.Inbox[str] = runtime.Inbox()
    runtime.post(lambda: 1 / 0)
    runtime.post(lambda: inbox.put("still here"))
    assert inbox.get(5) == "still here"


def test_work_on_the_loop_can_be_cancelled_from_the_hub() -> None:
    inbox: runtime.Inbox[str] = runtime.Inbox()

    async def endless() -> None:
        try:
            runtime.post(lambda: inbox.put("began"))
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            runtime.post(lambda: inbox.put("cancelled"))
            raise

    running = runtime.on_loop(endless())
    assert inbox.get(5) == "began"
    running.cancel()
    assert inbox.get(5) == "cancelled"


def test_results_and_exceptions_come_back_to_the_greenlet_that_waits() -> None:
    async def divide(by: int) -> float:
        return 10 / by

    assert runtime.wait_on_loop(divide(4)) == 2.5
    with pytest.raises(ZeroDivisionError):
        runtime.wait_on_loop(divide(0))
    assert runtime.in_worker(threading.get_ident) != threading.get_ident()
    with pytest.raises(ZeroDivisionError):
        runtime.in_worker(lambda: 1 / 0)


def test_the_hub_goes_on_while_a_worker_blocks() -> None:
    blocked = threading.Event()
    ticks: list[int] = []

    def tick() -> None:
        for n in range(5):
            ticks.append(n)
            runtime.sleep(0.001)
        blocked.set()

    runtime.spawn(tick)
    assert runtime.in_worker(blocked.wait, 5)
    assert ticks == [0, 1, 2, 3, 4]
