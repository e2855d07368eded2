"""How well voice activity detection does: hits, false alarms, lag, CPU.

    python -m bench.vad_accuracy [--gates]

Speech is bench/speech/*.wav and Hebrew lines of the embedded voice, at several levels and offsets against the frames,
clean and in noise; what is not speech is noise, hum, knocks, clicks and silence. All goes through µ-law in frames of
20 ms, as on the telephone. Lag counts from the first frame that holds speech to the end of the frame in which speech is
declared. `--gates` compares start gates on the same material.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import time
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from server.media import vad
from server.media.audio import FRAME_BYTES, FRAME_MS, MULAW_TO_LINEAR
from server.media.silero import SpeechProbability
from server.media.tts.embedded import EmbeddedVoice

Samples = npt.NDArray[np.float64]
RATE = 8000
LINES = (
    "תקבע לי מחר בשתים עשרה שוודי שעה.",
    "כמה עולה עיסוי של שעה?",
    "לא, סליחה, בשש.",
    "כן.",
    "רגע, אני רוצה לבטל את התור.",
    "דני כהן.",
    "אפס חמש אפס, אחת שתיים שלוש.",
    "אפשר ביום שלישי אחר הצהריים?",
)
_LINEAR = np.asarray(MULAW_TO_LINEAR, np.float64) / 32768
_CODES = np.argsort(_LINEAR, kind="stable").astype(np.uint8)
_SORTED = _LINEAR[_CODES]


WORDS = ("כן.", "לא.", "טוב.", "אוקיי.", "בטח.", "בשש.", "דני.", "מחר.", "אהה.")
GATES = ((2, 3), (3, 4), (4, 5), (5, 6), (5, 7), (6, 6), (6, 7), (6, 8), (7, 8))


@dataclass(frozen=True)
class Scene:
    name: str
    sound: Samples
    onset_ms: float | None  # None: there is no speech in it


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--gates", action="store_true")
    arguments = parser.parse_args()
    tracks = [(scene, probabilities(scene.sound)) for scene in scenes(*asyncio.run(speech()))]
    for gate in GATES if arguments.gates else (vad.GATE, vad.EAGER_GATE):
        vad.GATE = gate
        print(f"\nthreshold {vad.ON}/{vad.OFF}, {gate[0]} of {gate[1]} chunks")
        report(tracks, is_short=arguments.gates)
    print(f"\nCPU {cpu_ms():.3f} ms per chunk of 32 ms")


def report(tracks: list[tuple[Scene, list[float]]], *, is_short: bool) -> None:
    lags: list[float] = []
    for name, group in itertools.groupby(tracks, key=lambda track: track[0].name):
        found = [(scene, began(track)) for scene, track in group]
        if found[0][0].onset_ms is None:
            minutes = sum(scene.sound.size for scene, _ in found) / RATE / 60
            alarms = sum(len(begun) for _, begun in found)
            if not is_short or alarms:
                print(f"  {name:<34} false alarms {alarms} in {minutes:.1f} min")
            continue
        own = [begun[0] - (scene.onset_ms or 0) for scene, begun in found if begun]
        lags += own if name in ("speech 0 dB", "speech -10 dB") else []
        if not is_short or len(own) < len(found):
            print(f"  {name:<34} hits {len(own)}/{len(found)}  lag p50 {pct(own, 50):.0f} p95 {pct(own, 95):.0f} ms")
    print(f"  speech at usual levels: lag p50 {pct(lags, 50):.0f} p95 {pct(lags, 95):.0f} ms (n={len(lags)})")


def began(track: list[float]) -> list[float]:
    """When speech was declared: ends of the 20 ms frames that completed the deciding chunks."""
    activity = vad.VoiceActivity()
    decided = [at for at, probability in enumerate(track, 1) if activity.feed(probability)]
    return [float(-(-at * vad.CHUNK_MS // FRAME_MS) * FRAME_MS) for at in decided]


def probabilities(sound: Samples) -> list[float]:
    ears, mulaw = SpeechProbability(), to_mulaw(sound)
    frames = (mulaw[at : at + FRAME_BYTES] for at in range(0, len(mulaw), FRAME_BYTES))
    return [probability for frame in frames for probability in ears.feed(frame)]


def cpu_ms() -> float:
    """Fifty calls in turn, so that nothing stays in the processor's cache that would not in a server."""
    ears = [SpeechProbability() for _ in range(50)]
    frames = [np.random.default_rng(n).integers(0, 256, FRAME_BYTES, np.uint8).tobytes() for n in range(40)]
    started, chunks = time.process_time(), 0
    for frame in frames:
        chunks += sum(len(ear.feed(frame)) for ear in ears)
    return (time.process_time() - started) / chunks * 1000


