"""A business is described in a YAML file; what is wrong with the file is said by line."""

import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import Engine

from server.calendar.booking import Bookings
from server.calendar.closures import close_days, reopen_days
from server.calendar.description import BadDescription, read_description
from server.calendar.models import Actor, Appointment, BusinessFacts, Refusal, Source
from server.calendar.setup import DEMO_BUSINESS, load_business
from tests.desk import MONDAY, OWNER, SUNDAY, Desk, Noon

SALON = """\
name: מספרה
number: 03-5550101
lead_min: 0
hours:
  sunday: [09:00-13:00, 16:00-19:00]
  monday: 9:00-18:00
  friday: 09:00-15:00
breaks:
  monday: 12:00-12:30
holidays:
  keep: yes
  eves_close_at: 13:00
  chol_hamoed: short
exceptions:
  - from: 2026-11-29
    note: חתונה
  - {from: 2026-12-07, hours: 10:00-12:00}
staff:
  - name: אבי
  - name: דנה
    lanes: 2
    hours: {monday: 10:00-24:00}
    breaks: {monday: 14:00-15:00}
    exceptions: [{from: 2026-12-14, to: 2026-12-20}]
services:
  - name: תספורת
    aliases: [גבר, ילד]
    lengths: {30: 80, 45: 120}
    buffer_after_min: 5
    colour: "#aabbcc"
  - name: צבע
    lengths: {90: 300}
    staff: [דנה]
    hidden: true
"""


def written(directory: Path, text: str) -> Path:
    path = directory / "salon.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def facts_of(engine: Engine, path: Path) -> BusinessFacts:
    business = load_business(engine, path)
    return Bookings(engine, Noon()).facts(business.id)


def test_the_demo_business_is_what_the_contract_says(engine: Engine) -> None:
    facts = facts_of(engine, DEMO_BUSINESS)
    business = facts.business
    assert (business.name, business.number, business.zone.key) == ("ספא לוטוס", "+97235550100", "Asia/Jerusalem")
    assert (business.grid_min, business.lead_min, business.horizon_days) == (15, 60, 90)
    week = facts.hours.weekly
    assert week[:5] == (((dt.time(9), dt.time(20)),),) * 5
    assert week[5:] == (((dt.time(9), dt.time(14)),), ())
    assert not facts.hours.exceptions
    assert [s.name for s in facts.staff] == ["מאיה", "רון"]
    assert {s.name: (s.aliases, {x.minutes: x.price for x in s.lengths}) for s in facts.services} == {
        "עיסוי שוודי": (("שוודי", "שבדי", "קלאסי"), {45: 280, 60: 350, 90: 480}),
        "רקמות עמוק": (("רקמות", "דיפ טישו"), {60: 380, 90: 520}),
        "אבנים חמות": (("הוט סטון",), {75: 420}),
        "רפלקסולוגיה": (("כפות רגליים",), {45: 260}),
        "טיפול פנים": (("פנים",), {60: 320}),
    }
    maya, ron = (person.id for person in facts.staff)
    assert [set(s.staff_ids) for s in facts.services] == [{maya, ron}] * 4 + [{maya}]


def test_everything_of_a_description_arrives(engine: Engine, tmp_path: Path) -> None:
    facts = facts_of(engine, written(tmp_path, SALON))
    assert facts.business.number == "+97235550101"
    assert facts.hours.on(SUNDAY) == ((dt.time(9), dt.time(13)), (dt.time(16), dt.time(19)))
    assert facts.hours.on(MONDAY) == ((dt.time(9), dt.time(12)), (dt.time(12, 30), dt.time(18)))
    assert facts.hours.on(dt.date(2026, 11, 27)) == ((dt.time(9), dt.time(13)),)  # a Friday, short as an eve
    assert facts.hours.on(dt.date(2026, 11, 29)) == ()
    assert facts.hours.on(dt.date(2026, 12, 7)) == ((dt.time(10), dt.time(12)),)
    avi, dana = facts.staff
    assert (avi.hours, dana.lanes) == (None, 2)
    assert dana.hours is not None
    assert dana.hours.on(SUNDAY) == ()
    assert dana.hours.on(MONDAY) == (
        (dt.time(10), dt.time(12)),
        (dt.time(12, 30), dt.time(14)),
        (dt.time(15), dt.time(18)),
    )
    assert dana.hours.on(dt.date(2026, 12, 14)) == ()
    cut, colour = facts.services
    assert (cut.buffer_after_min, cut.colour, colour.is_hidden, colour.staff_ids) == (5, "#aabbcc", True, (dana.id,))


