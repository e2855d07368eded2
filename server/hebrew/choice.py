"""A choice among the slots just offered: "השנייה", "המוקדם יותר", "כן, בארבע"."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from server.hebrew.cues import Cues
from server.hebrew.models import Asked, Offer
from server.hebrew.tokens import Tokens

_FIRST, _LAST = 0, -1
_WORDS: Cues[int] = Cues(
    {
        0: (
            "=הראשון|=הראשונה|=ראשון|=ראשונה",
            "=אופציה|=אפשרות|=הצעה|=מספר =אחת|=אחד|=א'|=א|=1",
            "האפשרות|האופציה הראשונה",
        ),
        1: (
            "=השני|=השנייה|=השניה|=שנייה|=שניה",
            "=אופציה|=אפשרות|=הצעה|=מספר =שתיים|=שתים|=שניים|=ב'|=ב|=2",
            "האפשרות|האופציה השנייה|השניה",
        ),
        2: ("=השלישי|=השלישית|=שלישית", "=אופציה|=אפשרות|=הצעה|=מספר =שלוש|=ג'|=ג|=3"),
        3: ("=הרביעי|=הרביעית|=רביעית",),
        -1: ("=האחרון|=האחרונה",),
    }
)
_EARLIER: Cues[bool] = Cues(
    {True: ("המוקדם|המוקדמת", "=הכי מוקדם|מוקדמת", "=מוקדם|מוקדמת יותר", "=הקרוב|=הקרובה יותר")}
)
_LATER: Cues[bool] = Cues({True: ("המאוחר|המאוחרת", "=הכי מאוחר|מאוחרת", "=מאוחר|מאוחרת יותר")})
_NOT = frozenset(("לא", "ולא"))


def choose(
    tokens: Tokens,
    asked: Asked | None,
    offered: Sequence[Offer],
    time: dt.time | None,
    date: dt.date | None,
) -> int | None:
    """Index among the offers, -1 for the last; None when nothing was chosen. A time or day that only one offer has
    chooses it."""
    if not offered and asked is not Asked.CHOICE:
        return None
    by_slot = _by_slot(offered, time, date)
    if by_slot is not None:
        return by_slot
    if time is not None or date is not None:
        return None
    ordinal = _by_ordinal(tokens)
    if ordinal is not None:
        return ordinal
    if _EARLIER.values(tokens):
        return _extreme(offered, earliest=True)
    return _extreme(offered, earliest=False) if _LATER.values(tokens) else None


def _by_ordinal(tokens: Tokens) -> int | None:
    hits = [hit for hit in _WORDS.find(tokens) if not _is_refused(tokens, hit.start)]
    return hits[0].value if hits else None


def _is_refused(tokens: Tokens, i: int) -> bool:
    """ "לא את הראשון"."""
    if any(token.text in _NOT for token in tokens[max(i - 2, 0) : i]):
        return True
    said = [token.text for token in tokens[i + 1 : i + 5] if token.text not in ("זה", "קצת", "יותר", "מדי")]
    return said[:1] in (["מוקדם"], ["מאוחר"], ["קרוב"], ["רחוק"])  # "הראשון מוקדם מדי"


def _by_slot(offered: Sequence[Offer], time: dt.time | None, date: dt.date | None) -> int | None:
    if time is None and date is None:
        return None
    fits = [
        n
        for n, offer in enumerate(offered)
        if (time is None or offer.time == time) and (date is None or offer.date == date)
    ]
    return fits[0] if len(fits) == 1 else None


def _extreme(offered: Sequence[Offer], *, earliest: bool) -> int | None:
    if not offered:
        return _FIRST if earliest else _LAST
    moments = [(offer.date, offer.time) for offer in offered]
    found = moments.index(min(moments) if earliest else max(moments))
    return _LAST if found == len(moments) - 1 and not earliest else found
