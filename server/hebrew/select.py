"""Which of the weak readings hold: a bare number, "שני", "ה-3". The question just asked and the neighbours decide."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

from server.hebrew.models import Asked
from server.hebrew.said import (
    DAY_LIKE,
    DAY_TYPES,
    TIME_LIKE,
    Bare,
    CalendarDay,
    Chunk,
    Clock,
    Edge,
    Length,
    PartOfDay,
    Weekday,
)
from server.hebrew.tokens import Kind, Token, Tokens
from server.hebrew.wordlists import words

USUAL_LENGTHS = frozenset((30, 45, 50, 60, 75, 80, 90, 120))
"""Minutes that treatments last; no other bare number is taken for a length."""

_POLITE = words(
    """
    בבקשה תודה אז אוקיי אוקי כן אה אממ נגיד אולי יאללה טוב סבבה בסדר מעולה לי רק עדיף אפשר נו אהה לא סליחה
    בעצם זה יהיה רגע רבה נראה נלך בוא בואי ואז
    """
)
_COUNTED_NOUNS = words(
    """
    תור התור טיפול הטיפול פעם הפעם עיסוי אופציה אפשרות האופציה האפשרות דבר שם השם תורים עוד גב ילד בן מטפל
    מספר הצעה
    """
)
"""Nouns after which "שני" is "second"."""

_CHOOSING = words("עם סליחה בעצם נכון או מאשר תעשי תעשה תעשו תרשמי תרשום נעשה נלך נגיד אולי עדיף מקסימום גג איזה")
"""Words after which a bare number is an hour."""

_COUNTED_TIMES = words("בחודש חודש בפעם הפעם בשבוע שבוע")
"""Before an ordinal they count: "בחודש השביעי להריון"."""

_ABOUT_PEOPLE = words("אני הוא היא ילד ילדה נכד")
"""Before a bare "רביעי" they count people: "אני רביעי במשפחה"."""

_NUMBERED = words("בשבוע שבוע בן בת גיל רחוב ברחוב קומה בקומה דירה בית מספר סניף חדר ויצמן הרצל")
"""Words after which a number is no hour: ages, addresses."""

_OWN_HOURS = words(
    """
    עובד עובדת עובדים בעבודה לעבוד מסיים מסיימת יוצא יוצאת לומד לומדת
    תפוס תפוסה עסוק עסוקה במשמרת
    """
)
_OWN_BEGINNINGS = words("מתחיל מתחילה לאסוף נסגר לצאת להיות")
_OWN_EVENTS = words("פגישה רופא ישיבה שיעור אירוע חתונה הרופא טיסה")
_CLAUSE_ENDS = words("אז אבל , . ? ! אפשר יש")
_LEADING_TO_DAY = words("אמרתי נעשה נלך נקבע תעשי תעשה על העיקר עדיף נגיד אולי בוא גם רק או ואז אז יום")
_NO_LENGTH_AFTER = words("בהמתנה חיכיתי מחכה מחכים ממתין ממתינה המתנתי עוד לפני תוך אחרי כבר כל")


@dataclass(frozen=True, slots=True)
class Kept:
    """A chunk that holds; `is_doubtful` where it might be something else."""

    chunk: Chunk
    is_doubtful: bool = False
    sentence: int = 0
    free: Edge | None = None  # for the caller's own hours ("אני עובדת עד ארבע"): on which side of them the wish lies


@dataclass(frozen=True, slots=True)
class Line:
    """What there is to judge by. `of_services` are the tokens that name a service."""

    tokens: Tokens
    chunks: tuple[Chunk, ...]
    asked: Asked | None = None
    of_services: frozenset[int] = frozenset()

    def sentence_of(self, chunk: Chunk) -> int:
        return sum(token.is_stop and token.text[-1] in ".?!" for token in self.tokens[: chunk.start])

    def free_side(self, chunk: Chunk) -> Edge | None:
        """For an hour of the caller's own: whether the wish lies before or after it. What trails says so ("אז רק
        לפני"); else one is free after work ends and until it begins."""
        clause = [token.text for token in self.tokens[max(chunk.start - 5, 0) : chunk.start]]
        stops = [k for k, word in enumerate(clause) if word in _CLAUSE_ENDS]
        clause = clause[stops[-1] + 1 :] if stops else clause
        before = " ".join(token.text for token in self.tokens[max(chunk.start - 5, 0) : chunk.start])
        is_own = "יש לי" in before  # "פגישה עם רון בעשר" is a wish, "יש לי פגישה" is not
        ends = any(word in _OWN_HOURS for word in clause)
        begins = any(word in _OWN_BEGINNINGS or (is_own and word in _OWN_EVENTS) for word in clause)
        if not ends and not begins:
            return None
        inside = {k for other in self.chunks for k in range(other.start, other.end)}
        loose = {token.text for k, token in enumerate(self.tokens) if k not in inside and k > chunk.start}
        if loose & {"אחרי", "אחר"}:
            return Edge.AFTER
        return Edge.UNTIL if loose & {"לפני", "קודם"} or begins else Edge.AFTER

    def before(self, chunk: Chunk) -> Token | None:
        return self.tokens[chunk.start - 1] if chunk.start else None

    def after(self, chunk: Chunk) -> Token | None:
        return self.tokens[chunk.end] if chunk.end < len(self.tokens) else None

    def word_after(self, chunk: Chunk) -> str:
        after = self.after(chunk)
        return after.text if after is not None else ""

    def word_before(self, chunk: Chunk) -> str:
        before = self.before(chunk)
        return before.text if before is not None else ""

    def is_whole(self, chunk: Chunk) -> bool:
        """Whether nothing but politeness stands beside the chunk."""
        rest = (*self.tokens[: chunk.start], *self.tokens[chunk.end :])
        return all(token.is_stop or token.text in _POLITE for token in rest)

    def is_clause(self, chunk: Chunk) -> bool:
        """Nothing but politeness up to the stops on both sides: "יום שני, חמש, רפלקסולוגיה", "ארבע לא, חמש כן"."""
        before = itertools.takewhile(lambda token: not token.is_stop, reversed(self.tokens[: chunk.start]))
        after = itertools.takewhile(lambda token: not token.is_stop, self.tokens[chunk.end :])
        return all(token.text in _POLITE for token in (*before, *after))

    def touches(self, n: int, types: tuple[type, ...]) -> bool:
        """Whether a chunk of these types stands right beside chunk `n`."""
        chunk = self.chunks[n]
        beside = [other for other in self.chunks[max(n - 1, 0) : n + 2] if other is not chunk]
        return any(isinstance(c.value, types) and (c.end == chunk.start or c.start == chunk.end) for c in beside)

    def has_other(self, n: int, types: tuple[type, ...]) -> bool:
        return any(isinstance(other.value, types) for k, other in enumerate(self.chunks) if k != n)

    def counts_a_noun(self, chunk: Chunk) -> bool:
        """ "שלוש נשים": the number belongs to the noun behind it; a service's name is no such noun."""
        after = self.after(chunk)
        if after is None or chunk.end in self.of_services:
            return False
        return after.text.endswith(("ים", "ות")) and not after.senses


