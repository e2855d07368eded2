"""Vowel points by the Nakdimon model that piper-tts carries."""

from __future__ import annotations

from onnxruntime import InferenceSession, SessionOptions
from piper.hebrew import DEFAULT_MODEL_PATH, NakdimonDiacritizer


def one_thread() -> SessionOptions:
    """onnxruntime's default pool leaves the core that the process is pinned to, and doubles the cost."""
    options = SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return options


class Nakdimon(NakdimonDiacritizer):
    """piper's own constructor offers no session options, so the session is made here."""

    def __init__(self) -> None:
        self.session = InferenceSession(
            str(DEFAULT_MODEL_PATH), sess_options=one_thread(), providers=["CPUExecutionProvider"]
        )
        self._input_name = self.session.get_inputs()[0].name

    def point(self, text: str) -> str:
        """`text` with vowel points; letters, spaces and punctuation stay as they are. Some 5 ms of CPU a word."""
        return str(self.diacritize(text))
