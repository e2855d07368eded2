"""What must hold for every input and every slot."""

from __future__ import annotations

import datetime as dt
from time import thread_time

from hypothesis import given, settings
from hypothesis import strategies as st

from server.hebrew.completeness import completeness
from server.hebrew.models import Asked, Offer, Vocabulary
from server.hebrew.say import (
    say_date,
    say_minutes,
    say_phone,
    say_range,
    say_relative_date,
    say_slot,
    say_time,
)
from server.hebrew.speak import speak
from server.hebrew.understand import understand
from tests import hebrew_corpus
from tests.hebrew_corpus import MOMENTS, VOCABULARY, ZONE

NOWS = [dt.datetime.fromisoformat(moment).replace(tzinfo=ZONE) for moment in MOMENTS.values()]
SUNDAY = NOWS[0]
WORDS = sorted({word for case in hebrew_corpus.cases() for word in case.text.split()})

lines = st.one_of(
    st.text(max_size=80),
    st.text(alphabet="אבגדהוזחטיכלמנסעפצקרשתםןץףך0123456789:./-\"' ,?", max_size=80),
    st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join),
)
offers = st.lists(st.builds(Offer, st.dates(dt.date(2026, 1, 1), dt.date(2028, 1, 1)), st.times()), max_size=3)


@settings(max_examples=400, deadline=None)
@given(lines, st.sampled_from(NOWS), st.sampled_from([None, *Asked]), offers)
def test_no_line_raises(line: str, now: dt.datetime, asked: Asked | None, offered: list[Offer]) -> None:
    meaning = understand(line, now, asked, VOCABULARY, offered)
    assert meaning.text == line
    assert meaning.date is None or meaning.date_from is None
    assert understand(line, now, asked, Vocabulary()) is not None


@settings(max_examples=300, deadline=None)
@given(lines, st.sampled_from(NOWS))
def test_no_day_before_today_comes_back_unmarked(line: str, now: dt.datetime) -> None:
    meaning = understand(line, now, None, VOCABULARY)
    earliest = min((day for day in (meaning.date, meaning.date_from) if day is not None), default=now.date())
    assert earliest >= now.date() or "date" in meaning.ambiguous


@settings(max_examples=300, deadline=None)
@given(lines, st.sampled_from([None, *Asked]))
def test_completeness_of_anything(line: str, asked: Asked | None) -> None:
    assert completeness(line, asked) in ("complete", "open", "unfinished")


@settings(max_examples=400, deadline=None)
@given(lines)
def test_nothing_spoken_holds_figures_or_signs(line: str) -> None:
    said = speak(line)
    assert not any(char.isdigit() for char in said)
    assert not set(said) & set("₪%/*#_")


def quarters() -> list[dt.time]:
    return [dt.time(hour, minute) for hour in range(9, 20) for minute in range(0, 60, 5)]


def test_every_day_of_a_year_said_aloud_is_the_same_day() -> None:
    today = SUNDAY.date()
    for ahead in range(366):
        day = today + dt.timedelta(ahead)
        for said in (say_date(day, today), say_relative_date(day, today)):
            meaning = understand(said, SUNDAY, None, VOCABULARY)
            assert (meaning.date, meaning.ambiguous) == (day, frozenset()), said


def test_every_slot_of_a_year_said_aloud_is_the_same_slot() -> None:
    """Each day with some of the times, so that every pair of weekday and time occurs; the times all on one day."""
    today, times = SUNDAY.date(), quarters()
    for ahead in range(366):
        day = today + dt.timedelta(ahead)
        opens = [time for time in times if any(a <= time < b for a, b in VOCABULARY.hours.on(day))]
        for time in opens[ahead % 7 :: 7]:
            said = say_slot(day, time, today)
            meaning = understand(said, SUNDAY, None, VOCABULARY)
            assert (meaning.date, meaning.time, meaning.ambiguous) == (day, time, frozenset()), said