def select(line: Line) -> list[Kept]:
    """The chunks that hold, in order; bare numbers turned into what they count here."""
    judged = [kept for n in range(len(line.chunks)) if (kept := _judge(line, n)) is not None]
    return [replace(kept, sentence=line.sentence_of(kept.chunk), free=line.free_side(kept.chunk)) for kept in judged]


def _judge(line: Line, n: int) -> Kept | None:
    chunk = line.chunks[n]
    match chunk.value:
        case Length() as length:
            return _length(line, chunk, length)
        case Bare() as number:
            return _bare(line, n, number)
        case Weekday(is_weak=True):
            return _weak_weekday(line, n)
        case CalendarDay(is_weak=True) as day:
            return _weak_date(line, n, day)
        case Weekday(is_vague=True):
            return Kept(chunk, True)
        case Weekday() if line.word_before(chunk) in _ABOUT_PEOPLE and chunk.end - chunk.start == 1:
            return None
        case Clock(is_24h=False, part=None) as clock if line.asked is Asked.DURATION and chunk.prefix in (
            "",
            "ל",
            "של",
        ):
            return _as_length(chunk, 60 * clock.hour + clock.minute) if clock.hour < 4 else None
        case Clock(is_bare=True) as clock:
            return _bare_clock(line, n, clock)
        case Clock(is_plain=True) as clock:
            return _plain_clock(line, n, clock)
        case _:
            return Kept(chunk)


