"""How the offline brain puts another treatment in the place of an appointment. Pure.

First it is known what comes instead, then the old appointment is given back (an earlier one only after a yes), and then
the new one is booked: the old one would stand in its way.
"""

from __future__ import annotations

from server.agents.offline_booking import book, chosen_minutes
from server.agents.offline_questions import ask_length
from server.agents.offline_readback import stands_already
from server.agents.questions import Question
from server.agents.saying import at_hour, full_day
from server.agents.scene import Act, Decision, Say, Scene
from server.hebrew.models import Answer


def exchange(scene: Scene) -> Decision:
    """The next step of an exchange that has begun."""
    old, wish = scene.d.replacement, scene.d.wish
    assert old is not None
    if any(step.name == "calendar_cancel_appointment" for step in scene.d.news):
        return book(scene)
    service = scene.service(wish.service)
    if service is None:
        return Say("בשמחה. לאיזה טיפול להחליף?")
    if service.name == old.service and (wish.date, wish.time) == (old.date, old.time):
        return stands_already(old)
    if chosen_minutes(wish, service) is None:
        return Say(ask_length(scene))
    is_agreed = scene.d.answered is Question.CANCEL_CHECK and scene.d.understanding.answer is Answer.YES
    if not old.is_of_call and not is_agreed:
        when = f"{full_day(old.date)}, {at_hour(old.time)}"
        return Say(f"לבטל את התור ל{old.service} ב{when}, ולקבוע במקומו {service.name}?")
    return Act("calendar_cancel_appointment", {"appointment": old.number, "reason": None})
