"""The diary from the command line: `python -m server.calendar --help`."""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from sqlalchemy import Engine

from server.calendar import ical
from server.calendar.booking import Bookings
from server.calendar.closures import close_days, reopen_days
from server.calendar.customers import Customers
from server.calendar.models import Appointment, Business, Refusal, SlotQuery
from server.calendar.setup import DEMO_BUSINESS, load_business
from server.clock import SystemClock
from server.config import BadSettings, load
from server.db.engine import make_engine, upgrade

COLUMNS = (
    "id",
    "starts_at",
    "ends_at",
    "service",
    "staff",
    "customer_name",
    "customer_phone",
    "status",
    "source",
    "notes",
)


class Wrong(Exception):
    """What the user asked for cannot be done; the message is for him."""


def main(arguments: Sequence[str] | None = None, out: TextIO = sys.stdout) -> int:
    options = _parser().parse_args(arguments)
    try:
        engine = make_engine(options.database or load().database_url)
        upgrade(engine)
        options.run(engine, options, out)
    except (Wrong, BadSettings, ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m server.calendar", description="Set up and look into the diary.")
    parser.add_argument("--database", metavar="URL", help="instead of DATABASE_URL")
    commands = parser.add_subparsers(required=True, metavar="command")

    setup = commands.add_parser("setup", help="add the business of a YAML file, or bring it up to date")
    setup.add_argument("file", type=Path, nargs="?", default=DEMO_BUSINESS)
    setup.set_defaults(run=_setup)

    close = _dated(commands.add_parser("close", help="close for a day or several, or open them for other hours"))
    close.add_argument("--staff", help="only this staff member")
    close.add_argument("--hours", help="open for these hours instead, for example 09:00-12:00,16:00-19:00")
    close.add_argument("--note", default="", help="why")
    close.set_defaults(run=_close)

    reopen = _dated(commands.add_parser("reopen", help="forget the exceptions of these days"))
    reopen.set_defaults(run=_reopen)

    slots = commands.add_parser("slots", help="list free times")
    slots.add_argument("service")
    slots.add_argument("--minutes", type=int)
    slots.add_argument("--from", dest="first", type=_date, metavar="DATE")
    slots.add_argument("--to", dest="last", type=_date, metavar="DATE")
    slots.add_argument("--after", type=_time, metavar="HH:MM")
    slots.add_argument("--staff")
    slots.add_argument("--limit", type=int, default=20)
    slots.set_defaults(run=_slots)

    customers = commands.add_parser("import-customers", help="add the customers of a CSV file")
    customers.add_argument("file", type=Path)
    customers.set_defaults(run=_import)

    export = _dated(commands.add_parser("export", help="write appointments as CSV or iCalendar"))
    export.add_argument("--format", choices=("csv", "ics"), default="csv")
    export.set_defaults(run=_export)

    for command in commands.choices.values():
        command.add_argument("--number", help="the business's phone number; needed where there are several")
    return parser


def _dated(command: argparse.ArgumentParser) -> argparse.ArgumentParser:
    command.add_argument("first", type=_date, metavar="FROM", help="a date like 2027-04-22")
    command.add_argument("last", type=_date, metavar="TO", nargs="?", help="the last day, if several")
    return command


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date like 2027-04-22") from None


def _time(text: str) -> dt.time:
    try:
        return dt.time.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no time like 09:30") from None


def _setup(engine: Engine, options: argparse.Namespace, out: TextIO) -> None:
    business = load_business(engine, options.file)
    print(f"{business.name} answers under {business.number}", file=out)


def _close(engine: Engine, options: argparse.Namespace, out: TextIO) -> None:
    business = _business(engine, options)
    spans = options.hours.split(",") if options.hours else []
    kept = close_days(engine, business, options.first, options.last, spans, options.staff, options.note)
    print(f"{'open as given' if spans else 'closed'}; {kept} appointments on these days stay booked", file=out)


def _reopen(engine: Engine, options: argparse.Namespace, out: TextIO) -> None:
    count = reopen_days(engine, _business(engine, options), options.first, options.last)
    print(f"{count} exceptions forgotten", file=out)


def _slots(engine: Engine, options: argparse.Namespace, out: TextIO) -> None:
    business = _business(engine, options)
    query = SlotQuery(
        options.service,
        options.minutes,
        options.first,
        options.last,
        time_from=options.after,
        staff=options.staff,
        limit=options.limit,
    )
    found = Bookings(engine, SystemClock()).find(business.id, query)
    if isinstance(found, Refusal):
        raise Wrong(f"{found.code}: {found.message}")
    if not found.slots:
        print(f"nothing ({found.reason}); nearest:", file=out)
    for slot in found.slots or found.alternatives:
        print(f"{slot.starts_at.astimezone(business.zone):%Y-%m-%d %H:%M} {slot.staff}", file=out)


def _import(engine: Engine, options: argparse.Namespace, out: TextIO) -> None:
    business = _business(engine, options)
    done = Customers(engine, SystemClock()).import_csv(business.id, options.file.read_bytes())
    print(f"{done.added_count} customers added, {done.known_count} known already", file=out)


def _export(engine: Engine, options: argparse.Namespace, out: TextIO) -> None:
    business = _business(engine, options)
    bookings = Bookings(engine, SystemClock())
    appointments = bookings.between(business.id, options.first, options.last or options.first)
    if options.format == "ics":
        out.write(ical.feed(business, appointments, SystemClock().now()).decode())
        return
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for appointment in appointments:
        writer.writerow([_cell(business, appointment, column) for column in COLUMNS])


def _cell(business: Business, appointment: Appointment, column: str) -> str:
    value = getattr(appointment, column)
    if isinstance(value, dt.datetime):
        return value.astimezone(business.zone).isoformat()
    text = "" if value is None else str(value)
    # A spreadsheet would run what begins like a formula; E.164 numbers are harmless.
    return f"'{text}" if text.startswith(("=", "@", "-", "+", "\t", "\r")) and column != "customer_phone" else text


def _business(engine: Engine, options: argparse.Namespace) -> Business:
    businesses = Bookings(engine, SystemClock()).businesses()
    chosen = [b for b in businesses if options.number in (None, b.number)]
    if len(chosen) == 1:
        return chosen[0]
    known = ", ".join(f"{b.number} ({b.name})" for b in businesses) or "none; run setup first"
    raise Wrong(f"choose one with --number: {known}")


if __name__ == "__main__":
    raise SystemExit(main())
