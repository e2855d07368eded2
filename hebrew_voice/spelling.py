"""The notation of pronunciations: what the lexicon's owner writes, IPA, and espeak-ng's mnemonics.

The lexicon is written in plain letters, as a Hebrew speaker would spell it for a tourist: `sh kh ts ch zh j y r`, the
stress as an apostrophe before its vowel, a hyphen where two vowels are kept apart (`sha-'a`). Inside the program
everything is IPA, with the stress before its vowel too, as Piper's Hebrew voices want it.
"""

from __future__ import annotations

import re

VOWELS = "aeiou"

_TO_IPA = {
    "tsh": "tʃ",  # ת and ש, as in "tsh'a me-'ot"; צ before ה does not occur
    "sh": "ʃ",
    "kh": "χ",
    "ts": "ts",
    "ch": "tʃ",
    "zh": "ʒ",
    "j": "dʒ",
    "y": "j",
    "r": "ʁ",
    "'": "ˈ",
    "-": "ʔ",
    **{letter: letter for letter in "abdefghiklmnopstuvwz"},
}
_RESPELLED = re.compile("tsh|sh|kh|ts|ch|zh|.")

_TO_ESPEAK = {
    "ʃ": "S",
    "χ": "X",
    "ʒ": "Z",
    "ʁ": 'Q"',
    "ˈ": "'",
    "ʔ": "?",
    " ": " ",
    **{letter: letter for letter in "abdefghijklmnopstuvwz"},
}


def respelled_to_ipa(respelled: str) -> str:
    """ "shal'om" → "ʃalˈom". Raises `ValueError` for a sign outside the notation."""
    pieces = _RESPELLED.findall(respelled)
    strangers = [piece for piece in pieces if piece not in _TO_IPA]
    if strangers:
        raise ValueError(f"{respelled!r} holds {strangers[0]!r}, which stands for no sound")
    return "".join(_TO_IPA[piece] for piece in pieces)


def ipa_to_espeak(ipa: str) -> str:
    """ "ʃalˈom" → "Sal'om", in the phoneme table of espeak-ng's Hebrew voice."""
    return "".join(_TO_ESPEAK[sign] for sign in ipa)
