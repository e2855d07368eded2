"""Days counted from one that is named elsewhere in the line: "החתונה ב-20, אז יומיים לפני", "למחרת", "להקדים ביום".
`offset` finds how far; `anchored` finds from where, once the whole line is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from server.hebrew import bounds, clock, days
from server.hebrew.durations import SHIFTING
from server.hebrew.lexicon import DAY, HOUR, MINUTE
from server.hebrew.said import (
    CalendarDay,
    Chunk,
    Clock,
    Day,
    HebrewDay,
    Holiday,
    InUnits,
    NthOf,
    Offset,
    Relative,
    Weekday,
)
from server.hebrew.tokens import Kind, Tokens
from server.hebrew.wordlists import words

_BEFORE = words("לפני קודם לפניו לפניה לפניהם מקודם שלפני שלפניו שלפניה שקודם")
_AFTER = words("אחרי אחריו אחריה אחריהם לאחריו לאחריה שאחרי שאחריו שאחריה שלאחריו")
_RELATIVE_WORDS = words("שלפני שלפניו שלפניה שקודם שאחרי שאחריו שאחריה שלאחריו")
_POINTERS = words("זה כן לכן מכן")
_MORROW = words("למחרת ולמחרת שלמחרת מחרת")
_ONE_DAY = words("יום ליום ביום ויום שיום")
_EARLIER = words("להקדים תקדים תקדימי תקדימו נקדים")
_WITHIN = 4
"""Words that may stand between "יום לפני" and the day of what it precedes: "יום לפני החתונה של אחותי שב-20"."""

_BASES = (Relative, Weekday, CalendarDay, HebrewDay, Holiday, NthOf, InUnits)


def offset(tokens: Tokens, i: int) -> Chunk | None:
    """So many days before or after something, where no day stands straight behind."""
    return _morrow(tokens, i) or _beside(tokens, i) or _shift(tokens, i)


def _morrow(tokens: Tokens, i: int) -> Chunk | None:
    at = i + 1 if tokens[i].text in _ONE_DAY else i
    if at >= len(tokens) or tokens[at].text not in _MORROW:
        return None
    base = bounds.day(tokens, at + 1) if at + 1 < len(tokens) else None
    if base is not None and isinstance(base.value, _BASES):
        return Chunk(InUnits(1, DAY, base=base.value), i, base.end)
    return Chunk(Offset(1, DAY), i, at + 1)


def _beside(tokens: Tokens, i: int) -> Chunk | None:
    amount = _amount(tokens, i)
    if amount is None or amount.end >= len(tokens) or (i and tokens[i - 1].text in ("לפני", "כל")):
        return None
    end, word = amount.end + 1, tokens[amount.end].text
    is_later = word == "אחר" and end < len(tokens) and tokens[end].text in ("כך", "כן")
    if (word not in _BEFORE | _AFTER and not is_later) or not isinstance(amount.value, InUnits):
        return None
    if end < len(tokens) and (is_later or tokens[end].text in _POINTERS):
        end += 1
    hour = clock.clock(tokens, end) if end < len(tokens) else None
    if (hour is not None and not hour.prefix) or (end < len(tokens) and tokens[end].read("unit")):
        return None  # "ביום אחרי שלוש", "שבוע אחרי השבוע הבא"
    sign = -1 if word in _BEFORE else 1
    base = bounds.day(tokens, end) if end < len(tokens) else None
    if base is not None and word in _RELATIVE_WORDS and isinstance(base.value, _BASES):  # "ביום שאחרי חנוכה"
        return Chunk(InUnits(sign * amount.value.count, amount.value.unit, base=base.value), i, base.end)
    return Chunk(Offset(sign * amount.value.count, amount.value.unit), i, end)


def _amount(tokens: Tokens, i: int) -> Chunk | None:
    """As `days.amount_of`, and "ליום אחרי", "ביום שאחרי", "היום שלפני"."""
    following = tokens[i + 1].text if i + 1 < len(tokens) else ""
    if tokens[i].text in _ONE_DAY or (tokens[i].text == "היום" and following in _RELATIVE_WORDS):
        return Chunk(InUnits(1, DAY), i, i + 1)
    return days.amount_of(tokens, i)


def _shift(tokens: Tokens, i: int) -> Chunk | None:
    """By how much an appointment is to be moved: "לדחות ביומיים", "להקדים אותו ביום"."""
    verbs = [token for token in tokens[max(i - 5, 0) : i] if not token.forms.isdisjoint(SHIFTING)]
    amount = _by(tokens, i) if verbs else None
    if amount is None or not isinstance(amount.value, InUnits):
        return None
    following = tokens[amount.end] if amount.end < len(tokens) else None
    if following is not None and (
        following.senses or following.text.startswith(("הקרוב", "הבא", "אחר", "כלשהו", "של", "ש"))
    ):
        return None
    sign = -1 if not verbs[-1].forms.isdisjoint(_EARLIER) else 1
    return Chunk(Offset(sign * amount.value.count, amount.value.unit, is_vague=True), i, amount.end)


def _by(tokens: Tokens, i: int) -> Chunk | None:
    unit = tokens[i].read("unit")
    if unit is not None and unit.prefix == "ב" and unit.value not in (HOUR, MINUTE):
        is_single = tokens[i].text in ("ביום", "בשבוע", "בחודש")
        return Chunk(InUnits(1, str(unit.value)), i, i + 1) if is_single else None
    amount = days.amount_of(tokens, i)
    return amount if amount is not None and amount.prefix == "ב" else None


def anchored(tokens: Tokens, chunks: Sequence[Chunk]) -> list[Chunk]:
    """The pieces, with every offset tied to its day: one told of behind it without a pause ("שבוע אחרי התור של
    רביעי"), else the last one before. An offset that finds none is left out."""
    out: list[Chunk] = []
    for n, chunk in enumerate(chunks):
        if not isinstance(chunk.value, Offset):
            out.append(chunk)
            continue
        ahead = _ahead(tokens, chunk, chunks[n + 1 : n + 2])
        before = next((other for other in reversed(out) if _base(other) is not None), None)
        base = ahead or (_base(before) if before is not None else None)
        if base is None and out and (figure := _figure(tokens, out[-1])) is not None:
            base, out[-1] = figure, replace(out[-1], value=figure)  # "הטיסה ב-20, אפשר יומיים קודם"
        if base is not None:
            is_other = ahead is None and before is not None and _is_alternative(tokens, before, chunk)
            several = {_base(other) for other in out} - {None}
            counted = _counted(chunk.value, base, is_unsure=ahead is not None or len(several) > 1)
            out.append(replace(chunk, value=replace(counted, has_own_base=not is_other)))
    return out


def _figure(tokens: Tokens, chunk: Chunk) -> CalendarDay | None:
    """A figure that would be an hour, were no days counted from it."""
    is_figure = chunk.end - chunk.start == 1 and tokens[chunk.start].kind is Kind.NUMBER and chunk.prefix == "ב"
    return CalendarDay(int(tokens[chunk.start].text)) if is_figure and isinstance(chunk.value, Clock) else None


def _is_alternative(tokens: Tokens, before: Chunk, chunk: Chunk) -> bool:
    """ "ברביעי או יום אחרי" wishes for either."""
    return any(token.text in ("או", "ואם") for token in tokens[before.end : chunk.start])


def _ahead(tokens: Tokens, chunk: Chunk, following: Sequence[Chunk]) -> Day | None:
    if not following or not chunk.end < following[0].start <= chunk.end + _WITHIN:
        return None
    between = tokens[chunk.end : following[0].start]
    is_told = between[0].text.startswith("ה") and not any(token.is_stop for token in between)
    return _base(following[0]) if is_told else None


def _base(chunk: Chunk) -> Day | None:
    return chunk.value if isinstance(chunk.value, _BASES) else None


def _counted(said: Offset, base: Day, *, is_unsure: bool) -> InUnits:
    is_vague = said.is_vague or is_unsure or said.unit != DAY
    return InUnits(said.count, said.unit, is_vague=is_vague, base=base)
