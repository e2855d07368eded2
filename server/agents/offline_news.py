"""What the offline brain says of tool calls that the caller has not heard of yet. Pure.

The calls may be another brain's, which was cut off: what it did is read back whatever it did or failed at afterwards.
"""

from __future__ import annotations

from collections.abc import Callable

from server.agents.confirmation import promising
from server.agents.dialogue import Goal, Visit
from server.agents.memory import Step
from server.agents.offline_changes import listed
from server.agents.offline_matters import passed_on
from server.agents.offline_offers import refused
from server.agents.offline_questions import ASK_MESSAGE, DIGITS, MORE
from server.agents.offline_readback import booked, booked_and, booked_both, moved, stands_already
from server.agents.scene import Act, Decision, Say, Scene

CALL_BACK = "מספר לחזרה"
"""Text of the message that adds a phone number to the one before."""

REFUSED = ("validation_error", "invalid", "invalid_phone", "needs_confirmation", "needs_name", "not_yours")
"""Codes of calls that were wrong in themselves: another brain may have made them, and this one would not."""

BOOKING = "calendar_create_appointment"

Own = Callable[[Scene], Decision]
"""What this brain would do about the caller's line."""


def tell_news(scene: Scene, own: Own) -> Decision | None:
    """What the tool results since the last reply call for; None where the talk just goes on with them."""
    news = scene.d.news
    if not news:
        return None
    done = [step for step in news if step.is_write and step.result().get("ok")]
    if not done:
        return _tell(scene, news[-1], own)
    if scene.d.is_second_due:
        return _go_on(scene, news[-1], own)
    told = _tell_both(scene, done) or _tell(scene, done[-1], own)
    return promising(told, done[-1]) if isinstance(told, Say) else told


def _go_on(scene: Scene, last: Step, own: Own) -> Decision:
    """The first of two is booked: what the other one needs next, after a word about the first."""
    is_failed = last.name == BOOKING and not last.result().get("ok")
    decision = refused(scene, last.result()) if is_failed else own(scene)
    if isinstance(decision, Act) or not scene.d.made:
        return decision
    return booked_and(scene.d.made[-1], scene.d.wish.name, decision.text)


def _tell_both(scene: Scene, done: list[Step]) -> Decision | None:
    """Two appointments made before anything was said are read back together."""
    made = {step.result()["appointment"] for step in done if step.name == BOOKING}
    standing = [visit for visit in scene.d.made if visit.number in made]
    return booked_both(scene, standing) if len(standing) > 1 else None


def _tell(scene: Scene, step: Step, own: Own) -> Decision | None:
    result = step.result()
    if not result.get("ok"):
        return _tell_failure(scene, step, own)
    if step.name == BOOKING:
        return stands_already(Visit.of(result)) if scene.d.is_repeat else booked(scene, Visit.of(result))
    if step.name == "calendar_reschedule_appointment":
        return moved(scene, Visit.of(result), step.given())
    if step.name == "calendar_cancel_appointment":
        return _tell_cancelled(scene)
    if step.name == "calendar_set_contact":
        return _tell_contact(step)
    if step.name == "take_message":
        return _tell_message(scene, step)
    if step.name == "transfer_to_human":
        return Say("מעבירה אתכם עכשיו, רק רגע.")
    if step.name == "calendar_list_my_appointments" and scene.d.line and scene.d.line_goal is Goal.LIST:
        return listed(scene)
    return None


def _tell_cancelled(scene: Scene) -> Say | None:
    if scene.d.cancels_all and scene.d.goal is Goal.CANCEL:
        return None  # more is to come
    count = sum(step.name == "calendar_cancel_appointment" for step in scene.d.news)
    return Say(f"ביטלתי את {'התור' if count == 1 else 'התורים'}. לקבוע לכם מועד אחר?")


def _tell_failure(scene: Scene, step: Step, own: Own) -> Decision | None:
    result = step.result()
    code = str(result.get("error") or "")
    if code in REFUSED and not _would_do_the_same(scene, step, own):
        return None
    if step.name == "calendar_find_slots":
        return None if result.get("reason") else refused(scene, result)
    if step.name == "transfer_to_human":
        return Say(f"אשמח לרשום הודעה, כדי שיחזרו אליכם. {ASK_MESSAGE}")
    if step.name == "calendar_set_contact":
        return Say(DIGITS)
    return _FAILURES.get(code) or refused(scene, result)


_NO_SUCH = Say("לא מצאתי תור כזה. לקבוע תור חדש?")
_FAILURES = {
    "not_yours": _NO_SUCH,
    "unknown_appointment": _NO_SUCH,
    "already_cancelled": _NO_SUCH,
    "too_late": Say(f"קרוב מדי למועד, ועדיף שיחזרו אליכם. {ASK_MESSAGE}"),
    "blocked_customer": Say(f"אשמח לרשום הודעה, כדי שיחזרו אליכם. {ASK_MESSAGE}"),
    "needs_name": Say("על איזה שם התור?"),
    "needs_second_fact": Say("על איזה שם התור?"),
}


def _would_do_the_same(scene: Scene, step: Step, own: Own) -> bool:
    decision = own(scene)
    return isinstance(decision, Act) and decision.tool == step.name and decision.arguments == step.given()


def _tell_message(scene: Scene, step: Step) -> Say:
    if step.given().get("text") == CALL_BACK:
        return Say(f"תודה, רשמתי את המספר. {MORE}")
    return passed_on(scene, bool(step.result().get("has_phone")))


def _tell_contact(step: Step) -> Say:
    given = step.given()
    if given.get("phone"):
        return Say(f"תודה, רשמתי את המספר. {MORE}")
    return Say(f"תודה, רשמתי על שם {given.get('name')}. {MORE}")
