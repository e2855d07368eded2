"""How much of a turn is ours when a cloud model answers: many calls at once against a loopback server of a known pace.

    python -m bench.agent_overhead [calls] [turns]

The server is a process of its own. A turn asks a question that the model answers at once in ten words, or looks into
the calendar first (every third turn). Ours is what remains of the turn when the model's own time is taken off.
"""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from server.agents.context import CallContext
from server.agents.mind import Deadlines, Mind, make_mind
from server.agents.runner import open_receptionist
from server.calendar.booking import Bookings
from server.calendar.setup import DEMO_BUSINESS, load_business
from server.clock import ShiftedClock
from server.db.engine import make_engine, upgrade
from tests.desk import Noon
from tests.fake_openai import Entry, FakeOpenAI, Say, Use
from tests.talk import CALLER, Notebook

FIRST_TOKEN_S = 0.4
TOKEN_S = 1 / 30
ANSWER = "אשמח לעזור, לאיזה יום ולאיזו שעה תרצו שאבדוק לכם?"
FIND = {"service": "עיסוי שוודי", "minutes": 60, "date_iso": "2026-11-23", "date_to_iso": None}
FIND |= {"time_from": None, "time_to": None, "staff": None}


def _script(request: dict[str, Any]) -> Entry:
    last = request["messages"][-1]
    is_look = request.get("tool_choice") == "required" and last["role"] != "tool"
    return Use("calendar_find_slots", FIND) if is_look else Say(ANSWER)


def _serve(pipe: Connection) -> None:
    async def run() -> None:
        server = FakeOpenAI(_script, first_token_s=FIRST_TOKEN_S, token_s=TOKEN_S)
        pipe.send(await server.start())
        await asyncio.sleep(3600)

    asyncio.run(run())


def _model_s(uses_tool: bool) -> float:
    """What the model takes by itself: until its first event, and from each event to the next."""
    answer_s = FIRST_TOKEN_S + (len(ANSWER.split()) + 2) * TOKEN_S
    return answer_s + (FIRST_TOKEN_S + 3 * TOKEN_S if uses_tool else 0.0)


Figures = list[tuple[float, float]]
"""Of each turn: our own seconds, and how long before its end the first words came."""


async def _call(number: int, turns: int, mind: Mind, parts: tuple[Any, ...], figures: Figures) -> None:
    desk, facts, clock = parts
    brain = open_receptionist(CallContext(f"CA{number}", facts, CALLER, desk, Notebook(f"CA{number}"), clock, mind))
    await asyncio.sleep(number * 0.07)
    for turn in range(1, turns + 1):
        uses_tool = turn % 3 == 0
        words = "אפשר שוודי שעה מחר?" if uses_tool else "ספרו לי קצת על המקום"
        began_at = time.perf_counter()
        first_at = 0.0
        async for sentence in brain.ask(turn, words):
            first_at = first_at or time.perf_counter() * (not sentence.is_filler)
        took_s = time.perf_counter() - began_at
        figures.append((took_s - _model_s(uses_tool), took_s - (first_at - began_at)))
        brain.heard(turn, ANSWER)
        await asyncio.sleep(0.5)


async def _run(url: str, calls: int, turns: int) -> None:
    engine = make_engine(f"sqlite:///{Path(tempfile.mkdtemp()) / 'bench.db'}")
    upgrade(engine)
    business = load_business(engine, str(DEMO_BUSINESS))
    clock = ShiftedClock(Noon().at)
    desk = Bookings(engine, clock)
    mind = make_mind("key", "model", url, Deadlines(attempt_s=8.0, filler_s=5.0))
    await mind.warm_up()
    gc.collect()
    gc.freeze()  # as the server does before its first call
    figures: Figures = []
    parts = (desk, desk.facts(business.id), clock)
    cpu_at = time.process_time()
    await asyncio.gather(*(_call(i, turns, mind, parts, figures) for i in range(calls)))
    cpu_ms = (time.process_time() - cpu_at) * 1000 / len(figures)
    own = sorted(own_s * 1000 for own_s, _ in figures)
    lead = sorted(lead_s * 1000 for _, lead_s in figures)
    print(f"{calls} calls, {len(own)} turns, {cpu_ms:.1f} ms of CPU a turn")
    print(f"own share of a turn: p50 {own[len(own) // 2]:.0f} ms, p95 {own[int(len(own) * 0.95)]:.0f} ms")
    print(f"first words before the end of the reply: p50 {lead[len(lead) // 2]:.0f} ms")
    await mind.close()


def main() -> None:
    calls, turns = (int(value) for value in (sys.argv[1:] + ["30", "9"][len(sys.argv) - 1 :])[:2])
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs,), daemon=True)
    server.start()
    asyncio.run(_run(ours.recv(), calls, turns))
    server.terminate()


if __name__ == "__main__":
    main()
