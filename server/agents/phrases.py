"""The fixed phrases of a business, spoken without a brain and synthesised before the first call."""

from __future__ import annotations

from server.agents.questions import NUDGE
from server.calendar.models import Business
from server.calls.models import Phrases, Sentence, Then
from server.hebrew.speak import speak

FILLER = "רגע, בודקת ביומן."
APOLOGY = "סליחה, משהו השתבש לי. אפשר לחזור על זה?"
CLARIFY = "סליחה, לא הצלחתי לבדוק. אפשר לנסח שוב?"


def sentence(text: str, then: Then = Then.LISTEN, *, is_filler: bool = False) -> Sentence:
    """Display text with the words that the voice is given."""
    return Sentence(text, speak(text), then, is_filler)


def without_filler(heard: str) -> str:
    """What was heard of a reply, without the filler before it, which may itself have been cut."""
    is_cut_filler = FILLER.startswith(heard.rstrip("…").strip())
    return "" if is_cut_filler else heard.removeprefix(FILLER).strip()


def phrases_of(business: Business) -> Phrases:
    """The greeting tells that it is a machine that answers; the nudge asks nothing, so that the open question stays."""
    return Phrases(
        greeting=(
            sentence(f"שלום, הגעתם ל{business.name}."),
            sentence("אני העוזרת הדיגיטלית. איך אפשר לעזור?"),
        ),
        nudge=sentence(NUDGE),
        silence_farewell=sentence("לא שומעת אתכם. אפשר להתקשר שוב, להתראות.", Then.HANG_UP),
        apology=sentence(APOLOGY),
        limit_farewell=sentence("אנחנו צריכים לסיים את השיחה. תודה שהתקשרתם, להתראות.", Then.HANG_UP),
        filler=sentence(FILLER, is_filler=True),
    )
