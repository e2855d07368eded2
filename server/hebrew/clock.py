"""Hours of the clock: "ארבע וחצי", "רבע לחמש", "שבע עשרה שלושים", "ב-16:30 אחרי הצהריים"."""

from __future__ import annotations

from dataclasses import replace

from server.hebrew import quarters
from server.hebrew.models import Daypart
from server.hebrew.numbers import Number, cardinal
from server.hebrew.said import Chunk, Clock, PartOfDay
from server.hebrew.tokens import Kind, Token, Tokens

_AT_HOUR = frozenset(("בשעה", "לשעה", "משעה", "שעה", "מהשעה", "השעה", "בשעות", "ובשעה", "השעות"))
_EXACTLY = frozenset(("בדיוק", "עגול", "עגולה"))


def clock(tokens: Tokens, i: int) -> Chunk | None:
    """An hour at token `i`, with its minutes and the part of the day that follows it at once."""
    found = (
        _named_hour(tokens, i)
        or quarters.minutes_beside(tokens, i)
        or quarters.minutes_to(tokens, i)
        or quarters.minutes_without(tokens, i)
        or _written(tokens, i)
        or _spoken(tokens, i)
    )
    if found is None:
        return None
    end = found.end
    if end < len(tokens) and tokens[end].text in _EXACTLY and isinstance(found.value, Clock):
        end += 1
        found = replace(found, value=replace(found.value, is_bare=False, is_plain=False), end=end)
    if [token.text for token in tokens[end : end + 2]] == ["על", "הדקה"] and isinstance(found.value, Clock):
        return replace(found, value=replace(found.value, is_bare=False, is_plain=False), end=end + 2)
    part = daypart(tokens, end)
    if part is not None and isinstance(found.value, Clock) and isinstance(part.value, PartOfDay):
        return replace(
            found, value=replace(found.value, part=part.value.part, is_bare=False, is_plain=False), end=part.end
        )
    return found


def daypart(tokens: Tokens, i: int) -> Chunk | None:
    """ "בבוקר", "אחרי הצהריים", "לפנות ערב", "בשעות הבוקר"."""
    if i >= len(tokens):
        return None
    token, following = tokens[i], tokens[i + 1] if i + 1 < len(tokens) else None
    reading = token.read("daypart")
    if reading is not None and isinstance(reading.value, Daypart):
        if token.forms & {"צהרי"}:
            return _noon_of_day(tokens, i, reading.prefix)
        return Chunk(PartOfDay(reading.value), i, i + 1, reading.prefix)
    if following is None:
        return None
    if token.text in ("אחרי", "אחר", "לאחר") and following.text in ("העבודה", "עבודה"):
        return Chunk(PartOfDay(Daypart.EVENING), i, i + 2)
    late = following.read("daypart")
    if late is None or late.prefix not in ("", "ה", "ב"):
        return None
    return _two_word_part(token, late.value, i)


def _noon_of_day(tokens: Tokens, i: int, prefix: str) -> Chunk | None:
    end = i + 2 if i + 1 < len(tokens) and "יום" in tokens[i + 1].forms else i + 1
    return Chunk(PartOfDay(Daypart.NOON), i, end, prefix)


def _two_word_part(token: Token, late: object, i: int) -> Chunk | None:
    if late is Daypart.NOON and token.forms & {"אחרי", "אחר", "לאחר", "אחרה"}:
        return Chunk(PartOfDay(Daypart.AFTERNOON), i, i + 2)
    if late is Daypart.NOON and token.forms & {"לפני"}:
        return Chunk(PartOfDay(Daypart.MORNING), i, i + 2)
    if late in (Daypart.EVENING, Daypart.MORNING) and "לפנות" in token.forms:
        return Chunk(PartOfDay(Daypart(str(late))), i, i + 2)
    if isinstance(late, Daypart) and token.forms & {"שעות", "בשעות", "לשעות"}:
        return Chunk(PartOfDay(late), i, i + 2)
    return None


