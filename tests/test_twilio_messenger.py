"""Text messages through Twilio's own client, against a loopback server that answers as Twilio does, or worse."""

from __future__ import annotations

import pytest

from server.notices.messenger import NotSent
from server.notices.twilio import TwilioMessenger
from tests.texting import ACCOUNT, DANI, DROPS, HANGS, MUMBLES, SECRET, SENDER, FakeTwilio, Refuses, fake_twilio

TEXT = "ספא לוטוס: נקבע לכם תור & מחכים לכם + ₪"


def messenger(
    twilio: FakeTwilio, sender: str = SENDER, secret: str = SECRET, timeout_s: float = 30.0
) -> TwilioMessenger:
    return TwilioMessenger(ACCOUNT, secret, sender, twilio.endpoint, timeout_s=timeout_s)


def trouble(twilio: FakeTwilio, secret: str = SECRET, timeout_s: float = 30.0) -> NotSent:
    with pytest.raises(NotSent) as caught:
        messenger(twilio, secret=secret, timeout_s=timeout_s).send(DANI, TEXT)
    return caught.value


def test_a_message_goes_out_and_is_known_by_its_number() -> None:
    with fake_twilio() as twilio:
        assert messenger(twilio).send(DANI, TEXT) == "SM" + "1".zfill(32)
        assert twilio.messages == [{"To": DANI, "From": SENDER, "Body": TEXT}]


def test_a_messaging_service_chooses_the_sender_itself() -> None:
    service = "MG" + "0a" * 16
    with fake_twilio() as twilio:
        messenger(twilio, service).send(DANI, TEXT)
        assert twilio.messages == [{"To": DANI, "MessagingServiceSid": service, "Body": TEXT}]


@pytest.mark.parametrize(
    ("answer", "code", "is_passing"),
    [
        (Refuses(400, 21211), "21211", False),
        (Refuses(400, 21610), "21610", False),
        (Refuses(400, 21614), "21614", False),
        (Refuses(403, 20003), "20003", False),
        (Refuses(400), "http_400", False),
        (Refuses(404, 404), "http_404", False),
        (Refuses(429, 20429), "20429", True),
        (Refuses(408), "http_408", True),
        (Refuses(500, 20500), "20500", True),
        (Refuses(503), "http_503", True),
        (Refuses(302), "http_302", True),
        (HANGS, "timeout", True),
        (DROPS, "no_answer", True),
        (MUMBLES, "unreadable", True),
    ],
)
def test_what_may_pass_is_told_from_what_cannot(answer: Refuses | str, code: str, is_passing: bool) -> None:
    with fake_twilio(answer) as twilio:
        error = trouble(twilio, timeout_s=0.3 if answer == HANGS else 30.0)
        assert (error.code, error.is_passing) == (code, is_passing)
        assert DANI not in str(error)
        assert error.__suppress_context__, "what Twilio said of the customer's number must not reach a log"
        assert twilio.request_count == 1, "it is the outbox that tries again"


def test_a_wrong_token_cannot_pass() -> None:
    with fake_twilio() as twilio:
        error = trouble(twilio, secret="another")
    assert (error.code, error.is_passing) == ("20003", False)


def test_nobody_there_may_pass() -> None:
    with fake_twilio() as twilio:
        pass
    assert trouble(twilio).code == "no_answer"


def test_after_any_trouble_the_next_message_goes_out() -> None:
    with fake_twilio(HANGS, DROPS, Refuses(500)) as twilio:
        mine = messenger(twilio)
        for _ in range(3):
            with pytest.raises(NotSent):
                mine.send(DANI, TEXT)
        mine.send(DANI, TEXT)
        assert len(twilio.messages) == 1


def test_the_process_s_environment_is_not_looked_into(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWILIO_REGION", "au1")
    monkeypatch.setenv("TWILIO_EDGE", "sydney")
    with fake_twilio() as twilio:
        messenger(twilio).send(DANI, TEXT)
        assert len(twilio.messages) == 1
