"""The offline receptionist: a pure function of the conversation, the business and the moment.

It keeps no state, so it can take over any conversation at any turn, also one that a language model has begun.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from server.agents.dialogue import UNKNOWN, Goal, new_name, read
from server.agents.manner import asks_how_we_are, asks_why, is_plain
from server.agents.matters import is_message_told
from server.agents.memory import Entry
from server.agents.offline_answers import answer, brief_answer, look_up, next_question, wanted
from server.agents.offline_booking import book
from server.agents.offline_changes import cancel, list_own, move
from server.agents.offline_exchange import exchange
from server.agents.offline_manner import by_manner, by_urgency, farewell
from server.agents.offline_matters import by_matter, pass_on, untold
from server.agents.offline_news import CALL_BACK, tell_news
from server.agents.offline_offers import again, trouble
from server.agents.offline_openings import opened
from server.agents.offline_questions import (
    ASK_MESSAGE,
    ASK_PHONE,
    DIGITS,
    HELP,
    MORE,
    OFFER_MESSAGE,
    ask,
    puzzled,
    unknown,
)
from server.agents.people import corrected_name
from server.agents.questions import Question, question_in
from server.agents.saying import at_hour, fit, full_day
from server.agents.scene import Act, Decision, Say, Scene
from server.calendar.models import BusinessFacts
from server.hebrew.models import Answer, Intent, Understanding

DONE_WORDS = ("קבעתי", "העברתי", "שיניתי", "ביטלתי")
"""How a reply tells that the diary was changed."""

CIRCLING = (Question.SERVICE, Question.DURATION, Question.DAY, Question.WHEN, Question.NAME)

STEP_LIMIT = 6
"""Tool calls of this brain in one turn; more would be a loop."""


def decide(entries: Iterable[Entry], facts: BusinessFacts, now: dt.datetime) -> Decision:
    """The next tool call, or the whole reply. `now` is aware, in the business's zone."""
    scene = Scene(read(entries, now.date()), facts, now)
    told = tell_news(scene, _answer_line)
    own = {(step.name, step.arguments) for step in scene.d.news if step.is_own}
    if told is None and len(own) >= STEP_LIMIT:
        return trouble(scene, "loop")
    decision = told if told is not None else _answer_line(scene)
    return _with_untold(scene, opened(scene, _without_circles(scene, decision)))


def _without_circles(scene: Scene, decision: Decision) -> Decision:
    """After the same question three times a fourth would be no better: a message is taken."""
    is_again = isinstance(decision, Say) and scene.d.same_count >= 3 and scene.d.question in CIRCLING
    is_answered = bool(scene.d.info) or scene.d.matter is not None
    if is_again and not is_answered and isinstance(decision, Say) and question_in(decision.text) is scene.d.question:
        return Say(f"אולי עדיף שיחזרו אליכם. {ASK_MESSAGE}")
    return decision


def _with_untold(scene: Scene, decision: Decision) -> Decision:
    """A read-back that was interrupted before its hour was heard is said again, before the next words."""
    visit = scene.d.untold
    if visit is None or isinstance(decision, Act) or any(word in decision.text for word in DONE_WORDS):
        return decision
    again = f"התור נקבע ל{full_day(visit.date)}, {at_hour(visit.time)}."
    return Say(fit(f"{again} {decision.text}", again))


def _answer_line(scene: Scene) -> Decision:
    d, u = scene.d, scene.d.understanding
    if d.line is None:
        return Say(HELP)
    is_message = d.goal is Goal.MESSAGE and d.answered is Question.MESSAGE
    if is_message and u.answer is Answer.YES and len(u.text.split()) < 3:
        return Say(f"בשמחה. {ASK_MESSAGE}")
    if is_message and not _is_about_the_talk(u):
        return _message(scene, u)  # whatever else its words may sound like
    for step in (by_urgency, by_matter, by_manner, _by_question, _by_goal, _by_contact, _by_courtesy):
        decision = step(scene, u)
        if decision is not None:
            return decision if step is by_matter else untold(scene, decision)
    return puzzled(scene)


def _is_about_the_talk(u: Understanding) -> bool:
    """Whether a line is no message but a pause, a "what?" or a goodbye."""
    courtesies = {Intent.GOODBYE, Intent.THANKS, Intent.GREETING}
    return bool(u.intents & {Intent.HOLD, Intent.REPEAT}) or (bool(u.intents) and u.intents <= courtesies)


def _by_question(scene: Scene, u: Understanding) -> Decision | None:
    """Questions about the business; when the line also wishes an appointment, its next question follows."""
    intents = wanted(scene)
    if not intents:
        return unknown(scene) if u.intents & UNKNOWN and not u.holds_when else None
    for intent in intents:
        act = look_up(scene, intent)
        if act is not None:
            return act
    said, brief = answer(scene, intents), brief_answer(scene, intents)
    step = _by_goal(scene, u) if scene.d.goal is Goal.BOOK and scene.d.has_progress else None
    if isinstance(step, Act):
        return step
    follow = step.text if step is not None else next_question(scene, intents)
    return Say(fit(f"{said} {follow}", f"{brief} {follow}", said))


