"""The JSON API: calls, services, free times, its own description, and who may ask."""

import datetime as dt
from typing import Any

import pytest

from server.calls.drafts import CallDraft
from server.calls.models import Ending, Outcome, Timings, ToolCall
from tests.pages import Api, Site

CALLER = "+972523456789"
BAD_RANGES = [
    {"from_": "yesterday"},
    {"from_": "2026-02-30"},
    {"from_": "22/11/2026"},
    {"from_": "1795435200"},
    {"from_": "2026-11-23T00:00:00"},
    {"from_": "0001-01-01"},
    {"to": "9999-12-31"},
    {"from_": "2026-11-24", "to": "2026-11-23"},
    {"from_": "2020-01-01", "to": "2026-11-23"},
    {"from_": "2026-11-23' OR '1'='1"},
    {"from_": ""},
]


pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def api(site: Site) -> Api:
    return site.api()


def call_comes_in(site: Site, call_sid: str, *, at: dt.datetime | None = None, business: int = 1) -> None:
    site.calls.announce(call_sid, business, CALLER, None, None, at or site.desk.clock.now())


def spoken(site: Site, call_sid: str = "CA1") -> None:
    now = site.desk.clock.now()
    draft = CallDraft(call_sid)
    draft.agent_says(0, now, "שלום.")
    draft.agent_heard(0, now, "שלום.")
    draft.timed(2, now, Timings(eou_wait=700.0))
    draft.caller_said(3, now, "רגע")
    draft.caller_said(5, now, "תקבע לי מחר")
    draft.tool_called(5, now, ToolCall("calendar_find_slots", {"date_iso": "2026-11-23"}, True, None, 4.567))
    draft.agent_says(5, now, "קבעתי.")
    draft.timed(5, now, Timings(eou_wait=351.04, turn=420.0, ai=200.0, tts_generation=90.0, tts_send=3000.0))
    draft.ended(0, now + dt.timedelta(seconds=90), (Outcome.BOOKED, Ending.HANG_UP))
    site.calls.write([draft])


def test_a_call_is_told_turn_by_turn(site: Site, api: Api) -> None:
    call_comes_in(site, "CA1")
    spoken(site)
    nothing = {"eou_wait": None, "turn": None, "ai": None, "tts_generation": None, "tts_send": None}
    assert api.get("/calls/CA1").get_json() == {
        "call_sid": "CA1",
        "business_id": 1,
        "caller_number": CALLER,
        "started_at": "2026-11-22T10:00:00+02:00",
        "ended_at": "2026-11-22T10:01:30+02:00",
        "outcome": "booked",
        "turns": [
            {
                "index": 0,
                "caller": None,
                "agent": "שלום.",
                "agent_heard": "שלום.",
                "tool_calls": [],
                "latency_ms": nothing,
            },
            {"index": 1, "caller": "רגע", "agent": None, "agent_heard": None, "tool_calls": [], "latency_ms": nothing},
            {
                "index": 2,
                "caller": "תקבע לי מחר",
                "agent": "קבעתי.",
                "agent_heard": None,
                "tool_calls": [
                    {
                        "name": "calendar_find_slots",
                        "arguments": {"date_iso": "2026-11-23"},
                        "ok": True,
                        "code": None,
                        "ms": 4.57,
                    }
                ],
                "latency_ms": {
                    "eou_wait": 351.0,
                    "turn": 420.0,
                    "ai": 200.0,
                    "tts_generation": 90.0,
                    "tts_send": 3000.0,
                },
            },
        ],
    }


def test_a_call_that_goes_on_has_neither_end_nor_outcome(site: Site, api: Api) -> None:
    call_comes_in(site, "CA1")
    call = api.get("/calls/CA1").get_json()
    assert (call["ended_at"], call["outcome"], call["turns"]) == (None, None, [])


