"""A business as its owner writes it down: the shape of the YAML file, and what is wrong with a file, by line."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from server.calendar.hours import Interval, merge
from server.calendar.models import CholHamoed
from server.calendar.phones import parse_phone
from server.calendar.words import clean_name

WEEKDAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
Place = tuple[str, ...]
"""Where in the file something stands: keys and positions from the top."""

LARGEST_PARTS, DEEPEST = 20_000, 20

_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})")


class BadDescription(ValueError):
    """The file cannot be used; every line of the message names the file, the line and what is wrong there."""


def _span(text: Any) -> Interval:
    match = _SPAN.fullmatch(str(text).strip())
    if match is None:
        raise ValueError(f"{text!r} is no time span like 09:00-14:30")
    a, b, c, d = (int(part) for part in match.groups())
    start, end = a * 60 + b, c * 60 + d
    if b > 59 or d > 59 or max(start, end) > 24 * 60:
        raise ValueError(f"{text!r} holds an hour that no clock shows")
    if start >= end:
        raise ValueError(f"{text!r} ends before it begins")
    return start, end


def _spans(value: Any) -> tuple[Interval, ...]:
    spans = [_span(part) for part in (value if isinstance(value, list) else [value])]
    if len(merge(spans)) != len(spans):
        raise ValueError("two of these time spans touch or overlap")
    return tuple(sorted(spans))


def _zone(value: Any) -> Any:
    if value not in available_timezones():
        raise ValueError(f"{value!r} is no time zone like Asia/Jerusalem")
    return ZoneInfo(value)


def _phone(value: Any) -> str:
    phone = parse_phone(str(value))
    if phone is None:
        raise ValueError(f"{value!r} is no phone number")
    return phone


def _name(value: Any) -> str:
    return clean_name(value)


Name = Annotated[str, BeforeValidator(_name)]
Phone = Annotated[str, BeforeValidator(_phone)]
Spans = Annotated[tuple[Interval, ...], BeforeValidator(_spans)]
Minutes = Annotated[int, Field(ge=1, le=720)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True, frozen=True)


class Days(_Part):
    """Time spans by weekday; a weekday left out has none."""

    sunday: Spans = ()
    monday: Spans = ()
    tuesday: Spans = ()
    wednesday: Spans = ()
    thursday: Spans = ()
    friday: Spans = ()
    saturday: Spans = ()

    def week(self) -> tuple[tuple[Interval, ...], ...]:
        return tuple(getattr(self, day) for day in WEEKDAYS)


class Exceptional(_Part):
    """Days unlike others: closed unless `hours` are given. `to` left out: one day."""

    first: dt.date = Field(alias="from")
    last: dt.date | None = Field(None, alias="to")
    hours: Spans = ()
    note: str = Field("", max_length=200)

    @model_validator(mode="after")
    def _order(self) -> Exceptional:
        if self.last is not None and self.last < self.first:
            raise ValueError("ends before it begins")
        return self


class Holidays(_Part):
    keep: bool = False
    eves_close_at: dt.time | None = None
    chol_hamoed: CholHamoed = CholHamoed.OPEN


class DescribedStaff(_Part):
    name: Name
    lanes: int = Field(1, ge=1, le=50)
    hours: Days | None = None
    breaks: Days = Days()
    exceptions: tuple[Exceptional, ...] = ()


class DescribedService(_Part):
    name: Name
    aliases: tuple[Name, ...] = ()
    lengths: dict[Minutes, Annotated[int, Field(ge=0, le=1_000_000)]] = Field(min_length=1)
    staff: tuple[Name, ...] | None = Field(None, min_length=1)  # None: everybody
    buffer_before_min: int = Field(0, ge=0, le=240)
    buffer_after_min: int = Field(0, ge=0, le=240)
    colour: str = Field("", pattern=r"^(#[0-9a-fA-F]{6})?$")
    hidden: bool = False


class Description(_Part):
    """One business, whole. Times are wall time in its zone, prices whole shekels."""

    name: Name
    number: Phone
    zone: Annotated[ZoneInfo, BeforeValidator(_zone)] = Field(ZoneInfo("Asia/Jerusalem"), validate_default=False)
    address: str = Field("", max_length=200)
    grid_min: int = Field(15, ge=5, le=240)
    lead_min: int = Field(60, ge=0, le=60 * 24 * 30)
    horizon_days: int = Field(90, ge=1, le=730)
    cancel_cutoff_min: int = Field(0, ge=0, le=60 * 24 * 30)
    transfer_number: Phone | None = None
    sends_confirmations: bool = False
    hours: Days
    breaks: Days = Days()
    holidays: Holidays = Holidays()
    exceptions: tuple[Exceptional, ...] = ()
    staff: tuple[DescribedStaff, ...] = Field(min_length=1)
    services: tuple[DescribedService, ...] = Field(min_length=1)


def read_description(path: Path) -> Description:
    """The business that the file describes. Raises BadDescription, or OSError where the file cannot be read."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadDescription(f"{path.name}, line {line}: {error.problem}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadDescription(f"{path.name}, line 1: {error}") from None
    tree = _Tree(path.name)
    plain = {} if node is None else tree.plain(node)
    try:
        described = Description.model_validate(plain)
    except ValidationError as error:
        faults = [(tuple(map(str, e["loc"])), e["msg"].removeprefix("Value error, ")) for e in error.errors()]
    else:
        faults = list(_contradictions(described))
        if not faults:
            return described
    raise BadDescription("\n".join(_message(path.name, at, words, tree.lines) for at, words in faults))


