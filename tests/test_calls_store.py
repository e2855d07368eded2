"""Calls in the database: announced, claimed, ended, read."""

import datetime as dt
import threading

import pytest
from sqlalchemy import Engine, insert

from server.calls.drafts import CallDraft
from server.calls.models import Claimed, Outcome, Timings, ToolCall
from server.calls.store import CallStore
from server.db.tables.calendar import businesses

NOW = dt.datetime(2026, 11, 22, 8, 0, tzinfo=dt.UTC)
IN_A_MINUTE = NOW + dt.timedelta(seconds=60)
CALLER = "+972523456789"


@pytest.fixture
def store(engine: Engine) -> CallStore:
    with engine.begin() as connection:
        connection.execute(
            insert(businesses),
            [
                {"name": "ספא לוטוס", "number": "+97235550100", "zone": "Asia/Jerusalem"},
                {"name": "אחר", "number": "+97235550199", "zone": "Asia/Jerusalem"},
            ],
        )
    return CallStore(engine)


def announce(store: CallStore, call_sid: str = "CA1", *, token: str = "hash", at: dt.datetime = NOW) -> bool:
    return store.announce(call_sid, 1, CALLER, token, at + dt.timedelta(seconds=60), at)


def test_a_webhook_sent_twice_announces_one_call(store: CallStore) -> None:
    assert announce(store) is True
    assert announce(store, token="other") is False
    assert store.claim("CA1", "other", NOW) is None
    assert store.claim("CA1", "hash", NOW) == Claimed(1, CALLER)


