"""Display text as it is spoken."""

from __future__ import annotations

import datetime as dt

import pytest

from server.hebrew.say import (
    say_date,
    say_minutes,
    say_phone,
    say_price,
    say_range,
    say_relative_date,
    say_slot,
    say_time,
)
from server.hebrew.speak import speak
from server.hebrew.spoken_numbers import DAY, NOUNS, counted

SUNDAY = dt.date(2026, 11, 22)

SPOKEN = [
    ("קבעתי לכם ביום שני, 30.11, ב-16:30 אצל מאיה.", "קבעתי לכם ביום שני, שלושים בנובמבר, בארבע וחצי אצל מאיה."),
    ("ב-12:00", "בשתים עשרה"),
    ("ב-08:00", "בשמונה בבוקר"),
    ("ב-20:00 בערב", "בשמונה בערב"),
    ("ב-13:45", "ברבע לשתיים"),
    ("ב-10:50", "בעשרה לאחת עשרה"),
    ("ב-12:20", "בשתים עשרה ועשרים"),
    ("09:00–20:00", "מתשע עד שמונה בערב"),
    ("בין 16:00 ל-18:00", "בין ארבע לשש"),
    ("ב-10:00/11:00", "בעשר או אחת עשרה"),
    ("350 ₪", "שלוש מאות וחמישים שקלים"),
    ("₪350", "שלוש מאות וחמישים שקלים"),
    ("1 ₪", "שקל אחד"),
    ("2 ש״ח", "שני שקלים"),
    ('1,250 ש"ח', "אלף מאתיים וחמישים שקלים"),
    ("99.90 ₪", "תשעים ותשעה שקלים ותשעים אגורות"),
    ("280–480 ₪", "מאתיים ושמונים עד ארבע מאות ושמונים שקלים"),
    ("45 דקות", "ארבעים וחמש דקות"),
    ("90 דק׳", "שעה וחצי"),
    ("60 או 90 דקות", "שישים או תשעים דקות"),
    ("1 דקות", "דקה אחת"),
    ("2 דקות", "שתי דקות"),
    ("1.5 שעות", "שעה וחצי"),
    ("2 ימים", "יומיים"),
    ("3 ימים", "שלושה ימים"),
    ("30 ימים", "שלושים יום"),
    ("2-3 ימים", "שניים עד שלושה ימים"),
    ("ל-2 אנשים", "לשני אנשים"),
    ("3 מטפלות", "שלוש מטפלות"),
    ("12 תורים", "שנים עשר תורים"),
    ("5%", "חמישה אחוזים"),
    ("ב-1.12", "באחד בדצמבר"),
    ("1.12", "האחד בדצמבר"),
    ("ה-23 בנובמבר", "העשרים ושלושה בנובמבר"),
    ("ב-3.12.2026", "ביום חמישי, שלושה בדצמבר אלפיים עשרים ושישה"),
    ("2026-12-03", "יום חמישי, שלושה בדצמבר אלפיים עשרים ושישה"),
    ("ביום ג׳ 1/12", "ביום שלישי האחד בדצמבר"),
    ("א׳–ה׳", "ראשון עד חמישי"),
    ("050-1234567", "אפס חמש אפס, אחת שתיים שלוש, ארבע חמש שש שבע"),
    ("+972501234567", "אפס חמש אפס, אחת שתיים שלוש, ארבע חמש שש שבע"),
    ("03-5550100", "אפס שלוש, חמש חמש חמש, אפס אחת אפס אפס"),
    ("*5555", "כוכבית חמש חמש חמש חמש"),
    ("תרצה/י לקבוע?", "תרצה לקבוע?"),
    ("מחר אחה״צ", "מחר אחר הצהריים"),
    ("קָבַעְתִּי", "קבעתי"),
    ("**מעולה**", "מעולה"),
]


@pytest.mark.parametrize(("shown", "said"), SPOKEN)
def test_display_text_becomes_words(shown: str, said: str) -> None:
    assert speak(shown) == said


def test_plain_words_stay_as_they_are() -> None:
    assert speak("רגע, אני בודקת ביומן.") == "רגע, אני בודקת ביומן."


def test_dates_carry_their_weekday_and_far_ones_their_year() -> None:
    assert say_date(dt.date(2026, 11, 30), SUNDAY) == "יום שני, שלושים בנובמבר"
    assert say_date(dt.date(2026, 11, 28), SUNDAY) == "שבת, עשרים ושמונה בנובמבר"
    assert say_date(dt.date(2027, 11, 30), SUNDAY).endswith("בנובמבר אלפיים עשרים ושבעה")
    assert say_relative_date(SUNDAY, SUNDAY) == "היום"
    assert say_relative_date(dt.date(2026, 11, 23), SUNDAY) == "מחר, יום שני, עשרים ושלושה בנובמבר"


def test_slots_ranges_lengths_and_prices() -> None:
    assert say_slot(dt.date(2026, 11, 30), dt.time(16, 30), SUNDAY) == "יום שני, שלושים בנובמבר, בארבע וחצי"
    assert say_range(dt.time(9), dt.time(20)) == "מתשע עד שמונה בערב"
    assert say_minutes(75) == "שעה ורבע"
    assert say_minutes(150) == "שעתיים וחצי"
    assert say_price(480) == "ארבע מאות ושמונים שקלים"
    assert say_phone("+97235550100") == "אפס שלוש, חמש חמש חמש, אפס אחת אפס אפס"


def test_hours_are_feminine_and_take_a_part_of_day_only_where_it_helps() -> None:
    assert say_time(dt.time(15)) == "שלוש"
    assert say_time(dt.time(7, 30)) == "שבע וחצי בבוקר"
    assert say_time(dt.time(19, 45)) == "רבע לשמונה בערב"
    assert say_time(dt.time(10, 5)) == "עשר וחמישה"


def test_counted_nouns_agree_from_one_to_a_hundred() -> None:
    for noun in set(NOUNS.values()):
        for number in range(1, 101):
            said = counted(number, noun)
            assert not any(char.isdigit() for char in said)
            assert noun.one in said or noun.many in said or said == noun.dual
    assert counted(2, DAY) == "יומיים"
