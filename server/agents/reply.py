"""What may be spoken of a reply: clean, short, one question, true to the call. Sentence by sentence; the first clause
of a reply goes ahead when it can stand alone. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from server.agents.claims import STRANGE_WORD, Finding, check
from server.agents.evidence import Evidence
from server.agents.first_clause import MARKS, goes_ahead
from server.agents.grounding import clean, shortened, with_one_question, without_greeting
from server.agents.saying import WORD_LIMIT, word_count


@dataclass(frozen=True, slots=True)
class Admitted:
    """`text` is what may be spoken, "" for nothing; `findings` say why a sentence may not."""

    text: str
    findings: tuple[Finding, ...] = ()


class ReplyRoom:
    """The room that one reply has: 24 spoken words and one question.

    `may_introduce`: the caller asks who is speaking.
    """

    def __init__(self, evidence: Callable[[], Evidence], *, may_introduce: bool = False) -> None:
        self._evidence = evidence
        self._may_introduce = may_introduce
        self._words_left = WORD_LIMIT
        self._has_asked = False
        self._begun = ""  # a clause, as the model wrote it, whose sentence is not complete

    def findings(self, raw: str) -> tuple[Finding, ...]:
        """What is wrong with a sentence that is not going to be spoken anyway."""
        return check(self._clean(raw), self._evidence())

    def begin(self, raw: str) -> str:
        """The first clause of a reply → what of it is spoken before its sentence is complete, "" for nothing.

        The whole sentence is judged when it is there.
        """
        text, closed = (self._clean(words) for words in (raw, f"{raw.rstrip(MARKS)}."))
        clause = text.rstrip(MARKS)
        is_stable = closed == f"{clause}."  # no greeting that goes on
        if self.has_spoken or not is_stable or word_count(text) > self._words_left:
            return ""
        if not goes_ahead(clause, self._evidence()):
            return ""
        self._begun = raw
        self._words_left -= word_count(text)
        return text

    def admit(self, raw: str, *, is_own: bool = False) -> Admitted:
        """One sentence as it was written → what of it may be spoken.

        `is_own`: by the offline brain, whose words, though not its facts, are vouched for.
        """
        text = self._clean(raw)
        if not _has_words(text):
            return Admitted("")
        findings = tuple(f for f in check(text, self._evidence()) if not (is_own and f == STRANGE_WORD))
        if findings:
            return Admitted("", findings)
        rest = clean(raw[len(self._begun) :]) if raw.startswith(self._begun) and self._begun else text
        if not _has_words(rest):
            self._begun = ""
            return Admitted("")
        kept = shortened(with_one_question(rest), self._words_left)
        if not kept or ("?" in kept and self._has_asked):
            return Admitted("")
        self._begun = ""
        self._has_asked = self._has_asked or "?" in kept
        self._words_left -= word_count(kept)
        return Admitted(kept)

    def _clean(self, raw: str) -> str:
        return without_greeting(clean(raw), may_introduce=self._may_introduce)

    @property
    def is_begun(self) -> bool:
        """Whether a sentence of which a clause was spoken waits for its end."""
        return bool(self._begun)

    @property
    def has_spoken(self) -> bool:
        return self._words_left < WORD_LIMIT

    @property
    def has_asked(self) -> bool:
        return self._has_asked


def _has_words(text: str) -> bool:
    return any(c.isalpha() for c in text)
