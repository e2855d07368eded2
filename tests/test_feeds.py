"""Calendar feeds: read by a strict reader, as an owner's phone would."""

import dataclasses
import datetime as dt

import icalendar
import pytest
from sqlalchemy import Engine

from server.calendar.ical import feed
from server.calendar.models import Appointment
from tests.desk import OWNER, Desk


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)


def read(desk: Desk, token: str) -> icalendar.Calendar:
    known = desk.bookings.feed_by_token(token)
    assert known is not None
    return icalendar.Calendar.from_ical(feed(known.business, known.appointments, desk.clock.now(), known.staff))


def events(calendar: icalendar.Calendar) -> list[icalendar.Event]:
    return [part for part in calendar.walk("VEVENT") if isinstance(part, icalendar.Event)]


def test_a_feed_shows_the_appointment_in_local_time(desk: Desk) -> None:
    made = desk.books(desk.at(12), "דני", customer_phone="0502345678", notes="שורה, ועוד;\nשורה")
    calendar = read(desk, desk.bookings.feeds.token(desk.business.id))
    [event] = events(calendar)
    assert event.start == made.starts_at
    assert event["dtstart"].params["TZID"] == "Asia/Jerusalem"
    assert (str(event["uid"]), str(event["summary"])) == (made.uid, "דני · עיסוי שוודי")
    assert str(event["description"]) == "מאיה\n+972502345678\nשורה, ועוד;\nשורה"
    assert (str(event["status"]), event["sequence"]) == ("CONFIRMED", 0)
    assert [str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")] == ["Asia/Jerusalem"]


def test_changes_keep_the_uid_and_raise_the_sequence(desk: Desk) -> None:
    made = desk.books(desk.at(12))
    token = desk.bookings.feeds.token(desk.business.id)
    desk.bookings.reschedule(desk.business.id, made.id, desk.at(15), actor=OWNER)
    desk.bookings.cancel(desk.business.id, made.id, actor=OWNER)
    [event] = events(read(desk, token))
    assert (str(event["uid"]), event["sequence"], str(event["status"])) == (made.uid, 2, "CANCELLED")


def test_a_staff_member_sees_his_own_alone(desk: Desk) -> None:
    desk.books(desk.at(12), "דני", staff="מאיה")
    desk.books(desk.at(12), "דנה", staff="רון")
    ron = next(person for person in desk.bookings.facts(desk.business.id).staff if person.name == "רון")
    calendar = read(desk, desk.bookings.feeds.token(desk.business.id, ron.id))
    assert [str(event["summary"]) for event in events(calendar)] == ["דנה · עיסוי שוודי"]
    assert str(calendar["x-wr-calname"]) == "ספא לוטוס · רון"


def test_a_token_stays_until_it_is_renewed(desk: Desk) -> None:
    feeds = desk.bookings.feeds
    old = feeds.token(desk.business.id)
    assert feeds.token(desk.business.id) == old
    new = feeds.renew(desk.business.id)
    assert feeds.by_token(old) is None
    assert feeds.by_token(new) is not None
    assert feeds.token(desk.business.id) == new


@pytest.mark.parametrize("token", ["", "x" * 10_000, "' OR 1=1 --", "\x00", "אבג"])
def test_unknown_tokens_show_nothing(desk: Desk, token: str) -> None:
    desk.bookings.feeds.token(desk.business.id)
    assert desk.bookings.feed_by_token(token) is None


def test_an_event_across_a_change_of_clocks_has_the_right_offsets(desk: Desk) -> None:
    night = dt.datetime(2027, 3, 26, 1, 30, tzinfo=desk.business.zone)
    made = desk.books(desk.at(12))
    late = _at(made, night)
    [event] = events(icalendar.Calendar.from_ical(feed(desk.business, [late], desk.clock.now())))
    assert event.end.astimezone(dt.UTC) - event.start.astimezone(dt.UTC) == dt.timedelta(hours=1)


def _at(made: Appointment, start: dt.datetime) -> Appointment:
    utc = start.astimezone(dt.UTC)
    return dataclasses.replace(made, starts_at=utc, ends_at=utc + dt.timedelta(hours=1))
