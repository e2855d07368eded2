"""The words of a business for those who understand its callers."""

from __future__ import annotations

from server.calendar.models import BusinessFacts
from server.hebrew.models import OpenHours, ServiceWords, Vocabulary


def vocabulary_of(facts: BusinessFacts) -> Vocabulary:
    """Services (hidden ones apart), staff and hours as `hebrew` takes them."""
    services = tuple(
        ServiceWords(s.name, s.aliases, tuple(length.minutes for length in s.lengths))
        for s in facts.services
        if not s.is_hidden
    )
    hours = OpenHours(facts.hours.weekly, facts.hours.exceptions)
    return Vocabulary(hours, services, tuple(person.name for person in facts.staff))
