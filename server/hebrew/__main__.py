"""`python -m server.hebrew`: Hebrew lines in, one JSON object a line out.

Bare hours are resolved by the opening hours of the demo business, services and staff are its own.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import json
import sys
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from server.hebrew.models import Asked, Exclusion, OpenHours, Opening, ServiceWords, Understanding, Vocabulary
from server.hebrew.understand import understand

DEMO = Path(__file__).parent.parent / "demo_business.yaml"
_DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_ASKED = ("day", "time", "name", "phone", "duration", "service", "confirm", "choice", "message")


def main() -> int:
    described = yaml.safe_load(DEMO.read_text(encoding="utf-8"))
    zone = ZoneInfo(described["zone"])
    options = _parser().parse_args()
    asked = Asked(options.asked) if options.asked else None
    now = _moment(options.now, zone)
    vocabulary = _vocabulary(described)
    for line in io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace"):
        meaning = understand(line.rstrip("\r\n"), now, asked, vocabulary)
        sys.stdout.buffer.write(json.dumps(_as_json(meaning), ensure_ascii=False).encode() + b"\n")
        sys.stdout.buffer.flush()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m server.hebrew", description=__doc__)
    parser.add_argument(
        "--now", type=_instant, metavar="ISO", help="the moment of speaking; wall time if without offset"
    )
    parser.add_argument("--asked", choices=_ASKED, help="what the caller was just asked")
    return parser


def _instant(text: str) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"not an ISO date and time: {text}") from None


def _moment(now: dt.datetime | None, zone: ZoneInfo) -> dt.datetime:
    if now is None:
        return dt.datetime.now(zone)
    return now.replace(tzinfo=zone) if now.tzinfo is None else now.astimezone(zone)


def _vocabulary(described: dict[str, Any]) -> Vocabulary:
    weekly = tuple(_openings(described["hours"].get(day)) for day in _DAYS)
    services = tuple(
        ServiceWords(service["name"], tuple(service.get("aliases", ())), tuple(sorted(service["lengths"])))
        for service in described["services"]
    )
    return Vocabulary(OpenHours(weekly), services, tuple(person["name"] for person in described["staff"]))


def _openings(text: str | list[str] | None) -> tuple[Opening, ...]:
    spans = [text] if isinstance(text, str) else text or []
    return tuple(_opening(part.strip()) for span in spans for part in span.split(","))


def _opening(text: str) -> Opening:
    opens, closes = text.split("-")
    return dt.time.fromisoformat(opens.strip()), dt.time.fromisoformat(closes.strip())


def _as_json(meaning: Understanding) -> dict[str, Any]:
    held = (
        meaning.date,
        meaning.date_from,
        meaning.date_to,
        meaning.time,
        meaning.time_from,
        meaning.time_to,
        meaning.daypart,
        meaning.duration_min,
    )
    return {
        "text": meaning.text,
        "date": _iso(meaning.date),
        "date_from": _iso(meaning.date_from),
        "date_to": _iso(meaning.date_to),
        "time": _hour(meaning.time),
        "time_from": _hour(meaning.time_from),
        "time_to": _hour(meaning.time_to),
        "daypart": meaning.daypart,
        "prefer": meaning.prefer,
        "duration_min": meaning.duration_min,
        "service": meaning.service,
        "name": meaning.name,
        "phone": meaning.phone,
        "excluded": [_excluded(item) for item in meaning.excluded if item.staff is None],
        "ambiguous": sorted(meaning.ambiguous | _same_day_of_span(meaning)),
        "none": all(item.staff is not None for item in meaning.excluded) and all(value is None for value in held),
    }


def _same_day_of_span(meaning: Understanding) -> set[str]:
    """ "באותו יום בשבוע הבא" means one day of that week, which the fields printed here cannot tell."""
    is_one_of_span = meaning.is_same_day and meaning.date is None and meaning.date_from is not None
    return {"date"} if is_one_of_span else set()


def _excluded(item: Exclusion) -> dict[str, Any]:
    every = {
        "date": _iso(item.date),
        "weekday": item.weekday,
        "daypart": item.daypart,
        "time": _hour(item.time),
    }
    return {field: value for field, value in every.items() if value is not None}


def _iso(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()


def _hour(time: dt.time | None) -> str | None:
    return None if time is None else time.strftime("%H:%M")


if __name__ == "__main__":
    sys.exit(main())
