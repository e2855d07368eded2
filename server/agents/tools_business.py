"""The agent's tools that do not touch the diary: facts about the business, a message, a human."""

from __future__ import annotations

from typing import Any, Literal

from agents import FunctionTool
from pydantic import Field

from server.agents.authority import contact_phone
from server.agents.context import Session
from server.agents.memory import WEEKDAYS
from server.agents.own_words import keep_own_words
from server.agents.safety import Arguments, Result, failure, guarded
from server.calendar.models import BusinessFacts, Opening
from server.calls.models import Outcome


class Topic(Arguments):
    topic: Literal["services", "hours", "address", "staff"]


class Message(Arguments):
    text: str = Field(min_length=1, max_length=1000, description="What is to be passed on, in the caller's words")
    customer_name: str | None = Field(default=None, max_length=80)
    customer_phone: str | None = Field(default=None, description="Only a number that the caller said; else null")


class Human(Arguments):
    reason: str | None = Field(default=None, max_length=300)


async def business_info(session: Session, asked: Topic) -> Result:
    session.achievements.add(Outcome.ANSWERED)
    return {"ok": True, "topic": asked.topic, **_FACTS[asked.topic](session.call.facts)}


def _services(facts: BusinessFacts) -> dict[str, Any]:
    return {
        "services": [
            {"service": s.name, "lengths": [{"minutes": x.minutes, "price_shekels": x.price} for x in s.lengths]}
            for s in facts.services
            if not s.is_hidden
        ]
    }


def _hours(facts: BusinessFacts) -> dict[str, Any]:
    week = {WEEKDAYS[i]: _intervals(intervals) for i, intervals in enumerate(facts.hours.weekly)}
    other = {day.isoformat(): _intervals(intervals) for day, intervals in sorted(facts.hours.exceptions.items())[:30]}
    return {"hours": week, "exceptions": other}


def _intervals(intervals: tuple[Opening, ...]) -> str:
    return ", ".join(f"{first:%H:%M}-{last:%H:%M}" for first, last in intervals) or "closed"


def _address(facts: BusinessFacts) -> dict[str, Any]:
    return {"address": facts.business.address or None}


def _staff(facts: BusinessFacts) -> dict[str, Any]:
    does = {person.id: [s.name for s in facts.services if person.id in s.staff_ids] for person in facts.staff}
    return {"staff": [{"name": person.name, "services": does[person.id]} for person in facts.staff]}


_FACTS = {"services": _services, "hours": _hours, "address": _address, "staff": _staff}


async def take_message(session: Session, asked: Message) -> Result:
    """The message itself is kept in the record of the call, as the arguments of this tool; what a model made up is
    replaced by the caller's words."""
    keep_own_words(session, asked.text)
    session.achievements.add(Outcome.MESSAGE)
    return {"ok": True, "has_phone": contact_phone(session, asked.customer_phone) is not None}


async def transfer_to_human(session: Session, _: Human) -> Result:
    if session.call.facts.business.transfer_number is None:
        return failure("no_transfer", "Nobody can be put through. Offer to take a message.")
    session.achievements.add(Outcome.HANDOFF)
    return {"ok": True, "transfer": True}


def business_tools() -> list[FunctionTool]:
    return [
        guarded(
            "business_info",
            "Facts about the business: services with lengths and prices, opening hours, address, staff.",
            Topic,
            business_info,
        ),
        guarded(
            "take_message", "Leave a message for the team, who will call back.", Message, take_message, writes=True
        ),
        guarded(
            "transfer_to_human",
            "Put the caller through to a person. Use it when the caller asks for one.",
            Human,
            transfer_to_human,
        ),
    ]