def test_calls_are_listed_newest_first_and_by_page(site: Site, api: Api) -> None:
    for n in range(5):
        call_comes_in(site, f"CA{n}", at=site.desk.clock.now() - dt.timedelta(minutes=n))
    call_comes_in(site, "CAyesterday", at=dt.datetime(2026, 11, 21, 21, 59, tzinfo=dt.UTC))
    first = api.get("/calls", from_="2026-11-22", to="2026-11-22", page_size=3).get_json()
    assert [call["call_sid"] for call in first["items"]] == ["CA0", "CA1", "CA2"]
    assert (first["page"], first["next_page"], first["total_count"]) == (1, 2, 5)
    last = api.get("/calls", from_="2026-11-22", page=2, page_size=3).get_json()
    assert [call["call_sid"] for call in last["items"]] == ["CA3", "CA4"]
    assert last["next_page"] is None
    yesterday = api.get("/calls", from_="2026-11-21", to="2026-11-21").get_json()["items"]
    assert [call["call_sid"] for call in yesterday] == ["CAyesterday"], "days are the business's, not UTC's"


@pytest.mark.parametrize("call_sid", ["CA404", "' OR 1=1 --", "%00", "..%2f..%2fetc", "א" * 300])
def test_a_call_that_is_not_there_is_not_found(site: Site, api: Api, call_sid: str) -> None:
    call_comes_in(site, "CA1")
    answer = api.get(f"/calls/{call_sid}")
    assert (answer.status_code, answer.get_json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("path", ["/calls", "/appointments", "/slots"])
@pytest.mark.parametrize("query", BAD_RANGES)
def test_dates_that_make_no_range_are_refused(api: Api, path: str, query: dict[str, str]) -> None:
    more = {"service": "עיסוי שוודי"} if path == "/slots" else {}
    answer = api.get(path, **query, **more)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "invalid")


@pytest.mark.parametrize("query", [{"page": 0}, {"page": "x"}, {"page_size": 101}, {"page": 10**9}, {"business": "x"}])
def test_pages_that_cannot_be_are_refused(api: Api, query: dict[str, object]) -> None:
    assert api.get("/calls", **query).get_json()["code"] == "invalid"


def test_a_business_that_is_not_there_is_not_found(api: Api) -> None:
    assert api.get("/calls", business=404).get_json()["code"] == "not_found"
    assert api.get("/services", business=1).status_code == 200


def test_services_are_told_with_lengths_prices_and_staff(api: Api) -> None:
    found = {item["name"]: item for item in api.get("/services").get_json()["items"]}
    assert found["עיסוי שוודי"]["lengths"] == [
        {"minutes": 45, "price": 280},
        {"minutes": 60, "price": 350},
        {"minutes": 90, "price": 480},
    ]
    assert found["עיסוי שוודי"]["staff"] == ["מאיה", "רון"]
    assert found["טיפול פנים"]["staff"] == ["מאיה"]
    assert "שוודי" in found["עיסוי שוודי"]["aliases"]


def test_free_times_are_those_of_the_telephone(site: Site, api: Api) -> None:
    site.desk.books(site.desk.at(9), staff="מאיה")
    query = {"service": "טיפול פנים", "minutes": 60, "from_": "2026-11-23", "to": "2026-11-23"}
    found = api.get("/slots", **query).get_json()
    assert found["items"][0] == {
        "starts_at": "2026-11-23T10:00:00+02:00",
        "ends_at": "2026-11-23T11:00:00+02:00",
        "staff": "מאיה",
    }
    assert len(api.get("/slots", **query, limit=3).get_json()["items"]) == 3


def test_a_closed_day_has_a_reason_and_alternatives(api: Api) -> None:
    found = api.get("/slots", service="שוודי", from_="2026-11-28", to="2026-11-28").get_json()
    assert (found["items"], found["reason"]) == ([], "closed_day")
    assert found["alternatives"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({}, "invalid"),
        ({"service": "ריקודי עם"}, "unknown_service"),
        ({"service": "שוודי", "minutes": 61}, "unknown_length"),
        ({"service": "שוודי", "minutes": "שעה"}, "invalid"),
        ({"service": "שוודי", "staff": "גדליה"}, "unknown_staff"),
        ({"service": "שוודי", "limit": 0}, "invalid"),
    ],
)
def test_free_times_of_what_is_not_offered_are_refused(api: Api, query: dict[str, Any], code: str) -> None:
    answer = api.get("/slots", **query)
    assert (answer.status_code, answer.get_json()["code"]) == (422, code)


