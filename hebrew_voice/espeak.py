"""espeak-ng by ctypes: IPA in, samples out. One global state: one process, one thread."""

from __future__ import annotations

import ctypes

import espeakng_loader
import numpy as np
import numpy.typing as npt

from hebrew_voice.pronounce import Clause
from hebrew_voice.spelling import ipa_to_espeak

# From espeak-ng's speak_lib.h
_SYNCHRONOUS = 2
_DONT_EXIT = 0x8000
_RATE, _PITCH, _RANGE = 1, 3, 4
_CHARS_UTF8, _PHONEMES = 1, 0x100

_VOICE = b"he+f2"
_WORDS_PER_MINUTE = 215  # of English; five and a half Hebrew syllables a second, pauses included
_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)


class Espeak:
    version = f"espeak:{_VOICE.decode()}:{_WORDS_PER_MINUTE}"

    def __init__(self) -> None:
        """Raises `OSError` or `RuntimeError` if the library or its data cannot be loaded."""
        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        self.rate = self._library.espeak_Initialize(
            _SYNCHRONOUS, 0, espeakng_loader.get_data_path().encode(), _DONT_EXIT
        )
        if self.rate <= 0 or self._library.espeak_SetVoiceByName(_VOICE) != 0:
            raise RuntimeError("espeak-ng has no Hebrew voice here")
        self._library.espeak_SetParameter(_RATE, _WORDS_PER_MINUTE, 0)
        self._pieces: list[bytes] = []
        self._callback = _CALLBACK(self._take)  # kept: the library holds only a pointer to it
        self._library.espeak_SetSynthCallback(self._callback)

    def speak(self, clause: Clause) -> npt.NDArray[np.int16]:
        """Samples at `rate` Hz; the mark gives the melody."""
        self._pieces.clear()
        text = f"[[{' '.join(ipa_to_espeak(word) for word in clause.words)}]]{clause.mark}".encode()
        self._library.espeak_Synth(text, len(text) + 1, 0, 1, 0, _CHARS_UTF8 | _PHONEMES, None, None)
        return np.frombuffer(b"".join(self._pieces), np.int16)

    def _take(self, samples: int | None, count: int, _events: int | None) -> int:
        if samples and count > 0:
            self._pieces.append(ctypes.string_at(samples, 2 * count))
        return 0
