"""Hours, dates, prices, lengths and phone numbers as Israelis say them aloud. Our own parser reads them back."""

from __future__ import annotations

import datetime as dt

from server.hebrew.spoken_numbers import FEMININE, HOUR, MASCULINE, MINUTE, SHEKEL, counted, digits_in_words, in_words
from server.hebrew.wordlists import word_row

WEEKDAYS = ("ראשון", "שני", "שלישי", "רביעי", "חמישי", "שישי", "שבת")
"""From Sunday on."""

MONTHS = word_row("ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר")

_YEAR_SAID_AFTER_DAYS = 300
_TO_NEXT_HOUR = {45: "רבע", 50: "עשרה", 55: "חמישה"}
_PAST_HOUR = {15: "רבע", 30: "חצי"}


def say_weekday(day: dt.date) -> str:
    """ "יום שני", "שבת"."""
    name = WEEKDAYS[(day.weekday() + 1) % 7]
    return name if name == "שבת" else f"יום {name}"


def say_day_and_month(day: dt.date) -> str:
    """ "שלושים בנובמבר"; the first is "האחד בדצמבר"."""
    number = "האחד" if day.day == 1 else in_words(day.day, MASCULINE)
    return f"{number} ב{MONTHS[day.month - 1]}"


def say_date(day: dt.date, today: dt.date | None = None) -> str:
    """Weekday and date; the year only when it is far off. Without `today`, never a year."""
    said = f"{say_weekday(day)}, {say_day_and_month(day)}"
    if today is not None and not -30 < (day - today).days < _YEAR_SAID_AFTER_DAYS:
        return f"{said} {in_words(day.year, MASCULINE)}"
    return said


def say_relative_date(day: dt.date, today: dt.date) -> str:
    """ "היום", "מחר, יום שני, …" or the date: the weekday is always said but for today."""
    if day == today:
        return "היום"
    if (day - today).days == 1:
        return f"מחר, {say_date(day, today)}"
    return say_date(day, today)


def say_hour(hour: int) -> str:
    return in_words(hour % 12 or 12).replace("שתיים עשרה", "שתים עשרה")


def say_clock(time: dt.time) -> str:
    """The hour without its part of the day: "ארבע וחצי", "רבע לחמש", "עשר ועשרים"."""
    hour, minute = time.hour, time.minute
    if minute in _TO_NEXT_HOUR:
        return f"{_TO_NEXT_HOUR[minute]} ל{say_hour(hour + 1)}"
    if minute in _PAST_HOUR:
        return f"{say_hour(hour)} ו{_PAST_HOUR[minute]}"
    if minute == 0:
        return say_hour(hour)
    if minute in (5, 10):
        return f"{say_hour(hour)} ו{in_words(minute, MASCULINE)}"
    if minute < 20:
        return f"{say_hour(hour)} ו{in_words(minute, FEMININE)} דקות"
    return f"{say_hour(hour)} ו{in_words(minute, FEMININE)}"


def say_part(time: dt.time) -> str:
    """The part of the day, only where the hour alone may be misheard: up to eight and from seven in the evening on."""
    if time.hour < 4 or (time.hour, time.minute) == (0, 0):
        return "בלילה"
    if time.hour < 9:
        return "בבוקר"
    if 19 <= time.hour < 22:
        return "בערב"
    return "בלילה" if time.hour >= 22 else ""


def say_time(time: dt.time) -> str:
    """ "ארבע וחצי", "שמונה בבוקר", "רבע לשמונה בערב"."""
    part = say_part(time)
    return f"{say_clock(time)} {part}" if part else say_clock(time)


def say_slot(day: dt.date, time: dt.time, today: dt.date) -> str:
    """ "יום שני, שלושים בנובמבר, בארבע וחצי"."""
    return f"{say_relative_date(day, today)}, ב{say_time(time)}"


def say_range(low: dt.time, high: dt.time) -> str:
    """ "מתשע עד שמונה בערב"."""
    return f"מ{say_clock(low)} עד {say_time(high)}"


def say_minutes(minutes: int) -> str:
    """A length: "שעה וחצי", "ארבעים וחמש דקות", "שעתיים"."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return "חצי שעה" if rest == 30 else counted(rest, MINUTE)
    said = "שעה" if hours == 1 else counted(hours, HOUR)
    if not rest:
        return said
    if rest in (15, 30):
        return f"{said} ו{_PAST_HOUR[rest]}"
    return f"{said} ו{counted(rest, MINUTE)}"


def say_price(shekels: int) -> str:
    """ "שקל אחד", "שני שקלים", "שלוש מאות וחמישים שקלים"."""
    return counted(shekels, SHEKEL)


def say_phone(number: str) -> str:
    """Digit by digit, feminine, in groups: "אפס חמש אפס, אחת שתיים שלוש, …". Takes E.164 or a national number."""
    digits = "".join(char for char in number if char.isdigit())
    if digits.startswith("972"):
        digits = "0" + digits.removeprefix("972").removeprefix("0")
    head = 2 if len(digits) == 9 else 3
    groups = [digits[:head], digits[head : head + 3], digits[head + 3 :]]
    return ", ".join(digits_in_words(group) for group in groups if group)