def test_slots_displayed_in_figures_are_spoken_as_the_same_slot() -> None:
    today = SUNDAY.date()
    for ahead in range(1, 90):
        day = today + dt.timedelta(ahead)
        for time in (dt.time(9), dt.time(12, 45), dt.time(19, 15)):
            said = speak(f"ביום {day.day}.{day.month} ב-{time:%H:%M}")
            meaning = understand(said, SUNDAY, None, VOCABULARY)
            assert (meaning.date, meaning.time) == (day, time), said


def test_every_minute_of_the_day_said_with_its_part_is_the_same_time() -> None:
    for minute in range(0, 24 * 60, 5):
        time = dt.time(minute // 60, minute % 60)
        meaning = understand(f"ב{say_time(time)}", SUNDAY, None, VOCABULARY)
        assert meaning.time == time, say_time(time)


def test_lengths_ranges_and_phones_said_aloud_are_the_same() -> None:
    for minutes in range(15, 245, 5):
        assert understand(say_minutes(minutes), SUNDAY, None, VOCABULARY).duration_min == minutes, say_minutes(minutes)
    for low in range(9, 19):
        said = say_range(dt.time(low), dt.time(low + 1))
        meaning = understand(said, SUNDAY, None, VOCABULARY)
        assert (meaning.time_from, meaning.time_to) == (dt.time(low), dt.time(low + 1)), said
    for digits in ("501234567", "527771119", "35550100", "772223344"):
        assert understand(say_phone("+972" + digits), SUNDAY, None, VOCABULARY).phone == "+972" + digits


CARRIERS = (
    "אני רוצה תור {}",
    "אפשר {} עיסוי שוודי?",
    "שלום, {} יש לכם משהו?",
    "תקבע לי {} על שם דני",
    "אה {}",
    "היי קוראים לי דנה ואני רוצה {} אם אפשר",
    "תקבעי לי בבקשה {} רקמות עמוק לשעה",
)
PLAIN_CLASSES = ("relative", "weekday", "dates", "weeks", "hebrew_calendar", "clock", "bounds")
TIME_FIELDS = ("date", "date_from", "date_to", "time", "time_from", "time_to", "daypart")


def test_what_a_phrase_means_does_not_change_inside_a_sentence() -> None:
    for case in hebrew_corpus.cases():
        if case.kind not in PLAIN_CLASSES or case.asked or case.offered:
            continue
        alone = understand(case.text, case.now, None, VOCABULARY)
        for carrier in CARRIERS:
            line = carrier.format(case.text)
            inside = understand(line, case.now, None, VOCABULARY)
            for field in TIME_FIELDS:
                assert getattr(inside, field) == getattr(alone, field), (line, field)


def test_niqqud_and_presentation_forms_change_nothing() -> None:
    dressed = {"ש": "שׁ", "ב": "בּ", "מ": "מָ", "ל": "לְ", "׳": "'", "״": '"', "-": "־"}
    for case in hebrew_corpus.cases():
        line = "".join(dressed.get(char, char) for char in case.text)
        bare = understand(case.text, case.now, case.asked, VOCABULARY, case.offered)
        pointed = understand(line, case.now, case.asked, VOCABULARY, case.offered)
        for field in (*TIME_FIELDS, "duration_min", "service", "answer", "intents", "excluded", "ambiguous"):
            assert getattr(bare, field) == getattr(pointed, field), (line, field)


def test_no_line_takes_long() -> None:
    """Repetition is the worst that can be fed in; the bound is generous, explosion is what it catches."""
    for piece in ("לא סליחה אפס ", "אפס חמש, ", "שלוש ", "בין שני לשלישי ", "עד מחר או ", "כפול שבע לא ", "מחר. "):
        start = thread_time()
        understand(piece * 100, SUNDAY, Asked.PHONE, VOCABULARY)
        understand(piece * 100, SUNDAY, None, VOCABULARY)
        assert thread_time() - start < 1.0, piece
