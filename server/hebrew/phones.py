"""Phone numbers as dictated: digits, words, pairs, "כפול", repeats and second thoughts."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from server.hebrew.numbers import cardinal
from server.hebrew.tokens import Kind, Token, Tokens

_NATIONAL = re.compile(r"05\d{8}|0[23489]\d{7}|07[2-9]\d{7}")
"""Mobile, geographic and VoIP numbers of Israel; 1-800 lines and star numbers are nobody's own."""

_ANEW = frozenset(("זה", "אלא", "רק"))
_SIGNS = frozenset(("אלא", "קו", "מקף", "נקודה", "רווח", "ו", "ואז", "אז", "אה", "אממ", "זה"))
_DOUBLE = frozenset(("כפול", "דאבל", "פעמיים", "כפולה"))
_ZEROS = frozenset(("אפסים", "אפסיים"))  # "שלוש אפסים"
_RESTART = frozenset(("לא", "סליחה", "טעות", "בעצם", "רגע"))
_CUES = frozenset(("טלפון", "נייד", "פלאפון", "סלולרי", "סלולארי"))
_FEWEST_WITH_CUE = 4
_COUNTED = frozenset(("לחודש", "שקל", "שקלים", "אנשים"))
_MOST_VARIANTS = 12  # ways to read a number corrected again and again
_MOST_GROUPS = 14  # digits of the longest number, said one by one
_TWICE = "x"
_TWICE_BEFORE = "X"  # a pause behind the word: it can only mean what went before


@dataclass(frozen=True, slots=True)
class Dictated:
    """Digits heard at tokens `start`..`end`; `phone` in E.164, None when they are no Israeli number."""

    digits: str
    phone: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Group:
    """Digits said in one breath, or one of the two signs for "כפול"."""

    digits: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Run:
    """Groups in a row, read in several ways where the caller had second thoughts; `start` is where dictation began."""

    variants: list[list[_Group]]
    start: int


def to_e164(digits: str) -> str | None:
    """E.164 of an Israeli number in any of its written forms, else None."""
    bare = re.sub(r"\D", "", digits)
    for abroad in ("00972", "972"):
        if bare.startswith(abroad):
            bare = "0" + bare.removeprefix(abroad).removeprefix("0")
            break
    return "+972" + bare[1:] if _NATIONAL.fullmatch(bare) else None


def find(tokens: Tokens, *, is_asked: bool) -> Dictated | None:
    """The last valid number dictated; without one, the longest run of digits that was meant to be one."""
    runs = _runs(tokens)
    valid = [phone for run in runs if (phone := _valid_part(run)) is not None]
    if valid:
        return valid[-1]
    whole = [Dictated(_digits(run.variants[0], False), None, run.start, run.variants[0][-1].end) for run in runs]
    shortest = 3 if is_asked else 7
    unclear = [d for d in whole if len(d.digits) >= shortest and (is_asked or d.digits.startswith(("0", "972")))]
    unclear += [d for d in whole if len(d.digits) >= _FEWEST_WITH_CUE and _has_cue(tokens, d.start)]
    return max(unclear, key=lambda dictated: len(dictated.digits), default=None)


def _has_cue(tokens: Tokens, start: int) -> bool:
    """ "הטלפון שלי 12345": too few digits, but certainly a number that was meant to be dialled."""
    before = [token for token in tokens[max(start - 3, 0) : start] if token.text not in ("שלי", "הוא", "זה")]
    return bool(before) and not before[-1].forms.isdisjoint(_CUES)


def _valid_part(run: _Run) -> Dictated | None:
    """The number in the first way of reading that holds one."""
    for groups in run.variants:
        found = _longest_number(groups)
        if found is not None:
            return found if found.start > groups[0].start else replace(found, start=run.start)
    return None


def _longest_number(groups: list[_Group]) -> Dictated | None:
    """The longest stretch of groups that is a number, with "כפול" meaning what follows or what went before."""
    for part, is_after in itertools.product(_stretches(groups), (False, True)):
        digits = _digits(part, is_after)
        phone = to_e164(digits) if 9 <= len(digits) <= 14 else None
        if phone is not None:
            return Dictated(digits, phone, part[0].start, part[-1].end)
    return None


def _stretches(groups: list[_Group]) -> Iterator[list[_Group]]:
    """All stretches of at most so many groups as make a number, the longest first."""
    for size in range(min(len(groups), _MOST_GROUPS), 0, -1):
        for first in range(len(groups) - size + 1):
            yield groups[first : first + size]


