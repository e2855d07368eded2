"""Pieces made once: kept in memory and on disk, shared while they are being made, replaced by a lesser voice."""

import asyncio
import os
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import pytest

from server import metrics
from server.media.ports import VoiceFailed
from server.media.tts.cache import CachedVoice
from server.media.tts.chain import VoiceChain
from server.media.tts.store import DiskPieces, MemoryPieces


class SlowVoice:
    """Speaks in two chunks, the second when it `may_finish`, and remembers what it was asked for."""

    def __init__(self, *, name: str = "slow-1", fails: bool = False, breaks_off: bool = False) -> None:
        self.name = name
        self.fails = fails
        self.breaks_off = breaks_off
        self.asked: list[str] = []
        self.finished: list[str] = []
        self.may_finish = asyncio.Event()
        self.may_finish.set()

    async def version(self) -> str:
        return self.name

    async def synthesise(self, spoken: str) -> AsyncGenerator[bytes, None]:
        self.asked.append(spoken)
        if self.fails:
            raise VoiceFailed(f"{self.name} is out of order")
        yield f"{self.name}: ".encode()
        await self.may_finish.wait()
        if self.breaks_off:
            raise VoiceFailed(f"{self.name} broke off")
        yield spoken.encode()
        self.finished.append(spoken)


class HandClock:
    def __init__(self) -> None:
        self.time = 100.0

    def monotonic(self) -> float:
        return self.time


async def said(voice: CachedVoice | VoiceChain, text: str) -> bytes:
    return b"".join([chunk async for chunk in voice.synthesise(text)])


async def until(condition: Callable[[], object]) -> None:
    while not condition():
        await asyncio.sleep(0.001)


async def is_on_disk(folder: Path) -> None:
    """Wait until the piece that was made has been written as well."""
    await until(lambda: list(folder.glob("*/*.ulaw")))


def counted(result: str) -> float:
    return metrics.voice_cache.labels(result)._value.get()


def test_a_piece_is_made_once_then_comes_from_memory() -> None:
    async def body() -> None:
        voice = SlowVoice()
        cached = CachedVoice(voice, None)
        made, remembered = counted("made"), counted("memory")

        assert await said(cached, "שלום") == await said(cached, "שלום") == "slow-1: שלום".encode()
        assert voice.asked == ["שלום"]
        assert (counted("made") - made, counted("memory") - remembered) == (1, 1)

    asyncio.run(body())


def test_pieces_survive_a_restart_on_disk(tmp_path: Path) -> None:
    async def body() -> None:
        await said(CachedVoice(SlowVoice(), tmp_path), "שלום")
        await is_on_disk(tmp_path)
        voice = SlowVoice()
        from_disk = counted("disk")

        assert await said(CachedVoice(voice, tmp_path), "שלום") == "slow-1: שלום".encode()
        assert voice.asked == []
        assert counted("disk") - from_disk == 1

    asyncio.run(body())


def test_another_version_of_the_voice_is_not_served_old_sound(tmp_path: Path) -> None:
    async def body() -> None:
        await said(CachedVoice(SlowVoice(), tmp_path), "שלום")
        await is_on_disk(tmp_path)

        assert await said(CachedVoice(SlowVoice(name="slow-2"), tmp_path), "שלום") == "slow-2: שלום".encode()

    asyncio.run(body())


def test_two_callers_share_the_making_and_the_later_one_hears_it_from_the_start() -> None:
    async def body() -> None:
        voice = SlowVoice()
        cached = CachedVoice(voice, None)
        voice.may_finish.clear()
        for caller in (callers := [cached.synthesise("שלום") for _ in range(2)]):
            assert await anext(caller) == b"slow-1: "
        voice.may_finish.set()

        assert [await anext(caller) for caller in callers] == ["שלום".encode()] * 2
        assert voice.asked == ["שלום"]

    asyncio.run(body())


def test_audio_is_handed_on_as_it_is_made() -> None:
    async def body() -> None:
        voice = SlowVoice()
        voice.may_finish.clear()
        assert await anext(CachedVoice(voice, None).synthesise("שלום")) == b"slow-1: "

    asyncio.run(body())


