"""Google's recognition against a server on loopback that speaks the real protocol, heard on the hub."""

from collections.abc import Callable, Iterator

import grpc
import pytest
from google.cloud import speech

from server import runtime
from server.media.stt.google import GoogleRecogniser, GoogleStream
from tests.fake_google import FakeGoogle, breaks_after, listening, never_final

PIECE = b"\x55" * 800


class Caller:
    """The hub's side of a call."""

    def __init__(self, recogniser: GoogleRecogniser, hints: tuple[str, ...] = ()) -> None:
        self.words: list[tuple[int, str]] = []
        self.heard: list[tuple[int, str]] = []
        self.ears: GoogleStream = recogniser.open(
            hints, lambda *said: self.words.append(said), lambda *said: self.heard.append(said)
        )

    def says(self, turn: int, pieces: int) -> None:
        self.ears.begin(turn)
        for _ in range(pieces):
            self.ears.feed(PIECE)

    def waits_for_heard(self, count: int = 1) -> list[tuple[int, str]]:
        wait_until(lambda: len(self.heard) >= count)
        return self.heard


def wait_until(is_so: Callable[[], bool]) -> None:
    for _ in range(400):
        if is_so():
            return
        runtime.sleep(0.01)
    raise AssertionError("it did not come about within 4 s")


@pytest.fixture
def google() -> FakeGoogle:
    return FakeGoogle()


@pytest.fixture
def recogniser(google: FakeGoogle) -> Iterator[GoogleRecogniser]:
    with listening(google) as address:
        runtime.start()
        yield GoogleRecogniser(endpoint=address, final_timeout_s=1.5, stream_limit_ms=1000)
        runtime.stop()


def test_words_come_while_the_caller_speaks_and_the_whole_at_the_end(
    recogniser: GoogleRecogniser, google: FakeGoogle
) -> None:
    caller = Caller(recogniser, hints=("ספא לוטוס", "שוודי"))
    caller.says(3, pieces=3)
    wait_until(lambda: len(caller.words) >= 3)
    assert caller.heard == []

    caller.ears.finish(3)

    assert caller.waits_for_heard() == [(3, "a1 a2 a3")]
    assert caller.words[:3] == [(3, "a1"), (3, "a1 a2"), (3, "a1 a2 a3")]
    config = google.configs[0].config
    assert (config.language_code, config.sample_rate_hertz) == ("iw-IL", 8000)
    assert config.encoding == speech.RecognitionConfig.AudioEncoding.MULAW
    assert google.configs[0].interim_results
    assert [phrase.value for phrase in config.adaptation.phrase_sets[0].phrases] == ["ספא לוטוס", "שוודי"]


def test_an_utterance_cut_by_the_next_is_still_answered_under_its_own_turn(recogniser: GoogleRecogniser) -> None:
    caller = Caller(recogniser)
    caller.says(1, pieces=2)
    caller.ears.finish(1)
    caller.says(2, pieces=1)
    caller.ears.finish(2)

    assert sorted(caller.waits_for_heard(2)) == [(1, "a1 a2"), (2, "a1")]


def test_sound_without_words_is_answered_with_none(recogniser: GoogleRecogniser) -> None:
    caller = Caller(recogniser)
    caller.says(1, pieces=0)
    caller.ears.finish(1)
    caller.ears.finish(7)

    assert sorted(caller.waits_for_heard(2)) == [(1, ""), (7, "")]


def test_a_stream_that_dies_is_opened_again_and_the_audio_sent_once_more(
    recogniser: GoogleRecogniser, google: FakeGoogle
) -> None:
    google.plan = [breaks_after(2, grpc.StatusCode.UNAVAILABLE)]
    caller = Caller(recogniser)
    caller.says(1, pieces=4)
    caller.ears.finish(1)

    assert caller.waits_for_heard() == [(1, "a1 a2 a3 a4")]
    assert [len(pieces) for pieces in google.pieces] == [2, 4]


def test_what_was_final_before_the_break_is_kept_and_not_sent_again(
    recogniser: GoogleRecogniser, google: FakeGoogle
) -> None:
    google.plan = [breaks_after(2, grpc.StatusCode.OUT_OF_RANGE, final_first=True)]
    caller = Caller(recogniser)
    caller.says(1, pieces=5)
    caller.ears.finish(1)

    assert caller.waits_for_heard() == [(1, "first part a1 a2 a3")]


def test_a_long_utterance_changes_streams_before_google_ends_one(
    recogniser: GoogleRecogniser, google: FakeGoogle
) -> None:
    caller = Caller(recogniser)
    caller.says(1, pieces=25)
    wait_until(lambda: len(google.pieces) == 3 and len(google.pieces[2]) == 5)
    caller.ears.finish(1)

    ten = " ".join(f"a{number}" for number in range(1, 11))
    assert caller.waits_for_heard() == [(1, f"{ten} {ten} a1 a2 a3 a4 a5")]


def test_without_a_final_result_the_words_so_far_count(recogniser: GoogleRecogniser, google: FakeGoogle) -> None:
    google.plan = [never_final]
    caller = Caller(recogniser)
    caller.says(1, pieces=1)
    wait_until(lambda: bool(caller.words))
    caller.ears.finish(1)

    assert caller.waits_for_heard() == [(1, "as far as heard")]


def test_dead_recognition_still_answers_once_the_caller_is_silent(
    recogniser: GoogleRecogniser, google: FakeGoogle
) -> None:
    google.plan = [breaks_after(1, grpc.StatusCode.INTERNAL)] * 9
    caller = Caller(recogniser)
    caller.says(1, pieces=1)
    caller.ears.finish(1)

    assert caller.waits_for_heard() == [(1, "")]


def test_nothing_is_heard_after_the_call(recogniser: GoogleRecogniser) -> None:
    caller = Caller(recogniser)
    caller.says(1, pieces=1)
    wait_until(lambda: bool(caller.words))
    caller.ears.close()
    before = list(caller.words)
    runtime.sleep(0.1)

    assert caller.heard == []
    assert caller.words == before
