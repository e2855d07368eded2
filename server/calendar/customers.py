"""The customers of a business: known by their phone, with notes, visits and no-shows; and their import from CSV."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from sqlalchemy import Connection, Engine

from server.calendar import store_customers as store
from server.calendar.models import Customer, Refusal
from server.calendar.phones import parse_phone
from server.calendar.words import Unfit, clean_name, clean_notes
from server.clock import Clock
from server.db.faults import read, transact

PAGE = 50
LARGEST_BYTES = 5_000_000

_HEADINGS = {
    "phone": ("phone", "telephone", "mobile", "טלפון", "נייד", "מספר טלפון", "טלפון נייד"),
    "name": ("name", "full name", "שם", "שם מלא", "שם הלקוח", "לקוח"),
    "notes": ("notes", "note", "comments", "הערות", "הערה"),
}


class BadImport(ValueError):
    """The file cannot be imported; every line of the message names a line of the file and what is wrong there."""


@dataclass(frozen=True, slots=True)
class Imported:
    """How many customers a file added, and how many of its phones were known already and left as they were."""

    added_count: int
    known_count: int


class Customers:
    """All methods block: call them on a worker thread."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def get(self, business_id: int, phone: str) -> Customer | None:
        """The customer with this phone, E.164."""
        return read(self._engine, lambda c: store.one(c, business_id, phone))

    def search(self, business_id: int, text: str = "", *, limit: int = PAGE, offset: int = 0) -> tuple[Customer, ...]:
        """Those whose name or phone holds `text`, by name."""
        return read(self._engine, lambda c: store.search(c, business_id, text.strip(), limit, offset))

    def set_notes(self, business_id: int, phone: str, notes: str) -> Customer | Refusal:
        try:
            return self._change(business_id, phone, {"notes": clean_notes(notes)})
        except Unfit as error:
            return Refusal("invalid", str(error))

    def set_blocked(self, business_id: int, phone: str, *, is_blocked: bool) -> Customer | Refusal:
        """One who is blocked can no longer book by phone or API; what is booked stays."""
        return self._change(business_id, phone, {"is_blocked": is_blocked})

    def import_csv(self, business_id: int, content: bytes) -> Imported:
        """Add the customers of a CSV file with columns phone, name and perhaps notes, headed in English or Hebrew.

        UTF-8 or Windows-1255, comma, semicolon or tab. All or nothing: raises BadImport if any line is wrong.
        """
        rows = parse_customers(content)

        def work(connection: Connection) -> Imported:
            known = store.phones(connection, business_id)
            new = [row for row in rows if row["phone"] not in known]
            store.add_all(connection, business_id, self._clock.now(), new)
            return Imported(len(new), len(rows) - len(new))

        return transact(self._engine, work)

    def _change(self, business_id: int, phone: str, values: dict[str, object]) -> Customer | Refusal:
        def work(connection: Connection) -> Customer | Refusal:
            store.change(connection, business_id, phone, values)
            changed = store.one(connection, business_id, phone)
            return changed or Refusal("unknown_customer", "no customer with this phone")

        return transact(self._engine, work)


def parse_customers(content: bytes) -> list[dict[str, str]]:
    """Phone (E.164), name and notes of every line. Raises BadImport naming all lines that are wrong."""
    lines = list(_reader(_decode(content)))
    if not lines:
        raise BadImport("line 1: the file is empty")
    columns = _columns(lines[0][1])
    rows: list[dict[str, str]] = []
    faults: list[str] = []
    seen: dict[str, int] = {}
    for number, cells in lines[1:]:
        if not any(cell.strip() for cell in cells):
            continue
        try:
            row = _row(cells, columns)
            if row["phone"] in seen:
                raise Unfit(f"this phone is on line {seen[row['phone']]} already")
        except Unfit as error:
            faults.append(f"line {number}: {error}")
            continue
        seen[row["phone"]] = number
        rows.append(row)
    if faults:
        raise BadImport("\n".join(faults))
    return rows


def _decode(content: bytes) -> str:
    if len(content) > LARGEST_BYTES:
        raise BadImport(f"line 1: the file is larger than {LARGEST_BYTES // 1_000_000} MB")
    for encoding in ("utf-8-sig", "cp1255"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadImport("line 1: the file is neither UTF-8 nor Windows-1255 text")


def _reader(text: str) -> list[tuple[int, list[str]]]:
    heading = text.split("\n", 1)[0]
    delimiter = max((",", ";", "\t"), key=heading.count)
    reader = csv.reader(io.StringIO(text.replace("\0", "\ufffd"), newline=""), delimiter=delimiter)
    rows = []
    try:
        for cells in reader:
            rows.append((reader.line_num, cells))
    except csv.Error as error:
        raise BadImport(f"line {reader.line_num}: {error}") from None
    return rows


def _columns(headings: list[str]) -> dict[str, int]:
    found = {
        what: position
        for position, heading in enumerate(headings)
        for what, names in _HEADINGS.items()
        if heading.strip().casefold() in names
    }
    missing = [what for what in ("phone", "name") if what not in found]
    if missing:
        raise BadImport(f"line 1: there is no column headed {' or '.join(missing)}")
    return found


def _row(cells: list[str], columns: dict[str, int]) -> dict[str, str]:
    def cell(what: str) -> str:
        position = columns.get(what, len(cells))
        return cells[position] if position < len(cells) else ""

    phone = parse_phone(cell("phone"))
    if phone is None:
        raise Unfit("this is no phone number")
    return {"phone": phone, "name": clean_name(cell("name")), "notes": clean_notes(cell("notes"))}
