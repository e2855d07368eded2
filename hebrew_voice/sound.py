"""From what a synthesiser makes to what a telephone carries: 8 kHz, trimmed, levelled, µ-law."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import soxr

TELEPHONE_HZ = 8_000
_SILENCE = 0.006  # of full scale; espeak-ng's pauses are exact zeros, Piper's hiss a little
_LEVEL_RMS = 0.11  # of full scale over the voiced parts: about -19 dBFS, what carriers expect of speech
_PEAK = 0.95
_LEAD_MS = 10
_PAUSE_MS = {"": 30, ",": 140, ".": 240, "?": 260, "!": 240}
"""Silence after a piece, by the mark that ends it; pieces of one reply are played without a gap of their own."""

Samples = npt.NDArray[np.float32]


def to_telephone(samples: npt.NDArray[Any], rate: int, last_mark: str) -> bytes:
    """µ-law bytes of `samples` (int16, or floats of full scale 1)."""
    floats = samples.astype(np.float32) / (32768.0 if samples.dtype == np.int16 else 1.0)
    if not floats.size:
        return b""
    narrow = np.asarray(soxr.resample(floats, rate, TELEPHONE_HZ, quality="HQ"), np.float32)
    return to_mulaw(_levelled(_trimmed(narrow, _PAUSE_MS[last_mark])))


def _trimmed(samples: Samples, pause_ms: int) -> Samples:
    heard = np.flatnonzero(np.abs(samples) > _SILENCE)
    if not heard.size:
        return samples[:0]
    start = max(0, heard[0] - _LEAD_MS * TELEPHONE_HZ // 1000)
    end = min(samples.size, heard[-1] + 1 + 10 * TELEPHONE_HZ // 1000)
    pause = np.zeros(pause_ms * TELEPHONE_HZ // 1000, np.float32)
    return np.concatenate([samples[start:end], pause])


def _levelled(samples: Samples) -> Samples:
    if not samples.size:
        return samples
    voiced = samples[np.abs(samples) > _SILENCE]
    rms = float(np.sqrt(np.mean(np.square(voiced)))) if voiced.size else 0.0
    if rms == 0.0:
        return samples
    gain = _LEVEL_RMS / rms
    return np.asarray(_limited(samples * gain), np.float32)


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
