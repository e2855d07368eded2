"""How finished words look, given the question just asked."""

from __future__ import annotations

import pytest

from server.hebrew.completeness import completeness
from server.hebrew.models import Asked

COMPLETE = [
    ("כן", Asked.CONFIRM),
    ("לא", Asked.CONFIRM),
    ("כן בבקשה", None),
    ("לא תודה", None),
    ("לא משנה לי", Asked.TIME),
    ("מחר", Asked.DAY),
    ("ביום שלישי", Asked.DAY),
    ("מחר אחרי הצהריים", Asked.DAY),
    ("ארבע", Asked.TIME),
    ("בארבע וחצי", Asked.TIME),
    ("בין ארבע לשש", Asked.TIME),
    ("בבוקר", Asked.TIME),
    ("מתי שיש", Asked.TIME),
    ("דני", Asked.NAME),
    ("דני כהן", Asked.NAME),
    ("שעה", Asked.DURATION),
    ("שישים", Asked.DURATION),
    ("תשעים דקות", Asked.DURATION),
    ("0501234567", Asked.PHONE),
    ("אפס חמש אפס אחת שתיים שלוש ארבע חמש שש שבע", Asked.PHONE),
    ("השנייה", Asked.CHOICE),
    ("בארבע", Asked.CHOICE),
    ("תודה", None),
    ("להתראות", None),
]

UNFINISHED = [
    ("ביום", Asked.DAY),
    ("ביום ראשון או", Asked.DAY),
    ("רבע ל", Asked.TIME),
    ("בין ארבע", Asked.TIME),
    ("ארבע ו", Asked.TIME),
    ("בערך ב", Asked.TIME),
    ("עשרים", Asked.TIME),
    ("אחרי", Asked.TIME),
    ("קוראים לי", Asked.NAME),
    ("על שם", Asked.NAME),
    ("אה", Asked.NAME),
    ("אפס חמש", Asked.PHONE),
    ("050", None),
    ("אפס חמש ארבע אחת שתיים שלוש ארבע חמש שש", Asked.PHONE),
    ("המספר שלי הוא", None),
    ("לא אבל", Asked.CONFIRM),
    ("לא, סליחה", None),
    ("אני רוצה לקבוע תור ל", None),
    ("שוודי שישים", None),
    ("רגע", None),
    ("אממ", None),
]

OPEN = [
    ("", None),
    ("אני רוצה לקבוע תור", None),
    ("כמה עולה שוודי?", None),
    ("שלום", None),
    ("מחר ב-12", None),
    ("תקבע לי מחר ב-12 שוודי שעה. דני.", None),
    ("למה אתם צריכים את זה", Asked.NAME),
]


@pytest.mark.parametrize(("words", "asked"), COMPLETE)
def test_whole_answers_are_complete(words: str, asked: Asked | None) -> None:
    assert completeness(words, asked) == "complete"


@pytest.mark.parametrize(("words", "asked"), UNFINISHED)
def test_what_visibly_goes_on_is_unfinished(words: str, asked: Asked | None) -> None:
    assert completeness(words, asked) == "unfinished"


@pytest.mark.parametrize(("words", "asked"), OPEN)
def test_the_rest_is_open(words: str, asked: Asked | None) -> None:
    assert completeness(words, asked) == "open"
