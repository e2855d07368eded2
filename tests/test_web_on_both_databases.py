"""One trip through pages and API on SQLite and on PostgreSQL: the SQL behind them must mean the same."""

import datetime as dt

from server.calendar.models import Source
from server.calls.drafts import CallDraft
from server.calls.models import Outcome, ToolCall
from server.web.accounts import Refused
from tests.pages import Site


def test_a_call_with_its_appointment_and_message_is_on_every_page(site: Site) -> None:
    now, browser = site.desk.clock.now(), site.owner()
    made = site.desk.books(site.desk.at(12, day=dt.date(2026, 11, 22)), "דני", source=Source.CALL, call_sid="CA1")
    site.calls.announce("CA1", site.desk.business.id, "+972523456789", None, None, now)
    draft = CallDraft("CA1")
    draft.caller_said(1, now, "תקבע לי היום ב-12")
    draft.tool_called(1, now, ToolCall("take_message", {"text": "מאחר קצת"}, True, None, 1.0))
    draft.agent_says(1, now, "קבעתי.")
    draft.ended(0, now + dt.timedelta(seconds=50), (Outcome.BOOKED, None))
    site.calls.write([draft])
    told = {
        "/admin/": "דני",
        "/admin/week": "דני",
        "/admin/calls": "תקבע לי היום ב-12",
        "/admin/calls/CA1": "קבעתי.",
        f"/admin/appointments/{made.id}": "עיסוי שוודי",
        "/admin/follow-ups": "מאחר קצת",
        "/admin/account": "מכשירים מחוברים",
    }
    assert {path: words in browser.get(path).text for path, words in told.items()} == dict.fromkeys(told, True)
    assert [call["headline"] for call in site.api().get("/calls").get_json()["items"]] == ["תקבע לי היום ב-12"]


def test_an_appointment_is_made_once_moved_and_cancelled(site: Site) -> None:
    api = site.api()
    wish = {"service": "שוודי", "minutes": 60, "starts_at": "2026-11-23T12:00:00+02:00", "customer_name": "דני"}
    first, again = (api.post("/appointments", wish, Idempotency_Key="k") for _ in range(2))
    assert (first.status_code, first.get_json()) == (again.status_code, again.get_json()) == (201, first.get_json())
    path = f"/appointments/{first.get_json()['id']}"
    assert api.patch(path, {"starts_at": "2026-11-24T12:00:00+02:00"}).status_code == 200
    assert api.patch(path, {"status": "cancelled"}).get_json()["status"] == "cancelled"
    assert api.get("/appointments/99").get_json()["code"] == "not_found"


def test_what_no_database_takes_finds_nothing(site: Site) -> None:
    api = site.api()
    assert api.get("/calls/%00").get_json()["code"] == "not_found"
    assert api.get("/slots", service="\0").get_json()["code"] == "invalid"
    assert api.get("/slots", service="שוודי", staff="\0").get_json()["code"] in ("invalid", "unknown_staff")
    assert site.browser().logs_in("\0", login="\0").status_code == 401
    assert site.owner().get("/admin/calls/%00").status_code == 404


def test_ready_when_the_database_answers(site: Site) -> None:
    assert site.app.test_client().get("/readyz").get_json() == {"status": "ready", "checks": {"database": "ok"}}


def test_the_owners_door_is_held(site: Site) -> None:
    accounts, clock = site.parts.accounts, site.desk.clock
    tokens = [accounts.log_in("owner", site.password, "192.0.2.1", "Firefox") for _ in range(2)]
    owners = [accounts.owner_of(str(token)) for token in tokens]
    assert owners[1] is not None
    assert len(accounts.sessions(owners[1].id)) == 2
    assert accounts.change_password(owners[1], site.password, "ספר-ים-כחול-גדול") is None
    assert [accounts.owner_of(str(token)) is None for token in tokens] == [True, False]
    answers = [accounts.log_in("owner", "wrong", "192.0.2.1", "") for _ in range(6)]
    assert answers == [Refused.WRONG] * 5 + [Refused.THROTTLED]
    clock.at += dt.timedelta(minutes=31)
    assert accounts.owner_of(str(tokens[1])) is None
    assert accounts.reset_password() is not None


def test_a_call_is_recorded_while_it_goes_on(site: Site) -> None:
    site.calls.announce("CA1", site.desk.business.id, None, None, None, site.desk.clock.now())
    record = site.parts.recorder.open("CA1")
    for turn in range(30):
        record.caller_said(turn, f"שורה {turn}")
        record.tool_called(turn, ToolCall("business_info", {"n": turn}, True, None, 1.0))
        record.agent_says(turn, "כן.")
        record.agent_heard(turn, "כן.")
    record.ended(Outcome.ANSWERED)
    assert site.parts.recorder.flush()
    call = site.calls.get("CA1")
    assert call is not None
    assert [(t.caller, t.agent, t.agent_heard, t.tool_calls[0].arguments["n"]) for t in call.turns] == [
        (f"שורה {turn}", "כן.", "כן.", turn) for turn in range(30)
    ]
    assert call.outcome is Outcome.ANSWERED
