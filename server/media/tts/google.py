"""Google's voice. Chirp voices stream; where the server cannot stream, a piece comes whole."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from functools import cached_property
from pathlib import Path
from typing import Any

from google.api_core.exceptions import GoogleAPICallError, InternalServerError, MethodNotImplemented, RetryError
from google.auth.exceptions import GoogleAuthError
from google.cloud import texttospeech

from server.media.audio import SAMPLE_RATE
from server.media.google_cloud import make_client
from server.media.ports import VoiceFailed

LANGUAGE = "he-IL"
VOICE = "he-IL-Chirp3-HD-Kore"  # a woman's, as the receptionist's grammar is
CHUNK_TIMEOUT_S = 1.5

_WAV_DATA_BYTES = 8  # "data" and its length


class GoogleVoice:
    """`Voice` on the asyncio loop."""

    def __init__(
        self,
        *,
        endpoint: str = "",
        credentials: Path | None = None,
        voice: str = VOICE,
        chunk_timeout_s: float = CHUNK_TIMEOUT_S,
    ) -> None:
        self._endpoint = endpoint
        self._credentials = credentials
        self._voice = voice
        self._chunk_timeout_s = chunk_timeout_s
        self._can_stream = "Chirp3-HD" in voice

    async def version(self) -> str:
        return f"google-{self._voice}"

    async def synthesise(self, spoken: str) -> AsyncGenerator[bytes, None]:
        """Yields µ-law as it arrives. Raises `VoiceFailed`, also when the next chunk takes too long."""
        chunks = self._chunks(spoken)
        try:
            while True:
                async with asyncio.timeout(self._chunk_timeout_s):
                    chunk = await anext(chunks, None)
                if chunk is None:
                    return
                yield chunk
        except TimeoutError:
            raise VoiceFailed(f"Google was silent for {self._chunk_timeout_s} s") from None
        except (GoogleAPICallError, GoogleAuthError, RetryError) as error:
            raise VoiceFailed(f"Google: {error}") from error
        finally:
            await chunks.aclose()

    async def _chunks(self, spoken: str) -> AsyncGenerator[bytes, None]:
        has_begun = False
        if self._can_stream:
            try:
                async for chunk in self._streamed(spoken):
                    has_begun = True
                    yield chunk
                return
            except MethodNotImplemented:
                self._can_stream = False
            except InternalServerError:
                # grpc.aio reports this instead of the server's own status when the stream is ended while it writes
                if has_begun:
                    raise
        yield await self._whole(spoken)

    async def _streamed(self, spoken: str) -> AsyncGenerator[bytes, None]:
        stream = await self._client.streaming_synthesize(self._requests(spoken), timeout=None, retry=None)
        async for response in stream:
            if response.audio_content:
                yield without_header(response.audio_content)

    async def _requests(self, spoken: str) -> AsyncIterator[texttospeech.StreamingSynthesizeRequest]:
        yield texttospeech.StreamingSynthesizeRequest(
            streaming_config=texttospeech.StreamingSynthesizeConfig(
                voice=self._selection(),
                streaming_audio_config=texttospeech.StreamingAudioConfig(
                    audio_encoding=texttospeech.AudioEncoding.MULAW, sample_rate_hertz=SAMPLE_RATE
                ),
            )
        )
        yield texttospeech.StreamingSynthesizeRequest(input=texttospeech.StreamingSynthesisInput(text=spoken))

    async def _whole(self, spoken: str) -> bytes:
        response = await self._client.synthesize_speech(
            input=texttospeech.SynthesisInput(text=spoken),
            voice=self._selection(),
            audio_config=texttospeech.AudioConfig(
                audio_encoding=texttospeech.AudioEncoding.MULAW, sample_rate_hertz=SAMPLE_RATE
            ),
            timeout=None,
            retry=None,
        )
        return without_header(response.audio_content)

    def _selection(self) -> texttospeech.VoiceSelectionParams:
        return texttospeech.VoiceSelectionParams(language_code=LANGUAGE, name=self._voice)

    @cached_property
    def _client(self) -> Any:
        return make_client(texttospeech.TextToSpeechAsyncClient, self._endpoint, self._credentials)


def without_header(audio: bytes) -> bytes:
    """Google puts a WAV header before audio that comes whole; played as sound it would be a click.

    Raises `VoiceFailed` for a WAV of anything but µ-law at 8 kHz.
    """
    if not audio.startswith(b"RIFF"):
        return audio
    encoding, channels = int.from_bytes(audio[20:22], "little"), int.from_bytes(audio[22:24], "little")
    rate = int.from_bytes(audio[24:28], "little")
    start = audio.find(b"data")
    if (encoding, channels, rate) != (7, 1, SAMPLE_RATE) or start < 0:
        raise VoiceFailed(f"Google sent a WAV of encoding {encoding} at {rate} Hz")
    return audio[start + _WAV_DATA_BYTES :]
