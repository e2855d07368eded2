"""Which of the weak readings hold: a bare number, "שני", "ה-3". The question just asked and the neighbours decide."""

from __future__ import annotations

from dataclasses import dataclass, replace

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
    Edge,
    Length,
    PartOfDay,
    Weekday,
)
from server.hebrew.tokens import Kind
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

_CHOOSING = words(
    """
    על במקום אמרתי ולא אלא עם סליחה בעצם נכון או מאשר תעשי תעשה תעשו תרשמי תרשום נעשה נלך נגיד אולי עדיף
    מקסימום גג איזה אז ואז
    """
)
"""Words after which a bare number is an hour."""

_COUNTED_TIMES = words("בחודש חודש בפעם הפעם בשבוע שבוע")
"""Before an ordinal they count: "בחודש השביעי להריון"."""

_ABOUT_PEOPLE = words("אני הוא היא ילד ילדה נכד")
"""Before a bare "רביעי" they count people: "אני רביעי במשפחה"."""

_NUMBERED = words("בשבוע שבוע בן בת גיל רחוב ברחוב קומה בקומה דירה בית מספר סניף חדר ויצמן הרצל")
"""Words after which a number is no hour: ages, addresses."""

_ACCEPTING = words(
    "זה יופי יש אפשר עדיף מתאים טוב פנוי פנויה פנויים נשמע מצוין מצויין מעולה בסדר סבבה אחלה יתאים נוח הולך במקום כן"
)
"""Words after which a bare day or hour has been said of one's own will: "שש מצוין"."""

_LEADING_TO_DAY = words(
    """
    לא ולא אמרתי נעשה נלך נקבע תעשי תעשה על העיקר עדיף נגיד אולי בוא גם רק או ואז אז יום שלא אלא עם מה סליחה בעצם
    התכוונתי רגע את אבל אפשר רוצה רוצים צריך צריכה טוב נוח מתאים מעדיף מעדיפה מעדיפים תקבעי תקבע תקבעו ותקבעי ותקבע
    ותקבעו לקבוע ולקבוע תרשמי תרשום תשימי תשים תני תן
    """
)

_NO_LENGTH_AFTER = words("בהמתנה עוד לפני תוך אחרי כבר כל")


@dataclass(frozen=True, slots=True)
class Kept:
    """A chunk that holds; `is_doubtful` where it might be something else."""

    chunk: Chunk
    is_doubtful: bool = False
    sentence: int = 0
    is_past: bool = False  # the day of a tale, beside which a wish is said
    free: Edge | None = None  # for the caller's own hours ("אני עובדת עד ארבע"): on which side of them the wish lies


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
    fresh = [k for k in judged if isinstance(k.chunk.value, DAY_LIKE) and k not in past]
    gone = [k for k in past if any(line.has_turn(k.chunk, wish.chunk) for wish in fresh)]
    return [
        replace(k, is_past=True) if k in gone else replace(k, is_doubtful=k.is_doubtful or k in told) for k in judged
    ]


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
            return _bare_clock(line, n, clock)
        case Clock(is_plain=True) as clock:
            return _plain_clock(line, n, clock)
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
    if not is_usual or chunk.prefix == "ב" or before in _NO_LENGTH_AFTER or is_past or line.is_of_waiting(chunk):
        return None
    if line.word_after(chunk) in ("לפני", "אחרי") and not _follows_service(line, chunk):
        return None  # "שעה לפני התור"
    is_alone = line.has_other(n, DAY_LIKE) and not line.has_other(n, TIME_LIKE)
    if length.is_vague and not _follows_service(line, chunk) and (is_alone or line.has_other(n, (Length,))):
        return Kept(replace(chunk, value=Clock(1)), True)  # "למחר לשעה אחת"
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
    if line.word_after(chunk) in _ACCEPTING | {"לא", "ולא", "פחות", "יותר"} or is_beside_time:
        return Kept(chunk, True)
    if (
        leading in _LEADING_TO_DAY
        or line.names_a_slot(chunk)
        or (chunk.start == 0 and line.asked is None and len(line.tokens) > 1)
    ):
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
    if not chunk.prefix.startswith("ה") and day.day <= 12 and line.is_hour_beside_day(n):
        return replace(_as_clock(chunk, day.day), is_doubtful=True)  # "מחר בחמישה בערב": a slip of gender
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
    is_accepted = line.word_after(chunk) in _ACCEPTING
    is_chosen = (
        is_accepted
        or line.word_before(chunk) in _CHOOSING
        or line.names_a_slot(chunk)
        or line.word_after(chunk) in ("מאשר", "ולא")
        or (line.word_after(chunk) == "לא" and line.has_other(n, (Clock,)))
        or _or_hour(line, n)
    )
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
    if line.free_side(chunk) is not None:
        return Kept(chunk)
    is_said_twice = any(other.value == clock for k, other in enumerate(line.chunks) if k != n)  # "לא ב-18, אפשר ב-18"
    has_day = line.has_other(n, DAY_LIKE) or is_said_twice
    as_date = Kept(replace(chunk, value=CalendarDay(clock.hour or 24)))
    if line.asked is Asked.DAY and not has_day:
        return as_date
    if line.asked is Asked.TIME or has_day or clock.hour <= 12 or line.tokens[chunk.start].kind is not Kind.NUMBER:
        return Kept(chunk)
    return as_date if line.has_other(n, TIME_LIKE) else Kept(chunk, line.asked is None)
