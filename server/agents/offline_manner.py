"""What the offline brain says to lines about the talk itself, and its farewell. Pure."""

from __future__ import annotations

from server.agents import manner
from server.agents.matters import wants_to_speak
from server.agents.offline_questions import HELP, MORE, ask
from server.agents.questions import HOLDING, LISTENING, Question
from server.agents.saying import fit, weekday
from server.agents.scene import Act, Decision, Say, Scene
from server.hebrew.models import Intent, Understanding

EVENING_FROM = 17


def open_question(scene: Scene) -> str:
    return ask(scene.d.question or Question.HELP, scene)


def by_urgency(scene: Scene, u: Understanding) -> Decision | None:
    """What goes before everything else: a pause, who is speaking, a wish for a person."""
    if Intent.HOLD in u.intents and not u.holds_when:
        return Say(HOLDING)
    if manner.asks_whether_machine(u.text):
        return Say(fit(f"כן, אני העוזרת הדיגיטלית של {scene.facts.business.name}. {open_question(scene)}"))
    if Intent.HUMAN in u.intents or wants_to_speak(u):
        return Act("transfer_to_human", {"reason": None})
    return None


def by_manner(scene: Scene, u: Understanding) -> Decision | None:
    """Lines that are about the talk itself."""
    business = scene.facts.business.name
    is_lost = Intent.WRONG_NUMBER in u.intents and u.text.rstrip().endswith("?")
    is_empty = not u.holds_when and u.service is None
    if is_lost or (manner.asks_who(u.text, business) and is_empty):
        return Say(fit(f"כאן {business}. {open_question(scene)}"))
    if manner.asks_whether_heard(u.text) and is_empty:
        return Say(f"כן, שומעת אתכם. {open_question(scene)}")
    if (Intent.REPEAT in u.intents or manner.cannot_hear(u.text)) and not u.holds_when:
        return Say(scene.d.substance or HELP)
    is_begun = manner.has_not_come_to_it(u.text) and is_empty and u.answer is None
    if is_begun and not scene.d.has_listened:
        return Say(LISTENING)
    has_booking = scene.d.goal is not None or bool(scene.d.made)
    if Intent.WRONG_NUMBER in u.intents or (manner.was_mistaken(u.text) and not has_booking):
        return Say("אין בעיה, קורה. להתראות!")
    if Intent.RUDE in u.intents and is_empty:
        return Say(f"אני מצטערת. {open_question(scene)}")
    return _by_leaving(scene, u, is_empty=is_empty)


def _by_leaving(scene: Scene, u: Understanding, *, is_empty: bool) -> Decision | None:
    is_hello = Intent.GREETING in u.intents and not scene.d.has_helped  # "שלום" opens a talk and ends one
    is_bye = Intent.GOODBYE in u.intents and not is_hello and is_empty
    if is_bye and (scene.d.answered is not Question.NAME or Intent.THANKS in u.intents):
        return farewell(scene)
    if manner.puts_off(u.text) and is_empty:
        return Say(f"בסדר גמור, אפשר לחזור אליי מתי שנוח. {MORE}")
    return None


def farewell(scene: Scene) -> Say:
    """The last words; from Thursday afternoon on they wish a good Sabbath."""
    now = scene.now
    is_eve = (weekday(now.date()) == 4 and now.hour >= 14) or weekday(now.date()) == 5
    part = "ערב נעים" if now.hour >= EVENING_FROM else "יום נעים"
    return Say("תודה שהתקשרתם, ושבת שלום!" if is_eve else f"תודה שהתקשרתם, {part} ולהתראות!")
