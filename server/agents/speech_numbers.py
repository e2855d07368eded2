"""Amounts of money and numbers of things in a sentence of the agent. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from server.calendar.models import BusinessFacts
from server.hebrew.numbers import cardinal
from server.hebrew.said import Bare, Chunk
from server.hebrew.tokens import Kind, Tokens

SMALLEST_PRICE = 100
"""The agent writes hours as 17:30, so a number of three figures is money, with or without its currency."""

LARGEST_COUNT = 12
"""More hours than that are no starts that are counted, but a stretch of time."""

_MONEY = frozenset(("שקל", "שקלים", 'ש"ח', "שח", "₪"))

THINGS = {
    "תורים": "visit", "התורים": "visit", "פגישות": "visit", "הפגישות": "visit", "הזמנות": "visit",
    "שעות": "free", "השעות": "free", "אפשרויות": "free", "מועדים": "free", "המועדים": "free", "מקומות": "free",
    "חלונות": "free", "זמנים": "free",
    "מטפלים": "staff", "מטפלות": "staff", "המטפלים": "staff", "אנשי": "staff",
    "אורכים": "length",
    "סוגי": "service", "סוגים": "service", "טיפולים": "treatment", "הטיפולים": "treatment", "עיסויים": "treatment",
}  # fmt: skip
"""What is counted, by its plural."""

_SINGLE = {"תור": "visit", "מקום": "free", "מועד": "free", "אפשרות": "free", "חלון": "free", "מטפל": "staff"}
_ONE = frozenset(("אחד", "אחת", "יחיד", "יחידה", "אחרון", "אחרונה"))
_LEFT = frozenset(("נשארה", "נותרה", "רק", "עוד", "לי", "לנו"))
"""Before "שעה אחת" they make it a start, and no length."""

_TWO = frozenset(("שני", "שתי", "שניים", "שתיים"))


@dataclass(frozen=True, slots=True)
class Count:
    """A number of things of one kind: "visit", "free" starts, "staff", "service", or "treatment" (either)."""

    number: int
    thing: str


@dataclass(frozen=True, slots=True)
class Found:
    """Shekels or a count, at `at`..`end` of the text; `places` are the tokens that it takes up."""

    value: int | Count
    at: int
    end: int
    places: range


def amounts(tokens: Tokens, taken: Collection[int]) -> Iterator[Found]:
    """Every amount of money: a number before its currency, or one of at least three figures."""
    i = 0
    while i < len(tokens):
        number = cardinal(tokens, i) if i not in taken and _may_be_number(tokens, i) else None
        if number is None:
            i += 1
            continue
        has_currency = number.end < len(tokens) and tokens[number.end].text in _MONEY
        is_year = 2020 <= number.value <= 2100
        if has_currency or (number.value >= SMALLEST_PRICE and not is_year):
            end = number.end + has_currency
            yield Found(number.value, tokens[i].start, tokens[end - 1].end, range(i, end))
        i = number.end


def _may_be_number(tokens: Tokens, i: int) -> bool:
    token = tokens[i]
    return token.kind is Kind.NUMBER or (token.kind is Kind.WORD and (bool(token.senses) or "מא" in token.text))


def counts(tokens: Tokens, taken: Collection[int], facts: BusinessFacts) -> Iterator[Found]:
    """ "שלוש אפשרויות", "שני תורים", "מקום אחד"; "שעתיים" of treatment is no two hours that are free."""
    for i in range(len(tokens) - 1):
        if i in taken:
            continue
        number = 2 if tokens[i].text in _TWO else None
        end = i + 1
        if number is None and _may_be_number(tokens, i):
            cardinal_ = cardinal(tokens, i)
            number, end = (cardinal_.value, cardinal_.end) if cardinal_ is not None else (None, end)
        if number is not None and end < len(tokens) and tokens[end].text in THINGS:
            thing = THINGS[tokens[end].text]
            is_stretch = end + 1 < len(tokens) and tokens[end + 1].text in ("לפני", "מראש", "אחרי", "לאחר")
            is_stretch = is_stretch or number > LARGEST_COUNT or _is_length(60 * number, facts)
            if not (tokens[end].text == "שעות" and is_stretch):
                yield Found(Count(number, thing), tokens[i].start, tokens[end - 1].end, range(i, end))
        elif tokens[i].text in _SINGLE and tokens[i + 1].text in _ONE:
            yield Found(Count(1, _SINGLE[tokens[i].text]), tokens[i + 1].start, tokens[i + 1].end, range(i + 1, i + 2))
        elif tokens[i].text == "שעה" and tokens[i + 1].text in _ONE and i and tokens[i - 1].text in _LEFT:
            yield Found(Count(1, "free"), tokens[i + 1].start, tokens[i + 1].end, range(i, i + 2))


def _is_length(minutes: int, facts: BusinessFacts) -> bool:
    return any(option.minutes == minutes for service in facts.services for option in service.lengths)


def is_listed_length(chunk: Chunk, tokens: Tokens) -> bool:
    """Whether a bare number shares its unit with a later one: "45, 60 או 90 דקות"."""
    value = chunk.value
    if not isinstance(value, Bare) or value.value < 15:
        return False
    for i in range(chunk.end, min(chunk.end + 8, len(tokens))):
        token = tokens[i]
        if token.text == "דקות":
            return True
        if not (token.is_stop or token.text in ("או", "ו") or token.kind is Kind.NUMBER or token.read("numeral")):
            return False
    return False