def test_the_owners_word_goes_before_the_holiday(engine: Engine, tmp_path: Path) -> None:
    text = SALON.replace("lead_min: 0", "lead_min: 0\nhorizon_days: 365")
    text = text.replace("- from: 2026-11-29", "- {from: 2027-04-22, hours: 10:00-12:00}\n  - from: 2026-11-29")
    hours = facts_of(engine, written(tmp_path, text)).hours
    assert hours.on(dt.date(2027, 4, 22)) == ((dt.time(10), dt.time(12)),)
    assert hours.on(dt.date(2027, 4, 28)) == ()
    assert hours.on(dt.date(2027, 4, 26)) == ((dt.time(9), dt.time(12)), (dt.time(12, 30), dt.time(13)))


def test_loading_again_updates_and_retires_what_is_gone(engine: Engine, tmp_path: Path) -> None:
    desk = Desk(engine, written(tmp_path, SALON))
    made = desk.books(desk.at(12, 30), service="צבע", minutes=90)
    without = SALON[: SALON.index("  - name: צבע")].replace("30: 80", "30: 90")
    again = load_business(engine, written(tmp_path, without))
    facts = desk.bookings.facts(again.id)
    assert again.id == desk.business.id
    assert [s.name for s in facts.services] == ["תספורת"]
    assert facts.services[0].lengths[0].price == 90
    assert desk.bookings.get(again.id, made.id) == made
    assert desk.refused(desk.at(14), service="צבע", minutes=90).code == "unknown_service"


def test_what_was_booked_of_a_retired_service_can_still_be_moved(engine: Engine, tmp_path: Path) -> None:
    desk = Desk(engine, written(tmp_path, SALON))
    made = desk.books(desk.at(12, 30), service="צבע", minutes=90)
    load_business(engine, written(tmp_path, SALON[: SALON.index("  - name: צבע")]))
    moved = desk.bookings.reschedule(desk.business.id, made.id, desk.at(15), actor=OWNER)
    assert isinstance(moved, Appointment), moved
    assert (moved.service, moved.starts_at, moved.staff, moved.price) == ("צבע", desk.at(15), "דנה", made.price)


def test_lanes_that_are_booked_cannot_be_taken_away(engine: Engine, tmp_path: Path) -> None:
    desk = Desk(engine, written(tmp_path, SALON))
    two = [desk.books(desk.at(12, 30), name, service="צבע", minutes=90) for name in ("רות", "נעמי")]
    fewer = written(tmp_path, SALON.replace("lanes: 2", "lanes: 1"))
    with pytest.raises(BadDescription, match="דנה is booked 2 at a time"):
        load_business(engine, fewer, desk.clock)
    desk.bookings.cancel(desk.business.id, two[1].id, actor=Actor(Source.ADMIN))
    load_business(engine, fewer, desk.clock)
    assert desk.refused(desk.at(12, 30), "שרה", service="צבע", minutes=90).code == "slot_taken"


def test_another_process_sees_changed_settings_at_once(engine: Engine, tmp_path: Path) -> None:
    desk = Desk(engine, written(tmp_path, SALON))
    assert desk.finds("תספורת", 30, date_from=MONDAY).slots
    close_days(engine, desk.business, MONDAY)
    assert desk.finds("תספורת", 30, date_from=MONDAY).reason == "closed_day"
    assert desk.refused(desk.at(11), service="תספורת", minutes=30).code == "closed_day"
    assert reopen_days(engine, desk.business, MONDAY) == 1
    assert desk.books(desk.at(11), service="תספורת", minutes=30)


