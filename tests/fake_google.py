"""Google's recognition on loopback: the real protocol, with streams that go as a test plans them."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from concurrent import futures
from datetime import timedelta

import grpc
from google.cloud import speech


class FakeGoogle:
    """Hears one word in every piece of audio: "a1", "a2" … Its streams follow a plan, one entry each."""

    def __init__(self) -> None:
        self.plan: list[Callable[[FakeGoogle, Iterator, object], Iterator]] = []
        self.configs: list[speech.StreamingRecognitionConfig] = []
        self.pieces: list[list[bytes]] = []
        self.lock = threading.Lock()

    def recognise(self, requests, context):
        self.configs.append(next(requests).streaming_config)
        with self.lock:
            self.pieces.append([])
            behave = self.plan.pop(0) if self.plan else well
        yield from behave(self, (request.audio_content for request in requests), context)


def result(text: str, *, is_final: bool, end_ms: int = 0) -> speech.StreamingRecognizeResponse:
    return speech.StreamingRecognizeResponse(
        results=[
            speech.StreamingRecognitionResult(
                alternatives=[speech.SpeechRecognitionAlternative(transcript=text)],
                is_final=is_final,
                result_end_time=timedelta(milliseconds=end_ms),
            )
        ]
    )


def well(google: FakeGoogle, audio: Iterator[bytes], _context: object) -> Iterator:
    words: list[str] = []
    for piece in audio:
        google.pieces[-1].append(piece)
        words.append(f"a{len(words) + 1}")
        yield result(" ".join(words), is_final=False)
    yield result(" ".join(words), is_final=True, end_ms=100 * len(words))


def breaks_after(count: int, status: grpc.StatusCode, *, final_first: bool = False):
    def behave(google: FakeGoogle, audio: Iterator[bytes], context) -> Iterator:
        for number, piece in enumerate(audio, 1):
            google.pieces[-1].append(piece)
            if number == count:
                break
        if final_first:
            yield result("first part", is_final=True, end_ms=100 * count)
        context.abort(status, "over")

    return behave


def never_final(google: FakeGoogle, audio: Iterator[bytes], context) -> Iterator:
    for piece in audio:
        google.pieces[-1].append(piece)
        yield result("as far as heard", is_final=False)
    while context.is_active():
        threading.Event().wait(0.02)


@contextlib.contextmanager
def listening(google: FakeGoogle) -> Iterator[str]:
    """Its address, for GOOGLE_SPEECH_ENDPOINT."""
    handler = grpc.stream_stream_rpc_method_handler(
        google.recognise, speech.StreamingRecognizeRequest.deserialize, speech.StreamingRecognizeResponse.serialize
    )
    server = grpc.server(futures.ThreadPoolExecutor(8))
    server.add_generic_rpc_handlers(
        [grpc.method_handlers_generic_handler("google.cloud.speech.v1.Speech", {"StreamingRecognize": handler})]
    )
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(None)
