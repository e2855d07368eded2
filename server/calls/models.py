"""What was said, heard, done and measured in a call, as plain values."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    BOOKED = "booked"
    CHANGED = "changed"
    CANCELLED = "cancelled"
    ANSWERED = "answered"
    MESSAGE = "message"
    HANDOFF = "handoff"
    HANGUP = "hangup"
    SILENCE = "silence"
    SHED = "shed"
    LIMIT = "limit"
    FAILED = "failed"


class Ending(StrEnum):
    """Why the line was closed."""

    STOPPED = "stopped"  # the caller hung up
    HANG_UP = "hang_up"
    TRANSFER = "transfer"
    SILENCE = "silence"
    LIMIT = "limit"


class Then(StrEnum):
    """What follows once a sentence has been heard."""

    LISTEN = "listen"
    HANG_UP = "hang_up"
    TRANSFER = "transfer"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A piece of a reply: `text` for page, API and history ("ב-12:00"), `spoken` for the voice ("בשתים עשרה").

    A filler ("רגע, בודקת ביומן") bridges a wait and is no answer.
    """

    text: str
    spoken: str
    then: Then = Then.LISTEN
    is_filler: bool = False


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One tool as it ran: its arguments as given, how it ended, and how long it took in milliseconds."""

    name: str
    arguments: dict[str, Any]
    ok: bool
    code: str | None
    ms: float


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds of one turn under the contract's names; None where nothing was measured."""

    eou_wait: float | None = None
    turn: float | None = None
    ai: float | None = None
    ai_first_sentence: float | None = None
    tts_generation: float | None = None
    tts_first_audio: float | None = None
    tts_send: float | None = None
    queue_max_depth: int | None = None  # frames


@dataclass(frozen=True, slots=True)
class Turn:
    """`number` is the turn machine's; 0 is the greeting."""

    number: int
    caller: str | None
    agent: str | None
    agent_heard: str | None
    tool_calls: tuple[ToolCall, ...] = ()
    timings: Timings = field(default_factory=Timings)
    began_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class CallRow:
    call_sid: str
    business_id: int
    caller_number: str | None  # E.164
    started_at: dt.datetime
    ended_at: dt.datetime | None
    outcome: Outcome | None
    ending: Ending | None = None
    turns: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True)
class Claimed:
    """Whose call a media stream has taken up."""

    business_id: int
    caller_number: str | None  # E.164


@dataclass(frozen=True, slots=True)
class CallSummary:
    """A call without its words; `headline` is the first thing the caller said, `turn_count` their lines."""

    call_sid: str
    business_id: int
    caller_number: str | None  # E.164
    started_at: dt.datetime
    ended_at: dt.datetime | None
    outcome: Outcome | None
    turn_count: int
    headline: str | None


@dataclass(frozen=True, slots=True)
class CallPage:
    """One page of calls, newest first, and how many there are in all."""

    items: tuple[CallSummary, ...]
    total_count: int


@dataclass(frozen=True, slots=True)
class Message:
    """Words that a caller left for the owner."""

    id: int
    call_sid: str
    caller_number: str | None  # E.164
    left_at: dt.datetime
    details: dict[str, Any]  # the tool's arguments
    handled_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Phrases:
    """What is said when no reply is: each said as it stands, and synthesised before the first call."""

    greeting: tuple[Sentence, ...]
    nudge: Sentence  # the caller has been silent for a while
    silence_farewell: Sentence  # and then for longer
    apology: Sentence  # a turn failed
    limit_farewell: Sentence  # the call has lasted too long
    filler: Sentence  # an answer takes its time
