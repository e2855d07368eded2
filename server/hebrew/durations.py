"""Lengths of a treatment: "שעה וחצי", "45 דקות", "שלושת רבעי שעה"; and "בעוד שעה", which is an hour of the clock."""

from __future__ import annotations

from server.hebrew.lexicon import HOUR, MINUTE
from server.hebrew.numbers import cardinal
from server.hebrew.said import Chunk, FromNow, Length
from server.hebrew.tokens import Kind, Tokens
from server.hebrew.wordlists import words

_IN = frozenset(("בעוד", "עוד", "תוך", "בתוך"))
_NOT_A_LENGTH_BEFORE = words(
    """
    איזו איזה באיזו באיזה לאיזו כל אותה באותה לאותה מה לפני אחרי כמה לפי באיזשהי בכל ברבע כבר מאיזו מאיזה
    """
)
_NOT_A_LENGTH_AFTER = words("אחרת מאוחרת מוקדמת פנויה נוחה טובה מסוימת קבועה כלשהי שנוחה פנוייה מתאימה")


_ADDING = words("תוסיפי תוסיף תוסיפו להוסיף תאריכי תאריך להאריך מוסיפים נוסיף")


SHIFTING = words("לדחות תדחה תדחי תדחו דוחים נדחה להקדים תקדים תקדימי תקדימו נקדים להזיז תזיז תזיזי תזיזו נזיז")


def length(tokens: Tokens, i: int) -> Chunk | None:
    """Minutes of a treatment at token `i`. "בשעה" and "השעה" ask for the clock and are none."""
    found = _three_quarters(tokens, i) or _fraction_of_hour(tokens, i) or _hours(tokens, i) or _counted(tokens, i)
    before = tokens[i - 1] if i else None
    if found is None or (before is not None and before.text in _NOT_A_LENGTH_BEFORE):
        return None
    if before is not None and before.read("fraction") is not None:
        return None  # the hour of a "חצי שעה" that was no length
    return found


def from_now(tokens: Tokens, i: int) -> Chunk | None:
    """ "בעוד שעתיים", "עוד חצי שעה"."""
    if tokens[i].forms.isdisjoint(_IN) or i + 1 >= len(tokens):
        return None
    before = [token.text for token in tokens[max(i - 2, 0) : i] if token.text not in ("לי", "לנו", "את")]
    if before and before[-1] in _ADDING:
        return None  # "תוסיפי לי עוד חצי שעה" lengthens
    amount = length(tokens, i + 1)
    if amount is None or not isinstance(amount.value, Length):
        return None
    return Chunk(FromNow(amount.value.minutes), i, amount.end, "ב")


def _three_quarters(tokens: Tokens, i: int) -> Chunk | None:
    words = [token.text for token in tokens[i : i + 3]]
    if words[:2] == ["3/4", "שעה"]:
        return Chunk(Length(45), i, i + 2, tokens[i].prefix)
    if words[:2] == ["1/2", "שעה"]:
        return Chunk(Length(30), i, i + 2, tokens[i].prefix)
    if len(words) == 3 and tokens[i].forms & {"שלושת", "שלושה", "שלוש", "שלשת", "3"} and words[1:] == ["רבעי", "שעה"]:
        return Chunk(Length(45), i, i + 3)
    return None


def _fraction_of_hour(tokens: Tokens, i: int) -> Chunk | None:
    fraction = tokens[i].read("fraction")
    if fraction is None or i + 1 >= len(tokens) or tokens[i + 1].text not in ("שעה", "השעה"):
        return None
    return Chunk(Length(int(str(fraction.value))), i, i + 2, fraction.prefix)


