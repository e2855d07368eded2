"""Stand-in phrases for tests of the media side, which knows no Hebrew."""

from server.calls.models import Phrases, Sentence, Then


def sentence(text: str, then: Then = Then.LISTEN, *, is_filler: bool = False) -> Sentence:
    return Sentence(text, text, then, is_filler)


PHRASES = Phrases(
    greeting=(sentence("greeting"),),
    nudge=sentence("nudge"),
    silence_farewell=sentence("silence farewell", Then.HANG_UP),
    apology=sentence("apology"),
    limit_farewell=sentence("limit farewell", Then.HANG_UP),
    filler=sentence("filler", is_filler=True),
)
