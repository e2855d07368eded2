"""The sender: what is due goes out, what fails passes or not, and no trouble is anybody else's."""

from __future__ import annotations

import datetime as dt
import logging
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import Engine

from server.calendar.models import Appointment
from server.calendar.outbox import LEASE, PAUSES, Outbox
from server.log import configure
from server.notices.messenger import NotSent
from server.notices.sender import Sender
from server.notices.twilio import TwilioMessenger
from tests.desk import OWNER, Desk
from tests.serving import eventually, serving
from tests.texting import (
    ACCOUNT,
    DANI,
    DROPS,
    HANGS,
    RONI,
    SECRET,
    SENDER,
    FakeTwilio,
    Post,
    Refuses,
    confirming_desk,
    fake_twilio,
)

GONE = NotSent("no_answer", is_passing=True)
NO_NUMBER = NotSent("21211", is_passing=False)


@dataclass
class Mailroom:
    """A desk that confirms, and a sender whom the test tells when to look."""

    desk: Desk
    post: Post = field(default_factory=Post)

    def __post_init__(self) -> None:
        self.sender = Sender(self.desk.bookings.outbox, self.post, self.desk.clock)

    def books(self, hour: int = 12, **other: object) -> Appointment:
        made = self.desk.books(self.desk.at(hour), **{"customer_phone": DANI, **other})  # type: ignore[arg-type]
        self.desk.clock.at += dt.timedelta(minutes=1)
        return made

    def looks(self, later: dt.timedelta = dt.timedelta()) -> int:
        """How many messages have gone out so far, once the sender has looked again."""
        self.desk.clock.at += later
        self.sender.send_due()
        return len(self.post.letters)

    def told(self, made: Appointment) -> list[tuple[str, str | None]]:
        notices = self.desk.bookings.outbox.told_of(made.business_id, made.id)
        return [(notice.state.value, notice.error) for notice in notices]


