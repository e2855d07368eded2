"""Services and staff of the business, heard through a recogniser: by alias, by prefix, by sound."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from server.hebrew.gazetteer import COMMON, PLACES
from server.hebrew.lexicon import is_known, splits
from server.hebrew.models import ServiceWords, Vocabulary
from server.hebrew.normalise import normalise
from server.hebrew.tokens import Kind, Tokens
from server.hebrew.wordlists import words

_SOUNDS = str.maketrans("טעקחשבםןץףך", "תאככסומנצפכ", "'\"")
_DOUBLED = re.compile(r"(.)\1+")
_SILENT = re.compile("(?<!^)א(?!$)")
_GENERIC = words("עיסוי טיפול מסאז' מסז' מסאג' שירות תור סוג עיסויי טיפולי")
"""Words that many services share and that name none of them."""


def sound(word: str) -> str:
    """A spelling in which letters that recognisers confuse are one: שוודי, שבדי and שוואדי are equal."""
    plain = _DOUBLED.sub(r"\1", _SILENT.sub("", word.translate(_SOUNDS)))
    return plain[:-1] + "ה" if len(plain) > 2 and plain.endswith("א") else plain


def near(spelt: str) -> tuple[str, ...]:
    """The spelling and, for words of five letters and more, what one lost letter leaves of it: two words that share
    one of these are at most a letter apart."""
    if len(spelt) < 5:
        return (spelt,)
    return (spelt, *(spelt[:k] + spelt[k + 1 :] for k in range(1, len(spelt))))


_SHORT = ("הקצר", "הקצרה", "הכי קצר", "הכי קצרה")
_LONG = ("הארוך", "הארוכה", "הכי ארוך", "הכי ארוכה")


@dataclass(frozen=True, slots=True)
class Heard:
    """A name of the vocabulary at tokens `start`..`end`; `prefix` was glued to its first word."""

    name: str
    start: int
    end: int
    prefix: str = ""
    written: str = ""  # the alias's first word


Book = dict[str, list[tuple[tuple[str, ...], str, str]]]
"""Each near spelling of an alias's first word → the sounds of its further words, the canonical name, and that first
word as it is written."""


@dataclass(frozen=True, slots=True)
class Names:
    services: Book
    staff: Book
    derived: frozenset[str]  # words that stand for a service by themselves, though no alias says so


def find_services(tokens: Tokens, vocabulary: Vocabulary, taken: Collection[int] = ()) -> list[Heard]:
    known = _names(vocabulary.services, vocabulary.staff)
    found = _find(tokens, known.services, taken)
    return [heard for heard in found if not _is_by_the_way(tokens, heard, known.derived)]


def _is_by_the_way(tokens: Tokens, heard: Heard, derived: frozenset[str]) -> bool:
    """ "בעמוק של הפקק", "אישה עמוקה": one word of a longer name, as a place or not quite that word."""
    if heard.end > heard.start + 1 or heard.written not in derived:
        return False
    return heard.prefix == "ב" or tokens[heard.start].text.removeprefix(heard.prefix) != heard.written


def extreme_length(tokens: Tokens, name: str | None, vocabulary: Vocabulary) -> int | None:
    """Minutes of "שוודי הקצר", "הכי ארוך": the shortest or longest that the service is offered for."""
    lengths = next((service.lengths for service in vocabulary.services if service.name == name), ())
    said = " " + " ".join(token.text for token in tokens) + " "
    wanted = [pick for pick, phrases in ((min, _SHORT), (max, _LONG)) if any(f" {each} " in said for each in phrases)]
    return wanted[0](lengths) if lengths and wanted else None


def find_staff(tokens: Tokens, vocabulary: Vocabulary, taken: Collection[int] = ()) -> list[Heard]:
    return _find(tokens, _names(vocabulary.services, vocabulary.staff).staff, taken)


@lru_cache(maxsize=64)
def _names(services: tuple[ServiceWords, ...], staff: tuple[str, ...]) -> Names:
    phrases, derived = _service_phrases(services)
    return Names(_book(phrases), _book({(name,): name for name in staff}), derived)


def _service_phrases(services: tuple[ServiceWords, ...]) -> tuple[dict[tuple[str, ...], str], frozenset[str]]:
    """Every alias in full; and each word that only one service has, in its name, alone."""
    phrases: dict[tuple[str, ...], str] = {}
    owners: dict[str, set[str]] = {}
    for service in services:
        for alias in (service.name, *service.aliases):
            parts = tuple(normalise(alias).split())
            if len(parts) > 1 or (parts and parts[0] not in _GENERIC):
                phrases.setdefault(parts, service.name)
                phrases.setdefault(("".join(parts),), service.name)
            for word in parts:
                owners.setdefault(word, set()).add(service.name)
    aliases = frozenset(words[0] for words in phrases if len(words) == 1)
    for word, names in owners.items():
        if len(names) == 1 and word not in _GENERIC and len(word) > 3:
            phrases.setdefault((word,), next(iter(names)))
    return phrases, frozenset(words[0] for words in phrases if len(words) == 1) - aliases


def _book(phrases: dict[tuple[str, ...], str]) -> Book:
    book: Book = {}
    for phrase, name in phrases.items():
        sounds = [sound(word) for word in phrase]
        shortened = [sounds[0][:size] for size in range(6, len(sounds[0]) - 2)]  # "רפלקסו"
        for spelt in (*near(sounds[0]), *shortened) if all(sounds) and sounds else ():
            book.setdefault(spelt, []).append((tuple(sounds[1:]), name, phrase[0]))
    return book


@lru_cache(maxsize=8192)
def _sounds(word: str) -> Mapping[str, str]:
    """Near spellings of a word as it stands, and of what its glued prefixes and its ending of number or gender leave;
    each with the prefix that was cut off."""
    found: dict[str, str] = {}
    is_ordinary = _is_ordinary(word)
    for prefix, core in splits(word):
        if prefix and len(core) < 3:
            continue
        bare = sound(core)
        for spelt in (bare, _without_ending(bare)):
            for key in (spelt,) if is_ordinary else near(spelt):
                found.setdefault(key, prefix)
    return MappingProxyType(found)


@lru_cache(maxsize=8192)
def _is_ordinary(word: str) -> bool:
    """An everyday word, which is what it is and not a misheard alias."""
    return any(core in COMMON or core in PLACES or is_known(core) for _, core in splits(word))


def _without_ending(spelt: str) -> str:
    """ "שוודית", "עמוקות"."""
    for ending in ("ות", "ימ", "ת"):
        if len(spelt) > 3 + len(ending) and spelt.endswith(ending):
            return spelt.removesuffix(ending)
    return spelt[:-1] if len(spelt) > 4 and spelt.endswith("ת") else spelt


def _find(tokens: Tokens, book: Book, taken: Collection[int]) -> list[Heard]:
    found: list[Heard] = []
    i = 0
    while i < len(tokens):
        heard = _at(tokens, i, book) if i not in taken and tokens[i].kind is Kind.WORD else None
        if heard is not None:
            found.append(heard)
        i = heard.end if heard is not None else i + 1
    return found


def _at(tokens: Tokens, i: int, book: Book) -> Heard | None:
    best: Heard | None = None
    is_ordinary = _is_ordinary(tokens[i].text)
    for spelt, prefix in _sounds(tokens[i].text).items():
        for rest, name, written in book.get(spelt, ()):
            end = i + 1 + len(rest)
            if is_ordinary and (written not in tokens[i].forms or (prefix.endswith("ב") and not rest)):
                continue  # "ארבעים" is no slip of the tongue for "אבנים", "בפנים" no treatment
            if (best is None or end > best.end) and _continues(tokens[i + 1 : end], rest):
                best = Heard(name, i, end, prefix, written)
    return best


def _continues(tokens: Tokens, rest: tuple[str, ...]) -> bool:
    if len(tokens) != len(rest):
        return False
    return all(
        token.kind is Kind.WORD and any(key in _sounds(token.text) for key in near(wanted))
        for token, wanted in zip(tokens, rest, strict=True)
    )
