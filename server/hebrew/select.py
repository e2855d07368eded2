"""Which of the weak readings hold: a bare number, "שני", "ה-3". The question just asked and the neighbours decide."""

from __future__ import annotations

from dataclasses import replace

from server.hebrew import select_hours
from server.hebrew.line import Line, is_past_deed
from server.hebrew.models import Asked
from server.hebrew.month_said_once import of_month_behind
from server.hebrew.said import (
    DAY_LIKE,
    DAY_TYPES,
    TIME_LIKE,
    Bare,
    CalendarDay,
    Chunk,
    Clock,
    Kept,
    Length,
    PartOfDay,
    Weekday,
)
from server.hebrew.select_hours import ACCEPTING, NUMBERED, as_clock
from server.hebrew.wordlists import words

USUAL_LENGTHS = frozenset((30, 45, 50, 60, 75, 80, 90, 120))
"""Minutes that treatments last; no other bare number is taken for a length."""

_COUNTED_NOUNS = words(
    """
    תור התור טיפול הטיפול פעם הפעם עיסוי אופציה אפשרות האופציה האפשרות דבר שם השם תורים עוד גב ילד בן מטפל
    מספר הצעה
    """
)
"""Nouns after which "שני" is "second"."""


_COUNTED_TIMES = words("בחודש חודש בפעם הפעם בשבוע שבוע")
"""Before an ordinal they count: "בחודש השביעי להריון"."""

_ABOUT_PEOPLE = words("אני הוא היא ילד ילדה נכד")
"""Before a bare "רביעי" they count people: "אני רביעי במשפחה"."""


_LEADING_TO_DAY = words(
    """
    לא ולא אמרתי נעשה נלך נקבע תעשי תעשה על העיקר עדיף נגיד אולי בוא גם רק או ואז אז יום שלא אלא עם מה סליחה בעצם
    התכוונתי רגע את אבל אפשר רוצה רוצים צריך צריכה טוב נוח מתאים מעדיף מעדיפה מעדיפים תקבעי תקבע תקבעו ותקבעי ותקבע
    ותקבעו לקבוע ולקבוע תרשמי תרשום תשימי תשים תני תן
    """
)

_NO_LENGTH_AFTER = words("בהמתנה עוד לפני תוך אחרי כבר כל")


def select(line: Line) -> list[Kept]:
    """The chunks that hold, in order; bare numbers turned into what they count here."""
    judged = [kept for n in range(len(line.chunks)) if (kept := _judge(line, n)) is not None]
    judged = _beside_tales(line, judged)
    return [replace(kept, sentence=line.sentence_of(kept.chunk), free=line.free_side(kept.chunk)) for kept in judged]


def _beside_tales(line: Line, judged: list[Kept]) -> list[Kept]:
    """Days of a tale are in doubt; they are no wish at all where a later clause names one: "הייתי אצלכם ביום ראשון,
    אפשר שוב ביום שני?"."""
    told = [kept for kept in judged if line.is_told(kept.chunk)]
    past = told + [kept for kept in judged if line.is_booked(kept.chunk)]
    fresh = [k for k in judged if isinstance(k.chunk.value, (*DAY_LIKE, *TIME_LIKE)) and k not in past]
    gone = [k for k in past if any(_are_alike(k, wish) and line.has_turn(k.chunk, wish.chunk) for wish in fresh)]
    ends = {k.chunk.end for k in gone}
    gone += [k for k in judged if isinstance(k.chunk.value, TIME_LIKE) and k.chunk.start in ends]  # "קבעתי לשני בשש, …"
    return [
        replace(k, is_past=True) if k in gone else replace(k, is_doubtful=k.is_doubtful or k in told) for k in judged
    ]


def _are_alike(some: Kept, other: Kept) -> bool:
    return any(isinstance(some.chunk.value, k) and isinstance(other.chunk.value, k) for k in (DAY_LIKE, TIME_LIKE))


def _judge(line: Line, n: int) -> Kept | None:
    chunk = line.chunks[n]
    if (of_month := of_month_behind(line, n)) is not None:
        return Kept(of_month)
    match chunk.value:
        case Length() as length:
            return _length(line, n, length)
        case Bare() as number:
            return _bare(line, n, number)
        case Weekday(is_weak=True):
            return _weak_weekday(line, n)
        case CalendarDay(is_weak=True) as day:
            return _weak_date(line, n, day)
        case Weekday(is_vague=True):
            return Kept(chunk, True)
        case Weekday() if _is_of_person(line, chunk):
            return None
        case Weekday() if line.word_before(chunk) in ("בחודש", "חודש") and chunk.end - chunk.start == 1:
            return None  # "אני בחודש שישי"
        case Clock(is_24h=False, part=None) as clock if line.asked is Asked.DURATION and chunk.prefix in (
            "",
            "ל",
            "של",
        ):
            return _as_length(chunk, 60 * clock.hour + clock.minute) if clock.hour < 4 else None
        case Clock(is_bare=True) as clock:
            return select_hours.bare_clock(line, n, clock)
        case Clock(is_plain=True) as clock:
            return select_hours.plain_clock(line, n, clock)
        case _:
            return Kept(chunk)