def _by_goal(scene: Scene, u: Understanding) -> Decision | None:
    d = scene.d
    if d.goal is Goal.MESSAGE:
        return _message(scene, u)
    if d.answered is Question.MESSAGE_CHECK and u.answer is Answer.NO and not d.is_new_goal:
        return Say(f"בסדר. {MORE}")
    if d.is_kept:
        return _kept(scene)
    if d.is_dropped:
        return Say(f"בסדר, עזבנו את זה. {MORE}")
    if d.replacement is not None:
        return exchange(scene)
    if d.goal is Goal.LIST:
        return list_own(scene)
    if d.goal is None:
        return None
    is_stuck = not d.has_progress and not d.news
    if is_stuck and d.answered is Question.OFFER and u.answer is Answer.YES and len(d.offers_before) > 1:
        return again(scene, "בשמחה")
    asks_back = u.answer is not Answer.YES and not u.name
    if is_stuck and d.wish.people > 1 and d.offers_before and u.is_for_another and asks_back:
        return again(scene, "כן, לשניכם יחד")
    if is_stuck and d.offers_before and u.staff is not None and u.staff == d.wish.staff:
        return again(scene, f"כן, אצל {u.staff}")
    if is_stuck and _means_nothing(scene, u):
        return puzzled(scene)
    return {Goal.BOOK: book, Goal.MOVE: move, Goal.CANCEL: cancel}[d.goal](scene)


def _kept(scene: Scene) -> Say:
    own = scene.d.own or []
    visit = scene.d.target or scene.d.last_done or (own[0] if len(own) == 1 else None)
    if visit is None:
        return Say(f"בסדר, עזבנו את זה. {MORE}")
    return Say(f"בסדר, התור נשאר ב{full_day(visit.date)}, {at_hour(visit.time)}. {MORE}")


def _means_nothing(scene: Scene, u: Understanding) -> bool:
    """Whether the line brought neither a detail nor an answer to what was asked."""
    checks = (Question.DATE_CHECK, Question.MOVE_CHECK, Question.CANCEL_CHECK, Question.OFFER)
    if u.answer is not None and scene.d.answered in checks:
        return False
    says_a_detail = u.holds_when or any((u.duration_min, u.service, u.staff, u.name, u.shift))
    return not says_a_detail and not (u.intents - {Intent.GREETING, Intent.THANKS})


def _message(scene: Scene, u: Understanding) -> Decision:
    if scene.d.answered is Question.MESSAGE:
        return pass_on(scene, u.text)
    if scene.d.answered is Question.MESSAGE_CHECK and scene.d.aside:
        return pass_on(scene, scene.d.aside if is_plain(u.text) else f"{scene.d.aside} {u.text}")
    return pass_on(scene, u.text) if is_message_told(u.text) else Say(f"בשמחה. {ASK_MESSAGE}")


def _by_contact(scene: Scene, u: Understanding) -> Decision | None:
    """A phone number or a better name for the appointment that was just made."""
    d = scene.d
    if d.is_message_open and u.phone:
        return Act("take_message", {"text": CALL_BACK, "customer_name": d.wish.name, "customer_phone": u.phone})
    if d.last_done is None:
        return _without_number(scene, u, "בסדר.") if d.answered is Question.PHONE else None
    number = d.last_done.number
    if u.phone:
        return Act("calendar_set_contact", {"appointment": number, "name": None, "phone": u.phone})
    name = new_name(u) or corrected_name(u.text)
    if name is not None and name == d.last_done.name and u.answer is Answer.NO:
        return Say(f"כן, רשום על שם {name}. {MORE}")
    is_bare = d.answered is Question.MORE and len(u.text.split()) <= 2  # nothing but a name, after one was read back
    is_other = u.is_correction or u.answer is Answer.NO or "שם" in u.text or is_bare
    if name and name != d.last_done.name and is_other:
        return Act("calendar_set_contact", {"appointment": number, "name": name, "phone": None})
    kept = "בסדר, התור שמור לכם גם בלי מספר." if d.last_done.needs_phone else "בסדר, התור שמור לכם."
    return _without_number(scene, u, kept) if d.answered is Question.PHONE else None


def _without_number(scene: Scene, u: Understanding, given_up: str) -> Say:
    """No phone number in the answer: ask once more, then do without."""
    if scene.d.phone_pieces:
        return Say("כן, ומה המשך המספר?")
    is_given_up = u.answer in (Answer.NO, Answer.EITHER)
    if is_given_up or scene.d.phone_asked_count >= 2 or scene.d.unclear_phone_count >= 2:
        return Say(f"{given_up} {MORE}")
    if asks_why(u.text):
        return Say("רק כדי שאפשר יהיה לחזור אליכם. מה המספר?")
    return Say(ASK_PHONE) if u.intents else Say(DIGITS)


def _by_courtesy(scene: Scene, u: Understanding) -> Decision | None:
    d = scene.d
    if d.answered is Question.MORE:
        if Intent.THANKS in u.intents or (u.answer is Answer.NO and is_plain(u.text)):
            return farewell(scene)
        if u.answer is Answer.YES and is_plain(u.text):
            return Say("בשמחה. במה אפשר לעזור?")
        if u.answer is not None:
            return _not_plain(u)
    if d.answered in (Question.BOOK, Question.MESSAGE_CHECK):
        if Intent.THANKS in u.intents:
            return farewell(scene)
        if u.answer in (Answer.NO, Answer.EITHER) and (is_plain(u.text) or d.puzzled_count == 0):
            return Say(f"בסדר. {MORE}")
    if Intent.THANKS in u.intents:
        return Say(f"בשמחה. {MORE}")
    if Intent.GREETING in u.intents:
        return _greeted(scene, u)
    return None


def _not_plain(u: Understanding) -> Say:
    """A yes or a no with more behind it that was not understood: nobody is sent away, and nothing is lost."""
    return Say(f"בסדר. {MORE}") if u.answer is Answer.NO else Say(f"לא בטוחה שהבנתי. {OFFER_MESSAGE}")


def _greeted(scene: Scene, u: Understanding) -> Say:
    opening = f"נעים מאוד, {u.name}." if u.name else ("תודה, הכול טוב." if asks_how_we_are(u.text) else "")
    return Say(f"{opening} {ask(scene.d.question or Question.HELP, scene)}".strip())
