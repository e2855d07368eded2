"""Runs the measurements one after the other: `python -m bench [calls|hebrew|calendar|voice|…]`."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ALL = {
    "calls": "phone calls under load",
    "hebrew_speed": "understanding and speaking a sentence",
    "calendar_speed": "finding and booking",
    "booking_race": "racing for the same times",
    "booking_chaos": "racing while connections and processes die",
    "booking_chaos": "booking while connections and processes are killed",
    "voice_speed": "making a piece of speech",
    "vad_accuracy": "hearing the caller",
}


def main() -> int:
    names = sys.argv[1:] or [name for name in ALL if (HERE / f"{name}.py").exists()]
    print(f"{platform.platform()}, Python {platform.python_version()}\n", flush=True)
    failed = [name for name in names if _run(name)]
    if failed:
        print(f"failed: {', '.join(failed)}")
    return bool(failed)


def _run(name: str) -> int:
    print(f"== {name}: {ALL.get(name, '')}", flush=True)
    return subprocess.run([sys.executable, "-m", f"bench.{name}"], cwd=HERE.parent, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
