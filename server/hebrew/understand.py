"""What a line of the caller means.

The way: one spelling (`normalise`) → words (`tokens`) → names, phone and services, which take their words away → typed
pieces (`grammar`) → which of them hold (`select`) and which are ruled out (`polarity`) → one answer (`fold`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Container, Sequence, Set
from dataclasses import dataclass, replace

from server.hebrew import (
    answers,
    choice,
    circumstances,
    contrasts,
    days_apart,
    fold,
    followers,
    grammar,
    intents,
    moves,
    names,
    offsets,
    phones,
    polarity,
    renames,
    select,
    services,
    staff,
)
from server.hebrew.fold_days import Setting
from server.hebrew.lexicon import DAY, MONTH, WEEK
from server.hebrew.line import Line
from server.hebrew.models import Answer, Asked, Intent, Offer, Understanding, Vocabulary
from server.hebrew.name_parts import Named
from server.hebrew.normalise import normalise
from server.hebrew.said import DAY_LIKE, TIME_LIKE, Chunk, Kept
from server.hebrew.services import Heard
from server.hebrew.tokens import Token, Tokens, tokenise

LONGEST_LINE = 600
"""Characters of a line that are read; nobody says more in one breath."""

_EMPTY = Vocabulary()
_AFTER_HOUR = (Asked.CONFIRM, Asked.NAME, Asked.PHONE)
"""Questions that come once an hour is agreed upon: "לא בשש" then puts it right."""


def understand(
    text: str,
    now: dt.datetime,
    asked: Asked | None = None,
    vocabulary: Vocabulary = _EMPTY,
    offered: Sequence[Offer] = (),
) -> Understanding:
    """Read one line. `now` is aware and in the business's zone; `asked` is the slot just asked for, `offered` the slots
    just offered. Never raises for any `text`; what holds nothing comes back empty."""
    line = normalise(text[:LONGEST_LINE])
    tokens = tokenise(line)
    courtesies = intents.courtesies(tokens)
    things = _things(line, tokens, vocabulary, asked, courtesies)
    taken = things.taken | courtesies
    is_move = moves.names_both_ends(tokens)
    kept, sides, understood = _pieces(tokens, things, taken, asked, is_move=is_move)
    is_move = is_move or moves.is_from_to(tokens, [item.chunk for item in kept])
    told = {Intent.RESCHEDULE: is_move, Intent.RENAME: things.is_rename}
    wanted = intents.intents(tokens) | {intent for intent, holds in told.items() if holds}
    setting = Setting(now, vocabulary.hours, is_move=Intent.RESCHEDULE in wanted, is_cancel=Intent.CANCEL in wanted)
    when = _when(tokens, kept, sides, setting, asked, taken)
    if _has_loose_calendar_word(tokens, understood) or (asked is Asked.CONFIRM and _asks_which(tokens)):
        when.put_days_in_doubt()
    if intents.is_absent(tokens) and not when.holds:
        wanted |= {Intent.CANCEL}  # "אני לא אוכל להגיע מחר"
    when.excluded += staff.refused(tokens, things.staff)
    service, others = _service(tokens, things.services, sides)
    if service is None and things.services and asked is Asked.CONFIRM:
        service = things.services[-1].name  # "לא אבנים חמות" puts right what was read back
        when.ambiguous.add("service")
    if when.duration_min is None:
        when.duration_min = services.extreme_length(tokens, service, vocabulary)
    if others:
        when.ambiguous.add("service")
        when.readings += others
    flags = answers.flags(tokens)
    return Understanding(
        text=text,
        **when.fields(),
        prefer=answers.preference(tokens),
        service=service,
        staff=staff.wanted(tokens, things.staff),
        name=things.name.name if things.name else None,
        phone=things.phone.phone if things.phone else None,
        is_phone_unclear=things.phone is not None and things.phone.phone is None,
        answer=_answer(tokens, asked, is_exclusion=bool(sides.negated) or any(item.chunk.start == 0 for item in kept)),
        choice=choice.choose(tokens, asked, offered, when.time, when.date),
        is_correction=sides.is_correction,
        is_same_time="same_time" in flags,
        is_same_day="same_day" in flags,
        is_for_another="another" in flags,
        shift=answers.shift(tokens),
        intents=wanted,
    )


@dataclass(frozen=True, slots=True)
class _Things:
    """What is named in a line: each takes its words away from the grammar, so that "קוראים לי שני" holds no Monday."""

    phone: phones.Dictated | None
    services: list[Heard]
    staff: list[Heard]
    name: Named | None
    is_rename: bool = False  # the name puts right one that was written down

    @property
    def taken(self) -> set[int]:
        spans = [(heard.start, heard.end) for heard in (*self.services, *self.staff)]
        spans += [(one.start, one.end) for one in (self.phone, self.name) if one is not None]
        return {k for start, end in spans for k in range(start, end)}

    @property
    def of_services(self) -> frozenset[int]:
        return frozenset(k for heard in self.services for k in range(heard.start, heard.end))


def _things(line: str, tokens: Tokens, vocabulary: Vocabulary, asked: Asked | None, courtesies: set[int]) -> _Things:
    phone = phones.find(tokens, is_asked=asked is Asked.PHONE)
    taken = courtesies | (set(range(phone.start, phone.end)) if phone else set())
    wanted = services.find_services(tokens, vocabulary, taken)
    before_name = _Things(phone, wanted, staff.find(tokens, vocabulary, taken, asked), None)
    name = renames.put_right(line, tokens, vocabulary.staff) if asked is not Asked.NAME else None
    is_asked = asked is Asked.NAME
    found = name or names.find(line, tokens, before_name.taken | courtesies, is_asked=is_asked)
    if found is not None and not found.is_strong and found.name in {heard.name for heard in before_name.staff}:
        found = None  # "רון קוראים לו, נכון? אז אצל רון"
    return replace(before_name, name=found, is_rename=name is not None)


def _pieces(
    tokens: Tokens, things: _Things, taken: set[int], asked: Asked | None, *, is_move: bool
) -> tuple[list[Kept], polarity.Polarity, set[int]]:
    """The pieces that hold, what is ruled out or taken back among them, and all tokens that were understood."""
    read = grammar.read(tokens, taken, is_day_asked=asked is Asked.DAY, is_move=is_move)
    chunks = followers.with_followers(tokens, offsets.anchored(tokens, read))
    kept = select.select(Line(tokens, tuple(chunks), asked, things.of_services))
    if things.name is not None:  # "זה יובל מיום חמישי": of that appointment, or free from then on
        end = things.name.end
        kept = [replace(k, is_doubtful=k.is_doubtful or _is_origin(k.chunk, end)) for k in kept]
    timed = {k for item in kept for k in range(item.chunk.start, item.chunk.end)}
    is_content = (things.taken | timed).__contains__
    held = [item.chunk for item in kept]
    return kept, polarity.of(tokens, held, is_content, is_confirming=asked in _AFTER_HOUR), taken | timed


def _when(
    tokens: Tokens,
    kept: Sequence[Kept],
    sides: polarity.Polarity,
    setting: Setting,
    asked: Asked | None,
    taken: Set[int],
) -> fold.When:
    """What the pieces come to. Days that do not add up are in doubt."""
    ruled_out = [item for n, item in enumerate(kept) if n in sides.negated]
    standing = _latest(tokens, kept, sides)
    when = fold.fold(standing, ruled_out, setting)
    is_spread = when.date_to is not None or "date" in when.ambiguous
    if is_spread and days_apart.is_unjoined(tokens, standing):
        wished = standing if setting.is_move else days_apart.wished(tokens, standing)
        others = [day.isoformat() for day in (when.date, when.date_from, when.date_to) if day is not None]
        when = fold.fold(wished, ruled_out, setting) if len(wished) < len(standing) else when
        when.readings += [day for day in others if day != str(when.date)]
        when.put_days_in_doubt()
    is_name_like = days_apart.is_name_like(tokens, standing, is_asked=asked is Asked.NAME)
    if is_name_like or days_apart.is_uncertain(tokens, kept, standing, is_move=setting.is_move):
        when.put_days_in_doubt()
    inside = {k for item in kept for k in range(item.chunk.start, item.chunk.end)} | taken
    if circumstances.are_merely_told(tokens, [item.chunk for item in standing], inside.__contains__):
        when.put_days_in_doubt()
    if days_apart.is_ruled_out(when, [item for item in kept if item not in standing], setting):
        when.put_days_in_doubt()
    return when


def _is_origin(chunk: Chunk, end: int) -> bool:
    return chunk.start == end and chunk.prefix == "מ" and isinstance(chunk.value, DAY_LIKE)


def _answer(tokens: Tokens, asked: Asked | None, *, is_exclusion: bool) -> Answer | None:
    """Yes or no; but "לא בבוקר" rules out and does not decline, unless a yes or no was asked for."""
    answer = answers.answer(tokens)
    has_pause = len(tokens) > 1 and tokens[1].is_stop
    is_no_answer = answer is Answer.NO and is_exclusion and not has_pause and asked is not Asked.CONFIRM
    return None if is_no_answer else answer


def _asks_which(tokens: Tokens) -> bool:
    """ "זה יום ראשון או שני?" about what was read back."""
    return any(token.text == "או" for token in tokens)


def _has_loose_calendar_word(tokens: Tokens, understood: Container[int]) -> bool:
    """Whether a word of the calendar was heard but fitted no reading: then the day found may be the wrong one."""
    return any(i not in understood and _tells_a_day(token) for i, token in enumerate(tokens))


def _tells_a_day(token: Token) -> bool:
    senses = token.senses
    weekday, unit, dual = senses.get("weekday"), senses.get("unit"), senses.get("dual")
    if weekday is not None and weekday.value in (3, 4, 5, 6) and "ה" not in weekday.prefix:
        return True
    if unit is not None and unit.value in (WEEK, MONTH):
        return True
    return (dual is not None and dual.value in (DAY, WEEK, MONTH)) or "which" in senses or "relative" in senses


def _latest(tokens: Tokens, kept: Sequence[Kept], sides: polarity.Polarity) -> list[Kept]:
    """Pieces that stand: not ruled out, and not replaced by one of their kind after a correction."""
    kept = [replace(item, is_doubtful=True) if n in sides.doubted else item for n, item in enumerate(kept)]
    standing = [k for n, k in enumerate(kept) if n not in sides.negated | sides.passed and not k.is_past]
    standing = [
        replace(k, chunk=replace(k.chunk, prefix="")) if contrasts.is_compared(tokens, k.chunk) else k for k in standing
    ]
    if sides.passed:
        standing = [replace(k, is_doubtful=k.is_doubtful or _kind(k) == "day") for k in standing]
    start = max(sides.replaced_before, _conclusion(tokens), intents.booked_anew(tokens))
    new = {_kind(item) for item in standing if item.chunk.start >= start}
    return [item for item in standing if item.chunk.start >= start or _kind(item) not in new]


def _conclusion(tokens: Tokens) -> int:
    """Where "אז" turns from circumstances to the wish: "ביום ראשון יש לי בדיקה, אז שני בבוקר". Not so after "אם"."""
    words = [token.text for token in tokens]
    at = max((i for i, word in enumerate(words) if word == "אז"), default=0)
    return 0 if "אם" in words[:at] or "ואם" in words[:at] else at


def _kind(item: Kept) -> str:
    value = item.chunk.value
    if isinstance(value, DAY_LIKE):
        return "day"
    return "time" if isinstance(value, TIME_LIKE) else type(value).__name__


def _service(tokens: Tokens, found: Sequence[Heard], sides: polarity.Polarity) -> tuple[str | None, list[str]]:
    """The service wanted, and others that were named beside it. "לא שוודי, רקמות" wants the second; "לא אבנים חמות
    במקום השוודי" the first, as "במקום" refuses more surely; what is said to be wanted goes before all."""
    kept = [h for h in found if not _is_behind(tokens, h, ("במקום",))]
    standing = [h for h in kept if not _is_behind(tokens, h, ("לא", "ולא"))] or (kept if len(kept) < len(found) else [])
    late = [h for h in standing if h.start >= sides.replaced_before] or standing
    chosen = [h for h in late if _is_behind(tokens, h, ("רוצה", "רוצים", "מעדיף", "מעדיפה", "עדיף", "אלא"))]
    if chosen and any(h.start > chosen[0].start for h in late if h not in chosen):
        chosen = []  # "אני רוצה שוודי ומיד אחרי זה טיפול פנים"
    to = [h for h in late if h.prefix != "מ"]  # "לשנות משוודי לרקמות"
    names_ = list(dict.fromkeys(h.name for h in chosen or to or late))
    return (names_[0], names_[1:]) if names_ else (None, [])


def _is_behind(tokens: Tokens, heard: Heard, leading: Collection[str]) -> bool:
    return heard.start > 0 and tokens[heard.start - 1].text in leading
