"""µ-law at 8 kHz (ITU-T G.711), as Twilio sends and wants it: one byte a sample, 160 bytes a frame of 20 ms."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

SAMPLE_RATE = 8000
FRAME_MS = 20
FRAME_BYTES = SAMPLE_RATE * FRAME_MS // 1000
SILENCE = b"\xff"  # linear zero
SILENT_FRAME = SILENCE * FRAME_BYTES


def _decode_byte(code: int) -> int:
    """One µ-law byte as a 16-bit sample (G.711, table 2a)."""
    inverted = ~code & 0xFF
    magnitude = (((inverted & 0x0F) << 3) + 0x84) << ((inverted >> 4) & 0x07)
    return 0x84 - magnitude if inverted & 0x80 else magnitude - 0x84


MULAW_TO_LINEAR = array("h", (_decode_byte(code) for code in range(256)))
"""16-bit sample of each µ-law byte."""


def duration_ms(mulaw: bytes) -> float:
    return len(mulaw) * 1000 / SAMPLE_RATE


class Framer:
    """Cuts audio that arrives in pieces of any size into whole frames."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, mulaw: bytes) -> Iterator[bytes]:
        data = self._rest + mulaw
        whole = len(data) - len(data) % FRAME_BYTES
        self._rest = data[whole:]
        for start in range(0, whole, FRAME_BYTES):
            yield data[start : start + FRAME_BYTES]

    def flush(self) -> bytes | None:
        """What is left, filled up with silence to one frame; None when nothing is."""
        rest, self._rest = self._rest, b""
        return rest.ljust(FRAME_BYTES, SILENCE) if rest else None
