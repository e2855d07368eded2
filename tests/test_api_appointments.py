"""Appointments by the JSON API: the telephone's own desk, in JSON."""

import datetime as dt
from typing import Any

import pytest

from server.calendar.models import Source
from tests.pages import Api, Site

NOON = "2026-11-23T12:00:00+02:00"


pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def api(site: Site) -> Api:
    return site.api()


def wish(**other: Any) -> dict[str, Any]:
    values = {
        "service": "שוודי",
        "minutes": 60,
        "starts_at": NOON,
        "staff": "רון",
        "customer_name": "דני",
        "notes": "חלון",
    }
    return {name: value for name, value in {**values, **other}.items() if value is not ...}


def items(api: Api, **query: object) -> list[dict[str, Any]]:
    answer = api.get("/appointments", **query)
    assert answer.status_code == 200, answer.text
    return list(answer.get_json()["items"])


def test_an_appointment_is_made_and_read_back(api: Api) -> None:
    answer = api.post("/appointments", wish(customer_phone="052-345-6789"))
    assert answer.status_code == 201
    made = answer.get_json()
    assert answer.headers["Location"] == f"/api/v1/appointments/{made['id']}"
    assert made == {
        "id": made["id"],
        "starts_at": "2026-11-23T12:00:00+02:00",
        "ends_at": "2026-11-23T13:00:00+02:00",
        "service": "עיסוי שוודי",
        "staff": "רון",
        "customer_name": "דני",
        "customer_phone": "+972523456789",
        "needs_phone": False,
        "status": "booked",
        "source": "api",
        "call_sid": None,
        "notes": "חלון",
        "price": 350,
    }
    assert items(api, from_="2026-11-23", to="2026-11-23") == [made]
    assert api.get(f"/appointments/{made['id']}").get_json() == made


@pytest.mark.parametrize("given", [(), ("minutes", "staff", "customer_phone", "notes")])
def test_what_may_be_left_out_may_be_left_out_or_null(api: Api, given: tuple[str, ...]) -> None:
    wanted = {"service": "עיסוי שוודי", "starts_at": NOON, "customer_name": "דני"}
    made = api.post("/appointments", wanted | dict.fromkeys(given)).get_json()
    assert (made["ends_at"], made["customer_phone"], made["needs_phone"]) == ("2026-11-23T12:45:00+02:00", None, True)
    assert made["staff"] in ("מאיה", "רון")


def test_a_foreign_offset_is_the_same_instant(api: Api) -> None:
    assert api.post("/appointments", wish(starts_at="2026-11-23T10:00:00Z")).get_json()["starts_at"] == NOON


def test_dates_are_those_of_the_business_and_both_are_included(site: Site, api: Api) -> None:
    for day in range(22, 27):
        site.desk.books(dt.datetime(2026, 11, day, 19, 0, tzinfo=site.desk.business.zone))
    days = [item["starts_at"][:10] for item in items(api, from_="2026-11-23", to="2026-11-25")]
    assert days == ["2026-11-23", "2026-11-24", "2026-11-25"]
    assert [item["starts_at"][:10] for item in items(api, from_="2026-11-24")] == ["2026-11-24"]
    assert [item["starts_at"][:10] for item in items(api)] == ["2026-11-22"], "without dates: today"


