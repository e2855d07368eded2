"""A server that lives from a chosen instant on: `python -m tests.serve 2026-11-22T10:00:00+02:00`."""

import sys
from datetime import datetime

from server.clock import ShiftedClock
from server.config import load
from server.wsgi import serve

if __name__ == "__main__":
    serve(load(), ShiftedClock(datetime.fromisoformat(sys.argv[1])))
