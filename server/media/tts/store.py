"""Where made pieces are kept: in memory, bounded by bytes, and on disk, bounded and checked."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections import OrderedDict
from pathlib import Path

_DIGEST_BYTES = 32
_PRUNE_TO = 0.9  # so that not every write prunes


class MemoryPieces:
    """Least recently used goes first."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes_count = 0
        self._pieces: OrderedDict[str, bytes] = OrderedDict()

    def get(self, key: str) -> bytes | None:
        audio = self._pieces.get(key)
        if audio is not None:
            self._pieces.move_to_end(key)
        return audio

    def put(self, key: str, audio: bytes) -> None:
        self._bytes_count += len(audio) - len(self._pieces.pop(key, b""))
        self._pieces[key] = audio
        while self._bytes_count > self._max_bytes:
            _, oldest = self._pieces.popitem(last=False)
            self._bytes_count -= len(oldest)


class DiskPieces:
    """One file a piece: SHA-256 of the audio, then the audio. Every method blocks and may raise `OSError`.

    Several processes may share the folder: files appear whole (written aside, then renamed), and one that another
    process has just removed counts as never made.
    """

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self._written_bytes_count = max_bytes  # the first write looks at what an earlier run has left

    def get(self, key: str) -> bytes | None:
        path = self._path(key)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        digest, audio = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
        if not audio or hashlib.sha256(audio).digest() != digest:
            path.unlink(missing_ok=True)
            return None
        with contextlib.suppress(FileNotFoundError):
            os.utime(path)
        return audio

    def put(self, key: str, audio: bytes) -> None:
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, aside = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(descriptor, "wb") as out:
                out.write(hashlib.sha256(audio).digest() + audio)
            os.replace(aside, path)
        except BaseException:
            Path(aside).unlink(missing_ok=True)
            raise
        self._written_bytes_count += len(audio)
        if self._written_bytes_count > self._max_bytes * (1 - _PRUNE_TO):
            self._prune()

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}.ulaw"

    def _prune(self) -> None:
        """Removes the files unused for longest, until what is left is below the limit."""
        self._written_bytes_count = 0
        files = sorted(_sizes(self._folder), reverse=True)
        if sum(size for _, size, _ in files) <= self._max_bytes:
            return
        kept_bytes_count = 0
        for _, size, path in files:
            kept_bytes_count += size
            if kept_bytes_count > self._max_bytes * _PRUNE_TO:
                path.unlink(missing_ok=True)


def _sizes(folder: Path) -> list[tuple[int, int, Path]]:
    """Last use in nanoseconds, size in bytes and path of every file."""
    found = []
    for path in folder.glob("*/*"):
        with contextlib.suppress(FileNotFoundError):
            facts = path.stat()
            found.append((facts.st_mtime_ns, facts.st_size, path))
    return found
