"""The Hebrew calendar: holidays, their eves, and dates such as "כ״ה בכסלו"; conversion by `pyluach`."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache

from pyluach.dates import HebrewDate

from server.hebrew.lexicon import DAY
from server.hebrew.numbers import cardinal
from server.hebrew.said import Around, CalendarDay, Chunk, HebrewDay, Holiday, InUnits
from server.hebrew.tokens import Token, Tokens

_VALUES = {letter: n for n, letter in enumerate("אבגדהוזחט", 1)} | {"י": 10, "כ": 20, "ל": 30}
_DAY = re.compile("(?:ב|ה|ל|מ|בה)?(?:([א-ט])'|(י|כ|ל)'|([יכל])\"?([א-ט])|(ט)\"?([וז]))")


@dataclass(frozen=True, slots=True)
class Feast:
    """Where a holiday stands in the Hebrew year (months from Nisan) and how many days it lasts in Israel."""

    month: int
    day: int
    length: int = 1
    is_yom_tov: bool = False


HOLIDAYS: dict[str, Feast] = {
    "rosh_hashana": Feast(7, 1, 2, True),
    "kippur": Feast(7, 10, 1, True),
    "sukkot": Feast(7, 15, 7, True),
    "simchat_torah": Feast(7, 22, 1, True),
    "hanukkah": Feast(9, 25, 8),
    "tu_bishvat": Feast(11, 15),
    "purim": Feast(12, 14),
    "shushan_purim": Feast(12, 15),
    "pesach": Feast(1, 15, 7, True),
    "seventh_of_pesach": Feast(1, 21, 1, True),
    "shoah": Feast(1, 27),
    "memorial": Feast(2, 4),
    "independence": Feast(2, 5),
    "lag_baomer": Feast(2, 18),
    "jerusalem": Feast(2, 28),
    "shavuot": Feast(3, 6, 1, True),
    "tisha_beav": Feast(5, 9),
    "tu_beav": Feast(5, 15),
    "mimouna": Feast(1, 22),
    "gedaliah": Feast(7, 3),
    "hoshana_raba": Feast(7, 21),
    "fast_of_esther": Feast(12, 13),
}

_NAMES: dict[tuple[str, ...], str] = {
    tuple(name.split()): key
    for key, names in {
        "rosh_hashana": "ראש השנה|ראש השנא",
        "kippur": "יום כיפור|כיפור|יום הכיפורים|יום כפור|יום הכיפור|כיפורים",
        "sukkot": "סוכות|חג הסוכות|סוכות חג|חג סוכות",
        "simchat_torah": "שמחת תורה|שמיני עצרת",
        "hanukkah": "חנוכה|חג החנוכה|חנוקה",
        "tu_bishvat": 'טו בשבט|ט"ו בשבט|טוב בשבט',
        "purim": "פורים|חג פורים|חג הפורים",
        "shushan_purim": "שושן פורים",
        "pesach": "פסח|חג הפסח|ליל הסדר|חג פסח",
        "seventh_of_pesach": "שביעי של פסח|חג שני של פסח",
        "shoah": "יום השואה",
        "memorial": "יום הזיכרון|יום הזכרון",
        "independence": "יום העצמאות|עצמאות",
        "lag_baomer": 'לג בעומר|ל"ג בעומר|לג לעומר|ל"ג לעומר|גג בעומר',
        "jerusalem": "יום ירושלים",
        "shavuot": "חג שבועות|חג השבועות|בשבועות",
        "tisha_beav": "תשעה באב|ט' באב|צום תשעה באב",
        "tu_beav": 'טו באב|ט"ו באב|חג האהבה|יום האהבה',
        "mimouna": "מימונה|המימונה",
        "gedaliah": "צום גדליה",
        "hoshana_raba": "הושענא רבה|הושענה רבה",
        "fast_of_esther": "תענית אסתר|צום אסתר",
        "any": "חג|החג|החגים|חגים|בחג|לחג",
    }.items()
    for name in names.split("|")
}
_CIVIL_DAYS = {
    ("סילבסטר",): (31, 12),
    ("ראש", "השנה", "הלועזי"): (1, 1),
    ("ראש", "השנה", "האזרחי"): (1, 1),
    ("ראש", "השנה", "האזרחית"): (1, 1),
    ("ראש", "השנה", "הלועזית"): (1, 1),
    ("השנה", "האזרחית"): (1, 1),
    ("נובי", "גוד"): (1, 1),
    ("ולנטיין",): (14, 2),
    ("ולנטיינס",): (14, 2),
    ("יום", "האישה"): (8, 3),
    ("חג", "המולד"): (25, 12),
    ("כריסמס",): (25, 12),
}
_CIVIL_FIRST = frozenset(words[0] for words in _CIVIL_DAYS)
_FIRST_WORDS = frozenset(words[0] for words in _NAMES) | {"אסרו"}
_LONGEST = max(map(len, _NAMES))


def may_begin(token: Token) -> bool:
    """Whether a holiday or a Hebrew date may begin with this word."""
    return not token.forms.isdisjoint(_FIRST_WORDS | _CIVIL_FIRST) or _DAY.fullmatch(token.text) is not None


def holiday(tokens: Tokens, i: int) -> Chunk | None:
    """A holiday or its eve: "בפורים", "ערב פסח", "חול המועד סוכות", "ערב חג"."""
    token = tokens[i]
    if token.forms & {"ערב"} and (named := name_at(tokens, i + 1, is_after_word=True)):
        return Chunk(Holiday(named[0], Around.EVE), i, named[1], token.text.removesuffix("ערב"))
    if "ליל" in token.forms and i + 1 < len(tokens) and tokens[i + 1].text == "הסדר":
        return Chunk(Holiday("pesach", Around.EVE), i, i + 2, token.text.removesuffix("ליל"))
    if "אסרו" in token.forms and i + 1 < len(tokens) and tokens[i + 1].text == "חג":
        at = i + 3 if i + 2 < len(tokens) and tokens[i + 2].text == "של" else i + 2
        key, end = name_at(tokens, at) or ("any", i + 2)
        return Chunk(Holiday(key, Around.MORROW), i, end, token.text.removesuffix("אסרו"))
    if "חול" in token.forms and i + 1 < len(tokens) and tokens[i + 1].text in ("המועד", "מועד"):
        key, end = name_at(tokens, i + 2, is_after_word=True) or ("any", i + 2)
        return Chunk(Holiday(key, Around.MID), i, end, token.text.removesuffix("חול"))
    named = name_at(tokens, i, is_after_word=i > 0 and tokens[i - 1].text in ("לפני", "עד"))
    if named is None or (named[0] == "any" and not _is_about_holiday(tokens, i)):
        return None
    is_glued = token.text[:1] in "בלמ" and not token.text.startswith("מגילה")
    return Chunk(Holiday(named[0]), i, named[1], token.text[:1] if is_glued else "")


def civil_day(tokens: Tokens, i: int) -> Chunk | None:
    """Days of the civil year that have a name: "סילבסטר", "יום האישה", "ערב ראש השנה האזרחית"."""
    if "ערב" in tokens[i].forms and i + 1 < len(tokens):
        feast = civil_day(tokens, i + 1)
        if feast is None or not isinstance(feast.value, CalendarDay):
            return None
        return Chunk(InUnits(-1, DAY, base=feast.value), i, feast.end, tokens[i].text.removesuffix("ערב"))
    for words, (day, month) in _CIVIL_DAYS.items():
        rest = tuple(token.text for token in tokens[i + 1 : i + len(words)])
        if words[0] in tokens[i].forms and rest == words[1:]:
            return Chunk(CalendarDay(day, month), i, i + len(words), tokens[i].text.removesuffix(words[0]))
    return None


def holiday_after(tokens: Tokens, i: int) -> Chunk | None:
    """ "אחרי החגים", "אחרי פסח"."""
    if not tokens[i].forms & {"אחרי", "לאחר", "אחר"}:
        return None
    named = name_at(tokens, i + 1, is_after_word=True)
    if named is None:
        return None
    is_season = tokens[i + 1].text in ("החגים", "חגים")
    return Chunk(Holiday("season" if is_season else named[0], Around.AFTER), i, named[1])


def _is_about_holiday(tokens: Tokens, i: int) -> bool:
    """ "חג שמח" wishes, "בחג" tells when."""
    is_after_bound = i > 0 and tokens[i - 1].text in ("לפני", "עד")
    return tokens[i].text in ("בחג", "לחג", "בחגים", "לחגים") or is_after_bound


def name_at(tokens: Tokens, i: int, *, is_after_word: bool = False) -> tuple[str, int] | None:
    """Key of the holiday named at token `i`, and where its name ends."""
    if i >= len(tokens):
        return None
    firsts = tokens[i].forms & _FIRST_WORDS
    if is_after_word and tokens[i].text == "שבועות":
        return "shavuot", i + 1
    for size in range(min(_LONGEST, len(tokens) - i), 0, -1):
        rest = tuple(token.text for token in tokens[i + 1 : i + size])
        for first in firsts:
            key = _NAMES.get((first, *rest))
            is_civil = i + size < len(tokens) and tokens[i + size].text.startswith(("האזרחי", "הלועזי"))
            if key is not None and not is_civil:  # "ראש השנה האזרחית"
                return key, i + size
    return None


def hebrew_date(tokens: Tokens, i: int) -> Chunk | None:
    """ "כ״ה בכסלו", "י' באדר", "ב-14 בכסלו", "ראש חודש טבת"."""
    if "ראש" in tokens[i].forms and i + 2 < len(tokens) and tokens[i + 1].text == "חודש":
        month = tokens[i + 2].read("hebrew_month")
        return None if month is None else Chunk(HebrewDay(1, int(str(month.value))), i, i + 3)
    day, end = _day_value(tokens, i)
    month = tokens[end].read("hebrew_month") if day and end < len(tokens) else None
    civil = tokens[end].read("month") if day and end == i + 1 and end < len(tokens) else None
    if civil is not None and _DAY.fullmatch(tokens[i].text) and civil.prefix in ("ב", "ל"):
        return Chunk(CalendarDay(day, int(str(civil.value))), i, end + 1, tokens[i].text[:1])  # "כ״ט בנובמבר"
    if month is None or month.prefix not in ("ב", "ל", "") or not 1 <= day <= 30:
        return None
    end, is_first = _which_adar(tokens, end, int(str(month.value)))
    return Chunk(HebrewDay(day, int(str(month.value)), is_first_adar=is_first), i, end, tokens[i].text[:1])


def _which_adar(tokens: Tokens, i: int, month: int) -> tuple[int, bool]:
    """Where the month at token `i` ends, and whether it is the first Adar of a leap year ("אדר א'")."""
    after = tokens[i + 1].text if month == 12 and i + 1 < len(tokens) else ""
    is_first, is_second = after in ("א'", "ראשון"), after in ("ב'", "שני")
    return i + 1 + (is_first or is_second), is_first


def _day_value(tokens: Tokens, i: int) -> tuple[int, int]:
    match = _DAY.fullmatch(tokens[i].text)
    if match is not None:
        return sum(_VALUES[letter] for letter in match.groups() if letter), i + 1
    number = cardinal(tokens, i)
    return (number.value, number.end) if number is not None else (0, i)


@lru_cache(maxsize=512)
def feast_day(key: str, hebrew_year: int) -> dt.date:
    """First day of a holiday. The days of state move off Sabbath and Sunday as the law has it."""
    feast = HOLIDAYS[key]
    day = hebrew_day(feast.day, feast.month, hebrew_year)
    return _moved(key, day)


def _moved(key: str, day: dt.date) -> dt.date:
    weekday = day.weekday()  # Monday is 0
    if key in ("independence", "memorial"):
        independence = day if key == "independence" else day + dt.timedelta(1)
        shift = {4: -1, 5: -2, 0: 1}.get(independence.weekday(), 0)
        return day + dt.timedelta(shift)
    if key == "shoah":
        return day + dt.timedelta({4: -1, 6: 1}.get(weekday, 0))
    if key == "fast_of_esther":
        return day - dt.timedelta(2 if weekday == 5 else 0)
    if key in ("tisha_beav", "gedaliah"):
        return day + dt.timedelta(1 if weekday == 5 else 0)
    return day


@lru_cache(maxsize=2048)
def hebrew_day(day: int, month: int, hebrew_year: int, *, is_first_adar: bool = False) -> dt.date:
    """Gregorian date of a Hebrew one; in a leap year Adar (12) is Adar II; a missing 30th rolls to the next day.
    Raises ValueError beyond the calendar."""
    if month == 12 and not is_first_adar and HebrewDate(hebrew_year, 1, 1).year % 19 in (0, 3, 6, 8, 11, 14, 17):
        month = 13
    if day < 30:
        return dt.date(*HebrewDate(hebrew_year, month, day).to_pydate().timetuple()[:3])
    return dt.date(*HebrewDate(hebrew_year, month, 29).to_pydate().timetuple()[:3]) + dt.timedelta(1)


@lru_cache(maxsize=512)
def hebrew_year_of(day: dt.date) -> int:
    return int(HebrewDate.from_pydate(day).year)


def next_feast(key: str, today: dt.date) -> tuple[dt.date, dt.date]:
    """First and last day of the holiday that is on or comes next."""
    feast = HOLIDAYS[key]
    year = hebrew_year_of(today)
    spans = [_span(key, year + n, feast) for n in (-1, 0, 1, 2)]
    return min(span for span in spans if span[1] >= today)


def _span(key: str, hebrew_year: int, feast: Feast) -> tuple[dt.date, dt.date]:
    first = feast_day(key, hebrew_year)
    return first, first + dt.timedelta(feast.length - 1)


def next_yom_tov(today: dt.date) -> tuple[str, dt.date, dt.date]:
    """The nearest holiday on which no work is done, from tomorrow on or going on today."""
    spans = [(*next_feast(key, today), key) for key, feast in HOLIDAYS.items() if feast.is_yom_tov]
    first, last, key = min(spans)
    return key, first, last


def next_hebrew_day(said: HebrewDay, today: dt.date) -> dt.date:
    year = hebrew_year_of(today)
    days = (hebrew_day(said.day, said.month, year + n, is_first_adar=said.is_first_adar) for n in (-1, 0, 1, 2))
    return min(day for day in days if day >= today)