def test_the_api_describes_itself(site: Site, api: Api) -> None:
    document = api.get("/openapi.json").get_json()
    assert document["openapi"].startswith("3.1")
    rules = {
        (rule.rule.replace("<int:appointment_id>", "{id}").replace("<call_sid>", "{call_sid}"), method.lower())
        for rule in site.app.url_map.iter_rules()
        for method in rule.methods or ()
        if rule.rule.startswith("/api/") and method in ("GET", "POST", "PATCH", "PUT", "DELETE")
    }
    assert {(path, method) for path, verbs in document["paths"].items() for method in verbs} == rules
    assert unresolved(document) == []
    change = document["components"]["schemas"]["AppointmentChange"]
    assert (change["minProperties"], change["additionalProperties"]) == (1, False)
    assert "null" not in str(change["properties"]), "absent is not null"


def unresolved(document: dict[str, Any]) -> list[str]:
    """References that lead nowhere."""
    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}

    def references(value: Any) -> list[str]:
        if isinstance(value, list):
            return [found for item in value for found in references(item)]
        if isinstance(value, dict):
            own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
            return own + [found for item in value.values() for found in references(item)]
        return []

    return [reference for reference in references(document) if reference not in known]


@pytest.mark.parametrize("token", [None, "", "wrong", "token-of-the-test", "token-of-the-tests ", "\x7f"])
def test_without_the_token_nothing_is_told(site: Site, token: str | None) -> None:
    if token == "token-of-the-tests ":
        assert site.api(token).get("/calls").status_code == 200, "blanks around a token are none of it"
        return
    answer = site.api(token).get("/calls")
    assert (answer.status_code, answer.get_json()["code"]) == (401, "unauthorized")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize("header", ["token-of-the-tests", "Basic dG9rZW4=", "Bearer", "Digest x"])
def test_only_a_bearer_token_is_one(site: Site, header: str) -> None:
    answer = site.app.test_client().get("/api/v1/calls", headers={"Authorization": header})
    assert answer.get_json()["code"] == "unauthorized"


def test_the_owner_may_ask_by_session_and_write_with_the_pages_token(site: Site) -> None:
    browser = site.owner()
    assert browser.get("/api/v1/calls").status_code == 200
    body = {"service": "שוודי", "starts_at": "2026-11-23T12:00:00+02:00", "customer_name": "דני"}
    forged = browser.client.post("/api/v1/appointments", json=body)
    assert (forged.status_code, forged.get_json()["code"]) == (403, "csrf_failed")
    made = browser.client.post("/api/v1/appointments", json=body, headers={"X-CSRFToken": browser.token()})
    assert (made.status_code, made.get_json()["source"]) == (201, "admin")


def test_a_wrong_token_is_not_made_good_by_a_session(site: Site) -> None:
    answer = site.owner().client.get("/api/v1/calls", headers={"Authorization": "Bearer wrong"})
    assert answer.status_code == 401


def test_every_error_is_a_problem_with_a_code(site: Site, api: Api) -> None:
    client, auth = site.app.test_client(), {"Authorization": "Bearer token-of-the-tests"}
    path = "/api/v1/appointments"
    answers = {
        "not_found": client.get("/api/v1/no-such-thing", headers=auth),
        "method_not_allowed": client.delete(path, headers=auth),
        "unsupported_media_type": client.post(path, data="service=x", headers=auth),
        "bad_json": client.post(path, data="{", content_type="application/json", headers=auth),
        "too_large": client.post(path, data=b"{" + b" " * 70_000, content_type="application/json", headers=auth),
        "invalid": api.post("/appointments", {}),
    }
    assert {code: answer.get_json()["code"] for code, answer in answers.items()} == {code: code for code in answers}
    for answer in answers.values():
        assert answer.mimetype == "application/problem+json"
        assert answer.get_json()["status"] == answer.status_code
    assert answers["method_not_allowed"].headers["Allow"]


def test_bytes_that_are_no_text_are_no_json(site: Site) -> None:
    auth = {"Authorization": "Bearer token-of-the-tests"}
    answer = site.app.test_client().post(
        "/api/v1/appointments", data=b"\xff\xfe\x00", content_type="application/json", headers=auth
    )
    assert (answer.status_code, answer.get_json()["code"]) == (400, "bad_json")
