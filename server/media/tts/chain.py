"""Voices in order of preference: the next one speaks where the one before cannot."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import aclosing

from server import metrics
from server.clock import Clock
from server.log import get_logger
from server.media.ports import VoiceFailed
from server.media.tts.cache import CachedVoice

log = get_logger(__name__)

_REST_S = 15.0
"""A voice that failed is not asked for a while, or every piece would wait for its time-out first."""


class VoiceChain:
    """`Voice` over named voices. A piece is spoken by one voice: once its first audio is out, nobody takes over."""

    def __init__(self, voices: Mapping[str, CachedVoice], clock: Clock) -> None:
        self._voices = dict(voices)
        self._clock = clock
        self._rests_until: dict[str, float] = {}

    async def synthesise(self, spoken: str) -> AsyncGenerator[bytes, None]:
        """Raises `VoiceFailed` when no voice can, or when the one that began breaks off."""
        names = self._in_turn()
        for name in names:
            has_begun = False
            try:
                async with aclosing(self._voices[name].synthesise(spoken)) as chunks:
                    async for chunk in chunks:
                        has_begun = True
                        yield chunk
                return
            except VoiceFailed as error:
                self._rests_until[name] = self._clock.monotonic() + _REST_S
                log.warning("voice failed", voice=name, problem=str(error))
                if has_begun or name == names[-1]:
                    raise
                metrics.fallbacks.labels("tts", f"{name}_failed").inc()

    async def warm(self, phrases: Iterable[str], on_progress: Callable[[int, int], None] | None = None) -> int:
        """Every voice makes the phrases, so that they are there whichever of them fails; how many none could make."""
        wanted = list(phrases)
        return min([await voice.warm(wanted, on_progress) for voice in self._voices.values()])

    def _in_turn(self) -> list[str]:
        """The names by preference, those that rest last."""
        now = self._clock.monotonic()
        return sorted(self._voices, key=lambda name: self._rests_until.get(name, now) > now)
