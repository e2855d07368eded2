"""Two days of a month that is said once: "עשרים או עשרים ואחד בינואר", "עשרים עד עשרים וחמישה בינואר"."""

from __future__ import annotations

from dataclasses import replace

from server.hebrew import dates
from server.hebrew.line import Line
from server.hebrew.said import Bare, CalendarDay, Chunk, Clock
from server.hebrew.tokens import Tokens


def until_date(tokens: Tokens, i: int) -> bool:
    """Whether "עד" and a day with its month stand at token `i`."""
    is_until = i + 1 < len(tokens) and tokens[i].text in ("עד", "ועד")
    late = dates.calendar_day(tokens, i + 1) if is_until else None
    return late is not None and isinstance(late.value, CalendarDay) and late.value.month is not None


def of_month_behind(line: Line, n: int) -> Chunk | None:
    """The first of "עשרים או עשרים ואחד בינואר": a day of the month that is said once, behind the second."""
    chunk = line.chunks[n]
    following = line.chunks[n + 1].value if n + 1 < len(line.chunks) else None
    if not isinstance(following, CalendarDay) or following.month is None or following.hour is not None:
        return None
    late = line.chunks[n + 1]
    has_word = late.start == chunk.end + 1 and line.word_after(chunk) in ("או", "ו", "וגם", "גם")
    if not has_word and not (late.start == chunk.end and late.prefix.startswith("ו")):
        return None
    match chunk.value:
        case Bare(value=day) | CalendarDay(day=day, month=None) if 1 <= day <= 31:
            pass
        case Clock(hour=hour, minute=0, part=None):
            day = hour or 24
        case _:
            return None
    return replace(chunk, value=replace(following, day=day))
