"""A sentence cut into clauses, each with what it tells, what it denies and whether it asks. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from server.agents.claims.records import Record, records_of
from server.agents.claims.senses import Sense, senses_of
from server.agents.speech import Fact, Of, Speech
from server.hebrew import lexicon
from server.hebrew.gazetteer import FIRST_NAMES
from server.hebrew.tokens import Kind, Token

DENIAL_REACH = 4
"""Words behind a "no" that it denies."""

ASSERTS = frozenset(
    (
        Sense.FREE, Sense.TAKEN, Sense.THERE, Sense.NOT, Sense.OPEN, Sense.OPENS, Sense.CLOSES, Sense.CLOSED,
        Sense.WORKS, Sense.DOES, Sense.BOOK, Sense.BOOKING, Sense.WRITE, Sense.MOVE, Sense.MOVES, Sense.CHANGE,
        Sense.CANCEL, Sense.PASS, Sense.TRANSFER, Sense.SEND, Sense.SENT, Sense.REMIND, Sense.CHARGE,
        Sense.GIFT, Sense.BACK, Sense.SUCCEED, Sense.STAY, Sense.VISIT, Sense.MEET, Sense.PRICE, Sense.LASTS,
        Sense.ENDS, Sense.PAST, Sense.SAID, Sense.PLACE, Sense.LEAK,
    )
)  # fmt: skip
"""Senses that make a clause of its own of a stretch between commas."""

_HEADS = ASSERTS | {
    Sense.ASK,
    Sense.IF,
    Sense.MAY,
    Sense.TODO,
    Sense.LOOK,
    Sense.OFFER,
    Sense.CHEAP,
    Sense.DEAR,
    Sense.FIRST,
    Sense.NEAR,
    Sense.LAST,
}
_OPENERS = frozenset((Sense.ASK, Sense.MAY, Sense.TODO, Sense.OFFER, Sense.IF))
_TURNS = frozenset(("אבל", "אך", "אולם", "ואילו", "כי", "ואז", "אלא", "וכבר", "אם", "אז", "לכן", "ולכן"))
_CONTRASTS = frozenset(("אבל", "אך", "אולם", "ואילו", "אלא", "לכן", "ולכן", "כי", "רק"))

_SUPPOSING = frozenset(("לפני", "אחרי", "לאחר", "ברגע", "במקרה"))
"""They open a supposition only before "ש"."""

_STOP_INSIDE = re.compile(r"\s-\s")


@dataclass(frozen=True, slots=True)
class Word:
    """A word beside the facts; `is_denied` behind a "no", `stands_alone` between commas."""

    text: str
    senses: frozenset[Sense]
    at: int
    is_denied: bool = False
    stands_alone: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """Part of a sentence with at most one thing to tell. `days` are day facts of the clauses before it, `previous` is
    the clause just before.

    `is_asked`: it is put as a question. `told` and `denied` are the senses of its words. `ruled_out`: facts
    that it names to rule them out.
    """

    words: tuple[Word, ...]
    facts: tuple[Fact, ...]
    is_asked: bool
    previous: Clause | None
    ruled_out: tuple[Fact, ...]
    days: tuple[Fact, ...]
    records: tuple[Record, ...]
    texts: frozenset[str]
    told: frozenset[Sense]
    denied: frozenset[Sense]

    def tells(self, *senses: Sense) -> bool:
        """Whether one of these is said of something, and not denied."""
        return not self.told.isdisjoint(senses)

    def has(self, *senses: Sense) -> bool:
        """Whether one of these is said or denied."""
        return not (self.told | self.denied).isdisjoint(senses)

    def of(self, *kinds: Of) -> tuple[Fact, ...]:
        return tuple(fact for fact in self.facts if fact.of in kinds)

    def has_word(self, *texts: str) -> bool:
        return not self.texts.isdisjoint(texts)

    @property
    def is_supposed(self) -> bool:
        """Whether nothing in it is asserted: "if", "so that", "before we"."""
        return Sense.IF in self.told

    @property
    def goes_on(self) -> bool:
        """ "וגם לא …": what was said before holds of this as well."""
        return bool(self.words) and self.words[0].text in ("וגם", "גם", "ולא", "או")

    @property
    def is_ignorance(self) -> bool:
        """Whether the agent says that it does not know, or may not."""
        if self.goes_on and self.previous is not None and self.previous.is_ignorance:
            return True
        is_nothing_to_me = self.has(Sense.NOT) and self.has_word("לי") and not self.has(*_ROOMS) and not self.facts
        is_unwritten = Sense.WRITE in self.denied and self.has_word("אצלי", "לי") and not self.has(Sense.VISIT)
        if Sense.ABLE in self.denied or is_nothing_to_me or is_unwritten:
            return True
        texts = [word.text for word in self.words if word.is_denied]
        return "אפשרות" in texts and any(text.startswith("ל") for text in texts[texts.index("אפשרות") + 1 :])


_ROOMS = (Sense.ROOM, Sense.FREE, Sense.NOTHING, Sense.VISIT)


def clauses_of(speech: Speech) -> tuple[Clause, ...]:
    """The clauses of a sentence, in order."""
    clauses: list[Clause] = []
    days: tuple[Fact, ...] = ()
    for group, is_question in _groups(speech):
        for segment in _joined(group, is_question=is_question):
            clause = _clause(segment, days, clauses[-1] if clauses else None)
            days = clause.of(Of.DAY, Of.SPAN) or days
            clauses.append(clause)
    return tuple(clauses)


@dataclass(frozen=True, slots=True)
class _Segment:
    """A stretch between stops."""

    words: tuple[Word, ...]
    facts: tuple[Fact, ...]
    is_asked: bool = False
    ruled_out: tuple[Fact, ...] = ()

    @property
    def senses(self) -> frozenset[Sense]:
        return frozenset(sense for word in self.words for sense in word.senses)

    @property
    def is_nod(self) -> bool:
        """ "לא," and "כן," alone answer, and deny nothing of what follows."""
        if self.facts or not self.words:
            return False
        is_idiom = self.words[0].text == "אין" and all(not word.senses or word.text == "דבר" for word in self.words[1:])
        return is_idiom or all(word.text in ("לא", "כן", "אז") for word in self.words)

    @property
    def is_answer(self) -> bool:
        """ "חמש או שבע כן": a yes or no to the facts before it."""
        return bool(self.facts) and bool(self.words) and self.words[-1].text in ("כן", "לא")

    @property
    def is_aside(self) -> bool:
        """ "אם תרצו": goes between, and breaks nothing off."""
        is_short = len(self.words) <= 3 and not self.facts
        return is_short and Sense.IF in self.senses and self.senses <= {Sense.IF, Sense.MAY, Sense.OFFER}

    @property
    def opens(self) -> bool:
        """Whether it begins as a question or a proposal: "לבטל את התור …"."""
        return bool(self.words) and bool(self.words[0].senses & {Sense.TODO, Sense.ASK, Sense.MAY})

    @property
    def has_copula(self) -> bool:
        """ "כל השעות הן אצל מאיה": told, whatever is asked behind it."""
        return bool(self.facts) and any(word.text in ("הן", "הם") for word in self.words)

    @property
    def is_strange(self) -> bool:
        """Whether it holds a word that nobody vouches for, names apart."""
        strange = (word.text for word in self.words if Sense.UNFOUNDED in word.senses)
        return any(not any(core in FIRST_NAMES for _, core in lexicon.splits(text)) for text in strange)

    @property
    def is_presumption(self) -> bool:
        """ "ידעתם שיש": what is asked is told as well."""
        return any(word.text in ("ידעתם", "הידעתם", "שמעתם", "ראיתם") for word in self.words)

    def __add__(self, other: _Segment) -> _Segment:
        ruled_out = self.ruled_out + other.ruled_out
        return _Segment(self.words + other.words, self.facts + other.facts, self.is_asked or other.is_asked, ruled_out)


Item = Token | Fact


def _groups(speech: Speech) -> Iterator[tuple[list[_Segment], bool]]:
    """The segments of each sentence of a text, and whether it ends as a question."""
    segments: list[_Segment] = []
    items: list[Item] = []
    everything: list[Item] = [*speech.words, *speech.facts]
    for item in sorted(everything, key=_place):
        if isinstance(item, Token) and item.kind is Kind.STOP:
            segments.append(_segment(items))
            items = []
            if set(item.text) & set(".?!"):
                yield [segment for segment in segments if segment.words or segment.facts], "?" in item.text
                segments = []
            continue
        if items and (_turns(item) or _ends_supposition(items, item) or _is_dashed(items[-1], item, speech.text)):
            segments.append(_segment(items))
            items = []
        items.append(item)
    segments.append(_segment(items))
    yield [segment for segment in segments if segment.words or segment.facts], False


def _place(item: Item) -> int:
    return item.at if isinstance(item, Fact) else item.start


def _turns(item: Item) -> bool:
    """Whether a word begins a clause without a comma: "אבל", "ויש", "וקבעתי"."""
    if isinstance(item, Fact):
        return False
    if item.text in _TURNS:
        return True
    return item.text.startswith("ו") and bool(_VERBS & senses_of(item.text[1:])) and len(item.text) > 2


_VERBS = frozenset(
    (
        Sense.THERE, Sense.NOT, Sense.BOOK, Sense.WRITE, Sense.MOVE, Sense.CHANGE, Sense.CANCEL, Sense.PASS, Sense.SEND,
        Sense.MEET, Sense.CHARGE, Sense.FREE, Sense.TAKEN, Sense.ENDS, Sense.TODO,
    )
)  # fmt: skip


def _ends_supposition(items: Sequence[Item], item: Item) -> bool:
    """ "אם תגיעו ברכב יש חניה": what is asserted behind a supposition, without a comma between."""
    words = [each for each in items if isinstance(each, Token)]
    is_supposed = bool(words) and Sense.IF in senses_of(words[0].text) and len(words) > 2
    return is_supposed and isinstance(item, Token) and item.text in ("יש", "אין", "אפשר", "תוכלו", "ניתן", "אנחנו")


def _is_dashed(before: Item, after: Item, text: str) -> bool:
    end = before.end
    return bool(_STOP_INSIDE.search(text, max(end - 1, 0), _place(after) + 1))


def _segment(items: Sequence[Item]) -> _Segment:
    ruled_out = _ruled_out(items)
    facts = tuple(item for item in items if isinstance(item, Fact) and item not in ruled_out)
    words: list[Word] = []
    reach = 0
    tokens = [item for item in items if not isinstance(item, Fact)]
    for i, item in enumerate(tokens):
        senses = senses_of(item.text) if item.kind is Kind.WORD else frozenset()
        if ruled_out and item.text in ("לא", "ולא") and item.end + 1 == ruled_out[0].at:
            senses = frozenset()  # it denies the facts, and nothing else
        if item.text in _SUPPOSING and not (i + 1 < len(tokens) and tokens[i + 1].text.startswith("ש")):
            senses -= {Sense.IF}
        words.append(Word(item.text, senses, item.start, is_denied=reach > 0, stands_alone=len(items) == 1))
        reach = DENIAL_REACH if Sense.NOT in senses else reach - 1
    return _Segment(tuple(words), facts, ruled_out=ruled_out)


_EXCEPTING = ("חוץ", "מלבד", "למעט")


def _ruled_out(items: Sequence[Item]) -> tuple[Fact, ...]:
    """Facts that are named to be ruled out: "לא ב-12:00", "ולא רקמות עמוק", "חוץ מ-16:00"."""
    for i, item in enumerate(items[:-1]):
        if not isinstance(item, Token) or item.text not in ("לא", "ולא", *_EXCEPTING):
            continue
        rest = items[i + 1 :]
        facts = tuple(each for each in rest if isinstance(each, Fact))
        words = [each for each in rest if isinstance(each, Token) and each.text != "או"]
        is_beside = isinstance(rest[0], Fact) and rest[0].at <= item.end + 2
        if is_beside and (not words or item.text in _EXCEPTING):
            return facts if not words else facts[:1]
    return ()


def _joined(segments: list[_Segment], *, is_question: bool) -> Iterator[_Segment]:
    """Segments that only go on with facts are part of the clause that they go on from."""
    asserts = [bool(segment.senses & ASSERTS) and not (segment.is_nod or segment.opens) for segment in segments]
    asserts = [asserts[i] or segment.has_copula for i, segment in enumerate(segments)]
    asks = [bool(segment.senses & _OPENERS) for segment in segments]
    asserts = [asserts[i] or (segment.is_strange and not any(asks[: i + 1])) for i, segment in enumerate(segments)]
    open_: _Segment | None = None
    has_head = False
    for i, segment in enumerate(segments):
        is_last = i == len(segments) - 1
        is_asked = is_question and (is_last or not asserts[i]) and not segment.is_presumption
        if open_ is not None and not segment.words and not is_last:
            is_asked = open_.is_asked  # facts go on with what they stand behind
        segment = replace(segment, is_asked=is_asked)
        if (segment.is_nod or segment.is_aside) and not is_last:
            yield segment
            continue
        is_own = bool(segment.senses & _HEADS)
        is_turn = segment.is_answer or (bool(segment.words) and segment.words[0].text in _CONTRASTS)
        if open_ is not None and ((is_own and has_head) or is_turn or open_.is_asked != is_asked):
            yield open_
            open_, has_head = None, False
        open_ = segment if open_ is None else open_ + segment
        has_head = has_head or is_own
    if open_ is not None:
        yield open_


def _clause(segment: _Segment, days: tuple[Fact, ...], previous: Clause | None) -> Clause:
    told = {sense for word in segment.words if not word.is_denied for sense in word.senses}
    denied = {sense for word in segment.words if word.is_denied for sense in word.senses}
    if segment.is_nod:
        told, denied = set(), set()
    records = records_of(segment.facts, days)
    senses = frozenset(word.text for word in segment.words), frozenset(told), frozenset(denied)
    parts = segment.words, segment.facts, segment.is_asked, previous, segment.ruled_out
    return Clause(*parts, days, records, *senses)
