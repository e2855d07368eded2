"""The customers on the owner's pages."""

import pytest

from server.calendar.models import Actor, Customer, Refusal, Source, Status
from server.web.admin_customers import search_text
from tests.pages import Browser, Site

PAGE = "/admin/customers"
DANA, RON = "+972523456789", "+972502345678"

sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def browser(site: Site) -> Browser:
    site.desk.books(site.desk.at(12), "דנה", customer_phone=DANA)
    site.desk.books(site.desk.at(14), "רון", customer_phone=RON)
    return site.owner()


def known(site: Site, phone: str) -> Customer:
    found = site.parts.customers.get(site.desk.business.id, phone)
    assert found is not None
    return found


@sqlite
def test_before_anybody_came_the_page_says_so(site: Site) -> None:
    assert "עוד אין לקוחות." in site.owner().get(PAGE).text


@sqlite
@pytest.mark.parametrize("sought", ["דנה", "052-345-6789", "0523456789", "+972 52 345 6789", "052345", "6789"])
def test_a_customer_is_found_by_name_or_number(browser: Browser, sought: str) -> None:
    page = browser.sends(PAGE, page=PAGE, sought=sought).text
    assert "<bdi>דנה</bdi>" in page
    assert "<bdi>רון</bdi></strong>" not in page
    assert "יום שני 23 בנובמבר" in page, "with what is still to come"


@sqlite
@pytest.mark.parametrize("sought", ["אף אחת", "%", "_", "' OR 1=1 --", "\0", "<script>", "0" * 500])
def test_what_fits_nobody_finds_nobody(browser: Browser, sought: str) -> None:
    answer = browser.sends(PAGE, page=PAGE, sought=sought)
    assert answer.status_code == 200
    assert "<script>" not in answer.text.replace('<script src="/admin/static', "")
    assert "לא נמצא לקוח כזה." in answer.text or sought in ("\0",)


@sqlite
def test_visits_and_no_shows_are_counted(site: Site) -> None:
    statuses = {9: Status.ARRIVED, 11: Status.ARRIVED, 14: Status.NO_SHOW}
    made = {hour: site.desk.books(site.desk.at(hour), "דנה", customer_phone=DANA) for hour in statuses}
    site.desk.clock.at = site.desk.at(15)
    for hour, status in statuses.items():
        owner = Actor(Source.ADMIN)
        changed = site.desk.bookings.set_status(site.desk.business.id, made[hour].id, status, actor=owner)
        assert not isinstance(changed, Refusal)
    page = site.owner().get(PAGE).text
    assert "2 ביקורים" in page
    assert "פעם אחת לא הגיעו" in page


@sqlite
def test_the_owner_notes_and_blocks_and_the_telephone_obeys(site: Site, browser: Browser) -> None:
    page = browser.sends(PAGE, page=PAGE, phone=DANA, notes="אלרגית לשקדים", sought="דנה").text
    assert "ההערה נשמרה." in page
    assert known(site, DANA).notes == "אלרגית לשקדים"
    browser.sends(PAGE, page=PAGE, phone=DANA, notes="לא נשמר", block="yes")
    assert (known(site, DANA).is_blocked, known(site, DANA).notes) == (True, "אלרגית לשקדים")
    assert site.desk.refused(site.desk.at(17), customer_phone=DANA).code == "blocked_customer"
    browser.sends(PAGE, page=PAGE, phone=DANA, block="no")
    assert not known(site, DANA).is_blocked


@sqlite
@pytest.mark.parametrize(
    ("phone", "status"), [("+972541234567", 200), ("nonsense", 400), ("' OR 1=1", 400), ("\0", 400)]
)
def test_who_is_not_known_cannot_be_changed(site: Site, browser: Browser, phone: str, status: int) -> None:
    assert browser.sends(PAGE, page=PAGE, phone=phone, block="yes").status_code == status
    assert not known(site, DANA).is_blocked
    assert not known(site, RON).is_blocked


@pytest.mark.parametrize(
    ("sought", "text"),
    [
        ("052-345", "52345"),
        ("דנה", "דנה"),
        ("0523456789", DANA),
        ("0", "0"),
        ("דנה 7", "דנה 7"),
        ("", ""),
        ("a\0b", "ab"),
    ],
)
def test_numbers_are_sought_as_they_are_stored(sought: str, text: str) -> None:
    assert search_text(sought) == text
