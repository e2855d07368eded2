"""A Piper voice file instead of espeak-ng: the same IPA, a neural sound."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

import numpy as np
import numpy.typing as npt
from onnxruntime import InferenceSession
from piper.config import PiperConfig
from piper.voice import PiperVoice

from hebrew_voice.niqqud import one_thread
from hebrew_voice.pronounce import Clause


class PiperSound:
    """`path` is the voice's `.onnx`; its `.onnx.json` lies beside it, as Piper ships them."""

    def __init__(self, path: Path) -> None:
        """Raises `OSError` for a missing file, `ValueError` for a description that is none."""
        description = path.with_name(path.name + ".json").read_text(encoding="utf-8")
        config = PiperConfig.from_dict(json.loads(description))
        session = InferenceSession(str(path), sess_options=one_thread(), providers=["CPUExecutionProvider"])
        self._voice = PiperVoice(session=session, config=config)
        self.rate = config.sample_rate
        self.version = f"piper:{path.name}:{path.stat().st_size}"

    def speak(self, clause: Clause) -> npt.NDArray[np.float32]:
        """Samples at `rate` Hz."""
        ids = self._voice.phonemes_to_ids(as_phonemes(clause, self._voice.config.phoneme_id_map.keys()))
        audio = self._voice.phoneme_ids_to_audio(ids)
        samples = audio[0] if isinstance(audio, tuple) else audio
        return np.asarray(samples, np.float32)


def as_phonemes(clause: Clause, known: Collection[str]) -> list[str]:
    """One sign a phoneme, as Piper's Hebrew voices were trained; signs that the voice does not know are left out."""
    return [sign for sign in " ".join(clause.words) + clause.mark if sign in known]
