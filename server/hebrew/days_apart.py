"""When the days of a line do not add up: two of them that nothing says how to join, or one that tells of something
else. Then the day found is put in doubt; better one question too many than a wrong day."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence

from server.hebrew.fold import When
from server.hebrew.fold_days import Setting
from server.hebrew.found_days import Days
from server.hebrew.lexicon import HOUR, MINUTE
from server.hebrew.models import Exclusion
from server.hebrew.resolve_day import resolve, weekday_of
from server.hebrew.said import (
    DAY_LIKE,
    TIME_LIKE,
    CalendarDay,
    Chunk,
    Clock,
    DayEdge,
    DaySpan,
    ExactDate,
    HebrewDay,
    Holiday,
    Kept,
    Length,
    MonthSpan,
    Relative,
    Weekday,
    WeekSpan,
)
from server.hebrew.tokens import Kind, Token, Tokens
from server.hebrew.wordlists import words

_SINGLE = (Relative, Weekday, CalendarDay, ExactDate, HebrewDay, Holiday)
_JOINING = words("או ואם אם ואולי אולי גם וגם אבל אז עד ועד")
_NEUTRAL = _JOINING | words(
    """
    לא אין יש אפשר אפשרי שאפשר טוב בסדר מתאים נוח לי לנו בבוקר בצהריים בערב מצידי זה גם יהיה פנוי מקום תפוס את יום
    """
)


_SPANS = (Holiday, MonthSpan, DayEdge, DaySpan)
_OF_EVENT = 4
"""How near behind a bound the day of its event stands: "עד הניתוח של אמא ב-20 לחודש"."""
_NUMBERED = (CalendarDay, DayEdge, HebrewDay, Holiday)
_STRETCHES = (WeekSpan, MonthSpan, DaySpan, Holiday)
_BOUNDS = words("עד לפני אחרי קודם לפניו לפניה אחריו אחריה לאחריו לאחריה")
_POINTERS = words("זה כן לכן מכן")
_EVENTS = words("הטיסה החתונה האירוע הנסיעה החופשה הלידה הניתוח החג היומולדת המסיבה הברית הלוויה המילואים")
_NO_BOUND_BEHIND = words("קצת טיפה יותר כמה מעט שעה שעתיים לא ולא")
_SLIGHTLY = words("קצת טיפה מעט שעה")
_OTHER = words("אחר אחרת")
_TIMES = words("יום ליום ביום תאריך לתאריך בתאריך מועד למועד במועד")
_TURNS = words("אז ואז אולי אבל אפשר לכן")
_WISHES = words(
    """
    רוצה רוצים רציתי צריך צריכה צריכים אפשר אשמח מעדיף מעדיפה עדיף אבוא אגיע נבוא נגיע אקח לקבוע לתאם להזמין לשריין
    תקבע תקבעי תקבעו תרשום תרשמי תני תן תנו תעשי נגיד מחפש מחפשת מעוניין מעוניינת תור
    """
)
_NAMING = words("השם שמי בשם")
_MINE = (["התור", "שלי"], ["התור", "שלנו"])
_HAVING = (["לי", "תור"], ["לנו", "תור"])


def is_uncertain(tokens: Tokens, kept: Sequence[Kept], standing: Sequence[Kept], *, is_move: bool) -> bool:
    """Whether something in the line tells that the day found may not be the one that is wished."""
    days = [item.chunk for item in standing if isinstance(item.chunk.value, DAY_LIKE)]
    if not days:
        return False
    inside = {k for item in kept for k in range(item.chunk.start, item.chunk.end)}
    return (
        _has_loose_bound(tokens, days, inside)
        or _wants_another(tokens, days)
        or _may_be_second_date(tokens, standing, inside)
        or _is_far_from_span(tokens, days, inside)
        or (is_move and all(_is_left(tokens, day) for day in days) and not _has_new_hour(tokens, standing, days))
    )


def _has_loose_bound(tokens: Tokens, days: Sequence[Chunk], inside: set[int]) -> bool:
    """A "before" or "after" that bounds nothing: "השובר עד ה-1 לדצמבר, אפשר לפני", "אני טסה בעוד שבוע, אפשר לפני
    הטיסה"."""
    return any(
        token.text in _BOUNDS
        and i not in inside
        and not (i and tokens[i - 1].text in _NO_BOUND_BEHIND)
        and (
            (i > 0 and tokens[i - 1].text in _TIMES)
            or _is_stretch(tokens, i + 1)
            or (all(day.start < i for day in days) and (_ends_clause(tokens, i + 1) or _is_event(tokens, i + 1)))
            or (_is_event(tokens, i + 1) and any(i < day.start <= i + _OF_EVENT for day in days))
        )
        for i, token in enumerate(tokens)
    )


