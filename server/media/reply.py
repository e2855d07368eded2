"""All that is said in a turn, and how much of it the caller has heard."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from server.calls.models import Sentence, Then


@dataclass(slots=True)
class Saying:
    """One sentence on its way to the caller."""

    key: int
    sentence: Sentence
    is_heard: bool = False
    is_over: bool = False
    due_at: float = math.inf  # when its mark must have come back


@dataclass(slots=True)
class Reply:
    turn: int
    sayings: list[Saying] = field(default_factory=list)
    is_complete: bool = False  # nothing will be added

    @property
    def open_sayings(self) -> list[Saying]:
        return [saying for saying in self.sayings if not saying.is_over]

    @property
    def is_over(self) -> bool:
        return self.is_complete and not self.open_sayings

    @property
    def is_answer(self) -> bool:
        """Whether it holds more than fillers."""
        return any(not saying.sentence.is_filler for saying in self.sayings)

    @property
    def unheard(self) -> list[Sentence]:
        return [s.sentence for s in self.sayings if not s.is_heard and not s.sentence.is_filler]

    @property
    def heard_text(self) -> str:
        return " ".join(s.sentence.text for s in self.sayings if s.is_heard)

    @property
    def then(self) -> Then:
        """What follows once it is over."""
        wishes = {saying.sentence.then for saying in self.sayings}
        return next((wish for wish in (Then.TRANSFER, Then.HANG_UP) if wish in wishes), Then.LISTEN)

    def find(self, key: int) -> Saying | None:
        return next((saying for saying in self.open_sayings if saying.key == key), None)
