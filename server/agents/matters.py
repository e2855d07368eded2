"""What else people ring about: errands for the team, questions that only the team can answer, remarks. Told by their
words. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from server.hebrew.models import Intent, Understanding

_EDGE = r"(?<![א-ת])"


class Matter(StrEnum):
    """Errands are passed on to the team at once, in the caller's words."""

    LATE = "late"
    COMPLAINT = "complaint"
    LOST = "lost"
    VOUCHER = "voucher"
    CALL_BACK = "call_back"
    REMINDER = "reminder"
    LETTER = "letter"  # "send it to me by WhatsApp"
    SERIES = "series"  # the same hour every week
    AT_THE_DOOR = "at_the_door"
    CONFIRMED = "confirmed"  # "I am coming"
    SAME_PERSON = "same_person"  # "with whom I was last time"
    REMARK = "remark"  # what the team should know
    # Questions:
    ADVICE = "advice"  # what suits whom: nobody but the team may say
    DESCRIPTION = "description"
    TERMS = "terms"  # of cancelling
    UNTOLD = "untold"  # about something of which the business has told us nothing


ERRANDS = frozenset(
    {
        Matter.LATE,
        Matter.COMPLAINT,
        Matter.LOST,
        Matter.VOUCHER,
        Matter.CALL_BACK,
        Matter.REMINDER,
        Matter.LETTER,
        Matter.SERIES,
        Matter.AT_THE_DOOR,
        Matter.CONFIRMED,
        Matter.REMARK,
    }
)
WITH_A_BOOKING = frozenset({Matter.SERIES, Matter.REMARK, Matter.REMINDER})
"""Errands that, said along with an appointment, become its note."""


@dataclass(frozen=True, slots=True)
class _Sign:
    matter: Matter
    words: re.Pattern[str]


def _sign(matter: Matter, words: str) -> _Sign:
    return _Sign(matter, re.compile(_EDGE + f"(?:{words})"))


_SIGNS = (
    _sign(Matter.LATE, r"(?:אני |אנחנו |ש)?(?:מאחר(?:ת|ים)?(?! ו| ש)|אאחר|נאחר|אתעכב|נתעכב|מתעכב(?:ת|ים)?)(?![א-ת])"),
    _sign(Matter.AT_THE_DOOR, r"(?:ה?דלת|נעול)[^?]*(?:סגור|נעול)|(?:עומד|עומדת|מחכה|פה|כאן) ב?חוץ"),
    _sign(
        Matter.COMPLAINT,
        r"ה?חזר(?![א-ת])|להתלונן|תלונה|(?:היה|היתה|הייתה)(?: לי)?(?: ממש| פשוט| די| נורא)* ?"
        r"(?:נורא|נוראי|גרוע|גרועה|זוועה|על הפנים|מאכזב|לא נעים)|"
        r"(?:ממש |מאוד |מאד )?(?:מאוכזב|לא מרוצה)|את הכסף (?:בחזרה|חזרה)",
    ),
    _sign(
        Matter.LOST,
        r"(?:שכחתי|השארתי|איבדתי|נשאר(?:ה|ו)? לי|אבד(?:ה|ו)? לי)(?! (?:מתי|איזה|באיזה|את השעה|את היום|לבטל|להגיע|לבוא))"
        r"[^?]*(?:אצלכ|שם|בחדר|בספא|במקום|בקליניקה|בלוקר|בחניה)",
    ),
    _sign(
        Matter.VOUCHER,
        r"(?:לקנות|לרכוש|להזמין|קונים|רוכשים|מוכרים|קניית|רכישת|רוצה|צריך|צריכה|יש לכם|עושים)[^?]*"
        r"(?:ב?שובר|שוברים|שובר מתנה|גיפט ?קארד|כרטיס מתנה|תו(?:וי)? (?:קנייה|קניה|מתנה))",
    ),
    _sign(
        Matter.REMINDER,
        r"(?:ש)?(?:תזכיר|תזכירי|תזכירו|להזכיר|יזכירו)(?![א-ת])|(?:תשלח[א-ת]*|לשלוח|לקבל|רוצה|אפשר|יש) תזכורת",
    ),
    _sign(
        Matter.LETTER,
        r"(?:ש|אפשר ש)?(?:תשלח|תשלחי|תשלחו|לשלוח|שלחי|שלחו|ישלחו)(?![א-ת])[^?]*"
        r"(?:הודעה|הודעת|וואטסאפ|ווטסאפ|ווצאפ|ווצאפ|מייל|אימייל|סמס|אסמס|לינק|קישור|מיקום|כתובת|אישור|פרטים)",
    ),
    _sign(
        Matter.CALL_BACK,
        r"(?:ש)?(?:מישהו|מישהי|הם|בעלים|המנהל|המנהלת)?[^?]{0,12}"
        r"(?:יחזור|יחזרו|תחזור|תחזרי|תחזרו|יתקשר|יתקשרו|תתקשר|תתקשרי|תתקשרו|לחזור) (?:אליי|אלי|אלינו|לי)(?![א-ת])",
    ),
    _sign(
        Matter.SERIES,
        r"תור קבוע|קבוע כל|כל שבוע|אחת לשבוע|פעם בשבוע|פעם בחודש|אחת לחודש|כל יום (?:ראשון|שני|שלישי|רביעי|חמישי|שישי)"
        r"(?! (?:אחרי|לפני|מ|עד|חוץ))",
    ),
    _sign(Matter.CONFIRMED, r"(?:אני |אנחנו )(?:מאשרת?|מאשרים|מאשרות)(?![א-ת])(?! ש?ל)"),
    _sign(
        Matter.SAME_PERSON,
        r"(?:[לב]?אות(?:ו|ה) ה?(?:מטפלת?|אחד|אחת|בחור|בחורה)|"
        r"ה?מטפלת? (?:ש(?:הייתי|היה|היתה|הייתה|עשה|עשתה|טיפל)|הקודמת?)|"
        r"(?:אצל )?מי שהייתי (?:אצלו|אצלה)|אצל מי שהייתי)",
    ),
    _sign(
        Matter.REMARK,
        r"ו?אני (?:גם )?(?:אלרגי|אלרגית|רגיש|רגישה|בהריון|אחרי ניתוח)|ו?יש לי (?:אלרגיה|רגישות|פריצת|בעיה ב)|"
        r"אל ת(?:תקשרו|תקשרי|תקשר|גידו|גידי|ספרו|ספרי)|(?:זו|זה|זאת) הפתעה|"
        r"(?:תרשמי|תרשום|תרשמו|תכתבי|תכתוב|תכתבו|תדעו|שתדעו|תעבירו|תעבירי|תמסרו|תמסרי)(?: להם| לה| לו| לצוות)? ?,? ?"
        r"(?:ש(?!ם|עה|ני|ליש|יש|בת|וודי)|בהערות|הערה|בבקשה ש)",
    ),
)
"""In this order: the first that a line shows is its matter."""