class _Tree:
    """The file as dicts, lists and strings; `lines` learns where each part stands."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[Place, int] = {}
        self._part_count = 0

    def plain(self, node: yaml.Node, at: Place = ()) -> Any:
        # An alias stands for its whole anchor; nested, or inside itself, that grows without end.
        self._part_count += 1
        if self._part_count > LARGEST_PARTS or len(at) > DEEPEST:
            raise self._wrong(node, "too large, or a part that contains itself")
        self.lines[at] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, at)
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(item, (*at, str(n))) for n, item in enumerate(node.value)]
        return node.value

    def _mapping(self, node: yaml.MappingNode, at: Place) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise self._wrong(key, "a name must be a single word")
            if key.value in values:
                raise self._wrong(key, f"{key.value} appears twice")
            values[key.value] = self.plain(value, (*at, key.value))
            self.lines[(*at, key.value)] = key.start_mark.line + 1
        return values

    def _wrong(self, node: yaml.Node, words: str) -> BadDescription:
        return BadDescription(f"{self.name}, line {node.start_mark.line + 1}: {words}")


def _message(name: str, at: Place, words: str, lines: dict[Place, int]) -> str:
    where = next((at[:n] for n in range(len(at), -1, -1) if at[:n] in lines), ())
    return f"{name}, line {lines.get(where, 1)}: {'.'.join(at) or 'the business'}: {words}"


def _contradictions(described: Description) -> Iterator[tuple[Place, str]]:
    """What no part of the description shows on its own: names that appear twice or are nobody's."""
    staff: list[tuple[Place, str]] = [
        (("staff", str(n), "name"), person.name) for n, person in enumerate(described.staff)
    ]
    services: list[tuple[Place, str]] = [
        (("services", str(n), "name"), service.name) for n, service in enumerate(described.services)
    ]
    aliases: list[tuple[Place, str]] = [
        (("services", str(n), "aliases", str(k)), alias)
        for n, service in enumerate(described.services)
        for k, alias in enumerate(service.aliases)
    ]
    yield from _repeated(staff)
    yield from _repeated(services + aliases)
    known = {name for _, name in staff}
    for n, service in enumerate(described.services):
        for k, name in enumerate(service.staff or ()):
            if name not in known:
                yield ("services", str(n), "staff", str(k)), f"{name} is not among the staff"


def _repeated(names: Iterable[tuple[Place, str]]) -> Iterator[tuple[Place, str]]:
    seen: set[str] = set()
    for at, name in names:
        if name in seen:
            yield at, f"{name} appears twice"
        seen.add(name)