@pytest.fixture
def room(engine: Engine, tmp_path: Path) -> Mailroom:
    return Mailroom(confirming_desk(engine, tmp_path))


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """What is logged, down to the last detail."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configure("DEBUG")
    root.handlers[:] = handlers
    yield caplog
    root.setLevel(level)


def counted(kind: str, outcome: str) -> float:
    return REGISTRY.get_sample_value("voice_notices_total", {"kind": kind, "outcome": outcome}) or 0.0


def test_what_is_due_goes_out_once_to_whom_it_concerns(room: Mailroom) -> None:
    before = counted("booked", "sent")
    made = room.books(12)
    room.books(14, customer_phone=RONI, name="רוני")
    assert room.looks() == 2
    assert room.looks() == 2
    assert [to for to, _ in room.post.letters] == [DANI, RONI]
    assert "בשעה 12:00" in room.post.letters[0][1]
    assert room.told(made) == [("sent", None)]
    assert counted("booked", "sent") - before == 2


def test_trouble_that_passes_is_waited_out_in_growing_pauses(room: Mailroom) -> None:
    before = counted("booked", "retry")
    room.post.troubles = [GONE, GONE]
    made = room.books()
    assert room.looks() == 0
    assert room.looks(PAUSES[0]) == 0
    assert room.told(made) == [("waiting", "no_answer")]
    assert room.looks(PAUSES[0]) == 0, "the second pause is longer"
    assert room.looks(PAUSES[1] - PAUSES[0]) == 1
    assert room.told(made) == [("sent", None)]
    assert counted("booked", "retry") - before == 2


def test_trouble_that_cannot_pass_is_given_up_at_once_and_said_so(
    room: Mailroom, lines: pytest.LogCaptureFixture
) -> None:
    before = counted("booked", "failed")
    room.post.troubles = [NO_NUMBER]
    made = room.books()
    assert room.looks() == 0
    assert room.looks(dt.timedelta(hours=10)) == 0
    assert room.told(made) == [("failed", "21211")]
    assert counted("booked", "failed") - before == 1
    assert "notice given up" in lines.text


def test_trouble_that_never_passes_ends_too(room: Mailroom) -> None:
    room.post.troubles = [GONE] * 20
    made = room.books(12, name="דני")
    later = room.desk.bookings.reschedule(
        made.business_id, made.id, room.desk.at(12) + dt.timedelta(days=2), actor=OWNER
    )
    assert isinstance(later, Appointment)
    room.looks(dt.timedelta(minutes=1))
    for pause in PAUSES:
        room.looks(pause)
    assert room.told(made) == [("failed", "no_answer")]
    assert len(room.post.troubles) == 20 - 1 - len(PAUSES)


def test_trouble_with_one_message_keeps_no_other_waiting(room: Mailroom) -> None:
    room.post.troubles = [NO_NUMBER]
    room.books(12)
    room.books(14, customer_phone=RONI, name="רוני")
    assert room.looks() == 1


def test_a_retry_tells_how_things_stand_by_then(room: Mailroom) -> None:
    """The words are made when they go out, not when they were due."""
    room.post.troubles = [GONE]
    made = room.books()
    room.looks()
    named = room.desk.bookings.set_contact(made.business_id, made.id, phone=RONI, actor=OWNER)
    assert isinstance(named, Appointment)
    assert room.looks(PAUSES[0]) == 1
    assert room.post.letters[0][0] == RONI


def test_nothing_is_sent_that_has_lost_its_point(room: Mailroom) -> None:
    before = counted("booked", "pointless")
    made = room.books()
    room.desk.clock.at = made.starts_at
    assert room.looks() == 0
    assert room.told(made) == [("pointless", "begun")]
    assert counted("booked", "pointless") - before == 1


def test_who_dies_between_sending_and_noting_sends_twice_and_never_not_at_all(room: Mailroom) -> None:
    class Falls(Outbox):
        def sent(self, *_: object) -> None:
            raise MemoryError

    made = room.books()
    dying = Sender(Falls(room.desk.engine, room.desk.clock), room.post, room.desk.clock)
    with pytest.raises(MemoryError):
        dying.send_due()
    assert room.looks(LEASE - dt.timedelta(seconds=1)) == 1, "his lease still runs"
    assert room.looks(dt.timedelta(seconds=1)) == 2
    assert room.told(made) == [("sent", None)]


def test_no_number_and_no_words_are_logged_whatever_happens(
    engine: Engine, tmp_path: Path, lines: pytest.LogCaptureFixture
) -> None:
    desk = confirming_desk(engine, tmp_path)
    with fake_twilio(Refuses(400, 21211), Refuses(500), DROPS) as twilio:
        mine = TwilioMessenger(ACCOUNT, SECRET, SENDER, twilio.endpoint, timeout_s=1.0)
        sender = Sender(desk.bookings.outbox, mine, desk.clock)
        for hour in (10, 12, 14, 16):
            desk.books(desk.at(hour), f"דני {hour}", customer_phone=DANI)
        desk.clock.at += dt.timedelta(minutes=1)
        sender.send_due()
        assert len(twilio.messages) == 1
    logged = lines.text
    assert logged.count("'event': 'notice") == 4
    for secret in (DANI, DANI[4:], "נקבע", "ספא", SECRET, "%D7"):
        assert secret not in logged


# ---------------------------------------------------------------- the thread


def test_the_thread_sends_by_itself_and_goes_when_told(room: Mailroom) -> None:
    room.books()
    sender = Sender(room.desk.bookings.outbox, room.post, room.desk.clock, look_s=0.01)
    sender.start()
    assert eventually(lambda: room.post.letters)
    room.books(14, customer_phone=RONI, name="רוני")
    assert eventually(lambda: len(room.post.letters) == 2)
    sender.close()
    room.books(16, customer_phone=RONI, name="רון")
    assert len(room.post.letters) == 2


def test_a_message_that_is_being_sent_is_noted_before_the_thread_goes(room: Mailroom) -> None:
    is_sending, may_go_on = threading.Event(), threading.Event()

    class Slow(Post):
        def send(self, to: str, text: str) -> str:
            is_sending.set()
            may_go_on.wait(10)
            return super().send(to, text)

    made, second = room.books(), room.books(14, customer_phone=RONI, name="רוני")
    sender = Sender(room.desk.bookings.outbox, Slow(), room.desk.clock)
    sender.start()
    assert is_sending.wait(10)
    closing = threading.Thread(target=sender.close)
    closing.start()
    may_go_on.set()
    closing.join(10)
    assert room.told(made) == [("sent", None)]
    assert room.told(second) == [("waiting", None)], "nothing more is taken up"


def test_a_messenger_that_hangs_holds_up_no_booking_and_no_leaving(room: Mailroom) -> None:
    with fake_twilio(HANGS) as twilio:
        made = room.books()
        mine = TwilioMessenger(ACCOUNT, SECRET, SENDER, twilio.endpoint, timeout_s=1.0)
        sender = Sender(room.desk.bookings.outbox, mine, room.desk.clock)
        sender.start()
        assert eventually(lambda: twilio.request_count)
        assert room.desk.books(room.desk.at(14), "רוני").status == "booked"
        assert room.told(made) == [("waiting", None)], "and still it hangs"
        sender.close()
        assert room.told(made) == [("waiting", "timeout")]


def test_a_sender_that_was_never_started_closes_at_once(room: Mailroom) -> None:
    room.sender.close()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_trouble_in_the_outbox_does_not_end_the_thread(
    room: Mailroom, lines: pytest.LogCaptureFixture, database_url: str
) -> None:
    file = database_url.removeprefix("sqlite:///")
    room.books()
    sender = Sender(room.desk.bookings.outbox, room.post, room.desk.clock, look_s=0.01)
    with sqlite3.connect(file) as connection:
        connection.execute("ALTER TABLE notices RENAME TO away")
    sender.start()
    assert eventually(lambda: "wait for the database" in lines.text)
    with sqlite3.connect(file) as connection:
        connection.execute("ALTER TABLE away RENAME TO notices")
    assert eventually(lambda: room.post.letters)
    sender.close()
    assert lines.text.count("wait for the database") == 1


# ---------------------------------------------------------------- the server


def with_twilio(twilio: FakeTwilio) -> dict[str, str]:
    return {
        "SMS_FROM": SENDER,
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": SECRET,
        "TWILIO_API_ENDPOINT": twilio.endpoint,
        "PUBLIC_BASE_URL": "https://spa.example",
        "STT_PROVIDER": "simulated",
        "ALLOW_SIMULATED": "1",
    }


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_server_sends_what_another_left_behind(engine: Engine, database_url: str, tmp_path: Path) -> None:
    desk = confirming_desk(engine, tmp_path)
    desk.clock.at -= dt.timedelta(minutes=2)
    made = desk.books(desk.at(12), customer_phone=DANI)
    with (
        fake_twilio(Refuses(503)) as twilio,
        serving(tmp_path, DATABASE_URL=database_url, **with_twilio(twilio)) as server,
    ):
        assert eventually(lambda: server.metric('voice_notices_total{kind="booked",outcome="retry"}') == 1)
        with sqlite3.connect(database_url.removeprefix("sqlite:///")) as connection:
            connection.execute("UPDATE notices SET due_at = '2026-11-22 08:00:00.000000'")  # no minute's wait here
        assert eventually(lambda: twilio.messages)
        server.process.terminate()
        assert server.process.wait(15) == 0
        assert DANI not in server.log_text
        assert twilio.messages == [
            {
                "To": DANI,
                "From": SENDER,
                "Body": "ספא לוטוס: נקבע לכם תור לעיסוי שוודי ביום שני, 23 בנובמבר, בשעה 12:00. "
                "לשינוי או ביטול: 03-555-0100",
            }
        ]
    assert [n.state for n in desk.bookings.outbox.told_of(made.business_id, made.id)] == ["sent"]
