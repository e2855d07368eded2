"""Whether prices and lengths are those of the treatment that is spoken of. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from server.agents.claims.clauses import Clause
from server.agents.claims.records import values_of
from server.agents.claims.senses import Sense
from server.agents.dialogue import Visit
from server.agents.evidence import Evidence
from server.agents.speech import Of
from server.calendar.models import Length, Service

Pair = tuple[str | None, int | None, int]
"""Service, minutes, price."""


def prices(clause: Clause, evidence: Evidence, services: Sequence[str]) -> Iterator[str]:
    """Every price is that of its treatment and length. `services` are those that the sentence named before."""
    told = [int(str(fact.value)) for fact in clause.of(Of.PRICE)]
    if clause.tells(Sense.PAY) and clause.tells(Sense.BOOK, Sense.WRITE, Sense.MOVE) and not clause.is_asked:
        yield "price"
    if not told:
        yield from _vague(clause, evidence, services)
        return
    if len(told) == 2 and _is_range(clause):
        if not any(_is_span(told, options) for options in _ranges(clause, evidence, services)):
            yield "price"
        return
    total = next((word.at for word in clause.words if Sense.TOTAL in word.senses), None)
    is_sum = total is not None and len(evidence.live) > 1 and clause.of(Of.PRICE)[-1].at > total
    if is_sum and told.pop() != sum(_of_visits(evidence.live, evidence)):
        yield "price"
    if clause.tells(Sense.CHEAP, Sense.DEAR) and not _is_extreme(clause, told, evidence):
        yield "price"
    for service, minutes, price in _pairs(clause, told, services):
        if not _is_price(service, minutes, price, clause, evidence):
            yield "price"
            return


_TOPICS = ("לגבי", "בנוגע", "בקשר", "לעניין", "בעניין", "קבוע", "קבועים", "אשר")
"""What makes a price the topic of what follows, and no claim."""

_OPEN = (Sense.MAY, Sense.TODO, Sense.LOOK)


def _vague(clause: Clause, evidence: Evidence, services: Sequence[str]) -> Iterator[str]:
    """Money without an amount that can be read, small bare amounts, how one pays, and what is cheap."""
    if clause.is_asked or clause.is_ignorance or clause.is_supposed:
        return
    if clause.tells(Sense.CHEAP, Sense.DEAR) and not _is_cheapest(clause, evidence, services):
        yield "price"
    is_spared = Sense.PAY in clause.denied and clause.has_word("בלי", "ללא")
    if clause.tells(Sense.PAY) or is_spared:
        yield "price"
    is_open = clause.has_word("תלוי", "תלויה", "תלויים", "משתנה", "משתנים", "לפי", "בהתאם") or clause.tells(*_OPEN)
    if not clause.tells(Sense.PRICE) or is_open:
        return
    if not clause.has_word(*_TOPICS):
        yield "price"


def _is_range(clause: Clause) -> bool:
    return clause.has_word("בין", "ובין", "עד", "נעים", "נע", "שבין")


def _is_span(told: Sequence[int], options: Sequence[Length]) -> bool:
    listed = [option.price for option in options]
    return bool(listed) and sorted(told) == [min(listed), max(listed)]


def _ranges(clause: Clause, evidence: Evidence, services: Sequence[str]) -> Iterator[list[Length]]:
    """The price lists of which a range may be told: of the services named, of the one in question, of the house."""
    named = [str(fact.value) for fact in clause.of(Of.SERVICE)] or list(services)
    topic = [evidence.service] if evidence.service else []
    if not named:
        yield all_options(evidence, ())
    for names in (named, [] if named else topic):
        if names:
            yield all_options(evidence, names)


def all_options(evidence: Evidence, names: Sequence[str | None]) -> list[Length]:
    shown = [service for service in evidence.facts.services if not service.is_hidden]
    return [option for service in shown if not names or service.name in names for option in service.lengths]


def _pairs(clause: Clause, told: Sequence[int], services: Sequence[str]) -> Iterator[Pair]:
    """Each price with the service and the length that go with it, by their order."""
    named = [str(fact.value) for fact in clause.of(Of.SERVICE)] or list(services[-1:])
    lengths = [int(str(fact.value)) for fact in clause.of(Of.LENGTH)]
    for i, price in enumerate(told):
        service = named[i] if len(named) == len(told) else named[-1] if len(named) == 1 else None
        minutes = lengths[i] if len(lengths) == len(told) else _length_beside(i, clause)
        yield service, minutes, price


def _length_beside(i: int, clause: Clause) -> int | None:
    """The length before the price, if lengths come first; else the one behind it."""
    told, lengths_ = clause.of(Of.PRICE), clause.of(Of.LENGTH)
    is_before = bool(lengths_) and lengths_[0].at < told[0].at
    low = (told[i - 1].end if i else 0) if is_before else told[i].end
    high = told[i].at if is_before else (told[i + 1].at if i + 1 < len(told) else 10**6)
    beside = [fact for fact in lengths_ if low <= fact.at < high]
    return int(str(beside[0].value)) if beside else None


def _is_price(service: str | None, minutes: int | None, price: int, clause: Clause, evidence: Evidence) -> bool:
    if service is None and evidence.service is None and clause.tells(Sense.FROM):
        return price == min(option.price for option in all_options(evidence, ()))
    named = service or evidence.service
    records = clause.records
    is_of_visit = clause.tells(Sense.VISIT) or any(record.has_when or record.staff or record.name for record in records)
    if minutes is None and is_of_visit and evidence.live:
        meant = [visit for visit in evidence.live if all(record.is_of(visit) for record in records)]
        if meant or clause.tells(Sense.VISIT):
            return price in _of_visits(meant, evidence)
    if service is None and minutes is None and evidence.live and is_topic_booked(evidence):
        return price in _of_visits(evidence.live, evidence)
    if named is None:
        return False
    found = _service(named, evidence)
    options = found.lengths if found is not None else ()
    listed = [option.price for option in options]
    if minutes is None and (clause.tells(Sense.FROM) or _begins_with_from(clause)):
        return bool(listed) and price == min(listed)
    length = minutes or (evidence.minutes if named == evidence.service else None)
    if length is not None:
        return any(option.price == price for option in options if option.minutes == length)
    is_list = len(clause.of(Of.PRICE)) > 1 or len(listed) == 1 or clause.is_asked
    return price in listed and (is_list or bool(clause.of(Of.LENGTH)))


def _begins_with_from(clause: Clause) -> bool:
    return clause.has_word("מ", "החל", "מינימום")


def is_topic_booked(evidence: Evidence) -> bool:
    return any((visit.service, visit.minutes) == (evidence.service, evidence.minutes) for visit in evidence.live)


def _service(name: str | None, evidence: Evidence) -> Service | None:
    return evidence.facts.service(name) if name else None


def _of_visits(visits: Iterable[Visit], evidence: Evidence) -> list[int]:
    prices_ = []
    for visit in visits:
        service = _service(visit.service, evidence)
        options = service.lengths if service is not None else ()
        prices_ += [option.price for option in options if option.minutes == visit.minutes]
    return prices_


def _is_cheapest(clause: Clause, evidence: Evidence, services: Sequence[str] = ()) -> bool:
    """Whether the treatment that is named is the cheapest, or the dearest, of the house."""
    names = values_of(clause.of(Of.SERVICE)) or list(services[-1:])
    named = [service for service in evidence.facts.services if service.name in names]
    topic = _service(evidence.service, evidence)
    if topic is not None and evidence.live and (not named or named == [topic]):
        named, topic = [topic], _service(evidence.live[-1].service, evidence)
    pick = min if clause.tells(Sense.CHEAP) else max
    if clause.has_word("יותר") and not clause.has_word("ביותר", "הכי"):
        return bool(named) and topic is not None and all(_is_beyond(each, topic, pick is min) for each in named)
    shown = [service for service in evidence.facts.services if not service.is_hidden]
    best = pick(shown, key=lambda service: pick(option.price for option in service.lengths))
    return names == [best.name]


def _is_beyond(service: Service, other: Service, is_cheaper: bool) -> bool:
    first, second = (min(option.price for option in each.lengths) for each in (service, other))
    return first < second if is_cheaper else first > second


def _is_extreme(clause: Clause, told: Sequence[int], evidence: Evidence) -> bool:
    if clause.has_word("יותר") and not clause.has_word("ביותר", "הכי"):
        return _is_cheapest(clause, evidence)
    listed = [option.price for option in all_options(evidence, ())]
    return all(price == (min(listed) if clause.tells(Sense.CHEAP) else max(listed)) for price in told)