def test_closing_a_day_tells_how_many_stay_booked(engine: Engine) -> None:
    desk = Desk(engine)
    desk.books(desk.at(12), staff="מאיה")
    assert close_days(engine, desk.business, MONDAY, staff="רון") == 0
    assert close_days(engine, desk.business, MONDAY, staff="מאיה", spans=["09:00-10:00"]) == 1
    assert desk.starts(desk.finds(date_from=MONDAY).slots) == ["11-23 09:00 מאיה"]
    with pytest.raises(ValueError, match="not among the staff"):
        close_days(engine, desk.business, MONDAY, staff="יוסי")


def test_moving_an_appointment_of_a_closed_day_needs_an_open_one(engine: Engine) -> None:
    desk = Desk(engine)
    made = desk.books(desk.at(12), call_sid="CA1")
    close_days(engine, desk.business, MONDAY)
    done = desk.bookings.reschedule(desk.business.id, made.id, desk.at(13), actor=Actor(Source.CALL, "CA1"))
    assert isinstance(done, Refusal)
    assert done.code == "closed_day"


FAULTS = [
    ("name: מספרה", "name: ''", 1, "must hold a letter"),
    ("number: 03-5550101", "number: 12", 2, "no phone number"),
    ("monday: 9:00-18:00", "monday: 18:00-9:00", 6, "ends before it begins"),
    ("monday: 9:00-18:00", "monday: 25:00-26:00", 6, "no clock shows"),
    ("monday: 9:00-18:00", "monday: בוקר", 6, "no time span"),
    ("monday: 9:00-18:00", "monday: 25:00-20:00", 6, "no clock shows"),
    ("monday: 9:00-18:00", "sunday: 9:00-18:00", 6, "appears twice"),
    ("monday: 9:00-18:00", "monday: &a [*a]", 6, "contains itself"),
    ("monday: 9:00-18:00", "? [monday]\n  : 9:00-18:00", 6, "single word"),
    ("monday: 9:00-18:00", "moonday: 9:00-18:00", 6, "Extra inputs"),
    ("sunday: [09:00-13:00, 16:00-19:00]", "sunday: [09:00-13:00, 12:00-19:00]", 5, "overlap"),
    ("lanes: 2", "lanes: 0", 21, "greater than or equal to 1"),
    ("from: 2026-11-29", "from: 2026-13-29", 15, "date"),
    ("to: 2026-12-20", "to: 2026-12-01", 24, "ends before it begins"),
    ("lengths: {90: 300}", "lengths: {-90: 300}", 32, "greater than or equal to 1"),
    ("lengths: {90: 300}", "lengths: {90: free}", 32, "valid integer"),
    ("lengths: {90: 300}", "lengths: {}", 32, "at least 1"),
    ("staff: [דנה]", "staff: [רחל]", 33, "not among the staff"),
    ("aliases: [גבר, ילד]", "aliases: [גבר, צבע]", 27, "appears twice"),
    ("name: מספרה", "name: מספרה\nzone: Asia/Atlantis", 2, "no time zone"),
    ("name: מספרה", "name: [", 3, "expected"),
]


@pytest.mark.parametrize(("good", "bad", "line", "words"), FAULTS, ids=[f"{f[2]}: {f[3]}" for f in FAULTS])
def test_faults_are_told_by_line(tmp_path: Path, good: str, bad: str, line: int, words: str) -> None:
    assert good in SALON
    with pytest.raises(BadDescription) as told:
        read_description(written(tmp_path, SALON.replace(good, bad)))
    assert f"salon.yaml, line {line}: " in str(told.value)
    assert words in str(told.value)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"- 1\n- 2", b"name", b"\x00"])
def test_files_that_describe_nothing(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "salon.yaml"
    path.write_bytes(content)
    with pytest.raises(BadDescription, match="line 1: "):
        read_description(path)


def test_a_faulty_file_changes_nothing(engine: Engine, tmp_path: Path) -> None:
    facts = facts_of(engine, written(tmp_path, SALON))
    with pytest.raises(BadDescription):
        load_business(engine, written(tmp_path, SALON.replace("lanes: 2", "lanes: many")))
    assert Bookings(engine, Noon()).facts(facts.business.id) == facts