_ADVICE = re.compile(
    _EDGE + r"(?:מה (?:אתם |את |אתה |היית )?(?:ממליצ|ממליץ|כדאי|עדיף|מומלץ|טוב)|איזה (?:עיסוי|טיפול|סוג)[^?]*"
    r"(?:מתאים|טוב|כדאי|עדיף|מומלץ|מותר|עוזר)|(?:זה |האם |אפשר |מותר )[^?]*"
    r"(?:ב?ה?היריון|ב?ה?הריון|להריון|להיריון|מסוכן|לחץ דם|פריצת דיסק|ניתוח|פצע)|"
    r"ש?(?:מתאים|טוב|מסוכן|מותר|בטוח)[^?]*(?:הריון|היריון|(?:לכאבי|לגב|גב|לצוואר|צוואר|ניתוח)(?![א-ת]))|מסוכן)"
)
_DESCRIPTION = re.compile(
    _EDGE + r"(?:מה ה?הבדל|ה?הבדל(?:ים)? בין|מה (?:זה|זאת|פירוש) (?:בדיוק |בעצם |בכלל )?|מה (?:זה )?כולל|כולל מה|"
    r"מה (?:בדיוק )?(?:עושים|קורה|יש) (?:ב|שם)|ת?סביר|להסביר|ספר(?:י|ו)? לי|תספר(?:י|ו)? לי|"
    r"איך (?:זה|הטיפול|העיסוי) (?:עובד|נראה|מתנהל)|במה (?:זה |הם )?שונ)"
)
_TREATMENT = re.compile(_EDGE + r"[בהלו]?(?:ה?טיפול|ה?עיסוי|ה?טיפולים|ה?עיסויים|מסאז'?|ביניהם|ביניהן|שניהם)(?![א-ת])")
_TERMS = re.compile(
    _EDGE + r"(?:דמי ביטול|מדיניות (?:ה?ביטול|ה?ביטולים)|עד מתי (?:אפשר|ניתן) לבטל|(?:אם|ואם)[^?]*"
    r"(?:אצטרך|ארצה|נצטרך|צריך|רוצה|חייב|חייבת|אבטל)[^?]*(?:לבטל|ביטול|להזיז|לשנות)|אם אני (?:מבטל|אבטל))"
)

