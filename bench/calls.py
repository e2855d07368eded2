"""Calls under load: the server with its embedded parts on one core, the harness on another.

    python -m bench.calls [--calls 40] [--seconds 30] [--no-pin]

Prints what the callers met (by `twilio_load`), the server's own share of a turn (from its log lines), the time from
pick-up to the first greeting frame, and how often the voice cache answered. Exits with 1 when a bar is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from server.demo.caller import Caller
from tests.serving import RunningServer, serving

HERE = Path(__file__).parent
LINES = (
    "כמה עולה עיסוי שוודי של שעה?",
    "יש משהו פנוי מחר אחר הצהריים לרפלקסולוגיה?",
    "מה שעות הפתיחה שלכם?",
    "איפה אתם נמצאים?",
    "יש תור ביום רביעי בבוקר לטיפול פנים?",
    "מי המטפלים אצלכם?",
    "אילו טיפולים יש לכם?",
    "מתי אפשר לבוא לאבנים חמות ביום חמישי?",
)
SCRIPT = "greet:8000 say say barge:1000 pause:500"
BARS: dict[str, float] = {
    "frame lateness p99": 10.0,
    "underruns": 0.0,
    "protocol errors": 0.0,
    "barge-in to clear p50": 350.0,
    "barge-in to clear p95": 500.0,
}


def main() -> int:
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        server_core, harness_core = (None, None) if arguments.no_pin else (0, 1)
        if server_core is not None:
            os.sched_setaffinity(0, {server_core})  # inherited by the server and its voice program
        with serving(Path(folder), MAX_CALLS="400") as server:
            if harness_core is not None:
                os.sched_setaffinity(0, {harness_core})
            pick_up = _pick_ups(server, 20)
            result = _load(server, arguments.calls, arguments.seconds, Path(folder) / "result.json")
            return _report(server, result, pick_up)


def _load(server: RunningServer, calls: int, seconds: float, path: Path) -> dict[str, Any]:
    says = [option for line in LINES for option in ("--say", line)]
    command = [
        *(sys.executable, str(HERE / "twilio_load.py"), f"ws{server.origin.removeprefix('http')}/twilio/media"),
        *("--webhook", f"{server.origin}/twilio/voice", "--script", SCRIPT, *says),
        *("-n", str(calls), "-d", str(seconds), "--pid", str(server.process.pid), "--json", str(path)),
    ]
    subprocess.run(command, check=True)
    result: dict[str, Any] = json.loads(path.read_text())["result"]
    return result


def _pick_ups(server: RunningServer, count: int) -> list[float]:
    """Milliseconds from `start` to the first frame of the greeting, calls coming in one after the other."""
    times: list[float] = []
    for _ in range(count):
        caller = Caller(server.origin)
        caller.dials()
        begun_at = time.monotonic()
        caller.hears_something()
        times.append((caller.phone.frame_times[0] - begun_at) * 1000)
        caller.hangs_up()
        threading.Event().wait(0.05)
    return times


def _report(server: RunningServer, result: dict[str, Any], pick_up: Sequence[float]) -> int:
    turns = [line["TURN_LATENCY_MS"] for line in server.logged("turn") if line["turn"] > 0 and line["TURN_LATENCY_MS"]]
    print("\nThe server's own share")
    print(f"  declared ended → first frame   {_quantiles(turns)} ms")
    print(f"  pick-up → first greeting frame {_quantiles(pick_up)} ms")
    cache = {kind: server.metric(f'voice_tts_cache_total{{result="{kind}"}}') for kind in ("memory", "disk", "made")}
    total = sum(cache.values()) or 1
    print("  voice cache: " + ", ".join(f"{kind} {count:.0f} ({count / total:.0%})" for kind, count in cache.items()))
    barge = result["barge_in_to_clear_ms"]
    figures = {
        "frame lateness p99": result["frame_lateness_ms"].get("p99", 0.0),
        "underruns": float(result["underruns"]),
        "protocol errors": float(sum(result["protocol_errors"].values())),
        "barge-in to clear p50": barge.get("p50", 0.0),
        "barge-in to clear p95": barge.get("p95", 0.0),
    }
    print("\nBars")
    missed = [name for name, bar in BARS.items() if figures[name] > bar]
    for name, bar in BARS.items():
        print(f"  {name:<24}{figures[name]:>8.1f}  (at most {bar:g}){'   MISSED' if name in missed else ''}")
    return bool(missed)


def _quantiles(values: Sequence[float]) -> str:
    if len(values) < 2:
        return "too few"
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return f"p50 {cuts[49]:.0f}  p95 {cuts[94]:.0f}  max {max(values):.0f}  (n {len(values)})"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--no-pin", action="store_true", help="leave the processes on all cores")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
