"""The owner books and moves appointments on the pages."""

import re

import pytest

from server.calendar.models import Appointment, Source
from tests.pages import Browser, Site

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

NEW = "/admin/appointments/new"


@pytest.fixture
def browser(site: Site) -> Browser:
    return site.owner()


def key(browser: Browser) -> str:
    found = re.search(r'name="key" value="(\w+)"', browser.get(NEW).text)
    assert found
    return found.group(1)


def what(site: Site, minutes: int = 60) -> str:
    service = site.desk.bookings.facts(site.desk.business.id).service("שוודי")
    assert service is not None
    return f"{service.id}:{minutes}"


def fields(site: Site, **other: str) -> dict[str, str]:
    return {"what": what(site), "day": "2026-11-23", "time": "12:00", "staff": "רון", "name": "דני", **other}


def booked(site: Site) -> list[Appointment]:
    day = site.desk.at(12).date()
    return list(site.desk.bookings.between(site.desk.business.id, day, day.replace(day=30)))


def test_the_owner_books_and_sees_it_on_the_day(site: Site, browser: Browser) -> None:
    answer = browser.sends(NEW, page=NEW, **fields(site, phone="052-345-6789", notes="פעם ראשונה", key=key(browser)))
    assert answer.status_code == 302, answer.text
    [made] = booked(site)
    assert answer.headers["Location"] == f"/admin/appointments/{made.id}"
    assert (made.service, made.minutes, made.staff, made.customer_name) == ("עיסוי שוודי", 60, "רון", "דני")
    assert (made.customer_phone, made.notes, made.source) == ("+972523456789", "פעם ראשונה", Source.ADMIN)
    assert "דני" in browser.get("/admin/?day=2026-11-23").text


def test_a_form_sent_twice_books_once(site: Site, browser: Browser) -> None:
    form = fields(site, key=key(browser))
    first, again = (browser.sends(NEW, page=NEW, **form) for _ in range(2))
    assert first.headers["Location"] == again.headers["Location"]
    assert len(booked(site)) == 1


def test_a_taken_time_comes_back_with_what_is_free_and_what_was_written(site: Site, browser: Browser) -> None:
    site.desk.books(site.desk.at(12), staff="רון")
    answer = browser.sends(NEW, page=NEW, **fields(site, name="נועה", key=key(browser)))
    assert answer.status_code == 409
    assert "אי אפשר: השעה תפוסה." in answer.text
    assert 'value="נועה"' in answer.text
    slot = re.search(r'name="slot" value="([^"]+)"', answer.text)
    assert slot
    chosen = browser.sends(NEW, page=NEW, **fields(site, name="נועה", slot=slot.group(1)))
    assert chosen.status_code == 302, chosen.text
    assert sorted(one.customer_name for one in booked(site)) == ["דני", "נועה"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"what": ""}, "צריך לבחור טיפול."),
        ({"what": "1:61"}, "צריך לבחור טיפול."),
        ({"what": "' OR 1=1"}, "צריך לבחור טיפול."),
        ({"day": "yesterday"}, "צריך יום ושעה שיש בלוח."),
        ({"day": "2026-02-30"}, "צריך יום ושעה שיש בלוח."),
        ({"day": "0001-01-01"}, "צריך יום ושעה שיש בלוח."),
        ({"time": "25:00"}, "צריך יום ושעה שיש בלוח."),
        ({"time": "12:00+05:00"}, "צריך יום ושעה שיש בלוח."),
        ({"day": "2027-03-26", "time": "02:30"}, "צריך יום ושעה שיש בלוח."),
        ({"phone": "not a number"}, "זה לא נראה כמו מספר טלפון."),
        ({"slot": "nonsense"}, "צריך יום ושעה שיש בלוח."),
    ],
)
def test_a_field_that_says_nothing_is_told(site: Site, browser: Browser, change: dict[str, str], words: str) -> None:
    answer = browser.sends(NEW, page=NEW, **{**fields(site), **change})
    assert answer.status_code == 422
    assert words in answer.text
    assert booked(site) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"day": "2026-11-28"}, "העסק סגור באותו יום"),
        ({"time": "21:00"}, "מחוץ לשעות הפעילות"),
        ({"staff": "גדליה"}, "אין מטפל כזה"),
        ({"name": "<script>"}, "פרט לא תקין"),
    ],
)
def test_the_desks_rules_hold_for_the_owner_too(
    site: Site, browser: Browser, change: dict[str, str], words: str
) -> None:
    answer = browser.sends(NEW, page=NEW, **{**fields(site), **change})
    assert answer.status_code == 409
    assert words in answer.text
    assert "<script>" not in answer.text
    assert booked(site) == []


def test_a_free_gap_leads_to_a_form_that_knows_it(browser: Browser) -> None:
    gap = re.search(r'<a class="gap[^>]+href="([^"]+)"', browser.get("/admin/?day=2026-11-23").text)
    assert gap
    page = browser.get(gap.group(1).replace("&amp;", "&")).text
    for value in ('value="2026-11-23"', 'value="09:00"', "<option selected>מאיה</option>"):
        assert value in page


def test_the_owner_moves_an_appointment(site: Site, browser: Browser) -> None:
    made = site.desk.books(site.desk.at(12), staff="רון")
    page = f"/admin/appointments/{made.id}"
    browser.sends(f"{page}/move", page=page, day="2026-11-24", time="18:30", staff="מאיה")
    moved = site.desk.bookings.get(site.desk.business.id, made.id)
    assert moved is not None
    assert (moved.starts_at.isoformat(), moved.staff) == ("2026-11-24T16:30:00+00:00", "מאיה")
    assert "התור הועבר." in browser.get(page).text


def test_a_move_that_cannot_be_leaves_all_as_it_is(site: Site, browser: Browser) -> None:
    made = site.desk.books(site.desk.at(12), staff="רון")
    page = f"/admin/appointments/{made.id}"
    for day, words in (("2026-11-28", "העסק סגור באותו יום"), ("", "צריך יום ושעה שיש בלוח.")):
        browser.sends(f"{page}/move", page=page, day=day, time="12:00", staff="")
        assert words in browser.get(page).text
        assert site.desk.bookings.get(site.desk.business.id, made.id) == made