def test_the_same_webhook_from_many_threads_at_once_announces_one_call(store: CallStore) -> None:
    barrier, news = threading.Barrier(8), []

    def ring() -> None:
        barrier.wait()
        news.append(announce(store))

    threads = [threading.Thread(target=ring) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(news) == [False] * 7 + [True]


def test_a_token_works_once(store: CallStore) -> None:
    announce(store)
    assert store.claim("CA1", "hash", NOW) is not None
    assert store.claim("CA1", "hash", NOW) is None


def test_of_many_streams_that_claim_a_call_at_once_one_gets_it(store: CallStore) -> None:
    announce(store)
    barrier, claims = threading.Barrier(8), []

    def claim() -> None:
        barrier.wait()
        claims.append(store.claim("CA1", "hash", NOW))

    threads = [threading.Thread(target=claim) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(claims) == 8
    assert [claimed for claimed in claims if claimed] == [Claimed(1, CALLER)]


@pytest.mark.parametrize(
    ("call_sid", "token", "at"),
    [
        ("CA2", "hash", NOW),
        ("CA1", "wrong", NOW),
        ("CA1", "", NOW),
        ("CA1\0", "hash", NOW),
        ("\ud800", "hash", NOW),
        ("CA1", "hash", IN_A_MINUTE),
        ("CA1' OR '1'='1", "hash", NOW),
    ],
)
def test_a_token_is_bound_to_its_call_and_its_minute(
    store: CallStore, call_sid: str, token: str, at: dt.datetime
) -> None:
    announce(store)
    announce(store, "CA2", token="hash of another call")
    assert store.claim(call_sid, token, at) is None


def test_a_call_that_is_over_cannot_be_claimed(store: CallStore) -> None:
    announce(store)
    store.status("CA1", "completed", NOW)
    assert store.claim("CA1", "hash", NOW) is None


def test_an_outcome_is_set_once(store: CallStore) -> None:
    announce(store)
    assert store.end("CA1", Outcome.BOOKED, NOW) is True
    assert store.end("CA1", Outcome.FAILED, IN_A_MINUTE) is False
    assert store.end("CA9", Outcome.FAILED, NOW) is False
    call = store.get("CA1")
    assert call is not None
    assert (call.outcome, call.ended_at) == (Outcome.BOOKED, NOW)


@pytest.mark.parametrize(
    "words", [["ringing", "in-progress", "completed"], ["completed", "ringing", "ringing", "completed"]]
)
def test_status_callbacks_come_in_any_order_and_repeated(store: CallStore, words: list[str]) -> None:
    announce(store)
    store.claim("CA1", "hash", NOW)
    for seconds, word in enumerate([*words, "no such word"]):
        store.status("CA1", word, NOW + dt.timedelta(seconds=seconds))
    call = store.get("CA1")
    assert call is not None
    assert call.ended_at == NOW + dt.timedelta(seconds=words.index("completed"))
    assert call.outcome is None, "the stream that holds the call says how it went"


@pytest.mark.parametrize(
    ("word", "outcome"), [("completed", Outcome.HANGUP), ("canceled", Outcome.HANGUP), ("failed", Outcome.FAILED)]
)
def test_a_call_that_no_stream_took_up_ends_with_its_callback(store: CallStore, word: str, outcome: Outcome) -> None:
    announce(store)
    store.status("CA1", word, IN_A_MINUTE)
    call = store.get("CA1")
    assert call is not None
    assert (call.outcome, call.ended_at) == (outcome, IN_A_MINUTE)


def test_a_status_of_an_unknown_call_is_nothing(store: CallStore) -> None:
    store.status("CA404", "completed", NOW)
    assert store.get("CA404") is None


def test_calls_of_a_dead_process_are_closed_and_running_ones_are_not(store: CallStore) -> None:
    for call_sid, minutes in (("CAold", 16), ("CAspoke", 16), ("CAlive", 14), ("CAdone", 60)):
        announce(store, call_sid, at=NOW - dt.timedelta(minutes=minutes))
    store.end("CAdone", Outcome.BOOKED, NOW)
    draft = CallDraft("CAspoke")
    draft.caller_said(1, NOW - dt.timedelta(minutes=15), "שלום")
    store.write([draft])
    assert store.reconcile(NOW) == 2
    assert store.reconcile(NOW) == 0
    outcomes = {
        sid: (store.get(sid).outcome, store.get(sid).ended_at) for sid in ("CAold", "CAspoke", "CAlive", "CAdone")
    }  # type: ignore[union-attr]
    assert outcomes == {
        "CAold": (Outcome.FAILED, NOW - dt.timedelta(minutes=16)),
        "CAspoke": (Outcome.FAILED, NOW - dt.timedelta(minutes=15)),
        "CAlive": (None, None),
        "CAdone": (Outcome.BOOKED, NOW),
    }


def test_a_call_whose_line_is_closed_and_that_nobody_ended_is_closed_a_minute_later(store: CallStore) -> None:
    announce(store)
    store.claim("CA1", "hash", NOW)
    store.status("CA1", "completed", IN_A_MINUTE)
    assert store.reconcile(IN_A_MINUTE + dt.timedelta(seconds=60)) == 0
    assert store.reconcile(IN_A_MINUTE + dt.timedelta(seconds=61)) == 1
    call = store.get("CA1")
    assert call is not None
    assert (call.outcome, call.ended_at) == (Outcome.FAILED, IN_A_MINUTE)


def spoken_call(call_sid: str = "CA1") -> CallDraft:
    draft = CallDraft(call_sid)
    draft.agent_says(0, NOW, "שלום, הגעתם לספא לוטוס.")
    draft.timed(2, NOW, Timings(eou_wait=350.0))
    draft.caller_said(3, NOW, "רגע")
    draft.caller_said(4, NOW, "תקבע לי מחר ב-12 שוודי שעה. דני.")
    draft.tool_called(4, NOW, ToolCall("calendar_find_slots", {"date_iso": "2026-11-23"}, True, None, 4.5))
    draft.tool_called(4, NOW, ToolCall("calendar_create_appointment", {"time": "12:00"}, False, "slot_taken", 9.0))
    draft.agent_says(4, NOW, "קבעתי למחר.")
    draft.agent_says(4, NOW, "להתראות.")
    draft.agent_heard(4, NOW, "קבעתי למחר.")
    draft.timed(4, NOW, Timings(eou_wait=351.0, turn=40.0))
    draft.timed(4, NOW, Timings(tts_send=900.0, queue_max_depth=45))
    return draft


def test_turns_are_told_in_order_and_those_without_words_are_none(store: CallStore) -> None:
    announce(store)
    store.write([spoken_call()])
    call = store.get("CA1")
    assert call is not None
    assert [(turn.number, turn.caller, turn.agent, turn.agent_heard) for turn in call.turns] == [
        (0, None, "שלום, הגעתם לספא לוטוס.", None),
        (3, "רגע", None, None),
        (4, "תקבע לי מחר ב-12 שוודי שעה. דני.", "קבעתי למחר. להתראות.", "קבעתי למחר."),
    ]
    assert [(tool.name, tool.arguments, tool.ok, tool.code, tool.ms) for tool in call.turns[2].tool_calls] == [
        ("calendar_find_slots", {"date_iso": "2026-11-23"}, True, None, 4.5),
        ("calendar_create_appointment", {"time": "12:00"}, False, "slot_taken", 9.0),
    ]
    assert call.turns[2].timings == Timings(eou_wait=351.0, turn=40.0, tts_send=900.0, queue_max_depth=45)


def test_writing_again_changes_nothing(store: CallStore) -> None:
    announce(store)
    store.write([spoken_call()])
    once = store.get("CA1")
    store.write([spoken_call()])
    assert store.get("CA1") == once


def test_a_draft_begun_anew_keeps_what_is_known(store: CallStore) -> None:
    announce(store)
    store.write([spoken_call()])
    late = CallDraft("CA1")
    late.agent_heard(4, IN_A_MINUTE, "קבעתי למחר. להתראות.")
    store.write([late])
    call = store.get("CA1")
    assert call is not None
    assert (call.turns[2].caller, call.turns[2].agent_heard) == (
        "תקבע לי מחר ב-12 שוודי שעה. דני.",
        "קבעתי למחר. להתראות.",
    )


def test_words_that_no_database_likes_are_stored_all_the_same(store: CallStore) -> None:
    announce(store)
    draft = CallDraft("CA1")
    draft.caller_said(1, NOW, "א\0ב\ud800ג'; DROP TABLE turns;--")
    draft.tool_called(1, NOW, ToolCall("t" * 100, {"name": "a\0\ud800", "day": NOW.date()}, True, "c" * 100, 1.0))
    draft.agent_says(1, NOW, "ט" * 10_000)
    assert store.write([draft]) == ()
    call = store.get("CA1")
    assert call is not None
    assert call.turns[0].caller == "אב?ג'; DROP TABLE turns;--"
    assert call.turns[0].tool_calls[0].arguments == {"name": "a?", "day": "2026-11-22"}
    assert len(call.turns[0].agent or "") == 4000


def test_a_call_that_was_never_announced_is_named(store: CallStore) -> None:
    announce(store)
    assert store.write([spoken_call("CA404"), spoken_call("CA1")]) == ("CA404",)
    assert store.get("CA1").turns  # type: ignore[union-attr]


def test_calls_are_listed_newest_first_in_pages_of_their_business(store: CallStore) -> None:
    for minute in range(5):
        announce(store, f"CA{minute}", at=NOW + dt.timedelta(minutes=minute))
    store.announce("CAother", 2, None, None, None, NOW)
    store.write([spoken_call("CA4")])
    first = store.between(1, NOW, NOW + dt.timedelta(minutes=5), page=1, page_size=2)
    last = store.between(1, NOW, NOW + dt.timedelta(minutes=5), page=3, page_size=2)
    assert [call.call_sid for call in first.items] == ["CA4", "CA3"]
    assert [call.call_sid for call in last.items] == ["CA0"]
    assert first.total_count == last.total_count == 5
    assert (first.items[0].headline, first.items[0].turn_count) == ("רגע", 2)
    assert (first.items[1].headline, first.items[1].turn_count) == (None, 0)
    assert store.between(1, NOW, NOW + dt.timedelta(minutes=2)).total_count == 2, "the end is not included"


def test_messages_are_for_their_business_until_they_are_handled(store: CallStore) -> None:
    announce(store)
    draft = CallDraft("CA1")
    draft.caller_said(1, NOW, "תגידו למאיה שאאחר")
    draft.tool_called(1, NOW, ToolCall("take_message", {"text": "מאחרים"}, True, None, 1.0))
    draft.tool_called(1, NOW, ToolCall("take_message", {"text": ""}, False, "validation_error", 1.0))
    store.write([draft])
    [message] = store.messages(1)
    assert (message.call_sid, message.caller_number, message.details) == ("CA1", CALLER, {"text": "מאחרים"})
    assert store.messages(2) == ()
    assert store.mark_handled(2, message.id, NOW) is False
    assert store.mark_handled(1, message.id, NOW) is True
    assert store.mark_handled(1, message.id, NOW) is False
    assert store.messages(1) == ()
    assert [m.handled_at for m in store.messages(1, is_handled=True)] == [NOW]
