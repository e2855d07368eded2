"""The recorder: nothing waits for it, nothing overtakes, nothing is written twice."""

import datetime as dt
import threading
import time
from collections.abc import Iterable, Iterator

import pytest
from sqlalchemy import Engine, insert
from sqlalchemy.exc import IntegrityError, OperationalError

from server.calls.drafts import CallDraft
from server.calls.models import Ending, Outcome, Timings, ToolCall
from server.calls.record import Recorder
from server.calls.store import CallStore
from server.db.tables.calendar import businesses

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

NOW = dt.datetime(2026, 11, 22, 8, 0, tzinfo=dt.UTC)


class Noon:
    """A clock that stands still."""

    def now(self) -> dt.datetime:
        return NOW

    def monotonic(self) -> float:
        return 0.0


class UnsteadyStore(CallStore):
    """A database that is away for the first `failures` writes, or hangs until it is let go."""

    def __init__(self, engine: Engine, failures: list[Exception] | None = None) -> None:
        super().__init__(engine)
        self.failures = failures or []
        self.refused: str | None = None  # words that the database will not take
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        self.write_count = 0

    def write(self, drafts: Iterable[CallDraft]) -> tuple[str, ...]:
        self.may_go_on.wait(10)
        self.write_count += 1
        if self.failures:
            raise self.failures.pop(0)
        drafts = list(drafts)
        if any(self.refused and turn.caller == self.refused for draft in drafts for turn in draft.dirty_turns()):
            raise IntegrityError("INSERT", {}, Exception("refused"))
        return super().write(drafts)


@pytest.fixture
def store(engine: Engine) -> UnsteadyStore:
    with engine.begin() as connection:
        connection.execute(insert(businesses), [{"name": "ס", "number": "+97235550100", "zone": "Asia/Jerusalem"}])
    store = UnsteadyStore(engine)
    for call_sid in ("CA1", "CA2"):
        store.announce(call_sid, 1, None, None, None, NOW)
    return store


@pytest.fixture
def recorder(store: UnsteadyStore) -> Iterator[Recorder]:
    recorder = Recorder(store, Noon())
    yield recorder
    recorder.close(0.5)


def away() -> OperationalError:
    return OperationalError("INSERT", {}, Exception("server closed the connection"))


def test_a_call_is_readable_while_it_goes_on(store: CallStore, recorder: Recorder) -> None:
    record = recorder.open("CA1")
    record.agent_says(0, "שלום.")
    record.caller_said(1, "מה")
    record.caller_said(1, "השעה?")
    assert recorder.flush()
    assert [(t.number, t.caller, t.agent) for t in store.get("CA1").turns] == [
        (0, None, "שלום."),
        (1, "מה השעה?", None),
    ]
    record.tool_called(1, ToolCall("business_info", {}, True, None, 1.0))
    record.agent_says(1, "שמונה.")
    record.agent_says(1, "עוד משהו?")
    record.agent_heard(1, "שמונה.")
    record.timed(1, Timings(turn=30.0))
    record.ended(Outcome.ANSWERED, Ending.HANG_UP)
    record.ended(Outcome.FAILED)
    assert recorder.flush()
    call = store.get("CA1")
    assert (call.turns[1].agent, call.turns[1].agent_heard) == ("שמונה. עוד משהו?", "שמונה.")
    assert (call.outcome, call.ending, call.ended_at) == (Outcome.ANSWERED, Ending.HANG_UP, NOW)


