"""From the caller's words to the text message: promised where it will come, one an appointment, true when it goes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine

from server.agents.confirmation import SENTENCE
from server.agents.instructions import instructions
from server.calendar.booking import Bookings
from server.notices.sender import Sender
from server.notices.twilio import TwilioMessenger
from tests.cloud_call import UNHURRIED, CloudCall
from tests.desk import Desk
from tests.fake_openai import Say, Use
from tests.talk import CALLER, PhoneCall
from tests.texting import ACCOUNT, SECRET, SENDER, FakeTwilio, confirming_desk, fake_twilio

REQUEST = "תקבע לי מחר ב-12 שוודי שעה. דני."


@dataclass
class Spa:
    """A spa that confirms, its telephone, and Twilio."""

    desk: Desk
    twilio: FakeTwilio

    def __post_init__(self) -> None:
        messenger = TwilioMessenger(ACCOUNT, SECRET, SENDER, self.twilio.endpoint)
        self.sender = Sender(self.desk.bookings.outbox, messenger, self.desk.clock)

    def called(self, number: str | None = CALLER) -> PhoneCall:
        return PhoneCall(self.desk, number)

    def messages(self, later_s: float = 60) -> list[str]:
        """All that has been sent, as "to: text", once this time has passed."""
        self.desk.clock.at += dt.timedelta(seconds=later_s)
        self.sender.send_due()
        return [f"{message['To']}: {message['Body']}" for message in self.twilio.messages]


@pytest.fixture
def spa(engine: Engine, tmp_path: Path) -> Iterator[Spa]:
    with fake_twilio() as twilio:
        yield Spa(confirming_desk(engine, tmp_path), twilio)


def test_a_call_books_and_the_caller_reads_it_a_minute_later(spa: Spa) -> None:
    call = spa.called()
    answer = call.says(REQUEST)
    assert "קבעתי לכם עיסוי שוודי" in answer.text
    assert SENTENCE in answer.text
    assert answer.text.endswith("?"), "the promise comes before the question"
    call.close()
    assert spa.messages(59) == []
    assert spa.messages(1) == [
        f"{CALLER}: ספא לוטוס: נקבע לכם תור לעיסוי שוודי ביום שני, 23 בנובמבר, בשעה 12:00. לשינוי או ביטול: 03-555-0100"
    ]
    assert len(spa.messages(3600)) == 1


def test_a_correction_in_the_call_is_one_message(spa: Spa) -> None:
    call = spa.called()
    call.says(REQUEST)
    assert SENTENCE in call.says("לא, סליחה, בשש").text
    call.close()
    (message,) = spa.messages()
    assert "נקבע לכם תור לעיסוי שוודי ביום שני, 23 בנובמבר, בשעה 18:00" in message


def test_who_books_and_cancels_in_one_call_is_promised_and_sent_nothing(spa: Spa) -> None:
    call = spa.called()
    call.says(REQUEST)
    answer = call.says("תבטלי את זה")
    assert "ביטלתי" in answer.text
    assert SENTENCE not in answer.text
    call.close()
    assert spa.messages() == []


def test_who_cancels_another_day_reads_that_too(spa: Spa) -> None:
    call = spa.called()
    call.says(REQUEST)
    call.close()
    spa.messages()
    again = PhoneCall(spa.desk, call_sid="CA" + "2" * 32)
    again.says("אני רוצה לבטל את התור שלי, דני")
    assert SENTENCE in again.says("כן").text
    again.close()
    assert "התור שלכם לעיסוי שוודי ביום שני, 23 בנובמבר, בשעה 12:00 בוטל." in spa.messages()[-1]


def test_a_number_that_is_told_after_the_booking_is_enough(spa: Spa) -> None:
    call = spa.called(None)
    assert SENTENCE not in call.says(REQUEST).text
    answer = call.says("050-234-5678")
    assert "רשמתי את המספר" in answer.text
    assert SENTENCE in answer.text
    call.close()
    assert spa.messages()[0].startswith("+972502345678: ספא לוטוס: נקבע לכם תור")


@pytest.mark.parametrize("number", ["+97235550199", "+442079460958"])
def test_whom_no_message_reaches_is_promised_none(spa: Spa, number: str) -> None:
    call = spa.called(number)
    answer = call.says(REQUEST)
    assert "קבעתי" in answer.text
    assert SENTENCE not in answer.text
    call.close()
    assert spa.messages() == []


def test_a_promise_that_does_not_fit_into_24_words_is_left_out(spa: Spa) -> None:
    call = spa.called()
    answer = call.says("תקבעי לי מחר ב-12:45 רקמות עמוק שעה וחצי אצל מאיה, על שם אלכסנדרה בן אברהם הכהן")
    assert "קבעתי" in answer.text, answer.text
    assert SENTENCE not in answer.text
    call.close()
    assert len(spa.messages()) == 1, "it comes all the same"


def test_a_server_without_a_sender_never_speaks_of_messages(spa: Spa) -> None:
    """Whatever the switch of the business says."""
    spa.desk.bookings = Bookings(spa.desk.engine, spa.desk.clock)
    call = spa.called()
    answer = call.says(REQUEST)
    assert "קבעתי" in answer.text
    assert "הודעה" not in answer.text
    call.close()
    assert spa.messages() == []
    facts = spa.desk.bookings.facts(spa.desk.business.id)
    assert "No confirmations are sent" in instructions(facts, spa.desk.clock.now(), "nothing")


def test_a_language_model_is_told_when_it_may_promise(spa: Spa) -> None:
    facts = spa.desk.bookings.facts(spa.desk.business.id)
    told = instructions(facts, spa.desk.clock.now(), "nothing")
    assert "confirmation=will_be_sent" in told
    assert SENTENCE in told
    assert "No confirmations" not in told


@pytest.mark.parametrize("is_sending", [True, False])
def test_a_language_model_s_promise_is_spoken_only_where_it_is_true(spa: Spa, is_sending: bool) -> None:
    spa.desk.bookings = Bookings(spa.desk.engine, spa.desk.clock, sends_texts=is_sending)
    wish = {"service": "עיסוי שוודי", "minutes": 60, "date_iso": "2026-11-23", "staff": None}
    script = [
        Use("calendar_find_slots", wish | {"date_to_iso": None, "time_from": "12:00", "time_to": None}),
        Use(
            "calendar_create_appointment",
            wish | {"time": "12:00", "customer_name": "דני", "customer_phone": None, "notes": None},
        ),
        Say("קבעתי לכם ליום שני, 23 בנובמבר, ב-12:00. יישלח אליכם אישור בהודעה."),
    ]
    call = CloudCall(spa.desk, script, UNHURRIED)
    answer = call.says(REQUEST)
    call.close()
    assert "ב-12:00" in answer.text
    assert ("יישלח" in answer.text) is is_sending
    assert len(spa.messages()) == is_sending
