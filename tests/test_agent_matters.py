"""What lines are about beside appointments: errands, questions for the team, remarks; and what only looks like it."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from server.agents.dialogue.dictation import pieces_with
from server.agents.manner import asks_whether_heard, has_not_come_to_it, is_plain, only_asks, puts_off
from server.agents.matter_signs import Matter
from server.agents.matters import matter_of, not_ours, topic_of
from server.agents.people import both_names, corrected_name, group_size, named_also
from server.hebrew.models import ServiceWords, Vocabulary
from server.hebrew.understand import understand

NOW = dt.datetime(2026, 11, 22, 10, tzinfo=ZoneInfo("Asia/Jerusalem"))
WORDS = Vocabulary(services=(ServiceWords("רקמות עמוק", ("רקמות",)), ServiceWords("אבנים חמות")), staff=("מאיה", "רון"))


def about(text: str) -> Matter | None:
    return matter_of(understand(text, NOW, None, WORDS))


@pytest.mark.parametrize(
    ("text", "matter"),
    [
        ("אני מאחרת בעשר דקות", Matter.LATE),
        ("הטיפול אתמול היה ממש נורא", Matter.COMPLAINT),
        ("השארתי אצלכם משקפיים בחדר", Matter.LOST),
        ("איך קונים שובר מתנה", Matter.VOUCHER),
        ("אתם מוכרים שוברים", Matter.VOUCHER),
        ("שמישהו יחזור אליי", Matter.CALL_BACK),
        ("תזכירו לי יום לפני", Matter.REMINDER),
        ("אפשר שתשלחו לי את הכתובת בוואטסאפ", Matter.LETTER),
        ("כל שבוע ביום שני", Matter.SERIES),
        ("יום כיף לצוות של עשרה אנשים", Matter.EVENT),
        ("אפשר לבוא בלי לקבוע תור", Matter.WALK_IN),
        ("אני עומדת בחוץ והדלת סגורה", Matter.AT_THE_DOOR),
        ("ואני אלרגית לאגוזים", Matter.REMARK),
        ("זה מסוכן בהריון", Matter.ADVICE),
        ("מה ההבדל ביניהם", Matter.DESCRIPTION),
        ("מה זה בדיוק אבנים חמות", Matter.DESCRIPTION),
        ("ואם אני אצטרך לבטל", Matter.TERMS),
        ("כמה זמן מראש צריך לבטל", Matter.TERMS),
        ("יש לכם חניה", Matter.UNTOLD),
        ("איזה יום זה יוצא", Matter.RECAP),
        ("לאותו מטפל כמו בפעם שעברה", Matter.SAME_PERSON),
        ("כמו בפעם הקודמת", Matter.AS_BEFORE),
        ("למה אף אחד לא עונה", Matter.KEPT_WAITING),
    ],
)
def test_a_line_is_about(text: str, matter: Matter) -> None:
    assert about(text) is matter


@pytest.mark.parametrize(
    "text",
    [
        "רציתי לבדוק לגבי מחר בערב",
        "לא יכול להגיע לפני עשר וחצי",
        "בשישי אני עם הילדים, אולי ראשון",
        "קיבלתי תזכורת לתור של מחר",
        "שכחתי מתי התור שלי",
        "מאחר ולא ענו לי אני מתקשר שוב",
        "תעבירי לי את התור לשלישי",
        "אני רוצה שוודי של שעה מחר בעשר",
        "מי זה",
        "תוסיפי גם לחברה שלי טליה באותה שעה",
        "טוב, תודה רבה לכם",
    ],
)
def test_a_line_is_about_nothing_beside_appointments(text: str) -> None:
    assert about(text) is None


def test_what_is_not_known_has_a_name() -> None:
    assert topic_of("יש הנחה לסטודנטים?") == "הנחות"
    assert topic_of("אפשר לשלם באשראי") == "תשלום"
    assert topic_of("אפשר לקבוע מחר") is None


def test_other_trades() -> None:
    assert not_ours("אפשר להזמין פיצה") == "פיצה"
    assert not_ours("אפשר להזמין טיפול") is None


def test_lines_about_the_talk() -> None:
    assert asks_whether_heard("הלו")
    assert has_not_come_to_it("אני אה רציתי")
    assert not has_not_come_to_it("אני רוצה טיפול פנים")
    assert puts_off("אני אחשוב על זה ואחזור אליכם")
    assert not puts_off("מתי אפשר לחזור לטיפול")
    assert only_asks("רק רציתי לדעת")


@pytest.mark.parametrize("text", ["לא תודה", "לא זה הכול תודה רבה", "כן", "לא, אני מסודרת"])
def test_a_plain_answer(text: str) -> None:
    assert is_plain(text)


@pytest.mark.parametrize("text", ["לא הילה אילה עם אלף", "מצוין אל תתקשרו אליו זו הפתעה"])
def test_an_answer_with_more_behind_it(text: str) -> None:
    assert not is_plain(text)


def test_names_of_two_and_of_another() -> None:
    assert both_names("לימור וסיון") == ("לימור", "סיון")
    assert both_names("גיא ואשתי") is None
    assert corrected_name("לא הילה אילה") == "אילה"
    assert corrected_name("לא תודה") is None
    assert named_also("תוסיפי גם לחברה שלי טליה באותה שעה") == "טליה"


def test_how_many_come() -> None:
    assert group_size("אנחנו שלוש חברות") == 3
    assert group_size("לשלושתנו") == 3
    assert group_size("ביום שלישי בשלוש") == 0


def test_a_number_in_pieces() -> None:
    first = pieces_with("", "אפס חמש שתיים")
    second = pieces_with(first, "שש שש חמש חמש")
    assert first == "אפס חמש שתיים"
    assert second == "אפס חמש שתיים שש שש חמש חמש"
    assert pieces_with(second, "ארבע ארבע שלוש") == ""  # whole now


@pytest.mark.parametrize("text", ["למה את צריכה", "רגע", "12345", "כן"])
def test_no_piece_of_a_number(text: str) -> None:
    assert pieces_with("", text) == ""
