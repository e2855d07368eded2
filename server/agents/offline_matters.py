"""What the offline brain does about errands for the team, questions that only it can answer, and what is not its trade.

Pure. An errand is passed on at once, in the caller's words; nothing that was said is asked again.
"""

from __future__ import annotations

from collections.abc import Callable

from server.agents.dialogue import Goal
from server.agents.dialogue.replies import ASK_WHOM
from server.agents.manner import is_plain
from server.agents.matter_signs import Matter
from server.agents.matters import ERRANDS, WITH_A_BOOKING, is_errand_told, is_foreign, not_ours, topic_of
from server.agents.offline_answers import look_up, treatment_facts
from server.agents.offline_manner import open_question
from server.agents.offline_questions import ASK_MESSAGE, ASK_PHONE, HELP, MORE, OFFER_MESSAGE, ask
from server.agents.questions import Question
from server.agents.saying import fit, joined, on_day, visit_told
from server.agents.scene import Act, Decision, Say, Scene
from server.hebrew.models import Answer, Intent, Understanding


def by_matter(scene: Scene, u: Understanding) -> Decision | None:
    """The answer to a line about something beside appointments and prices; None where it is about nothing such."""
    matter = scene.d.matter
    if matter is None:
        return _elsewhere(scene, u)
    if _declines(scene, u):
        return Say(f"בסדר. {MORE}")
    if matter in _BY_US:
        return _BY_US[matter](scene)
    if matter in ERRANDS:
        return _errand(scene, u, matter)
    is_same = matter is scene.d.matter_before and topic_of(u.text) == topic_of(scene.d.aside)
    if is_same and scene.d.answered is Question.MESSAGE_CHECK:
        return pass_on(scene, f"{scene.d.aside} {u.text}")  # asked once more: it matters to them
    if matter is Matter.DESCRIPTION:
        return _description(scene, u)
    said = _ANSWERS.get(matter) or f"על {topic_of(u.text)} אין לי מידע."
    if matter is Matter.TERMS:
        return Say(fit(f"{said} {_onward(scene, MORE)}"))
    if matter is Matter.UNTOLD and scene.d.goal is Goal.BOOK and scene.d.has_progress:
        return None  # the appointment goes first
    return Say(fit(f"{said} {_onward(scene, OFFER_MESSAGE)}"))


def _declines(scene: Scene, u: Understanding) -> bool:
    """Whether no message is wanted, and nothing new is asked along with the no."""
    is_old = is_plain(u.text) or topic_of(u.text) == topic_of(scene.d.aside)
    return scene.d.answered is Question.MESSAGE_CHECK and u.answer is Answer.NO and is_old


def _with_whom(scene: Scene) -> Decision | None:
    """Who treated a caller before, who is a man and who is best is not ours to tell: whom they mean can be asked."""
    names = [person.name for person in scene.facts.staff]
    most = 2 if scene.d.matter is Matter.BY_GENDER else 1
    if len(names) < 2 or scene.d.wish.staff is not None or scene.d.asked_whom_count >= most:
        return None
    return Say(f"{_ABOUT_STAFF.get(scene.d.matter, '')} {ASK_WHOM}, {joined(names)}?".strip())


_ABOUT_STAFF: dict[Matter | None, str] = {
    Matter.SAME_PERSON: "לא רשום אצלי אצל מי הייתם.",
    Matter.WHO_IS_BETTER: "אין לי העדפה.",
}


def _as_before(scene: Scene) -> Decision | None:
    if scene.d.wish.service is not None:
        return None
    return Say(f"אין לי כאן את הטיפולים הקודמים. {ask(Question.SERVICE, scene)}")


def _staff_day(scene: Scene) -> Decision | None:
    """Whether somebody of the team works on a day; when they are free is another question."""
    u = scene.d.understanding
    person = next((each for each in scene.facts.staff if each.name == u.staff), None)
    if person is None or u.date is None or u.service is not None or u.time is not None:
        return None
    day = on_day(u.date, scene.today)
    is_there = bool((person.hours or scene.facts.hours).on(u.date)) and bool(scene.facts.hours.on(u.date))
    return Say(
        f"כן, {day} {person.name} אצלנו. לקבוע לכם תור?" if is_there else f"{day} {person.name} לא אצלנו. {MORE}"
    )


def recap(scene: Scene) -> Decision | None:
    """What stands, said once more."""
    visit = scene.d.last_standing or (scene.d.own[0] if scene.d.own else None)
    return Say(fit(f"{visit_told(visit)}. {MORE}")) if visit is not None else None


def _walk_in(scene: Scene) -> Decision | None:
    """Who has an appointment finds a place; whether others do nobody can tell."""
    return Say(f"עדיף לקבוע תור מראש. {ask(Question.SERVICE, scene)}")


def _kept_waiting(scene: Scene) -> Decision | None:
    return Say(f"מצטערת על ההמתנה. {open_question(scene)}")


