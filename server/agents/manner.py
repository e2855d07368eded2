"""Lines about the talk itself, told by their words: who is there, is it a machine, I cannot hear, not now. Pure."""

from __future__ import annotations

import re

_EDGE = r"(?<![א-ת])"

_MACHINE = re.compile(_EDGE + r"ה?(?:רובוט|בוט|מחשב|מכונה|אמיתית|אנושית|ממוחשבת|בינה מלאכותית)(?![א-ת])")
_PUT_THROUGH = re.compile(_EDGE + r"(?:תעביר|להעביר|תעבירי|נציג|נציגה|לדבר עם (?:בן|מישהו|אדם)|רוצה (?:בן|לדבר))")
_WHO = re.compile(
    _EDGE + r"(?:מי (?:מדבר|מדברת|זה|זאת|שם|את)|לאן הגעתי|לאיפה הגעתי|(?:זה|הגעתי ל|כאן) ?ה?(?:ספא|מספרה|קליניקה))"
)
_MISTAKE = re.compile(_EDGE + r"(?:טעות|התבלבלתי|טעיתי)(?: במספר)?\s*[.!]?$")
_DEAF = re.compile(
    _EDGE + r"(?:לא (?:שומע|שומעת|שומעים|נשמע|נשמעת)|קטוע|קטועה|נקטעת|מקוטע|תחזרי|תחזור|חזרי|שוב בבקשה|לא שמעתי)"
)


def asks_whether_machine(text: str) -> bool:
    return bool(_MACHINE.search(text)) and not _PUT_THROUGH.search(text)


def asks_who(text: str, business: str) -> bool:
    return bool(_WHO.search(text)) or (business in text and text.rstrip().endswith("?"))


def cannot_hear(text: str) -> bool:
    return bool(_DEAF.search(text))


def was_mistaken(text: str) -> bool:
    """Whether the caller has noticed that they rang the wrong place."""
    return bool(_MISTAKE.search(text.strip()))


def asks_how_we_are(text: str) -> bool:
    return bool(_HOW_ARE_YOU.search(text))


_HOW_ARE_YOU = re.compile(_EDGE + r"(?:מה (?:שלומך|שלומכם|נשמע|קורה|המצב|העניינים)|איך (?:הולך|אתם|את)(?= |$))")


def asks_why(text: str) -> bool:
    return bool(_WHY.search(text))


_WHY = re.compile(_EDGE + r"(?:למה|מדוע|בשביל מה|לשם מה)(?![א-ת])")


def asks_whether_heard(text: str) -> bool:
    """ "Hello, can you hear me?" """
    return bool(_HEARD.search(text.strip()))


_HEARD = re.compile(
    _EDGE + r"(?:ש?שומע(?:ים|ת)? אותי|אתם (?:שם|על הקו|איתי)|את (?:שם|על הקו|איתי)(?! )|"
    r"יש שם מישהו(?! ש)|יש מישהו (?:שם|על הקו))|"
    r"^(?:אה |אממ )*(?:הלו[ ,?!]*)+$"
)


def puts_off(text: str) -> bool:
    """Whether the caller will think about it, or ring another time."""
    return bool(_LATER.search(text))


_LATER = re.compile(
    _EDGE
    + r"(?:אני |אנחנו |ואז |ו)?(?:אחשוב|נחשוב|אתייעץ|נתייעץ|אתלבט|צריכה? (?:לחשוב|להתייעץ))(?![א-ת])|"
    + _EDGE
    + r"(?:אני |אנחנו |ו)?(?:אחזור|נחזור|אתקשר|נתקשר|אצלצל) (?:אליכם|אלייך|אליך|כבר|שוב|אחר כך|מאוחר יותר|בהמשך|מחר)"
)


def only_asks(text: str) -> bool:
    """Whether the caller says that they only want to know something."""
    return bool(_ONLY_ASKS.search(text))


_ONLY_ASKS = re.compile(
    _EDGE + r"(?:רק|סתם) (?:רציתי |רוצה |באתי )?(?:לדעת|לשאול|לברר|לבדוק|שאלה|שאלתי|שואל(?:ת)?|בודק(?:ת)?|מברר(?:ת)?|"
    r"מתעניינ(?:ת)?|מתעניין|להתעניין)|(?:בודק(?:ת)?|משווה|משווים) מחירים"
)

_FILLERS = re.compile(
    r"[^א-ת ]+|(?<![א-ת])(?:אה+|אמ+|אממ+|המ+|אהמ|נו|אז|טוב|כן|לא|אוקיי|אני|אנחנו|היי|שלום|הלו|תראי|תראו|תשמע|"
    r"תשמעי|תשמעו|"
    r"תגידי|תגידו|תגיד|רגע|שנייה|שניה|יעני|כאילו|בעצם|רציתי|רוצה|צריך|צריכה|חשבתי|אפשר|זה|את|ה|סליחה|בבקשה)(?![א-ת])"
)


def has_not_come_to_it(text: str) -> bool:
    """Whether a line only begins: "אני אה רציתי"."""
    words = text.split()
    begins = len(words) > 1 and re.search(
        _EDGE + r"(?:אני|רציתי|רוצה|צריך|צריכה|אז|אה+|אמ+|כאילו|בעצם)$", text.rstrip(" .,…")
    )
    return bool(begins) and not _FILLERS.sub("", text).strip()


_COURTESIES = re.compile(
    r"[^א-ת ]+|(?<![א-ת])(?:לא|כן|תודה|רבה|תודות|זה|זהו|הכל|הכול|בינתיים|ביי|להתראות|יום|ערב|לילה|שבוע|שבת|חג|טוב|טובה|"
    r"שמח|שלום|נעים|מצוין|מעולה|סבבה|אוקיי|אוקי|בסדר|יופי|אחלה|אין|צריך|צריכה|שום|דבר|נוסף|עוד|כלום|מסודר|מסודרת|גמור|"
    r"אני|לי|לכם|לך|את|אתם|גם|המשך|חמודה|מותק|אה|אז|רק|ממש|משהו|היי|הי|נו|יאללה|ויאללה|קיבלתי|סיימנו|סיימתי)(?![א-ת])"
)


def is_plain(text: str) -> bool:
    """Whether a line is a yes, a no or a thank-you and hardly anything else."""
    return len(_COURTESIES.sub("", text).split()) < 3
