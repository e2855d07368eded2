"""Appointments as an iCalendar feed (RFC 5545) that a phone or Google Calendar subscribes to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import icalendar

from server.calendar.models import Appointment, Business, Status

REFRESH = dt.timedelta(minutes=15)
_CANCELLED = (Status.CANCELLED, Status.NO_SHOW)


def feed(business: Business, appointments: Iterable[Appointment], now: dt.datetime, staff: str | None = None) -> bytes:
    """The feed, UTF-8 with CRLF. Times are in the business's zone with its VTIMEZONE.

    An appointment keeps its UID for life and its SEQUENCE rises with every change; one that is cancelled stays in the
    feed as such, because a calendar that once showed it must be told.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//receptionist//diary//HE")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", business.name if staff is None else f"{business.name} · {staff}")
    calendar.add("x-wr-timezone", business.zone.key)
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    for appointment in appointments:
        calendar.add_component(_event(business, appointment, now))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(business: Business, appointment: Appointment, now: dt.datetime) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", appointment.uid)
    event.add("dtstamp", now)
    event.add("dtstart", appointment.starts_at.astimezone(business.zone))
    event.add("dtend", appointment.ends_at.astimezone(business.zone))
    event.add("summary", f"{appointment.customer_name} · {appointment.service}")
    event.add("description", _description(appointment))
    event.add("sequence", appointment.sequence)
    event.add("status", "CANCELLED" if appointment.status in _CANCELLED else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if appointment.status in _CANCELLED else "OPAQUE")
    if appointment.changed_at is not None:
        event.add("last-modified", appointment.changed_at)
    if business.address:
        event.add("location", business.address)
    return event


def _description(appointment: Appointment) -> str:
    parts = [appointment.staff, appointment.customer_phone or "", appointment.notes]
    return "\n".join(part for part in parts if part)
