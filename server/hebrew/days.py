"""Days relative to today and days of the week: "מחר", "בעוד שבועיים", "יום ג׳", "שני הבא"."""

from __future__ import annotations

from dataclasses import replace

from server.hebrew import clock, quarters
from server.hebrew.gazetteer import COMMON
from server.hebrew.lexicon import DAY, HOUR, MINUTE, NEXT, WEEK
from server.hebrew.models import Daypart
from server.hebrew.numbers import cardinal, counts_noun
from server.hebrew.said import Chunk, DaySpan, InUnits, Moment, PartOfDay, Relative, Week, Weekday
from server.hebrew.tokens import Token, Tokens

_TODAY_PARTS = {"הערב": Daypart.EVENING, "הלילה": Daypart.NIGHT, "הבוקר": Daypart.MORNING}
_NO_DAY_AFTER = frozenset(("לקראת", "עד", "שעות", "בשעות", "כל", "לפני", "אחרי"))
"""Before "הערב" they leave a part of some day, not of today."""
_NOT_TODAY_AFTER = frozenset(("כמו", "כל", "יום", "סוף", "בסוף", "תחילת", "בתחילת", "אמצע", "באמצע", "חצי", "בחצי"))
_NO_MATTER = [["לא", word] for word in ("משנה", "חשוב", "אכפת", "קריטי")]
_IN = frozenset(("בעוד", "עוד", "כעבור"))
_WEAK_DAYS = frozenset((0, 1, 2))
_DAY_WORDS = frozenset(("יום", "ימי"))


def relative(tokens: Tokens, i: int) -> Chunk | None:
    token = tokens[i]
    tonight = next((word for word in _TODAY_PARTS if token.text in (word, f"ל{word}", f"ו{word}", f"ש{word}")), None)
    if tonight is not None and not (i and tokens[i - 1].text in _NO_DAY_AFTER):
        return Chunk(Moment(Relative(0), _TODAY_PARTS[tonight]), i, i + 1)
    if _is(tokens, i, "יום") and _is(tokens, i + 1, "אחרי") and _is(tokens, i + 2, "מחר"):
        return Chunk(Relative(2), i, i + 3)
    if token.forms & {"מוצאי", 'מוצ"ש', "מוצש", "צאת"}:
        end = i + 2 if _is(tokens, i + 1, "שבת") else i + 1
        if end == i + 1 and not token.text.endswith("ש"):
            return None
        week, end = which_week(tokens, end)
        return Chunk(Moment(Weekday(6, week), Daypart.EVENING), i, end, token.text[:1])
    reading = token.read("relative")
    if reading is None or not isinstance(reading.value, int):
        return None
    if reading.value == 0 and i and tokens[i - 1].text in _NOT_TODAY_AFTER:
        return None  # "כל היום", "איזה יום היום?", "בסוף היום"
    is_no_matter = [token.text for token in tokens[max(i - 3, 0) : i][:2]] in _NO_MATTER and tokens[i - 1].text == "לי"
    if reading.value == 0 and (is_no_matter or [token.text for token in tokens[i + 1 : i + 3]] in _NO_MATTER):
        return None  # "היום לא משנה לי": the day, not today
    return Chunk(Relative(reading.value), i, i + 1, reading.prefix)


def day_in_weeks(tokens: Tokens, i: int) -> Chunk | None:
    """ "מחר בעוד שבוע": a week from tomorrow."""
    day = relative(tokens, i)
    later = in_units(tokens, day.end) if day is not None and day.end < len(tokens) else None
    if day is None or later is None or not isinstance(day.value, Relative) or not isinstance(later.value, InUnits):
        return None
    is_weeks = later.value.unit == WEEK and later.value.base is None
    prefix = day.prefix.removesuffix("מ")  # "מהיום בעוד שבוע" counts from today and bounds nothing
    value = replace(later.value, base=day.value)
    return replace(day, value=value, end=later.end, prefix=prefix) if is_weeks else None


def part_of_day_of(tokens: Tokens, i: int) -> Chunk | None:
    """ "בבוקר של יום שני"."""
    part = clock.daypart(tokens, i)
    if part is None or not isinstance(part.value, PartOfDay) or not _is(tokens, part.end, "של"):
        return None
    at = part.end + 1
    day = (relative(tokens, at) or weekday(tokens, at)) if at < len(tokens) else None
    if day is None or not isinstance(day.value, Relative | Weekday):
        return None
    return Chunk(Moment(day.value, part.value.part), i, day.end, part.prefix)


