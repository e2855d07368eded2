"""The short answers, as tables of wordings: yes and no, sooner and later, "the same" and "for my wife too"."""

from __future__ import annotations

from server.hebrew.cues import Cues
from server.hebrew.models import Answer, Prefer
from server.hebrew.tokens import Tokens

_ANSWERS: Cues[Answer] = Cues(
    {
        Answer.EITHER: (
            "לא משנה|אכפת|חשוב|מפריע",
            "מה|איך|מתי ש|שנוח|שיש|שמתאים|שתרצו|שתגידי|שתגיד|שבא לכם|לך",
            "=מה|=איך|=מתי שנוח|שיש|שמתאים|שתרצו|שפנוי",
            "לא משנה לי",
            "גם וגם",
            "הכל|הכול|שניהם|שניהן טוב|בסדר|מתאים|נוח",
            "כל שעה|יום|זמן|אחד|אחת מתאים|מתאימה|טוב|טובה|בסדר|נוחה|נוח",
            "^=כל שעה|זמן|אחד|אחת $",
            "^=לא יודע|יודעת",
            "תחליט|תחליטי|תחליטו|תבחר|תבחרי|תבחרו",
            "אין לי העדפה",
            "=איזה שתרצו",
        ),
        Answer.YES: (
            "^=כן|כןכן|אהה|בטח|בטוח|סבבה|מעולה|יאללה|סגור|אוקיי|אוקי|אוקיי|או-קיי|בסדר|מצוין|מצויין|נהדר|אחלה|יופי|בכיף|ברור|נכון|מושלם|בהחלט|כמובן|אישור|מאשר|מאשרת|מאשרים|מתאים|לגמרי|חיובי|מקובל|ok|yes|אהא|אוקיי|אישרתי|וואלה|זורם|זורמת|סגרנו|קבענו|יאלה|אוקאי|כנ|פיקס|טוב|בדיוק",
            "=זה|=כן מתאים|מעולה|בסדר|מצוין|טוב|נוח|מושלם|סבבה|נהדר|נכון",
            "=אני מאשר|מאשרת|מסכים|מסכימה|בעד",
            "=לא =בעיה",
            "^=אין =בעיה",
            "=למה =לא",
            "=נשמע טוב|מעולה|מצוין|נהדר|אחלה",
            "אני רוצה אותו|אותה",
        ),
        Answer.NO: (
            "^=לא",
            "^=לאו|שלילי|no",
            "ממש|=בכלל|חס =לא|וחלילה|וחס",
            "עזוב|עזבי|תעזוב|תעזבי|עזבו",
            "אין צורך",
            "אין לי צורך",
            "לא תודה|צריך|צריכה|מתאים|טוב|נוח|רוצה|מסתדר|נכון|זה",
            "^=אף אחד|אחת",
            "תודה =לא",
        ),
    }
)

_NO_IDIOMS: Cues[bool] = Cues(
    {True: ("=לא =בעיה|=נורא|=משנה|=אכפת|=חשוב|=מפריע|=יודע|=יודעת|=הבנתי|=שמעתי|=קלטתי", "=למה =לא")}
)

_PREFER: Cues[Prefer] = Cues(
    {
        Prefer.EARLIEST: (
            "הכי מוקדם|מוקדמת|מהר|קרוב|קרובה|מוקדמים",
            "=כמה שיותר מוקדם|מהר|קרוב",
            "מוקדם|מהר|קרוב ככל האפשר",
            "כמה שיותר|שאפשר מוקדם|מהר|קרוב|יותר",
            "=מתי שיש|שאפשר|שפנוי|שיהיה",
            "בהקדם|דחוף|דחופה|דחיפות|בדחיפות",
            "תור|המועד|השעה|הטיפול הקרוב|הראשון|הקרובה|הראשונה",
            "הראשון|הראשונה שפנוי|שיש|שאפשר|האפשרי|האפשרית|שמתפנה|שפנויה",
            "הקרוב|הקרובה ביותר",
            "=דבר ראשון",
            "ראשון|ראשונה שיש|שפנוי|שפנויה|שאפשר",
            "=הכי בוקר",
            "תור|התור הבא שפנוי|הפנוי|שיש",
            "המוקדם|המוקדמת ביותר",
            "כבר עכשיו|מיד",
            "אפשר|לבוא|יש עכשיו|מיד",
            "כמה שיותר מהר",
            "מה שיש מוקדם|קרוב",
        ),
        Prefer.LATEST: (
            "הכי מאוחר|מאוחרת|מאוחרים",
            "=כמה שיותר מאוחר",
            "מאוחר ככל האפשר",
            "המאוחר|המאוחרת ביותר",
            "התור|השעה האחרון|האחרונה",
            "האחרון|אחרון|אחרונה|מאוחר של היום|מחר|ביום",
            "סוף =היום",
        ),
    }
)

