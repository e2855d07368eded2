"""`python -m hebrew_voice`: speaks what comes over standard input until it ends."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import BinaryIO

from hebrew_voice.frames import Kind, read_request, write_reply
from hebrew_voice.pronounce import CannotSpeak
from hebrew_voice.speaker import Speaker, open_speaker

_NICE = 5  # the media hub of the server wins on a shared core


def main() -> int:
    arguments = _arguments()
    os.nice(_NICE)
    requests, replies = sys.stdin.buffer, _private_stdout()
    speaker, version = open_speaker(arguments.piper_voice)
    write_reply(replies, 0, Kind.HELLO, version.encode())
    try:
        _serve(speaker, requests, replies)
    except (BrokenPipeError, KeyboardInterrupt):
        return 0
    except ValueError as error:
        print(f"hebrew_voice: {error}; the pipe is out of step", file=sys.stderr)
        return 1
    return 0


def _serve(speaker: Speaker, requests: BinaryIO, replies: BinaryIO) -> None:
    while (request := read_request(requests)) is not None:
        number, raw = request
        try:
            text = raw.decode()
            audio = speaker.speak(text)
        except (CannotSpeak, UnicodeDecodeError) as error:
            write_reply(replies, number, Kind.ERROR, str(error).encode())
        else:
            write_reply(replies, number, Kind.AUDIO, audio)


def _private_stdout() -> BinaryIO:
    """The pipe of replies for us alone: what a library prints goes to standard error and breaks no frame."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return replies


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m hebrew_voice", description="Hebrew text in, µ-law audio out")
    parser.add_argument("--piper-voice", type=Path, help="a Piper voice file (.onnx) to use instead of espeak-ng")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
