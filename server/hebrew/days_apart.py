"""When the days of a line do not add up: two of them that nothing says how to join, or one that tells of something
else. Then the day found is put in doubt; better one question too many than a wrong day."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from server.hebrew.said import CalendarDay, Chunk, ExactDate, HebrewDay, Holiday, Kept, Relative, Weekday
from server.hebrew.tokens import Token, Tokens
from server.hebrew.wordlists import words

_SINGLE = (Relative, Weekday, CalendarDay, ExactDate, HebrewDay, Holiday)
_JOINING = words("או ואם אם ואולי אולי גם וגם אבל אז עד ועד")
_NEUTRAL = _JOINING | words(
    """
    לא אין יש אפשר אפשרי שאפשר טוב בסדר מתאים נוח לי לנו בבוקר בצהריים בערב מצידי זה גם יהיה פנוי מקום תפוס את יום
    """
)


def is_unjoined(tokens: Tokens, standing: Sequence[Kept]) -> bool:
    """Whether two days stand side by side with more between them than a plain "or"."""
    days = [item.chunk for item in standing if isinstance(item.chunk.value, _SINGLE)]
    pieces = {k for item in standing for k in range(item.chunk.start, item.chunk.end)}
    return any(not _is_joined(tokens, a, b, pieces) for a, b in itertools.pairwise(days))


def _is_joined(tokens: Tokens, first: Chunk, second: Chunk, pieces: set[int]) -> bool:
    between = [tokens[k] for k in range(first.end, second.start) if k not in pieces]
    if any(not token.is_stop and token.text not in _NEUTRAL for token in between):
        return False
    return second.prefix.startswith("ו") or any(_joins(token) for token in between)


def _joins(token: Token) -> bool:
    return token.is_stop or token.text in _JOINING
