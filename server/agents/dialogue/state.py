"""The state of a conversation after all its entries. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum

from server.agents.dialogue.visits import Visit
from server.agents.matter_signs import Matter
from server.agents.memory import Line, Step
from server.agents.questions import Question
from server.agents.wish import Wish
from server.hebrew.models import Intent, Offer, Understanding


class Goal(StrEnum):
    BOOK = "book"
    MOVE = "move"
    CANCEL = "cancel"
    LIST = "list"
    MESSAGE = "message"


@dataclass(slots=True)
class Dialogue:
    """The state after all entries. `news` are the tool calls since the last reply, `line` the caller's last words."""

    goal: Goal | None = None
    wish: Wish = field(default_factory=Wish)
    question: Question | None = None
    offers: tuple[Offer, ...] = ()
    slots: tuple[Offer, ...] = ()  # all that the tools named since the last booking, newest first
    made: list[Visit] = field(default_factory=list)  # live appointments of this call, oldest first
    own: list[Visit] | None = None  # the caller's earlier ones, once listed
    target: Visit | None = None  # the one to be moved or cancelled
    cancels_all: bool = False  # of the caller's own
    keeps_weekday: bool = False  # "the same day next week"
    pending_shift: Understanding | None = None  # "a little earlier", before it was known than which appointment
    replacement: Visit | None = None  # the one that gives way to another treatment
    wants_other: bool = False  # another treatment is wished, before it was known in place of which appointment
    cancelled: Visit | None = None  # the last one given back
    last_done: Visit | None = None
    untold: Visit | None = None  # one whose read-back was cut before its hour was heard
    last_search: Step | None = None
    news: list[Step] = field(default_factory=list)
    asked_staff: str | None = None  # whom the caller asked for in the last booking
    substance: str = ""  # the last reply that was about the matter
    same_count: int = 0  # replies in a row that ended with the same question
    puzzled_count: int = 0  # replies in a row that said they did not understand
    unclear_phone_count: int = 0
    phone_pieces: str = ""  # the beginning of a number that is being dictated
    phone_asked_count: int = 0
    failure_count: int = 0  # tool calls in a row that the calendar did not answer
    has_helped: bool = False
    is_message_open: bool = False  # a message was left, but no number to call back
    is_withheld: bool = False  # the caller's number, so that earlier appointments cannot be found
    # Of the last line:
    line: Line | None = None
    line_goal: Goal | None = None
    answered: Question | None = None  # the question that it answers
    offers_before: tuple[Offer, ...] = ()
    has_progress: bool = False  # it added something to the wish or changed the goal
    is_dropped: bool = False  # it gave up an appointment in the making
    hint: Understanding | None = None  # how it described the appointment to be cancelled
    info: frozenset[Intent] = frozenset()  # the questions about the business that it asks, or asks on
    is_kept: bool = False  # it leaves an appointment as it is
    matter: Matter | None = None  # what it is about beside appointments and prices
    matter_before: Matter | None = None  # what the line before it was about
    wish_before: Wish = field(default_factory=Wish)
    is_new_goal: bool = False
    # Said along the way:
    goal_text: str = ""  # the words in which the goal was named
    aside: str = ""  # what the offer to take a message was about, in the caller's words
    remark: str = ""  # what the team should know of the appointment in the making
    asked_day: dt.date | None = None  # whose opening hours the line before asked for
    has_note: bool = False  # the last booking carries the caller's remark
    wants_own_price: bool = False
    is_only_asking: bool = False  # the caller said so
    reply_count: int = 0
    asked_whom_count: int = 0  # how often it was asked with which of the staff
    has_listened: bool = False  # the last reply only let the caller go on
    is_repeat: bool = False  # the last booking stood already
    next_service: str | None = None  # a second treatment, right after the first
    is_double: bool = False  # two appointments, each at its own time
    # Two people at the same time:
    is_couple: bool = False
    is_together: bool = False  # neither wants an hour at which the other finds no place
    party: int = 0  # how many come, when more than two
    asks_second: bool = False  # the first of two has just been booked
    asks_second_time: bool = False  # the first of two appointments of one person has just been booked
    second_name: str | None = None  # of two people named at once, the one who is booked after the first
    is_second_due: bool = False  # the first of them has just been booked

    @property
    def understanding(self) -> Understanding:
        return self.line.understanding if self.line is not None else Understanding("")

    @property
    def last_standing(self) -> Visit | None:
        """The appointment done last, unless it has been cancelled since."""
        return self.last_done if self.last_done in self.made else None

    @property
    def is_phone_to_repeat(self) -> bool:
        """Whether a number was dictated that is none, and has not been asked again yet."""
        return self.unclear_phone_count > 0 and self.wish.phone is None and self.phone_asked_count == 0
