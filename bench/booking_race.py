"""Many processes book the same few hours at the same moment: `python -m bench.booking_race`.

Prints for each database how many were booked and refused, with which codes, and how many overlap (it must be none).
Exits 1 if any overlap or any answer was not a clean value.
"""

from __future__ import annotations

import argparse
import datetime as dt
import multiprocessing
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.synchronize import Barrier
from typing import Any

from sqlalchemy import Engine

from bench.diaries import KINDS, MONDAY, StillClock, astray_count, diary, overlap_count, percentile
from server.calendar.booking import Bookings
from server.calendar.models import Appointment, BookingRequest
from server.db.engine import make_engine

LENGTHS = (45, 60, 90)
SPREAD_HOURS = 6


@dataclass
class Race:
    """What came of a race: answers by code ("ok" for booked), exceptions by name, durations in ms."""

    answers: Counter[str] = field(default_factory=Counter)
    accidents: Counter[str] = field(default_factory=Counter)
    durations_ms: list[float] = field(default_factory=list)
    overlaps: int = 0
    astray: int = 0
    elapsed_s: float = 0.0

    @property
    def is_clean(self) -> bool:
        return self.overlaps == 0 and self.astray == 0 and not self.accidents and self.answers["ok"] > 0


def run_race(url: str, engine: Engine, processes: int, bookings: int) -> Race:
    """Let `processes` processes ask for `bookings` appointments in all, in the same hours of the same day."""
    context = multiprocessing.get_context("spawn")
    answers: Any = context.Queue()
    barrier = context.Barrier(processes + 1)
    shares = [bookings // processes + (n < bookings % processes) for n in range(processes)]
    runners = [
        context.Process(target=_runner, args=(url, seed, share, barrier, answers)) for seed, share in enumerate(shares)
    ]
    for runner in runners:
        runner.start()
    barrier.wait()
    began = time.perf_counter()
    race = Race()
    for _ in runners:
        counted, accidents, durations = answers.get()
        race.answers.update(counted)
        race.accidents.update(accidents)
        race.durations_ms.extend(durations)
    race.elapsed_s = time.perf_counter() - began
    for runner in runners:
        runner.join()
    race.overlaps, race.astray = overlap_count(engine), astray_count(engine)
    return race


def _runner(url: str, seed: int, share: int, barrier: Barrier, answers: Any) -> None:
    dice = random.Random(seed)
    engine = make_engine(url)
    bookings = Bookings(engine, StillClock())
    business = bookings.businesses()[0]
    counted: Counter[str] = Counter()
    accidents: Counter[str] = Counter()
    durations = []
    barrier.wait()
    for n in range(share):
        minute = 9 * 60 + 15 * dice.randrange(SPREAD_HOURS * 4)
        start = dt.datetime.combine(MONDAY, dt.time(minute // 60, minute % 60), business.zone)
        staff = dice.choice([None, "מאיה", "רון"])
        request = BookingRequest(
            "עיסוי שוודי", dice.choice(LENGTHS), start, "דני", staff=staff, call_sid=f"CA{seed}-{n}"
        )
        began = time.perf_counter()
        try:
            done = bookings.create(business.id, request)
        except Exception as accident:  # noqa: BLE001 (the race counts every accident, of whatever kind)
            accidents[type(accident).__name__] += 1
            continue
        durations.append((time.perf_counter() - began) * 1000)
        counted["ok" if isinstance(done, Appointment) else done.code] += 1
    engine.dispose()
    answers.put((counted, accidents, durations))


def _tell(kind: str, race: Race) -> None:
    shown = ", ".join(f"{code} {count}" for code, count in race.answers.most_common())
    p50, p99 = percentile(race.durations_ms, 0.5), percentile(race.durations_ms, 0.99)
    print(f"{kind}: {shown}; accidents: {dict(race.accidents) or 'none'}")
    print(f"{kind}: {race.overlaps} overlaps, {race.astray} appointments that the log tells otherwise")
    print(f"{kind}: {race.elapsed_s:.1f} s in all; an answer took p50 {p50:.1f} ms, p99 {p99:.1f} ms")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=KINDS, action="append")
    parser.add_argument("--processes", type=int, default=16)
    parser.add_argument("--bookings", type=int, default=1000)
    options = parser.parse_args()
    is_clean = True
    for kind in options.database or KINDS:
        with diary(kind) as (url, engine):
            race = run_race(url, engine, options.processes, options.bookings)
        _tell(kind, race)
        is_clean &= race.is_clean
    return 0 if is_clean else 1


if __name__ == "__main__":
    raise SystemExit(main())
