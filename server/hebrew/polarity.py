"""What is ruled out ("לא בבוקר", "חוץ מיום שלישי", "מחר לא נוח לי") and what is taken back ("לא, סליחה, בשש")."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from server.hebrew import circumstances, contrasts
from server.hebrew.said import DAY_LIKE, Chunk, Clock, ClockEdge, Length, PartOfDay, WeekSpan
from server.hebrew.tokens import Tokens
from server.hebrew.wordlists import words

_NOT = words(
    "לא ולא שלא בלי אין עזבי עזוב תעזבי תעזוב במקום אי תשכחי תשכח תשכחו תוריד תורידי קשה פחות שפחות בעייתי בעייתית"
)
_EXCEPT = frozenset(("חוץ", "מלבד", "למעט", "פרט", "להוציא", "מאשר"))
_NO_NEGATION_AFTER = words(
    """
    משנה אכפת הבנתי יודע יודעת בטוח בטוחה חשוב רק נורא תודה הבנת שמעתי זוכר זוכרת בעיה מפריע צריך צריכה
    הרבה יותר מזמן מעט כולל לבטל להזיז
    """
)
_NO_NEGATION_BEFORE = frozenset(("אם", "ואם", "למה", "או", "האם"))
_PREDICATES = frozenset(
    ("טוב", "טובה", "מתאים", "מתאימה", "נוח", "נוחה", "מסתדר", "מסתדרת", "אפשרי", "עובד", "הולך", "רלוונטי")
)
_FILLERS = _PREDICATES | words(
    """
    אני לי לנו יכול יכולה יכולים אוכל רוצה רוצים אפשר זמין זמינה פנוי פנויה את בא להגיע לבוא כל כך ממש
    שום שזה זה יהיה בשום אופן באף אספיק נספיק להספיק אמרתי נראה
    התור תור מצב סיכוי זמן בחשבון מגיע מגיעה מעדיף מעדיפה יוצא עם ב ל מ של גם
    """
)
_BEFORE_FILLERS = words("אני זה כבר לי גם יהיה דווקא ממש אבל הוא את אתם אומרת אומרים אמרת אמרתם")
_OBLIGATIONS = frozenset(
    ["רופא", "רופאה", "פגישה", "ישיבה", "עבודה", "אירוע", "חתונה", "שיעור", "טיסה", "משמרת", "מבחן", "לימודים"]
)
_AWAY = frozenset(
    ["עובד", "עובדת", "תפוס", "תפוסה", "עסוק", "עסוקה", "טס", "טסה", 'בחו"ל', "חולה", "נוסע", "נוסעת", "בעבודה"]
)
_AWAY_ALONE = words("עובדת עסוק עסוקה טס טסה נוסע נוסעת בעבודה")
"""The same without a subject; "רביעי עובד לי" suits, and "רביעי תפוס?" asks."""
_FREE_WITHOUT = words("עובד עובדת לומד לומדת מלמד מלמדת במשמרת בעבודה תפוס תפוסה עסוק עסוקה")
"""Who does none of these is free: "ביום שישי אני לא עובדת" rules nothing out."""

_HARD = words("קשה בעייתי בעייתית")
_TOO = words("מאוחר מוקדם קרוב רחוק מהר לחוץ צפוף עמוס")
_SOFTENERS = words("זה יהיה קצת טיפה ממש כבר")
_THIS = frozenset(("זה", "זאת"))
_SORRY = words("סליחה בעצם טעות טעיתי התכוונתי מתקן מתקנת תיקון אופס סורי כלומר מתבלבל מתבלבלת")


@dataclass(frozen=True, slots=True)
class Polarity:
    """`negated` are indexes of chunks ruled out; what ends at or before token `replaced_before` was taken back."""

    negated: frozenset[int]
    is_correction: bool
    replaced_before: int
    doubted: frozenset[int] = frozenset()
    passed: frozenset[int] = frozenset()  # told of beside the wish, most likely no part of it


def of(
    tokens: Tokens, chunks: Sequence[Chunk], content: Callable[[int], bool], *, is_confirming: bool = False
) -> Polarity:
    """`content(i)` tells whether token `i` belongs to something understood (a time, a service, a name)."""
    by_start = {chunk.start: n for n, chunk in enumerate(chunks)}
    by_end = {chunk.end: n for n, chunk in enumerate(chunks)}
    negated: set[int] = set()
    retaken = contrasts.retaken(tokens, chunks)
    doubled = contrasts.doubled_no(tokens, chunks)
    inside = doubled | {
        i for chunk in chunks for i in range(chunk.start, chunk.end)
    }  # the "לא" of "לא לפני ארבע" is its own
    for i, token in enumerate(tokens):
        if i in inside:
            continue
        if token.text in _EXCEPT:
            negated |= _ahead(tokens, i + 1, by_start, chunks, fillers=frozenset(("מ", "ל", "כל", "לא")))
        elif token.text in _NOT and i not in retaken and not _is_idiom(tokens, i):
            negated |= _of_not(tokens, i, by_start, by_end, chunks)
    for i, chunk_before in by_end.items():
        if _is_too_far(tokens, i) or _is_taken_up(tokens, i):
            negated.add(chunk_before)
    negated |= {n for n, chunk in enumerate(chunks) if chunk.start and tokens[chunk.start - 1].text in ("כי", "בגלל")}
    obliged, passed = circumstances.passed_over(tokens, chunks, content)
    negated |= obliged
    negated |= contrasts.outdone(tokens, chunks)
    cut = _correction(tokens, content, retaken)
    better = contrasts.better(tokens, chunks, negated)
    if is_confirming and 0 in negated and _opens_with_not(tokens, chunks[0]):
        return Polarity(frozenset(negated - {0}), True, 0, frozenset((0,)))
    doubted = contrasts.contrasted(tokens, chunks)
    return Polarity(frozenset(negated), cut is not None, max(cut or 0, better), doubted, frozenset(passed - negated))


def _opens_with_not(tokens: Tokens, chunk: Chunk) -> bool:
    """ "לא בשש" after "בחמש, נכון?": recognisers drop the comma of "לא, בשש", so it is taken for a correction in doubt.
    A part of the day is hardly ever corrected so: "לא בבוקר" stays an exclusion."""
    return chunk.start == 1 and tokens[0].text == "לא" and not isinstance(chunk.value, PartOfDay)


def _is_taken_up(tokens: Tokens, i: int) -> bool:
    """ "ביום שלישי יש לי רופא"."""
    after = [token.text for token in tokens[i : i + 3]]
    if after[:1] == ["אני"] and len(after) > 1 and after[1] in _AWAY:
        return True
    if after[:1] != [] and after[0] in _AWAY_ALONE:
        return True
    if after[:2] in (["תפוס", "לי"], ["תפוס", "לנו"], ["עמוס", "לי"], ["מלא", "לי"]):
        return True
    if after[:2] == ["הילדים", "בבית"] or (after and after[0] in ("בעייתי", "בעייתית", "קשה")):
        return True
    return after[:2] in (["יש", "לי"], ["יש", "לנו"]) and after[-1] in _OBLIGATIONS


def _is_too_far(tokens: Tokens, i: int) -> bool:
    """ "מחר זה מאוחר מדי", "היום זה יותר מדי מהר", "מחר זה קצת מוקדם"; but "מחר מוקדם" is a wish."""
    said = [token.text for token in tokens[i : i + 5]]
    after = [word for word in said if word not in _SOFTENERS]
    if after[:2] == ["יותר", "מדי"]:
        return after[2:3] != [] and after[2] in _TOO
    is_called = said[:1] != [] and said[0] in _SOFTENERS
    return after[:1] != [] and after[0] in _TOO and (is_called or after[1:2] in (["מדי"], ["לי"], ["לנו"]))


def _is_idiom(tokens: Tokens, i: int) -> bool:
    before = tokens[i - 1].text if i else ""
    after = tokens[i + 1] if i + 1 < len(tokens) else None
    if tokens[i].text == "פחות" and after is not None and (after.text == "או" or after.read("fraction")):
        return True  # "פחות או יותר", "ארבע פחות רבע"
    if before == "אני" and after is not None and after.text in _FREE_WITHOUT:
        return True
    if tokens[i].text == "במקום" and after is not None and after.text in _THIS:
        return True
    if before in _NO_NEGATION_BEFORE or (after is None and not i) or (before == "לא" and tokens[i].text in _HARD):
        return True
    if tokens[i].text == "לא" and after is not None and after.text in _HARD:
        return True
    return after is not None and after.text in _NO_NEGATION_AFTER | _SORRY | {"רגע", "אוי"}  # "לא רגע, בעצם ביום …"


def _of_not(
    tokens: Tokens, i: int, by_start: dict[int, int], by_end: dict[int, int], chunks: Sequence[Chunk]
) -> set[int]:
    before = _behind(tokens, i, by_end, chunks) if tokens[i].text != "במקום" else set()  # "אפשר בשלוש במקום?"
    after = tokens[i + 1] if i + 1 < len(tokens) else None
    if after is not None and after.text.startswith("?"):
        return set()  # "חמישי, לא?" asks to be told yes
    if before and (after is None or after.is_stop or after.text in _PREDICATES):
        return before
    if after is None or after.is_stop:
        return set()
    if after.text in ("אני", "אנחנו"):
        return before  # "לא, אני רוצה בשש": what is denied is said behind the subject, never before it
    ahead = _ahead(tokens, i + 1, by_start, chunks, _FILLERS)
    if tokens[i].text in ("פחות", "שפחות") and any(chunks[n].prefix.startswith("מ") for n in ahead):
        return _last_alike(chunks, min(ahead))  # "רביעי טוב לי פחות מחמישי"
    if before and ahead and i + 1 not in by_start and _are_alike(chunks, before, ahead):
        return before  # "ברביעי אני לא יכולה, בחמישי", said without a pause
    is_turned = i > 0 and tokens[i - 1].text == "אבל"  # "בבוקר, אבל לא מוקדם"
    return ahead or _bound_ahead(tokens, i, by_start, chunks) or (set() if is_turned else before)


def _last_alike(chunks: Sequence[Chunk], n: int) -> set[int]:
    """The last day before a day, the last hour before an hour."""
    kind = DAY_LIKE if isinstance(chunks[n].value, DAY_LIKE) else (Clock,)
    return set([k for k in range(n) if isinstance(chunks[k].value, kind)][-1:])


def _are_alike(chunks: Sequence[Chunk], some: set[int], others: set[int]) -> bool:
    """Days or hours in both."""
    return any(
        all(any(isinstance(chunks[n].value, kind) for n in group) for group in (some, others))
        for kind in (DAY_LIKE, Clock)
    )


def _bound_ahead(tokens: Tokens, i: int, by_start: dict[int, int], chunks: Sequence[Chunk]) -> set[int]:
    """ "הבוס לא משחרר לפני חמש": whatever the verb is, the bound is turned around."""
    for j in range(i + 1, min(i + 4, len(tokens))):
        if tokens[j].is_stop or tokens[j].text in _NOT:
            return set()
        if j in by_start and isinstance(chunks[by_start[j]].value, ClockEdge) and not chunks[by_start[j]].prefix:
            return {by_start[j]}
    return set()


def _ahead(
    tokens: Tokens, i: int, by_start: dict[int, int], chunks: Sequence[Chunk], fillers: frozenset[str]
) -> set[int]:
    """The first chunk after the word, and those coordinated with it ("לא בשני ולא ברביעי", "חוץ משני ורביעי")."""
    steps = 0
    while i not in by_start and i < len(tokens) and tokens[i].text in fillers and steps < 6:
        i, steps = i + 1, steps + 1
    if i not in by_start:
        return set()
    found = {by_start[i]}
    i = chunks[by_start[i]].end
    while i in by_start and (chunks[by_start[i]].prefix.startswith("ו") or _is_part_of_day_said(chunks, by_start[i])):
        found.add(by_start[i])
        i = chunks[by_start[i]].end
    return set() if i < len(tokens) and tokens[i].text == "כן" else found  # "רביעי לא, חמישי כן"


def _is_part_of_day_said(chunks: Sequence[Chunk], n: int) -> bool:
    """ "לא ביום שלישי בבוקר": the morning belongs to the day that is ruled out."""
    return n > 0 and isinstance(chunks[n].value, PartOfDay | Clock) and isinstance(chunks[n - 1].value, DAY_LIKE)


def _behind(tokens: Tokens, i: int, by_end: dict[int, int], chunks: Sequence[Chunk]) -> set[int]:
    """The chunk just before "לא", words like "אני" overlooked, and those joined to it."""
    i -= 0
    while i not in by_end and i > 0 and tokens[i - 1].text in _BEFORE_FILLERS:
        i -= 1
    found: set[int] = set()
    while i in by_end and not isinstance(chunks[by_end[i]].value, Length):
        if found and isinstance(chunks[by_end[i]].value, WeekSpan):
            break  # "בשבוע הבא רביעי לא": that week, but for its Wednesday
        found.add(by_end[i])
        i = chunks[by_end[i]].start
        if i > 1 and tokens[i - 1].text in ("וגם", "גם", "או") and i - 1 in by_end:
            i -= 1  # "גם שני וגם חמישי לא"
    return found


def _correction(tokens: Tokens, content: Callable[[int], bool], retaken: Collection[int]) -> int | None:
    """Index of the token at which the new version begins; None where nothing is corrected."""
    for i in range(len(tokens) - 1, -1, -1):
        if i not in retaken and not _is_marker(tokens, i):
            continue
        if any(content(k) for k in range(i + 1, len(tokens))):
            return i
    return None


def _is_marker(tokens: Tokens, i: int) -> bool:
    text = tokens[i].text
    is_clause = i == 0 or tokens[i - 1].is_stop or tokens[i - 1].text in ("רגע", "טוב", "או", "אוי")
    following = tokens[i + 1].text if i + 1 < len(tokens) else ""
    if text == "לא":
        has_pause = i + 1 < len(tokens) and tokens[i + 1].is_stop
        return (has_pause and is_clause) or following in _SORRY or following in ("לא", "רגע", "אוי")
    if text == "שלא":
        return i > 0 and tokens[i - 1].text == "או"  # "שלישי, או שלא, חמישי"
    if text == "במקום":
        return following in _THIS and i + 2 < len(tokens)  # "יש לי תור בחמישי, אפשר במקום זה בשלישי"
    if text == "אלא":
        return any(token.text in ("לא", "ולא", "שלא") for token in tokens[:i])
    if text == "סליחה":
        return (i > 0 and tokens[i - 1].text != "אה") or following in ("התכוונתי", "לא")
    is_rather = text in contrasts.COMPARED and i > 1 and [token.text for token in tokens[i - 2 : i]] == ["או", "יותר"]
    return is_rather or not tokens[i].forms.isdisjoint(_SORRY)
