"""What the caller tells beside the wish: "מחר אני בצבא, ראשון?" wants Sunday, the day before it is taken."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence

from server.hebrew.said import DAY_LIKE, TIME_LIKE, Chunk, PartOfDay
from server.hebrew.tokens import Token, Tokens
from server.hebrew.wordlists import words

_TURNS = words("אז ואז אולי אבל אפשר לכן")
"""With these a new clause begins, though no stop was heard."""

_SUBJECTS = words(
    """
    אני אנחנו אנו אשתי בעלי הילדים הילד הילדה הבן הבת הבעל האישה הבייביסיטר הבוס אמי אמא אבא בעבודה במשמרת
    """
)
_WISHES = words(
    """
    רוצה רוצים רציתי צריך צריכה צריכים יכול יכולה יכולים אוכל נוכל אפשר אשמח נשמח מעדיף מעדיפה מעדיפים עדיף פנוי
    פנויה פנויים פנויות זמין זמינה זמינים חופשי חופשיה חופשייה חופש בחופש גמיש גמישה אבוא אגיע נגיע נבוא בא באה באים
    מגיע מגיעה מגיעים להגיע לבוא מבקש מבקשת נוח נוחה טוב טובה מתאים מתאימה מסתדר מסתדרת הולך לקבוע תור התור תורים
    מקום טיפול עיסוי מעוניין מעוניינת לוקח לוקחת אקח נקח ניקח מסיים מסיימת גם הזדמנות חלון רשום רשומה רשומים קבוע קבועה
    חושב חושבת שואל שואלת מתלבט מתלבטת אבדוק אהיה נמצא נמצאת זקוק זקוקה אמור אמורה רואה כן
    רוצות צריכות יכולות באות פנויים זמן מאשר מאשרת מאשרים יבוא יגיע מתכוון מתכוונת סגור סגורה לך לכם אצלכם אליכם
    מעוניינים מעוניינות מחפש מחפשת מחפשים מזמין מזמינה קובע קובעת מתאם מתאמת נוכל אצליח מצליח מצליחה מתפנה מתפנים
    """
)
_TOLD = words("היה הייתה היו הייתי היינו היית")
_TAKEN_UP = words(
    """
    רופא רופאה בדיקה פגישה ישיבה עבודה בעבודה אירוע חתונה שיעור טיסה משמרת במשמרת מבחן לימודים לימוד חוג מילואים
    במילואים בצבא עובד עובדת עובדים לומד לומדת מלמד מלמדת תפוס תפוסה עסוק עסוקה טס טסה בחו"ל חולה נוסע נוסעת
    """
)


def passed_over(tokens: Tokens, chunks: Sequence[Chunk], content: Callable[[int], bool]) -> tuple[set[int], set[int]]:
    """Indexes of chunks that tell of an obligation while the wish is in a later clause: those ruled out, and those that
    merely seem so, as nothing known says that the day is taken."""
    ruled_out: set[int] = set()
    likely: set[int] = set()
    clauses = list(_clauses(tokens))
    for n, (start, end) in enumerate(clauses):
        inside = _between(chunks, start, end)
        later = [k for a, b in clauses[n + 1 :] for k in _between(chunks, a, b) if _is_wish(tokens, chunks[k])]
        if not later or not any(_is_day(chunks[k]) for k in inside) or _is_otherwise_joined(tokens, clauses[n + 1]):
            continue
        said = [tokens[k] for k in range(start, end) if not content(k)]
        if not _is_obligation(said):
            continue
        told = {k for k in inside if isinstance(chunks[k].value, (*DAY_LIKE, *TIME_LIKE, PartOfDay))}
        if any(token.text in _TAKEN_UP for token in said):
            ruled_out |= told
        else:
            likely |= told
    return ruled_out, likely


def are_merely_told(tokens: Tokens, chunks: Sequence[Chunk], content: Callable[[int], bool]) -> bool:
    """Whether the only days of a line stand in clauses that tell what somebody does, and none that wishes: "אני נוסעת
    לאילת ביום רביעי"."""
    clauses = [(start, end) for start, end in _clauses(tokens) if any(map(_is_day, chunks[_slice(chunks, start, end)]))]
    return clauses != [] and all(
        _is_obligation([tokens[k] for k in range(start, end) if not content(k)]) for start, end in clauses
    )


def _slice(chunks: Sequence[Chunk], start: int, end: int) -> slice:
    inside = _between(chunks, start, end)
    return slice(inside[0], inside[-1] + 1) if inside else slice(0)


def _is_obligation(tokens: Sequence[Token]) -> bool:
    tokens = tokens[1:] if tokens and tokens[0].text in ("כן", "טוב") else tokens  # the answer to what was asked
    said = [token.text for token in tokens]
    is_wish = any(not _WISHES.isdisjoint(token.forms) for token in tokens) or "לא" in said
    has_subject = not _SUBJECTS.isdisjoint(said) or any(
        a == "יש" and b in ("לי", "לנו") for a, b in itertools.pairwise(said)
    )
    is_past = not _TOLD.isdisjoint(said) or any(word.endswith("תי") and word not in _SUBJECTS for word in said)
    return has_subject and not is_past and len(said) > 1 and not is_wish


def _clauses(tokens: Tokens) -> Iterator[tuple[int, int]]:
    start = 0
    for i, token in enumerate(tokens):
        if token.is_stop or token.text in _TURNS:
            if i > start:
                yield start, i
            start = i + 1
    if start < len(tokens):
        yield start, len(tokens)


def _between(chunks: Sequence[Chunk], start: int, end: int) -> list[int]:
    return [k for k, chunk in enumerate(chunks) if start <= chunk.start < end]


def _is_day(chunk: Chunk) -> bool:
    return isinstance(chunk.value, DAY_LIKE)


def _is_wish(tokens: Tokens, chunk: Chunk) -> bool:
    return _is_day(chunk) and not (chunk.start and tokens[chunk.start - 1].text in ("לא", "ולא"))


def _is_otherwise_joined(tokens: Tokens, clause: tuple[int, int]) -> bool:
    """An alternative; or a conclusion, which replaces what was said before it anyhow."""
    start = clause[0]
    return tokens[start].text in ("או", "גם", "וגם") or (start > 0 and tokens[start - 1].text in ("אז", "ואז"))
