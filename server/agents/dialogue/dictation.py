"""A phone number that is dictated with long breaks: its pieces belong together. Pure."""

from __future__ import annotations

from server.hebrew import phones
from server.hebrew.completeness import completeness
from server.hebrew.models import Asked
from server.hebrew.normalise import normalise
from server.hebrew.tokens import Kind, tokenise

_WHOLE = 9
"""Digits of the shortest number; so many that are none were misheard, and it begins anew."""

_BEGINNINGS = ("0", "972")


def pieces_with(before: str, text: str) -> str:
    """All that has been dictated so far of a number that is not whole yet; "" when nothing goes on."""
    if completeness(text, Asked.PHONE) != "unfinished" or text == before or not _holds_digits(text):
        return ""
    joined = f"{before} {text}".strip()
    found = phones.find(tokenise(normalise(joined)), is_asked=True)
    if found is None:
        return joined
    is_begun = found.phone is None and len(found.digits) < _WHOLE and found.digits.startswith(_BEGINNINGS)
    return joined if is_begun else ""


def _holds_digits(text: str) -> bool:
    """Other words hang in the air as well: "why do you need"."""
    tokens = tokenise(normalise(text))
    return any(token.kind in (Kind.NUMBER, Kind.DIGITS) or token.read("numeral") is not None for token in tokens)
