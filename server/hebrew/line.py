"""A line with its pieces: what stands beside each, and which hours are the caller's own."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from server.hebrew.durations import SHIFTING
from server.hebrew.gazetteer import FIRST_NAMES
from server.hebrew.models import Asked
from server.hebrew.numbers import counts_noun
from server.hebrew.said import DAY_LIKE, TIME_LIKE, Chunk, ClockEdge, Edge, PartOfDay
from server.hebrew.tokens import Token, Tokens
from server.hebrew.wordlists import words

_POLITE = words(
    """
    בבקשה תודה אז אוקיי אוקי כן אה אממ נגיד אולי יאללה טוב סבבה בסדר מעולה לי רק עדיף אפשר נו אהה לא סליחה
    בעצם זה יהיה רגע רבה נראה נלך בוא בואי ואז
    """
)

_OWN_HOURS = words(
    """
    עובד עובדת עובדים בעבודה לעבוד מסיים מסיימת יוצא יוצאת לומד לומדת
    תפוס תפוסה עסוק עסוקה במשמרת קם קמה מתעורר מתעוררת חוזר חוזרת נוחת נוחתת גומר גומרת נגמר נגמרת נגמרים מסתיים
    מסתיימת מסיימים מסיימות יוצאים יוצאות לומדים לומדות תפוסים עסוקים קמים קמות מתעוררים חוזרים חוזרות נוחתים גומרים
    משתחרר משתחררת משתחררים מתפנה מתפנים
    """
)

_OWN_BEGINNINGS = words("מתחיל מתחילה מתחילים מתחילות לאסוף אוסף אוספת אוספים נסגר נסגרת לצאת להיות")

_OWN_STRETCHES = words("העבודה המשמרת הלימודים הישיבה הפגישה החוג השיעור")
"""What lasts "until" an hour: "העבודה שלי עד חמש"."""

_OWN_EVENTS = words("פגישה רופא ישיבה שיעור אירוע חתונה הרופא טיסה")

_TOLD = words("היה הייתה היו הייתי היינו דיברתם דיברנו דיברתי אמרתם בטעות")
_WISHED = words("רוצה רוצים שמח שמחה מעדיף מעדיפה מעדיפים צריך צריכה מעוניין מעוניינת להיות")
"""Behind "הייתי" they make a wish of it."""

_USUALLY = words('כלל תמיד לרוב בד"כ')
"""What is always so is no wish for this time: "בדרך כלל אני באה בימי שני, אבל …"."""

_SLOTS = words("את זה זאת זו התור תור לתור הפגישה ניקח אקח לא אלא רק על")

_TURNS = words("אפשר אז ואז צריך צריכה רוצה אולי אבל")
_CLAUSE_ENDS = words("אז אבל , . ? ! אפשר יש")


_WAITING = words(
    """
    תפוס תקוע תקועה תקועים בפקק פקק חיכיתי חיכינו מחכה מחכים ממתין ממתינה המתנתי נמשך נמשכה ארך ארכה לקח לקחה מאחר מאחרת
    אאחר איחור באיחור נסיעה לנסוע
    """
)


_WISHED_IN_THE_PAST = words(
    """
    רציתי חשבתי התכוונתי אמרתי ביקשתי העדפתי קיוויתי שיניתי שאלתי תכננתי קבעתי הזמנתי שמחתי טעיתי התבלבלתי החלטתי
    אישרתי בשבילי אימרתי הבנתי מצאתי ראיתי קיבלתי
    מבחינתי לדעתי
    """
)
"""Past in form, yet a day behind them is a wish or an appointment to come."""


_KIN = words("אחותי אשתי חברתי סבתי דודתי זוגתי חמותי גיסתי שכנתי בתי ארוסתי")


def is_past_deed(word: str) -> bool:
    """The first person of the past: "התקשרתי ביום שני"."""
    word = word.removeprefix("ו")
    is_person = word.removeprefix("ל") in _KIN or word in FIRST_NAMES
    return len(word) > 4 and word.endswith("תי") and word not in _WISHED_IN_THE_PAST and not is_person


@dataclass(frozen=True, slots=True)
class Line:
    """What there is to judge by. `of_services` are the tokens that name a service."""

    tokens: Tokens
    chunks: tuple[Chunk, ...]
    asked: Asked | None = None
    of_services: frozenset[int] = frozenset()

    def sentence_of(self, chunk: Chunk) -> int:
        return sum(token.is_stop and token.text[-1] in ".?!" for token in self.tokens[: chunk.start])

    def free_side(self, chunk: Chunk) -> Edge | None:
        """For an hour of the caller's own: whether the wish lies before or after it. What trails says so ("אז רק
        לפני"); else one is free after work ends and until it begins."""
        clause = [token.text for token in self.tokens[max(chunk.start - 5, 0) : chunk.start]]
        stops = [k for k, word in enumerate(clause) if word in _CLAUSE_ENDS]
        clause = clause[stops[-1] + 1 :] if stops else clause
        before = " ".join(token.text for token in self.tokens[max(chunk.start - 5, 0) : chunk.start])
        is_own = "יש לי" in before  # "פגישה עם רון בעשר" is a wish, "יש לי פגישה" is not
        is_long = (
            clause[-1:] == ["שלי"] and not _OWN_STRETCHES.isdisjoint(clause) and isinstance(chunk.value, ClockEdge)
        )
        ends = is_long or any(word in _OWN_HOURS for word in clause)
        begins = any(word in _OWN_BEGINNINGS or (is_own and word in _OWN_EVENTS) for word in clause)
        if not ends and not begins:
            return None
        inside = {k for other in self.chunks for k in range(other.start, other.end)}
        loose = {token.text for k, token in enumerate(self.tokens) if k not in inside and k > chunk.start}
        if loose & {"אחרי", "אחר"}:
            return Edge.AFTER
        return Edge.UNTIL if loose & {"לפני", "קודם"} or begins else Edge.AFTER

    def is_of_waiting(self, chunk: Chunk) -> bool:
        """Whether the clause tells up to here of waiting or driving: "אני תקוע בפקק חצי שעה"."""
        before = reversed(self.tokens[: chunk.start])
        clause = itertools.takewhile(lambda token: not token.is_stop and token.text not in _TURNS, before)
        return any(token.text in _WAITING for token in clause)

    def shifts(self, chunk: Chunk) -> bool:
        """Whether the length tells by how much to move: "לדחות בחצי שעה", "בשעה אחת מאוחר יותר"."""
        verbs = self.tokens[max(chunk.start - 5, 0) : chunk.start]
        is_told = any(not token.forms.isdisjoint(SHIFTING) for token in verbs)
        return is_told or self.word_after(chunk) in ("מאוחר", "מוקדם")

    def names_a_slot(self, chunk: Chunk) -> bool:
        """ "את של ארבע", "התור של ראשון"; but "ילדה של שלוש" tells an age."""
        if self.word_before(chunk) != "של":
            return False
        before = self.tokens[chunk.start - 2] if chunk.start > 1 else None
        return before is None or before.is_stop or before.text in _SLOTS

    def is_told(self, chunk: Chunk) -> bool:
        """A day in a tale of what was: "הטיפול הקודם היה ביום ראשון"."""
        near = reversed(self.tokens[max(chunk.start - 3, 0) : chunk.start])
        clause = itertools.takewhile(lambda token: not token.is_stop and token.text not in _TURNS, near)
        words_before = {token.text for token in clause}
        is_tale = not words_before.isdisjoint(_TOLD) and words_before.isdisjoint(_WISHED)
        is_tale = is_tale or not words_before.isdisjoint(_USUALLY)
        has_past = self.word_after(chunk) in _TOLD or any(map(is_past_deed, words_before - _TOLD))
        if "בטעות" in words_before and isinstance(chunk.value, TIME_LIKE):
            return True  # "קבעתם לי בטעות לשלוש, ביקשתי חמש"
        return (is_tale or has_past) and isinstance(chunk.value, DAY_LIKE)

    def is_booked(self, chunk: Chunk) -> bool:
        """The day of an appointment that there is already: "קבעתי לראשון"."""
        before = [token.text for token in self.tokens[max(chunk.start - 3, 0) : chunk.start]]
        is_mine = before[-2:] in (["התור", "שלי"], ["התור", "שלנו"], ["לי", "תור"], ["לנו", "תור"])
        is_made = not {"קבעתי", "קבענו", "קבעתם", "קבעה"}.isdisjoint(before[-2:])
        return isinstance(chunk.value, DAY_LIKE) and (is_made or is_mine)

    def has_turn(self, early: Chunk, late: Chunk) -> bool:
        """Whether a clause ends between the two."""
        return any(token.is_stop or token.text in _TURNS for token in self.tokens[early.end : late.start])

    def before(self, chunk: Chunk) -> Token | None:
        return self.tokens[chunk.start - 1] if chunk.start else None

    def after(self, chunk: Chunk) -> Token | None:
        return self.tokens[chunk.end] if chunk.end < len(self.tokens) else None

    def word_after(self, chunk: Chunk) -> str:
        after = self.after(chunk)
        return after.text if after is not None else ""

    def word_before(self, chunk: Chunk) -> str:
        before = self.before(chunk)
        return before.text if before is not None else ""

    def is_whole(self, chunk: Chunk) -> bool:
        """Whether nothing but politeness stands beside the chunk."""
        rest = (*self.tokens[: chunk.start], *self.tokens[chunk.end :])
        return all(token.is_stop or token.text in _POLITE for token in rest)

    def is_clause(self, chunk: Chunk) -> bool:
        """Nothing but politeness up to the stops on both sides: "יום שני, חמש, רפלקסולוגיה", "ארבע לא, חמש כן"."""
        before = itertools.takewhile(lambda token: not token.is_stop, reversed(self.tokens[: chunk.start]))
        after = itertools.takewhile(lambda token: not token.is_stop, self.tokens[chunk.end :])
        return all(token.text in _POLITE for token in (*before, *after))

    def touches(self, n: int, types: tuple[type, ...]) -> bool:
        """Whether a chunk of these types stands right beside chunk `n`."""
        chunk = self.chunks[n]
        beside = [other for other in self.chunks[max(n - 1, 0) : n + 2] if other is not chunk]
        return any(isinstance(c.value, types) and (c.end == chunk.start or c.start == chunk.end) for c in beside)

    def has_other(self, n: int, types: tuple[type, ...]) -> bool:
        return any(isinstance(other.value, types) for k, other in enumerate(self.chunks) if k != n)

    def is_hour_beside_day(self, n: int) -> bool:
        """Whether the day is told elsewhere and a part of the day stands right behind chunk `n`."""
        following = self.chunks[n + 1] if n + 1 < len(self.chunks) else None
        if following is None or following.start != self.chunks[n].end:
            return False
        return isinstance(following.value, PartOfDay) and self.has_other(n, DAY_LIKE)

    def counts_a_noun(self, chunk: Chunk) -> bool:
        """ "שלוש נשים": the number belongs to the noun behind it; a service's name is no such noun."""
        after = self.after(chunk)
        return after is not None and chunk.end not in self.of_services and counts_noun(after)