def in_units(tokens: Tokens, i: int) -> Chunk | None:
    """ "בעוד שלושה ימים", "עוד שבוע", "שבועיים מהיום"; "תוך שבוע" is all the days till then."""
    token = tokens[i]
    if token.text in ("תוך", "בתוך", "במהלך"):
        amount = amount_of(tokens, i + 1)
        return amount and replace(amount, value=DaySpan(Relative(0), _units_of(amount)), start=i)
    if not token.forms.isdisjoint(_IN):
        amount = amount_of(tokens, i + 1)
        return amount and _from_base(tokens, _and_a_half(tokens, replace(amount, start=i, prefix="ב")))
    amount = amount_of(tokens, i)
    if amount is None or amount.end >= len(tokens):
        return None
    following = tokens[amount.end]
    if following.text in ("מהיום", "מעכשיו", "מכאן"):
        return replace(amount, end=amount.end + 1)
    based = _from_base(tokens, amount)
    if based is not amount:
        return based
    if following.text in ("הקרובים", "הבאים", "הקרובות", "הבאות"):
        return replace(amount, value=DaySpan(Relative(0), _units_of(amount)), end=amount.end + 1, prefix="ב")
    return None


def _from_base(tokens: Tokens, amount: Chunk) -> Chunk:
    """ "שבוע ממחר", "בעוד שבוע מיום ראשון"."""
    if amount.end >= len(tokens):
        return amount
    base = relative(tokens, amount.end) or weekday(tokens, amount.end)
    if base is None or base.prefix != "מ" or not isinstance(base.value, Relative | Weekday):
        return amount
    return replace(amount, value=replace(_units_of(amount), base=base.value), end=base.end)


def _and_a_half(tokens: Tokens, amount: Chunk) -> Chunk:
    """ "עוד שבוע וחצי", "עוד שבועיים-שלושה"."""
    more = amount_of(tokens, amount.end) if amount.end < len(tokens) else None
    if more is not None and more.prefix == "ו" and _units_of(amount).unit == WEEK and _units_of(more).unit == DAY:
        days = 7 * _units_of(amount).count + _units_of(more).count
        return replace(amount, value=InUnits(days, DAY), end=more.end)  # "עוד שבוע ויום"
    fraction = tokens[amount.end].read("fraction") if amount.end < len(tokens) else None
    if fraction is None or fraction.prefix != "ו":
        or_more = cardinal(tokens, amount.end)
        if or_more is None or or_more.prefix or or_more.value > 10:
            return amount
        return replace(amount, value=replace(_units_of(amount), is_vague=True), end=or_more.end)
    return replace(amount, value=replace(_units_of(amount), has_half=True), end=amount.end + 1)


def _units_of(chunk: Chunk) -> InUnits:
    return chunk.value if isinstance(chunk.value, InUnits) else InUnits(0, DAY)


def amount_of(tokens: Tokens, i: int) -> Chunk | None:
    """So many days, weeks, months or years: "יומיים", "שלושה שבועות"."""
    if i >= len(tokens):
        return None
    dual = tokens[i].read("dual")
    if dual is not None and dual.value not in (HOUR, MINUTE) and dual.prefix != "ה":
        return Chunk(InUnits(2, str(dual.value)), i, i + 1, dual.prefix)
    unit = tokens[i].read("unit")
    if (
        unit is not None
        and unit.value not in (HOUR, MINUTE)
        and unit.prefix in ("", "כ", "ו", "ש")
        and _is_single(tokens, i)
    ):
        return Chunk(InUnits(1, str(unit.value)), i, i + 1, unit.prefix)
    number = cardinal(tokens, i)
    if number is None or number.end >= len(tokens) or not 1 <= number.value <= 366:
        return None
    unit = tokens[number.end].read("unit")
    if unit is None or unit.prefix not in ("", "ה") or unit.value in (HOUR, MINUTE):
        return None
    if quarters.is_singular_behind(tokens, number):
        return None
    return Chunk(InUnits(number.value, str(unit.value)), i, number.end + 1, number.prefix)


def _is_single(tokens: Tokens, i: int) -> bool:
    """One week: the singular, and no "הבא" or weekday that would make it something else."""
    if not tokens[i].text.endswith(("יום", "שבוע", "חודש", "שנה")):
        return False
    following = tokens[i + 1] if i + 1 < len(tokens) else None
    return following is None or not (following.read("which") or (_is(tokens, i, "יום") and following.read("weekday")))


def weekday(tokens: Tokens, i: int) -> Chunk | None:
    """A weekday with or without "יום", by word or letter, and what tells its week."""
    found = _with_day_word(tokens, i) or _sabbath_eve(tokens, i) or _bare_weekday(tokens, i)
    if found is None or not isinstance(found.value, Weekday):
        return None
    week, end = which_week(tokens, found.end)
    if week is None:
        return found
    return replace(found, value=replace(found.value, week=week, is_weak=False), end=end)


def _sabbath_eve(tokens: Tokens, i: int) -> Chunk | None:
    """ "ערב שבת" is Friday, whatever the hour."""
    if _is(tokens, i, "ערב") and i + 1 < len(tokens) and tokens[i + 1].text in ("שבת", "השבת"):
        return Chunk(Weekday(5), i, i + 2, tokens[i].text.removesuffix("ערב"))
    return None