def _length(line: Line, chunk: Chunk, length: Length) -> Kept | None:
    """Lengths of a treatment only: not "עוד חמש דקות", not "לפני שעה", not "אאחר ברבע שעה"."""
    is_usual = 15 <= length.minutes <= 480
    before = line.word_before(chunk)
    is_past = before.endswith("תי") and before not in ("רציתי", "הזמנתי", "קבעתי", "ביקשתי")  # "עמדתי שעתיים"
    if not is_usual or chunk.prefix == "ב" or before in _NO_LENGTH_AFTER or is_past:
        return None
    if line.word_after(chunk) in ("לפני", "אחרי"):
        return None  # "שעה לפני התור"
    return Kept(chunk, length.is_vague)


def _as_length(chunk: Chunk, minutes: int) -> Kept:
    return Kept(replace(chunk, value=Length(minutes)))


def _as_clock(chunk: Chunk, hour: int) -> Kept:
    return Kept(replace(chunk, value=Clock(hour % 24, is_24h=hour > 12, is_plain=True)))


def _bare(line: Line, n: int, number: Bare) -> Kept | None:
    chunk, value = line.chunks[n], number.value
    if line.asked is Asked.DURATION and 15 <= value <= 240:
        return _as_length(chunk, value)
    if line.asked is Asked.DAY and 1 <= value <= 31 and line.is_whole(chunk):
        return Kept(replace(chunk, value=CalendarDay(value)))
    if line.asked is Asked.TIME and 1 <= value <= 24 and line.is_whole(chunk):
        return _as_clock(chunk, value)
    if value in USUAL_LENGTHS and line.has_other(n, (Length,)) and line.is_clause(chunk):
        return _as_length(chunk, value)  # "תשעים דקות, לא, שישים"
    if value in USUAL_LENGTHS and (_is_or_length(line, n) or _follows_service(line, chunk)):
        return _as_length(chunk, value)
    return None


def _follows_service(line: Line, chunk: Chunk) -> bool:
    before = line.before(chunk)
    if before is None or chunk.prefix not in ("", "ל", "של", "ו"):
        return False
    return chunk.start - 1 in line.of_services or bool(before.forms & {"של", "עיסוי", "טיפול"})


def _is_or_length(line: Line, n: int) -> bool:
    """ "60 או 90 דקות"."""
    following = line.chunks[n + 1] if n + 1 < len(line.chunks) else None
    if following is None or not isinstance(following.value, Length):
        return False
    return [token.text for token in line.tokens[line.chunks[n].end : following.start]] == ["או"]


def _weak_weekday(line: Line, n: int) -> Kept | None:
    chunk = line.chunks[n]
    if line.asked is Asked.DAY:
        return Kept(chunk, chunk.prefix == "ה")
    if line.word_after(chunk) in ("בתור", "במספר"):
        return None
    if line.word_before(chunk) in _COUNTED_NOUNS:  # "תור שני" counts, "תור שני בבוקר" most likely not
        return Kept(chunk, True) if line.touches(n, (*TIME_LIKE, PartOfDay)) else None
    if line.touches(n, (*TIME_LIKE, *DAY_LIKE, PartOfDay)) or _is_coordinated(line, n):
        return Kept(chunk)
    is_beside_time = line.has_other(n, (*DAY_LIKE, *TIME_LIKE, PartOfDay)) and line.is_clause(chunk)
    if line.word_after(chunk) in ("יש", "אפשר", "עדיף", "מתאים", "טוב", "פנוי") or is_beside_time:
        return Kept(chunk, True)
    if line.word_before(chunk) in _LEADING_TO_DAY or (chunk.start == 0 and line.asked is None and len(line.tokens) > 1):
        follows_stop = len(line.tokens) > 1 and line.tokens[1].is_stop
        return None if follows_stop and chunk.start == 0 and not line.is_whole(chunk) else Kept(chunk, True)
    return Kept(chunk, True) if line.is_whole(chunk) and line.asked in (None, Asked.TIME, Asked.CONFIRM) else None


