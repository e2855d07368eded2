"""A month with its day behind it, as few say it: "דצמבר השלישי", "דצמבר 3"."""

from __future__ import annotations

from server.hebrew.said import CalendarDay, Chunk
from server.hebrew.tokens import Kind, Token, Tokens


def month_first(tokens: Tokens, i: int) -> Chunk | None:
    """A figure counts only at the end of a clause: more behind it may make an hour or a number of people of it."""
    month = tokens[i].read("month")
    if month is None or month.prefix not in ("", "ב", "ל") or i + 1 >= len(tokens):
        return None
    day = _day(tokens[i + 1], is_last=i + 2 == len(tokens) or tokens[i + 2].is_stop)
    return None if day == 0 else Chunk(CalendarDay(day, int(str(month.value))), i, i + 2, month.prefix)


def _day(token: Token, *, is_last: bool) -> int:
    """0 for what is no day of a month."""
    ordinal = token.read("ordinal")
    if ordinal is not None and ordinal.prefix == "ה" and isinstance(ordinal.value, int):
        return ordinal.value
    is_figure = token.kind is Kind.NUMBER and len(token.text) <= 2 and token.prefix in ("", "ה")
    return int(token.text) if is_last and is_figure and 1 <= int(token.text) <= 31 else 0
