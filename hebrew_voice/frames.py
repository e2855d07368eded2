"""The pipe: big-endian frames with a request's number.

request   `id:u32 length:u32` and UTF-8 text
reply     `id:u32 kind:u8 length:u32` and, by kind, µ-law at 8 kHz, an error's sentence, or the hello
"""

from __future__ import annotations

import struct
from enum import IntEnum
from typing import BinaryIO

_REQUEST = struct.Struct(">II")
_REPLY = struct.Struct(">IBI")

MAX_TEXT_BYTES = 8_000
"""A piece is at most a dozen words; anything near this is a mistake of the caller."""


class Kind(IntEnum):
    AUDIO = 0
    ERROR = 1
    HELLO = 2  # sent once, as request 0, when the voice is ready; its payload is the voice's version


def read_request(pipe: BinaryIO) -> tuple[int, bytes] | None:
    """The next request, or None at the end of the pipe.

    Raises `ValueError` for a length that no request has: from there on nothing in the pipe can be trusted.
    """
    head = pipe.read(_REQUEST.size)
    if len(head) < _REQUEST.size:
        return None
    number, length = _REQUEST.unpack(head)
    if length > MAX_TEXT_BYTES:
        raise ValueError(f"a request of {length} bytes")
    text = pipe.read(length)
    return None if len(text) < length else (number, text)


def write_reply(pipe: BinaryIO, number: int, kind: Kind, payload: bytes) -> None:
    pipe.write(_REPLY.pack(number, kind, len(payload)) + payload)
    pipe.flush()
