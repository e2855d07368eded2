"""Cleans the words that people and models hand in: names, notes, identifiers. What is unfit is refused, not mended."""

from __future__ import annotations

import re
import unicodedata

NAME_LENGTH = 80
NOTES_LENGTH = 2000
IDENTIFIER_LENGTH = 64
KEY_LENGTH = 200

_SPACES = re.compile(r"\s+")
_NAME_SIGNS = frozenset(" '\"’”׳״`.,-–־()&+/")


class Unfit(ValueError):
    """A value that the diary does not take; the message says which and why, in at most 120 characters."""


def clean_name(text: str, what: str = "name") -> str:
    """A person's or thing's name: NFC, inner spaces single, 1 to 80 letters, digits and marks of names."""
    name = _SPACES.sub(" ", _plain(text, what, NAME_LENGTH, keep="\n\t")).strip()
    if not any(c.isalpha() for c in name):
        raise Unfit(f"{what} must hold a letter")
    if not all(unicodedata.category(c)[0] in "LMN" or c in _NAME_SIGNS for c in name):
        raise Unfit(f"{what} holds a sign that names do not have")
    return name


def clean_notes(text: str, what: str = "notes") -> str:
    """Free text of at most 2,000 characters; line breaks are kept."""
    return _plain(text, what, NOTES_LENGTH, keep="\n\t").strip()


def clean_identifier(text: str, what: str, longest: int = IDENTIFIER_LENGTH) -> str:
    """An opaque identifier, taken as it is."""
    if not text:
        raise Unfit(f"{what} is empty")
    return _plain(text, what, longest)


def _plain(text: str, what: str, longest: int, keep: str = "") -> str:
    if not isinstance(text, str):
        raise Unfit(f"{what} must be text")
    if len(text) > longest:
        raise Unfit(f"{what} is longer than {longest} characters")
    # Cc and Cs break logs and databases; Cf are the invisible signs that turn the direction of what follows.
    if any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn") and c not in keep for c in text):
        raise Unfit(f"{what} holds a control or direction character")
    return unicodedata.normalize("NFC", text)
