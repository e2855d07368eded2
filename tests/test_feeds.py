"""Calendar feeds by their secret addresses."""

import re

import icalendar
import pytest

from tests.pages import Browser, Site

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def addresses(browser: Browser) -> list[str]:
    return re.findall(r'value="http://[^/]+(/calendar/[^"]+\.ics)"', browser.get("/admin/account").text)


def names(site: Site, path: str) -> set[str]:
    calendar = icalendar.Calendar.from_ical(site.app.test_client().get(path).data)
    return {str(event["summary"]).split(" · ")[0] for event in calendar.walk("VEVENT")}


def test_the_owner_finds_an_address_for_everybody_and_one_for_each(site: Site) -> None:
    site.desk.books(site.desk.at(12), "דני", staff="רון")
    site.desk.books(site.desk.at(12), "נועה", staff="מאיה")
    browser = site.owner()
    everybody, maya, ron = addresses(browser)
    assert addresses(browser) == [everybody, maya, ron], "an address stays"
    assert [names(site, path) for path in (everybody, maya, ron)] == [{"דני", "נועה"}, {"נועה"}, {"דני"}]


def test_a_feed_is_a_calendar_that_nobody_on_the_way_keeps(site: Site) -> None:
    answer = site.app.test_client().get(addresses(site.owner())[0])
    assert answer.mimetype == "text/calendar"
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_new_address_ends_the_old_one(site: Site) -> None:
    browser = site.owner()
    old = addresses(browser)[0]
    assert browser.sends("/admin/account/feeds/0/renew").status_code == 302
    assert site.app.test_client().get(old).status_code == 404
    assert site.app.test_client().get(addresses(browser)[0]).status_code == 200
    assert browser.sends("/admin/account/feeds/99/renew").status_code == 404


@pytest.mark.parametrize("token", ["x", "' OR 1=1", "%00", "א", "a" * 500, ".."])
def test_an_address_that_was_made_up_shows_nothing(site: Site, token: str) -> None:
    site.owner().get("/admin/account")
    assert site.app.test_client().get(f"/calendar/{token}.ics").status_code == 404
