"""What is free: a pure function of hours, busy times and the moment."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from server.calendar import availability
from server.calendar.availability import Wish
from server.calendar.busy import BusyTimes
from server.calendar.diary import Diary, Wanted
from server.calendar.hours import Plan, business_hours, open_hours, staff_hours, subtract
from server.calendar.instants import minute_of
from server.calendar.models import Business, BusinessFacts, Found, Length, Service, SlotQuery, Staff

ZONE = ZoneInfo("Asia/Jerusalem")
SUNDAY = dt.date(2026, 11, 22)
NOW = dt.datetime(2026, 11, 22, 8, 0, tzinfo=dt.UTC)
DAY = ((9 * 60, 17 * 60),)
MASSAGE = Service(1, "עיסוי", (), (Length(60, 300),), (1, 2))
MAYA, RON = Staff(1, "מאיה"), Staff(2, "רון")


def hours(*spans: tuple[float, float]) -> tuple[tuple[int, int], ...]:
    return tuple((int(a * 60), int(b * 60)) for a, b in spans)


def facts(week: tuple[tuple[tuple[int, int], ...], ...] = (DAY,) * 7, **other: object) -> BusinessFacts:
    business = Business(1, "ספא", "+97235550100", ZONE, horizon_days=700)
    plain = BusinessFacts(business, (MASSAGE,), (MAYA, RON), open_hours(Plan(week)))
    return replace(plain, **other)  # type: ignore[arg-type]


def diary(known: BusinessFacts | None = None, busy: BusyTimes | None = None, now: dt.datetime = NOW) -> Diary:
    return Diary(known or facts(), busy or BusyTimes(), now)


def at(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), ZONE)


def taken(*entries: tuple[int, dt.datetime, int]) -> BusyTimes:
    """Busy times from (staff id, start, minutes)."""
    return BusyTimes((who, 0, minute_of(start), minute_of(start) + minutes) for who, start, minutes in entries)


def find(known: Diary, first: dt.date, last: dt.date | None = None, minutes: int = 60, **query: object) -> Found:
    wanted = Wanted(known.facts.services[0], minutes, known.facts.staff)
    return availability.find(known, wanted, SlotQuery("עיסוי", **query), first, last or first)  # type: ignore[arg-type]


def shown(found: Found) -> list[str]:
    return [f"{slot.starts_at.astimezone(ZONE):%a %H:%M}" for slot in found.slots]


MONDAY = SUNDAY + dt.timedelta(days=1)
TUESDAY = SUNDAY + dt.timedelta(days=2)


def test_a_slot_for_each_start_and_staff_member_earliest_first() -> None:
    found = find(diary(), MONDAY, limit=4)
    assert [(s.starts_at, s.staff) for s in found.slots] == [
        (at(MONDAY, 9), "מאיה"),
        (at(MONDAY, 9), "רון"),
        (at(MONDAY, 9, 15), "מאיה"),
        (at(MONDAY, 9, 15), "רון"),
    ]


def test_the_last_start_lets_the_treatment_end_at_closing_time() -> None:
    assert find(diary(), MONDAY, limit=999).slots[-1].ends_at == at(MONDAY, 17)


def test_a_fully_booked_staff_member_is_left_out() -> None:
    found = find(diary(busy=taken((1, at(MONDAY, 9), 480))), MONDAY, limit=999)
    assert {slot.staff for slot in found.slots} == {"רון"}


def test_a_treatment_may_touch_its_neighbours_but_not_overlap_them() -> None:
    busy = taken((1, at(MONDAY, 10), 60), (1, at(MONDAY, 12), 60), (2, at(MONDAY, 9), 480))
    assert shown(find(diary(busy=busy), MONDAY, time_to=dt.time(13))) == ["Mon 09:00", "Mon 11:00"]


def test_buffers_keep_their_distance_on_both_sides() -> None:
    known = facts(services=(replace(MASSAGE, buffer_before_min=15, buffer_after_min=15),), staff=(MAYA,))
    busy = taken((1, at(MONDAY, 11), 60))
    assert shown(find(diary(known, busy), MONDAY, time_from=dt.time(9, 30), time_to=dt.time(12, 30))) == [
        "Mon 09:30",
        "Mon 09:45",
        "Mon 12:15",
    ]


def test_lanes_are_several_at_the_same_time() -> None:
    room = Staff(3, "בריכה", lanes=2)
    service = replace(MASSAGE, staff_ids=(3,))
    rows = [(3, 0, minute_of(at(MONDAY, 10)), minute_of(at(MONDAY, 11)))]
    known = facts(services=(service,), staff=(room,))
    wanted = Wanted(service, 60, (room,))
    assert availability.place(diary(known, BusyTimes(rows)), wanted, at(MONDAY, 10)) == (room, 1)
    assert availability.place(diary(known, BusyTimes(rows)), wanted, at(MONDAY, 11)) == (room, 0)
    rows.append((3, 1, minute_of(at(MONDAY, 10)), minute_of(at(MONDAY, 11))))
    assert availability.place(diary(known, BusyTimes(rows)), wanted, at(MONDAY, 10, 30)) is None


def test_a_start_that_several_lanes_could_take_is_offered_once() -> None:
    room = Staff(3, "בריכה", lanes=3)
    service = replace(MASSAGE, staff_ids=(3,))
    rows = [(3, lane, minute_of(at(MONDAY, 9 + lane)), minute_of(at(MONDAY, 10 + lane))) for lane in range(3)]
    known = facts(services=(service,), staff=(room,))
    starts = shown(find(diary(known, BusyTimes(rows)), MONDAY, limit=999))
    assert starts == shown(find(diary(known), MONDAY, limit=999))


def test_hours_in_several_pieces() -> None:
    known = facts((hours((9, 11), (16, 18)),) * 7)
    assert shown(find(diary(known), MONDAY, limit=999))[::2] == [
        f"Mon {h:02}:{m:02}"
        for h, m in [(9, 0), (9, 15), (9, 30), (9, 45), (10, 0), (16, 0), (16, 15), (16, 30), (16, 45), (17, 0)]
    ]


def test_a_window_of_hours_and_weekdays() -> None:
    found = find(diary(), SUNDAY, SUNDAY + dt.timedelta(days=6), time_from=dt.time(16), days=frozenset({2, 3}))
    assert set(shown(found)) == {"Tue 16:00", "Wed 16:00"}


def test_ended_by_an_hour() -> None:
    assert shown(find(diary(), MONDAY, ends_by=dt.time(10)))[-1] == "Mon 09:00"


def test_excluded_dates_are_passed_over() -> None:
    found = find(diary(), MONDAY, TUESDAY, limit=999, excluded_dates=frozenset({MONDAY}))
    assert {text[:3] for text in shown(found)} == {"Tue"}


def test_lead_time_and_horizon() -> None:
    assert shown(find(diary(), SUNDAY))[0] == "Sun 11:00"
    just_after = NOW + dt.timedelta(seconds=1)
    assert shown(find(diary(now=just_after), SUNDAY))[0] == "Sun 11:15"


@pytest.mark.parametrize(
    ("first", "query", "reason"),
    [
        (SUNDAY - dt.timedelta(days=1), {}, "in_the_past"),
        (SUNDAY, {"time_from": dt.time(9), "time_to": dt.time(9, 30)}, "in_the_past"),
        (SUNDAY, {"time_from": dt.time(10), "time_to": dt.time(10, 45)}, "too_soon"),
        (SUNDAY + dt.timedelta(days=701), {}, "too_far"),
        (SUNDAY + dt.timedelta(days=6), {}, "closed_day"),
        (MONDAY, {"time_from": dt.time(18)}, "outside_hours"),
        (MONDAY, {"time_from": dt.time(12, 1), "time_to": dt.time(12, 14)}, "off_grid"),
        (TUESDAY, {}, "fully_booked"),
        (SUNDAY - dt.timedelta(days=1), {"days": frozenset()}, "in_the_past"),
    ],
)
def test_why_nothing_is_free(first: dt.date, query: dict[str, object], reason: str) -> None:
    known = facts((*((DAY,) * 6), ()))
    busy = taken((1, at(TUESDAY, 9), 480), (2, at(TUESDAY, 9), 480))
    assert find(diary(known, busy), first, **query) == Found((), (), reason)  # type: ignore[arg-type]


def around(known: Diary, wish: Wish, minutes: int = 60) -> list[str]:
    wanted = Wanted(known.facts.services[0], minutes, known.facts.staff)
    slots = availability.alternatives(known, wanted, wish)
    return [f"{slot.starts_at.astimezone(ZONE):%a %H:%M} {slot.staff}" for slot in slots]


def test_alternatives_come_from_before_and_after_then_from_other_days() -> None:
    busy = taken((1, at(MONDAY, 12), 60), (2, at(MONDAY, 12), 60))
    assert around(diary(busy=busy), Wish(MONDAY, 12 * 60)) == [
        "Mon 11:00 מאיה",
        "Mon 13:00 מאיה",
        "Tue 12:00 מאיה",
        "Sun 12:00 מאיה",
    ]


def test_the_nearer_of_before_and_after_comes_first() -> None:
    busy = taken((1, at(MONDAY, 11), 120), (2, at(MONDAY, 11), 120))
    assert around(diary(busy=busy), Wish(MONDAY, 12 * 60))[:2] == ["Mon 13:00 מאיה", "Mon 10:00 מאיה"]


def test_alternatives_of_a_closed_day_are_the_same_hour_of_its_neighbours() -> None:
    known = facts((*((DAY,) * 6), ()))
    saturday = SUNDAY + dt.timedelta(days=6)
    assert around(diary(known), Wish(saturday, 12 * 60))[:2] == ["Sun 12:00 מאיה", "Fri 12:00 מאיה"]


def test_alternatives_without_an_hour_are_the_first_of_each_day() -> None:
    known = facts((*((DAY,) * 6), ()))
    saturday = SUNDAY + dt.timedelta(days=6)
    assert around(diary(known), Wish(saturday)) == [
        "Sun 09:00 מאיה",
        "Fri 09:00 מאיה",
        "Mon 09:00 מאיה",
        "Thu 09:00 מאיה",
    ]


def test_excluded_days_are_no_alternatives() -> None:
    busy = taken((1, at(MONDAY, 9), 480), (2, at(MONDAY, 9), 480))
    wish = Wish(MONDAY, 12 * 60, excluded=frozenset({TUESDAY}))
    assert around(diary(busy=busy), wish)[:2] == ["Sun 12:00 מאיה", "Wed 12:00 מאיה"]


def test_a_wish_in_the_past_or_beyond_the_horizon_looks_at_the_nearest_days() -> None:
    assert around(diary(), Wish(SUNDAY - dt.timedelta(days=400), 12 * 60))[0] == "Sun 12:00 מאיה"
    assert around(diary(), Wish(dt.date(9000, 1, 1), 12 * 60))


# Israel's clocks: 02:00 to 03:00 on 26 March 2027 does not exist, 01:00 to 02:00 on 31 October 2027 comes twice.
SPRING, AUTUMN = dt.date(2027, 3, 26), dt.date(2027, 10, 31)
NIGHT = facts((hours((0, 6)),) * 7, staff=(MAYA,))


def test_a_skipped_hour_is_never_offered() -> None:
    starts = shown(find(diary(NIGHT), SPRING, minutes=30, limit=999))
    assert [text for text in starts if "02:00" <= text[4:] < "03:00"] == []
    assert {"Fri 01:45", "Fri 03:00", "Fri 05:30"} <= set(starts)
    assert len(starts) == len(set(starts))


def test_a_treatment_across_the_skipped_hour_lasts_as_long_as_it_should() -> None:
    slot = find(diary(NIGHT), SPRING, time_from=dt.time(1, 30), minutes=60).slots[0]
    assert slot.ends_at - slot.starts_at == dt.timedelta(minutes=60)
    assert slot.ends_at.astimezone(ZONE).time() == dt.time(3, 30)


@pytest.mark.parametrize(
    ("day", "closes", "last"), [(SPRING, 2.5, "01:00"), (AUTUMN, 1.5, "01:00"), (AUTUMN, 2, "01:45")]
)
def test_closing_in_the_hour_that_changes_is_taken_at_its_earlier_reading(
    day: dt.date, closes: float, last: str
) -> None:
    known = facts((hours((0, closes)),) * 7, staff=(MAYA,))
    assert shown(find(diary(known), day, minutes=30, limit=999))[-1][4:] == last


def test_a_doubled_hour_is_offered_once() -> None:
    starts = shown(find(diary(NIGHT), AUTUMN, minutes=30, limit=999))
    assert len(starts) == len(set(starts))
    assert "Sun 01:30" in starts
    assert starts[-1] == "Sun 05:30"


def test_the_second_pass_of_a_doubled_hour_is_refused() -> None:
    wanted = Wanted(MASSAGE, 30, (MAYA,))
    first = at(AUTUMN, 1, 30)
    assert availability.refuse(diary(NIGHT), wanted, first) is None
    assert availability.refuse(diary(NIGHT), wanted, first.replace(fold=1)) == "off_grid"


def test_an_opening_that_ends_at_midnight() -> None:
    known = facts((hours((22, 24)),) * 7)
    assert shown(find(diary(known), MONDAY, limit=999))[-1] == "Mon 23:00"


def test_breaks_and_exceptions_of_staff_lie_within_the_business() -> None:
    business = business_hours(Plan((DAY,) * 7, exceptions={TUESDAY: (), MONDAY: hours((8, 20))}))
    lunch = tuple(hours((12, 13)) for _ in range(7))
    own = staff_hours(business, Plan(None, lunch, {SUNDAY: hours((7, 10))}))
    worked = open_hours(own)
    assert worked.on(SUNDAY) == ((dt.time(9), dt.time(10)),)
    assert worked.on(MONDAY) == ((dt.time(8), dt.time(12)), (dt.time(13), dt.time(20)))
    assert worked.on(TUESDAY) == ()
    assert worked.on(TUESDAY + dt.timedelta(days=1)) == ((dt.time(9), dt.time(12)), (dt.time(13), dt.time(17)))


def test_what_is_left_of_hours_after_breaks() -> None:
    assert subtract(hours((9, 12), (14, 18)), hours((11, 15), (17, 20))) == hours((9, 11), (15, 17))
    assert subtract(hours((9, 12)), ()) == hours((9, 12))
    assert subtract(hours((9, 12)), hours((0, 24))) == ()
