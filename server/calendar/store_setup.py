"""Businesses, services, staff and hours in SQL: read as facts, written from a description."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Row, Table, select, update

from server.calendar.holidays import holiday_hours, short_fridays
from server.calendar.hours import CLOSED_WEEK, Interval, Plan, business_hours, open_hours, staff_hours
from server.calendar.models import (
    Business,
    BusinessFacts,
    CholHamoed,
    HolidayRule,
    Length,
    OpenHours,
    Service,
    Staff,
)
from server.db.tables import calendar as t

PAST_DAYS = 31
"""How far back the hours of a `BusinessFacts` know exceptions and holidays."""
AHEAD_DAYS = 31
"""And how far beyond the booking horizon."""


def business_by_number(connection: Connection, number: str) -> Business | None:
    row = connection.execute(select(t.businesses).where(t.businesses.c.number == number)).one_or_none()
    return None if row is None else _business(row)


def businesses(connection: Connection) -> tuple[Business, ...]:
    rows = connection.execute(select(t.businesses).order_by(t.businesses.c.id))
    return tuple(_business(row) for row in rows)


def business(connection: Connection, business_id: int) -> Business | None:
    row = connection.execute(select(t.businesses).where(t.businesses.c.id == business_id)).one_or_none()
    return None if row is None else _business(row)


def revision(connection: Connection, business_id: int, *, is_held: bool = False) -> int | None:
    """The number of the current settings, None for an unknown business; held, they stay until the transaction ends."""
    query = select(t.businesses.c.revision).where(t.businesses.c.id == business_id)
    if is_held:
        query = query.with_for_update(read=True)
    return connection.execute(query).scalar_one_or_none()


def touch(connection: Connection, business_id: int) -> None:
    """Settings have changed: cached facts are old. Belongs into every transaction that changes them."""
    table = t.businesses
    connection.execute(update(table).where(table.c.id == business_id).values(revision=table.c.revision + 1))


def staff_id(connection: Connection, business_id: int, name: str) -> int | None:
    query = select(t.staff.c.id).where(t.staff.c.business_id == business_id, t.staff.c.name == name)
    return connection.execute(query).scalar_one_or_none()


def facts(connection: Connection, business_id: int, now: dt.datetime) -> BusinessFacts:
    """The facts for calls around `now`. Raises LookupError for an unknown business."""
    found = business(connection, business_id)
    if found is None:
        raise LookupError(f"no business {business_id}")
    today = now.astimezone(found.zone).date()
    first = today - dt.timedelta(days=PAST_DAYS)
    last = today + dt.timedelta(days=found.horizon_days + AHEAD_DAYS)
    plans = _plans(connection, business_id, first, last)
    whole = _with_holidays(plans[None], found.holidays, first, last)
    return BusinessFacts(
        business=found,
        services=_services(connection, business_id, _active(connection, t.services, business_id)),
        staff=tuple(
            Staff(row.id, row.name, _own_hours(whole, plans[row.id]), row.lanes)
            for row in _active(connection, t.staff, business_id)
        ),
        hours=open_hours(whole),
    )


def _with_holidays(plan: Plan, rule: HolidayRule, first: dt.date, last: dt.date) -> Plan:
    """The business's hours with breaks taken out and holidays put in; its own exceptions overrule both."""
    whole = business_hours(plan)
    week = short_fridays(rule, whole.week or CLOSED_WEEK)
    return Plan(week, exceptions={**holiday_hours(rule, week, first, last), **whole.exceptions})


def _own_hours(whole: Plan, own: Plan) -> OpenHours | None:
    return None if own.is_empty else open_hours(staff_hours(whole, own))


def _plans(connection: Connection, business_id: int, first: dt.date, last: dt.date) -> dict[int | None, Plan]:
    """What is written down for each staff member; under None for the business itself."""
    weeks = _weeks(_rows(connection, t.weekly_hours, business_id), "opens", "closes")
    breaks = _weeks(_rows(connection, t.breaks, business_id), "starts", "ends")
    exceptions = _exceptions(connection, business_id, first, last)
    plans: dict[int | None, Plan] = defaultdict(Plan)
    for owner in {None, *weeks, *breaks, *exceptions}:
        no_breaks = Plan().breaks
        plans[owner] = Plan(weeks.get(owner), breaks.get(owner, no_breaks), exceptions.get(owner, MappingProxyType({})))
    return plans


