"""Two days or two hours in one breath, one of them wished: whatever the words between, the wished one is taken."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from server.hebrew.understand import understand
from tests.hebrew_corpus import VOCABULARY, ZONE

NOW = dt.datetime(2026, 11, 22, 9, 30, tzinfo=ZONE)  # a Sunday
DAYS = {"שני": 23, "שלישי": 24, "רביעי": 25, "חמישי": 26}
HOURS = {"עשר": 10, "שתים עשרה": 12, "שלוש": 15, "שש": 18}

DAY_WISHED = """
ב{no} אני לא יכולה, ב{yes} כן
ב{no} אני לא יכול ב{yes} כן
לא ב{no}, ב{yes}
לא {no} אלא {yes}
חשבתי על {no} אבל {yes} עדיף
חשבתי על {no} אבל עדיף {yes}
קבעתי ל{no} ואני רוצה להעביר ל{yes}
במקום {no} אפשר {yes}
ב{no} תפוס לי אז {yes}
יש לי תור ב{no} אפשר להזיז ל{yes}
אפשר להקדים מ{no} ל{yes}
אמרת {no}? אני צריכה {yes}
אמרתי {yes} ולא {no}
לא אמרתי {no} אמרתי {yes}
{no} בבוקר לא טוב, {yes} אחרי הצהריים
אני עובדת ב{no} אבל {yes} פנויה
ביום {no} אתם סגורים? אז {yes}
ב{no} בעצם ב{yes}
ב{no} סליחה {yes}
ב{no} לא רגע ב{yes}
ב{no} אה לא ב{yes}
ב{no} אוי לא ב{yes}
ב{no}, טעות, ב{yes}
ב{no}, לא לא, ב{yes}
ב{no} התכוונתי {yes}
{no}? לא, {yes}
תבטלי את {no} ותקבעי לי {yes}
לבטל את התור ב{no} ולקבוע חדש ב{yes}
שיניתי את דעתי, לא {no} אלא {yes}
בעלי יכול רק ב{yes} לא ב{no}
ב{no} יש לי טיסה, נעשה ב{yes}
ב{no} אני במילואים, אפשר {yes}?
ב{no} זה לא מסתדר, מה עם {yes}
ב{no} פחות, {yes} יותר טוב
עדיף לי ב{yes} מאשר ב{no}
יותר נוח לי ב{yes} מב{no}
רק ב{yes}, לא ב{no}
דווקא ב{yes} ולא ב{no}
הייתי אצלכם ב{no} ואני רוצה שוב ב{yes}
ב{no} היה לי תור ולא הגעתי, אפשר ב{yes}?
ב{no} שעבר הייתי, אפשר ב{yes}
ב{no} יש חתונה של אחותי אז אני צריכה ב{yes}
אפשר ב{yes} במקום ב{no}
ב{no}? לא נראה לי, {yes}
אני מעדיפה את {yes} על {no}
יש לך {no}? אין? אז {yes}
{no} לא, {yes} כן
{no} לא {yes} כן
אני חוזר מחו״ל ב{no} אז ב{yes}
ביום {no}, או יותר טוב {yes}
תזיזי לי את {no} ל{yes}
תזיזי לי את יום {no} ליום {yes}
אפשר להקדים את התור של יום {no} ל{yes}?
התור שלי ב{no} ואני רוצה ל{yes}
יש לי תור ב{no} בשש, אפשר לעבור ל{yes} בשלוש?
קבעתי ל{no} בשש אבל אני צריכה {yes} בשלוש
תחליפו לי את {no} ב{yes}
במקום התור ב{no} תנו לי ב{yes}
לדחות את {no} בשש ל{yes} בשלוש
""".strip().splitlines()

HOUR_WISHED = """
ב{no} לא טוב לי, ב{yes} כן
לא {no} אלא {yes}
חשבתי ב{no} אבל עדיף ב{yes}
ב{no} מוקדם לי, ב{yes}
ב{no} זה מאוחר לי, אולי ב{yes}
יש לי רופא ב{no} אז ב{yes}
אני מסיימת ב{no} אז ב{yes}
הילד מסיים גן ב{no} אז ב{yes}
יש לי תור מחר ב{no}, אפשר לשנות ל{yes}?
ב{no}, סליחה, ב{yes}
ב{no} סליחה ב{yes}
ב{no} בעצם ב{yes}
ב{no} לא רגע ב{yes}
ב{no} אה לא ב{yes}
להעביר מ{no} ל{yes}
אפשר ב{yes} במקום ב{no}
לא ב{no}, ב{yes}
אמרתי {yes} ולא {no}
ב{yes} ולא ב{no}
{no} לא {yes} כן
""".strip().splitlines()


@pytest.mark.parametrize("words", DAY_WISHED)
def test_the_day_that_is_wished_is_taken(words: str) -> None:
    for no, yes in itertools.permutations(DAYS, 2):
        said = words.format(no=no, yes=yes)
        assert understand(said, NOW, None, VOCABULARY).date == dt.date(2026, 11, DAYS[yes]), said


@pytest.mark.parametrize("words", HOUR_WISHED)
def test_the_hour_that_is_wished_is_taken(words: str) -> None:
    for no, yes in itertools.permutations(HOURS, 2):
        said = words.format(no=no, yes=yes)
        assert understand(said, NOW, None, VOCABULARY).time == dt.time(HOURS[yes]), said


@pytest.mark.parametrize("words", ["ב{one} לא ב{two}", "{one} לא {two}", "ביום {one} לא ביום {two}"])
def test_two_days_with_a_bare_no_between_are_in_doubt(words: str) -> None:
    for one, two in itertools.permutations(DAYS, 2):
        assert "date" in understand(words.format(one=one, two=two), NOW, None, VOCABULARY).ambiguous


@pytest.mark.parametrize("words", ["ב{one} בעשר ואם אין ב{two} בשלוש", "ב{one} בבוקר או ב{two} בערב"])
def test_two_slots_to_choose_from_leave_the_day_in_doubt(words: str) -> None:
    for one, two in itertools.permutations(DAYS, 2):
        assert "date" in understand(words.format(one=one, two=two), NOW, None, VOCABULARY).ambiguous
