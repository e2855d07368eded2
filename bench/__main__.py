"""Runs the measurements one after the other: `python -m bench`, or some: `python -m bench calls hebrew_speed`."""

from __future__ import annotations

import ast
import platform
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ALL = (
    "calls",
    "agent_overhead",
    "hebrew_speed",
    "calendar_speed",
    "booking_race",
    "booking_chaos",
    "voice_speed",
    "vad_accuracy",
)


def main() -> int:
    names = sys.argv[1:] or ALL
    print(f"{platform.platform()}, Python {platform.python_version()}", flush=True)
    failed = [name for name in names if _run(name)]
    if failed:
        print(f"\nMissed a bar: {', '.join(failed)}")
    return bool(failed)


def _run(name: str) -> int:
    module = ast.parse((HERE / f"{name}.py").read_text(encoding="utf-8"))
    print(f"\n== {name}: {(ast.get_docstring(module) or '').splitlines()[0]}", flush=True)
    return subprocess.run([sys.executable, "-m", f"bench.{name}"], cwd=HERE.parent, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
