"""The client of the voice program: order, deaths, hangs, and pieces that nobody waits for any more."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from pathlib import Path

import pytest

from server.media.ports import VoiceFailed
from server.media.tts.embedded import EmbeddedVoice

PROJECT = Path(__file__).parent.parent
FAKE = """
import os, struct, sys, time
told = open(sys.argv[1], "a")
def reply(number, kind, payload):
    sys.stdout.buffer.write(struct.pack(">IBI", number, kind, len(payload)) + payload)
    sys.stdout.buffer.flush()
reply(0, 2, b"fake-1")
while head := sys.stdin.buffer.read(8):
    number, length = struct.unpack(">II", head)
    text = sys.stdin.buffer.read(length).decode()
    told.write(text + "\\n")
    told.flush()
    if text == "die":
        os._exit(3)
    if text == "die once" and open(sys.argv[1]).read().count("die once") == 1:
        os._exit(3)
    if text == "hang":
        time.sleep(60)
    if text == "out of step":
        number += 5
    if text.startswith("slow"):
        time.sleep(0.15)
    reply(number, text == "unspeakable", b"sound of " + text.encode())
told.write("over\\n")
"""


async def said(voice: EmbeddedVoice, text: str) -> bytes:
    return b"".join([chunk async for chunk in voice.synthesise(text)])


@pytest.fixture
def with_voice(tmp_path) -> Callable[[Callable[[EmbeddedVoice], Awaitable[None]]], list[str]]:
    """Runs a test's body with a voice on a fake program; answers with what the program was told."""

    def run(body: Callable[[EmbeddedVoice], Awaitable[None]]) -> list[str]:
        told = tmp_path / "told"

        async def whole() -> None:
            voice = EmbeddedVoice((sys.executable, "-c", FAKE, str(told)), piece_timeout_s=0.6)
            await voice.start()
            try:
                await body(voice)
            finally:
                await voice.close()

        asyncio.run(whole())
        return told.read_text().splitlines()

    return run


def test_pieces_are_spoken_in_order_and_each_goes_to_its_own_caller(with_voice) -> None:
    async def body(voice: EmbeddedVoice) -> None:
        texts = [f"piece {number}" for number in range(20)]
        audio = await asyncio.gather(*(said(voice, text) for text in texts))
        assert audio == [f"sound of {text}".encode() for text in texts]

    assert with_voice(body)[:20] == [f"piece {number}" for number in range(20)]


def test_the_version_is_what_the_program_says(with_voice) -> None:
    async def body(voice: EmbeddedVoice) -> None:
        assert await voice.version() == "fake-1"

    with_voice(body)


def test_a_piece_that_nobody_waits_for_any_more_is_never_made(with_voice) -> None:
    async def body(voice: EmbeddedVoice) -> None:
        slow = asyncio.create_task(said(voice, "slow one"))
        dropped = asyncio.create_task(said(voice, "dropped"))
        kept = asyncio.create_task(said(voice, "kept"))
        await asyncio.sleep(0)
        dropped.cancel()
        assert await slow == b"sound of slow one"
        assert await kept == b"sound of kept"

    assert with_voice(body)[:2] == ["slow one", "kept"]


def test_a_piece_dropped_while_it_is_made_does_not_end_up_with_the_next_caller(with_voice) -> None:
    async def body(voice: EmbeddedVoice) -> None:
        dropped = asyncio.create_task(said(voice, "slow and dropped"))
        await asyncio.sleep(0.05)
        dropped.cancel()
        assert await said(voice, "next") == b"sound of next"

    with_voice(body)


def test_what_cannot_be_spoken_fails_with_the_program_s_reason(with_voice) -> None:
    async def body(voice: EmbeddedVoice) -> None:
        with pytest.raises(VoiceFailed, match="sound of unspeakable"):
            await said(voice, "unspeakable")
        assert await said(voice, "next") == b"sound of next"

    with_voice(body)


def test_a_program_that_dies_is_started_again_and_the_piece_tried_once_more(with_voice) -> None:
    async def body(voice: EmbeddedVoice) -> None:
        assert await said(voice, "die once") == b"sound of die once"

    assert with_voice(body)[:2] == ["die once", "die once"]


def test_a_piece_that_kills_the_program_twice_fails_and_the_others_are_spoken(with_voice) -> None:
    async def body(voice: EmbeddedVoice) -> None:
        killer = asyncio.create_task(said(voice, "die"))
        after = asyncio.create_task(said(voice, "after"))
        with pytest.raises(VoiceFailed, match="twice"):
            await killer
        assert await after == b"sound of after"

    with_voice(body)


def test_a_program_that_hangs_is_replaced(with_voice) -> None:
    async def body(voice: EmbeddedVoice) -> None:
        with pytest.raises(VoiceFailed, match="no sound within"):
            await said(voice, "hang")
        assert await said(voice, "next") == b"sound of next"

    with_voice(body)


def test_a_program_out_of_step_is_replaced_before_a_caller_hears_the_wrong_words(with_voice) -> None:
    async def body(voice: EmbeddedVoice) -> None:
        with pytest.raises(VoiceFailed):
            await said(voice, "out of step")
        assert await said(voice, "next") == b"sound of next"

    with_voice(body)


def test_close_ends_the_program_and_fails_what_is_waited_for(with_voice) -> None:
    async def body(voice: EmbeddedVoice) -> None:
        waiting = [asyncio.create_task(said(voice, text)) for text in ("slow one", "slow two")]
        await asyncio.sleep(0.05)
        await voice.close()
        assert [type(end) for end in await asyncio.gather(*waiting, return_exceptions=True)] == [VoiceFailed] * 2
        with pytest.raises(VoiceFailed, match="not running"):
            await said(voice, "too late")

    with_voice(body)


@pytest.mark.parametrize(
    "command",
    [("/nowhere/python",), (sys.executable, "-c", ""), (sys.executable, "-c", "print('x' * 200)")],
    ids=["no such program", "ends at once", "says something else"],
)
def test_a_program_that_does_not_start_is_said_so(command: tuple[str, ...]) -> None:
    async def body() -> None:
        with pytest.raises(VoiceFailed, match="does not start"):
            await EmbeddedVoice(command).start()

    asyncio.run(body())


PARENT = """
import asyncio, sys, time
from server.media.tts.embedded import EmbeddedVoice
async def main():
    voice = EmbeddedVoice((sys.executable, "-c", sys.argv[1], sys.argv[2]))
    await voice.start()
    print("started", flush=True)
    time.sleep(60)
asyncio.run(main())
"""


def test_the_program_does_not_outlive_a_server_that_is_killed(tmp_path) -> None:
    told = tmp_path / "told"
    server = subprocess.Popen([sys.executable, "-c", PARENT, FAKE, str(told)], stdout=subprocess.PIPE, cwd=PROJECT)
    assert server.stdout
    while b"started" not in server.stdout.readline():
        assert server.poll() is None
    server.kill()
    server.wait()

    for _ in range(100):
        if "over" in told.read_text():
            return
        threading.Event().wait(0.02)
    raise AssertionError("the program still runs")


def test_the_real_program_speaks_through_the_client() -> None:
    async def body() -> None:
        voice = EmbeddedVoice()
        await voice.start()
        try:
            assert (await voice.version()).startswith("embedded-")
            async with aclosing(voice.synthesise("שלום, הגעתם לספא לוטוס.")) as chunks:
                audio = b"".join([chunk async for chunk in chunks])
            assert len(audio) > 8000
            with pytest.raises(VoiceFailed, match="no word"):
                await said(voice, "…")
        finally:
            await voice.close()

    asyncio.run(body())
