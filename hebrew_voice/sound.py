"""From what a synthesiser makes to what a telephone carries: 8 kHz, trimmed, levelled, µ-law."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import soxr

TELEPHONE_HZ = 8_000
_SILENCE = 0.006  # of full scale; espeak-ng's pauses are exact zeros, Piper's hiss a little
_LEVEL_RMS = 0.11  # of full scale over the voiced parts: about -19 dBFS, what carriers expect of speech
_PEAK = 0.95
_EDGE_MS = 10
_PAUSE_MS = {"": 20, ",": 100, ".": 190, "?": 200, "!": 190}
"""Silence after a clause, by the mark that ends it, and so after a piece: pieces of one reply are played without a gap
of their own. The synthesisers' own pauses are far longer."""

Samples = npt.NDArray[np.float32]


def to_telephone(clauses: Sequence[tuple[npt.NDArray[Any], str]], rate: int) -> bytes:
    """µ-law bytes of clauses, each samples (int16, or floats of full scale 1) and the mark that ends it."""
    joined = np.concatenate([_trimmed(_floats(samples), rate, mark) for samples, mark in clauses])
    if not joined.size:
        return b""
    narrow = np.asarray(soxr.resample(joined, rate, TELEPHONE_HZ, quality="HQ"), np.float32)
    return to_mulaw(_levelled(narrow))


def _floats(samples: npt.NDArray[Any]) -> Samples:
    return np.asarray(samples, np.float32) / np.float32(32768 if samples.dtype == np.int16 else 1)


def _trimmed(samples: Samples, rate: int, mark: str) -> Samples:
    heard = np.flatnonzero(np.abs(samples) > _SILENCE)
    if not heard.size:
        return samples[:0]
    edge = _EDGE_MS * rate // 1000
    pause = np.zeros(_PAUSE_MS[mark] * rate // 1000, np.float32)
    return np.concatenate([samples[max(0, heard[0] - edge) : heard[-1] + 1 + edge], pause])


def _levelled(samples: Samples) -> Samples:
    voiced = samples[np.abs(samples) > _SILENCE]
    if not voiced.size:
        return samples
    return _limited(samples * np.float32(_LEVEL_RMS / np.sqrt(np.mean(np.square(voiced)))))


def _limited(samples: Samples) -> Samples:
    """Bends what is over the knee instead of cutting it off, so that a loud vowel does not rattle."""
    knee = 0.6
    over = np.abs(samples) > knee
    bent = knee + (_PEAK - knee) * np.tanh((np.abs(samples[over]) - knee) / (_PEAK - knee))
    limited = samples.copy()
    limited[over] = np.sign(samples[over]) * bent
    return limited


def to_mulaw(samples: Samples) -> bytes:
    """G.711 µ-law of floats of full scale 1; silence is 0xFF."""
    linear = np.clip(np.round(samples * 32767.0), -32635, 32635).astype(np.int32)
    magnitude = np.abs(linear) + 132
    exponent = np.clip(np.floor(np.log2(magnitude)).astype(np.int32) - 7, 0, 7)
    mantissa = (magnitude >> (exponent + 3)) & 0x0F
    sign = np.where(linear < 0, 0x80, 0)
    return bytes((~(sign | (exponent << 4) | mantissa) & 0xFF).astype(np.uint8).tobytes())