_BY_US: dict[Matter, Callable[[Scene], Decision | None]] = {
    Matter.SAME_PERSON: _with_whom,
    Matter.WHO_IS_BETTER: _with_whom,
    Matter.BY_GENDER: _with_whom,
    Matter.AS_BEFORE: _as_before,
    Matter.STAFF_DAY: _staff_day,
    Matter.RECAP: recap,
    Matter.WALK_IN: _walk_in,
    Matter.KEPT_WAITING: _kept_waiting,
}


def untold(scene: Scene, decision: Decision) -> Decision:
    """The next step of a booking, after a word about what was asked along the way and is not known."""
    topic = topic_of(scene.d.understanding.text)
    if not isinstance(decision, Say) or scene.d.matter is not Matter.UNTOLD or topic is None:
        return decision
    return Say(fit(f"על {topic} אין לי מידע. {decision.text}", decision.text))


_ANSWERS = {
    Matter.ADVICE: "בשאלה כזאת עדיף להתייעץ עם הצוות.",
    Matter.TERMS: "אפשר לבטל או להזיז את התור בטלפון.",
}


def _onward(scene: Scene, otherwise: str) -> str:
    """The open question of a booking under way; else what is offered instead."""
    question = scene.d.question
    is_open = scene.d.goal is not None and question not in (None, Question.HELP, Question.MORE, Question.MESSAGE_CHECK)
    return ask(question, scene) if is_open and question is not None and scene.d.same_count < 2 else otherwise


def _errand(scene: Scene, u: Understanding, matter: Matter) -> Decision | None:
    if matter in WITH_A_BOOKING and scene.d.goal is Goal.BOOK:
        return None  # it becomes the note of the appointment
    if matter is Matter.CALL_BACK and not is_errand_told(u.text):
        return Say(f"בשמחה. {ASK_MESSAGE}")
    if matter is Matter.AT_THE_DOOR and scene.facts.business.transfer_number is not None:
        return Act("transfer_to_human", {"reason": u.text[:300]})
    return pass_on(scene, u.text)


def pass_on(scene: Scene, text: str) -> Act:
    """The message to the team."""
    wish, last = scene.d.wish, scene.d.last_standing
    name = wish.name or (last.name if last is not None else None)
    return Act("take_message", {"text": text[:1000], "customer_name": name, "customer_phone": wish.phone})


def passed_on(scene: Scene, has_phone: bool) -> Say:
    """What is said when a message has been taken."""
    matter = scene.d.matter
    said = _PASSED_ON.get(matter) if matter is not None else None
    said = said or ("רשמתי את ההודעה, ויחזרו אליכם." if has_phone else "רשמתי את ההודעה.")
    return Say(f"{said} {MORE if has_phone or matter in _WITHOUT_ANSWER else ASK_PHONE}")


_WITHOUT_ANSWER = frozenset({Matter.LATE, Matter.REMARK, Matter.REMINDER, Matter.CONFIRMED, Matter.AT_THE_DOOR})
"""Errands after which nobody has to ring back."""

_PASSED_ON = {
    Matter.LATE: "תודה שעדכנתם. רשמתי את ההודעה לצוות.",
    Matter.COMPLAINT: "מצטערת לשמוע. רשמתי את ההודעה, ויחזרו אליכם.",
    Matter.LOST: "רשמתי את ההודעה לצוות, ויחזרו אליכם.",
    Matter.VOUCHER: "בשוברים מטפל הצוות. רשמתי את ההודעה, ויחזרו אליכם.",
    Matter.REMINDER: "תזכורת אני לא שולחת, אבל רשמתי את ההודעה לצוות.",
    Matter.LETTER: "רשמתי את ההודעה לצוות, ויחזרו אליכם.",
    Matter.SERIES: "רשמתי את ההודעה לצוות, ויחזרו אליכם.",
    Matter.AT_THE_DOOR: "רשמתי את ההודעה לצוות.",
    Matter.CONFIRMED: "תודה, רשמתי את ההודעה לצוות.",
    Matter.REMARK: "בסדר, רשמתי את ההודעה לצוות.",
}


def _description(scene: Scene, u: Understanding) -> Decision:
    """Nobody has told us what a treatment is like; how long it takes and what it costs we know."""
    service = scene.service(u.service or scene.d.wish.service)
    is_again = scene.d.matter_before is Matter.DESCRIPTION
    if service is None or "service" in u.ambiguous or is_again:
        return Say(fit(f"תיאור של הטיפולים אין לי. {OFFER_MESSAGE}"))
    act = look_up(scene, Intent.PRICE)
    if act is not None:
        return act
    unknown, onward = "תיאור מפורט אין לי.", _onward(scene, "לקבוע לכם תור?")
    return Say(fit(*(f"{unknown} {told} {onward}" for told in treatment_facts(service)), f"{unknown} {onward}"))


def _elsewhere(scene: Scene, u: Understanding) -> Decision | None:
    """Something that is asked for at another kind of business."""
    if is_foreign(u.text):
        return Say(f"אני עונה רק בעברית. {OFFER_MESSAGE}")
    other = not_ours(u.text)
    if other is None or u.service is not None or scene.d.goal not in (None, Goal.BOOK) or u.holds_when:
        return None
    return Say(f"{other} אין אצלנו, כאן {scene.facts.business.name}. {HELP}")
