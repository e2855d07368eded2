"""The owner's pages: what was booked, said and done, told in Hebrew and safe from what callers say."""

import datetime as dt
import re
from html.parser import HTMLParser

import pytest
from sqlalchemy import text, update

from server.calendar.models import Actor, Appointment, Source, Status
from server.calls.drafts import CallDraft
from server.calls.models import Outcome, Timings, ToolCall
from server.db.tables.calendar import appointments
from tests.pages import Browser, Site

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

CALLER = "+972523456789"
PAGES = ("/admin/", "/admin/week", "/admin/calls", "/admin/follow-ups", "/admin/account")
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>\u202egnp.exe"


class Markup(HTMLParser):
    """Every tag and attribute of a page, as a browser would see them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.fixture
def browser(site: Site) -> Browser:
    return site.owner()


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def today(site: Site, hour: int, minute: int = 0) -> dt.datetime:
    return site.desk.at(hour, minute, dt.date(2026, 11, 22))


def rings(site: Site, *lines: str | ToolCall, call_sid: str = "CA1", outcome: Outcome | None = Outcome.BOOKED) -> str:
    """A call in which caller and agent take turns, the caller first."""
    now = site.desk.clock.now()
    site.calls.announce(call_sid, site.desk.business.id, CALLER, None, None, now)
    draft, turn, is_caller = CallDraft(call_sid), 0, True
    draft.agent_says(0, now, "שלום, הגעתם לספא לוטוס.")
    for line in lines:
        if isinstance(line, ToolCall):
            draft.tool_called(turn, now, line)
            continue
        if is_caller:
            turn += 1
            draft.caller_said(turn, now, line)
        else:
            draft.agent_says(turn, now, line)
            draft.timed(turn, now, Timings(turn=420.0, tts_send=3100.0))
        is_caller = not is_caller
    if outcome:
        draft.ended(0, now + dt.timedelta(seconds=95), (outcome, None))
    site.calls.write([draft])
    return call_sid


def test_an_empty_day_says_so_in_words(browser: Browser) -> None:
    page = text_of(browser.get("/admin/").text)
    assert "היום, יום ראשון 22 בנובמבר" in page
    assert "אין תורים ביום הזה. כשייקבע תור, הוא יופיע כאן מיד." in page
    assert "עוד לא היו שיחות היום." in page
    assert "עוד לא הייתה שיחה." in text_of(browser.get("/admin/calls").text)
    assert "אין הודעות שממתינות." in text_of(browser.get("/admin/follow-ups").text)


def test_a_booking_is_on_the_page_the_next_time_it_asks(site: Site, browser: Browser) -> None:
    before = browser.get("/admin/", X_Fragment="1").text
    site.desk.books(today(site, 12), "דני", staff="רון")
    after = browser.get("/admin/", X_Fragment="1").text
    assert "דני" not in before
    assert "12:00–13:00" in after
    assert "דני" in after
    assert "<html" not in after, "only the part that changes is sent"


def test_an_appointment_stands_in_the_column_of_its_staff_member(site: Site, browser: Browser) -> None:
    site.desk.books(today(site, 12), "דני", staff="רון")
    columns = browser.get("/admin/").text.split('<section class="column">')[1:]
    assert ["מאיה" in columns[0], "דני" in columns[0]] == [True, False]
    assert ["רון" in columns[1], "דני" in columns[1]] == [True, True]


def test_every_day_can_be_turned_to(site: Site, browser: Browser) -> None:
    site.desk.books(site.desk.at(12), "נועה")
    assert "נועה" not in browser.get("/admin/").text
    assert "נועה" in browser.get("/admin/?day=2026-11-23").text
    assert "העסק סגור ביום הזה." in browser.get("/admin/?day=2026-11-28").text
    week = browser.get("/admin/week?day=2026-11-25").text
    assert "נועה" in week
    assert text_of(week).index("ראשון") < text_of(week).index("שבת 28.11"), "the week begins on Sunday"


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01", "9999-12-31", "0001-01-01", "'; DROP TABLE calls", ""])
def test_a_day_that_is_none_is_not_found(browser: Browser, day: str) -> None:
    assert browser.client.get("/admin/", query_string={"day": day}).status_code == 404
    assert browser.client.get("/admin/week", query_string={"day": day}).status_code == 404


@pytest.mark.parametrize("page", ["0", "-1", "x", "²", "99999999", "1' OR 1"])
def test_a_page_that_is_none_is_not_found(browser: Browser, page: str) -> None:
    assert browser.client.get("/admin/calls", query_string={"page": page}).status_code == 404


def test_a_call_is_told_with_what_was_done_and_how_long_it_took(site: Site, browser: Browser) -> None:
    made = site.desk.books(today(site, 12), "דני", source=Source.CALL, call_sid="CA1")
    search = ToolCall("calendar_find_slots", {"service": "עיסוי שוודי", "date_iso": "2026-11-22"}, True, None, 4.4)
    taken = ToolCall("calendar_create_appointment", {"time": "12:00"}, False, "slot_taken", 9.0)
    rings(site, "תקבע לי היום ב-12 שוודי שעה. דני.", search, taken, "קבעתי לכם.", "תודה", "להתראות")
    page = text_of(browser.get("/admin/calls/CA1").text)
    told = ["שלום, הגעתם", "תקבע לי היום", "חיפוש תורים פנויים", "קביעת תור", "השעה תפוסה", "קבעתי לכם.", "תודה"]
    assert [page.index(words) for words in told] == sorted(page.index(words) for words in told)
    for words in (
        "נקבע תור",
        "052-345-6789",
        "יום ראשון 22 בנובמבר 2026",
        "4 אלפיות שנייה",
        "תשובה תוך 0.4 שנ׳",
        "3,100 ms",
    ):
        assert words in page
    assert f'href="/admin/appointments/{made.id}"' in browser.get("/admin/calls/CA1").text
    assert 'href="/admin/calls/CA1"' in browser.get(f"/admin/appointments/{made.id}").text


def test_what_the_caller_did_not_hear_is_told_apart(site: Site, browser: Browser) -> None:
    rings(site, "מה פנוי?", "יש מקום בשתים עשרה. מתאים לכם?", outcome=None)
    draft = CallDraft("CA1")
    draft.agent_heard(1, site.desk.clock.now(), "יש מקום בשתים…")
    site.calls.write([draft])
    page = browser.get("/admin/calls/CA1").text
    assert re.search(r'יש מקום בשתים <span class="unheard"[^>]*>עשרה. מתאים לכם\?</span>', page)
    assert "נקטע באמצע" in page


def test_a_call_that_goes_on_is_shown_as_it_goes(site: Site, browser: Browser) -> None:
    rings(site, "שלום", outcome=None)
    assert "בשיחה עכשיו" in browser.get("/admin/").text
    page = text_of(browser.get("/admin/calls/CA1", X_Fragment="1").text)
    assert "השיחה נמשכת" in page
    assert "המתקשר המשיך לדבר" not in page, "the answer may still come"


def test_words_that_got_no_answer_of_their_own_are_told_as_such(site: Site, browser: Browser) -> None:
    rings(site, "רגע")
    assert "המתקשר המשיך לדבר לפני התשובה" in browser.get("/admin/calls/CA1").text


def test_calls_are_listed_day_by_day_with_what_came_of_them(site: Site, browser: Browser) -> None:
    site.desk.books(site.desk.at(12), "דני", source=Source.CALL, call_sid="CA1")
    rings(site, "תקבע לי מחר", "קבעתי")
    site.calls.announce("CA2", site.desk.business.id, None, None, None, site.desk.clock.now() - dt.timedelta(days=1))
    page = text_of(browser.get("/admin/calls").text)
    for words in (
        "היום, יום ראשון",
        "תקבע לי מחר",
        "1:35 דקות",
        "מחר, יום שני 23 בנובמבר 12:00",
        "אתמול, שבת",
        "מספר חסוי",
    ):
        assert words in page


def test_many_calls_are_turned_page_by_page(site: Site, browser: Browser) -> None:
    for n in range(30):
        at = site.desk.clock.now() - dt.timedelta(minutes=n)
        site.calls.announce(f"CA{n}", site.desk.business.id, None, None, None, at)
    first, second = browser.get("/admin/calls").text, browser.get("/admin/calls?page=2").text
    assert ["/calls/CA24" in first, "/calls/CA25" in first, "page=2" in first] == [True, False, True]
    assert ["/calls/CA24" in second, "/calls/CA29" in second, "page=3" in second] == [False, True, False]


@pytest.mark.parametrize(
    "path",
    ["/admin/calls/CA404", "/admin/calls/%27%20OR%201=1", "/admin/appointments/404", f"/admin/appointments/{2**70}"],
)
def test_what_does_not_exist_is_not_found(browser: Browser, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 404
    assert "הדף לא נמצא" in answer.text


def test_what_callers_say_is_words_and_never_markup(site: Site, browser: Browser) -> None:
    made = site.desk.books(today(site, 12), "דני", source=Source.CALL, call_sid="CA1")
    with site.desk.engine.begin() as connection:  # the desk refuses such names; an import might not have
        connection.execute(update(appointments).values(customer_name=HOSTILE, notes=HOSTILE))
    message = ToolCall("take_message", {"text": HOSTILE, HOSTILE: HOSTILE}, True, None, 1.0)
    rings(
        site,
        HOSTILE,
        ToolCall(HOSTILE[:64], {HOSTILE: HOSTILE, "date_iso": HOSTILE}, False, HOSTILE[:64], 1.0),
        message,
        HOSTILE,
    )
    for path in (*PAGES, "/admin/calls/CA1", f"/admin/appointments/{made.id}"):
        page = browser.get(path).text
        tags = Markup(page).tags
        assert [
            attrs.get("src", "") for tag, attrs in tags if tag == "script" and "live.js" not in str(attrs.get("src"))
        ] == []
        assert not [
            tag for tag, attrs in tags if tag in ("img", "iframe") or any(name.startswith("on") for name in attrs)
        ]
    for path in ("/admin/", "/admin/calls/CA1", f"/admin/appointments/{made.id}"):
        assert "&lt;script&gt;alert(1)" in browser.get(path).text


def test_names_are_kept_apart_from_the_writing_direction_around_them(site: Site, browser: Browser) -> None:
    made = site.desk.books(today(site, 12), "Alex", customer_phone=CALLER)
    page = browser.get(f"/admin/appointments/{made.id}").text
    assert "<bdi>Alex</bdi>" in page
    assert '<bdi dir="ltr">052-345-6789</bdi>' in page


@pytest.mark.parametrize("path", [*PAGES, "/admin/login"])
def test_pages_are_hebrew_and_bring_everything_themselves(browser: Browser, path: str) -> None:
    page = (
        browser.get(path).text
        if path != "/admin/login"
        else Browser(browser.client.application.test_client()).get(path).text
    )
    assert '<html lang="he" dir="rtl">' in page
    assert "https://" not in page.replace("http://www.w3.org", "")
    tags = Markup(page).tags
    assert not [attrs for _, attrs in tags if "style" in attrs], "the content policy allows none"
    assert not [tag for tag, attrs in tags if tag == "script" and not attrs.get("src")]


def test_the_owner_cancels_with_a_reason(site: Site, browser: Browser) -> None:
    made = site.desk.books(today(site, 12), "דני")
    page = f"/admin/appointments/{made.id}"
    assert browser.sends(f"{page}/cancel", page=page, reason="מאיה חולה").headers["Location"] == page
    assert status_of(site, made) is Status.CANCELLED
    assert "התור בוטל." in browser.get(page).text
    assert "בוטלו" in browser.get("/admin/").text
    browser.sends(f"{page}/status", page=page, status="booked")
    assert status_of(site, made) is Status.BOOKED


def test_the_owner_marks_who_came_and_who_did_not(site: Site, browser: Browser) -> None:
    made = site.desk.books(today(site, 12), "דני")
    page = f"/admin/appointments/{made.id}"
    assert "אישור התור" in browser.get(page).text
    site.desk.clock.at = today(site, 12, 5)
    browser = site.owner()
    assert "לא הגיעו" in browser.get(page).text
    browser.sends(f"{page}/status", page=page, status="no_show")
    assert status_of(site, made) is Status.NO_SHOW
    browser.sends(f"{page}/status", page=page, status="arrived")
    assert status_of(site, made) is Status.ARRIVED


@pytest.mark.parametrize("status", ["cancelled", "deleted", "", "' OR 1=1"])
def test_a_status_that_no_button_sends_is_refused(site: Site, browser: Browser, status: str) -> None:
    made = site.desk.books(today(site, 12), "דני")
    page = f"/admin/appointments/{made.id}"
    assert browser.sends(f"{page}/status", page=page, status=status).status_code == 400
    assert status_of(site, made) is Status.BOOKED


def test_what_the_desk_refuses_is_told_in_hebrew(site: Site, browser: Browser) -> None:
    made = site.desk.books(today(site, 12), "דני")
    page = f"/admin/appointments/{made.id}"
    site.desk.bookings.cancel(site.desk.business.id, made.id, actor=Actor(Source.ADMIN))
    browser.sends(f"{page}/cancel", page="/admin/account")
    assert "לא בוצע: התור כבר בוטל." in browser.get(page).text


def test_a_missing_phone_waits_to_be_followed_up_until_it_is_written(site: Site, browser: Browser) -> None:
    made = site.desk.books(today(site, 12), "דני")
    assert made.needs_phone
    waiting = browser.get("/admin/follow-ups").text
    assert "דני" in waiting
    assert 'class="count"' in browser.get("/admin/").text
    path = f"/admin/appointments/{made.id}/contact"
    browser.sends(path, page="/admin/follow-ups", back="follow_ups", phone="not a number")
    assert "זה לא נראה כמו מספר טלפון" in browser.get("/admin/follow-ups").text
    answer = browser.sends(path, page="/admin/follow-ups", back="follow_ups", phone="052-345-6789")
    assert answer.headers["Location"] == "/admin/follow-ups"
    found = site.desk.bookings.get(site.desk.business.id, made.id)
    assert found is not None
    assert (found.customer_phone, found.needs_phone, found.customer_name) == (CALLER, False, "דני")
    assert "לכל התורים הקרובים יש טלפון." in browser.get("/admin/follow-ups").text


def test_notes_and_name_can_be_corrected(site: Site, browser: Browser) -> None:
    made = site.desk.books(today(site, 12), "דני")
    page = f"/admin/appointments/{made.id}"
    browser.sends(f"{page}/notes", page=page, notes="אלרגית לשקדים\r\nמגיעה עם אחות")
    browser.sends(f"{page}/contact", page=page, name="דניאלה")
    found = site.desk.bookings.get(site.desk.business.id, made.id)
    assert found is not None
    assert (found.customer_name, found.notes) == ("דניאלה", "אלרגית לשקדים\nמגיעה עם אחות")


def test_a_message_waits_until_it_is_handled(site: Site, browser: Browser) -> None:
    message = ToolCall("take_message", {"text": "מאחרת בעשר דקות", "customer_phone": "+972502345678"}, True, None, 2.0)
    rings(site, "תגידו למאיה שאני מאחרת", message, "רשמתי", outcome=Outcome.MESSAGE)
    page = browser.get("/admin/follow-ups").text
    assert "מאחרת בעשר דקות" in page
    assert "050-234-5678" in page
    [message_id] = re.findall(r"/admin/messages/(\d+)/handled", page)
    browser.sends(f"/admin/messages/{message_id}/handled", page="/admin/follow-ups")
    assert "אין הודעות שממתינות." in browser.get("/admin/follow-ups").text
    assert browser.sends(f"/admin/messages/{message_id}/handled").status_code == 302, "twice is no harm"


def test_a_fault_shows_nothing_of_the_inside(site: Site, browser: Browser) -> None:
    rings(site, "שלום")
    with site.desk.engine.begin() as connection:
        connection.execute(text("UPDATE call_log SET outcome = 'secret of the house'"))
    answer = browser.get("/admin/calls")
    assert answer.status_code == 500
    assert "משהו השתבש" in answer.text
    assert "secret" not in answer.text
    assert site.api().get("/calls").get_json()["code"] == "internal_error"


def test_a_database_that_does_not_answer_is_told_as_such(site: Site, browser: Browser) -> None:
    with site.desk.engine.begin() as connection:
        connection.execute(text("ALTER TABLE call_log RENAME TO call_log_of_the_house"))
    answer = browser.get("/admin/calls")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "call_log" not in answer.text


def status_of(site: Site, appointment: Appointment) -> Status:
    found = site.desk.bookings.get(site.desk.business.id, appointment.id)
    assert found is not None
    return found.status
