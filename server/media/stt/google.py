"""Google's ears: one recognition stream an utterance, so that its end makes the result final at once.

The stream lives on the loop. Results go to the hub; whatever happens on the way, an utterance that is finished is
answered once.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from functools import cached_property
from pathlib import Path
from typing import Any

from google.api_core.exceptions import GoogleAPICallError, OutOfRange
from google.auth.exceptions import GoogleAuthError
from google.cloud import speech

from server import metrics, runtime
from server.log import get_logger
from server.media.audio import SAMPLE_RATE, duration_ms
from server.media.google_cloud import make_client

log = get_logger(__name__)

LANGUAGE = "iw-IL"  # Google's code for Hebrew in recognition
MODEL = "default"  # the models for short phrases refuse Hebrew
HINT_BOOST = 10.0
MAX_HINTS = 100

FINAL_TIMEOUT_S = 1.5
"""After so long the words heard so far are the result."""

STREAM_LIMIT_MS = 280_000
"""Google ends a stream after 305 s of audio."""

ATTEMPTS = 3
PAUSE_S = 0.1


class GoogleRecogniser:
    def __init__(
        self,
        *,
        endpoint: str = "",
        credentials: Path | None = None,
        final_timeout_s: float = FINAL_TIMEOUT_S,
        stream_limit_ms: float = STREAM_LIMIT_MS,
    ) -> None:
        self._endpoint = endpoint
        self._credentials = credentials
        self.final_timeout_s = final_timeout_s
        self.stream_limit_ms = stream_limit_ms

    def open(
        self, hints: tuple[str, ...], on_words: Callable[[int, str], None], on_heard: Callable[[int, str], None]
    ) -> GoogleStream:
        return GoogleStream(self, _config(hints), on_words, on_heard)

    @cached_property
    def client(self) -> Any:
        """Made on first use, on the loop."""
        return make_client(speech.SpeechAsyncClient, self._endpoint, self._credentials)


class GoogleStream:
    """The ears of one call, called on the hub."""

    def __init__(
        self,
        recogniser: GoogleRecogniser,
        config: speech.StreamingRecognitionConfig,
        on_words: Callable[[int, str], None],
        on_heard: Callable[[int, str], None],
    ) -> None:
        self._recogniser = recogniser
        self._config = config
        self._on_words = on_words
        self._on_heard = on_heard
        self._utterance: _Utterance | None = None

    def begin(self, turn: int) -> None:
        self._drop()
        self._utterance = _Utterance(turn, self._recogniser, self._config, self._on_words, self._on_heard)
        self._utterance.work = runtime.on_loop(self._utterance.listen())

    def feed(self, audio: bytes) -> None:
        if self._utterance is not None:
            runtime.call_on_loop(self._utterance.take, audio)

    def finish(self, turn: int) -> None:
        if self._utterance is None or self._utterance.turn != turn:
            self._on_heard(turn, "")
            return
        runtime.call_on_loop(self._utterance.end)
        self._utterance = None

    def close(self) -> None:
        self._drop()

    def _drop(self) -> None:
        """An utterance that was never finished is wanted by nobody."""
        if self._utterance is not None and self._utterance.work is not None:
            self._utterance.work.cancel()
        self._utterance = None


class _Utterance:
    """One stretch of the caller's speech on its way through Google; everything here runs on the loop."""

    def __init__(
        self,
        turn: int,
        recogniser: GoogleRecogniser,
        config: speech.StreamingRecognitionConfig,
        on_words: Callable[[int, str], None],
        on_heard: Callable[[int, str], None],
    ) -> None:
        self.turn = turn
        self.work: runtime.Running | None = None
        self._recogniser = recogniser
        self._config = config
        self._on_words = on_words
        self._on_heard = on_heard
        self._deadline: asyncio.Timeout | None = None  # of the final result, once the utterance is over
        self._has_come = asyncio.Event()
        self._audio: deque[bytes] = deque()  # what no final result covers yet
        self._sent_count = 0  # how many pieces of it the present stream has been given
        self._sent_ms = 0.0  # all that the present stream has been given
        self._covered_ms = 0.0  # how much of that is final
        self._is_ended = False
        self._finals: list[str] = []
        self._interim = ""

    def take(self, audio: bytes) -> None:
        self._audio.append(audio)
        self._has_come.set()

    def end(self) -> None:
        self._is_ended = True
        self._has_come.set()
        if self._deadline is not None:
            self._deadline.reschedule(self._due())

    async def listen(self) -> None:
        """Until the words are final, or no more can be had."""
        try:
            async with asyncio.timeout_at(self._due()) as self._deadline:
                await self._recognise()
        except TimeoutError:
            log.warning("recognition gave no final result in time", turn=self.turn)
        heard = self._words()
        runtime.post(lambda: self._on_heard(self.turn, heard))

    def _due(self) -> float | None:
        return asyncio.get_running_loop().time() + self._recogniser.final_timeout_s if self._is_ended else None

    async def _recognise(self) -> None:
        """Stream after stream; what is not final yet is sent again."""
        failures_count = 0
        while failures_count < ATTEMPTS:
            self._sent_count, self._sent_ms, self._covered_ms = 0, 0.0, 0.0
            try:
                await self._stream()
            except OutOfRange:
                continue  # the stream has lived as long as Google lets it
            except (GoogleAPICallError, GoogleAuthError) as error:
                failures_count += 1
                metrics.fallbacks.labels("stt", "stream_failed").inc()
                log.warning("recognition stream failed", turn=self.turn, problem=type(error).__name__)
                await asyncio.sleep(PAUSE_S * failures_count)
                continue
            if self._is_ended and self._sent_count == len(self._audio):
                return
            failures_count += self._sent_ms < self._recogniser.stream_limit_ms
        await self._until_ended()

    async def _stream(self) -> None:
        responses = await self._recogniser.client.streaming_recognize(self._requests(), timeout=None, retry=None)
        async for response in responses:
            self._understand(response)

    async def _requests(self) -> AsyncIterator[speech.StreamingRecognizeRequest]:
        """Configuration, then audio, until the utterance or the stream's time is over."""
        yield speech.StreamingRecognizeRequest(streaming_config=self._config)
        while self._sent_ms < self._recogniser.stream_limit_ms:
            while self._sent_count == len(self._audio):
                if self._is_ended:
                    return
                self._has_come.clear()
                await self._has_come.wait()
            audio = self._audio[self._sent_count]
            self._sent_count += 1
            self._sent_ms += duration_ms(audio)
            yield speech.StreamingRecognizeRequest(audio_content=audio)

    def _understand(self, response: speech.StreamingRecognizeResponse) -> None:
        interim = []
        for result in response.results:
            text = result.alternatives[0].transcript.strip() if result.alternatives else ""
            if result.is_final:
                self._finals.append(text)
                self._forget_until(result.result_end_time.total_seconds() * 1000 or self._sent_ms)
            else:
                interim.append(text)
        self._interim = " ".join(interim)
        if words := self._words():
            runtime.post(lambda: self._on_words(self.turn, words))

    def _forget_until(self, final_ms: float) -> None:
        """Audio up to `final_ms` of the present stream need not be sent again."""
        while self._sent_count and self._covered_ms + duration_ms(self._audio[0]) <= final_ms:
            self._covered_ms += duration_ms(self._audio.popleft())
            self._sent_count -= 1

    def _words(self) -> str:
        return " ".join(part for part in (*self._finals, self._interim) if part)

    async def _until_ended(self) -> None:
        while not self._is_ended:
            self._has_come.clear()
            await self._has_come.wait()


def _config(hints: tuple[str, ...]) -> speech.StreamingRecognitionConfig:
    phrases = [speech.PhraseSet.Phrase(value=hint, boost=HINT_BOOST) for hint in hints[:MAX_HINTS]]
    adaptation = speech.SpeechAdaptation(phrase_sets=[speech.PhraseSet(phrases=phrases)]) if phrases else None
    return speech.StreamingRecognitionConfig(
        config=speech.RecognitionConfig(
            encoding=speech.RecognitionConfig.AudioEncoding.MULAW,
            sample_rate_hertz=SAMPLE_RATE,
            language_code=LANGUAGE,
            model=MODEL,
            adaptation=adaptation,
        ),
        interim_results=True,
    )
