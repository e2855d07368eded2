"""How fast the embedded voice is: `python -m bench.voice_speed [--piper-voice voice.onnx]`.

Pieces are those of a reply, 2 to 12 words. Milliseconds are what a caller of the port waits, through the pipe; CPU is
the program's own.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import tempfile
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import numpy as np

from server.media.tts.cache import CachedVoice
from server.media.tts.embedded import EmbeddedVoice, program

KNOWN = (
    "שלום, הגעתם לספא לוטוס.",
    "איך אפשר לעזור לכם?",
    "רגע, אני בודקת ביומן.",
    "קבעתי לכם עיסוי שוודי של שעה,",
    "ביום שני, שלושים בנובמבר, בשתים עשרה,",
    "על שם דני.",
    "יש לי בעשר וחצי או באחת עשרה.",
    "מה נוח לכם?",
    "על איזה שם לרשום את התור?",
    "עיסוי שוודי של שעה עולה שלוש מאות וחמישים שקלים.",
    "אנחנו פתוחים מראשון עד חמישי, מתשע עד שמונה בערב.",
    "תודה רבה, להתראות ויום נעים.",
)
UNKNOWN = (
    "המטבח נמצא מאחורי הבריכה החדשה.",
    "כדאי לשתות הרבה מים אחרי המסאז'.",
    "הגינה שלנו פורחת בעיקר באביב.",
    "אפשר להחנות בחניון ברחוב הסמוך.",
)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--piper-voice")
    asyncio.run(measure(parser.parse_args().piper_voice))


async def measure(piper_voice: str | None) -> None:
    started = time.perf_counter()
    voice = EmbeddedVoice(program(piper_voice))
    await voice.start()
    print(f"start to ready {ms(started):.0f} ms")
    for name, texts in (("words of the lexicon", KNOWN), ("words for the model", UNKNOWN)):
        times, audio = await timed(lambda text: spoken(voice, text), texts * 10)
        pace = sum(len(text.split()) for text in texts) * 10 / audio
        print(f"{name:<24} {row(times)}, {pace:.2f} words/s, wall RTF {sum(times) / 1000 / audio:.4f}")
    with tempfile.TemporaryDirectory() as folder:
        await cached(voice, Path(folder))
    await crowd(voice)
    await voice.close()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"program: {used.ru_utime + used.ru_stime:.2f} s of CPU in all, {used.ru_maxrss / 1024:.0f} MB")


async def cached(voice: EmbeddedVoice, folder: Path) -> None:
    first = CachedVoice(voice, folder)
    await first.warm(KNOWN)
    times, _ = await timed(lambda text: spoken(first, text), KNOWN * 50)
    print(f"{'from memory':<24} {row(times)}")
    await asyncio.sleep(0.2)
    again = CachedVoice(voice, folder)
    times, _ = await timed(lambda text: spoken(again, text), KNOWN)
    print(f"{'from disk':<24} {row(times)}")


async def crowd(voice: EmbeddedVoice) -> None:
    """Forty callers want a piece of their own in the same moment."""
    texts = [f"{text} {number}" for number in range(4) for text in KNOWN][:40]
    started = time.perf_counter()

    async def one(text: str) -> float:
        await spoken(voice, text)
        return ms(started)

    print(f"{'forty at once':<24} {row(await asyncio.gather(*(one(text) for text in texts)))}")


async def spoken(voice: EmbeddedVoice | CachedVoice, text: str) -> int:
    return sum([len(chunk) async for chunk in voice.synthesise(text)])


async def timed(speak: Callable[[str], Coroutine[Any, Any, int]], texts: tuple[str, ...]) -> tuple[list[float], float]:
    times, audio = [], 0.0
    for text in texts:
        started = time.perf_counter()
        audio += await speak(text) / 8000
        times.append(ms(started))
    return times, audio


def ms(since: float) -> float:
    return (time.perf_counter() - since) * 1000


def row(times: list[float]) -> str:
    return f"p50 {np.percentile(times, 50):.2f} ms, p95 {np.percentile(times, 95):.2f} ms"


if __name__ == "__main__":
    main()
