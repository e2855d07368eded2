"""What the offline brain looks at when it decides, and the two things it can decide: a tool call or words. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from server.agents.dialogue import Dialogue
from server.calendar.models import BusinessFacts, Service


@dataclass(frozen=True, slots=True)
class Act:
    """One tool call; absent arguments are null."""

    tool: str
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Say:
    """A whole reply."""

    text: str


Decision = Act | Say


@dataclass(frozen=True, slots=True)
class Scene:
    """The state of the talk, the business, and the moment (aware, in the business's zone)."""

    d: Dialogue
    facts: BusinessFacts
    now: dt.datetime

    @property
    def today(self) -> dt.date:
        return self.now.date()

    @property
    def services(self) -> tuple[Service, ...]:
        return tuple(service for service in self.facts.services if not service.is_hidden)

    def service(self, name: str | None) -> Service | None:
        return self.facts.service(name) if name else None