def _is_coordinated(line: Line, n: int) -> bool:
    """ "שני או שלישי", "ראשון, שני ושלישי"."""
    for a, b in ((n - 1, n), (n, n + 1)):
        if a < 0 or b >= len(line.chunks) or not all(isinstance(line.chunks[k].value, Weekday) for k in (a, b)):
            continue
        if all(token.text in ("או", ",") for token in line.tokens[line.chunks[a].end : line.chunks[b].start]):
            return True
    return False


def _weak_date(line: Line, n: int, day: CalendarDay) -> Kept | None:
    chunk = line.chunks[n]
    if line.word_before(chunk) in _COUNTED_TIMES | _NUMBERED or line.word_after(chunk) in (
        "הימים",
        "מהימים",
        "מהם",
        "מהן",
    ):
        return None
    firm = replace(chunk, value=replace(day, is_weak=False))
    if day.month is not None:
        return Kept(firm, True)
    if line.asked is Asked.TIME and day.day <= 24:
        return _as_clock(chunk, day.day)
    is_backed = line.has_other(n, TIME_LIKE) or line.touches(n, DAY_TYPES)
    if line.asked is Asked.DAY or is_backed or day.day > 12:
        return Kept(firm)
    return None if line.asked is Asked.CHOICE else Kept(firm, True)


def _bare_clock(line: Line, n: int, clock: Clock) -> Kept | None:
    """A number with nothing in itself that makes it an hour."""
    chunk = line.chunks[n]
    if line.asked is Asked.DAY and line.is_whole(chunk):
        return Kept(replace(chunk, value=CalendarDay(clock.hour or 24)))
    if line.asked in (Asked.NAME, Asked.PHONE, Asked.MESSAGE, Asked.DURATION) or line.counts_a_noun(chunk):
        return None
    if line.word_before(chunk) in _NUMBERED:
        return None
    is_spoken_teen = clock.is_24h and clock.hour > 12 and line.tokens[chunk.start].kind is Kind.WORD
    is_near = (
        line.touches(n, (*DAY_LIKE, PartOfDay, Length))
        or _follows_firm_hour(line, n)
        or chunk.start - 1 in line.of_services
    )
    is_chosen = line.word_before(chunk) in _CHOOSING or line.word_after(chunk) == "מאשר" or _or_hour(line, n)
    is_asked = line.asked is Asked.TIME or is_chosen
    holds = is_asked or is_spoken_teen or is_near or line.is_clause(chunk) or line.is_whole(chunk)
    return Kept(chunk) if holds else None


def _or_hour(line: Line, n: int) -> bool:
    """ "שלוש או ארבע", but not "שלוש או ארבע נשים"."""
    following = line.chunks[n + 1] if n + 1 < len(line.chunks) else None
    if following is None or not isinstance(following.value, Clock) or line.counts_a_noun(following):
        return False
    return [token.text for token in line.tokens[line.chunks[n].end : following.start]] == ["או"]


def _follows_firm_hour(line: Line, n: int) -> bool:
    """ "בארבע חמש": four, or five."""
    before = line.chunks[n - 1] if n else None
    if before is None or before.end != line.chunks[n].start:
        return False
    return isinstance(before.value, TIME_LIKE) and not (isinstance(before.value, Clock) and before.value.is_bare)


def _plain_clock(line: Line, n: int, clock: Clock) -> Kept:
    """ "ב-15": with a day said elsewhere it is the hour, with an hour said elsewhere the day; alone, three in the
    afternoon, in doubt. In words the gender tells: "בחמש עשרה" is feminine and an hour."""
    chunk = line.chunks[n]
    following = line.chunks[n + 1].value if n + 1 < len(line.chunks) else None
    if line.word_after(chunk) == "או" and isinstance(following, CalendarDay) and following.month is not None:
        return Kept(replace(chunk, value=CalendarDay(clock.hour or 24, following.month)))  # "ב-3 או ב-4 לדצמבר"
    if line.free_side(chunk) is not None:
        return Kept(chunk)
    has_day = line.has_other(n, DAY_LIKE)
    as_date = Kept(replace(chunk, value=CalendarDay(clock.hour or 24)))
    if line.asked is Asked.DAY and not has_day:
        return as_date
    if line.asked is Asked.TIME or has_day or clock.hour <= 12 or line.tokens[chunk.start].kind is not Kind.NUMBER:
        return Kept(chunk)
    return as_date if line.has_other(n, TIME_LIKE) else Kept(chunk, line.asked is None)
