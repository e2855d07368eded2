"""Who makes the reply of a turn: the cloud model while it is well and honest, else the offline brain, which goes on
from the same memory."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any, cast

from agents import RunConfig, Runner

from server import metrics
from server.agents.agent_factory import STEP_LIMIT, receptionist_agent
from server.agents.claims import Finding
from server.agents.cloud import ANOTHER_WAY, LATE, CloudFailed, stream_drafts
from server.agents.context import Session
from server.agents.dialogue import read
from server.agents.drafts import Draft
from server.agents.evidence import Evidence, evidence_of
from server.agents.grounding import sentences
from server.agents.manner import asks_whether_machine, asks_who
from server.agents.memory import WRITING_TOOLS, Entry, Reply
from server.agents.mind import Deadlines, Mind
from server.agents.offline_model import OfflineModel
from server.agents.offline_policy import decide
from server.agents.questions import Question
from server.agents.reply import ReplyRoom
from server.agents.saying import word_count
from server.agents.scene import Act
from server.agents.watch import Patience
from server.calls.models import ToolCall
from server.log import get_logger

SILENCE_S = 2.8
"""The longest that a caller waits for the next sound."""

WORD_S = 0.35
"""A spoken word; what has been said gives the model so much more time."""

ATTEMPTS = 2

ATTEMPT_S = 0.5
"""What must be left of a turn's time for another attempt to make sense."""

WRITE_PATIENCE_S = 1.0
"""How long the offline brain waits for what the model's run is still writing."""

PLAIN_WORDS = 3
PLAIN_QUESTIONS = (Question.NAME, Question.PHONE, Question.MOVE_CHECK, Question.CANCEL_CHECK)
"""Questions whose short answers the offline brain acts upon without the model."""

DIARY_TOOLS = ("calendar_create_appointment", "calendar_reschedule_appointment", "calendar_cancel_appointment")

TELLS_OF_CHANGE = re.compile(
    r"קבע|קבוע|העבר|הזז|עבר |שינ|שונה|עדכנ|ביט?ול|ביטל|בוטל|מבוטל|רשמ|רשום|שמור|שריינ|סידר|מסודר|סגר"
)
"""Words by which a reply tells that the diary was changed, whatever the form."""

NO_TOOL = Finding("no_tool")
"""A model that was told to use a tool wrote words instead; some servers do not enforce it."""

log = get_logger(__name__)