def scenes(spoken: list[Samples], words: list[Samples]) -> Iterator[Scene]:
    rng = np.random.default_rng(7)
    for gain_db in (0, -10, -20):
        for word in words:
            yield from placed(f"one word, {gain_db} dB", word * db(gain_db), None, rng)
    babble_of = [np.resize(line, RATE * 20) for line in spoken]
    noises = {
        "white": rng.normal(size=RATE * 20),
        "pink": pink(rng, RATE * 20),
        "babble": sum((np.roll(line, int(rng.integers(RATE * 20))) for line in babble_of[:8]), np.zeros(RATE * 20)),
    }
    for gain_db in (0, -10, -20, -26):
        for line in spoken:
            yield from placed(f"speech {gain_db} dB", line * db(gain_db), None, rng)
    for (name, noise), snr_db in itertools.product(noises.items(), (10, 5)):
        for line in spoken:
            yield from placed(f"speech in {name}, {snr_db} dB SNR", line, fitted(noise, line, snr_db), rng)
    for (name, noise), snr_db in itertools.product(noises.items(), (10, 5, 0)):
        yield Scene(f"{name} alone, as at {snr_db} dB SNR", fitted(noise, spoken[0], snr_db), None)
    yield from unspoken(rng)


def placed(name: str, line: Samples, noise: Samples | None, rng: np.random.Generator) -> Iterator[Scene]:
    for _ in range(3):
        before = int(rng.integers(RATE // 2, RATE))
        sound = np.concatenate([np.zeros(before), line, np.zeros(RATE)])
        if noise is not None:
            sound = sound + np.roll(noise, int(rng.integers(noise.size)))[: sound.size]
        onset_ms = (before // FRAME_BYTES) * FRAME_MS
        yield Scene(name, sound, float(onset_ms))


def unspoken(rng: np.random.Generator) -> Iterator[Scene]:
    seconds = np.arange(RATE * 20) / RATE
    yield Scene("silence", np.zeros(RATE * 20), None)
    yield Scene("line noise -60 dBFS", rng.normal(size=RATE * 20) * db(-60), None)
    hum = sum(np.sin(2 * np.pi * 50 * n * seconds) / n for n in (1, 2, 3, 5, 7))
    yield Scene("mains hum", 0.1 * np.asarray(hum), None)
    for name, length_ms, low_hz in (("knocks", 60, 180.0), ("clicks", 4, 1500.0), ("keyboard", 12, 2500.0)):
        yield Scene(name, strikes(rng, length_ms, low_hz), None)
    yield Scene("dialling tone 425 Hz", 0.2 * np.sin(2 * np.pi * 425 * seconds), None)
    yield Scene("bursts of white noise, 150 ms", bursts(rng, 150), None)
    yield Scene("breath, 400 ms", bursts(rng, 400) * 0.3, None)


def strikes(rng: np.random.Generator, length_ms: int, low_hz: float) -> Samples:
    sound = np.zeros(RATE * 20)
    at = np.arange(RATE * length_ms // 1000 * 4) / RATE
    for start in np.cumsum(rng.uniform(0.12, 0.9, 40)):
        begin = int(start * RATE)
        if begin + at.size < sound.size:
            ring = np.sin(2 * np.pi * low_hz * rng.uniform(0.8, 1.5) * at) + 0.5 * rng.normal(size=at.size)
            sound[begin : begin + at.size] += 0.6 * ring * np.exp(-at * 3000 / length_ms)
    return sound


def bursts(rng: np.random.Generator, length_ms: int) -> Samples:
    sound = np.zeros(RATE * 20)
    size = RATE * length_ms // 1000
    for begin in range(RATE // 2, sound.size - size, RATE * 3 // 4):
        sound[begin : begin + size] = rng.normal(size=size) * 0.2 * np.hanning(size)
    return sound


def pink(rng: np.random.Generator, size: int) -> Samples:
    spectrum = np.fft.rfft(rng.normal(size=size))
    spectrum /= np.sqrt(np.maximum(1, np.arange(spectrum.size)))
    return np.fft.irfft(spectrum, size)


def fitted(noise: Samples, line: Samples, snr_db: float) -> Samples:
    loud = line[np.abs(line) > 0.01]
    return noise / np.sqrt(np.mean(noise**2)) * np.sqrt(np.mean(loud**2)) * db(-snr_db)


def db(gain: float) -> float:
    return float(10 ** (gain / 20))


def pct(values: list[float], percent: float) -> float:
    return float(np.percentile(values, percent)) if values else float("nan")


def to_mulaw(sound: Samples) -> bytes:
    """The nearest code of every sample."""
    at = np.clip(np.searchsorted(_SORTED, sound), 1, 255)
    nearer = np.where(sound - _SORTED[at - 1] < _SORTED[at] - sound, at - 1, at)
    return _CODES[nearer].tobytes()


async def speech() -> tuple[list[Samples], list[Samples]]:
    """Sentences and single words, trimmed to their sound."""
    voice = EmbeddedVoice()
    await voice.start()
    try:
        lines = [await spoken(voice, line) for line in LINES]
        words = [await spoken(voice, word) for word in WORDS]
    finally:
        await voice.close()
    return lines + [trimmed(read_wav(path)) for path in sorted(Path(__file__).with_name("speech").glob("*.wav"))], words


async def spoken(voice: EmbeddedVoice, line: str) -> Samples:
    audio = b"".join([chunk async for chunk in voice.synthesise(line)])
    return trimmed(_LINEAR[np.frombuffer(audio, np.uint8)])


def trimmed(line: Samples) -> Samples:
    heard = np.flatnonzero(np.abs(line) > 0.01)
    return line[heard[0] : heard[-1] + 1]


def read_wav(path: Path) -> Samples:
    with wave.open(str(path)) as recording:
        return np.frombuffer(recording.readframes(recording.getnframes()), np.int16) / 32768


if __name__ == "__main__":
    main()
