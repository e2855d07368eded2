"""The one reader of the environment. A bad value stops the start with a sentence."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

STT_PROVIDERS = ("simulated", "google")
TTS_PROVIDERS = ("embedded", "google")
BRAINS = ("offline", "openai")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
LOOPBACK = ("127.0.0.1", "localhost", "::1")

_SENDER = re.compile(r"\+[1-9]\d{6,14}|(?=.*[A-Za-z])[A-Za-z0-9 +&_-]{1,11}|MG[0-9a-fA-F]{32}")
"""Whom a text message comes from, as Twilio takes it: a number, a name with a letter in it, a Messaging Service."""


class BadSettings(Exception):
    """The environment holds a value that the server cannot start with; the message is one sentence."""


class Settings(BaseSettings):
    """Every setting of the server; names are those of the environment, in lower case."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True)

    host: str = "127.0.0.1"
    port: int = Field(8080, ge=1, le=65535)
    database_url: str = "sqlite:///var/receptionist.db"
    public_base_url: str = ""
    proxy_hops: int = Field(0, ge=0, le=8)
    secret_key: SecretStr = SecretStr("")
    var_dir: Path = Path("var")

    twilio_account_sid: str = ""
    twilio_auth_token: SecretStr = SecretStr("")
    twilio_api_endpoint: str = ""
    sms_from: str = ""

    openai_api_key: SecretStr = SecretStr("")
    openai_base_url: str = ""
    openai_model: str = "gpt-5.6-luna"
    openai_connect_timeout_s: float = Field(1.0, gt=0, le=10)
    openai_timeout_s: float = Field(1.6, gt=0, le=30)
    brain: str = ""

    stt_provider: Annotated[tuple[str, ...], NoDecode] = ()
    tts_provider: Annotated[tuple[str, ...], NoDecode] = ()
    allow_simulated: bool = False
    google_application_credentials: Path | None = None
    google_speech_endpoint: str = ""
    google_tts_endpoint: str = ""
    piper_voice: Path | None = None

    admin_api_token: SecretStr = SecretStr("")
    max_calls: int = Field(50, ge=1, le=1000)
    log_level: str = "INFO"

    @field_validator("stt_provider", "tts_provider", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: Any) -> Any:
        return value.upper() if isinstance(value, str) else value

    @field_validator("public_base_url", "openai_base_url")
    @classmethod
    def _url(cls, value: str) -> str:
        if value and (urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).netloc):
            raise ValueError("must look like https://reception.example.com")
        return value.rstrip("/")

    @field_validator("twilio_api_endpoint")
    @classmethod
    def _guarded_url(cls, value: str) -> str:
        url = urlsplit(value)
        is_guarded = url.scheme == "https" or (url.scheme == "http" and url.hostname in LOOPBACK)
        if value and not (is_guarded and url.hostname):  # the auth token travels there
            raise ValueError("must look like https://api.dublin.ie1.twilio.com")
        return value.rstrip("/")

    @field_validator("sms_from")
    @classmethod
    def _sender(cls, value: str) -> str:
        if value and not _SENDER.fullmatch(value):
            raise ValueError("must be a number like +972501234567, a name of at most 11 Latin letters, or MG…")
        return value

    @model_validator(mode="after")
    def _together(self) -> Settings:
        _one_of("STT_PROVIDER", self.stt_provider, STT_PROVIDERS)
        _one_of("TTS_PROVIDER", self.tts_provider, TTS_PROVIDERS)
        _one_of("BRAIN", (self.brain,) if self.brain else (), BRAINS)
        _one_of("LOG_LEVEL", (self.log_level,), LOG_LEVELS)
        if self.is_signed and not self.public_base_url:
            raise ValueError("PUBLIC_BASE_URL must be set together with TWILIO_AUTH_TOKEN")
        if self.sends_texts and not (self.twilio_account_sid and self.is_signed):
            raise ValueError("SMS_FROM needs TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN")
        if not self.ears:  # recognition never falls back to being told
            raise ValueError("STT_PROVIDER=google needs GOOGLE_APPLICATION_CREDENTIALS")
        if self.is_signed and "simulated" in self.ears and not self.allow_simulated:
            raise ValueError(
                "STT_PROVIDER=simulated lets the caller's side say what was said; "
                "with TWILIO_AUTH_TOKEN set it needs ALLOW_SIMULATED=1"
            )
        if self.brain == "openai" and not self.openai_api_key.get_secret_value():
            raise ValueError("BRAIN=openai needs OPENAI_API_KEY")
        if self.piper_voice is not None and not self.piper_voice.is_file():
            raise ValueError(f"PIPER_VOICE names no file: {self.piper_voice}")
        if self.google_application_credentials is not None and not self.google_application_credentials.is_file():
            raise ValueError(f"GOOGLE_APPLICATION_CREDENTIALS names no file: {self.google_application_credentials}")
        return self

    @property
    def is_signed(self) -> bool:
        """Whether every webhook and media stream must carry Twilio's signature."""
        return bool(self.twilio_auth_token.get_secret_value())

    @property
    def sends_texts(self) -> bool:
        """Whether text messages can be sent at all; whether a business wants it is a switch of its own."""
        return bool(self.sms_from)

    @property
    def has_google_ears(self) -> bool:
        return self.google_application_credentials is not None or bool(self.google_speech_endpoint)

    @property
    def has_google_voice(self) -> bool:
        return self.google_application_credentials is not None or bool(self.google_tts_endpoint)

    @property
    def ears(self) -> tuple[str, ...]:
        """Recognisers that can be had, in order of preference; empty when those asked for are not configured."""
        chosen = self.stt_provider or (("google",) if self.has_google_ears else ("simulated",))
        return tuple(name for name in chosen if name != "google" or self.has_google_ears)

    @property
    def voices(self) -> tuple[str, ...]:
        """Voices in order of preference; the embedded one is always the last resort."""
        chosen = self.tts_provider or (("google",) if self.has_google_voice else ())
        return (*(voice for voice in chosen if voice != "embedded"), "embedded") if chosen != ("embedded",) else chosen

    @property
    def mind(self) -> str:
        """Which brain answers: "openai" or "offline"."""
        return self.brain or ("openai" if self.openai_api_key.get_secret_value() else "offline")

    @property
    def base_url(self) -> str:
        """Origin under which Twilio reaches the server, without a slash at the end."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host
        return self.public_base_url or f"http://{host}:{self.port}"

    @property
    def media_url(self) -> str:
        """URL of the media stream, as it stands in the TwiML."""
        scheme, rest = self.base_url.split("://", 1)
        return f"{'wss' if scheme == 'https' else 'ws'}://{rest}/twilio/media"


def _one_of(name: str, values: tuple[str, ...], allowed: tuple[str, ...]) -> None:
    for value in values:
        if value not in allowed:
            raise ValueError(f"{name}={value} is none of {', '.join(allowed)}")


def load(**overrides: Any) -> Settings:
    """Read the environment (and `.env`). Raises `BadSettings` with one sentence."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"]).upper()
        reason = first["msg"].removeprefix("Value error, ")
        raise BadSettings(f"{name}: {reason}" if name else reason) from None


def environment_with(**changes: object) -> dict[str, str]:
    """The environment that a server started by this process is to have: our own, but for some settings.

    Settings are named as in `Settings`. Raises KeyError for a name that is none.
    """
    if unknown := changes.keys() - Settings.model_fields.keys():
        raise KeyError(*unknown)
    kept = {name: value for name, value in os.environ.items() if name.lower() not in changes}
    return kept | {name.upper(): str(value) for name, value in changes.items()}


def secret_key(settings: Settings) -> str:
    """The key that signs session cookies: the setting, else one made on first run and kept in `var/`."""
    if settings.secret_key.get_secret_value():
        return settings.secret_key.get_secret_value()
    path = settings.var_dir / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text().strip()
