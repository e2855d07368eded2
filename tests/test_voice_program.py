"""The voice program itself: what comes out of its pipe."""

import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pytest

from hebrew_voice.sound import to_telephone
from server.media.audio import MULAW_TO_LINEAR
from server.media.silero import SpeechProbability

PROJECT = Path(__file__).parent.parent
AUDIO, ERROR, HELLO = 0, 1, 2


class Program:
    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "hebrew_voice", *arguments],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    @property
    def pipes(self) -> tuple[BinaryIO, BinaryIO]:
        assert self.process.stdin
        assert self.process.stdout
        return self.process.stdin, self.process.stdout

    def send(self, number: int, text: bytes) -> None:
        into, _ = self.pipes
        into.write(struct.pack(">II", number, len(text)) + text)
        into.flush()

    def reply(self) -> tuple[int, int, bytes]:
        _, out = self.pipes
        number, kind, length = struct.unpack(">IBI", out.read(9))
        return number, kind, out.read(length)

    def ask(self, number: int, text: str) -> tuple[int, int, bytes]:
        self.send(number, text.encode())
        return self.reply()


@pytest.fixture(scope="module")
def program() -> Iterator[Program]:
    running = Program()
    assert running.reply()[:2] == (0, HELLO)
    yield running
    running.pipes[0].close()
    assert running.process.wait(10) == 0


def linear(mulaw: bytes) -> np.ndarray:
    return np.asarray(MULAW_TO_LINEAR, np.float32)[np.frombuffer(mulaw, np.uint8)] / 32768


def test_text_comes_back_as_speech(program: Program) -> None:
    number, kind, audio = program.ask(7, "שלום, הגעתם לספא לוטוס.")

    assert (number, kind) == (7, AUDIO)
    assert 1.5 < len(audio) / 8000 < 3.5
    assert np.mean(np.array(SpeechProbability().feed(audio)) > 0.5) > 0.6


def test_speech_is_loud_enough_trimmed_and_not_clipped(program: Program) -> None:
    samples = np.abs(linear(program.ask(8, "קבעתי לכם תור למחר בארבע.")[2]))
    heard = np.flatnonzero(samples > 0.01)

    assert heard[0] < 8000 * 0.03
    assert 0.2 < (samples.size - heard[-1]) / 8000 < 0.3
    assert 0.3 < samples.max() < 0.96


def test_the_pause_after_a_piece_follows_its_last_mark(program: Program) -> None:
    lengths = [len(program.ask(9, f"בסדר{mark}")[2]) for mark in ("", ",", ".")]

    assert lengths == sorted(lengths)
    assert lengths[2] - lengths[0] > 8000 * 0.15


@pytest.mark.parametrize("text", [b"", b"...", b"\xff\xfe", "😀".encode()], ids=["empty", "marks", "no UTF-8", "emoji"])
def test_what_cannot_be_said_is_answered_with_an_error_and_the_next_is_spoken(program: Program, text: bytes) -> None:
    program.send(13, text)
    number, kind, reason = program.reply()

    assert (number, kind) == (13, ERROR)
    assert reason
    assert program.ask(14, "שלום")[1] == AUDIO


def test_a_request_of_an_impossible_length_ends_the_program() -> None:
    program = Program()
    program.reply()
    into, _ = program.pipes
    into.write(struct.pack(">II", 1, 2**31))
    into.flush()

    assert program.process.wait(10) == 1
    assert b"out of step" in program.process.communicate()[1]


def test_a_missing_piper_voice_ends_the_program_with_its_reason() -> None:
    _, problem = Program("--piper-voice", "/nowhere/voice.onnx").process.communicate(timeout=10)

    assert b"/nowhere/voice.onnx" in problem


def test_silence_makes_no_audio() -> None:
    assert to_telephone([(np.zeros(22050, np.int16), ".")], 22050) == b""


def test_floats_of_any_level_come_out_at_the_same_level() -> None:
    tone = np.sin(np.arange(22050) * 2 * np.pi * 300 / 22050).astype(np.float32)

    soft, loud = (linear(to_telephone([(tone * gain, "")], 22050)) for gain in (0.05, 0.9))

    assert np.std(soft[800:4000]) == pytest.approx(np.std(loud[800:4000]), rel=0.05)
