"""A voice that makes no piece twice."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable
from contextlib import aclosing
from pathlib import Path
from typing import Any, Protocol

from server import metrics
from server.log import get_logger
from server.media.ports import Voice, VoiceFailed
from server.media.tts.store import DiskPieces, MemoryPieces

log = get_logger(__name__)

_MEMORY_BYTES = 32 * 2**20  # some 70 minutes of speech
_DISK_BYTES = 256 * 2**20


class VersionedVoice(Voice, Protocol):
    async def version(self) -> str:
        """Changes whenever the same text would sound different. Raises `VoiceFailed` if it is not known."""
        ...


class CachedVoice:
    """`Voice` on the asyncio loop. Two callers who want the same piece at the same time share its making."""

    def __init__(
        self,
        voice: VersionedVoice,
        folder: Path | None,
        *,
        memory_bytes: int = _MEMORY_BYTES,
        disk_bytes: int = _DISK_BYTES,
    ) -> None:
        """`folder` None keeps pieces in memory only."""
        self._voice = voice
        self._memory = MemoryPieces(memory_bytes)
        self._disk = DiskPieces(folder, disk_bytes) if folder else None
        self._being_made: dict[str, _Making] = {}

    async def version(self) -> str:
        return await self._voice.version()

    async def synthesise(self, spoken: str) -> AsyncGenerator[bytes, None]:
        """Yields audio as it is made, or a kept piece at once. Raises `VoiceFailed`."""
        key = _key(await self._voice.version(), spoken)
        kept = self._memory.get(key)
        if kept is not None:
            metrics.voice_cache.labels("memory").inc()
            yield kept
            return
        making = self._being_made.get(key)
        if making is None:
            making = _Making()
            self._being_made[key] = making
            making.begin(self._make(key, spoken, making))
        async with aclosing(making.follow()) as chunks:
            async for chunk in chunks:
                yield chunk

    async def warm(self, phrases: Iterable[str], on_progress: Callable[[int, int], None] | None = None) -> int:
        """Makes the phrases that are not kept yet, one after the other; how many failed.

        `on_progress(done, of)` is called after each. Lives on between calls, so a piece for a caller waits for one
        phrase at most.
        """
        wanted = list(dict.fromkeys(phrases))
        failed_count = 0
        for done_count, phrase in enumerate(wanted, 1):
            try:
                async for _ in self.synthesise(phrase):
                    pass
            except VoiceFailed as error:
                failed_count += 1
                log.warning("fixed phrase could not be made", problem=str(error))
            if on_progress:
                on_progress(done_count, len(wanted))
        return failed_count

    async def _make(self, key: str, spoken: str, making: _Making) -> None:
        try:
            kept = await self._from_disk(key)
            metrics.voice_cache.labels("made" if kept is None else "disk").inc()
            if kept is not None:
                making.add(kept)
            else:
                async for chunk in self._voice.synthesise(spoken):
                    making.add(chunk)
            audio = making.audio()
            self._memory.put(key, audio)
        finally:
            del self._being_made[key]
        if kept is None:
            await self._to_disk(key, audio)

    async def _from_disk(self, key: str) -> bytes | None:
        if self._disk is None:
            return None
        try:
            return await asyncio.to_thread(self._disk.get, key)
        except OSError as error:
            self._give_up_disk(error)
            return None

    async def _to_disk(self, key: str, audio: bytes) -> None:
        if self._disk is None:
            return
        try:
            await asyncio.to_thread(self._disk.put, key, audio)
        except OSError as error:
            self._give_up_disk(error)

    def _give_up_disk(self, error: OSError) -> None:
        log.warning("voice cache goes on without its folder", problem=str(error))
        self._disk = None


class _Making:
    """One piece being made, and all who listen to it."""

    def __init__(self) -> None:
        self._chunks: list[bytes] = []
        self._has_grown = asyncio.Event()
        self._is_ended = False
        self._failure: VoiceFailed | None = None
        self._listeners_count = 0
        self._task: asyncio.Task[None] | None = None

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        self._task = asyncio.create_task(self._run(work))

    def add(self, chunk: bytes) -> None:
        self._chunks.append(chunk)
        self._wake()

    def audio(self) -> bytes:
        """All of it. Raises `VoiceFailed` if there is none, and ends the listening."""
        audio = b"".join(self._chunks)
        if not audio:
            raise VoiceFailed("the voice made no sound")
        self._is_ended = True
        self._wake()
        return audio

    async def follow(self) -> AsyncGenerator[bytes, None]:
        """Everything from the first chunk on. Once nobody follows an unfinished piece any more, its making ends."""
        self._listeners_count += 1
        try:
            at = 0
            while True:
                while at < len(self._chunks):  # more may have come while the last one was being used
                    at += 1
                    yield self._chunks[at - 1]
                if self._is_ended:
                    break
                await self._has_grown.wait()
            if self._failure:
                raise VoiceFailed(str(self._failure)) from self._failure
        finally:
            self._listeners_count -= 1
            if not self._listeners_count and not self._is_ended and self._task:
                self._task.cancel()

    async def _run(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except VoiceFailed as error:
            self._failure = error
        finally:
            if not self._is_ended and self._failure is None:
                self._failure = VoiceFailed("the making was given up")
            self._is_ended = True
            self._wake()

    def _wake(self) -> None:
        grown, self._has_grown = self._has_grown, asyncio.Event()
        grown.set()


def _key(version: str, spoken: str) -> str:
    return hashlib.sha256(f"{version}\0{spoken}".encode()).hexdigest()
