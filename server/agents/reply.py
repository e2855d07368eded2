"""What may be spoken of a reply, sentence by sentence: clean, short, one question, true to the call. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from server.agents.claims import Finding, check
from server.agents.evidence import Evidence
from server.agents.grounding import clean, shortened, without_greeting
from server.agents.saying import WORD_LIMIT, word_count


@dataclass(frozen=True, slots=True)
class Admitted:
    """`text` is what may be spoken, "" for nothing; `findings` say why a sentence may not."""

    text: str
    findings: tuple[Finding, ...] = ()


class ReplyRoom:
    """The room that one reply has: 24 spoken words and one question."""

    def __init__(self, evidence: Callable[[], Evidence]) -> None:
        self._evidence = evidence
        self._words_left = WORD_LIMIT
        self._has_asked = False

    def findings(self, raw: str) -> tuple[Finding, ...]:
        """What is wrong with a sentence that is not going to be spoken anyway."""
        return check(without_greeting(clean(raw)), self._evidence())

    def admit(self, raw: str) -> Admitted:
        """One sentence as the model wrote it → what of it may be spoken."""
        text = without_greeting(clean(raw))
        if not any(c.isalpha() for c in text):
            return Admitted("")
        findings = check(text, self._evidence())
        if findings:
            return Admitted("", findings)
        text = shortened(text, self._words_left)
        if not text or ("?" in text and self._has_asked):
            return Admitted("")
        self._has_asked = self._has_asked or "?" in text
        self._words_left -= word_count(text)
        return Admitted(text)

    @property
    def has_spoken(self) -> bool:
        return self._words_left < WORD_LIMIT

    @property
    def has_asked(self) -> bool:
        return self._has_asked
