"""A line that names two days, or one day and how far from it: never another day than the one wished without a doubt."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from server.hebrew.understand import understand
from tests.hebrew_corpus import MOMENTS, VOCABULARY, ZONE

NOW = dt.datetime.fromisoformat(MOMENTS["tuesday"]).replace(tzinfo=ZONE)
DAYS = {"ראשון": 29, "רביעי": 25, "חמישי": 26, "שישי": 27}
"""Weekdays and the day of November on which they come next."""

PAIRS = list(itertools.permutations(DAYS, 2))

TOLD_BESIDE = (
    "אחותי באה אליכם ביום {told} ואני רוצה לבוא ביום {wished}",
    "יש לנו אירוע ביום {told} תקבעי לי ליום {wished}",
    "הציעו לי את {told} אבל אני צריכה את {wished}",
    "שמעתי שאתם סגורים ביום {told} אפשר ביום {wished}",
    "ההורים חוזרים ביום {told} ואני מחפשת להם משהו ביום {wished}",
    "כתוב לי {told} אבל קבעתי {wished}",
    "בעלי קבוע אצלכם בימי {told} אבל אני צריכה {wished}",
    "לי ביום {wished} ולבעלי ביום {told}",
    "החבילה מגיעה ביום {told}, תרשמי אותי ליום {wished}",
)
JOINED = ("ביום {a} או ביום {b}", "אפשר ביום {a} ואם אין אז ביום {b}", "ב{a} או ב{b} בבוקר")


def november(day: int) -> dt.date:
    return dt.date(2026, 11, day)


@pytest.mark.parametrize("line", TOLD_BESIDE)
def test_a_day_told_beside_the_wish_never_takes_its_place_in_silence(line: str) -> None:
    for told, wished in PAIRS:
        meaning = understand(line.format(told=told, wished=wished), NOW, None, VOCABULARY)
        is_right = meaning.date == november(DAYS[wished])
        assert is_right or "date" in meaning.ambiguous, (told, wished, meaning.date, meaning.date_from)


@pytest.mark.parametrize("line", JOINED)
def test_days_in_a_row_that_are_plainly_joined_leave_no_doubt(line: str) -> None:
    for first, second in (("רביעי", "חמישי"), ("חמישי", "שישי")):
        meaning = understand(line.format(a=first, b=second), NOW, None, VOCABULARY)
        assert (meaning.date_from, meaning.date_to) == (november(DAYS[first]), november(DAYS[second]))
        assert "date" not in meaning.ambiguous


@pytest.mark.parametrize(
    ("offset", "days"),
    [("יום לפני", -1), ("יום קודם", -1), ("יום אחרי", 1), ("למחרת", 1), ("יומיים אחר כך", 2), ("שלושה ימים אחרי", 3)],
)
def test_days_are_counted_from_the_one_that_is_named(offset: str, days: int) -> None:
    for name, day in DAYS.items():
        meaning = understand(f"החתונה ביום {name}, תקבעי לי {offset}", NOW, None, VOCABULARY)
        assert meaning.date == november(day) + dt.timedelta(days), (name, offset)


@pytest.mark.parametrize(
    "line",
    [
        "השובר בתוקף עד ה-1 לדצמבר, אפשר לפני",
        "ביום רביעי אני לא יכולה להגיע, אפשר תאריך אחר",
        "אני נוסעת לאילת ביום רביעי",
        "להזיז את התור של רביעי",
        "האירוע ב-3 לדצמבר, אפשר לבוא ב-2",
    ],
)
def test_a_day_that_may_not_be_the_wish_is_in_doubt(line: str) -> None:
    meaning = understand(line, NOW, None, VOCABULARY)
    is_day_found = meaning.date is not None or meaning.date_from is not None
    assert not is_day_found or "date" in meaning.ambiguous
