"""Everything that lives as long as the process, from the first call to the last."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Engine

from server import choice, runtime
from server.agents.context import CallContext
from server.agents.mind import Mind
from server.agents.phrases import phrases_of
from server.agents.runner import open_receptionist
from server.agents.warm import warm_up
from server.calendar.booking import Bookings
from server.calendar.models import Business
from server.calls.models import Claimed, Ending
from server.calls.record import Recorder
from server.calls.store import CallStore
from server.clock import Clock
from server.config import Settings
from server.hebrew.speak import speak
from server.log import get_logger
from server.media import silero
from server.media.call import Call, CallParts
from server.media.messages import Composer
from server.media.pieces import pieces
from server.media.ports import Recogniser
from server.media.tts.chain import VoiceChain
from server.media.tts.embedded import EmbeddedVoice, program
from server.notices.sender import Sender

MIND_RETRY_S = 5.0

log = get_logger(__name__)


@dataclass
class World:
    """Built by `build`, made ready by `prepare`, ended by `close`."""

    settings: Settings
    clock: Clock
    engine: Engine
    bookings: Bookings
    calls: CallStore
    recorder: Recorder
    recogniser: Recogniser
    embedded: EmbeddedVoice
    voice: VoiceChain
    sender: Sender | None = None  # of text messages; None: none are sent
    mind: Mind | None = None
    is_ready: bool = field(default=False)
    is_mind_warm: bool = field(default=False)

    def prepare(self) -> None:
        """Start the voice, make every business's fixed phrases, go once through a call that books nothing.

        Takes seconds; only the calling greenlet waits.
        """
        if self.sender is not None:
            self.sender.start()
        silero.session()
        runtime.wait_on_loop(self.embedded.start())
        self.mind = runtime.wait_on_loop(choice.mind(self.settings))
        runtime.spawn(self._warm_mind)
        for business in runtime.in_worker(self.bookings.businesses):
            facts = runtime.in_worker(self.bookings.facts, business.id)
            runtime.wait_on_loop(warm_up(facts, self.bookings, self.clock))
            wanted = _pieces_of(business)
            failed = runtime.wait_on_loop(self.voice.warm(wanted))
            log.info("phrases are made", business_id=business.id, pieces=len(wanted), failed=failed)
        self.is_ready = True

    def _warm_mind(self) -> None:
        """Try until the model has answered once; until then the offline brain may have to take the turns."""
        while self.mind is not None and not self.is_mind_warm:
            self.is_mind_warm = runtime.wait_on_loop(self.mind.warm_up())
            if not self.is_mind_warm:
                log.warning("the language model does not answer yet")
                runtime.sleep(MIND_RETRY_S)

    def not_warm(self) -> str | None:
        """What is still to be done before calls may come, in a few words."""
        if not self.is_ready:
            return "voice and phrases are being made"
        if self.mind is not None and not self.is_mind_warm:
            return "the language model has not answered yet"
        return None

    def connect(
        self,
        claimed: Claimed,
        call_sid: str,
        composer: Composer,
        send: Callable[[str], object],
        on_end: Callable[[Ending], object],
    ) -> Call:
        """A `Connect` for the media streams: one call with ears, voice and a brain of its own."""
        return self._call(self.recogniser, claimed, call_sid, composer, send, on_end)

    def connect_browser(
        self,
        claimed: Claimed,
        call_sid: str,
        composer: Composer,
        send: Callable[[str], object],
        on_end: Callable[[Ending], object],
    ) -> Call:
        """A `Connect` for the owner's browser: the same call, with ears that take typed lines too."""
        return self._call(choice.browser_recogniser(self.recogniser), claimed, call_sid, composer, send, on_end)

    def say(self, text: str) -> bytes:
        """The sound of a line in the server's voice, µ-law at 8 kHz. Raises `VoiceFailed`; the greenlet waits."""
        return runtime.wait_on_loop(self._sound(speak(text)))

    async def _sound(self, spoken: str) -> bytes:
        return b"".join([audio async for audio in self.voice.synthesise(spoken)])

    def _call(
        self,
        recogniser: Recogniser,
        claimed: Claimed,
        call_sid: str,
        composer: Composer,
        send: Callable[[str], object],
        on_end: Callable[[Ending], object],
    ) -> Call:
        record = self.recorder.open(call_sid)
        facts = runtime.in_worker(self.bookings.facts, claimed.business_id)
        context = CallContext(call_sid, facts, claimed.caller_number, self.bookings, record, self.clock, mind=self.mind)
        parts = CallParts(open_receptionist(context), recogniser, self.voice, record, self.clock)
        return Call(parts, composer, send, on_end)

    def close(self) -> None:
        """Store what is left and let go of everything; after the last call."""
        runtime.wait_on_loop(self.embedded.close())
        if self.mind is not None:
            runtime.wait_on_loop(self.mind.close())
        runtime.in_worker(self.recorder.close)
        if self.sender is not None:
            runtime.in_worker(self.sender.close)  # may take its time; what waits stays in the outbox
        self.engine.dispose()


def build(settings: Settings, clock: Clock, engine: Engine) -> World:
    """The world of a process over a database whose tables are there."""
    embedded = EmbeddedVoice(program(str(settings.piper_voice) if settings.piper_voice else None))
    calls = CallStore(engine)
    bookings = Bookings(engine, clock, sends_texts=settings.sends_texts)
    messenger = choice.messenger(settings)
    return World(
        settings=settings,
        clock=clock,
        engine=engine,
        bookings=bookings,
        calls=calls,
        recorder=Recorder(calls, clock),
        recogniser=choice.recogniser(settings),
        embedded=embedded,
        voice=choice.voices(settings, embedded, clock),
        sender=None if messenger is None else Sender(bookings.outbox, messenger, clock),
    )


def _pieces_of(business: Business) -> list[str]:
    """The fixed phrases of a business as the voice will be asked for them."""
    fixed = phrases_of(business)
    single = (fixed.nudge, fixed.silence_farewell, fixed.apology, fixed.limit_farewell, fixed.filler)
    return [piece for sentence in (*fixed.greeting, *single) for piece in pieces(sentence.spoken)]
