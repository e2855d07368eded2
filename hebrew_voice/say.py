"""`python -m hebrew_voice.say "טקסט" [out.wav]`: shows how a text is pronounced, and lets it be heard."""

from __future__ import annotations

import sys
import wave
from pathlib import Path

import numpy as np

from hebrew_voice.speaker import open_speaker


def main(arguments: list[str]) -> int:
    if not 1 <= len(arguments) <= 2:
        print(__doc__, file=sys.stderr)
        return 2
    speaker, _ = open_speaker(None)
    print(speaker.as_ipa(arguments[0]))
    if len(arguments) == 2:
        _write_wav(Path(arguments[1]), speaker.speak(arguments[0]))
    return 0


def _write_wav(path: Path, mulaw: bytes) -> None:
    codes = ~np.frombuffer(mulaw, np.uint8)
    magnitude = (((codes & 0x0F).astype(np.int32) << 3) + 132 << ((codes >> 4) & 7)) - 132
    linear = np.where(codes & 0x80, -magnitude, magnitude).astype("<i2")
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(linear.tobytes())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
