"""The judge of the chaos benchmark notices what it is there to notice."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from bench.booking_chaos import Chaos, judge
from tests.desk import OWNER, Desk


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)


def judged(desk: Desk, directory: Path, *history: dict[str, Any]) -> Chaos:
    lines = [json.dumps(entry) for entry in history]
    (directory / "0.jsonl").write_text("\n".join([*lines, '{"key": "cut off']), encoding="utf-8")
    return judge(desk.engine, directory)


def intends(what: str, start: str = "") -> dict[str, Any]:
    return {"key": "k", "what": what, "phase": "intends", "start": start}


def answers(what: str, phase: str, status: str = "booked", start: str = "") -> dict[str, Any]:
    return {"key": "k", "what": what, "phase": phase, "status": status, "start": start}


def test_what_was_acknowledged_and_is_there(desk: Desk, tmp_path: Path) -> None:
    start = desk.books(desk.at(12), idempotency_key="k").starts_at.isoformat()
    chaos = judged(desk, tmp_path, intends("create", start), answers("create", "done", start=start))
    assert (chaos.lost, chaos.contradicted, chaos.overlaps, chaos.astray) == (0, 0, 0, 0)
    assert chaos.is_clean


def test_a_lost_booking(desk: Desk, tmp_path: Path) -> None:
    chaos = judged(desk, tmp_path, intends("create", "x"), answers("create", "done", start="x"))
    assert (chaos.lost, chaos.is_clean) == (1, False)


def test_a_move_that_was_refused_but_done(desk: Desk, tmp_path: Path) -> None:
    made = desk.books(desk.at(12), idempotency_key="k")
    moved = desk.at(15).astimezone(made.starts_at.tzinfo).isoformat()
    desk.bookings.reschedule(desk.business.id, made.id, desk.at(15), actor=OWNER)
    history = [intends("create"), answers("create", "done", start=made.starts_at.isoformat()), intends("move", moved)]
    assert judged(desk, tmp_path, *history, answers("move", "refused")).contradicted == 1
    assert judged(desk, tmp_path, *history, answers("move", "unknown")).contradicted == 0
    assert judged(desk, tmp_path, *history).contradicted == 0


def test_a_cancellation_that_did_not_last(desk: Desk, tmp_path: Path) -> None:
    start = desk.books(desk.at(12), idempotency_key="k").starts_at.isoformat()
    history = [intends("create", start), answers("create", "done", start=start), intends("cancel")]
    chaos = judged(desk, tmp_path, *history, answers("cancel", "done", "cancelled", start))
    assert chaos.contradicted == 1
