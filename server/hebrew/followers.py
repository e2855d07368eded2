"""What is named by the one before it: "ביום חמישי הקרוב לא, בזה שאחריו" means the Thursday after that one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from server.hebrew.lexicon import DAY
from server.hebrew.said import Chunk, Day, InUnits, Weekday, WeekSpan
from server.hebrew.tokens import Tokens
from server.hebrew.wordlists import words

_THAT = words("זה בזה לזה זאת בזאת לזאת האחד באחד השבוע בשבוע לשבוע")
_NEXT = words("הבא בבא לבא")
_AFTER = words("שאחריו שאחרי שלאחריו שאחריה שבא אחריו")


def with_followers(tokens: Tokens, chunks: Sequence[Chunk]) -> list[Chunk]:
    """The pieces, and among them those that "זה שאחריו" stands for; one that follows nothing is left out."""
    out: list[Chunk] = []
    following = list(chunks)
    i = 0
    while i < len(tokens) or following:
        if following and following[0].start <= i:
            out.append(following.pop(0))
            i = max(i + 1, out[-1].end)
            continue
        found = _follower(tokens, i, out)
        if found is not None:
            out.append(found)
        i = found.end if found is not None else i + 1
    return out


def _follower(tokens: Tokens, i: int, before: Sequence[Chunk]) -> Chunk | None:
    day = next((day for chunk in reversed(before) if (day := _later(chunk)) is not None), None)
    if day is not None and _is_next_alone(tokens, i):
        return Chunk(day, i, i + 1, "ב")
    if i + 1 >= len(tokens) or tokens[i].text not in _THAT or tokens[i + 1].text not in _AFTER:
        return None
    end = i + 3 if i + 2 < len(tokens) and tokens[i + 2].text in ("זה", "אחריו") else i + 2
    prefix = tokens[i].text[:1] if tokens[i].text[:1] in "בל" else ""
    return None if day is None else Chunk(day, i, end, prefix)


def _is_next_alone(tokens: Tokens, i: int) -> bool:
    """ "השבוע לא, הבא", "לא בראשון הקרוב, אלא בבא"."""
    before = tokens[i - 1] if i else None
    return (
        tokens[i].text in _NEXT and before is not None and (before.is_stop or before.text in ("אלא", "אז", "רק", "ולא"))
    )


def _later(chunk: Chunk) -> Day | None:
    match chunk.value:
        case Weekday() as weekday:
            return InUnits(7, DAY, base=weekday)
        case WeekSpan() as week:
            return replace(week, offset=week.offset + 1, is_rolling=False)
        case _:
            return None