_SHIFT: Cues[Prefer] = Cues(
    {
        Prefer.EARLIEST: (
            "מוקדם|מוקדמת יותר",
            "יותר|טיפה|קצת מוקדם|מוקדמת|לפני",
            "להקדים|תקדים|תקדימי",
            "משהו מוקדם|מוקדם",
            "לפני זה|כן",
            "מאוחר מדי|לי",
        ),
        Prefer.LATEST: (
            "מאוחר|מאוחרת יותר",
            "יותר|טיפה|קצת מאוחר|מאוחרת|אחרי",
            "משהו מאוחר",
            "לדחות|תדחה|תדחי|תדחו קצת|טיפה",
            "לדחות|תדחה|תדחי|תדחו … =בשעה|=בשעתיים|=בחצי|=ברבע",
            "אחרי זה",
            "מוקדם מדי|לי",
            "=אחר =כך",
        ),
    }
)

_FLAGS: Cues[str] = Cues(
    {
        "same_time": (
            "אותה|באותה|לאותה|באותו|אותו שעה|השעה|זמן|הזמן",
            "=באותה =שעה",
            "כמו =הפעם|תמיד|קודם|פעם",
            "באותה|אותה העת",
        ),
        "same_day": ("אותו|באותו|לאותו יום|היום|תאריך|התאריך",),
        "another": (
            "=גם לאשתי|לבעלי|לחברה|לחבר|לאמא|לבת|לבן|לאחותי|לאחי|לבתי|לבני|לחברתי|לחברי|לאבא|לה|לו|לילדה|לילד",
            "לבת|לבן|לאמא|לאבא|לחברה|לחבר|לסבתא|לסבא|לאחות|לאח|לילדה|לילד שלי",
            "בשביל|עבור אשתי|בעלי|חברה|חבר|אמא|אבא|הבת|הבן|אחותי|אחי|בתי|בני|החברה|החבר|בן|בת",
            "לאשתי|לבעלי|לחברה|לחבר|לאמא|לאחותי|לאחי|לבתי|לבני|לחברתי",
            "עוד אדם|מישהי|מישהו",
            "לי ולאשתי|ולבעלי|ולחברה|ולחבר|ולאמא|ולבת|ולבן",
            "=לזוג|זוגי|לשנינו|לשניים|לשתינו",
        ),
    }
)


def answer(tokens: Tokens) -> Answer | None:
    """Yes, no or "all the same". What is asked back, or corrected, is for the other fields."""
    found = _ANSWERS.values(tokens)
    if Answer.EITHER in found:
        return Answer.EITHER
    if Answer.NO in found and not (_NO_IDIOMS.values(tokens)):
        return Answer.NO
    is_asking_back = tokens[-1:] != () and tokens[-1].text.endswith("?") and tokens[0].text != "כן"
    return Answer.YES if Answer.YES in found and not is_asking_back else None


def preference(tokens: Tokens) -> Prefer | None:
    found = _PREFER.wanted(tokens)
    return next((prefer for prefer in Prefer if prefer in found), None)


def shift(tokens: Tokens) -> Prefer | None:
    """Sooner or later than what was spoken of; "19 זה קצת מאוחר" complains, and wants something earlier."""
    for i, token in enumerate(tokens):
        if token.text in _COMPLAINTS and _is_complaint(tokens, i):
            return _COMPLAINTS[token.text]
    found = _SHIFT.values(tokens)
    return next((prefer for prefer in Prefer if prefer in found), None)


_COMPLAINTS = {"מאוחר": Prefer.EARLIEST, "מוקדם": Prefer.LATEST}


def _is_complaint(tokens: Tokens, i: int) -> bool:
    before = [token.text for token in tokens[max(i - 3, 0) : i] if token.text not in ("קצת", "טיפה", "ממש", "כבר")]
    after = tokens[i + 1].text if i + 1 < len(tokens) else ""
    return before[-1:] in (["זה"], ["יהיה"]) and after != "יותר"


def flags(tokens: Tokens) -> set[str]:
    return _FLAGS.values(tokens)
