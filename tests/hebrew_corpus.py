"""Reads the corpus in tests/corpus: phrases and what they mean."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from server.hebrew.models import Asked, Offer, OpenHours, ServiceWords, Understanding, Vocabulary

FOLDER = Path(__file__).parent / "corpus"
ZONE = ZoneInfo("Asia/Jerusalem")

MOMENTS = {
    "sunday": "2026-11-22T09:30",
    "sunday_night": "2026-11-22T21:15",
    "tuesday": "2026-11-24T14:00",
    "thursday": "2026-11-26T19:00",
    "friday": "2026-11-27T12:00",
    "saturday": "2026-11-28T20:00",
    "pesach_eve": "2027-04-21T10:00",
    "elul": "2027-09-05T11:00",
    "dst_spring": "2027-03-26T00:30",
    "dst_autumn": "2027-10-31T01:30",
    "yearend": "2026-12-31T10:00",
    "sunday_noon": "2026-11-29T15:10",
    "tuesday_early": "2026-12-01T08:15",
    "saturday_dark": "2026-12-05T21:00",
    "monday_dusk": "2026-12-14T17:45",
    "january": "2027-01-06T10:20",
    "february": "2027-02-18T12:40",
    "summer": "2027-07-14T13:05",
    "before_new_year": "2027-09-26T12:00",
    "after_midnight": "2026-11-25T00:40",
    "hanukkah": "2026-12-08T12:20",
    "december_sunday": "2026-12-13T10:15",
    "december_thursday": "2026-12-17T18:40",
    "year_close": "2026-12-30T11:00",
    "january_tuesday": "2027-01-12T15:40",
    "january_end": "2027-01-30T20:30",
    "february_end": "2027-02-26T12:00",
    "before_pesach": "2027-04-20T10:00",
}

_DAY = ((dt.time(9), dt.time(20)),)
VOCABULARY = Vocabulary(
    hours=OpenHours(weekly=(_DAY, _DAY, _DAY, _DAY, _DAY, ((dt.time(9), dt.time(14)),), ())),
    services=(
        ServiceWords("עיסוי שוודי", ("שוודי", "שבדי", "קלאסי"), (45, 60, 90)),
        ServiceWords("רקמות עמוק", ("רקמות", "דיפ טישו"), (60, 90)),
        ServiceWords("אבנים חמות", ("הוט סטון",), (75,)),
        ServiceWords("רפלקסולוגיה", ("כפות רגליים",), (45,)),
        ServiceWords("טיפול פנים", ("פנים",), (60,)),
    ),
    staff=("מאיה", "רון"),
)

WHEN = ["date", "date_from", "date_to", "time", "time_from", "time_to", "daypart", "prefer", "duration_min"]


@dataclass(frozen=True)
class Case:
    kind: str
    where: str
    text: str
    now: dt.datetime
    asked: Asked | None
    offered: tuple[Offer, ...]
    expected: dict[str, str]


def cases() -> list[Case]:
    return [case for path in sorted(FOLDER.glob("*/*.txt")) for case in _of_file(path)]


def _of_file(path: Path) -> Iterator[Case]:
    now, asked, offered = MOMENTS["sunday"], None, ()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("@now"):
            now = MOMENTS[line.split()[1]]
        elif line.startswith("@asked"):
            word = line.split()[1]
            asked = None if word == "none" else Asked(word)
        elif line.startswith("@offers"):
            offered = tuple(_offer(word, now) for word in line.split()[1:])
        elif line.strip() and not line.startswith("#"):
            text, _, meaning = line.rpartition("|")
            moment = dt.datetime.fromisoformat(now).replace(tzinfo=ZONE)
            expected = dict(field.split("=", 1) for field in meaning.split())
            yield Case(
                path.stem, f"{path.parent.name}/{path.name}:{number}", text.strip(), moment, asked, offered, expected
            )


def _offer(word: str, now: str) -> Offer:
    moment = dt.datetime.fromisoformat(f"{now[:4]}-{word}")
    return Offer(moment.date(), moment.time())


def faults(case: Case, got: Understanding) -> list[str]:
    """Fields in which an understanding differs from what the corpus expects."""
    year = str(case.now.year)
    wanted = {field: _plain(case.expected.get(field, ""), year) for field in WHEN}
    given = {field: _show(getattr(got, field)) for field in WHEN}
    wanted["amb"] = ",".join(sorted(filter(None, case.expected.get("amb", "").split(","))))
    given["amb"] = ",".join(sorted(got.ambiguous))
    wanted["ex"] = ",".join(sorted(_plain(part, year) for part in case.expected.get("ex", "").split(",") if part))
    given["ex"] = ",".join(sorted(_exclusion(item) for item in got.excluded))
    for field, value in case.expected.items():
        if field not in (*WHEN, "amb", "ex"):
            wanted[field], given[field] = _other(field, value, got)
    return [
        f"{field}: {given[field] or '-'} for {wanted[field] or '-'}"
        for field in wanted
        if wanted[field] != given[field]
    ]


def _other(field: str, value: str, got: Understanding) -> tuple[str, str]:
    if field == "intents":
        wanted = set(value.split(",")) - {"-"}
        return ",".join(sorted(wanted)), ",".join(sorted(wanted & set(got.intents))) if wanted else ",".join(
            got.intents
        )
    return ("" if value == "-" else value.replace("_", " ")), _show(getattr(got, field))


def _plain(value: str, year: str) -> str:
    kind, colon, rest = value.rpartition(":") if value.startswith("date:") else ("", "", value)
    is_short = len(rest) == 5 and rest[2] == "-"
    return f"{kind}{colon}{year}-{rest}" if is_short else value


def _show(value: object) -> str:
    if isinstance(value, dt.time):
        return value.strftime("%H:%M")
    if isinstance(value, bool):
        return "1" if value else ""
    return "" if value is None else str(value)


def _exclusion(item: object) -> str:
    values = {field: getattr(item, field) for field in ("date", "weekday", "daypart", "time", "staff")}
    return "+".join(f"{field}:{_show(value)}" for field, value in values.items() if value is not None)
