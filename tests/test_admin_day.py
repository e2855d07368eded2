"""A day laid out: columns of time, gaps, what stands beside what."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from server.calendar.models import (
    Appointment,
    Business,
    BusinessFacts,
    Length,
    OpenHours,
    Opening,
    Service,
    Source,
    Staff,
    Status,
)
from server.web.admin_day import DayView, Place, lay_out

ZONE = ZoneInfo("Asia/Jerusalem")
DAY = dt.date(2026, 11, 22)


def hours(*openings: tuple[int, int]) -> OpenHours:
    def clock(hour: int) -> dt.time:
        return dt.time(hour % 24)

    day: tuple[Opening, ...] = tuple((clock(a), clock(b)) for a, b in openings)
    return OpenHours((day, *((),) * 6))


def facts(open_hours: OpenHours | None = None, *staff: Staff) -> BusinessFacts:
    business = Business(1, "ספא", "+97235550100", ZONE)
    service = Service(1, "עיסוי", (), (Length(60, 300),), (1,))
    return BusinessFacts(business, (service,), staff or (Staff(1, "מאיה"),), open_hours or hours((9, 13)))


def at(hour: int, minute: int = 0, day: dt.date = DAY) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), ZONE).astimezone(dt.UTC)


def booked(number: int, starts: dt.datetime, minutes: int = 60, **other: object) -> Appointment:
    made = Appointment(
        id=number,
        uid=str(number),
        business_id=1,
        service="עיסוי",
        staff="מאיה",
        starts_at=starts,
        ends_at=starts + dt.timedelta(minutes=minutes),
        customer_name="דני",
        customer_phone=None,
        needs_phone=False,
        status=Status.BOOKED,
        source=Source.CALL,
    )
    return replace(made, **other)  # type: ignore[arg-type]


def view(*appointments: Appointment, now: dt.datetime | None = None, of: BusinessFacts | None = None) -> DayView:
    return lay_out(of or facts(), appointments, DAY, now or at(8))


def test_rows_are_five_minutes_from_the_first_full_hour() -> None:
    [column] = view(booked(1, at(9, 15), 45)).columns
    assert column.blocks[0].place == Place(row=4, span=9)
    assert column.open == (Place(row=1, span=48),)
    assert view().hours == ((1, "09:00"), (13, "10:00"), (25, "11:00"), (37, "12:00"))


def test_gaps_are_what_is_open_and_free_for_half_an_hour_at_least() -> None:
    [column] = view(booked(1, at(9, 20)), booked(2, at(11), 90)).columns
    assert [(gap.starts, gap.minutes) for gap in column.gaps] == [(dt.time(10, 20), 40), (dt.time(12, 30), 30)]


def test_a_break_is_no_gap() -> None:
    [column] = view(of=facts(hours((9, 11), (12, 13)))).columns
    assert [(gap.starts.hour, gap.minutes) for gap in column.gaps] == [(9, 120), (12, 60)]


def test_a_day_that_ends_at_midnight_is_whole() -> None:
    [column] = view(booked(1, at(23), 60), of=facts(hours((20, 24)))).columns
    assert column.blocks[0].place == Place(row=37, span=12)
    assert [gap.minutes for gap in column.gaps] == [180]


def test_what_is_outside_opening_hours_is_shown_all_the_same() -> None:
    shown = view(booked(1, at(7, 30)))
    assert shown.hours[0] == (1, "07:00")
    assert shown.columns[0].blocks[0].place == Place(row=7, span=12)


def test_what_runs_past_midnight_ends_with_the_day() -> None:
    assert view(booked(1, at(23, 30), 120)).columns[0].blocks[0].place.span == 6


def test_appointments_at_the_same_time_stand_side_by_side() -> None:
    [column] = view(booked(1, at(9)), booked(2, at(9, 30)), booked(3, at(10))).columns
    assert [block.lane for block in column.blocks] == [0, 1, 0]
    assert column.lane_count == 2


@pytest.mark.parametrize(("hour", "row"), [(9, 1), (10, 13), (12, 37), (8, None), (13, None)])
def test_the_line_of_now_is_where_the_clock_is(hour: int, row: int | None) -> None:
    assert view(now=at(hour)).now_row == row


def test_another_days_page_has_no_now() -> None:
    shown = view(booked(1, at(10)), now=at(9, day=DAY - dt.timedelta(days=1)))
    assert (shown.now_row, shown.next) == (None, None)


def test_the_next_appointment_is_the_first_that_is_still_to_come() -> None:
    gone = booked(3, at(11), status=Status.CANCELLED)
    shown = view(booked(1, at(9)), booked(2, at(12)), gone, now=at(9, 30))
    assert shown.next is not None
    assert shown.next.id == 2
    assert [(b.is_past, b.is_now) for b in shown.agenda] == [(False, True), (False, False)]


def test_what_is_cancelled_takes_no_time_and_is_told_apart() -> None:
    shown = view(booked(1, at(10), status=Status.CANCELLED), booked(2, at(10), status=Status.NO_SHOW))
    assert [one.id for one in shown.cancelled] == [1]
    assert [block.appointment.id for block in shown.agenda] == [2]
    assert shown.live_count == 0


def test_who_left_the_staff_keeps_a_column_while_there_are_appointments() -> None:
    shown = view(booked(1, at(10), staff="יוסי"))
    assert [column.staff for column in shown.columns] == ["מאיה", "יוסי"]


def test_own_hours_count_more_than_the_houses() -> None:
    [column] = view(of=facts(hours((9, 13)), Staff(1, "מאיה", hours((10, 12))))).columns
    assert [gap.minutes for gap in column.gaps] == [120]


def test_a_closed_day_is_one() -> None:
    assert view(of=facts(hours())).is_closed
    assert not view().is_closed


def test_the_night_the_clock_is_put_back_is_laid_out() -> None:
    day = dt.date(2027, 10, 31)
    shown = lay_out(facts(hours((0, 24))), [booked(1, at(10, day=day))], day, at(9, day=day))
    assert shown.columns[0].blocks[0].place == Place(row=121, span=12)