def test_a_taken_time_is_refused_with_what_is_free_instead(api: Api) -> None:
    api.post("/appointments", wish())
    answer = api.post("/appointments", wish(customer_name="נועה"))
    assert answer.status_code == 409
    assert answer.mimetype == "application/problem+json"
    problem = answer.get_json()
    assert (problem["code"], problem["status"]) == ("slot_taken", 409)
    assert problem["alternatives"]
    assert problem["alternatives"][0]["starts_at"].startswith("2026-11-23T")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"starts_at": "2026-11-23T21:00:00+02:00"}, 409, "outside_hours"),
        ({"starts_at": "2026-11-28T12:00:00+02:00"}, 409, "closed_day"),
        ({"starts_at": "2026-11-21T12:00:00+02:00"}, 409, "in_the_past"),
        ({"starts_at": "2027-11-22T12:00:00+02:00"}, 409, "too_far"),
        ({"service": "ריקודי עם"}, 422, "unknown_service"),
        ({"staff": "גדליה"}, 422, "unknown_staff"),
        ({"minutes": 61}, 422, "unknown_length"),
    ],
)
def test_the_desks_refusals_have_stable_codes(api: Api, change: dict[str, Any], status: int, code: str) -> None:
    answer = api.post("/appointments", wish(**change))
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
    assert items(api, from_="2026-01-01", to="2026-12-31") == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"starts_at": "2026-11-23T12:00:00"}, "starts_at"),
        ({"starts_at": "tomorrow"}, "starts_at"),
        ({"starts_at": 1795435200}, "starts_at"),
        ({"starts_at": "2026-02-30T12:00:00+02:00"}, "starts_at"),
        ({"starts_at": "0001-01-01T00:00:00+14:00"}, "starts_at"),
        ({"starts_at": "9999-12-31T23:59:59-12:00"}, "starts_at"),
        ({"starts_at": ...}, "starts_at"),
        ({"service": ...}, "service"),
        ({"service": ""}, "service"),
        ({"service": ["עיסוי שוודי"]}, "service"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": -60}, "minutes"),
        ({"minutes": "60"}, "minutes"),
        ({"minutes": 1e9}, "minutes"),
        ({"customer_name": ...}, "customer_name"),
        ({"customer_name": ""}, "customer_name"),
        ({"customer_name": "ד" * 10_000}, "customer_name"),
        ({"customer_phone": "not a number"}, "customer_phone"),
        ({"customer_phone": "12"}, "customer_phone"),
        ({"notes": "x" * 1001}, "notes"),
        ({"status": "arrived"}, "status"),
        ({"price": 1}, "price"),
        ({"source": "call"}, "source"),
    ],
)
def test_bad_input_is_named_and_changes_nothing(api: Api, change: dict[str, Any], field: str) -> None:
    answer = api.post("/appointments", wish(**change))
    assert (answer.status_code, answer.get_json()["code"]) == (422, "invalid")
    assert field in [fault["field"] for fault in answer.get_json()["errors"]]
    assert items(api, from_="2026-01-01", to="2026-12-31") == []


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "דני\u202e", "'; DROP TABLE appointments; --", "\0", "=HYPERLINK(1)"]
)
def test_a_hostile_name_harms_nothing(api: Api, name: str) -> None:
    answer = api.post("/appointments", wish(customer_name=name))
    assert answer.status_code in (201, 422)
    if answer.status_code == 422:
        assert answer.get_json()["code"] == "invalid"
    else:
        assert "\u202e" not in answer.get_json()["customer_name"]
    assert api.post("/appointments", wish(starts_at="2026-11-24T12:00:00+02:00")).status_code == 201


@pytest.mark.parametrize("body", [[], "text", 7, True])
def test_a_body_that_is_no_object_is_refused(api: Api, body: object) -> None:
    assert api.post("/appointments", body).get_json()["code"] == "invalid"


def test_a_repeat_with_the_same_key_answers_as_the_first_did(api: Api) -> None:
    first = api.post("/appointments", wish(), Idempotency_Key="order-7")
    again = api.post("/appointments", wish(), Idempotency_Key="order-7")
    assert (again.status_code, again.get_json()) == (first.status_code, first.get_json()) == (201, first.get_json())
    assert len(items(api, from_="2026-11-23")) == 1


def test_the_first_answer_stays_even_when_the_appointment_moves_on(api: Api) -> None:
    first = api.post("/appointments", wish(), Idempotency_Key="k").get_json()
    api.patch(f"/appointments/{first['id']}", {"status": "cancelled"})
    assert api.post("/appointments", wish(), Idempotency_Key="k").get_json() == first
    assert [item["status"] for item in items(api, from_="2026-11-23")] == ["cancelled"]


def test_a_refusal_is_repeated_too(api: Api) -> None:
    held = api.post("/appointments", wish()).get_json()
    first = api.post("/appointments", wish(customer_name="נועה"), Idempotency_Key="k")
    api.patch(f"/appointments/{held['id']}", {"status": "cancelled"})
    again = api.post("/appointments", wish(customer_name="נועה"), Idempotency_Key="k")
    assert (again.status_code, again.get_json()) == (first.status_code, first.get_json())
    assert api.post("/appointments", wish(customer_name="נועה"), Idempotency_Key="another").status_code == 201


