"""Probabilities of speech: what the model hears on the telephone."""

import wave
from pathlib import Path

import numpy as np
import pytest

from hebrew_voice.sound import to_mulaw
from server.media.silero import CHUNK_BYTES, SpeechProbability

SPEECH = sorted((Path(__file__).parent.parent / "bench" / "speech").glob("*.wav"))


def mulaw_of(path: Path) -> bytes:
    with wave.open(str(path)) as recording:
        samples = np.frombuffer(recording.readframes(recording.getnframes()), np.int16)
    return to_mulaw(samples.astype(np.float32) / 32768)


@pytest.mark.parametrize("path", SPEECH, ids=lambda path: path.stem)
def test_speech_is_likely(path: Path) -> None:
    heard = SpeechProbability().feed(mulaw_of(path))

    assert np.mean(heard) > 0.9


@pytest.mark.parametrize(
    "sound",
    [
        np.zeros(16000),
        np.random.default_rng(1).normal(size=16000) * 0.1,
        np.sin(np.arange(16000) * 2 * np.pi * 50 / 8000) * 0.2,
    ],
    ids=["silence", "white noise", "mains hum"],
)
def test_what_is_no_speech_is_unlikely(sound: np.ndarray) -> None:
    assert max(SpeechProbability().feed(to_mulaw(sound.astype(np.float32)))) < 0.5


def test_twilio_frames_and_one_long_piece_are_heard_alike() -> None:
    sound = mulaw_of(SPEECH[0])
    in_frames = SpeechProbability()

    framed = [heard for at in range(0, len(sound), 160) for heard in in_frames.feed(sound[at : at + 160])]

    assert framed == SpeechProbability().feed(sound)
    assert len(framed) == len(sound) // CHUNK_BYTES


def test_calls_do_not_hear_each_other() -> None:
    sound = mulaw_of(SPEECH[1])
    alone = SpeechProbability().feed(sound)
    one, other = SpeechProbability(), SpeechProbability()

    heard = []
    for at in range(0, len(sound), CHUNK_BYTES):
        heard += one.feed(sound[at : at + CHUNK_BYTES])
        other.feed(mulaw_of(SPEECH[2])[at : at + CHUNK_BYTES])

    assert heard == alone


def test_speech_after_a_long_digital_silence_is_heard_as_if_the_model_had_listened_all_along() -> None:
    speech = mulaw_of(SPEECH[0])
    after_short, after_long = SpeechProbability(), SpeechProbability()
    after_short.feed(b"\xff" * CHUNK_BYTES * 16)
    silent = after_long.feed(b"\xff" * CHUNK_BYTES * 2000)

    assert max(silent) < 0.3
    assert after_long.feed(speech) == after_short.feed(speech)
