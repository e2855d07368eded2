"""Customers in SQL: who they are, how often they came, how often they did not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, or_, select, update

from server.calendar.models import Customer, Status
from server.db.tables import calendar as t


def one(connection: Connection, business_id: int, phone: str) -> Customer | None:
    row = connection.execute(_select(business_id).where(t.customers.c.phone == phone)).one_or_none()
    return None if row is None else _customer(row)


def search(connection: Connection, business_id: int, text: str, limit: int, offset: int) -> tuple[Customer, ...]:
    """Those whose name or phone holds `text`, by name; all for an empty text."""
    c = t.customers.c
    query = _select(business_id)
    if text:
        query = query.where(or_(c.name.contains(text, autoescape=True), c.phone.contains(text, autoescape=True)))
    rows = connection.execute(query.order_by(c.name, c.id).limit(limit).offset(offset))
    return tuple(_customer(row) for row in rows)


def change(connection: Connection, business_id: int, phone: str, values: dict[str, Any]) -> bool:
    """Set columns of a customer; False if there is none with this phone."""
    c = t.customers.c
    statement = update(t.customers).where(c.business_id == business_id, c.phone == phone).values(values)
    return connection.execute(statement).rowcount == 1


def phones(connection: Connection, business_id: int) -> frozenset[str]:
    query = select(t.customers.c.phone).where(t.customers.c.business_id == business_id)
    return frozenset(connection.execute(query).scalars())


def add_all(connection: Connection, business_id: int, now: dt.datetime, rows: Sequence[dict[str, str]]) -> None:
    """Insert customers given by phone, name and notes, none of whom is there yet."""
    if rows:
        values = [{**row, "business_id": business_id, "created_at": now} for row in rows]
        connection.execute(insert(t.customers), values)


def _select(business_id: int) -> Select[Any]:
    a = t.appointments.c
    joined = t.customers.outerjoin(t.appointments, a.customer_id == t.customers.c.id)
    visits = func.count().filter(a.status == Status.ARRIVED.value).label("visit_count")
    no_shows = func.count().filter(a.status == Status.NO_SHOW.value).label("no_show_count")
    is_of_business = t.customers.c.business_id == business_id
    return select(t.customers, visits, no_shows).select_from(joined).where(is_of_business).group_by(t.customers.c.id)


def _customer(row: Row[Any]) -> Customer:
    return Customer(
        id=row.id,
        phone=row.phone,
        name=row.name,
        notes=row.notes,
        is_blocked=row.is_blocked,
        visit_count=row.visit_count,
        no_show_count=row.no_show_count,
    )
