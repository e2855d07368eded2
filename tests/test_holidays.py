"""Israel's holidays as opening hours."""

import datetime as dt

import pytest
from pyluach.dates import HebrewDate

from server.calendar.holidays import DayKind, holiday_hours, short_fridays, special_days
from server.calendar.models import CholHamoed, HolidayRule

WEEK = ((((9 * 60), (20 * 60)),),) * 7
YEAR = (dt.date(2027, 1, 1), dt.date(2027, 12, 31))


def hours(day: dt.date, chol_hamoed: CholHamoed = CholHamoed.OPEN, eves: dt.time | None = dt.time(13)) -> object:
    rule = HolidayRule(True, eves, chol_hamoed)
    return holiday_hours(rule, WEEK, *YEAR).get(day, "as usual")


SHORT, NOON = ((540, 780),), ((540, 720),)


@pytest.mark.parametrize(
    ("month", "day", "expected"),
    [
        (3, 23, "as usual"),  # Purim
        (4, 21, SHORT),  # eve of Pesach
        (4, 22, ()),  # Pesach
        (4, 25, "as usual"),  # chol hamoed
        (4, 27, SHORT),  # eve of its seventh day
        (4, 28, ()),
        (4, 29, "as usual"),
        (5, 12, ()),  # Independence Day
        (6, 10, SHORT),
        (6, 11, ()),  # Shavuot
        (10, 2, ()),  # Rosh Hashana, both days
        (10, 3, ()),
        (10, 10, NOON),  # eve of Kippur
        (10, 11, ()),
        (10, 16, ()),  # Sukkot
        (10, 22, SHORT),
        (10, 23, ()),  # Simchat Torah
        (12, 25, "as usual"),  # Hanukkah
    ],
)
def test_the_year_2027(month: int, day: int, expected: object) -> None:
    assert hours(dt.date(2027, month, day)) == expected


@pytest.mark.parametrize(
    ("choice", "middle", "last"),
    [(CholHamoed.OPEN, "as usual", SHORT), (CholHamoed.SHORT, SHORT, SHORT), (CholHamoed.CLOSED, (), ())],
)
def test_chol_hamoed_is_a_choice(choice: CholHamoed, middle: object, last: object) -> None:
    assert hours(dt.date(2027, 4, 25), choice) == middle
    assert hours(dt.date(2027, 4, 27), choice) == last


def test_a_business_that_keeps_no_holidays() -> None:
    assert holiday_hours(HolidayRule(False), WEEK, *YEAR) == {}
    assert short_fridays(HolidayRule(False, dt.time(13)), WEEK) == WEEK


def test_fridays_are_short_like_eves() -> None:
    assert short_fridays(HolidayRule(True, dt.time(13)), WEEK)[5] == SHORT
    assert short_fridays(HolidayRule(True), WEEK)[5] == WEEK[5]


def test_holidays_have_hebrew_names() -> None:
    names = {day.date: (day.kind, day.name) for day in special_days(*YEAR)}
    assert names[dt.date(2027, 4, 27)] == (DayKind.EVE, "ערב שביעי של פסח")
    assert names[dt.date(2027, 10, 11)] == (DayKind.HOLIDAY, "יום כיפור")
    assert names[dt.date(2027, 4, 25)] == (DayKind.CHOL_HAMOED, "חול המועד פסח")


def test_every_yom_tov_of_the_coming_years_is_closed_and_has_an_eve() -> None:
    """The two libraries agree: no festival of the Hebrew calendar is missing among the public holidays."""
    days = {day.date: day.kind for day in special_days(dt.date(2026, 1, 1), dt.date(2036, 12, 31))}
    for n in range(3650):
        day = dt.date(2026, 1, 2) + dt.timedelta(days=n)
        if HebrewDate.from_pydate(day).festival(israel=True, include_working_days=False):
            assert days[day] is DayKind.HOLIDAY
            assert days[day - dt.timedelta(days=1)] in (DayKind.EVE, DayKind.HOLIDAY)