class Replier:
    """Makes the replies of one call. On the loop."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._mind: Mind | None = session.call.mind
        self._room = ReplyRoom(self._evidence)
        self._is_broken = False  # the cloud's reply of this turn ended too early
        self._known: tuple[int, Evidence] | None = None

    @property
    def filler_s(self) -> float:
        return (self._mind.deadlines if self._mind else Deadlines()).filler_s

    async def reply(self, *, may_fill: bool) -> AsyncIterator[str]:
        """The sentences that may be spoken; `may_fill` tells that a filler would bridge the wait."""
        self._room = ReplyRoom(self._evidence, may_introduce=self._is_asked_who())
        self._is_broken, self._known = True, None
        mind = self._mind
        if mind is not None and self._is_plain():
            metrics.fast_paths.inc()
        elif mind is not None and mind.breaker.allows(self._now()):
            async for text in self._by_cloud(mind, may_fill):
                yield text
            if self._is_said():
                return
        elif mind is not None:
            metrics.fallbacks.labels("brain", "breaker_open").inc()
        async for text in self._by_offline_brain():
            yield text

    def _is_said(self) -> bool:
        """Whether the model's reply is all that there is to say."""
        spoken = self._spoken_now()
        is_whole = self._room.has_asked or (not self._room.is_begun and not self._is_broken)
        return spoken is not None and is_whole and not self._is_untold(spoken)

    # -------------------------------------------------------------------- cloud

    async def _by_cloud(self, mind: Mind, may_fill: bool) -> AsyncIterator[str]:
        """Up to two attempts; when both fail or are not borne out, nothing more comes from here."""
        patience = mind.deadlines.patience(self._now(), may_fill=may_fill)
        note = ""
        must_use_tool = self._needs_tool()
        attempt_count = 0
        while attempt_count < ATTEMPTS:
            attempt_count += 1
            try:
                async for text in self._attempt(mind, patience, must_use_tool, note):
                    yield text
            except Blocked as blocked:
                note, must_use_tool = self._note(blocked), True
            except CloudFailed as failed:
                self._failed(mind, failed)
                attempt_count -= failed.code == ANOTHER_WAY
                if not failed.is_passing or self._room.has_spoken:
                    return
            else:
                mind.breaker.succeeded()
                self._is_broken = False
                return
            if patience.left_s(self._now()) < ATTEMPT_S:
                return

    async def _attempt(self, mind: Mind, patience: Patience, must_use_tool: bool, note: str) -> AsyncIterator[str]:
        """One run of the model, as far as it may be spoken. Raises CloudFailed, or Blocked at what is not true."""
        stream = stream_drafts(self._session, mind, patience, must_use_tool=must_use_tool, note=note)
        try:
            async for draft in stream:
                is_early = must_use_tool and not self._has_looked()  # words before the look that was asked for
                if text := self._unspeakable(draft) if is_early else self._speakable(draft):
                    patience.until = self._now() + SILENCE_S + WORD_S * word_count(text)
                    yield text
            if must_use_tool and not self._has_looked():
                raise self._blocked("", (NO_TOOL,))
        finally:
            await stream.aclose()

    def _speakable(self, draft: Draft) -> str:
        """What may be spoken of a draft now. Raises Blocked when it is not true."""
        if not draft.is_whole:
            return self._room.begin(draft.text)
        admitted = self._room.admit(draft.text)
        if admitted.findings:
            raise self._blocked(draft.text, admitted.findings)
        return admitted.text

    def _unspeakable(self, draft: Draft) -> str:
        """Nothing of a draft is spoken; yet raises Blocked when it is not true."""
        findings = self._room.findings(draft.text) if draft.is_whole else ()
        if findings:
            raise self._blocked(draft.text, findings)
        return ""

    def _has_looked(self) -> bool:
        """Whether a tool has been called in this turn."""
        return bool(self._session.conversation.steps(self._session.turn))

    def _needs_tool(self) -> bool:
        """Whether this turn must look something up: exactly when the offline brain would."""
        return self._own_step() is not None

    def _own_step(self) -> Act | None:
        session = self._session
        decision = decide(session.conversation.entries, session.call.facts, session.now)
        return decision if isinstance(decision, Act) else None

    def _is_plain(self) -> bool:
        """Whether a short answer to our own question leaves one thing to do: that needs no model to think about.

        "דני" after "on what name?", "כן" after "shall I cancel it?", digits after "which number?"
        """
        line = self._session.conversation.last_line
        is_short = line is not None and len(line.text.split()) <= PLAIN_WORDS and not line.understanding.intents
        stand = read(self._session.conversation.entries, self._session.now.date()) if is_short else None
        if stand is None or stand.answered not in PLAIN_QUESTIONS or stand.understanding.holds_when:
            return False
        step = self._own_step()
        return step is not None and step.tool in WRITING_TOOLS

    def _is_asked_who(self) -> bool:
        """Whether the caller wants to know who, or what, is speaking."""
        line, business = self._session.conversation.last_line, self._session.call.facts.business.name
        return line is not None and (asks_whether_machine(line.text) or asks_who(line.text, business))

    def _failed(self, mind: Mind, failed: CloudFailed) -> None:
        metrics.brain_errors.labels(failed.code).inc()
        metrics.fallbacks.labels("brain", failed.code).inc()
        log.warning("model failed", code=failed.code, call_sid=self._session.call.call_sid, turn=self._session.turn)
        if failed.code not in (ANOTHER_WAY, LATE) and mind.breaker.failed(self._now()):
            log.error("breaker opened", code=failed.code)

    def _blocked(self, raw: str, findings: tuple[Finding, ...]) -> Blocked:
        """Keep what was not spoken, for the owner to see and for the count."""
        kinds = [finding.kind for finding in findings]
        for kind in kinds:
            metrics.sentences_blocked.labels(kind).inc()
        call = ToolCall("grounding", {"sentence": raw[:300], "kinds": kinds}, ok=False, code="blocked", ms=0.0)
        self._session.call.record.tool_called(self._session.turn, call)
        log.warning("sentence blocked", kinds=kinds, call_sid=self._session.call.call_sid, turn=self._session.turn)
        return Blocked(findings)

    # ------------------------------------------------------------------ offline

    async def _by_offline_brain(self) -> AsyncIterator[str]:
        """The offline brain's reply. What is already spoken of this turn is not said again: its question is enough,
        unless something was done that has not been told."""
        session = self._session
        await session.settle(WRITE_PATIENCE_S)
        spoken = self._spoken_now()
        result = await Runner.run(
            receptionist_agent(),
            cast(list[Any], session.conversation.items()),
            context=session,
            max_turns=STEP_LIMIT,
            run_config=RunConfig(model=OfflineModel(session, ignoring=spoken), tracing_disabled=True),
        )
        parts = list(sentences(str(result.final_output)))
        is_all = spoken is None or self._room.is_begun or self._is_untold(spoken)
        for raw in parts if is_all else [part for part in parts if "?" in part]:
            admitted = self._room.admit(raw, is_own=True)
            if admitted.findings:  # our own words: a fault of the check or of the policy, and worth a look
                self._blocked(raw, admitted.findings)
            elif admitted.text:
                yield admitted.text

    def _note(self, blocked: Blocked) -> str:
        """A word to the model about the draft that was withheld."""
        kinds = ", ".join(finding.kind for finding in blocked.findings)
        spoken = self._spoken_now()
        heard = f" The caller has already heard {spoken.text!r}: go on from there." if spoken is not None else ""
        return (
            f"Your draft was withheld: it claimed something that no tool of this call has shown ({kinds}).{heard} "
            "Call the right tool now, then say only what it answered, in at most 24 Hebrew words."
        )

    def _is_untold(self, spoken: Reply) -> bool:
        """Whether the diary was changed in this turn, and what was spoken does not say so."""
        steps = self._session.conversation.steps(self._session.turn)
        is_done = any(step.name in DIARY_TOOLS and step.result().get("ok") for step in steps)
        return is_done and not TELLS_OF_CHANGE.search(spoken.text)

    def _spoken_now(self) -> Reply | None:
        last = self._session.conversation.last_reply
        return last if last is not None and last.turn == self._session.turn else None

    # ------------------------------------------------------------------- common

    def _evidence(self) -> Evidence:
        """What the call bears out; gathered anew only when a tool has answered."""
        session = self._session
        count = sum(step.output is not None for step in session.conversation.steps())
        if self._known is None or self._known[0] != count:
            entries: tuple[Entry, ...] = session.conversation.entries
            self._known = (count, evidence_of(entries, session.call.facts, session.now.date()))
        return self._known[1]

    def _now(self) -> float:
        return asyncio.get_running_loop().time()


class Blocked(Exception):
    """A sentence claimed what has not happened."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__()
        self.findings = findings
