"""Display text → words that a voice can say: no figure, sign or slash is left for it to guess at."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from server.hebrew import say
from server.hebrew.normalise import normalise
from server.hebrew.spoken_numbers import (
    AGORA,
    FEMININE,
    MASCULINE,
    MINUTE,
    NOUNS,
    PERCENT,
    SHEKEL,
    counted,
    digits_in_words,
    in_words,
)

_PREFIX = r"(?P<pre>(?<![א-ת])[ובלמהשכ]{1,3}-?)?"
_SHEKEL = r"(?:₪|ש\"ח|שח|שקלים|שקל|nis|ils)(?![א-ת])"
_MONTH = "|".join(say.MONTHS)
_NOUN = "|".join(sorted(NOUNS, key=len, reverse=True))


def _glue(match: re.Match[str], said: str) -> str:
    """Put the prefix back: "ב-16:30" → "בארבע וחצי", "ב-1.12" → "באחד בדצמבר"."""
    prefix = (match.groupdict().get("pre") or "").rstrip("-")
    if prefix[-1:] in ("ה", "ב", "ל") and said.startswith("האחד"):
        said = said.removeprefix("ה")
    return prefix + said


def _time(hour: str, minute: str) -> dt.time | None:
    return dt.time(int(hour) % 24, int(minute)) if int(hour) <= 24 and int(minute) <= 59 else None


def _clock_range(match: re.Match[str]) -> str:
    low, high = _time(match["h1"], match["m1"]), _time(match["h2"], match["m2"])
    if low is None or high is None:
        return match.group()
    said = f"{say.say_clock(low)} עד {say.say_time(high)}"
    return (match["pre"] or "מ").rstrip("-") + said


def _clock(match: re.Match[str]) -> str:
    time = _time(match["h"], match["m"])
    if time is None:
        return match.group()
    said = say.say_clock(time) if _names_part(match.string, match.end()) else say.say_time(time)
    return _glue(match, said)


def _names_part(text: str, end: int) -> bool:
    return re.match(r"\s+(?:ב(?:בוקר|צהריים|ערב|לילה)|אחרי|אחר הצ|לפנות|עד)", text[end:]) is not None


def _date(match: re.Match[str]) -> str:
    groups = match.groupdict()
    day, month, year = int(groups["d"]), int(groups["mo"]), groups.get("y")
    try:
        date = dt.date(int(year) + (2000 if len(year) == 2 else 0) if year else 2028, month, day)
    except ValueError:
        return _pairwise(match)
    said = say.say_day_and_month(date)
    has_weekday = re.search(r"(?:יום [א-ת']+|שבת),?\s*(?:ה-?|ב-?)?$", match.string[: match.start()]) is not None
    if year:
        said += " " + in_words(date.year, MASCULINE)
        if not has_weekday:
            prefix = (match["pre"] or "").rstrip("-").replace("ה", "")
            return f"{prefix}{say.say_weekday(date)}, {said}"
    if has_weekday:
        return said
    return _glue(match, said)


def _day_of_month(match: re.Match[str]) -> str:
    """ "ה-23 בנובמבר": days of the month are masculine, and the first takes the article."""
    day = int(match["d"])
    return _glue(match, "האחד" if day == 1 else in_words(day, MASCULINE))


def _pairwise(match: re.Match[str]) -> str:
    """Figures around a slash or point that are no date: "60/90", "0.5"."""
    joint = " או " if "/" in match.group() else " נקודה "
    return _glue(match, joint.join(in_words(int(part)) for part in re.findall(r"\d+", match.group())))


def _price(match: re.Match[str]) -> str:
    whole = int(match["n"].replace(",", ""))
    agorot = int((match["a"] or "0").ljust(2, "0"))
    said = counted(whole, SHEKEL)
    return _glue(match, f"{said} ו{counted(agorot, AGORA)}" if agorot else said)


def _price_range(match: re.Match[str]) -> str:
    return f"{in_words(int(match['a']), MASCULINE)} עד {counted(int(match['b']), SHEKEL)}"


def _phone(match: re.Match[str]) -> str:
    return _glue(match, say.say_phone(match["n"]))


def _counted(match: re.Match[str]) -> str:
    number, noun = int(match["n"].replace(",", "")), NOUNS[match["noun"]]
    is_alternative = match.string[: match.start()].endswith("או ")
    if noun is MINUTE and number > 60 and number % 15 == 0 and not is_alternative:
        return _glue(match, say.say_minutes(number))
    return _glue(match, counted(number, noun))


def _counted_range(match: re.Match[str]) -> str:
    """ "2-3 ימים", "60/90 דקות"."""
    noun = NOUNS[match["noun"]]
    joint = "או" if "/" in match.group() else "עד"
    return _glue(match, f"{in_words(int(match['a']), noun.gender)} {joint} {counted(int(match['b']), noun)}")


_PART_HOURS = {"1/2": "חצי שעה", "3/4": "שלושת רבעי שעה", "1/4": "רבע שעה", "1.5": "שעה וחצי", "2.5": "שעתיים וחצי"}


def _part_hours(match: re.Match[str]) -> str:
    return _glue(match, _PART_HOURS[match["n"]])


def _star_number(match: re.Match[str]) -> str:
    return f"כוכבית {digits_in_words(match['n'])}"


def _digit_groups(match: re.Match[str]) -> str:
    """ "1-800-123-456"."""
    return _glue(match, ", ".join(digits_in_words(group) for group in match["n"].split("-")))


def _number(match: re.Match[str]) -> str:
    digits = match["n"].replace(",", "")
    if len(digits) > 6 or (len(digits) > 1 and digits.startswith("0")):
        return _glue(match, digits_in_words(digits))
    return _glue(match, in_words(int(digits), FEMININE))


def _percent(match: re.Match[str]) -> str:
    return _glue(match, counted(int(match["n"].replace(",", "")), PERCENT))


def _decimal(match: re.Match[str]) -> str:
    return _glue(match, f"{in_words(int(match['n']))} נקודה {digits_in_words(match['f'])}")


_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (rf"{_PREFIX}(?P<h1>\d{{1,2}}):(?P<m1>\d\d)\s*(?:-|עד)\s*(?P<h2>\d{{1,2}}):(?P<m2>\d\d)(?!\d)", _clock_range),
        (rf"{_PREFIX}(?<!\d)(?P<h>\d{{1,2}}):(?P<m>\d\d)(?!\d)", _clock),
        (r"(?<=\d\d)\s*/\s*(?=\d{1,2}:\d\d)", lambda _: " או "),
        (rf"{_PREFIX}(?<!\d)(?P<y>\d{{4}})-(?P<mo>\d\d)-(?P<d>\d\d)(?!\d)", _date),
        (rf"{_PREFIX}(?<!\d)(?P<n>(?:\+972|0)[\d-]{{8,13}}\d)(?!\d)", _phone),
        (r"\*(?P<n>\d{3,6})(?!\d)", _star_number),
        (rf"{_PREFIX}(?<!\d)(?P<n>\d+(?:-\d+){{2,}})(?!\d)", _digit_groups),
        (rf"{_PREFIX}(?<![\d.])(?P<n>1/2|3/4|1/4|1\.5|2\.5) (?:שעה|שעות)(?![א-ת])", _part_hours),
        (rf"{_PREFIX}(?<![\d.])(?P<a>\d+)\s*[-/]\s*(?P<b>\d+) (?P<noun>{_NOUN})(?![א-ת])", _counted_range),
        (rf"(?P<a>\d+)\s*-\s*(?P<b>\d+)\s*{_SHEKEL}", _price_range),
        (rf"{_PREFIX}(?<![\d.])(?P<n>\d[\d,]*)(?:\.(?P<a>\d\d?))?\s*{_SHEKEL}", _price),
        (rf"{_PREFIX}₪\s*(?P<n>\d[\d,]*)(?:\.(?P<a>\d\d?))?", _price),
        (rf"{_PREFIX}(?<![\d.])(?P<d>\d{{1,2}})[./](?P<mo>\d{{1,2}})(?:[./](?P<y>\d{{4}}|\d\d))?(?![\d])", _date),
        (rf"{_PREFIX}(?<![\d.])(?P<n>\d[\d,]*)\s*%", _percent),
        (rf"{_PREFIX}(?<![\d.])(?P<n>\d[\d,]*)[ -](?P<noun>{_NOUN})(?![א-ת])", _counted),
        (rf"{_PREFIX}(?<!\d)(?P<d>\d{{1,2}})(?= ?[בל]-?(?:{_MONTH}|חודש))", _day_of_month),
        (rf"{_PREFIX}(?P<n>\d+)\.(?P<f>\d+)", _decimal),
        (rf"{_PREFIX}(?P<n>\d+(?:,\d{{3}})*)", _number),
    )
)

_SIGNS = str.maketrans(
    {"₪": "", "%": "", "*": "", "#": "", "_": " ", "&": " ו", "+": " ועוד ", "=": " ", "|": ",", "@": " "}
)
_SLASH_FORM = re.compile(r"([א-ת]{2,})/[א-ת]{1,3}(?![א-ת])")
_SLASH = re.compile(r"\s*/\s*")
_ABBREVIATIONS = (
    (re.compile(r"(?<![א-ת])([ובלמהש]?)אחה\"צ(?![א-ת])"), r"\1אחר הצהריים"),
    (re.compile(r"(?<![א-ת])([ובלמהש]?)לפנה\"צ(?![א-ת])"), r"\1לפני הצהריים"),
    (re.compile(r"(?<![א-ת])([ובלמהש]{0,2})סופ\"ש(?![א-ת])"), r"\1סוף השבוע"),
    (re.compile(r"(?<![א-ת])([ובלמהש]{0,2})מוצ\"ש(?![א-ת])"), r"\1מוצאי שבת"),
    (re.compile(r"דק'"), "דקות"),
    (re.compile(r"(?<![א-ת])טל'"), "טלפון"),
    (re.compile(r"(?<![א-ת])רח'"), "רחוב"),
    (re.compile(r"(?<![א-ת])מס'"), "מספר"),
)
_LETTER_DAY = re.compile(r"(?<![א-ת])([ובלמה]{0,2}יום) ([א-ו])'")
_LETTER_DAYS = re.compile(r"(?<![א-ת])([א-ו])'\s*(?:-|עד)\s*([א-ו])'(?![א-ת])")
_ADDRESS = re.compile(r"https?://\S*|www\.\S*")
_AND_UP = re.compile(r"(?<=\d)\+")
_BLANKS = re.compile(r"\s+(?=[,.?!])|(?<=\s)\s+")


def _weekday(letter: str) -> str:
    return say.WEEKDAYS["אבגדהו".index(letter)]


def speak(text: str) -> str:
    """Speakable Hebrew for any reply text. What a rule does not know is read digit by digit, never left as a figure."""
    said = _SLASH_FORM.sub(r"\1", _ADDRESS.sub("", normalise(text)))
    for pattern, full in _ABBREVIATIONS:
        said = pattern.sub(full, said)
    said = _LETTER_DAYS.sub(lambda m: f"{_weekday(m[1])} עד {_weekday(m[2])}", said)
    said = _LETTER_DAY.sub(lambda m: f"{m[1]} {_weekday(m[2])}", said)
    said = _AND_UP.sub(" ומעלה", said)
    if any(char.isdigit() for char in said):
        for pattern, replacement in _RULES:
            said = pattern.sub(replacement, said)
        said = "".join(char for char in said if not char.isdigit())  # digits of no decimal system, as the Ethiopic
    said = _SLASH.sub(" או ", said).translate(_SIGNS)
    return _BLANKS.sub("", said).strip()
