"""A Piper voice file in place of espeak-ng. The voice here is the smallest model that onnxruntime runs."""

import json
from pathlib import Path

import numpy as np
import pytest

from hebrew_voice.piper_sound import PiperSound, as_phonemes
from hebrew_voice.pronounce import Clause
from hebrew_voice.speaker import open_speaker

INT64, FLOAT = 7, 1
CLAUSE = Clause(("ʃalˈom", "laχˈem"), "?")


def field(number: int, value: int | bytes) -> bytes:
    """One field in protobuf's wire format."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def tensor(name: str, kind: int, *dimensions: str) -> bytes:
    shape = b"".join(field(1, field(2, dimension.encode())) for dimension in dimensions)
    return field(1, name.encode()) + field(2, field(1, field(1, kind) + field(2, shape)))


@pytest.fixture
def voice(tmp_path: Path) -> Path:
    """Its sound is its input: the numbers of the phonemes."""
    cast = field(1, b"input") + field(2, b"output") + field(4, b"Cast")
    cast += field(5, field(1, b"to") + field(3, FLOAT) + field(20, 2))
    inputs = (tensor("input", INT64, "b", "n"), tensor("input_lengths", INT64, "b"), tensor("scales", FLOAT, "s"))
    graph = field(1, cast) + field(2, b"voice") + b"".join(field(11, given) for given in inputs)
    graph += field(12, tensor("output", FLOAT, "b", "n"))
    path = tmp_path / "tiny.onnx"
    path.write_bytes(field(1, 8) + field(7, graph) + field(8, field(2, 13)))
    signs = {sign: [number] for number, sign in enumerate("_^$ abefhilmorstuʃχˈ?.", 1)}
    description = {
        "audio": {"sample_rate": 16000},
        "espeak": {"voice": "he"},
        "phoneme_type": "hebrew",
        "num_symbols": 99,
        "num_speakers": 1,
        "phoneme_id_map": signs,
    }
    path.with_name("tiny.onnx.json").write_text(json.dumps(description), encoding="utf-8")
    return path


def test_a_voice_file_speaks_the_same_pronunciation(voice: Path) -> None:
    sound = PiperSound(voice)

    samples = sound.speak(CLAUSE)

    assert sound.rate == 16000
    assert samples.dtype == np.float32
    assert samples.size > 2 * len("ʃalˈom laχˈem?")  # every phoneme is followed by a pad


def test_signs_that_the_voice_does_not_know_are_left_out() -> None:
    assert as_phonemes(CLAUSE, set("alom ")) == list("alom lam")


def test_the_whole_way_from_text_to_the_telephone(voice: Path) -> None:
    speaker, version = open_speaker(voice)
    _, other = open_speaker(None)

    assert speaker.speak("שלום לכם?")
    assert version != other
