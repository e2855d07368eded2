"""How the offline brain puts another treatment in the place of an appointment. Pure.

It is one change at the desk: while the other treatment finds no place the appointment stands as it was.
"""

from __future__ import annotations

from dataclasses import replace

from server.agents.dialogue import Visit
from server.agents.offline_booking import chosen_minutes
from server.agents.offline_changes import is_agreed, move_to, offer_within
from server.agents.offline_questions import ask_length
from server.agents.offline_readback import stands_already
from server.agents.offline_when import missing_when
from server.agents.saying import at_hour, fit, full_day
from server.agents.scene import Decision, Say, Scene
from server.agents.wish import Wish


def exchange(scene: Scene) -> Decision:
    """The next step of an exchange that has begun; an earlier appointment changes only after a yes."""
    old, wish = scene.d.replacement, scene.d.wish
    assert old is not None
    service = scene.service(wish.service)
    if service is None:
        return Say("בשמחה. לאיזה טיפול להחליף?")
    if service.name == old.service and (wish.date, wish.time) == (old.date, old.time):
        return stands_already(old)
    minutes = chosen_minutes(wish, service)
    if minutes is None:
        return Say(ask_length(scene))
    wish = replace(wish, minutes=minutes)
    missing = missing_when(Scene(replace(scene.d, wish=wish), scene.facts, scene.now))
    if missing is not None:
        return missing
    if wish.date is None or wish.time is None or wish.is_range:
        return offer_within(scene, wish)
    if old.is_of_call or is_agreed(scene, wish):
        return move_to(old, wish, service=wish.service)
    return _propose(old, wish)


def _propose(old: Visit, wish: Wish) -> Say:
    assert wish.date is not None
    assert wish.time is not None
    when = f"{full_day(wish.date)}, {at_hour(wish.time)}"
    return Say(
        fit(
            f"במקום {old.service}, {wish.service} ב{when}. לשנות את התור?",
            f"{wish.service} ב{when}. לשנות את התור?",
        )
    )