def test_who_takes_longer_over_a_chunk_than_the_voice_over_the_rest_hears_it_all() -> None:
    async def body() -> None:
        voice = SlowVoice()
        chunks = CachedVoice(voice, None).synthesise("שלום")
        assert await anext(chunks) == b"slow-1: "
        await until(lambda: voice.finished)
        assert [chunk async for chunk in chunks] == ["שלום".encode()]

    asyncio.run(body())


def test_one_of_two_callers_leaves_and_the_other_hears_it_all() -> None:
    async def body() -> None:
        voice = SlowVoice()
        cached = CachedVoice(voice, None)
        voice.may_finish.clear()
        leaving = asyncio.create_task(said(cached, "שלום"))
        await until(lambda: voice.asked)
        staying = cached.synthesise("שלום")
        assert await anext(staying) == b"slow-1: "
        leaving.cancel()
        await asyncio.wait({leaving})
        voice.may_finish.set()

        assert await anext(staying) == "שלום".encode()

    asyncio.run(body())


def test_a_piece_that_nobody_waits_for_any_more_is_given_up_and_made_anew_later() -> None:
    async def body() -> None:
        voice = SlowVoice()
        cached = CachedVoice(voice, None)
        voice.may_finish.clear()
        leaving = asyncio.create_task(said(cached, "שלום"))
        await until(lambda: voice.asked)
        leaving.cancel()
        await asyncio.wait({leaving})
        voice.may_finish.set()

        assert await said(cached, "שלום") == "slow-1: שלום".encode()
        assert voice.asked == ["שלום", "שלום"]
        assert voice.finished == ["שלום"], "the first was not made to its end for nobody"

    asyncio.run(body())


@pytest.mark.parametrize("voice", [SlowVoice(fails=True), SlowVoice(breaks_off=True)], ids=["fails", "breaks off"])
def test_a_failure_reaches_every_caller_and_is_not_kept(voice: SlowVoice) -> None:
    async def body() -> None:
        cached = CachedVoice(voice, None)
        ends = await asyncio.gather(*(said(cached, "שלום") for _ in range(2)), return_exceptions=True)
        assert [type(end) for end in ends] == [VoiceFailed, VoiceFailed]

        voice.fails = voice.breaks_off = False
        assert await said(cached, "שלום")

    asyncio.run(body())


def test_a_voice_without_a_sound_has_failed() -> None:
    class Mute(SlowVoice):
        async def synthesise(self, spoken: str) -> AsyncGenerator[bytes, None]:
            yield b""

    async def body() -> None:
        with pytest.raises(VoiceFailed, match="no sound"):
            await said(CachedVoice(Mute(), None), "שלום")

    asyncio.run(body())


def test_fixed_phrases_are_made_beforehand_with_progress_and_failures_counted() -> None:
    class Fussy(SlowVoice):
        async def synthesise(self, spoken: str) -> AsyncGenerator[bytes, None]:
            if spoken == "לא":
                raise VoiceFailed("not this one")
            async for chunk in super().synthesise(spoken):
                yield chunk

    async def body() -> None:
        voice, progress = Fussy(), []
        cached = CachedVoice(voice, None)

        assert await cached.warm(["שלום", "לא", "שלום", "כן"], lambda done, of: progress.append((done, of))) == 1
        assert progress == [(1, 3), (2, 3), (3, 3)]
        await said(cached, "כן")
        assert voice.asked == ["שלום", "כן"]

    asyncio.run(body())