def _digits(run: list[_Group], is_after: bool) -> str:
    """ "כפול שבע" and "שבע כפול" are both 77; `is_after` tells which way to read the word."""
    out = ""
    is_pending = False
    for group in run:
        if group.digits == _TWICE_BEFORE:
            out += out[-1:]
        elif group.digits != _TWICE:
            out += group.digits[0] * is_pending + group.digits
            is_pending = False
        elif is_after:
            out += out[-1:]
        else:
            is_pending = True
    return out


def _runs(tokens: Tokens) -> list[_Run]:
    runs: list[_Run] = []
    i = 0
    while i < len(tokens):
        variants, end = _run(tokens, i)
        if any(group.digits.isdigit() for group in variants[0]):
            runs.append(_Run(variants, i))
        i = max(end, i + 1)
    return runs


def _run(tokens: Tokens, i: int) -> tuple[list[list[_Group]], int]:
    """Groups from token `i` on, up to a word that belongs to no number.

    After "לא, סליחה" all may begin anew, or only the last breath, the last group, or nothing at all: each is a variant,
    likeliest first.
    """
    groups: list[_Group] = []
    breath = 0
    while i < len(tokens):
        group = _group(tokens, i)
        restart = 0
        if groups:
            restart = _restart(tokens, i) if group is None else _second_beginning(tokens, i, groups, group)
        if group is not None and not restart:
            groups.append(group)
            i = group.end
        elif restart:
            rest, end = _run(tokens, restart)
            kept: tuple[list[_Group], ...] = ([], groups[:breath], groups[:-1], groups)
            return [[*before, *after] for before in kept for after in rest][:_MOST_VARIANTS], end
        elif groups and _is_between_groups(tokens[i]):
            breath = len(groups) if tokens[i].is_stop and _has_digits_after(tokens, i + 1) else breath
            i += 1
        else:
            break
    return [groups], i


def _has_digits_after(tokens: Tokens, i: int) -> bool:
    return i < len(tokens) and _group(tokens, i) is not None


def _is_between_groups(token: Token) -> bool:
    return token.is_stop or token.kind is Kind.DASH or token.text in _SIGNS


def _restart(tokens: Tokens, i: int) -> int:
    """Where dictation begins anew after "לא, סליחה"; 0 where it does not."""
    j = i
    while j < len(tokens) and (tokens[j].text in _RESTART or tokens[j].is_stop):
        j += 1
    has_word = any(token.text in _RESTART for token in tokens[i:j])
    return j if has_word and j < len(tokens) and _group(tokens, j) is not None else 0


def _second_beginning(tokens: Tokens, i: int, groups: list[_Group], group: _Group) -> int:
    """ "זה לא אפס חמש אפס, זה אפס חמש שתיים …": behind a "לא" the number that begins once more is the right one."""
    first = groups[0].start
    is_denied = first > 0 and tokens[first - 1].text in ("לא", "ולא")
    is_apart = tokens[i - 1].is_stop or tokens[i - 1].text in _ANEW
    return i if is_denied and is_apart and group.digits.startswith("0") else 0


def _group(tokens: Tokens, i: int) -> _Group | None:
    """The digits that the words at token `i` stand for."""
    token = tokens[i]
    if token.text in _DOUBLE:
        is_closed = i + 1 < len(tokens) and (tokens[i + 1].is_stop or tokens[i + 1].text in ("ואז", "אז"))
        return _Group(_TWICE_BEFORE if is_closed else _TWICE, i, i + 1)
    if token.kind is Kind.DIGITS or (token.kind is Kind.NUMBER and not token.prefix):
        return _Group(re.sub(r"\D", "", token.text), i, i + 1)
    number = cardinal(tokens, i)
    if number is None or (number.prefix not in ("", "ו") and number.value != 0):  # "תתקשרו לאפס חמש …"
        return None
    following = tokens[number.end] if number.end < len(tokens) else None
    if following is None:
        return _Group(str(number.value), i, number.end)
    if following.text in _ZEROS and number.value <= 9:
        return _Group("0" * number.value, i, number.end + 1)
    if following.text in ("פעמים", "פעם") and number.value <= 9 and number.end + 1 < len(tokens):
        repeated = _group(tokens, number.end + 1)
        return repeated and _Group(repeated.digits * number.value, i, repeated.end)
    if following.read("unit") or following.text in _COUNTED:
        return None
    return _Group(str(number.value), i, number.end)
