"""The outbox: a message is written with the change it tells of, on either database, and taken by one sender at once."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from server.calendar.booking import Bookings
from server.calendar.models import Actor, Appointment, Refusal, Source, Status
from server.calendar.notice import Letter, State, pointless
from server.calendar.outbox import LEASE, PAUSES, Outbox
from tests.desk import OWNER, Desk
from tests.texting import DANI, RONI, confirming_desk

LANDLINE, ABROAD = "035550101", "+442079460958"
SECOND = dt.timedelta(seconds=1)
CALLER = Actor(Source.CALL, phone=DANI, said_name="דני")


@dataclass
class Office:
    """A desk that confirms, and what its outbox holds."""

    desk: Desk

    @property
    def outbox(self) -> Outbox:
        return self.desk.bookings.outbox

    def waits(self, seconds: float) -> None:
        self.desk.clock.at += dt.timedelta(seconds=seconds)

    def told(self, made: Appointment) -> list[str]:
        """The notices of an appointment, as "kind state"."""
        notices = self.outbox.told_of(self.desk.business.id, made.id)
        return [f"{notice.kind} {notice.state}" for notice in notices]

    def takes(self) -> Letter:
        letter = self.outbox.take()
        assert letter is not None
        return letter

    def sends(self) -> list[str]:
        """What goes out now, as "kind phone HH:MM"; what is pointless does not."""
        gone = []
        while (letter := self.outbox.take()) is not None:
            reason = pointless(letter, self.desk.clock.now())
            if reason is not None:
                self.outbox.drop(letter, reason)
                continue
            self.outbox.sent(letter, "SM1")
            at = letter.appointment.starts_at.astimezone(letter.business.zone)
            gone.append(f"{letter.notice.kind} {letter.appointment.customer_phone} {at:%H:%M}")
        return gone

    def moves(self, made: Appointment, hour: int, actor: Actor = CALLER) -> Appointment:
        moved = self.desk.bookings.reschedule(made.business_id, made.id, self.desk.at(hour), actor=actor)
        assert isinstance(moved, Appointment), moved
        return moved

    def cancels(self, made: Appointment, actor: Actor = CALLER) -> Appointment:
        gone = self.desk.bookings.cancel(made.business_id, made.id, actor=actor)
        assert isinstance(gone, Appointment), gone
        return gone

    def sets_phone(self, made: Appointment, phone: str) -> Appointment:
        known = self.desk.bookings.set_contact(made.business_id, made.id, phone=phone, actor=OWNER)
        assert isinstance(known, Appointment), known
        return known

    def restores(self, made: Appointment) -> Appointment:
        back = self.desk.bookings.set_status(made.business_id, made.id, Status.BOOKED, actor=OWNER)
        assert isinstance(back, Appointment), back
        return back


@pytest.fixture
def office(engine: Engine, tmp_path: Path) -> Office:
    return Office(confirming_desk(engine, tmp_path))


# ---------------------------------------------------------------- what is written


@pytest.mark.parametrize("source", list(Source))
def test_every_booking_is_confirmed_a_minute_later_whoever_makes_it(office: Office, source: Source) -> None:
    made = office.desk.books(office.desk.at(12), customer_phone=DANI, source=source)
    assert made.has_notice
    office.waits(59)
    assert office.sends() == []
    office.waits(1)
    assert office.sends() == [f"booked {DANI} 12:00"]
    assert office.told(made) == ["booked sent"]
    office.waits(3600)
    assert office.sends() == []


@pytest.mark.parametrize("phone", [None, LANDLINE, ABROAD])
def test_who_has_no_israeli_mobile_is_promised_nothing(office: Office, phone: str | None) -> None:
    made = office.desk.books(office.desk.at(12), customer_phone=phone)
    assert not made.has_notice
    assert office.told(made) == []


def test_without_a_sender_the_switch_of_a_business_means_nothing(office: Office) -> None:
    desk = office.desk
    desk.bookings = Bookings(desk.engine, desk.clock)
    assert not desk.bookings.facts(desk.business.id).business.sends_confirmations
    made = desk.books(desk.at(12), customer_phone=DANI)
    assert not made.has_notice
    assert office.told(made) == []


def test_without_the_switch_nothing_is_sent(engine: Engine) -> None:
    desk = Desk(engine)
    desk.bookings = Bookings(engine, desk.clock, sends_texts=True)
    made = desk.books(desk.at(12), customer_phone=DANI)
    assert not made.has_notice
    assert Office(desk).told(made) == []


def test_a_refused_booking_leaves_no_message(office: Office) -> None:
    office.desk.books(office.desk.at(12), customer_phone=DANI, staff="מאיה")
    office.desk.refused(office.desk.at(12), customer_phone=RONI, staff="מאיה")
    office.waits(60)
    assert office.sends() == [f"booked {DANI} 12:00"]


def test_a_message_that_cannot_be_written_takes_the_change_back(office: Office) -> None:
    """Both or neither: they are one transaction."""
    made = office.desk.books(office.desk.at(12), customer_phone=DANI)

    def refuse(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.lstrip().startswith("INSERT INTO notices"):
            raise RuntimeError("the disk is full")

    event.listen(office.desk.engine, "before_cursor_execute", refuse)
    with pytest.raises(RuntimeError):
        office.moves(made, 15)
    event.remove(office.desk.engine, "before_cursor_execute", refuse)
    office.waits(60)
    assert office.sends() == [f"booked {DANI} 12:00"]


def test_a_repeat_of_the_same_booking_is_confirmed_once(office: Office) -> None:
    for _ in range(3):
        made = office.desk.books(office.desk.at(12), customer_phone=DANI, source=Source.CALL, call_sid="CA1")
        assert made.has_notice
    office.waits(60)
    assert office.sends() == [f"booked {DANI} 12:00"]


def test_a_phone_that_is_given_later_gets_the_message(office: Office) -> None:
    made = office.desk.books(office.desk.at(12))
    office.waits(300)
    assert office.sets_phone(made, DANI).has_notice
    office.waits(60)
    assert office.sends() == [f"booked {DANI} 12:00"]


def test_a_phone_that_is_corrected_gets_the_message_instead(office: Office) -> None:
    made = office.desk.books(office.desk.at(12), customer_phone=RONI)
    assert office.sets_phone(made, DANI).has_notice
    office.waits(60)
    assert office.sends() == [f"booked {DANI} 12:00"]
    assert not office.sets_phone(made, LANDLINE).has_notice


def test_a_landline_takes_the_promise_back(office: Office) -> None:
    made = office.desk.books(office.desk.at(12), customer_phone=DANI)
    assert not office.sets_phone(made, LANDLINE).has_notice
    office.waits(60)
    assert office.sends() == []


def test_a_new_name_or_a_note_is_nothing_to_tell(office: Office) -> None:
    made = office.desk.books(office.desk.at(12), customer_phone=DANI)
    office.waits(60)
    assert len(office.sends()) == 1
    named = office.desk.bookings.set_contact(made.business_id, made.id, name="דניאל", actor=OWNER)
    assert isinstance(named, Appointment)
    assert not named.has_notice
    office.desk.bookings.set_notes(made.business_id, made.id, "רגיש לשמן", actor=OWNER)
    office.desk.bookings.set_status(made.business_id, made.id, Status.CONFIRMED, actor=OWNER)
    office.waits(60)
    assert office.sends() == []


# ------------------------------------------------------- one message tells how things stand


def test_a_slip_that_is_put_right_at_once_is_one_message(office: Office) -> None:
    """ "לא, סליחה, בשש": the customer never hears of the first hour."""
    made = office.desk.books(office.desk.at(12), customer_phone=DANI)
    office.waits(20)
    assert office.moves(made, 18).has_notice
    office.waits(40)
    assert office.sends() == [], "the minute begins anew"
    office.waits(20)
    assert office.sends() == [f"booked {DANI} 18:00"]
    assert office.told(made) == ["booked sent"]


def test_who_cancels_at_once_hears_nothing_at_all(office: Office) -> None:
    made = office.desk.books(office.desk.at(12), customer_phone=DANI)
    office.moves(made, 18)
    assert not office.cancels(made).has_notice
    office.waits(3600)
    assert office.sends() == []
    assert office.told(made) == []


def test_what_the_owner_changes_at_once_is_told_to_who_booked_by_telephone(office: Office) -> None:
    """He has heard that it was booked, and would come."""
    moved = office.desk.books(office.desk.at(12), customer_phone=DANI)
    gone = office.desk.books(office.desk.at(14), customer_phone=RONI, name="רוני")
    assert office.moves(moved, 18, OWNER).has_notice
    assert office.cancels(gone, OWNER).has_notice
    office.waits(60)
    assert office.sends() == [f"moved {DANI} 18:00", f"cancelled {RONI} 14:00"]


def test_what_the_owner_books_and_takes_back_at_once_nobody_hears_of(office: Office) -> None:
    made = office.desk.books(office.desk.at(12), customer_phone=DANI, source=Source.ADMIN)
    office.moves(made, 18, OWNER)
    assert not office.cancels(made, OWNER).has_notice
    office.waits(3600)
    assert office.sends() == []


def test_what_was_told_is_told_again_when_it_changes(office: Office) -> None:
    made = office.desk.books(office.desk.at(12), customer_phone=DANI)
    office.waits(60)
    office.sends()
    assert office.moves(made, 15).has_notice
    assert office.moves(made, 18).has_notice
    office.waits(60)
    assert office.sends() == [f"moved {DANI} 18:00"]
    assert office.cancels(made).has_notice
    office.waits(60)
    assert office.sends() == [f"cancelled {DANI} 18:00"]
    assert office.told(made) == ["booked sent", "moved sent", "cancelled sent"]


def test_a_move_that_is_cancelled_at_once_is_a_cancellation(office: Office) -> None:
    made = office.desk.books(office.desk.at(12), customer_phone=DANI)
    office.waits(60)
    office.sends()
    office.moves(made, 15)
    office.cancels(made)
    office.waits(60)
    assert office.sends() == [f"cancelled {DANI} 15:00"]


def test_an_appointment_from_before_the_switch_is_cancelled_aloud(office: Office) -> None:
    desk, confirming = office.desk, office.desk.bookings
    desk.bookings = Bookings(desk.engine, desk.clock)
    made = desk.books(desk.at(12), customer_phone=DANI)
    desk.bookings = confirming
    assert office.cancels(made).has_notice
    office.waits(60)
    assert office.sends() == [f"cancelled {DANI} 12:00"]


def test_a_cancellation_by_mistake_is_not_told(office: Office) -> None:
    made = office.desk.books(office.desk.at(12), customer_phone=DANI)
    office.waits(60)
    office.sends()
    office.cancels(made)
    assert office.restores(made).has_notice
    office.waits(60)
    assert office.sends() == [f"booked {DANI} 12:00"]


def test_a_message_that_was_tried_may_have_arrived_so_its_cancellation_is_told(office: Office) -> None:
    made = office.desk.books(office.desk.at(12), customer_phone=DANI)
    office.waits(60)
    in_flight = office.takes()
    assert office.cancels(made).has_notice
    office.outbox.sent(in_flight, "SM1")
    office.waits(60)
    assert office.sends() == [f"cancelled {DANI} 12:00"]
    assert office.told(made) == ["booked sent", "cancelled sent"]


def test_a_message_that_failed_is_not_tried_again_once_another_tells_more(office: Office) -> None:
    made = office.desk.books(office.desk.at(12), customer_phone=DANI)
    office.waits(60)
    in_flight = office.takes()
    office.moves(made, 15)
    assert office.outbox.put_off(in_flight, "timeout")
    office.outbox.give_up(in_flight, "21211")
    office.waits(3600)
    assert office.sends() == [f"moved {DANI} 15:00"]
    assert office.told(made) == ["moved sent"]


# ---------------------------------------------------------------- what has become pointless


def reason(office: Office) -> str | None:
    return pointless(office.takes(), office.desk.clock.now())


def test_nothing_is_told_of_an_appointment_that_has_begun(office: Office) -> None:
    made = office.desk.books(office.desk.at(12), customer_phone=DANI)
    office.desk.clock.at = made.starts_at
    assert reason(office) == "begun"
    assert not office.cancels(made, OWNER).has_notice


def test_nothing_is_told_once_the_owner_has_turned_the_switch_off(office: Office) -> None:
    office.desk.books(office.desk.at(12), customer_phone=DANI)
    Desk(office.desk.engine)  # loads the business as it is without the switch
    office.waits(60)
    assert reason(office) == "switched_off"


def test_nothing_is_told_that_is_no_longer_so(office: Office) -> None:
    """A process without a sender changed it, and put nothing in the place of what waited."""
    desk, confirming = office.desk, office.desk.bookings
    made = desk.books(desk.at(12), customer_phone=DANI)
    desk.bookings = Bookings(desk.engine, desk.clock)
    office.cancels(made)
    desk.bookings = confirming
    office.waits(60)
    assert reason(office) == "changed"


def test_nothing_is_told_to_a_landline(office: Office) -> None:
    desk, confirming = office.desk, office.desk.bookings
    made = desk.books(desk.at(12), customer_phone=DANI)
    desk.bookings = Bookings(desk.engine, desk.clock)
    office.sets_phone(made, LANDLINE)
    desk.bookings = confirming
    office.waits(60)
    assert reason(office) == "no_mobile"


# ---------------------------------------------------------------- who sends it


def test_while_one_sender_holds_a_message_no_other_gets_it(office: Office) -> None:
    office.desk.books(office.desk.at(12), customer_phone=DANI)
    office.waits(60)
    other = Outbox(office.desk.engine, office.desk.clock)
    office.takes()
    assert other.take() is None
    office.desk.clock.at += LEASE - SECOND
    assert other.take() is None


def test_a_sender_that_died_between_taking_and_noting_is_followed_by_another(office: Office) -> None:
    made = office.desk.books(office.desk.at(12), customer_phone=DANI)
    office.waits(60)
    lost = office.takes()
    office.desk.clock.at += LEASE
    again = Outbox(office.desk.engine, office.desk.clock).take()
    assert again is not None
    assert again.notice.attempt_count == 2
    office.outbox.give_up(lost, "timeout")
    assert office.told(made) == ["booked waiting"], "who comes too late does not take the message from its new holder"
    office.outbox.sent(lost, "SM1")
    assert office.told(made) == ["booked sent"], "but what he has sent is sent"
    office.outbox.give_up(again, "21211")
    assert office.told(made) == ["booked sent"]


def test_senders_at_the_same_moment_never_take_the_same_message(office: Office) -> None:
    hours = [9, 10, 11, 12, 13, 14, 15, 16, 17, 18]
    for hour in hours:
        office.desk.books(office.desk.at(hour), customer_phone=DANI, name=f"דני {chr(0x5D0 + hour)}")
    office.waits(60)
    start, taken = threading.Barrier(4), []

    def works() -> None:
        outbox = Outbox(office.desk.engine, office.desk.clock)
        start.wait()
        while (letter := outbox.take()) is not None:
            taken.append(letter.notice.id)
            outbox.sent(letter, "SM1")

    senders = [threading.Thread(target=works) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert len(taken) == len(hours)
    assert len(set(taken)) == len(hours)


def test_a_cancellation_never_overtakes_a_message_that_is_being_taken_up(office: Office) -> None:
    """Whichever comes first, the customer is not left with a booking that is none."""
    for day in range(5):
        start = office.desk.at(12) + dt.timedelta(days=day)
        if start.astimezone(office.desk.business.zone).weekday() == 5:
            continue
        made = office.desk.books(start, customer_phone=DANI)
        office.waits(60)
        gate, letters = threading.Barrier(2), []

        def takes(gate: threading.Barrier = gate, letters: list[Letter | None] = letters) -> None:
            gate.wait()
            letters.append(office.outbox.take())

        taker = threading.Thread(target=takes)
        taker.start()
        gate.wait()
        cancelled = office.cancels(made)
        taker.join()
        assert cancelled.has_notice is (letters[0] is not None and letters[0].appointment.status is Status.BOOKED)


# ---------------------------------------------------------------- trying again


def test_pauses_grow_and_then_it_is_given_up(office: Office) -> None:
    made = office.desk.books(
        office.desk.at(12, day=office.desk.clock.at.date() + dt.timedelta(days=3)), customer_phone=DANI
    )
    office.waits(60)
    for pause in PAUSES:
        assert office.outbox.put_off(office.takes(), "http_500")
        office.desk.clock.at += pause - SECOND
        assert office.outbox.take() is None
        office.desk.clock.at += SECOND
    assert not office.outbox.put_off(office.takes(), "http_500")
    (notice,) = office.outbox.told_of(made.business_id, made.id)
    assert (notice.state, notice.error, notice.attempt_count) == (State.FAILED, "http_500", len(PAUSES) + 1)
    assert notice.settled_at == office.desk.clock.at


def test_nobody_reads_the_notices_of_another_business(office: Office) -> None:
    made = office.desk.books(office.desk.at(12), customer_phone=DANI)
    assert office.outbox.told_of(made.business_id + 1, made.id) == ()


def test_a_refusal_of_the_desk_is_still_a_refusal(office: Office) -> None:
    stranger = Actor(Source.CALL, "CA2", RONI)
    made = office.desk.books(office.desk.at(12), customer_phone=DANI)
    answer = office.desk.bookings.cancel(made.business_id, made.id, actor=stranger)
    assert isinstance(answer, Refusal)
    office.waits(60)
    assert office.sends() == [f"booked {DANI} 12:00"]