def test_a_folder_that_cannot_be_written_costs_only_the_disk_cache(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")

    async def body() -> None:
        voice = SlowVoice()
        cached = CachedVoice(voice, blocked)
        assert await said(cached, "שלום") == await said(cached, "שלום")
        assert voice.asked == ["שלום"]

    asyncio.run(body())


def test_memory_forgets_what_was_unused_for_longest() -> None:
    memory = MemoryPieces(max_bytes=30)
    for key in "abc":
        memory.put(key, b"x" * 10)
    memory.get("a")

    memory.put("d", b"x" * 10)

    assert [key for key in "abcd" if memory.get(key)] == ["a", "c", "d"]


def test_a_piece_too_big_for_memory_is_not_kept() -> None:
    memory = MemoryPieces(max_bytes=30)

    memory.put("huge", b"x" * 31)

    assert memory.get("huge") is None


@pytest.mark.parametrize("damage", [b"", b"x", b"y" * 300], ids=["emptied", "cut", "overwritten"])
def test_a_damaged_file_counts_as_never_made(tmp_path: Path, damage: bytes) -> None:
    disk = DiskPieces(tmp_path, max_bytes=10_000)
    disk.put("aa11", b"audio" * 50)
    (path,) = tmp_path.glob("*/*.ulaw")
    path.write_bytes(damage)

    assert disk.get("aa11") is None
    disk.put("aa11", b"audio")
    assert disk.get("aa11") == b"audio"


def test_the_disk_stays_within_its_bound_and_keeps_what_was_used_last(tmp_path: Path) -> None:
    disk = DiskPieces(tmp_path, max_bytes=10_000)
    for number in range(9):
        disk.put(f"{number}0", b"x" * 1000)
        os.utime(tmp_path / f"{number}0" / f"{number}0.ulaw", (number, number))
    assert disk.get("00")

    for number in range(10, 13):
        disk.put(f"{number}", b"x" * 1000)

    assert sum(path.stat().st_size for path in tmp_path.glob("*/*")) <= 10_000
    assert disk.get("00")
    assert disk.get("12")
    assert disk.get("10")
    assert disk.get("20") is None


def test_an_old_file_beyond_the_bound_is_noticed_after_a_restart(tmp_path: Path) -> None:
    before = DiskPieces(tmp_path, max_bytes=10**6)
    for number in range(20):
        before.put(f"{number:02}", b"x" * 1000)

    DiskPieces(tmp_path, max_bytes=5_000).put("zz", b"x" * 1000)

    assert sum(path.stat().st_size for path in tmp_path.glob("*/*")) <= 5_000


def chain_of(clock: HandClock, **voices: SlowVoice) -> VoiceChain:
    return VoiceChain({name: CachedVoice(voice, None) for name, voice in voices.items()}, clock)


def test_the_next_voice_speaks_where_the_first_cannot_and_it_is_counted() -> None:
    async def body() -> None:
        cloud, own = SlowVoice(name="cloud", fails=True), SlowVoice(name="own")
        chain = chain_of(HandClock(), cloud=cloud, own=own)
        before = metrics.fallbacks.labels("tts", "cloud_failed")._value.get()

        assert await said(chain, "שלום") == "own: שלום".encode()
        assert metrics.fallbacks.labels("tts", "cloud_failed")._value.get() - before == 1

    asyncio.run(body())


def test_a_voice_that_failed_rests_and_is_asked_again_later() -> None:
    async def body() -> None:
        clock = HandClock()
        cloud, own = SlowVoice(name="cloud", fails=True), SlowVoice(name="own")
        chain = chain_of(clock, cloud=cloud, own=own)
        for text in ("אחת", "שתיים", "שלוש"):
            await said(chain, text)
        assert cloud.asked == ["אחת"]

        cloud.fails = False
        clock.time += 16
        assert await said(chain, "ארבע") == "cloud: ארבע".encode()

    asyncio.run(body())


def test_nobody_takes_over_in_the_middle_of_a_piece() -> None:
    async def body() -> None:
        own = SlowVoice(name="own")
        chain = chain_of(HandClock(), cloud=SlowVoice(name="cloud", breaks_off=True), own=own)

        with pytest.raises(VoiceFailed, match="broke off"):
            await said(chain, "שלום")
        assert own.asked == []

    asyncio.run(body())


def test_a_chain_in_which_all_fail_fails() -> None:
    async def body() -> None:
        chain = chain_of(HandClock(), cloud=SlowVoice(fails=True), own=SlowVoice(name="own", fails=True))

        with pytest.raises(VoiceFailed, match="own is out of order"):
            await said(chain, "שלום")
        with pytest.raises(VoiceFailed):
            await said(chain, "שלום")

    asyncio.run(body())


def test_every_voice_of_a_chain_makes_the_fixed_phrases() -> None:
    async def body() -> None:
        cloud, own = SlowVoice(name="cloud"), SlowVoice(name="own")
        chain = chain_of(HandClock(), cloud=cloud, own=own)

        assert await chain.warm(["שלום", "כן"]) == 0
        assert cloud.asked == own.asked == ["שלום", "כן"]

    asyncio.run(body())
