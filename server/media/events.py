"""What happens in a call, and what is to be done about it: the vocabulary of the turn machine."""

from __future__ import annotations

from dataclasses import dataclass

from server.calls.models import Ending, Sentence

# ------------------------------------------------------------------ events


@dataclass(frozen=True, slots=True)
class SpeechBegan:
    """The caller's voice is there."""


@dataclass(frozen=True, slots=True)
class Voiced:
    """The caller's voice is still there."""


@dataclass(frozen=True, slots=True)
class UtteranceEnded:
    """The caller has been silent for long enough."""


@dataclass(frozen=True, slots=True)
class KeyPressed:
    digit: str


@dataclass(frozen=True, slots=True)
class Words:
    """What is heard so far of an utterance."""

    turn: int
    text: str


@dataclass(frozen=True, slots=True)
class Heard:
    """All the words of an utterance; "" for none."""

    turn: int
    text: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The brain has a sentence to say."""

    turn: int
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class ReplyEnded:
    turn: int


@dataclass(frozen=True, slots=True)
class ReplyFailed:
    turn: int


@dataclass(frozen=True, slots=True)
class Sounded:
    """The first frame of a sentence has been written."""

    key: int


@dataclass(frozen=True, slots=True)
class Written:
    """The last frame of a sentence has been written; it will have been played at `heard_at`."""

    key: int
    heard_at: float


@dataclass(frozen=True, slots=True)
class Played:
    """The peer has played a sentence to its end."""

    key: int


@dataclass(frozen=True, slots=True)
class Unspeakable:
    """The voice could not speak a sentence."""

    key: int


@dataclass(frozen=True, slots=True)
class Stopped:
    """The caller is gone."""


@dataclass(frozen=True, slots=True)
class TimePassed:
    """The machine's deadline has come."""


Event = (
    SpeechBegan
    | Voiced
    | UtteranceEnded
    | KeyPressed
    | Words
    | Heard
    | Answered
    | ReplyEnded
    | ReplyFailed
    | Sounded
    | Written
    | Played
    | Unspeakable
    | Stopped
    | TimePassed
)

# ---------------------------------------------------------------- commands


@dataclass(frozen=True, slots=True)
class Begin:
    """An utterance begins; its words belong to `turn`."""

    turn: int


@dataclass(frozen=True, slots=True)
class Finish:
    """The utterance is over: let the recogniser say what it heard."""

    turn: int


@dataclass(frozen=True, slots=True)
class Note:
    """Words of the caller became known; they belong to `turn`."""

    turn: int
    text: str


@dataclass(frozen=True, slots=True)
class Ask:
    """Have the brain answer `text`: the words of this turn, after those of earlier turns nobody answered."""

    turn: int
    text: str


@dataclass(frozen=True, slots=True)
class Cancel:
    """Whatever the brain is still at, it may stop."""


@dataclass(frozen=True, slots=True)
class Speak:
    """Say a sentence. `key` is new at each saying; `turn` is the one whose reply it is, `is_new` its first saying."""

    key: int
    turn: int
    sentence: Sentence
    is_new: bool


@dataclass(frozen=True, slots=True)
class Clear:
    """Fall silent at once."""


@dataclass(frozen=True, slots=True)
class NoteCut:
    """The reply of `turn` is cut while the sentence `key` sounds, after `heard` was heard whole."""

    turn: int
    heard: str
    key: int
    text: str


@dataclass(frozen=True, slots=True)
class NoteHeard:
    """Sentences of the reply of `turn` heard to their end so far, in one text."""

    turn: int
    text: str


@dataclass(frozen=True, slots=True)
class End:
    ending: Ending


Command = Begin | Finish | Note | Ask | Cancel | Speak | Clear | NoteHeard | NoteCut | End
