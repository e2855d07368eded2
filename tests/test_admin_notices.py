"""The owner sees whether and when a customer was told, or why not."""

from __future__ import annotations

import datetime as dt
import html
import re
from pathlib import Path

import pytest
from sqlalchemy import Engine

from server.calendar.models import Appointment, Source, Status
from server.calendar.outbox import PAUSES
from tests.pages import Browser, MakeSite, Site
from tests.texting import DANI, confirming_desk

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

NO_MOBILE = "לא תישלח הודעה: אין מספר נייד ישראלי"
CALL = "אין הודעה אוטומטית ללקוח: כדאי להתקשר."


@pytest.fixture
def site(make_site: MakeSite, engine: Engine, tmp_path: Path) -> Site:
    return make_site(desk=confirming_desk(engine, tmp_path))


@pytest.fixture
def browser(site: Site) -> Browser:
    return site.owner()


def told(browser: Browser, made: Appointment) -> list[str]:
    """What stands on the page of an appointment about messages, line by line."""
    page = browser.get(f"/admin/appointments/{made.id}").text
    found = re.search(r"<dt>הודעות ללקוח</dt><dd>(.*?)</dd>", page)
    return html.unescape(found.group(1)).split("<br>") if found else []


def passes(site: Site, later: dt.timedelta) -> None:
    site.desk.clock.at += later


MINUTE = dt.timedelta(minutes=1)


def test_a_message_is_seen_to_wait_to_go_and_to_be_gone(site: Site, browser: Browser) -> None:
    made = site.desk.books(site.desk.at(12), customer_phone=DANI)
    outbox = site.desk.bookings.outbox
    assert told(browser, made) == ["הודעת אישור תישלח ב-10:01"]
    passes(site, MINUTE)
    letter = outbox.take()
    assert letter is not None
    assert told(browser, made) == ["הודעת אישור נשלחת עכשיו"]
    outbox.put_off(letter, "timeout")
    assert told(browser, made) == ["הודעת אישור עוד לא נשלחה: אין תשובה מ-Twilio. ניסיון נוסף ב-10:02"]
    passes(site, PAUSES[0])
    letter = outbox.take()
    assert letter is not None
    outbox.sent(letter, "SM1")
    assert told(browser, made) == ["הודעת אישור נשלחה ב-10:02"]
    browser.sends(f"/admin/appointments/{made.id}/move", day="2026-11-24", time="15:00", staff="")
    assert told(browser, made) == ["הודעת אישור נשלחה ב-10:02", "הודעה על השינוי תישלח ב-10:03"]
    site.desk.clock.at += dt.timedelta(days=1)
    assert told(site.owner(), made)[0] == "הודעת אישור נשלחה אתמול, יום ראשון 22 בנובמבר, ב-10:02"


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("21211", "המספר אינו תקין"),
        ("21610", "הלקוח ביקש לא לקבל הודעות"),
        ("21614", "המספר לא מקבל הודעות"),
        ("http_503", "תקלה ב-Twilio"),
        ("30999", "Twilio סירב, קוד 30999"),
    ],
)
def test_a_message_that_could_not_go_says_why(site: Site, browser: Browser, code: str, why: str) -> None:
    made = site.desk.books(site.desk.at(12), customer_phone=DANI)
    passes(site, MINUTE)
    letter = site.desk.bookings.outbox.take()
    assert letter is not None
    site.desk.bookings.outbox.give_up(letter, code)
    assert told(browser, made) == [f"הודעת אישור לא נשלחה: {why}"]


def test_who_has_no_mobile_is_said_to_get_none_and_best_called(site: Site, browser: Browser) -> None:
    made = site.desk.books(site.desk.at(12), customer_phone="035550199")
    assert told(browser, made) == [NO_MOBILE]
    assert CALL in browser.get(f"/admin/appointments/{made.id}").text
    browser.sends(f"/admin/appointments/{made.id}/contact", phone="0502345678")
    assert told(browser, made) == ["הודעת אישור תישלח ב-10:01"]


def test_the_owner_who_cancels_is_told_that_the_customer_will_know(site: Site, browser: Browser) -> None:
    made = site.desk.books(site.desk.at(12), customer_phone=DANI)
    page = browser.get(f"/admin/appointments/{made.id}").text
    assert "הלקוח יקבל על כך הודעה." in page
    assert CALL not in page
    own = site.desk.books(site.desk.at(15), customer_phone=DANI, source=Source.ADMIN)
    assert CALL in browser.get(f"/admin/appointments/{own.id}").text, "of this one nobody has heard yet"
    passes(site, MINUTE)
    letter = site.desk.bookings.outbox.take()
    assert letter is not None
    site.desk.bookings.outbox.sent(letter, "SM1")
    browser.sends(f"/admin/appointments/{made.id}/cancel")
    assert told(browser, made) == ["הודעת אישור נשלחה ב-10:01", "הודעה על הביטול תישלח ב-10:02"]


def test_bookings_of_pages_and_of_the_api_take_the_same_road(site: Site, browser: Browser) -> None:
    body = {"service": "שוודי", "minutes": 60, "starts_at": "2026-11-23T15:00:00+02:00", "customer_name": "רוני"}
    answer = site.api().post("/appointments", body | {"customer_phone": DANI})
    assert answer.status_code == 201
    made = site.desk.bookings.get(site.desk.business.id, answer.json["id"])
    assert made is not None
    assert told(browser, made) == ["הודעת אישור תישלח ב-10:01"]
    answer = site.api().patch(f"/appointments/{made.id}", {"status": "cancelled"})
    assert answer.json["status"] == Status.CANCELLED
    assert told(browser, made) == ["לא נשלחה הודעה"], "it was cancelled at once"


def test_where_nothing_is_sent_nothing_is_said_of_messages(make_site: MakeSite) -> None:
    site = make_site()
    made = site.desk.books(site.desk.at(12), customer_phone=DANI)
    browser = site.owner()
    assert told(browser, made) == []
    assert CALL in browser.get(f"/admin/appointments/{made.id}").text
