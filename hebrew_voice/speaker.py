"""A text spoken: pronounced, sounded, made fit for the telephone."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

import numpy.typing as npt

from hebrew_voice.lexicon import house_lexicon
from hebrew_voice.pronounce import CannotSpeak, Clause, Pronouncer
from hebrew_voice.sound import to_telephone

_FOLDER = Path(__file__).parent
_MADE_BY = ("piper-tts", "espeakng-loader", "soxr")


class Synthesiser(Protocol):
    rate: int
    version: str

    def speak(self, clause: Clause) -> npt.NDArray[Any]: ...


class Speaker:
    def __init__(self, pronouncer: Pronouncer, synthesiser: Synthesiser) -> None:
        self._pronouncer = pronouncer
        self._synthesiser = synthesiser

    def speak(self, text: str) -> bytes:
        """µ-law at 8 kHz. Raises `CannotSpeak`."""
        clauses = self._pronouncer.pronounce(text)
        sounds = [(self._synthesiser.speak(clause), clause.mark) for clause in clauses]
        audio = to_telephone(sounds, self._synthesiser.rate)
        if not audio:
            raise CannotSpeak("the synthesiser made no sound of this text")
        return audio

    def as_ipa(self, text: str) -> str:
        """How `text` is said, in IPA with its punctuation. Raises `CannotSpeak`."""
        return " ".join(" ".join(clause.words) + clause.mark for clause in self._pronouncer.pronounce(text))


def open_speaker(piper_voice: Path | None) -> tuple[Speaker, str]:
    """The speaker and its version. Loading takes about half a second."""
    from hebrew_voice.niqqud import Nakdimon

    pronouncer = Pronouncer(house_lexicon(), Nakdimon().point)
    synthesiser = _synthesiser(piper_voice)
    return Speaker(pronouncer, synthesiser), _fingerprint(synthesiser.version)


def _synthesiser(piper_voice: Path | None) -> Synthesiser:
    if piper_voice is not None:
        from hebrew_voice.piper_sound import PiperSound

        return PiperSound(piper_voice)
    from hebrew_voice.espeak import Espeak

    return Espeak()


def _fingerprint(synthesiser: str) -> str:
    """Changes with everything that can change a sound: rules, lexicon, libraries, voice file."""
    digest = hashlib.sha256(synthesiser.encode())
    for path in sorted([*_FOLDER.glob("*.py"), *_FOLDER.glob("*.txt")]):
        digest.update(path.read_bytes())
    for package in _MADE_BY:
        digest.update(version(package).encode())
    return f"embedded-{digest.hexdigest()[:12]}"