def _is_of_person(line: Line, chunk: Chunk) -> bool:
    """ "אני רביעי במשפחה", "אני מראשון"; but "אני בשני" is about the day."""
    is_bare = chunk.end - chunk.start == 1 and chunk.prefix in ("", "מ")
    return is_bare and line.word_before(chunk) in _ABOUT_PEOPLE


def _length(line: Line, n: int, length: Length) -> Kept | None:
    """Lengths of a treatment only: not "עוד חמש דקות", not "לפני שעה", not "אאחר ברבע שעה"."""
    chunk = line.chunks[n]
    is_usual = 15 <= length.minutes <= 480
    before = line.word_before(chunk)
    is_past = is_past_deed(before)  # "עמדתי שעתיים"
    is_shift = chunk.prefix == "ב" and line.shifts(chunk)
    if (
        not is_usual
        or (chunk.prefix == "ב" and not is_shift)
        or before in _NO_LENGTH_AFTER
        or is_past
        or line.is_of_waiting(chunk)
    ):
        return None
    if line.word_after(chunk) in ("איחור", "באיחור"):
        return None
    if line.word_after(chunk) in ("לפני", "אחרי") and not _follows_service(line, chunk):
        return None  # "שעה לפני התור"
    is_alone = line.has_other(n, DAY_LIKE) and not line.has_other(n, TIME_LIKE)
    if length.is_vague and not _follows_service(line, chunk) and (is_alone or line.has_other(n, (Length,))):
        return Kept(replace(chunk, value=Clock(1)), True)  # "למחר לשעה אחת"
    return Kept(chunk, length.is_vague)


def _as_length(chunk: Chunk, minutes: int) -> Kept:
    return Kept(replace(chunk, value=Length(minutes)))


def _bare(line: Line, n: int, number: Bare) -> Kept | None:
    chunk, value = line.chunks[n], number.value
    if line.asked is Asked.DURATION and 15 <= value <= 240:
        return _as_length(chunk, value)
    if line.asked is Asked.DAY and 1 <= value <= 31 and line.is_whole(chunk):
        return Kept(replace(chunk, value=CalendarDay(value)))
    if line.asked is Asked.TIME and 1 <= value <= 24 and line.is_whole(chunk):
        return as_clock(chunk, value)
    is_apart = line.is_clause(chunk) or line.word_before(chunk) in ("לא", "ולא", "או")
    if value in USUAL_LENGTHS and line.has_other(n, (Length,)) and is_apart:
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
    is_letter = line.tokens[chunk.start].text.endswith("'")
    if line.word_after(chunk) in ("בתור", "במספר") or (is_letter and line.word_before(chunk) == "עם"):
        return None  # "נועה עם ה' בסוף"
    if line.word_before(chunk) in _COUNTED_NOUNS:  # "תור שני" counts, "תור שני בבוקר" most likely not
        return Kept(chunk, True) if line.touches(n, (*TIME_LIKE, PartOfDay)) else None
    if line.touches(n, (*TIME_LIKE, *DAY_LIKE, PartOfDay)) or _is_coordinated(line, n):
        return Kept(chunk)
    leading = line.word_before(chunk)
    if leading in ("לי", "לנו", "אותי"):  # "תקבעי לי שני"
        leading = line.tokens[max(chunk.start - 2, 0)].text
    if leading in _LEADING_TO_DAY and line.has_other(n, DAY_LIKE):
        return Kept(chunk)  # "חשבתי על ראשון אבל אפשר שלישי"
    is_beside_time = line.has_other(n, (*DAY_LIKE, *TIME_LIKE, PartOfDay)) and line.is_clause(chunk)
    if line.word_after(chunk) in ACCEPTING | {"לא", "ולא", "פחות", "יותר"} or is_beside_time:
        return Kept(chunk, True)
    if (
        leading in _LEADING_TO_DAY
        or line.names_a_slot(chunk)
        or (chunk.start == 0 and line.asked is None and len(line.tokens) > 1)
    ):
        follows_stop = len(line.tokens) > 1 and line.tokens[1].is_stop
        return None if follows_stop and chunk.start == 0 and not line.is_whole(chunk) else Kept(chunk, True)
    is_answer = line.is_whole(chunk) and line.asked in (None, Asked.TIME, Asked.CONFIRM)
    is_among_days = line.has_other(n, (*DAY_TYPES,)) and line.asked is not Asked.NAME  # "…, אז נשאר ראשון"
    return Kept(chunk, True) if is_answer or is_among_days else None


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
    if line.word_before(chunk) in _COUNTED_TIMES | NUMBERED or line.word_after(chunk) in (
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
        return as_clock(chunk, day.day)
    if not chunk.prefix.startswith("ה") and day.day <= 12 and line.is_hour_beside_day(n):
        return replace(as_clock(chunk, day.day), is_doubtful=True)  # "מחר בחמישה בערב": a slip of gender
    is_backed = line.has_other(n, TIME_LIKE) or line.touches(n, DAY_TYPES)
    if line.asked is Asked.DAY or is_backed or day.day > 12:
        return Kept(firm)
    return None if line.asked is Asked.CHOICE else Kept(firm, True)
