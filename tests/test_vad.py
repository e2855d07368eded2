"""Voice activity: when a caller has begun to speak, and how long the silence lasts. One value is 32 ms."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.media.vad import CHUNK_MS, RELEASE_MS, VoiceActivity, VoiceBegan

VOICE, FAINT, NOTHING = 0.95, 0.45, 0.05


def hear(activity: VoiceActivity, probabilities: Iterable[float]) -> list[VoiceBegan]:
    return [began for probability in probabilities if (began := activity.feed(probability))]


def test_speech_begins_after_five_voiced_chunks_and_is_dated_back_to_the_first() -> None:
    activity = VoiceActivity()

    assert hear(activity, [NOTHING] * 10 + [VOICE] * 4) == []
    assert hear(activity, [VOICE]) == [VoiceBegan(at_ms=10 * CHUNK_MS)]
    assert activity.is_speaking
    assert activity.speech_ms == 5 * CHUNK_MS


def test_one_faint_chunk_inside_a_word_does_not_start_the_count_anew() -> None:
    assert hear(VoiceActivity(), [VOICE, VOICE, FAINT, VOICE, VOICE, VOICE]) == [VoiceBegan(at_ms=0)]


@pytest.mark.parametrize("knock", [[VOICE], [VOICE] * 2, [VOICE] * 4], ids=["click", "knock", "thump"])
def test_knocks_are_no_speech(knock: list[float]) -> None:
    activity = VoiceActivity()

    assert hear(activity, ([NOTHING] * 8 + knock) * 20) == []
    assert not activity.is_speaking


def test_faint_sound_starts_nothing_but_carries_on_what_has_begun() -> None:
    activity = VoiceActivity()
    assert hear(activity, [FAINT] * 50) == []

    hear(activity, [VOICE] * 5 + [FAINT] * 30)

    assert activity.is_speaking
    assert activity.silence_ms == 0


def test_a_short_word_is_enough_while_we_are_silent_ourselves() -> None:
    activity = VoiceActivity()
    activity.is_eager = True

    assert hear(activity, [NOTHING] * 5 + [VOICE] * 3 + [NOTHING]) == [VoiceBegan(at_ms=5 * CHUNK_MS)]
    assert hear(VoiceActivity(), [NOTHING] * 5 + [VOICE] * 3 + [NOTHING]) == []


def test_a_click_is_not_enough_even_then() -> None:
    activity = VoiceActivity()
    activity.is_eager = True

    assert hear(activity, ([NOTHING] * 4 + [VOICE] * 2) * 20) == []


def test_silence_is_counted_in_audio_from_the_last_voiced_chunk() -> None:
    activity = VoiceActivity()
    hear(activity, [VOICE] * 20 + [NOTHING] * 11)
    assert activity.silence_ms == 11 * CHUNK_MS

    activity.feed(VOICE)

    assert activity.silence_ms == 0


def test_a_pause_inside_a_sentence_is_no_new_beginning_but_a_long_one_is() -> None:
    activity = VoiceActivity()
    hear(activity, [VOICE] * 10)

    assert hear(activity, [NOTHING] * 8 + [VOICE] * 10) == []
    assert activity.speech_ms == 20 * CHUNK_MS

    assert len(hear(activity, [NOTHING] * 10 + [VOICE] * 10)) == 1


@given(st.lists(st.floats(0, 1), max_size=200), st.booleans())
def test_whatever_is_heard_the_times_hold_together(probabilities: list[float], is_eager: bool) -> None:
    activity = VoiceActivity()
    activity.is_eager = is_eager
    now_ms = 0
    for probability in probabilities:
        was_speaking = activity.is_speaking
        began = activity.feed(probability)
        now_ms += CHUNK_MS
        assert (began is not None) == (activity.is_speaking and not was_speaking)
        assert 0 <= activity.silence_ms <= now_ms
        assert not (activity.is_speaking and activity.silence_ms >= RELEASE_MS)
        if began:
            assert 0 <= now_ms - began.at_ms <= 6 * CHUNK_MS
            assert activity.speech_ms <= now_ms - began.at_ms
