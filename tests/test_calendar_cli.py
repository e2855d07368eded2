"""The diary from the command line."""

import csv
import datetime as dt
import io
from pathlib import Path

import icalendar
import pytest

from server.calendar.__main__ import main
from server.calendar.booking import Bookings
from server.calendar.models import BookingRequest, Source
from server.clock import SystemClock
from server.db.engine import make_engine


def run(url: str, *arguments: str) -> tuple[int, str]:
    out = io.StringIO()
    return main(["--database", url, *arguments], out), out.getvalue()


def next_monday() -> dt.date:
    today = dt.datetime.now(dt.UTC).date()
    return today + dt.timedelta(days=7 - today.weekday())


def test_from_an_empty_database_to_a_free_time(empty_database_url: str) -> None:
    assert run(empty_database_url, "setup") == (0, "ספא לוטוס answers under +97235550100\n")
    day = str(next_monday())
    done, text = run(
        empty_database_url, "slots", "שוודי", "--minutes", "60", "--from", day, "--after", "12:00", "--limit", "2"
    )
    assert (done, text) == (0, f"{day} 12:00 מאיה\n{day} 12:00 רון\n")


def test_closing_and_reopening(empty_database_url: str) -> None:
    run(empty_database_url, "setup")
    day = str(next_monday())
    assert run(empty_database_url, "close", day, "--note", "חתונה") == (
        0,
        "closed; 0 appointments on these days stay booked\n",
    )
    assert run(empty_database_url, "slots", "שוודי", "--from", day)[1].startswith("nothing (closed_day); nearest:\n")
    assert run(empty_database_url, "close", day, "--hours", "10:00-11:00")[0] == 0
    assert run(empty_database_url, "slots", "שוודי", "--from", day, "--limit", "1")[1] == f"{day} 10:00 מאיה\n"
    assert run(empty_database_url, "reopen", day) == (0, "1 exceptions forgotten\n")
    assert run(empty_database_url, "slots", "שוודי", "--from", day, "--limit", "1")[1] == f"{day} 09:00 מאיה\n"


def test_what_cannot_be_done_is_said(
    empty_database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("name: 7\n")
    for arguments, words in (
        (["slots", "שוודי"], "none; run setup first"),
        (["setup", str(bad)], "bad.yaml, line 1: "),
        (["setup", str(tmp_path / "missing.yaml")], "No such file"),
    ):
        assert run(empty_database_url, *arguments)[0] == 1
        assert words in capsys.readouterr().err
    run(empty_database_url, "setup")
    for arguments, words in (
        (["slots", "תספורת"], "unknown_service"),
        (["close", "2027-02-02", "2027-01-01"], "ends before it begins"),
        (["close", "2027-02-02", "--hours", "9-10"], "'9-10' is no time span like 09:00-14:30\n"),
        (["close", "2027-02-02", "--hours", "25:00-26:00"], "'25:00-26:00' holds an hour that no clock shows\n"),
        (["close", "2027-02-02", "--staff", "יוסי"], "not among the staff"),
        (["slots", "שוודי", "--number", "+97200"], "choose one with --number"),
    ):
        assert run(empty_database_url, *arguments)[0] == 1
        assert words in capsys.readouterr().err


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_bad_date_is_told_in_words(empty_database_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run(empty_database_url, "close", "2027-13-01")
    assert "'2027-13-01' is no date like 2027-04-22" in capsys.readouterr().err


def test_export_and_import(empty_database_url: str, tmp_path: Path) -> None:
    run(empty_database_url, "setup")
    people = tmp_path / "people.csv"
    people.write_text("שם,טלפון\nדנה,0502345678\n", encoding="utf-8")
    assert run(empty_database_url, "import-customers", str(people)) == (0, "1 customers added, 0 known already\n")
    engine = make_engine(empty_database_url)
    bookings = Bookings(engine, SystemClock())
    business = bookings.businesses()[0]
    start = dt.datetime.combine(next_monday(), dt.time(12), business.zone)
    request = BookingRequest("שוודי", 60, start, "+דני", "0502345678", notes="=HYPERLINK()", source=Source.API)
    bookings.create(business.id, request)
    engine.dispose()
    _, text = run(empty_database_url, "export", str(next_monday()))
    [row] = csv.DictReader(io.StringIO(text))
    assert (row["starts_at"], row["customer_phone"]) == (start.isoformat(), "+972502345678")
    assert (row["customer_name"], row["notes"]) == ("'+דני", "'=HYPERLINK()")
    _, feed = run(empty_database_url, "export", str(next_monday()), "--format", "ics")
    assert len(icalendar.Calendar.from_ical(feed).walk("VEVENT")) == 1