def _hours(tokens: Tokens, i: int) -> Chunk | None:
    """ "שעה", "שעתיים וחצי", "שעה ועשרים דקות", "לשעה"."""
    single, dual = tokens[i].read("unit"), tokens[i].read("dual")
    if single is not None and single.value == HOUR and tokens[i].text.endswith("שעה"):
        minutes, prefix = 60, single.prefix
    elif dual is not None and dual.value == HOUR:
        minutes, prefix = 120, dual.prefix
    else:
        return None
    extra, end = _extra(tokens, i + 1)
    is_shift = prefix == "ב" and _is_shift(tokens, i, end)
    if prefix not in ("", "ל", "ו", "ש", "כ", "של") and not (prefix == "ה" and extra) and not is_shift:
        return None
    if end == i + 1 and end < len(tokens):
        is_own = [token.text for token in tokens[max(i - 3, 0) : i] if token.text != "רק"][-2:] == ["יש", "לי"]
        if tokens[end].text in _NOT_A_LENGTH_AFTER and not is_own:
            return None
        if tokens[end].text in ("אחת", "שלמה", "1", "מלאה") and not tokens[end].prefix:
            return Chunk(Length(60, is_vague=prefix == "ל" and tokens[end].text == "אחת"), i, end + 1, prefix)
    return Chunk(Length(minutes + extra), i, end, prefix)


def _is_shift(tokens: Tokens, i: int, end: int) -> bool:
    """By how much: "לדחות בשעה", "בשעה אחת מאוחר יותר"; but "להקדים לשעה" and "לדחות בשעה שלוש" tell when."""
    is_one = end < len(tokens) and tokens[end].text in ("אחת", "1")
    after = [token.text for token in tokens[end + is_one : end + is_one + 2]]
    if after[:1] in (["מאוחר"], ["מוקדם"]):
        return True
    is_number = not is_one and cardinal(tokens, end) is not None
    return not is_number and any(not token.forms.isdisjoint(SHIFTING) for token in tokens[max(i - 5, 0) : i])


def _extra(tokens: Tokens, i: int) -> tuple[int, int]:
    if i >= len(tokens):
        return 0, i
    fraction = tokens[i].read("fraction")
    if fraction is not None and fraction.prefix == "ו":
        end = i + 2 if i + 1 < len(tokens) and tokens[i + 1].text == "שעה" else i + 1
        return int(str(fraction.value)), end
    number = cardinal(tokens, i)
    if number is None or number.prefix != "ו" or number.value > 59:
        return 0, i
    return number.value, number.end + 1 if _is_minutes(tokens, number.end) else number.end


def _is_minutes(tokens: Tokens, i: int) -> bool:
    unit = tokens[i].read("unit") if i < len(tokens) else None
    return unit is not None and unit.value == MINUTE and not unit.prefix


def _counted(tokens: Tokens, i: int) -> Chunk | None:
    """ "45 דקות", "שלוש שעות", "1.5 שעות"."""
    if tokens[i].kind is Kind.DATE:
        return _decimal(tokens, i)
    number = cardinal(tokens, i)
    if number is None or number.end >= len(tokens):
        return None
    unit = tokens[number.end].read("unit")
    if unit is None or unit.prefix or unit.value not in (MINUTE, HOUR):
        return None
    if tokens[number.end].text == "שעה" and number.value > 1:
        return None  # "מחר חמש שעה שוודי": at five, an hour
    if unit.value == MINUTE:
        return Chunk(Length(number.value), i, number.end + 1, number.prefix)
    extra, end = _extra(tokens, number.end + 1)
    return Chunk(Length(60 * number.value + extra), i, end, number.prefix)


def _decimal(tokens: Tokens, i: int) -> Chunk | None:
    """The tokeniser takes "1.5" for a date until "שעות" follows."""
    if i + 1 >= len(tokens) or tokens[i + 1].text not in ("שעות", "שעה"):
        return None
    whole, _, tenths = tokens[i].text.partition(".")
    if not (whole.isdigit() and tenths in ("5", "25", "75")):
        return None
    return Chunk(Length(round(60 * float(f"{whole}.{tenths}"))), i, i + 2, tokens[i].prefix)
