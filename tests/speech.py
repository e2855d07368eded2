"""Sound for simulated callers: µ-law at 8 kHz made of the recorded utterances in bench/speech."""

from __future__ import annotations

import functools
import wave
from array import array
from pathlib import Path

from server.media.audio import MULAW_TO_LINEAR

SPEECH = Path(__file__).parent.parent / "bench" / "speech"
SILENCE_MS = b"\xff" * 8


@functools.cache
def _encoder() -> bytes:
    """µ-law byte of each 16-bit sample divided by 4, by nearest value."""
    codes = sorted(range(256), key=lambda code: MULAW_TO_LINEAR[code])
    levels = [MULAW_TO_LINEAR[code] for code in codes]
    table = bytearray()
    at = 0
    for sample in range(-32768, 32768, 4):
        while at < 255 and abs(levels[at + 1] - sample) <= abs(levels[at] - sample):
            at += 1
        table.append(codes[at])
    return bytes(table)


@functools.cache
def utterance(number: int = 1, ms: int | None = None) -> bytes:
    """Recorded utterance 1 to 4, cut or repeated to `ms` milliseconds when given."""
    path = sorted(SPEECH.glob("*.wav"))[number - 1]
    with wave.open(str(path), "rb") as wav:
        assert (wav.getframerate(), wav.getsampwidth(), wav.getnchannels()) == (8000, 2, 1)
        samples = array("h", wav.readframes(wav.getnframes()))
    encoder = _encoder()
    mulaw = bytes(encoder[(sample + 32768) >> 2] for sample in samples)
    if ms is not None:
        mulaw = (mulaw * (ms * 8 // len(mulaw) + 1))[: ms * 8]
    return mulaw


def silence(ms: int) -> bytes:
    return SILENCE_MS * ms
