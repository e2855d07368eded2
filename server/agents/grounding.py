"""The last look at a reply before it is spoken: clean, short, without a second greeting, and true to this call.

Pure, at most 1 ms a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from server.agents.saying import WORD_LIMIT, word_count

_MARKS = re.compile(r"[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7]")
_URL = re.compile(r"(?:https?://|www\.)\S+")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_TAG = re.compile(r"<[^<>]{0,200}>|&#?\w{1,10};")
_ENDLESS = re.compile(r"\S{40,}")
_MARKDOWN = re.compile(r"(?:^|\n)\s*(?:[-*•]|\d+\.)\s+|[*_`#>~|]+")
_SLASH_FORM = re.compile(r"([א-ת]{2,})/(?:[א-ת]{1,2}(?![א-ת])|[א-ת]+)")
_EMOJI = re.compile(r"[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d]")
_BIDI = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_GREETING = re.compile(
    r"^\s*(?:(?:שלום|היי|הי|אהלן|בוקר טוב|ערב טוב|צהריים טובים|אחר צהריים טובים)"
    r"(?: (?:לכם|וברכה|רב))*(?:[,!.:\s–-]+|$)|ברוכים הבאים[^.!?]*[.!?]\s*)"
)
_INTRODUCTION = re.compile(
    r"^\s*(?:(?:הגעתם ל|כאן העוזרת)[^.!?]*[.!?]?\s*|"
    r"(?:אני|זאת|זו) העוזרת (?:הדיגיטלית|הווירטואלית|הוירטואלית|הממוחשבת|האוטומטית|של)(?![א-ת])[^,.!?]*"
    r"(?:,\s*(?:ו(?=אני|אשמח))?|[.!?]\s*|$))"
)
_CLAUSE = re.compile(r"(?<=[,;:–])\s+|(?<=\s)(?=(?:או|אבל|כי|וגם)\s)")

SENTENCE_END = r"[.!?]+(?=\s)|[!?]+(?=[א-ת])|(?:(?<=[א-ת]{2})|(?<=[\"״][א-ת])|(?<=:\d\d))\.+(?=[א-ת]{2})"
"""Some models leave out the blank before the next sentence; an abbreviation ("ת.ז") stays whole."""

_SENTENCE_END = re.compile(SENTENCE_END)
_SEVERAL_QUESTIONS = re.compile(r"(\?[?!]*)[^?!\s].*\?.*")


def clean(text: str) -> str:
    """Text without anything that is not to be spoken: markdown, addresses, emoji, niqqud, slash forms."""
    text = _LINK.sub(r"\1", _BIDI.sub("", text))
    text = _ENDLESS.sub("", _EMOJI.sub("", _URL.sub("", _TAG.sub("", _MARKS.sub("", text)))))
    text = _SLASH_FORM.sub(r"\1", _MARKDOWN.sub(" ", text))
    return re.sub(r"\s+([,.!?])", r"\1", " ".join(text.split()))


def without_greeting(text: str, *, may_introduce: bool = False) -> str:
    """The text without a greeting at its head; the caller was greeted when the call was answered.

    `may_introduce`: the caller asks who is speaking.
    """
    before = None
    while before != text:
        before = text
        text = _GREETING.sub("", text)
        text = text if may_introduce else _INTRODUCTION.sub("", text)
    return text.strip()


def with_one_question(text: str) -> str:
    """A sentence as far as the first of several questions in it, which no blank tells apart."""
    return _SEVERAL_QUESTIONS.sub(r"\1", text, count=1)


def sentences(text: str) -> Iterator[str]:
    """A reply cut into sentences; hours, prices and dates stay whole."""
    begin = 0
    for end in (*(match.end() for match in _SENTENCE_END.finditer(text)), len(text)):
        part, begin = text[begin:end].strip(), end
        if re.search(r"\w", part):
            yield part


def shortened(text: str, room: int = WORD_LIMIT) -> str:
    """As much of a sentence as `room` spoken words hold, cut at a clause; "" when not even one fits."""
    if word_count(text) <= room:
        return text
    parts = [part for part in _CLAUSE.split(text) if part]
    while parts and word_count(" ".join(parts)) > room:
        parts.pop()
    kept = " ".join(parts).rstrip(" ,;:–")
    return f"{kept}." if kept else ""
