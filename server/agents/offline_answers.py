"""What the offline brain answers about the business, from what `business_info` told. Pure."""

from __future__ import annotations

from server.agents.dialogue import Visit
from server.agents.matters import asks_for_cheapest
from server.agents.offline_questions import MORE, OFFER_MESSAGE, ask
from server.agents.questions import Question
from server.agents.saying import fit, joined, length, on_day, on_weekday, opening, week_hours, weekday
from server.agents.scene import Act, Decision, Scene
from server.calendar.models import Service
from server.hebrew.models import Answer, Intent

TOPICS = {
    Intent.PRICE: "services",
    Intent.LENGTH: "services",
    Intent.SERVICES: "services",
    Intent.STAFF: "staff",
    Intent.OPENING_HOURS: "hours",
    Intent.ADDRESS: "address",
}


def wanted(scene: Scene) -> list[Intent]:
    """Questions about the business in the last line, in a fixed order."""
    return [intent for intent in TOPICS if intent in scene.d.info]


def look_up(scene: Scene, intent: Intent) -> Decision | None:
    """The tool call that an answer needs; None once its result is there."""
    arguments = {"topic": TOPICS[intent]}
    is_known = any(step.name == "business_info" and step.given() == arguments for step in scene.d.news)
    return None if is_known else Act("business_info", arguments)


def answer(scene: Scene, intents: list[Intent]) -> str:
    """One statement for the question; several questions are answered by the first two that fit together."""
    if Intent.PRICE in intents and Intent.LENGTH in intents:
        intents = [intent for intent in intents if intent is not Intent.LENGTH]  # prices are told by length
    said = list(dict.fromkeys(_answer(scene, intent) for intent in intents[:2]))
    return fit(" ".join(said), said[0])


def brief_answer(scene: Scene, intents: list[Intent]) -> str:
    """The same in fewer words, where a long question follows."""
    service = scene.service(scene.d.understanding.service or scene.d.wish.service)
    minutes = _minutes(scene)
    is_offered = service is not None and minutes in [option.minutes for option in service.lengths]
    if intents[0] is Intent.PRICE and service is not None and len(service.lengths) > 1 and not is_offered:
        not_that = f"{length(minutes)} אין אצלנו. " if minutes is not None else ""
        return f"{not_that}{service.name} עולה בין {_range(service)} שקלים."
    return _answer(scene, intents[0])


def _answer(scene: Scene, intent: Intent) -> str:
    if intent is Intent.ADDRESS:
        address = scene.facts.business.address
        return f"אנחנו ב{address}." if address else "הכתובת לא רשומה אצלי."
    if intent is Intent.OPENING_HOURS:
        return _hours(scene)
    if intent is Intent.STAFF:
        return _staff(scene)
    service = scene.service(scene.d.understanding.service or scene.d.wish.service or _last_service(scene))
    if intent is Intent.SERVICES or service is None:
        return _services(scene, intent)
    return _lengths(service) if intent is Intent.LENGTH else _prices(service, _minutes(scene))


def treatment_facts(service: Service) -> tuple[str, ...]:
    """Price and length of a treatment in one sentence, and the same in fewer words."""
    return _prices(service, None), f"{service.name} עולה בין {_range(service)} שקלים."


def _minutes(scene: Scene) -> int | None:
    said = scene.d.understanding.duration_min or scene.d.wish.minutes
    last = _last(scene)
    is_of_last = last is not None and scene.d.understanding.service in (None, last.service) and not scene.d.wish.service
    return said or (last.minutes if last is not None and is_of_last else None)


def _last_service(scene: Scene) -> str | None:
    last = _last(scene)
    return last.service if last is not None else None


def _last(scene: Scene) -> Visit | None:
    """The appointment that is spoken of: the last one made, else the caller's only one."""
    own = scene.d.own or []
    return scene.d.last_done or (own[0] if len(own) == 1 else None)


def _hours(scene: Scene) -> str:
    day = scene.d.understanding.date
    if day is None:
        return f"אנחנו פתוחים {week_hours(scene.facts.hours)}."
    intervals = scene.facts.hours.on(day)
    name = on_day(day, scene.today) if (day - scene.today).days < 2 else on_weekday(weekday(day))
    return f"{name} אנחנו פתוחים {opening(intervals)}." if intervals else f"{name} אנחנו סגורים."


def _staff(scene: Scene) -> str:
    service = scene.service(scene.d.understanding.service)
    names = [p.name for p in scene.facts.staff if service is None or p.id in service.staff_ids]
    if not names:
        return "הצוות לא רשום אצלי."
    what = f"ל{service.name} יש לנו את" if service is not None else "אצלנו עובדים"
    return f"{what} {joined(names, ' ו')}."


def _services(scene: Scene, intent: Intent) -> str:
    names = [service.name for service in scene.services]
    if intent is Intent.PRICE and names:
        options = [(option, service) for service in scene.services for option in service.lengths]
        lowest = min(option.price for option, _ in options)
        if asks_for_cheapest(scene.d.understanding.text):
            option, service = min(options, key=lambda each: each[0].price)
            return f"{service.name} של {length(option.minutes)} עולה {option.price} שקלים, וזה הכי זול אצלנו."
        return f"זה תלוי בטיפול, החל מ-{lowest} שקלים."
    return fit(f"יש אצלנו {joined(names, ' ו')}.", f"יש אצלנו {joined(names[:3], ' ו')}, ועוד.")


def _lengths(service: Service) -> str:
    return f"הטיפול נמשך {joined([length(option.minutes) for option in service.lengths])}."


def _prices(service: Service, minutes: int | None) -> str:
    of_length = [option for option in service.lengths if option.minutes == minutes]
    if of_length or len(service.lengths) == 1:
        option = (of_length or list(service.lengths))[0]
        return f"{service.name} של {length(option.minutes)} עולה {option.price} שקלים."
    told = [f"{length(option.minutes)} {option.price} שקלים" for option in service.lengths]
    if minutes is not None:
        return f"{length(minutes)} אין אצלנו. {service.name}: {', '.join(told)}."
    return fit(f"{service.name}: {', '.join(told)}.", f"{service.name} עולה בין {_range(service)} שקלים.")


def _range(service: Service) -> str:
    prices = [option.price for option in service.lengths]
    return f"{min(prices)} ל-{max(prices)}"


def next_question(scene: Scene, intents: list[Intent]) -> str:
    """What is asked after an answer: the question that is open, else whether to book, else whether there is more."""
    open_question = scene.d.question
    if scene.d.goal is not None and open_question not in (None, Question.HELP, Question.MORE):
        return ask(open_question, scene)
    if Intent.SERVICES in intents or (Intent.PRICE in intents and not _is_about_service(scene)):
        return "איזה טיפול תרצו?"
    if Intent.STAFF in intents and scene.d.understanding.holds_when:
        return "אצל מי לקבוע?"
    if Intent.ADDRESS in intents and not scene.facts.business.address:
        return OFFER_MESSAGE
    is_declined = scene.d.answered is Question.BOOK and scene.d.understanding.answer is Answer.NO
    return MORE if scene.d.made or scene.d.is_only_asking or is_declined else "לקבוע לכם תור?"


def _is_about_service(scene: Scene) -> bool:
    is_told = asks_for_cheapest(scene.d.understanding.text)
    return is_told or bool(scene.d.understanding.service or scene.d.wish.service or _last_service(scene))