def _ends_clause(tokens: Tokens, i: int) -> bool:
    i += i < len(tokens) and tokens[i].text in _POINTERS
    return i == len(tokens) or tokens[i].is_stop


def _is_event(tokens: Tokens, i: int) -> bool:
    """What lasts longer than hours; "אחרי העבודה" tells the part of a day."""
    return i < len(tokens) and tokens[i].text in _EVENTS


def _is_stretch(tokens: Tokens, i: int) -> bool:
    """ "אחרי השנה החדשה"."""
    unit = tokens[i].read("unit") if i < len(tokens) else None
    return unit is not None and unit.prefix == "ה" and unit.value not in (HOUR, MINUTE)


def _wants_another(tokens: Tokens, days: Sequence[Chunk]) -> bool:
    """ "ביום שני אני לא יכולה, אפשר תאריך אחר": the day named is the one that is not wished."""
    at = [i for i, token in enumerate(tokens) if i and token.text in _OTHER and tokens[i - 1].text in _TIMES]
    return bool(at) and all(day.start < at[-1] for day in days)


def _may_be_second_date(tokens: Tokens, standing: Sequence[Kept], inside: set[int]) -> bool:
    """ "האירוע ב-3 לדצמבר, אפשר לבוא ב-2": a figure in a clause of its own may be the second as well as two o'clock."""
    chunks = [item.chunk for item in standing]
    for n, figure in enumerate(chunks):
        date = next((each for each in reversed(chunks[:n]) if isinstance(each.value, _NUMBERED)), None)
        if date is None or not isinstance(figure.value, Clock) or not _is_figure(tokens, figure):
            continue
        between = [token for k, token in enumerate(tokens) if date.end <= k < figure.start and k not in inside]
        is_likely = not isinstance(date.value, CalendarDay) or int(tokens[figure.start].text) > 12
        if _may_be_date(figure, between, is_likely=is_likely):
            return True
    return False


def _may_be_date(figure: Chunk, between: Sequence[Token], *, is_likely: bool) -> bool:
    if [token.text for token in between] == ["או"]:
        return figure.prefix in ("", "ב")  # "ב-1 לפברואר או ב-2"
    has_turn = any(token.is_stop or token.text in _TURNS for token in between)
    is_apart = sum(not token.is_stop for token in between) > (0 if is_likely else 1)
    return has_turn and is_apart and (figure.prefix == "ב" or (is_likely and not figure.prefix))


def _is_far_from_span(tokens: Tokens, days: Sequence[Chunk], inside: set[int]) -> bool:
    """A weekday beside a span of another clause is hardly a day of it: "קיבלתי את השובר בחנוכה, אפשר ביום שלישי"."""
    for first, second in itertools.pairwise(days):
        kinds = (first.value, second.value)
        if not any(isinstance(v, Weekday) for v in kinds) or not any(isinstance(v, _SPANS) for v in kinds):
            continue
        between = [token for k, token in enumerate(tokens) if first.end <= k < second.start and k not in inside]
        if sum(not token.is_stop for token in between) > 2:
            return True
    return False


def _is_left(tokens: Tokens, day: Chunk) -> bool:
    """The day of the appointment to be moved: "להזיז את התור של רביעי", "יש לי תור ברביעי, אפשר לשנות?"."""
    if isinstance(day.value, DaySpan):
        return False
    before = [token.text for token in tokens[max(day.start - 2, 0) : day.start]]
    is_mine = before in _HAVING or (before in _MINE and not day.prefix.startswith("ל"))
    return is_mine or day.prefix.startswith("מ") or before[-1:] == ["של"]


def _is_figure(tokens: Tokens, chunk: Chunk) -> bool:
    return chunk.end - chunk.start == 1 and tokens[chunk.start].kind is Kind.NUMBER


