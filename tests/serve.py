"""A server that lives from a chosen instant on, and leaves within so many seconds of its calls.

`python -m tests.serve 2026-11-22T10:00:00+02:00 180`
"""

import sys
from datetime import datetime

from server.clock import ShiftedClock
from server.config import load
from server.wsgi import serve

if __name__ == "__main__":
    serve(load(), ShiftedClock(datetime.fromisoformat(sys.argv[1])), float(sys.argv[2]))
