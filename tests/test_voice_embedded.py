"""The client of the voice program: order, deaths, hangs, and pieces that nobody waits for any more."""

import asyncio
import contextlib
import socket
import subprocess
import sys
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest

from server.media.ports import VoiceFailed
from server.media.tts.embedded import EmbeddedVoice

PROJECT = Path(__file__).parent.parent
STAND_IN = """
import os, socket, struct, sys
director = socket.create_connection(("127.0.0.1", int(sys.argv[1]))).makefile("rw")
def reply(number, kind, payload):
    sys.stdout.buffer.write(struct.pack(">IBI", number, kind, len(payload)) + payload)
    sys.stdout.buffer.flush()
reply(0, 2, b"fake-1")
while head := sys.stdin.buffer.read(8):
    number, length = struct.unpack(">II", head)
    text = sys.stdin.buffer.read(length).decode()
    print(text, file=director, flush=True)
    act = director.readline().strip()
    if act == "die":
        os._exit(3)
    reply(number + 5 * (act == "slip"), act == "refuse", b"sound of " + text.encode())
print("over", file=director, flush=True)
"""


class Director:
    """Tells the program that stands in for the voice what to do with each piece: "speak", or what the test has set.

    A piece that it is to "hold" is spoken when the test lets it go.
    """

    def __init__(self, **acts: str) -> None:
        """Each act by the piece's text, `_` for a blank; several acts for several times, "die speak"."""
        self.told: list[str] = []
        self._acts = {text.replace("_", " "): iter(act.split()) for text, act in acts.items()}
        self._has_begun: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self._may_go = asyncio.Event()
        self._programs: asyncio.Queue[None] = asyncio.Queue()

    async def begun(self, text: str) -> None:
        """Wait until the program is at that piece."""
        await self._has_begun[text].wait()

    async def next_program(self) -> None:
        """Wait until a program is there that was not, when this was last asked."""
        await self._programs.get()

    def lets_go(self) -> None:
        self._may_go.set()

    async def meets(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._programs.put_nowait(None)
        with contextlib.closing(writer):
            async for line in reader:
                text = line.decode().strip()
                self.told.append(text)
                self._has_begun[text].set()
                act = next(self._acts.get(text, iter(())), "speak")
                if act == "hold":
                    await self._may_go.wait()
                writer.write(f"{act}\n".encode())


@contextlib.asynccontextmanager
async def directed(director: Director, timeout_s: float = 30.0) -> AsyncIterator[EmbeddedVoice]:
    """A voice on the stand-in; a piece has `timeout_s`."""
    server = await asyncio.start_server(director.meets, "127.0.0.1")
    port = server.sockets[0].getsockname()[1]
    voice = EmbeddedVoice((sys.executable, "-c", STAND_IN, str(port)), piece_timeout_s=timeout_s)
    async with server:
        await voice.start()
        await director.next_program()
        try:
            yield voice
        finally:
            director.lets_go()
            await voice.close()


async def said(voice: EmbeddedVoice, text: str) -> bytes:
    return b"".join([chunk async for chunk in voice.synthesise(text)])


def test_pieces_are_spoken_in_order_and_each_goes_to_its_own_caller() -> None:
    async def body() -> None:
        director = Director()
        async with directed(director) as voice:
            texts = [f"piece {number}" for number in range(20)]
            audio = await asyncio.gather(*(said(voice, text) for text in texts))
            assert audio == [f"sound of {text}".encode() for text in texts]
            assert director.told == texts

    asyncio.run(body())


def test_the_version_is_what_the_program_says() -> None:
    async def body() -> None:
        async with directed(Director()) as voice:
            assert await voice.version() == "fake-1"

    asyncio.run(body())


def test_a_piece_that_nobody_waits_for_any_more_is_never_made() -> None:
    async def body() -> None:
        director = Director(first="hold")
        async with directed(director) as voice:
            first, dropped, kept = (asyncio.create_task(said(voice, text)) for text in ("first", "dropped", "kept"))
            await director.begun("first")
            dropped.cancel()
            director.lets_go()
            assert await first == b"sound of first"
            assert await kept == b"sound of kept"
            assert director.told == ["first", "kept"]

    asyncio.run(body())


def test_a_piece_dropped_while_it_is_made_does_not_end_up_with_the_next_caller() -> None:
    async def body() -> None:
        director = Director(dropped="hold")
        async with directed(director) as voice:
            dropped = asyncio.create_task(said(voice, "dropped"))
            await director.begun("dropped")
            dropped.cancel()
            following = asyncio.create_task(said(voice, "next"))
            director.lets_go()
            assert await following == b"sound of next"

    asyncio.run(body())


def test_what_cannot_be_spoken_fails_with_the_program_s_reason() -> None:
    async def body() -> None:
        async with directed(Director(unspeakable="refuse")) as voice:
            with pytest.raises(VoiceFailed, match="sound of unspeakable"):
                await said(voice, "unspeakable")
            assert await said(voice, "next") == b"sound of next"

    asyncio.run(body())


def test_a_program_that_dies_is_started_again_and_the_piece_tried_once_more() -> None:
    async def body() -> None:
        director = Director(innocent="die speak")
        async with directed(director) as voice:
            assert await said(voice, "innocent") == b"sound of innocent"
            assert director.told == ["innocent", "innocent"]

    asyncio.run(body())


def test_a_piece_that_kills_the_program_twice_fails_and_the_others_are_spoken() -> None:
    async def body() -> None:
        async with directed(Director(killer="die die")) as voice:
            killer, after = (asyncio.create_task(said(voice, text)) for text in ("killer", "after"))
            with pytest.raises(VoiceFailed, match="twice"):
                await killer
            assert await after == b"sound of after"

    asyncio.run(body())


def test_a_program_that_hangs_is_replaced() -> None:
    async def body() -> None:
        director = Director(endless="hold")
        async with directed(director, timeout_s=1.0) as voice:
            with pytest.raises(VoiceFailed, match="no sound within"):
                await said(voice, "endless")
            await director.next_program()
            assert await said(voice, "next") == b"sound of next"

    asyncio.run(body())


def test_a_program_out_of_step_is_replaced_before_a_caller_hears_the_wrong_words() -> None:
    async def body() -> None:
        async with directed(Director(piece="slip slip")) as voice:
            with pytest.raises(VoiceFailed, match="twice"):
                await said(voice, "piece")
            assert await said(voice, "next") == b"sound of next"

    asyncio.run(body())


def test_close_ends_the_program_and_fails_what_is_waited_for() -> None:
    async def body() -> None:
        director = Director(first="hold")
        async with directed(director) as voice:
            waiting = [asyncio.create_task(said(voice, text)) for text in ("first", "second")]
            await director.begun("first")
            await voice.close()
            assert [type(end) for end in await asyncio.gather(*waiting, return_exceptions=True)] == [VoiceFailed] * 2
            with pytest.raises(VoiceFailed, match="not running"):
                await said(voice, "too late")

    asyncio.run(body())


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
import asyncio, sys
from server.media.tts.embedded import EmbeddedVoice
async def main():
    await EmbeddedVoice((sys.executable, "-c", sys.argv[1], sys.argv[2])).start()
    print("started", flush=True)
    await asyncio.Event().wait()
asyncio.run(main())
"""


def test_the_program_does_not_outlive_a_server_that_is_killed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as director:
        command = [sys.executable, "-c", PARENT, STAND_IN, str(director.getsockname()[1])]
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=PROJECT) as server:
            assert server.stdout
            while b"started" not in server.stdout.readline():
                assert server.poll() is None
            program, _ = director.accept()
            server.kill()
        with program, program.makefile() as words:
            program.settimeout(30)
            assert words.read() == "over\n"


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
