"""The lines of one worker: how many calls it holds, whether it takes new ones, and what the owner's own phone needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from server.calls.models import Claimed, Ending
from server.media.call import Call
from server.media.messages import Composer
from server.web.allowance import Allowance

WEB_SID: Final = "WEB"
"""How the SIDs of calls from the owner's browser begin; Twilio's begin with CA."""


class Connect(Protocol):
    """Builds the call for a media stream that has been claimed. May wait: runs on a greenlet of the hub."""

    def __call__(
        self,
        claimed: Claimed,
        call_sid: str,
        composer: Composer,
        send: Callable[[str], object],
        on_end: Callable[[Ending], object],
    ) -> Call: ...


class Lines:
    """Touched on the hub only."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._hang_ups: set[Callable[[], object]] = set()
        self.is_draining = False

    @property
    def busy_count(self) -> int:
        return len(self._hang_ups)

    @property
    def has_room(self) -> bool:
        return not self.is_draining and self.busy_count < self._limit

    def take(self, hang_up: Callable[[], object]) -> bool:
        """Occupy a line; `hang_up` closes it when the worker must go. False when all are busy."""
        if not self.has_room:
            return False
        self._hang_ups.add(hang_up)
        return True

    def release(self, hang_up: Callable[[], object]) -> None:
        self._hang_ups.discard(hang_up)

    def close_all(self) -> None:
        for hang_up in tuple(self._hang_ups):
            hang_up()


@dataclass(frozen=True, slots=True)
class Booth:
    """What the browser telephone is made of.

    `connect` gives a call whose ears take typed lines; `say` makes the sound of one: µ-law in the server's voice. It
    raises `VoiceFailed` and waits on the calling greenlet. The allowances are the owner's, by session.
    """

    connect: Connect
    say: Callable[[str], bytes]
    calls: Allowance
    lines: Allowance