def _named_hour(tokens: Tokens, i: int) -> Chunk | None:
    if tokens[i].forms & {"חצות"}:
        return Chunk(Clock(0, is_24h=True), i, i + 1, tokens[i].text.removesuffix("חצות"))
    return None


def _written(tokens: Tokens, i: int) -> Chunk | None:
    """Figures with a colon, or with a point that can be no date ("16.30")."""
    start = i
    if tokens[i].text in _AT_HOUR and i + 1 < len(tokens):
        i += 1
        is_length = tokens[i].prefix or (start and tokens[start - 1].text == "של")
        if is_length and tokens[start].text in ("שעה", "לשעה"):
            return None  # "שעה ב-15:30", "של שעה 15:30": an hour long
    token = tokens[i]
    prefix = tokens[start].prefix if start == i else tokens[start].text[:1]
    if token.kind is Kind.DATE and not _is_clock_figure(token.text, has_cue=start != i):
        return None
    is_hhmm = len(token.text) == 4 and token.prefix in ("", "ב", "ל") and token.text[-1] in "05" and token.text < "2020"
    if token.kind is Kind.NUMBER and (is_hhmm or (start != i and len(token.text) in (3, 4))):
        found = _of_figures(token.text[:-2], token.text[-2:], start, i + 1, prefix)
        is_bare = start == i and not token.prefix
        return found and replace(found, value=replace(_clock_in(found), is_bare=is_bare))
    if token.kind not in (Kind.CLOCK, Kind.DATE):
        return None
    parts = token.text.replace(".", ":").split(":")
    return _of_figures(parts[0], parts[1], start, i + 1, prefix)


def _clock_in(chunk: Chunk) -> Clock:
    assert isinstance(chunk.value, Clock)
    return chunk.value


def _of_figures(hour: str, minute: str, start: int, end: int, prefix: str) -> Chunk | None:
    if int(hour) > 24 or int(minute) > 59:
        return None
    is_24h = int(hour) > 12 or int(hour) == 0 or hour.startswith("0")
    return Chunk(Clock(int(hour) % 24, int(minute), is_24h), start, end, prefix)


def _is_clock_figure(text: str, *, has_cue: bool) -> bool:
    """ "16.30" has no thirtieth month; "10.10" is a date unless "בשעה" says otherwise."""
    parts = text.split(".")
    if len(parts) != 2 or len(parts[1]) != 2:
        return False
    return int(parts[0]) <= 24 and int(parts[1]) <= 59 and (has_cue or int(parts[1]) > 12 or int(parts[1]) == 0)


def _spoken(tokens: Tokens, i: int) -> Chunk | None:
    """ "בשעה ארבע וחצי", "שבע עשרה שלושים", "4 ורבע", "ארבע פחות רבע"."""
    start = i
    has_cue = tokens[i].text in _AT_HOUR
    prefix = ""
    if has_cue:
        prefix, i = tokens[i].text[:1].replace("ש", "").replace("ה", ""), i + 1
    hour = cardinal(tokens, i)
    if hour is None or not (_is_hour(hour, has_cue=has_cue) or _has_half_behind(tokens, hour)):
        return None
    if not has_cue and quarters.counts_units(tokens, hour):
        return None
    if hour.value == 1 and hour.end < len(tokens) and tokens[hour.end].text in ("מאוחר", "מוקדם") and has_cue:
        return None  # "בשעה אחת מאוחר יותר": by an hour
    if tokens[start].text in ("שעה", "לשעה") and hour.end < len(tokens) and _begins_month(tokens[hour.end]):
        return None  # "שעה, עשרה בינואר"
    if not has_cue:
        prefix = hour.prefix
    is_length = hour.prefix or (hour.value in (1, 2) and not hour.is_digits)
    if tokens[start].text in ("שעה", "לשעה") and (hour.prefix or (tokens[start].text == "שעה" and is_length)):
        return None  # "שעה אחת", "שעה בארבע"
    minute, end = _minutes_after(tokens, hour)
    if minute < 0:
        return Chunk(quarters.before_hour(hour.value, -minute), start, end, prefix)
    is_plain = not has_cue and end == hour.end
    return Chunk(_clock_of(hour, minute, is_plain=is_plain), start, end, prefix)