_TOPICS = tuple(
    (topic, re.compile(_EDGE + f"(?:{words})"))
    for topic, words in (
        ("הנחות", r"ה?הנח(?:ה|ות)(?![א-ת])|מבצע(?:ים)?(?![א-ת])|קופון(?:ים)?|מחיר (?:מיוחד|לסטודנט|לחייל)"),
        ("שוברים", r"[בה]?שובר(?:ים)?(?![א-ת])|ביי ?מי(?![א-ת])|גרופון|גיפט|תווי|תו (?:קנייה|קניה|הזהב)"),
        ("מנויים", r"מנוי(?:ים)?(?![א-ת])|כרטיסי(?:ה|יה|יות)|סדרת טיפולים"),
        ("חניה", r"[הבו]?חני(?:ה|יה|ון)|לחנות|להחנות"),
        ("תשלום", r"ב?אשראי|ב?מזומן|תשלומים|אמצעי תשלום|לשלם|משלמים|(?:ב|ל)ביט(?![א-ת])|פייבוקס|קבלה(?![א-ת])|חשבונית"),
        ("נגישות", r"נגיש(?:ות|ים|ה)?(?![א-ת])|כי?סא גלגלים|מעלית|מדרגות"),
        ("המתקנים", r"סאונה|ג'?קוזי|גקוזי|בריכה|מקלחת|מקלחות|מגבת|מגבות|חלוק|לוקר|מלתחה"),
        ("ביטוח וקופות", r"ביטוח|קופ(?:ת|ות) חולים|מהקופה|השתתפות של"),
        ("ההכנות לטיפול", r"(?:מה )?(?:צריך|צריכה|כדאי|אני צריך|אני צריכה) להביא|מה ל(?:הביא|לבוש)|איך להתלבש"),
        ("הצוות", r"(?:מוסמך|מוסמכת|מוסמכים|תעודה|רישיון|ותק|ניסיון)(?![א-ת])"),
        ("הגעה עם ילדים", r"(?:להגיע|לבוא|להביא|מביאים|אפשר)[^?]*(?:תינוקת?|ילד|ילדה|ילדים|הילדים)(?![א-ת])"),
        ("הגעה עם חיות", r"(?:עם|להביא)[^?]*(?:כלב|כלבה|חתול)"),
        ("דלת הכניסה", r"(?:איזו|איזה|באיזה|באיזו) קומה|קוד (?:כניסה|לדלת)|אינטרקום"),
        (
            "הגעה מוקדמת",
            r"(?:לבוא|להגיע|לחכות)[^?]*(?:לפני (?:הזמן|התור|הטיפול|העיסוי)|(?:שעה|דקות) (?:קודם|לפני))(?![א-ת]| [א-ת])",
        ),
        ("משרות", r"(?:מחפש(?:ת)?|מגייסים|דרוש(?:ים|ה)?)[^?]*(?:עבודה|עובדים|מטפל(?:ים|ת)?)|משרה|קורות חיים"),
    )
)

_NOT_OURS = re.compile(
    _EDGE + r"(?:פיצה|המבורגר|סושי|משלוח(?! של)|מונית|מוסך|תספורת|מניקור|פדיקור|לק ?ג'?ל|שעווה|לייזר|איפור|גבות|ריסים|"
    r"בוטוקס|שיאצו|דיקור|פילאטיס|יוגה|מספרה|רופא|מרפאה|וטרינר|חדר במלון)(?![א-ת])"
)


_CHANGES = frozenset({Intent.CANCEL, Intent.RESCHEDULE})


def matter_of(u: Understanding) -> Matter | None:
    """What a line is about beside appointments and prices."""
    if _TERMS.search(u.text):
        return Matter.TERMS
    if u.intents & _CHANGES:
        return None
    if Intent.LATE in u.intents:
        return Matter.LATE
    if _is_advice(u):
        return Matter.ADVICE
    found = next((sign.matter for sign in _SIGNS if sign.words.search(u.text)), None)
    if found is not None:
        return found
    if _DESCRIPTION.search(u.text) and (u.service is not None or _TREATMENT.search(u.text)):
        return Matter.DESCRIPTION
    return Matter.UNTOLD if topic_of(u.text) is not None else None


def is_errand_told(text: str) -> bool:
    """Whether a wish to be called back says what about."""
    return bool(_ABOUT.search(text))


_ABOUT = re.compile(_EDGE + r"(?:לגבי|בקשר|בעניין|בענין|בנושא|על|כי|בגלל|בשביל|שאני|שרציתי|לדבר על)(?![א-ת])")


def _is_advice(u: Understanding) -> bool:
    return bool(_ADVICE.search(u.text)) and u.time is None


def topic_of(text: str) -> str | None:
    """What a question is about that the business has told us nothing of, as in "על … אין לי מידע"."""
    return next((topic for topic, words in _TOPICS if words.search(text)), None)


def asks_for_cheapest(text: str) -> bool:
    return bool(_CHEAPEST.search(text))


_CHEAPEST = re.compile(_EDGE + r"(?:הכי זול|ה?זולה? ביותר|הזול)(?![א-ת])")


def not_ours(text: str) -> str | None:
    """Something that is asked for at another kind of business."""
    found = _NOT_OURS.search(text)
    return found[0] if found else None
