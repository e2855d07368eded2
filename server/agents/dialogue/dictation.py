"""A phone number that is dictated with long breaks: its pieces belong together. Pure."""

from __future__ import annotations

from server.hebrew import phones
from server.hebrew.completeness import completeness
from server.hebrew.models import Asked
from server.hebrew.normalise import normalise
from server.hebrew.tokens import tokenise

_WHOLE = 9
"""Digits of the shortest number; so many that are none were misheard, and it begins anew."""

_BEGINNINGS = ("0", "972")


def pieces_with(before: str, text: str) -> str:
    """All that has been dictated so far of a number that is not whole yet; "" when nothing goes on."""
    is_open = completeness(text, Asked.PHONE) == "unfinished"
    if not is_open or text == before or completeness(text, Asked.NAME) == "unfinished":
        return ""  # "why do you need" hangs whatever was asked; digits hang only as a number
    joined = f"{before} {text}".strip()
    found = phones.find(tokenise(normalise(joined)), is_asked=True)
    if found is None:
        return joined
    is_begun = found.phone is None and len(found.digits) < _WHOLE and found.digits.startswith(_BEGINNINGS)
    return joined if is_begun else ""
