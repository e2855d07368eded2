"""The questions of the offline brain, and what it asks instead when an answer was not understood. Pure."""

from __future__ import annotations

import re

from server.agents.questions import Question
from server.agents.saying import fit, joined, length, offer
from server.agents.scene import Decision, Say, Scene

MORE = "אפשר לעזור בעוד משהו?"
HELP = "איך אפשר לעזור?"
ASK_NAME = "על איזה שם לרשום?"
ASK_PHONE = "לאיזה מספר טלפון אפשר לחזור אליכם?"
DIGITS = "לא קלטתי. אפשר לומר שוב את מספר הטלפון, ספרה אחרי ספרה?"
ASK_WHEN = "לאיזה יום ושעה תרצו?"
ASK_DAY = "לאיזה יום תרצו?"
ASK_OTHER_TIME = "מתי נוח לכם יותר?"
ASK_MESSAGE = "מה למסור להם?"
OFFER_MESSAGE = "לרשום הודעה, ויחזרו אליכם?"


def ask_service(scene: Scene) -> str:
    return fit(f"איזה טיפול תרצו: {joined([s.name for s in scene.services])}?", "איזה טיפול תרצו?")


def ask_length(scene: Scene) -> str:
    service = scene.service(scene.d.wish.service)
    lengths = [length(option.minutes) for option in service.lengths] if service else []
    return f"לכמה זמן: {joined(lengths)}?" if lengths else "לכמה זמן תרצו?"


def ask(question: Question, scene: Scene) -> str:
    """The plain form of a question, as it is put again after something else was answered."""
    if question is Question.SERVICE:
        return "איזה טיפול תרצו?"
    if question is Question.DURATION:
        return ask_length(scene)
    return _PLAIN.get(question, MORE if scene.d.has_helped else HELP)


_PLAIN = {
    Question.DAY: ASK_DAY,
    Question.TIME: "באיזו שעה נוח לכם?",
    Question.WHEN: ASK_WHEN,
    Question.OFFER: "מה נוח לכם?",
    Question.NAME: ASK_NAME,
    Question.PHONE: ASK_PHONE,
    Question.MESSAGE: ASK_MESSAGE,
    Question.BOOK: "לקבוע לכם תור?",
}


def puzzled(scene: Scene) -> Decision:
    """Ask again, more narrowly; after the second time a message is taken."""
    count = scene.d.puzzled_count
    if count == 0 and is_question(scene.d.understanding.text):
        return unknown(scene)
    if count >= 2:
        return Say(f"אולי עדיף שיחזרו אליכם. {ASK_MESSAGE}")
    narrow = _narrow(scene, is_second=count == 1)
    return Say(narrow if count == 0 else narrow.replace("לא הבנתי", "סליחה, עדיין לא הבנתי", 1))


def unknown(scene: Scene) -> Decision:
    """A question that nobody has told us the answer to: say so, offer a message, or go on with what is open."""
    question = scene.d.question
    if scene.d.goal is not None and question not in (None, Question.HELP, Question.MORE):
        return Say(fit(f"על זה אין לי מידע. {ask(question, scene)}"))
    return Say(f"על זה אין לי מידע. {OFFER_MESSAGE}")


def is_question(text: str) -> bool:
    """Whether a line that was not understood at least asks something."""
    return text.rstrip().endswith("?") or bool(_ASKING.match(text))


_ASKING = re.compile(r"(?:אז |ו)?(?:איך|האם|יש |אפשר |מה |למה|כמה |איפה|מי |מתי |צריך |זה |אתם )")


def _narrow(scene: Scene, *, is_second: bool) -> str:
    question = scene.d.question
    if question in (Question.CANCEL_CHECK, Question.MOVE_CHECK) and question in _NARROW:
        asked = scene.d.substance.removeprefix("לא הבנתי. ").removeprefix("סליחה, עדיין ")
        return fit(f"לא הבנתי. {asked}", _NARROW[question])  # a yes must be to a question that names the hour
    if question is Question.SERVICE:
        return fit(f"לא הבנתי איזה טיפול. {ask_service(scene)}", "לא הבנתי. איזה טיפול תרצו?")
    if question is Question.DURATION:
        return f"לא הבנתי. {ask_length(scene)}"
    if question is Question.OFFER:
        return _narrow_offer(scene)
    if question is Question.HELP or question is None or question is Question.MORE:
        return f"לא הבנתי. {OFFER_MESSAGE}" if is_second else "לא הבנתי. לקבוע תור, לשנות תור, או לשאול משהו?"
    return _NARROW.get(question, "לא הבנתי. אפשר לומר את זה במילים אחרות?")


def _narrow_offer(scene: Scene) -> str:
    offers = scene.d.offers
    if len(offers) == 1:
        return "לא הבנתי. המועד מתאים, כן או לא?"
    return fit(f"לא הבנתי. {offer(offers, scene.today)}. מה נוח לכם?", "לא הבנתי. מה נוח לכם, הראשון או השני?")


_NARROW = {
    Question.DAY: "לא הבנתי את היום. באיזה יום בשבוע נוח לכם?",
    Question.WHEN: "לא הבנתי את המועד. באיזה יום בשבוע נוח לכם?",
    Question.TIME: "לא הבנתי. נוח לכם בבוקר, בצהריים או בערב?",
    Question.DAYPART: "לא הבנתי. נוח לכם בבוקר או בערב?",
    Question.NAME: "לא קלטתי את השם. אפשר שוב, רק השם הפרטי?",
    Question.PHONE: DIGITS,
    Question.DATE_CHECK: "לא הבנתי. התאריך נכון, כן או לא?",
    Question.MOVE_CHECK: "לא הבנתי. להעביר את התור, כן או לא?",
    Question.CANCEL_CHECK: "לא הבנתי. לבטל את התור, כן או לא?",
    Question.WHICH: "לא הבנתי. איזה תור, הראשון או השני?",
    Question.BOOK: "לא הבנתי. לקבוע תור, כן או לא?",
    Question.MESSAGE: "לא הבנתי. מה למסור להם, בכמה מילים?",
}