def _clock_of(hour: Number, minute: int, *, is_plain: bool) -> Clock:
    is_24h = hour.value > 12 or hour.value == 0
    return Clock(hour.value % 24, minute, is_24h, is_bare=is_plain and hour.prefix in ("", "ו"), is_plain=is_plain)


def _is_hour(number: Number, *, has_cue: bool) -> bool:
    """Hours are feminine; after "בשעה" nothing else can follow, so slips of gender pass."""
    if number.value == 0 or number.value > 24:
        return has_cue and number.value == 0
    return has_cue or number.gender != "m"


def _has_half_behind(tokens: Tokens, number: Number) -> bool:
    """ "בשלושה וחצי": days have no halves, so the gender is a slip of the tongue."""
    fraction = tokens[number.end].read("fraction") if number.end < len(tokens) else None
    is_half = fraction is not None and fraction.prefix == "ו"
    return (
        is_half
        and number.prefix in ("ב", "ל")
        and not quarters.counts_units(tokens, replace(number, end=number.end + 1))
    )


def _minutes_after(tokens: Tokens, hour: Number) -> tuple[int, int]:
    """Minutes past the hour and where they end; negative for "ארבע פחות רבע"."""
    end = hour.end
    if end >= len(tokens):
        return 0, end
    if [token.text for token in tokens[end : end + 2]] == ["ושלושת", "רבעי"]:
        return 45, end + 2
    fraction = tokens[end].read("fraction")
    if fraction is not None and fraction.prefix == "ו" and isinstance(fraction.value, int):
        return fraction.value, end + 1
    if tokens[end].text == "פחות":
        return _minutes_less(tokens, hour)
    return _counted_minutes(tokens, hour)


def _minutes_less(tokens: Tokens, hour: Number) -> tuple[int, int]:
    end = hour.end + 1
    if end >= len(tokens):
        return 0, hour.end
    fraction = tokens[end].read("fraction")
    if fraction is not None and isinstance(fraction.value, int):
        return -fraction.value, end + 1
    number = cardinal(tokens, end)
    if number is not None and 1 <= number.value <= 30:
        return -number.value, quarters.past_minutes_word(tokens, number.end)
    return 0, hour.end


def _counted_minutes(tokens: Tokens, hour: Number) -> tuple[int, int]:
    minutes = cardinal(tokens, hour.end)
    if minutes is None:
        return 0, hour.end
    if minutes.prefix == "ו" and 1 <= minutes.value <= 59:
        end = quarters.past_minutes_word(tokens, minutes.end)
        is_said = minutes.value % 5 == 0 or end > minutes.end or minutes.is_digits
        return (minutes.value, end) if is_said else (0, hour.end)  # "אחד מחר בתשע ואחד בחמישי"
    if minutes.prefix:
        return 0, hour.end
    if minutes.value == 0:
        second = cardinal(tokens, minutes.end)
        if second is not None and not second.prefix and 0 <= second.value <= 9:
            return second.value, second.end
        return 0, minutes.end
    if not 10 <= minutes.value <= 59 or _belongs_elsewhere(tokens, minutes):
        return 0, hour.end
    return minutes.value, minutes.end


def _belongs_elsewhere(tokens: Tokens, number: Number) -> bool:
    """ "בארבע 45 דקות" is a length, "בארבע שלושים בנובמבר" a date, "3 17" no time."""
    if number.value % 5:
        return True
    if number.end >= len(tokens):
        return False
    following = tokens[number.end]
    unit = following.read("unit")
    return (unit is not None and not unit.prefix and not quarters.is_singular_behind(tokens, number)) or _begins_month(
        following
    )


def _begins_month(token: Token) -> bool:
    return token.read("month") is not None or token.text == "לחודש"
