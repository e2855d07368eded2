"""What the words of the agent claim: each that can carry a claim, by its sense.

Forms are listed as they are said: Hebrew's past in the first person ("קבעתי", "קבענו"), its passive ("נקבע") and its
participle ("קבוע") tell the same deed. Pure.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from server.agents.claims.plain_words import PLAIN
from server.hebrew import lexicon
from server.hebrew.wordlists import words


class Sense(StrEnum):
    """The claim in a word."""

    NOT = "not"
    ASK = "ask"
    IF = "if"  # nothing is asserted behind it
    MAY = "may"  # something is possible or wished, and not done
    TODO = "todo"  # a deed as an infinitive or a promise
    LOOK = "look"  # looking up, with no outcome yet
    LOOKED = "looked"
    ABLE = "able"  # what the agent knows or can, when it is denied
    FREE = "free"
    TAKEN = "taken"
    THERE = "there"
    OFFER = "offer"
    OR = "or"
    NOTHING = "nothing"
    ROOM = "room"  # what is free or not
    OPEN = "open"
    OPENS = "opens"
    CLOSES = "closes"
    CLOSED = "closed"
    WORKS = "works"
    DOES = "does"
    BOOK = "book"
    BOOKING = "booking"  # in the present: heard as done when it comes with an hour
    WRITE = "write"
    MOVE = "move"
    MOVES = "moves"
    CHANGE = "change"
    CANCEL = "cancel"
    PASS = "pass"
    TRANSFER = "transfer"
    SEND = "send"  # a text message that may be promised
    REMIND = "remind"
    SENT = "sent"  # what was sent already, and ways by which nothing is
    CHARGE = "charge"
    GIFT = "gift"
    BACK = "back"  # somebody will call back
    SUCCEED = "succeed"
    STAY = "stay"
    VISIT = "visit"
    MEET = "meet"
    YOURS = "yours"
    PRICE = "price"
    PAY = "pay"  # how and when is nowhere said
    FROM = "from"
    TOTAL = "total"
    CHEAP = "cheap"
    DEAR = "dear"
    ONLY = "only"
    FIRST = "first"
    NEAR = "near"
    LAST = "last"
    MANY = "many"
    SOME = "some"
    ALL = "all"
    EXCEPT = "except"
    LASTS = "lasts"
    ENDS = "ends"
    PAST = "past"
    SAID = "said"
    INSTEAD = "instead"
    BEFORE = "before"
    MESSAGE = "message"
    CONTACT = "contact"
    CALL = "call"
    OTHERS = "others"
    CUSTOMERS = "customers"
    MACHINE = "machine"
    HUMAN = "human"
    AGENT = "agent"  # a person to whom one may be put through
    LEAK = "leak"
    PLACE = "place"
    CARE = "care"  # treatments and what they are about
    UNFOUNDED = "unfounded"


_WORDS: dict[Sense, frozenset[str]] = {
    Sense.NOT: words("לא אין אי אינו אינה אינם אינן איני אינני אינכם בלי ללא אף טרם מבלי"),
    Sense.ASK: words(
        """
    מה מתי איפה איך איזה איזו אילו לאיזה לאיזו באיזה באיזו מאיזה ואיזה מי למי האם למתי ממתי כמה לכמה בכמה מדוע למה
    נכון
    """
    ),
    Sense.IF: words(
        """
        אם ואם כדי במידה במקרה כאשר לכש לפני אחרי ברגע כשתרצו כשתגידו כשיתפנה לאחר אילו לו כשתדעו כשנוח כשתחליטו
        כשתבחרו
        """
    ),
    Sense.MAY: words(
        """
        תרצו תרצי תרצה רוצים רוצה תעדיפו מעדיפים אפשר נוכל אוכל תוכלו תוכל תוכלי יכולה יכול יכולים יכולות אשמח נשמח
        צריך צריכה צריכים כדאי ניתן מוכנים מעוניינים תבקשו נצטרך תצטרכו אצטרך שאקבע שאבטל שאעביר שאזיז שאשנה שנקבע
        שנבטל שנעביר שנזיז שאבדוק שאמסור שאשאיר שארשום שאחפש שנבדוק
        """
    ),
    Sense.TODO: words(
        """
        לקבוע לבטל להעביר להזיז לשנות לעדכן לתאם להזמין לשריין לשמור לרשום להשאיר למסור לאשר לסגור לדחות להקדים
        להחליף להוסיף לתקן לקצר להאריך לחבר לשלב לשבץ להכניס לתפוס להירשם להיכנס למחוק להמיר לחזור להתקשר ליצור אקבע
        נקבע אבטל נבטל אעביר נעביר אזיז נזיז אשנה נשנה אעדכן נעדכן ארשום נרשום אשאיר נשאיר אמסור נמסור אסגור נסגור
        אשריין נשריין אשמור נשמור אתאם נתאם שיחזרו
        """
    ),
    Sense.LOOK: words(
        """
        בודקת בודק בודקים אבדוק נבדוק לבדוק מחפשת מחפש מחפשים אחפש נחפש לחפש מסתכלת אסתכל נסתכל להסתכל אראה נראה
        לראות מבררת אברר נברר לברר
        """
    ),
    Sense.LOOKED: words("בדקתי בדקנו חיפשתי חיפשנו הסתכלתי הסתכלנו ביררתי בררתי"),
    Sense.ABLE: words(
        """
        מידע גישה דרך סמכות יודעת יודע יודעים לדעת בטוחה בטוח מכירה מכיר יכולה יכול אוכל נוכל רשאית רשאי ניתן מוסמכת
        מורשית הרשאה ידוע ידועה תשובה נתונים מורשים מוסרת מוסרים נותנת חושפת משתפת מעודכנת עוסקת הצלחתי
        """
    ),
    Sense.FREE: words(
        """
        פנוי פנויה פנויים פנויות זמין זמינה זמינים זמינות מתפנה יתפנה התפנה התפנתה אפשרי אפשרית מתאפשר פתוחה פתוחות
        ריק ריקה
        """
    ),
    Sense.TAKEN: words(
        """
        תפוס תפוסה תפוסים תפוסות מלא מלאה מלאים מלאות עמוס עמוסה עמוסים עסוק עסוקה עסוקים עסוקות מפוצץ מפוצצים נתפס
        נתפסה נתפסו נלקח נלקחה נלקחו אזל אזלו נגמרו נגמרה תפסו לקחו הקדים הקדימו בתפוסה חסום חסומה
        """
    ),
    Sense.THERE: words(
        """
        יש ויש שיש ישנו ישנה ישנם ישנן נשאר נשארה נשארו נותר נותרה נותרו מצאתי מצאנו
        """
    ),
    Sense.OFFER: words(
        """
        להציע אציע מציעה מציעים נציע מתאים מתאימה מתאימים מתאימות יתאים תתאים נוח נוחה נוחים נוחות הראשון הראשונה
        האחרון האחרונה האפשרות אפשרויות האפשרויות המועד המועדים השעות לבחור לבחירה לבחירתכם תבחרו עדיף עדיפה מועדף
        """
    ),
    Sense.OR: words("או למשל לדוגמה"),
    Sense.NOTHING: words("כלום דבר משהו סיכוי"),
    Sense.ROOM: words(
        """
        מקום מקומות תור תורים שעה שעות מועד מועדים חלון חלונות זמינות חור משבצת זמן זמנים
        """
    ),
    Sense.OPEN: words("פתוח פתוחים הפתיחה פעילים פעילות הפעילות"),
    Sense.OPENS: words("פותחים נפתחים"),
    Sense.CLOSES: words("סוגרים נסגרים"),
    Sense.CLOSED: words("סגור סגורים סגורה בחופש בחופשה חופשה שובתים"),
    Sense.WORKS: words("עובד עובדת עובדים עובדות"),
    Sense.DOES: words(
        "עושה עושים עושות נותן נותנת מבצע מבצעת מבצעים מטפל מטפלת מתמחה מתמחים מעביר מעבירות מעניק מעניקה"
    ),
    Sense.BOOK: words(
        """
        קבעתי קבענו נקבע נקבעה נקבעו קבוע קבועה קבועים קבועות קבעתם קבעת הזמנתי הזמנו הוזמן הוזמנה הוזמנתם הזמנתם
        שריינתי שריינו שוריין שוריינה משוריין משוריינת משוריינים סידרתי סידרנו סודר סודרה מסודר מסודרת מסודרים סגרתי
        סגרנו סגור סגורה נסגר נסגרה אישרתי אישרנו אושר אושרה אושרו מאושר מאושרת מאושרים שובץ שובצה שובצתם משובצים
        משובץ משובצת שיבצתי שיבצנו תפסתי תפסנו תפסתם הכנסתי הכנסנו נכנסתם סימנתי סימנו ארגנתי ארגנו מאורגן תיאמתי
        תיאמנו תואם תואמה מתואם מתואמת מתואמים שמתי שמנו עשיתי עשינו נעלתי נועלת נעול נעולה הסתדר הסתדרנו הושלם
        הושלמה בוצע בוצעה טופל טופלה סוכם סיכמנו סיכמתי נקלט נקלטה התקבל התקבלה מוכן הסדרתי ברשימה בפנים חסמתי הקצתי
        הקציתי הוקצה הוקצתה אורגן שמורים בתוקף תקף מובטח מובטחת הובטח סופי סופית סיימנו השתריין
        """
    ),
    Sense.BOOKING: words(
        "קובעת קובעים קובע רושמת רושם רושמים משריינת משריינים סוגרת שומרת מזמינה מכניסה משבצת מסדרת מאשרת מעדכנת"
    ),
    Sense.WRITE: words(
        """
        רשמתי רשמנו נרשם נרשמה נרשמתם נרשמו רשום רשומה רשומים רשומות שמרתי שמרנו נשמר נשמרה נשמרו שמור שמורה תיעדתי
        תועד
        """
    ),
    Sense.MOVE: words(
        """
        העברתי העברנו הועבר הועברה הועברו עבר עברה עברתם הזזתי הזזנו הוזז הוזזה הוזזו זז זזה דחיתי דחינו נדחה נדחתה
        הקדמתי הקדמנו הוקדם הוקדמה הוסט
        """
    ),
    Sense.MOVES: words("מעבירה מעבירים מזיזה מזיזים דוחה מקדימה מבטלת מבטלים משנה משנים מוחקת"),
    Sense.CHANGE: words(
        """
        שיניתי שינינו שונה שונתה שונו עדכנתי עדכנו עודכן עודכנה עודכנו מעודכן מעודכנת החלפתי החלפנו הוחלף הוחלפה
        תיקנתי תיקנו תוקן תוקנה הוספתי הוספנו הוסף התעדכן התעדכנה קיצרתי הארכתי
        """
    ),
    Sense.CANCEL: words(
        """
        ביטלתי ביטלנו בוטל בוטלה בוטלו מבוטל מבוטלת מבוטלים מחקתי מחקנו נמחק נמחקה הסרתי הסרנו הוסר הוסרה הורדתי
        הורדנו הורד שחררתי שוחרר שוחררה התבטל התבטלה ירד ירדה
        """
    ),
    Sense.PASS: words(
        "מסרתי מסרנו נמסר נמסרה השארתי השארנו לקחתי לקחנו אמסור נמסור העברתי הועברה אעביר נעביר תימסר יימסר תועבר יועבר"
    ),
    Sense.TRANSFER: words("מחברת מקשרת מחבר חיברתי מנתבת העברתי מעבירה אחבר אקשר"),
    Sense.SEND: words(
        """
        אשלח תקבלו תישלח יישלח ישלחו תגיע יגיע מסרון מסרונים סמס אסאמאס אישור אישורים הודעת לשלוח
        """
    ),
    Sense.SENT: words(
        """
        שלחתי שלחנו נשלח נשלחה נשלחו נשלחת קיבלתם שולחת שולחים בדרך וואטסאפ ווטסאפ ואטסאפ אימייל מייל דואל לינק קישור
        תזכורת תזכורות אזכיר נזכיר יזכירו מזכירים
        """
    ),
    Sense.REMIND: words("מזכירה מזכיר"),
    Sense.CHARGE: words(
        """
        חייבתי חויב חויבה חויבתם זיכיתי גביתי גובים גובה לגבות לחייב לזכות נגבה חיוב התקשרתי דיברתי הבטחתי הודעתי
        דיווחתי עירבתי התייעצתי שאלתי
        """
    ),
    Sense.GIFT: words(
        """
        חינם הנחה הנחות הנחת מבצע מבצעים מתנה במתנה בונוס קופון קופונים החזר החזרים זיכוי פיצוי מחצית תשלומים מעמ טיפ
        חבילה חבילות כרטיסיה כרטיסייה קאשבק תוספת תוספות דמי קנס עמלה פיקדון מקדמה אחוז אחוזים הטבה הטבות מועדון חצי
        בחצי
        """
    ),
    Sense.BACK: words(
        """
        תתקשר יתקשר יתקשרו נתקשר אתקשר תחזור יחזור יחזרו נחזור אחזור ייצרו ניצור תיצור יצרו ייצור אצור יצלצלו תצלצל
        יצלצל נצלצל יענה תענה יענו חוזרים
        """
    ),
    Sense.SUCCEED: words("הצלחתי הצלחנו הצליח הצליחה יצא הספקתי"),
    Sense.STAY: words("נשאר נשארה נותר עומד עומדת קיים קיימת בעינו"),
    Sense.VISIT: words(
        """
        תור התור תורך תורכם תורכן תורים התורים תוריכם פגישה הפגישה פגישתכם הזמנה ההזמנה הזמנתכם הזמנתך ביקור הביקור
        רישום הרישום שיבוץ השיבוץ
        """
    ),
    Sense.MEET: words(
        """
        נתראה ניפגש נפגשים נפגש מחכים מחכה יחכה תחכה יחכו נחכה מצפים מצפה יצפה תגיעו תבואו בואו מגיעים תיכנסו יקבל
        תקבל יקבלו מקבלת מוזמנים מוזמנות מוזמן מוזמנת תבוא תגיע תגיעי תבואי אתראה לפגישה באים באה בא מגיע מגיעה
        """
    ),
    Sense.YOURS: words("שלכם שלך שלכן לרשותכם עבורכם עבורך בשבילכם"),
    Sense.PRICE: words(
        """
        עולה עולים עולות יעלה תעלה עלה עלות העלות מחיר המחיר מחירים המחירים מחירו סכום הסכום תשלמו תשלם שקל שקלים
        תעריף התעריף יוצא מתומחר
        """
    ),
    Sense.PAY: words("משלמים לשלם תשלום התשלום בתשלום תשלמו תשלם משלם"),
    Sense.FROM: words("החל מתחיל מתחילה מתחילים לפחות מינימום ומעלה"),
    Sense.TOTAL: words('סך סה"כ סהכ ביחד יחד שניהם שתיהן כולל'),
    Sense.CHEAP: words("זול זולה הזול הזולה משתלם"),
    Sense.DEAR: words("יקר יקרה היקר היקרה"),
    Sense.ONLY: words("רק בלבד אך יחיד יחידה היחיד היחידה היחידים בלעדי האחרונים"),
    Sense.FIRST: words("מוקדם מוקדמת המוקדם המוקדמת ראשון ראשונה הראשון הראשונה"),
    Sense.NEAR: words("הקרוב הקרובה קרוב קרובה הקרובים"),
    Sense.LAST: words("מאוחר מאוחרת המאוחר המאוחרת האחרון האחרונה אחרון"),
    Sense.MANY: words("הרבה המון שפע רוב מרבית מגוון"),
    Sense.SOME: words("כמה מספר אחדים אחדות"),
    Sense.ALL: words("הכול הכל כל בכל כולו כולה לגמרי לחלוטין תמיד כולם כולן ברצף רצוף חופשי"),
    Sense.EXCEPT: words("חוץ מלבד פרט למעט כמעט"),
    Sense.LASTS: words(
        """
        נמשך נמשכת נמשכים נמשכות ימשך יימשך תימשך אורך אורכו משך אורכת לוקח לוקחת מתחיל מתחילה מתחילים יתחיל תתחילו
        """
    ),
    Sense.ENDS: words("נגמר נגמרת מסתיים מסתיימת יסתיים תסתיים תסיימו מסיימים ייגמר נסיים"),
    Sense.PAST: words("היה הייתה היו הייתם היית שהייתם שעבר שעברה הקודם הקודמת אתמול ביקרתם שהיה"),
    Sense.SAID: words(
        """
        אמרתם אמרת ביקשתם ביקשת ציינתם ציינת רציתם רצית בחרתם בחרת הזכרתם העדפתם שאלתם התכוונתם סיפרתם הסכמתם אישרתם
        מסרתם
        """
    ),
    Sense.INSTEAD: words("במקום"),
    Sense.BEFORE: words("לפני מראש"),
    Sense.MESSAGE: words("הודעה ההודעה הודעתכם הודעתך הודעות מסר הדברים"),
    Sense.CONTACT: words("מספר המספר מספרכם טלפון הטלפון נייד הנייד שם השם שמכם שמך פרטים הפרטים פרטיכם"),
    Sense.CALL: words("שיחה השיחה אתכם אותך אתכן נציג נציגה לנציג לנציגה"),
    Sense.AGENT: words("נציג נציגה הנציג הנציגה"),
    Sense.MACHINE: words("דיגיטלית וירטואלית אוטומטית ממוחשבת בוט רובוט רובוטית מחשב מכונה"),
    Sense.HUMAN: words("אדם אנושי אנושית אמיתית אמיתי"),
    Sense.CUSTOMERS: words("לקוח לקוחה לקוחות הלקוח הלקוחה הלקוחות אורח אורחת אורחים האורחים"),
    Sense.OTHERS: words(
        """
        אחותך אחותכם אשתך אשתכם בעלך בעלכם אמא אמך אבא אביך בנך בתך בתכם בנכם חברתכם חברתך חברכם האחות
        """
    ),
    Sense.LEAK: words(
        """
        הנחיות ההנחיות הנחיה הוראות ההוראות פרומפט שפה הוראה הכלי כלי כלים הכלים תתעלם
        """
    ),
    Sense.PLACE: words("רחוב ברחוב שדרות שדרה כתובת הכתובת כתובתנו נמצאים ממוקמים סניף סניפים"),
    Sense.CARE: words(
        """
        טיפול הטיפול טיפולי טיפולים הטיפולים עיסוי העיסוי עיסויים מסאז' מסאז מניקור פדיקור שיאצו תאילנדי לייזר שעווה
        פילינג תספורת גבות ריסים איפור סאונה חמאם ג'קוזי יוגה פילאטיס דיקור רייקי ארומתרפי לימפטי קוסמטיקה בריכה
        ספורטאים הריוניות הריון זוגי זוגיים אייורוודה כוסות ואקום
        """
    ),
}


def _by_word() -> dict[str, frozenset[Sense]]:
    found: dict[str, set[Sense]] = {word: set() for word in PLAIN}
    for sense, listed in _WORDS.items():
        for word in listed:
            found.setdefault(word, set()).add(sense)
    forms = {form: senses for word, senses in found.items() for form in _singulars(word)}
    return {word: frozenset(senses) for word, senses in (forms | found).items()}


def _singulars(word: str) -> tuple[str, ...]:
    """How the same is said to one caller: "התקשרתם" and "התקשרת", "מעדיפים" and "מעדיפה"."""
    if word.endswith("תם"):
        return (word[:-1], word[:-1] + "ן")
    if word.startswith("מ") and word.endswith("ים") and len(word) > 5:
        return (word[:-2], word[:-2] + "ה", word[:-2] + "ת")
    return ()


_SENSES = _by_word()
_UNKNOWN = frozenset((Sense.UNFOUNDED,))
_TIES = frozenset(("ו", "ש", "וש", "כש"))
"""The only prefixes before words of two letters: "כהן" is a name, and no "כ" with "הן"."""

_TO_CALLER = re.compile(r"[וכש]{0,2}ת[א-ת]{2,6}(?:ו|(?<!ת)י)")
"""What the caller is to do: "תבחרו", "שתחליטי"."""


@lru_cache(maxsize=8192)
def senses_of(word: str) -> frozenset[Sense]:
    """What a word claims: nothing for plain words, UNFOUNDED for those that nobody vouches for.

    Prepositions and "ו", "ה", "ש" may be glued to it; the word as it stands goes before what is left without them.
    """
    if word in _SENSES:
        return _SENSES[word]
    if _TO_CALLER.fullmatch(word):
        return frozenset()
    for prefix, core in lexicon.splits(word):
        is_infinitive = prefix.endswith("ל") and _SENSES.get(core, _UNKNOWN) & _DEEDS
        is_tie = (len(core) > 2 or prefix in _TIES) and not (prefix.endswith("ה") and core.endswith(("תי", "נו")))
        if prefix and is_tie and core in _SENSES and not is_infinitive:
            return _SENSES[core]
    return _UNKNOWN


_DEEDS = frozenset((Sense.BOOK, Sense.WRITE, Sense.MOVE, Sense.CHANGE, Sense.CANCEL, Sense.PASS))
