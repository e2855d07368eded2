"""Ports for servers of the tests' own."""

from __future__ import annotations

import contextlib
import random
import socket

BELOW_LINUXS_OWN = range(20_000, 32_000)
"""Outgoing connections, and whoever asks for any port at all, are given one from 32768 up."""


def free_port() -> int:
    """A port that nobody is likely to take before the server does that is being started."""
    for port in random.sample(BELOW_LINUXS_OWN, 100):
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")