def test_a_key_that_comes_with_another_request_is_refused(api: Api) -> None:
    api.post("/appointments", wish(), Idempotency_Key="k")
    answer = api.post("/appointments", wish(customer_name="נועה"), Idempotency_Key="k")
    assert (answer.status_code, answer.get_json()["code"]) == (422, "idempotency_key_reused")


@pytest.mark.parametrize("key", ["", "k" * 201])
def test_a_key_must_be_one(api: Api, key: str) -> None:
    assert api.post("/appointments", wish(), Idempotency_Key=key).get_json()["code"] == "invalid"


def test_an_appointment_is_moved_corrected_and_cancelled(api: Api) -> None:
    path = f"/appointments/{api.post('/appointments', wish()).get_json()['id']}"
    moved = api.patch(path, {"starts_at": "2026-11-24T18:00:00+02:00", "minutes": 90, "staff": "מאיה"})
    assert moved.status_code == 200, moved.text
    assert (moved.get_json()["starts_at"], moved.get_json()["ends_at"], moved.get_json()["staff"]) == (
        "2026-11-24T18:00:00+02:00",
        "2026-11-24T19:30:00+02:00",
        "מאיה",
    )
    corrected = api.patch(path, {"customer_name": "דניאל", "customer_phone": "0502345678", "notes": ""}).get_json()
    assert (corrected["customer_name"], corrected["customer_phone"], corrected["notes"]) == (
        "דניאל",
        "+972502345678",
        "",
    )
    assert corrected["needs_phone"] is False
    assert api.patch(path, {"status": "confirmed"}).get_json()["status"] == "confirmed"
    assert api.patch(path, {"status": "cancelled"}).get_json()["status"] == "cancelled"
    again = api.patch(path, {"status": "cancelled"})
    assert (again.status_code, again.get_json()["code"]) == (409, "already_cancelled")


def test_a_refused_move_changes_nothing_else_either(api: Api) -> None:
    path = f"/appointments/{api.post('/appointments', wish()).get_json()['id']}"
    before = api.get(path).get_json()
    answer = api.patch(path, {"starts_at": "2026-11-28T12:00:00+02:00", "customer_name": "נועה", "notes": "אחרת"})
    assert (answer.status_code, answer.get_json()["code"]) == (409, "closed_day")
    assert api.get(path).get_json() == before


def test_a_refused_status_takes_the_move_back(api: Api) -> None:
    path = f"/appointments/{api.post('/appointments', wish()).get_json()['id']}"
    before = api.get(path).get_json()
    answer = api.patch(path, {"starts_at": "2026-11-24T18:00:00+02:00", "notes": "אחרת", "status": "arrived"})
    assert (answer.status_code, answer.get_json()["code"]) == (409, "not_begun")
    assert api.get(path).get_json() == before


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"status": "deleted"},
        {"customer_phone": None},
        {"customer_phone": "x"},
        {"starts_at": "2026-11-23 12:00"},
        {"id": 7},
        {"minutes": 0},
        {"customer_name": ""},
        {"starts_at": "2026-11-24T12:00:00+02:00", "customer_name": "<script>"},
        {"starts_at": "2026-11-24T12:00:00+02:00", "customer_phone": "x"},
        [],
    ],
)
def test_a_bad_change_is_refused(api: Api, change: object) -> None:
    path = f"/appointments/{api.post('/appointments', wish()).get_json()['id']}"
    before = api.get(path).get_json()
    answer = api.patch(path, change)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "invalid")
    assert api.get(path).get_json() == before


@pytest.mark.parametrize("number", ["0", "404", str(2**31), str(2**80)])
def test_what_is_not_there_is_not_found(api: Api, number: str) -> None:
    for answer in (api.get(f"/appointments/{number}"), api.patch(f"/appointments/{number}", {"notes": "x"})):
        assert (answer.status_code, answer.get_json()["code"]) == (404, "not_found")


def test_an_appointment_of_a_call_names_it(site: Site, api: Api) -> None:
    site.desk.books(site.desk.at(12), source=Source.CALL, call_sid="CA1")
    [item] = items(api, from_="2026-11-23")
    assert (item["source"], item["call_sid"]) == ("call", "CA1")
