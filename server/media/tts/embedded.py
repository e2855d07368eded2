"""The voice that needs no key: a client of the `hebrew_voice` program, which speaks one piece at a time."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import struct
import sys
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from server.log import get_logger
from server.media.ports import VoiceFailed

log = get_logger(__name__)

_PROJECT = Path(__file__).parents[3]
_REQUEST = struct.Struct(">II")  # number, length of the text
_REPLY = struct.Struct(">IBI")  # number, kind, length of what follows
_AUDIO, _ERROR, _HELLO = 0, 1, 2

_HELLO_TIMEOUT_S = 20.0  # a cold disk reads the model slowly
_PIECE_TIMEOUT_S = 3.0
_BACKOFF_S = (0.05, 0.05, 0.2, 1.0, 5.0)


def program(piper_voice: str | None = None) -> tuple[str, ...]:
    """The command line of the voice program; `piper_voice` is the path of a Piper voice file."""
    return (sys.executable, "-m", "hebrew_voice", *(("--piper-voice", piper_voice) if piper_voice else ()))


@dataclass(slots=True, eq=False)
class _Piece:
    text: bytes
    audio: asyncio.Future[bytes]
    attempts_count: int = 0


class _ProgramDied(Exception):
    """The program ended, hung, or answered out of step."""


class EmbeddedVoice:
    """`Voice` on the asyncio loop that called `start`.

    Pieces wait here rather than in the pipe, so that one that nobody waits for any more is never made. A program that
    dies or hangs is started again; the piece that was in it is tried once more, because it may have been innocent.
    """

    def __init__(self, command: Sequence[str] | None = None, *, piece_timeout_s: float = _PIECE_TIMEOUT_S) -> None:
        self._command = tuple(command or program())
        self._piece_timeout_s = piece_timeout_s
        self._numbers = itertools.count(1)
        self._waiting: deque[_Piece] = deque()
        self._is_wanted = asyncio.Event()
        self._version = ""
        self._keeper: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Returns when the program is ready. Raises `VoiceFailed` if it cannot be started."""
        try:
            process = await self._launch()
        except _ProgramDied as error:
            raise VoiceFailed(f"the voice program does not start: {error}") from error
        self._keeper = asyncio.create_task(self._keep(process))

    async def version(self) -> str:
        """Names everything that can change a sound: program, lexicon, libraries, voice file."""
        if not self._version:
            raise VoiceFailed("the voice program was not started")
        return self._version

    async def synthesise(self, spoken: str) -> AsyncGenerator[bytes, None]:
        """Yields the whole piece at once. Raises `VoiceFailed`."""
        if self._keeper is None or self._keeper.done():
            raise VoiceFailed("the voice program is not running")
        piece = _Piece(spoken.encode(), asyncio.get_running_loop().create_future())
        self._waiting.append(piece)
        self._is_wanted.set()
        try:
            async with asyncio.timeout(self._piece_timeout_s):
                audio = await piece.audio
        except TimeoutError:
            raise VoiceFailed(f"no sound within {self._piece_timeout_s} s") from None
        finally:
            piece.audio.cancel()
        yield audio

    async def close(self) -> None:
        """Ends the program; pieces still waited for fail."""
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.wait({self._keeper})
        for piece in self._waiting:
            _fail(piece, "the voice was closed")
        self._waiting.clear()

    async def _keep(self, process: Process) -> None:
        """Serves with one program after the other, until cancelled."""
        failures_count = 0
        while True:
            answered_count = await self._serve(process)
            failures_count = 0 if answered_count else failures_count + 1
            log.warning("voice program ended, starting it again", exit_code=process.returncode)
            process, tries_count = await self._relaunch(failures_count)
            failures_count += tries_count

    async def _relaunch(self, failures_count: int) -> tuple[Process, int]:
        tries_count = 0
        while True:
            await asyncio.sleep(_BACKOFF_S[min(failures_count + tries_count, len(_BACKOFF_S) - 1)])
            try:
                return await self._launch(), tries_count
            except _ProgramDied as error:
                tries_count += 1
                log.error("voice program does not start", problem=str(error))

    async def _launch(self) -> Process:
        # A session of its own: Ctrl-C in the terminal is for the server, which lets its calls finish. The program ends
        # with its input, so it does not outlive the server however that dies.
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command, stdin=PIPE, stdout=PIPE, cwd=_PROJECT, start_new_session=True
            )
        except OSError as error:
            raise _ProgramDied(str(error)) from error
        try:
            async with asyncio.timeout(_HELLO_TIMEOUT_S):
                _, kind, payload = await _reply(process)
        except BaseException as error:
            await _end(process)
            if isinstance(error, TimeoutError):
                raise _ProgramDied("no hello") from error
            raise
        if kind != _HELLO:
            await _end(process)
            raise _ProgramDied("something else than a hello came first")
        self._version = payload.decode()
        log.info("voice program ready", version=self._version, pid=process.pid)
        return process

    async def _serve(self, process: Process) -> int:
        """Answers pieces until the program dies; how many it answered."""
        answered_count = 0
        gone = asyncio.ensure_future(process.wait())
        try:
            while (piece := await self._next(gone)) is not None:
                await self._speak(process, piece)
                answered_count += 1
        except _ProgramDied:
            pass
        finally:
            gone.cancel()
            await _end(process)
        return answered_count

    async def _next(self, gone: asyncio.Future[int]) -> _Piece | None:
        """The next piece that somebody waits for, or None once the program is gone."""
        while not gone.done():
            while self._waiting:
                piece = self._waiting.popleft()
                if not piece.audio.done():
                    return piece
            self._is_wanted.clear()
            wanted = asyncio.ensure_future(self._is_wanted.wait())
            either: list[asyncio.Future[Any]] = [wanted, gone]
            try:
                await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            finally:
                wanted.cancel()
        return None

    async def _speak(self, process: Process, piece: _Piece) -> None:
        piece.attempts_count += 1
        number = next(self._numbers) & 0xFFFFFFFF
        try:
            async with asyncio.timeout(self._piece_timeout_s):
                kind, payload = await _asked(process, number, piece.text)
        except (_ProgramDied, TimeoutError) as error:
            self._try_again(piece)
            raise _ProgramDied(str(error) or "no answer in time") from error
        except asyncio.CancelledError:
            _fail(piece, "the voice was closed")
            raise
        if piece.audio.done():
            return
        if kind == _AUDIO:
            piece.audio.set_result(payload)
        else:
            piece.audio.set_exception(VoiceFailed(payload.decode(errors="replace")))

    def _try_again(self, piece: _Piece) -> None:
        if piece.attempts_count > 1:
            _fail(piece, "the voice program died of this piece twice")
        else:
            self._waiting.appendleft(piece)


async def _asked(process: Process, number: int, text: bytes) -> tuple[int, bytes]:
    assert process.stdin is not None
    with contextlib.suppress(ConnectionError):  # a dead program is noticed by its silence, below
        process.stdin.write(_REQUEST.pack(number, len(text)) + text)
        await process.stdin.drain()
    answered, kind, payload = await _reply(process)
    if answered != number or kind not in (_AUDIO, _ERROR):
        raise _ProgramDied("the program is out of step")
    return kind, payload


async def _reply(process: Process) -> tuple[int, int, bytes]:
    assert process.stdout is not None
    try:
        number, kind, length = _REPLY.unpack(await process.stdout.readexactly(_REPLY.size))
        return number, kind, await process.stdout.readexactly(length)
    except asyncio.IncompleteReadError as error:
        raise _ProgramDied("it ended") from error


async def _end(process: Process) -> None:
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
    await process.wait()


def _fail(piece: _Piece, reason: str) -> None:
    if not piece.audio.done():
        piece.audio.set_exception(VoiceFailed(reason))
