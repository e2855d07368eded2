"""Reads a pointed Hebrew word aloud: letters with vowel points → IPA, in the Israeli pronunciation of today.

The rules are those of a grammar's chapter on pointing, bent to speech: most shvas are silent, most doubled letters are
not doubled, and the stress is on the last syllable unless the pattern of the word says otherwise.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_SHVA, _HIRIQ, _TSERE, _SEGOL, _PATAH, _QAMATS, _HOLAM, _QUBUTS = "ְִֵֶַָֹֻ"
_HATAF_SEGOL, _HATAF_PATAH, _HATAF_QAMATS = "ֱֲֳ"
_HOLAM_HASER, _QAMATS_QATAN = "\u05ba", "\u05c7"
_DAGESH, _SIN = "\u05bc", "\u05c2"
_VOWEL = {
    _HIRIQ: "i",
    _TSERE: "e",
    _SEGOL: "e",
    _HATAF_SEGOL: "e",
    _PATAH: "a",
    _QAMATS: "a",
    _HATAF_PATAH: "a",
    _HOLAM: "o",
    _HOLAM_HASER: "o",
    _QAMATS_QATAN: "o",
    _HATAF_QAMATS: "o",
    _QUBUTS: "u",
}
_CONSONANT = {
    **dict(zip("בגדהוזחטיכךלמםנןסעפףצץקרשת", "vgdhvzχtjχχlmmnnsʔffttkʁʃt", strict=True)),
    "א": "ʔ",
    "צ": "ts",
    "ץ": "ts",
}
_HARD = {"ב": "b", "כ": "k", "ך": "k", "פ": "p", "ף": "p"}
_FOREIGN = {"ג": "dʒ", "ז": "ʒ", "צ": "tʃ", "ץ": "tʃ"}
_GERESH = "'׳’"
_VOICED_AT_THE_START = "לוביתמנרה"
"""Letters whose shva at the start of a word is heard: prefixes, and sounds that make no cluster."""


@dataclass(frozen=True, slots=True)
class Letter:
    base: str
    mark: str = ""  # the vowel point or the shva
    has_dagesh: bool = False
    is_sin: bool = False
    is_foreign: bool = False  # followed by a geresh

    @property
    def vowel(self) -> str:
        return _VOWEL.get(self.mark, "")


@dataclass(frozen=True, slots=True)
class Sound:
    ipa: str
    mark: str = ""  # what a vowel was written with, for the rules of stress

    @property
    def is_vowel(self) -> bool:
        return self.ipa in "aeiou"


def read_pointed(word: str) -> str:
    """IPA of one pointed word, "" if it holds no Hebrew letter. Without points only the consonants are heard."""
    letters = _letters(word)
    return _stressed(_sounds(letters))


def _letters(word: str) -> list[Letter]:
    letters: list[Letter] = []
    for cluster in re.findall(r"[א-ת][\u0591-\u05c7]*['׳’]?", unicodedata.normalize("NFD", word)):
        marks = cluster[1:]
        letters.append(
            Letter(
                base=cluster[0],
                mark=next((mark for mark in marks if mark in _VOWEL or mark == _SHVA), ""),
                has_dagesh=_DAGESH in marks,
                is_sin=_SIN in marks,
                is_foreign=marks[-1:] in tuple(_GERESH) and cluster[0] in _FOREIGN,
            )
        )
    return letters


def _sounds(letters: list[Letter]) -> list[Sound]:
    sounds: list[Sound] = []
    for at, letter in enumerate(letters):
        sounds += _sounds_of(letters, at, letter, sounds)
    return sounds


def _sounds_of(letters: list[Letter], at: int, letter: Letter, before: list[Sound]) -> list[Sound]:
    is_last = at == len(letters) - 1
    if letter.base == "ו" and (vowel := _vav_as_vowel(letters, at, letter)):
        return [Sound(vowel, "ו")]
    if _is_mute(letters, at, letter, before, is_last):
        return []
    if is_last and at > 0 and _is_furtive(letter, before):
        return [Sound("a", "furtive")] + ([] if letter.base == "ע" else [Sound(_consonant(letter))])
    sounds = [Sound(_consonant(letter))]
    if sounds[0].ipa == "ʔ" and not (before and letter.vowel):
        sounds = []
    if letter.vowel:
        sounds.append(Sound(_true_vowel(letters, at, letter), _written(letters, at, letter)))
    elif letter.mark == _SHVA and _is_shva_heard(letters, at, is_last):
        sounds.append(Sound("e", _SHVA))
    return sounds


def _vav_as_vowel(letters: list[Letter], at: int, letter: Letter) -> str:
    previous = letters[at - 1] if at else None
    after_vowel = previous is not None and bool(previous.vowel)
    if letter.mark in (_HOLAM, _HOLAM_HASER) and not after_vowel and previous is not None:
        return "o"
    is_shuruk = letter.has_dagesh and not letter.mark
    return "u" if is_shuruk and not after_vowel else ""


def _is_mute(letters: list[Letter], at: int, letter: Letter, before: list[Sound], is_last: bool) -> bool:
    if letter.mark or not before:
        return False
    if letter.base == "א":
        return True
    if letter.base == "ה":
        return is_last
    if letter.base == "י":
        is_doubled = letters[at - 1].base == "י"
        return is_doubled or before[-1].ipa == "i" or letters[at - 1].mark == _SEGOL or _is_suffix_av(letters, at)
    if letter.base == "ו" and not letter.has_dagesh:
        written = letters[at - 1].mark
        is_doubled = letters[at - 1].base == "ו" or (at + 1 < len(letters) and letters[at + 1].base == "ו")
        return is_doubled or written in (_HOLAM, _QUBUTS)
    return False


def _is_suffix_av(letters: list[Letter], at: int) -> bool:
    """The mute yod of "עליו", "אליו"."""
    return letters[at - 1].mark == _QAMATS and [letter.base for letter in letters[at:]] == ["י", "ו"]


def _is_furtive(letter: Letter, before: list[Sound]) -> bool:
    heard = letter.base in "חע" or (letter.base == "ה" and letter.has_dagesh)
    return heard and letter.mark == _PATAH and bool(before) and before[-1].ipa in "eiou"


def _consonant(letter: Letter) -> str:
    if letter.is_foreign:
        return _FOREIGN[letter.base]
    if letter.is_sin:
        return "s"
    if letter.has_dagesh and letter.base in _HARD:
        return _HARD[letter.base]
    return _CONSONANT[letter.base]


def _true_vowel(letters: list[Letter], at: int, letter: Letter) -> str:
    """A qamats before a hataf-qamats is an o: "צהריים", "מחרת"."""
    follows = letters[at + 1].mark if at + 1 < len(letters) else ""
    return "o" if letter.mark == _QAMATS and follows == _HATAF_QAMATS else letter.vowel


def _written(letters: list[Letter], at: int, letter: Letter) -> str:
    """The vowel's mark; "י" for a hiriq with its yod, which keeps the stress in verbs like "תגידו"."""
    follows = letters[at + 1] if at + 1 < len(letters) else None
    has_yod = follows is not None and follows.base == "י" and not follows.mark
    return "י" if letter.mark == _HIRIQ and has_yod else letter.mark


