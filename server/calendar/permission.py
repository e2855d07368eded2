"""Who may change an appointment: the owner any, a caller only his own."""

from __future__ import annotations

import datetime as dt

from server.calendar.models import Actor, Appointment, Business, Refusal, Source, Status

NOT_YOURS = Refusal("not_yours", "no appointment of this caller")
"""The same answer whether there is no such appointment or it is somebody else's."""


def refuse_change(business: Business, appointment: Appointment, actor: Actor, now: dt.datetime) -> Refusal | None:
    """Why `actor` may not move or cancel this appointment; None if he may."""
    if actor.kind is not Source.CALL:
        return None
    if actor.call_sid is not None and appointment.call_sid == actor.call_sid:
        return None
    if actor.phone is None or actor.phone != appointment.customer_phone:
        return NOT_YOURS
    if not _knows_it(business, appointment, actor):
        return Refusal("needs_second_fact", "ask for the name or the date of the appointment first")
    if appointment.status in (Status.BOOKED, Status.CONFIRMED):
        return _refuse_late(business, appointment, now)
    return None


def _knows_it(business: Business, appointment: Appointment, actor: Actor) -> bool:
    if actor.said_date is not None and actor.said_date == appointment.starts_at.astimezone(business.zone).date():
        return True
    return actor.said_name is not None and _is_same_person(actor.said_name, appointment.customer_name)


def _is_same_person(said: str, booked: str) -> bool:
    """The first name is enough, as people give it; a family name that was said must fit too."""
    said_words, booked_words = said.casefold().split(), booked.casefold().split()
    if not said_words or not booked_words or said_words[0] != booked_words[0]:
        return False
    return len(said_words) == 1 or len(booked_words) == 1 or said_words == booked_words


def _refuse_late(business: Business, appointment: Appointment, now: dt.datetime) -> Refusal | None:
    if appointment.starts_at <= now:
        return Refusal("in_the_past", "the appointment has begun or is over")
    if appointment.starts_at - now < dt.timedelta(minutes=business.cancel_cutoff_min):
        return Refusal("too_late", f"changes are possible until {business.cancel_cutoff_min} minutes before")
    return None
