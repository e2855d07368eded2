"""Hand-made pronunciations of the house's words and phrases, read from `lexicon.txt` and `names.txt`.

A line is `words = respelling`, in the notation of `spelling`. A phrase of several words wins over its words. A star
before a word means that after ב, ל, כ its article is heard ("בבוקר" is *bab'oker*); other words take prefixes plain.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from hebrew_voice.spelling import respelled_to_ipa

_QUOTES = str.maketrans("׳’״", "''\"")
_GUTTURALS = "אהחער"
_PREFIXES = (
    "",
    "ו",
    "ה",
    "ש",
    "ב",
    "ל",
    "מ",
    "כ",
    "וה",
    "וב",
    "ול",
    "ומ",
    "וש",
    "שה",
    "שב",
    "של",
    "כש",
    "מה",
    "לכש",
    "ושה",
    "ושב",
)
_PREFIX = {"ו": "ve", "ה": "ha", "ש": "ʃe", "ב": "be", "ל": "le", "כ": "ke"}


@dataclass(frozen=True, slots=True)
class Entry:
    ipa: str
    is_definite_after_prefix: bool
    is_name: bool  # a person's: takes only ו and ל ("בגד" is no Gad, "שמור" no Mor)


@dataclass(slots=True)
class Lexicon:
    words: dict[str, Entry] = field(default_factory=dict)
    phrases: dict[str, Entry] = field(default_factory=dict)

    def longest(self, words: list[str], at: int) -> tuple[int, str]:
        """How many of the words from `at` on are known together, and their IPA; (0, "") if the first is unknown.

        A word with vowel points is never known: its points say how it wants to be read.
        """
        for count in range(min(_LONGEST_PHRASE, len(words) - at), 1, -1):
            ipa = _find(self.phrases, " ".join(_plain(word) for word in words[at : at + count]))
            if ipa:
                return count, ipa
        ipa = _find(self.words, _plain(words[at]))
        return (1, ipa) if ipa else (0, "")


_LONGEST_PHRASE = 4


def load_lexicon(*paths: Path) -> Lexicon:
    """What is said twice counts as it is said last. Raises `ValueError` that names the line."""
    lexicon = Lexicon()
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            content = line.split("#")[0].strip()
            if content:
                _add(lexicon, content, f"{path.name}, line {number}", is_name=path.stem == "names")
    return lexicon


def house_lexicon() -> Lexicon:
    folder = Path(__file__).parent
    return load_lexicon(folder / "names.txt", folder / "lexicon.txt")


def _add(lexicon: Lexicon, content: str, place: str, *, is_name: bool) -> None:
    written, separator, respelled = content.partition("=")
    if not separator or not written.strip() or not respelled.strip():
        raise ValueError(f"{place}: expected 'words = respelling'")
    try:
        ipa = " ".join(respelled_to_ipa(word) for word in respelled.split())
    except ValueError as error:
        raise ValueError(f"{place}: {error}") from error
    words = _plain(written.lstrip("*")).split()
    if len(words) > _LONGEST_PHRASE:
        raise ValueError(f"{place}: a phrase has at most {_LONGEST_PHRASE} words")
    table = lexicon.phrases if len(words) > 1 else lexicon.words
    table[" ".join(words)] = Entry(ipa, written.startswith("*"), is_name)


def _find(table: dict[str, Entry], said: str) -> str:
    for prefix in _PREFIXES:
        rest = said[len(prefix) :]
        entry = table.get(rest) if said.startswith(prefix) else None
        if entry and not (entry.is_name and prefix.strip("ול")):
            return _prefixed(prefix, rest, entry)
    return ""


def _plain(word: str) -> str:
    return word.translate(_QUOTES)


def _prefixed(prefix: str, rest: str, entry: Entry) -> str:
    if not prefix:
        return entry.ipa
    said = "".join(_PREFIX.get(letter) or ("me" if rest[0] in _GUTTURALS else "mi") for letter in prefix)
    if prefix[-1] in "בלכ" and entry.is_definite_after_prefix:
        said = said[:-1] + "a"
    if entry.ipa.lstrip("ˈ")[0] in "aeiou":
        said += "ʔ"
    return said + entry.ipa
