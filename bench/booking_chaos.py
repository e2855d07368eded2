"""Random bookings, moves and cancellations while connections and processes are killed: `python -m bench.booking_chaos`.

Each clerk process writes down what it is about to do and what the diary answered. A nemesis kills database
connections (PostgreSQL), crashes the database server, and kills clerks outright. Afterwards the diary must hold
everything that was acknowledged, as it was acknowledged, and no overlap. Exits 1 otherwise.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import multiprocessing
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError

from bench.diaries import DURABLE, KINDS, MONDAY, StillClock, astray_count, overlap_count
from server.calendar.booking import Bookings
from server.calendar.models import Actor, Appointment, BookingRequest, Refusal, Source, Status
from server.calendar.setup import DEMO_BUSINESS, load_business
from server.db.engine import make_engine, upgrade
from server.db.tables import calendar as t
from tests.postgres import Cluster, find_binaries, running_cluster

OWNER = Actor(Source.ADMIN)
DAYS = 3
ZONE = ZoneInfo("Asia/Jerusalem")
_KILL_CONNECTIONS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = 'postgres' AND application_name = '' AND pid <> pg_backend_pid() AND random() < 0.4
"""


@dataclass
class Story:
    """What a clerk's history says of one appointment: the state acknowledged last, what is being tried, and what
    tries without an answer may have led to. A state is a status and a start."""

    acknowledged: tuple[str, str] | None = None
    tried: set[tuple[str, str]] = field(default_factory=set)
    possible: set[tuple[str, str]] = field(default_factory=set)


@dataclass
class Chaos:
    """What came of it. Every number but the counts of operations and kills must be zero."""

    operations: Counter[str]
    kills: Counter[str]
    lost: int
    contradicted: int
    overlaps: int
    astray: int

    @property
    def is_clean(self) -> bool:
        return self.lost == self.contradicted == self.overlaps == self.astray == 0 and self.operations["create ok"] > 0


def run_chaos(kind: str, seconds: float, clerks: int) -> Chaos:
    with _stage(kind) as (url, cluster), tempfile.TemporaryDirectory(prefix="receptionist-chaos-") as directory:
        engine = make_engine(url)
        upgrade(engine)
        load_business(engine, DEMO_BUSINESS)
        kills = _hold(url, cluster, Path(directory), seconds, clerks)
        return judge(engine, Path(directory), kills)


@contextmanager
def _stage(kind: str) -> Iterator[tuple[str, Cluster | None]]:
    if kind == "sqlite":
        with tempfile.TemporaryDirectory(prefix="receptionist-chaos-") as directory:
            yield f"sqlite:///{directory}/diary.db", None
        return
    binaries = find_binaries()
    if binaries is None:
        raise SystemExit("no PostgreSQL on this machine (initdb and pg_ctl are not found)")
    with running_cluster(binaries, DURABLE) as cluster:
        yield cluster.url(), cluster


def _hold(url: str, cluster: Cluster | None, directory: Path, seconds: float, clerks: int) -> Counter[str]:
    """Let the clerks work and the nemesis strike until the time is over."""
    context = multiprocessing.get_context("spawn")
    ends_at = time.time() + seconds
    names = iter(range(10**6))

    def hire() -> Any:
        clerk = context.Process(target=_clerk, args=(url, str(directory / f"{(n := next(names))}.jsonl"), n, ends_at))
        clerk.start()
        return clerk

    staff = [hire() for _ in range(clerks)]
    dice, kills, strikes = random.Random(5), Counter[str](), 0
    while time.time() < ends_at - 2:
        time.sleep(1)
        strikes += 1
        if strikes % 5 == 0:
            victim = dice.randrange(clerks)
            staff[victim].kill()
            staff[victim].join()
            staff[victim] = hire()
            kills["clerk"] += 1
        elif cluster is not None and strikes % 12 == 6:
            cluster.control("-m", "immediate", "restart")
            kills["server"] += 1
        elif cluster is not None:
            cluster.execute(_KILL_CONNECTIONS)
            kills["connections"] += 1
    for clerk in staff:
        clerk.join()
    return kills


def _clerk(url: str, path: str, seed: int, ends_at: float) -> None:
    dice = random.Random(seed)
    bookings = Bookings(make_engine(url), StillClock())
    mine: dict[str, int] = {}
    with open(path, "w", encoding="utf-8") as history:

        def note(**what: Any) -> None:
            history.write(json.dumps(what) + "\n")
            history.flush()

        for n in range(10**9):
            if time.time() > ends_at:
                return
            _one_step(bookings, dice, mine, f"{seed}-{n}", note)


