"""What a line of the caller means.

The way: one spelling (`normalise`) → words (`tokens`) → names, phone and services, which take their words away → typed
pieces (`grammar`) → which of them hold (`select`) and which are ruled out (`polarity`) → one answer (`fold`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Sequence
from dataclasses import replace

from server.hebrew import choice, fold, grammar, intents, names, phones, polarity, select, services
from server.hebrew.fold_days import Setting
from server.hebrew.lexicon import DAY, MONTH, WEEK
from server.hebrew.models import Answer, Asked, Intent, Offer, Understanding, Vocabulary
from server.hebrew.normalise import normalise
from server.hebrew.said import DAY_LIKE, TIME_LIKE
from server.hebrew.select import Kept
from server.hebrew.tokens import Token, Tokens, tokenise

LONGEST_LINE = 600
"""Characters of a line that are read; nobody says more in one breath."""

_EMPTY = Vocabulary()
_STAFF_CUES = frozenset(("אצל", "עם", "את", "של", "רק", "דווקא", "מטפל", "מטפלת", "המטפלת", "המטפל", "או"))


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
    dictated = phones.find(tokens, is_asked=asked is Asked.PHONE)
    taken = set(range(dictated.start, dictated.end)) if dictated else set()
    found_services = services.find_services(tokens, vocabulary, taken)
    found_staff = _staff(tokens, vocabulary, taken, asked)
    busy = taken | {k for heard in (*found_services, *found_staff) for k in range(heard.start, heard.end)}
    named = names.find(line, tokens, busy, is_asked=asked is Asked.NAME)
    spoken_for = busy | (set(range(named.start, named.end)) if named else set())
    taken = spoken_for | intents.courtesies(tokens)
    chunks = grammar.read(tokens, taken, is_day_asked=asked is Asked.DAY)
    of_services = frozenset(k for heard in found_services for k in range(heard.start, heard.end))
    kept = select.select(select.Line(tokens, tuple(chunks), asked, of_services))
    timed = {k for item in kept for k in range(item.chunk.start, item.chunk.end)}
    sides = polarity.of(
        tokens, [item.chunk for item in kept], (spoken_for | timed).__contains__, is_confirming=asked is Asked.CONFIRM
    )
    wanted = frozenset(intents.intents(tokens))
    positive = _latest(kept, sides)
    ruled_out = [item for n, item in enumerate(kept) if n in sides.negated]
    setting = Setting(now, vocabulary.hours, is_move=Intent.RESCHEDULE in wanted, is_cancel=Intent.CANCEL in wanted)
    when = fold.fold(positive, ruled_out, setting)
    if _has_loose_calendar_word(tokens, taken | timed):
        when.put_days_in_doubt()
    service, others = _service(tokens, found_services, sides)
    flags = intents.flags(tokens)
    answer = intents.answer(tokens)
    if answer is Answer.NO and asked is not Asked.CONFIRM and ruled_out and not _opens_with_pause(tokens):
        answer = None  # "לא בבוקר" rules out, it does not decline
    picked = choice.choose(tokens, asked, offered, when.time, when.date)
    if others:
        when.ambiguous.add("service")
        when.readings += others
    return Understanding(
        text=text,
        date=when.date,
        date_from=when.date_from,
        date_to=when.date_to,
        time=when.time,
        time_from=when.time_from,
        time_to=when.time_to,
        is_end_limit=when.is_end_limit,
        daypart=when.daypart,
        prefer=intents.preference(tokens),
        duration_min=when.duration_min,
        service=service,
        staff=found_staff[-1].name if found_staff else None,
        name=named.name if named else None,
        phone=dictated.phone if dictated else None,
        is_phone_unclear=dictated is not None and dictated.phone is None,
        answer=answer,
        choice=picked,
        is_correction=sides.is_correction,
        is_same_time="same_time" in flags,
        is_same_day="same_day" in flags,
        is_for_another="another" in flags,
        shift=intents.shift(tokens),
        intents=wanted,
        excluded=tuple(when.excluded),
        ambiguous=frozenset(when.ambiguous),
        readings=tuple(dict.fromkeys(when.readings)),
    )


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


def _opens_with_pause(tokens: Tokens) -> bool:
    return len(tokens) > 1 and tokens[1].is_stop


def _staff(tokens: Tokens, vocabulary: Vocabulary, taken: set[int], asked: Asked | None) -> list[services.Heard]:
    """Staff are often namesakes of callers: they need a word like "אצל", or a glued ל."""
    if asked is Asked.NAME:
        return []
    found = services.find_staff(tokens, vocabulary, taken)
    return [heard for heard in found if heard.prefix in ("ל", "של") or _follows_cue(tokens, heard.start)]


def _follows_cue(tokens: Tokens, i: int) -> bool:
    return i > 0 and tokens[i - 1].text in _STAFF_CUES and not (i > 1 and tokens[i - 2].text == "שם")


def _latest(kept: Sequence[Kept], sides: polarity.Polarity) -> list[Kept]:
    """Pieces that stand: not ruled out, and not replaced by one of their kind after a correction."""
    kept = [replace(item, is_doubtful=True) if n in sides.doubted else item for n, item in enumerate(kept)]
    standing = [item for n, item in enumerate(kept) if n not in sides.negated]
    new = {_kind(item) for item in standing if item.chunk.start >= sides.replaced_before}
    return [item for item in standing if item.chunk.start >= sides.replaced_before or _kind(item) not in new]


def _kind(item: Kept) -> str:
    value = item.chunk.value
    if isinstance(value, DAY_LIKE):
        return "day"
    return "time" if isinstance(value, TIME_LIKE) else type(value).__name__


def _service(tokens: Tokens, found: Sequence[services.Heard], sides: polarity.Polarity) -> tuple[str | None, list[str]]:
    """The service wanted, and others that were named beside it. "לא שוודי, רקמות" wants the second."""
    standing = [h for h in found if not (h.start and tokens[h.start - 1].text in ("לא", "ולא", "במקום"))]
    late = [h for h in standing if h.start >= sides.replaced_before]
    names_ = list(dict.fromkeys(h.name for h in (late or standing)))
    return (names_[0], names_[1:]) if names_ else (None, [])