def _weeks(rows: Iterable[Row[Any]], start: str, end: str) -> dict[int | None, tuple[tuple[Interval, ...], ...]]:
    weeks: dict[int | None, list[list[Interval]]] = defaultdict(lambda: [[] for _ in range(7)])
    for row in rows:
        weeks[row.staff_id][row.weekday].append((getattr(row, start), getattr(row, end)))
    return {owner: tuple(tuple(sorted(day)) for day in week) for owner, week in weeks.items()}


def _exceptions(
    connection: Connection, business_id: int, first: dt.date, last: dt.date
) -> dict[int | None, dict[dt.date, tuple[Interval, ...]]]:
    e = t.exceptions.c
    query = select(t.exceptions).where(e.business_id == business_id, e.date_to >= first, e.date_from <= last)
    open_on: dict[int | None, dict[dt.date, tuple[Interval, ...]]] = defaultdict(dict)
    closed_on: dict[int | None, set[dt.date]] = defaultdict(set)
    for row in connection.execute(query.order_by(e.opens)):
        start, end = max(row.date_from, first), min(row.date_to, last)
        days = [start + dt.timedelta(days=n) for n in range((end - start).days + 1)]
        for day in days:
            if row.opens is None:
                closed_on[row.staff_id].add(day)
            else:
                open_on[row.staff_id][day] = (*open_on[row.staff_id].get(day, ()), (row.opens, row.closes))
    for owner, closed in closed_on.items():
        open_on[owner].update({day: () for day in closed})
    return open_on


def retired_service(connection: Connection, business_id: int, service_id: int) -> Service:
    """A service that is offered no more, as it was; appointments of it may still stand."""
    row = connection.execute(select(t.services).where(t.services.c.id == service_id)).one()
    return _services(connection, business_id, (row,))[0]


def _services(connection: Connection, business_id: int, rows: Iterable[Row[Any]]) -> tuple[Service, ...]:
    aliases = _by_service(connection, t.service_aliases, business_id, t.service_aliases.c.id)
    lengths = _by_service(connection, t.service_lengths, business_id, t.service_lengths.c.minutes)
    able = _by_service(connection, t.service_staff, business_id, t.service_staff.c.staff_id)
    return tuple(
        Service(
            id=row.id,
            name=row.name,
            aliases=tuple(alias.alias for alias in aliases[row.id]),
            lengths=tuple(Length(length.minutes, length.price) for length in lengths[row.id]),
            staff_ids=tuple(one.staff_id for one in able[row.id]),
            buffer_before_min=row.buffer_before_min,
            buffer_after_min=row.buffer_after_min,
            colour=row.colour,
            is_hidden=row.is_hidden,
        )
        for row in rows
    )


def _by_service(
    connection: Connection, table: Table, business_id: int, order: ColumnElement[Any]
) -> dict[int, list[Row[Any]]]:
    """What belongs to each service of the business, in order."""
    joined = table.join(t.services, t.services.c.id == table.c.service_id)
    query = select(table).select_from(joined).where(t.services.c.business_id == business_id)
    groups: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(query.order_by(order)):
        groups[row.service_id].append(row)
    return groups


def _active(connection: Connection, table: Table, business_id: int) -> Iterable[Row[Any]]:
    query = select(table).where(table.c.business_id == business_id, table.c.is_active)
    return connection.execute(query.order_by(table.c.position, table.c.id))


def _rows(connection: Connection, table: Table, business_id: int) -> Iterable[Row[Any]]:
    return connection.execute(select(table).where(table.c.business_id == business_id))


def _business(row: Row[Any]) -> Business:
    return Business(
        id=row.id,
        name=row.name,
        number=row.number,
        zone=ZoneInfo(row.zone),
        address=row.address,
        grid_min=row.grid_min,
        lead_min=row.lead_min,
        horizon_days=row.horizon_days,
        cancel_cutoff_min=row.cancel_cutoff_min,
        transfer_number=row.transfer_number,
        sends_confirmations=row.sends_confirmations,
        holidays=HolidayRule(row.keeps_holidays, row.eves_close_at, CholHamoed(row.chol_hamoed)),
    )
