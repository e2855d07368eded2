"""Which ears, voices, mind and messenger the settings ask for: real ones where configured, else the embedded ones.

The cloud packages are imported here and only when they are wanted: they cost a second of every start.
"""

from __future__ import annotations

from server.agents.mind import Deadlines, Mind, make_mind
from server.clock import Clock
from server.config import Settings
from server.log import get_logger
from server.media.ports import Recogniser
from server.media.stt.simulated import SimulatedRecogniser
from server.media.stt.typed import TypedRecogniser
from server.media.tts.cache import CachedVoice, VersionedVoice
from server.media.tts.chain import VoiceChain
from server.notices.messenger import Messenger

log = get_logger(__name__)


def recogniser(settings: Settings) -> Recogniser:
    """The first recogniser of the settings; `config` has made sure that it can be had."""
    if settings.ears[0] == "google":
        from server.media.stt.google import GoogleRecogniser

        return GoogleRecogniser(
            endpoint=settings.google_speech_endpoint, credentials=settings.google_application_credentials
        )
    log.warning("recognition is simulated: the caller's side says what was said")
    return SimulatedRecogniser()


def browser_recogniser(telephone: Recogniser) -> Recogniser:
    """Ears for the owner's browser, where a line may always be typed; `telephone` hears what is spoken."""
    return telephone if isinstance(telephone, SimulatedRecogniser) else TypedRecogniser(telephone)


def voices(settings: Settings, embedded: VersionedVoice, clock: Clock) -> VoiceChain:
    """The voices of the settings, each behind a cache; one folder serves them all."""
    folder = settings.var_dir / "voice-cache"
    chain: dict[str, CachedVoice] = {}
    for name in settings.voices:
        if name == "google" and not settings.has_google_voice:
            log.warning("the google voice is not configured, the embedded one speaks")
            continue
        chain[name] = CachedVoice(embedded if name == "embedded" else _google_voice(settings), folder)
    return VoiceChain(chain, clock)


def _google_voice(settings: Settings) -> VersionedVoice:
    from server.media.tts.google import GoogleVoice

    return GoogleVoice(endpoint=settings.google_tts_endpoint, credentials=settings.google_application_credentials)


def messenger(settings: Settings) -> Messenger | None:
    """What sends text messages; None: nothing does."""
    if not settings.sends_texts:
        return None
    from server.notices.twilio import TwilioMessenger

    return TwilioMessenger(
        settings.twilio_account_sid,
        settings.twilio_auth_token.get_secret_value(),
        settings.sms_from,
        settings.twilio_api_endpoint,
    )


async def mind(settings: Settings) -> Mind | None:
    """The language model behind the receptionist; None: the offline brain answers.

    Awaited on the loop, where the client will live.
    """
    if settings.mind == "offline":
        return None
    deadlines = Deadlines(connect_s=settings.openai_connect_timeout_s, attempt_s=settings.openai_timeout_s)
    key = settings.openai_api_key.get_secret_value()
    return make_mind(key, settings.openai_model, settings.openai_base_url, deadlines)
