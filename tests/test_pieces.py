"""What the voice is given at a time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from server.media.audio import FRAME_BYTES, Framer
from server.media.pieces import pieces

WORDS = st.lists(st.sampled_from(["אחת", "שתיים,", "שלוש.", "ארבע", "חמש?", "שש:"]), max_size=40).map(" ".join)


def test_a_booking_is_cut_at_its_clauses() -> None:
    assert pieces("קבעתי לכם עיסוי שוודי של שעה, ביום שני, עשרים ושלושה בנובמבר, בשתים עשרה.") == [
        "קבעתי לכם עיסוי שוודי",
        "של שעה, ביום שני, עשרים ושלושה בנובמבר, בשתים עשרה.",
    ]
    assert pieces("רגע, בודקת ביומן.") == ["רגע, בודקת ביומן."]
    assert pieces("") == []


@given(WORDS)
def test_nothing_is_lost_and_no_piece_is_too_long(spoken: str) -> None:
    cut = pieces(spoken)
    assert " ".join(cut).split() == spoken.split()
    assert all(len(piece.split()) <= 12 for piece in cut)
    if len(spoken.split()) >= 2:
        assert 2 <= len(cut[0].split()) <= 5


@given(st.lists(st.binary(max_size=500)))
def test_audio_of_any_size_becomes_whole_frames(chunks: list[bytes]) -> None:
    framer = Framer()
    frames = [frame for chunk in chunks for frame in framer.feed(chunk)]
    rest = framer.flush()
    assert all(len(frame) == FRAME_BYTES for frame in frames)
    whole = b"".join(frames) + (rest or b"")
    audio = b"".join(chunks)
    assert whole[: len(audio)] == audio
    assert set(whole[len(audio) :]) <= {0xFF}
    assert len(whole) - len(audio) < FRAME_BYTES