def _one_step(bookings: Bookings, dice: random.Random, mine: dict[str, int], key: str, note: Any) -> None:
    """Create, move or cancel; note the intention before, and the answer after it."""
    what = dice.choice(["create", "create", "move", "cancel"]) if mine else "create"
    minute = 9 * 60 + 15 * dice.randrange(44)
    day = MONDAY + dt.timedelta(days=dice.randrange(DAYS))
    start = dt.datetime.combine(day, dt.time(minute // 60, minute % 60), ZONE)
    which = key if what == "create" else dice.choice(list(mine))
    note(key=which, what=what, start=start.astimezone(dt.UTC).isoformat(), phase="intends")
    try:
        done = _do(bookings, what, which, mine, start)
    except SQLAlchemyError as error:
        note(key=which, what=what, phase="unknown", error=type(error).__name__)
        time.sleep(0.05)
        return
    if isinstance(done, Refusal):
        note(key=which, what=what, phase="refused", code=done.code)
        return
    note(key=which, what=what, phase="done", id=done.id, status=done.status.value, start=done.starts_at.isoformat())
    mine[which] = done.id
    if done.status is Status.CANCELLED:
        del mine[which]


def _do(bookings: Bookings, what: str, which: str, mine: dict[str, int], start: dt.datetime) -> Appointment | Refusal:
    if what == "create":
        request = BookingRequest("שוודי", 60, start, "דני", call_sid=f"CA{which}", idempotency_key=which)
        return bookings.create(1, request)
    if what == "move":
        return bookings.reschedule(1, mine[which], start, actor=OWNER)
    return bookings.cancel(1, mine[which], actor=OWNER)


def judge(engine: Engine, directory: Path, kills: Counter[str] | None = None) -> Chaos:
    """Hold the clerks' histories in `directory` against the diary."""
    operations: Counter[str] = Counter()
    lost = contradicted = 0
    diary = _diary(engine)
    for path in directory.glob("*.jsonl"):
        for key, story in _read(path, operations).items():
            stands = diary.get(key)
            if story.acknowledged is None:
                continue
            if stands is None:
                lost += 1
            elif stands != story.acknowledged and stands not in story.possible | story.tried:
                contradicted += 1
    return Chaos(operations, kills or Counter(), lost, contradicted, overlap_count(engine), astray_count(engine))


def _read(path: Path, operations: Counter[str]) -> dict[str, Story]:
    """What happened to each appointment; a killed clerk's last line may be cut off."""
    stories: dict[str, Story] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        story = stories.setdefault(entry["key"], Story())
        if entry["phase"] == "intends":
            story.tried = _outcomes(entry, story)
            continue
        operations[f"{entry['what']} {'ok' if entry['phase'] == 'done' else entry.get('code', entry['phase'])}"] += 1
        if entry["phase"] == "done":
            story.acknowledged, story.possible = (entry["status"], entry["start"]), set()
        elif entry["phase"] == "unknown":
            story.possible |= story.tried
        story.tried = set()
    return stories


def _outcomes(entry: dict[str, Any], story: Story) -> set[tuple[str, str]]:
    """States that this intention may lead to."""
    if entry["what"] != "cancel":
        return {("booked", entry["start"])}
    before = {story.acknowledged, *story.possible}
    return {("cancelled", state[1]) for state in before if state is not None}


def _diary(engine: Engine) -> dict[str, tuple[str, str]]:
    with engine.connect() as connection:
        rows = connection.execute(select(t.appointments))
        return {row.idempotency_key: (row.status, row.starts_at.isoformat()) for row in rows}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=KINDS, action="append")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--clerks", type=int, default=16)
    options = parser.parse_args()
    is_clean = True
    for kind in options.database or KINDS:
        chaos = run_chaos(kind, options.seconds, options.clerks)
        is_clean &= chaos.is_clean
        print(f"{kind}: {dict(chaos.operations.most_common())}; killed {dict(chaos.kills)}")
        print(
            f"{kind}: {chaos.lost} acknowledged bookings lost, {chaos.contradicted} not as acknowledged, "
            f"{chaos.overlaps} overlaps, {chaos.astray} that the log tells otherwise"
        )
    return 0 if is_clean else 1


if __name__ == "__main__":
    raise SystemExit(main())
