"""A warm word before a question of a booking that would otherwise stand alone. Pure.

A person who takes bookings nods now and then; who nods before every question sounds like a machine again.
"""

from __future__ import annotations

from server.agents.dialogue import Goal
from server.agents.manner import asks_how_we_are
from server.agents.questions import Question, question_in
from server.agents.saying import fit, full_day
from server.agents.scene import Decision, Say, Scene

NODS = ("מצוין", "יופי", "בסדר גמור")

_PLAIN = (Question.SERVICE, Question.DURATION, Question.DAY, Question.WHEN)
"""Questions that go on with the matter; checks of what was heard get no nod."""


def opened(scene: Scene, decision: Decision) -> Decision:
    """The same decision; a bare question gets an opening where one is due."""
    if not isinstance(decision, Say) or not _is_bare(decision.text):
        return decision
    word = _opening(scene, question_in(decision.text))
    return Say(fit(f"{word}. {decision.text}", decision.text)) if word else decision


def _is_bare(text: str) -> bool:
    return (text.endswith("?") and not any(mark in text[:-1] for mark in ".!?:")) or _is_list(text)


def _is_list(text: str) -> bool:
    return text.endswith("?") and text.startswith("לכמה זמן: ")


def _opening(scene: Scene, question: Question | None) -> str:
    d = scene.d
    if d.goal not in (Goal.BOOK, Goal.MOVE) or question not in _PLAIN or d.news or d.matter is not None:
        return ""
    if _has_changed_day(scene) and d.wish.date is not None:
        return f"בסדר, {full_day(d.wish.date)}"
    if d.is_new_goal:
        thanks = "הכול טוב, תודה" if asks_how_we_are(d.understanding.text) else "בשמחה"
        return f"{thanks}, {d.understanding.name}" if d.understanding.name else thanks
    is_due = d.has_progress and question is not d.question and d.reply_count % 2 == 0
    return NODS[d.reply_count // 2 % len(NODS)] if is_due else ""


def _has_changed_day(scene: Scene) -> bool:
    """Whether the line put another day in the place of one that was wished: that is taken up at once."""
    new, old = scene.d.wish, scene.d.wish_before
    is_sure = new.date_readings is None and not new.is_range
    return is_sure and new.date is not None and old.date not in (None, new.date)