def test_many_events_share_a_transaction(store: UnsteadyStore, recorder: Recorder) -> None:
    records = [recorder.open("CA1"), recorder.open("CA2")]
    for n in range(300):
        records[n % 2].agent_says(n // 20, str(n))
    assert recorder.flush()
    assert store.write_count <= 3
    said = " ".join(turn.agent or "" for turn in store.get("CA2").turns)
    assert said.split() == [str(n) for n in range(1, 300, 2)]


def test_while_the_database_is_away_calls_go_on_and_lose_nothing(store: UnsteadyStore, recorder: Recorder) -> None:
    store.failures = [away(), away()]
    record = recorder.open("CA1")
    for n in range(50):
        record.caller_said(n, f"שורה {n}")
    assert recorder.flush()
    assert store.failures == []
    assert [turn.caller for turn in store.get("CA1").turns] == [f"שורה {n}" for n in range(50)]
    assert recorder.lost_count == 0


def test_a_database_that_hangs_holds_no_caller(store: UnsteadyStore) -> None:
    recorder = Recorder(store, Noon(), waiting_limit=100)
    record = recorder.open("CA1")
    store.may_go_on.clear()
    record.caller_said(0, "ראשונה")
    began = time.perf_counter()
    for n in range(1, 1000):
        record.caller_said(n, "עוד")
    assert time.perf_counter() - began < 0.5
    assert recorder.flush(0.01) is False
    assert recorder.lost_count > 700, "what does not fit is lost and counted, not waited for"
    store.may_go_on.set()
    assert recorder.flush()
    assert len(store.get("CA1").turns) >= 100
    assert recorder.close()


def test_the_outcome_gets_through_even_when_the_record_is_full(store: UnsteadyStore) -> None:
    recorder = Recorder(store, Noon(), waiting_limit=10)
    record = recorder.open("CA1")
    store.may_go_on.clear()
    for n in range(100):
        record.caller_said(n, "עוד")
    record.ended(Outcome.HANGUP)
    store.may_go_on.set()
    assert recorder.flush()
    assert store.get("CA1").outcome is Outcome.HANGUP
    assert recorder.close()


def test_one_calls_bad_value_costs_no_other_call_its_record(store: UnsteadyStore, recorder: Recorder) -> None:
    store.failures = [
        IntegrityError("INSERT", {}, Exception("refused")),
        IntegrityError("INSERT", {}, Exception("refused")),
    ]
    recorder.open("CA1").caller_said(1, "אחת")
    recorder.open("CA2").caller_said(1, "שתיים")
    assert recorder.flush()
    assert store.get("CA1").turns == ()
    assert [turn.caller for turn in store.get("CA2").turns] == ["שתיים"]
    assert recorder.lost_count == 1


def test_one_turns_bad_value_costs_neither_the_other_turns_nor_the_outcome(
    store: UnsteadyStore, recorder: Recorder
) -> None:
    record = recorder.open("CA1")
    store.refused = "refused"
    record.caller_said(1, "first")
    record.caller_said(2, "refused")
    record.ended(Outcome.ANSWERED, Ending.HANG_UP)
    assert recorder.flush()
    call = store.get("CA1")
    assert call is not None
    assert [turn.caller for turn in call.turns] == ["first"]
    assert call.outcome is Outcome.ANSWERED
    assert recorder.lost_count == 1


def test_what_is_no_number_is_kept_as_text(store: CallStore, recorder: Recorder) -> None:
    record = recorder.open("CA1")
    record.caller_said(1, "how long?")
    arguments = {"minutes": float("inf"), "price": float("nan")}
    record.tool_called(1, ToolCall("calendar_find_slots", arguments, ok=False, code="validation_error", ms=0.1))
    assert recorder.flush()
    call = store.get("CA1")
    assert call is not None
    assert call.turns[0].tool_calls[0].arguments == {"minutes": "Infinity", "price": "NaN"}


def test_words_of_a_call_that_was_never_announced_are_counted_as_lost(recorder: Recorder) -> None:
    recorder.open("CA404").caller_said(1, "שלום")
    assert recorder.flush()
    assert recorder.lost_count == 1


def test_a_value_of_the_wrong_kind_does_not_end_the_record(store: CallStore, recorder: Recorder) -> None:
    recorder.open("CA1").caller_said(1, None)  # type: ignore[arg-type]
    recorder.open("CA1").caller_said(2, "שלום")
    assert recorder.flush()
    assert [turn.caller for turn in store.get("CA1").turns] == ["שלום"]


def test_closing_stores_what_is_left(store: CallStore) -> None:
    recorder = Recorder(store, Noon())
    recorder.open("CA1").caller_said(1, "שלום")
    assert recorder.close()
    assert len(store.get("CA1").turns) == 1


def test_closing_with_the_database_away_gives_up_in_time(store: UnsteadyStore) -> None:
    store.failures = [away() for _ in range(1000)]
    recorder = Recorder(store, Noon())
    recorder.open("CA1").caller_said(1, "שלום")
    began = time.perf_counter()
    assert recorder.close(0.3) is False
    assert time.perf_counter() - began < 2


def test_calls_left_behind_are_closed_at_the_start(store: CallStore) -> None:
    store.announce("CAold", 1, None, None, None, NOW - dt.timedelta(minutes=30))
    recorder = Recorder(store, Noon())
    recorder.open("CA1").caller_said(1, "שלום")
    assert recorder.close()
    assert store.get("CAold").outcome is Outcome.FAILED
    assert store.get("CA1").outcome is None