def _is_shva_heard(letters: list[Letter], at: int, is_last: bool) -> bool:
    if is_last:
        return False
    following = letters[at + 1]
    if at == 0:
        return letters[0].base in _VOICED_AT_THE_START or following.base in "אהע"
    previous = letters[at - 1]
    if previous.mark == _SHVA and at > 1:
        return True
    after_article = at == 1 and previous.base in "הש" and letters[at].has_dagesh
    return following.base == letters[at].base or (after_article and letters[at].base in _VOICED_AT_THE_START)


def _stressed(sounds: list[Sound]) -> str:
    vowels = [at for at, sound in enumerate(sounds) if sound.is_vowel]
    if not vowels:
        return "".join(sound.ipa for sound in sounds)
    is_early = len(vowels) > 1 and _is_stressed_early(sounds, vowels)
    stressed = vowels[-2] if is_early else vowels[-1]
    return "".join(("ˈ" if at == stressed else "") + sound.ipa for at, sound in enumerate(sounds))


def _is_stressed_early(sounds: list[Sound], vowels: list[int]) -> bool:
    """Whether the last syllable but one has the stress."""
    early, late = sounds[vowels[-2]], sounds[vowels[-1]]
    if early.mark in (_SHVA, _HATAF_PATAH, _HATAF_SEGOL, _HATAF_QAMATS):
        return late.mark == "furtive"
    ending = "".join(sound.ipa for sound in sounds[vowels[-1] - 1 :])
    is_open = vowels[-1] == len(sounds) - 1
    between = vowels[-1] - vowels[-2] - 1
    return (
        late.mark == "furtive"
        or (late.mark == _SEGOL and not is_open and ending != "χem" and between == 1)
        or (early.mark == _PATAH and late.mark == _PATAH and not is_open and _is_guttural(sounds, vowels))
        or (early.ipa == "a" and ending in ("jim", "jit", "jin"))
        or ending in ("nu", "tem", "ten")
        or (ending == "ti" and between > 1)
        or (is_open and ending[-1] in "uia" and early.mark == "י" and sounds[0].ipa in ("h", "t", "j", "n"))
        or (is_open and ending[-1] == "u" and early.mark == "ו" and between < 2)
    )


def _is_guttural(sounds: list[Sound], vowels: list[int]) -> bool:
    """ "נעל", "תחת", "שער": a guttural between two a's; a final one ("מפתח" stays late) does not count."""
    return vowels[-1] - vowels[-2] == 2 and sounds[vowels[-2] + 1].ipa in ("ʔ", "χ", "h")