def _with_day_word(tokens: Tokens, i: int) -> Chunk | None:
    if i + 1 >= len(tokens) or not tokens[i].forms & _DAY_WORDS or tokens[i].text == "היום":
        return None
    prefix = tokens[i].text.removesuffix("יום").removesuffix("ימי")
    name = tokens[i + 1].read("weekday")
    if name is not None and name.prefix in ("", "ה") and isinstance(name.value, int):
        return Chunk(Weekday(name.value, is_vague=name.prefix == "ה" and name.value != 6), i, i + 2, prefix)
    letter = tokens[i + 1].read("letter")
    if letter is not None and not letter.prefix and isinstance(letter.value, int):
        return Chunk(Weekday(letter.value), i, i + 2, prefix)
    return None


def _bare_weekday(tokens: Tokens, i: int) -> Chunk | None:
    letter = tokens[i].read("letter")
    if letter is not None and tokens[i].text.endswith("'") and len(tokens[i].text) <= 3:
        return Chunk(Weekday(int(str(letter.value)), is_weak=not letter.prefix), i, i + 1, letter.prefix)
    name = tokens[i].read("weekday")
    if name is None or not isinstance(name.value, int):
        return None
    if tokens[i].text == "לשבת" and i + 1 < len(tokens) and _is_place(tokens[i + 1]):
        return None  # "לשבת בסאונה"
    is_next = i + 1 < len(tokens) and tokens[i + 1].read("which") is not None
    if name.value != 6 and name.prefix == "ה" and is_next:
        return Chunk(Weekday(name.value, is_vague=True), i, i + 1, name.prefix)  # "השני הבא"
    if (name.value != 6 and "ה" in name.prefix) or (i and tokens[i - 1].text in ("כניסת", "ערב", "סעודת")):
        return None  # "השני" chooses and "כניסת שבת" is an hour of Friday: neither names the day
    if name.value == 1 and not name.prefix.startswith("ב") and _counts_a_noun(tokens, i + 1):
        return None
    return Chunk(Weekday(name.value, is_weak=not name.prefix and name.value in _WEAK_DAYS), i, i + 1, name.prefix)


def _is_place(token: Token) -> bool:
    is_inside = token.text.startswith("ב") and len(token.text) > 3
    return is_inside and not token.senses and token.text not in COMMON


def definite_weekday(tokens: Tokens, i: int) -> Chunk | None:
    """ "השלישי", which names a day only as an answer to "באיזה יום?"."""
    letter = tokens[i].read("letter")
    if letter is not None and len(tokens[i].text) == 1 and isinstance(letter.value, int):
        return Chunk(Weekday(letter.value, is_weak=True), i, i + 1)
    name = tokens[i].read("weekday")
    if name is None or not isinstance(name.value, int) or name.prefix != "ה":
        return None
    return Chunk(Weekday(name.value, is_weak=True), i, i + 1, name.prefix)


def _counts_a_noun(tokens: Tokens, i: int) -> bool:
    """ "לשני אנשים" counts people: a plural noun that is no word of the calendar follows."""
    if i >= len(tokens):
        return False
    following = tokens[i]
    return counts_noun(following) or following.text == "שליש"


def which_week(tokens: Tokens, i: int) -> tuple[Week | None, int]:
    """ "הבא", "הקרוב", "השבוע", "בשבוע הבא", "של השבוע הבא" after a weekday."""
    if i >= len(tokens):
        return None, i
    which = tokens[i].read("which")
    if tokens[i].text in ("שאחרי", "שאחריו", "שלאחריו", "שאחריה"):
        return Week.AFTER, i + 2 if i + 1 < len(tokens) and tokens[i + 1].text in ("זה", "הבא") else i + 1
    if tokens[i].text in ("שעבר", "שעברה", "הקודם", "הקודמת", "האחרון", "האחרונה"):
        return Week.PAST, i + 1
    if which is not None and not which.prefix:
        return (Week.NEXT if which.value == NEXT else Week.NEAREST), i + 1
    j = i + 1 if tokens[i].text in ("של", "עוד") else i
    if j >= len(tokens) or tokens[j].text not in ("שבוע", "בשבוע", "השבוע", "מהשבוע", "לשבוע") or _leaves(tokens, i):
        return None, i
    following = tokens[j + 1].read("which") if j + 1 < len(tokens) else None
    if following is not None:
        return (Week.FOLLOWING if following.value == NEXT else Week.THIS), j + 2
    return (Week.THIS, j + 1) if tokens[j].text in ("השבוע", "מהשבוע") else (None, i)


def _leaves(tokens: Tokens, i: int) -> bool:
    """ "מיום שלישי לשבוע הבא" goes from one to the other."""
    return tokens[i].text.startswith("לשבוע") and any(token.text.startswith("מ") for token in tokens[max(i - 2, 0) : i])


def _is(tokens: Tokens, i: int, word: str) -> bool:
    return i < len(tokens) and word in tokens[i].forms
