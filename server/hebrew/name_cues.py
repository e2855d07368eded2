"""The words by which callers lead to a name."""

from __future__ import annotations

from server.hebrew.cues import Cues
from server.hebrew.wordlists import words

TITLES = frozenset(("גברת", "מר", "דוקטור", 'ד"ר', "ד'ר", "הרב", "גב'", "פרופסור"))

BEFORE_NAME = TITLES | words(
    """
    פשוט בבקשה לי זה הוא יהיה לבת לבן לאשתי לבעלי לאמא לאבא לאחותי לאחי אשתי בעלי
    החברה החבר חברה חבר שלי אמא אבא הבן הבת אחותי אחי של את אותי
    """
)
"""What may stand between a cue and the name: "על שם החברה שלי דנה"."""

STRONG: Cues[bool] = Cues(
    {
        True: (
            "=שמי =הפרטי|=המלא",
            "=שמי =המלא|=הפרטי =הוא",
            "=קוראים =לבת|=לבן|=לאישה|=לאשתי|=לבעלי|=לאמא|=לאבא|=לאחותי|=לאחי|=לחברה|=לחבר|=לבתי|=לבני",
            "=קוראים|=קוראות =לי|=לה|=לו|=לנו",
            "=לבת|=לבן|=לאמא|=לאבא|=לחברה|=לחבר|=לאחות|=לאח =שלי =קוראים",
            "=השם|=שם|=שמי|=ושמי|=בשם|=לשם",
            "=שם =פרטי|=מלא",
            "=השם =המלא|=הפרטי",
            "=פרטי",
            "=על =שם|=השם|=שמי",
        )
    }
)
"""After these any word that can be a name is one."""

SPEAKING: Cues[bool] = Cues({True: ("=מדבר|=מדברת|=מדברים",)})
"""After these a name is one that is known, or that ends the clause."""

WEAK: Cues[bool] = Cues(
    {
        True: (
            "=תרשמי|=תרשום|=תרשמו|=רשום|=רשמי|=תכתבי|=תכתוב|=תכתבו|=כתבי|=כתוב",
            "=אני|=אנוכי|=זה|=זאת|=זו|=כאן|=פה|=הנה",
            "=קוראים|=קוראות",
            "=לבן|=לבת|=הבן|=הבת|=החברה|=חברה|=החבר|=חבר|=אמא|=אבא|=לאמא|=לאבא =שלי",
            "=של|=עבור|=בשביל|=אשתי|=בעלי|=לאשתי|=לבעלי",
            "=שמו|=שמה|=ושמו|=ושמה|=ששמו|=ששמה|=בתור",
        )
    }
)
"""After these only known first names count: "אני דנה", but not "אני רוצה"."""

FAMILY: Cues[bool] = Cues(
    {
        True: (
            "=בן|=בת|=לבן|=לבת =זוגי|=זוגתי",
            "=אחותי|=לאחותי|=אחי|=לאחי|=אמי|=לאמי|=בתי|=לבתי|=בני|=לבני|=חברתי|=לחברתי|=חברי|=לחברי",
            "=ארוסי|=ארוסתי|=זוגתי|=אחיינית|=אחיין|=סבתי|=סבי|=גיסתי|=גיסי|=חמותי",
        )
    }
)
"""After these only a known first name counts, whatever was asked: "אחותי תגיע" names nobody."""

TELLING = words("המליצה המליץ המליצו הפנתה הפנה סיפרה סיפר אמרה אמר שלחה שלח נתנה התקשרה הייתה היה היו")
"""Behind a name they tell of somebody else: "דנה המליצה"."""

ASKING = words("מי מה איך למה איפה מאיפה מתי כמה האם")
"""A clause that begins with one of these asks, and names nobody."""

ASKED_ABOUT = words("זה זאת זו את אתה")
"""The same where a question mark ends the clause: "זה רובוט?", "את אמיתית?"."""

NO_CUE_BEFORE = frozenset(("מישהי", "מישהו", "מטפל", "מטפלת", "באיזה", "איזה", "על", "מה", "איזשהו", "אותו"))