def _has_new_hour(tokens: Tokens, standing: Sequence[Kept], days: Sequence[Chunk]) -> bool:
    """ "להזיז את התור של מחר בחמש לשש", "להקדים קצת את התור של מחר" keep the day."""
    if any(token.text in _SLIGHTLY for token in tokens) or any(isinstance(k.chunk.value, Length) for k in standing):
        return True
    hours = [item.chunk for item in standing if isinstance(item.chunk.value, TIME_LIKE)]
    if any(isinstance(day.value, CalendarDay) for day in days):  # "את ה-2 לפברואר לדחות ל-4"
        hours = [hour for hour in hours if not _is_figure(tokens, hour)]
    return any(hour.prefix.startswith("ל") or hour.start not in [day.end for day in days] for hour in hours)


def is_unjoined(tokens: Tokens, standing: Sequence[Kept]) -> bool:
    """Whether two days stand side by side with more between them than a plain "or"."""
    days = [item.chunk for item in standing if isinstance(item.chunk.value, _SINGLE)]
    pieces = {k for item in standing for k in range(item.chunk.start, item.chunk.end)}
    spans = [item.chunk for item in standing if isinstance(item.chunk.value, WeekSpan | MonthSpan)]
    wholes = [chunk for chunk in spans if getattr(chunk.value, "part", None) is None]
    if any(not _is_joined(tokens, a, b, pieces, is_pause_enough=False) for a, b in itertools.pairwise(wholes)):
        return True
    return any(not _is_joined(tokens, a, b, pieces) for a, b in itertools.pairwise(days))


def wished(tokens: Tokens, standing: Sequence[Kept]) -> list[Kept]:
    """Of two days that nothing joins, the one behind a word of wishing; both where that is not just one of them."""
    days = [item for item in standing if isinstance(item.chunk.value, DAY_LIKE)]
    starts = [0, *(item.chunk.end for item in days)]
    liked = [
        item
        for item, start in zip(days, starts, strict=False)
        if any(not token.forms.isdisjoint(_WISHES) for token in _last_clause(tokens[start : item.chunk.start]))
    ]
    is_one = any(first.chunk.end == second.chunk.start for first, second in itertools.pairwise(days))
    if len(liked) != 1 or len(days) < 2 or is_one:  # "שלישי ה-3 לדצמבר" is one day told twice
        return list(standing)
    return [item for item in standing if item is liked[0] or item not in days]


def _last_clause(tokens: Tokens) -> Tokens:
    stops = [k for k, token in enumerate(tokens) if token.is_stop]
    return tokens[stops[-1] + 1 :] if stops else tokens


def _is_joined(tokens: Tokens, first: Chunk, second: Chunk, pieces: set[int], *, is_pause_enough: bool = True) -> bool:
    """A mere pause joins days ("ראשון, שני"), but no weeks ("בשבוע הבא, השבוע אני לחוצה")."""
    between = [tokens[k] for k in range(first.end, second.start) if k not in pieces]
    if any(not token.is_stop and token.text not in _NEUTRAL for token in between):
        return False
    return second.prefix.startswith("ו") or any(
        token.text in _JOINING or (is_pause_enough and token.is_stop) for token in between
    )


def is_name_like(tokens: Tokens, standing: Sequence[Kept], *, is_asked: bool) -> bool:
    """Whether the only day is a bare word that is a name as well, and a name was asked for ("שבת אוחנה") or is
    announced ("השם שבת אליהו")."""
    days = [item.chunk for item in standing if isinstance(item.chunk.value, DAY_LIKE)]
    if not is_asked and not any(day.start and tokens[day.start - 1].text in _NAMING for day in days):
        return False
    bare = [day for day in days if not day.prefix and day.end - day.start == 1 and isinstance(day.value, Weekday)]
    return len(days) == len(bare) == 1 and not any(isinstance(item.chunk.value, TIME_LIKE) for item in standing)


def is_ruled_out(when: When, dropped: Sequence[Kept], setting: Setting) -> bool:
    """Whether the day found is one that was ruled out, or lies in a stretch that does not stand: "בשבוע הבא אני
    במילואים, אפשר ביום ראשון"."""
    if when.date is None:
        return False
    weekday = weekday_of(when.date)
    if any(each.date == when.date or each.weekday == weekday for each in when.excluded if _is_whole_day(each)):
        return True
    spans = [item.chunk.value for item in dropped if isinstance(item.chunk.value, _STRETCHES)]
    found = [days for span in spans if (days := resolve(span, setting.now, setting.hours)) is not None]
    return any(_holds(days, when.date) for days in found)


def _is_whole_day(exclusion: Exclusion) -> bool:
    return exclusion.daypart is None and exclusion.time is None


def _holds(days: Days, day: dt.date) -> bool:
    return days.first is not None and days.last is not None and days.first <= day <= days.last
