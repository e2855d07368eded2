"""Google's voice against a server on loopback that speaks the real protocol."""

import asyncio
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import grpc
import pytest
from google.cloud import texttospeech as tts

from server.media.ports import VoiceFailed
from server.media.tts.google import GoogleVoice, without_header


@dataclass
class FakeGoogle:
    chunks: list[bytes] = field(default_factory=lambda: [b"\x10" * 80, b"\x20" * 80])
    can_stream: bool = True
    fails_with: grpc.StatusCode | None = None
    is_silent: bool = False
    asked: list[str] = field(default_factory=list)
    configs: list[object] = field(default_factory=list)

    async def streaming(self, requests, context) -> AsyncIterator[tts.StreamingSynthesizeResponse]:
        if not self.can_stream:
            await context.abort(grpc.StatusCode.UNIMPLEMENTED, "no streaming here")
        async for request in requests:
            if request.streaming_config:
                self.configs.append(request.streaming_config)
            if request.input.text:
                self.asked.append(request.input.text)
        await self._misbehave(context)
        for chunk in self.chunks:
            yield tts.StreamingSynthesizeResponse(audio_content=chunk)

    async def whole(self, request, context) -> tts.SynthesizeSpeechResponse:
        self.configs.append(request.audio_config)
        self.asked.append(request.input.text)
        await self._misbehave(context)
        return tts.SynthesizeSpeechResponse(audio_content=wav(b"".join(self.chunks)))

    async def _misbehave(self, context) -> None:
        if self.is_silent:
            await asyncio.sleep(10)
        if self.fails_with:
            await context.abort(self.fails_with, "out of order")

    def handler(self) -> grpc.GenericRpcHandler:
        return grpc.method_handlers_generic_handler(
            "google.cloud.texttospeech.v1.TextToSpeech",
            {
                "StreamingSynthesize": grpc.stream_stream_rpc_method_handler(
                    self.streaming,
                    tts.StreamingSynthesizeRequest.deserialize,
                    tts.StreamingSynthesizeResponse.serialize,
                ),
                "SynthesizeSpeech": grpc.unary_unary_rpc_method_handler(
                    self.whole, tts.SynthesizeSpeechRequest.deserialize, tts.SynthesizeSpeechResponse.serialize
                ),
            },
        )


def wav(audio: bytes, *, encoding: int = 7, rate: int = 8000) -> bytes:
    layout = struct.pack("<4sIHHIIHH", b"fmt ", 16, encoding, 1, rate, rate, 1, 8)
    return b"RIFF" + struct.pack("<I", 0) + b"WAVE" + layout + b"data" + struct.pack("<I", len(audio)) + audio


def with_google(google: FakeGoogle, body: Callable[[GoogleVoice], Awaitable[None]]) -> None:
    async def run() -> None:
        server = grpc.aio.server()
        server.add_generic_rpc_handlers([google.handler()])
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        try:
            await body(GoogleVoice(endpoint=f"127.0.0.1:{port}", chunk_timeout_s=0.5))
        finally:
            await server.stop(None)

    asyncio.run(run())


async def said(voice: GoogleVoice, text: str) -> list[bytes]:
    return [chunk async for chunk in voice.synthesise(text)]


def test_audio_streams_as_it_is_made_in_the_telephone_s_format() -> None:
    google = FakeGoogle()

    async def body(voice: GoogleVoice) -> None:
        assert await said(voice, "שלום לכם.") == google.chunks

    with_google(google, body)
    assert google.asked == ["שלום לכם."]
    (config,) = google.configs
    assert config.voice.language_code == "he-IL"
    assert config.streaming_audio_config.audio_encoding == tts.AudioEncoding.MULAW
    assert config.streaming_audio_config.sample_rate_hertz == 8000


def test_a_server_that_cannot_stream_gives_the_piece_whole_without_its_wav_header() -> None:
    google = FakeGoogle(can_stream=False)

    async def body(voice: GoogleVoice) -> None:
        assert await said(voice, "שלום") == [b"".join(google.chunks)]
        assert await said(voice, "שוב") == [b"".join(google.chunks)]

    with_google(google, body)
    assert google.asked == ["שלום", "שוב"]


@pytest.mark.parametrize("status", [grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.RESOURCE_EXHAUSTED])
def test_google_s_errors_are_failures_of_the_voice(status: grpc.StatusCode) -> None:
    async def body(voice: GoogleVoice) -> None:
        with pytest.raises(VoiceFailed, match="out of order"):
            await said(voice, "שלום")

    with_google(FakeGoogle(fails_with=status), body)


def test_a_silent_server_fails_in_time() -> None:
    async def body(voice: GoogleVoice) -> None:
        with pytest.raises(VoiceFailed, match="silent"):
            await said(voice, "שלום")

    with_google(FakeGoogle(is_silent=True), body)


def test_a_caller_who_leaves_ends_the_stream() -> None:
    async def body(voice: GoogleVoice) -> None:
        chunks = voice.synthesise("שלום")
        assert await anext(chunks) == b"\x10" * 80
        await chunks.aclose()
        assert await said(voice, "שוב")

    with_google(FakeGoogle(), body)


def test_no_server_at_all_is_a_failure() -> None:
    async def body() -> None:
        with pytest.raises(VoiceFailed):
            await said(GoogleVoice(endpoint="127.0.0.1:1"), "שלום")

    asyncio.run(body())


def test_a_wav_in_another_format_is_never_played() -> None:
    with pytest.raises(VoiceFailed, match="24000"):
        without_header(wav(b"x" * 100, encoding=1, rate=24000))
