"""`python -m server.doctor`: what is set, what is missing and how to get it. Exits with 1 when the server cannot work.

It changes nothing, and asks nobody outside: only the database and the voice program are tried.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from server.calendar.booking import Bookings
from server.clock import SystemClock
from server.config import BadSettings, Settings, load
from server.db.engine import MIGRATIONS, make_engine
from server.log import configure
from server.media.ports import VoiceFailed
from server.media.tts.embedded import EmbeddedVoice, program
from server.web.accounts import Accounts

SHORTEST_TOKEN = 24
VOICE_PATIENCE_S = 30.0


class Mark(StrEnum):
    OK = "ok"
    NOT_SET = "not set"  # works without, with less
    WRONG = "wrong"  # does not work


@dataclass(frozen=True, slots=True)
class Finding:
    """`how` says what to do about it."""

    mark: Mark
    what: str
    how: str = ""


def main() -> int:
    configure("ERROR")
    try:
        settings = load()
    except BadSettings as error:
        findings = [Finding(Mark.WRONG, str(error), "see .env.example for every setting")]
    else:
        findings = list(examine(settings))
    for finding in findings:
        print(f"{finding.mark:<8} {finding.what}" + (f"\n         → {finding.how}" if finding.how else ""))
    wrong_count = sum(finding.mark is Mark.WRONG for finding in findings)
    print(f"\n{wrong_count} to put right before the server can work." if wrong_count else "\nThe server can start.")
    return 1 if wrong_count else 0


def examine(settings: Settings) -> Iterator[Finding]:
    """Everything that decides whether the server works, in the order in which one sets it up."""
    checks: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
        _python,
        _folder,
        _database,
        _address,
        _telephone,
        _messages,
        _ears,
        _voice,
        _brain,
        _secrets,
    )
    for check in checks:
        yield from check(settings)


def _python(_: Settings) -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    if (3, 11) <= sys.version_info[:2] <= (3, 13):
        yield Finding(Mark.OK, f"Python {version}")
    else:
        yield Finding(Mark.WRONG, f"Python {version}", "use 3.11, 3.12 or 3.13: make install PYTHON=python3.12")


def _folder(settings: Settings) -> Iterator[Finding]:
    nearest = next(path for path in (settings.var_dir, *settings.var_dir.absolute().parents) if path.exists())
    if os.access(nearest, os.W_OK) and nearest.is_dir():
        yield Finding(Mark.OK, f"VAR_DIR {settings.var_dir}: can be written")
    else:
        yield Finding(Mark.WRONG, f"VAR_DIR {settings.var_dir}: cannot be written", "choose a folder of your own")


def _database(settings: Settings) -> Iterator[Finding]:
    try:
        url = make_url(settings.database_url)
        name = url.render_as_string(hide_password=True)
        if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).exists():
            yield Finding(Mark.OK, f"database {name}: is made on the first start, with the demo business")
            return
        engine = make_engine(url)
    except (ValueError, SQLAlchemyError) as error:
        yield Finding(Mark.WRONG, f"DATABASE_URL: {error}", "sqlite:///var/receptionist.db, or postgresql+psycopg2://…")
        return
    try:
        yield from _tables(engine, name, settings)
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
        yield Finding(Mark.WRONG, f"database {name}: {reason}", "is it running, and are user and password right?")
    finally:
        engine.dispose()


def _tables(engine: Engine, name: str, settings: Settings) -> Iterator[Finding]:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    newest = ScriptDirectory.from_config(config).get_current_head()
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current != newest:
        yield Finding(Mark.OK, f"database {name}: at revision {current or 'none'}, the start brings it to {newest}")
        return
    clock = SystemClock()
    businesses = Bookings(engine, clock).businesses()
    if businesses:
        yield Finding(Mark.OK, f"database {name}: answers for " + ", ".join(f"{b.name} {b.number}" for b in businesses))
    else:
        how = "start once for the demo business, or describe your own: python -m server.calendar --help"
        yield Finding(Mark.NOT_SET, f"database {name}: no business yet", how)
    for business in businesses:
        if business.sends_confirmations and not settings.sends_texts:
            what = f"{business.name}: asks for confirmations by text message, and none are sent"
            yield Finding(Mark.NOT_SET, what, "SMS_FROM, or sends_confirmations: false")
    if not Accounts(engine, clock).has_owner():
        yield Finding(Mark.NOT_SET, "owner's account", "the first start makes it and prints its password")


def _address(settings: Settings) -> Iterator[Finding]:
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            what = f"HOST {settings.host}, PORT {settings.port}: {error.strerror or error}"
            yield Finding(Mark.NOT_SET, what, "fine if that is this server; else choose another PORT")
        else:
            yield Finding(Mark.OK, f"HOST {settings.host}, PORT {settings.port}: free")


def _telephone(settings: Settings) -> Iterator[Finding]:
    origin = settings.public_base_url
    if not origin:
        how = "the https origin under which Twilio reaches this server, from your host, or a tunnel such as ngrok"
        yield Finding(Mark.NOT_SET, "PUBLIC_BASE_URL: only this machine can call", how)
    elif not origin.startswith("https://"):
        how = "Twilio's media streams need wss, so https"
        yield Finding(Mark.NOT_SET, f"PUBLIC_BASE_URL {origin}: no https", how)
    else:
        yield Finding(Mark.OK, f"PUBLIC_BASE_URL {origin}")
    if settings.is_signed:
        how = f"voice webhook of the number: POST {origin}/twilio/voice · call status: POST {origin}/twilio/status"
        yield Finding(Mark.OK, "TWILIO_AUTH_TOKEN: every webhook and stream must be signed", how)
    else:
        how = "Twilio console → Account info → Auth token; without it anybody may pretend to be Twilio"
        yield Finding(Mark.NOT_SET, "TWILIO_AUTH_TOKEN", how)
    if settings.is_signed and not settings.twilio_account_sid:
        how = "Twilio console → Account info; then streams of other accounts are turned away"
        yield Finding(Mark.NOT_SET, "TWILIO_ACCOUNT_SID", how)


def _messages(settings: Settings) -> Iterator[Finding]:
    if settings.sends_texts:
        where = settings.twilio_api_endpoint or "api.twilio.com"
        how = "a business asks for them by sends_confirmations: true; in Israel a sender must be registered first"
        yield Finding(Mark.OK, f"SMS_FROM {settings.sms_from}: confirmations go out through {where}", how)
    else:
        how = "a number, a registered name or a Messaging Service of your Twilio account"
        yield Finding(Mark.NOT_SET, "SMS_FROM: no confirmations by text message", how)


def _ears(settings: Settings) -> Iterator[Finding]:
    yield Finding(Mark.OK, f"recognition: {', '.join(settings.ears)}")
    if settings.ears[0] == "simulated":
        how = "for real callers: STT_PROVIDER=google and GOOGLE_APPLICATION_CREDENTIALS"
        yield Finding(Mark.NOT_SET, "no real recogniser: only a simulated caller is understood", how)
    if "google" in (*settings.ears, *settings.voices) and not (
        settings.google_speech_endpoint or settings.google_tts_endpoint
    ):
        yield _google(settings.google_application_credentials)


def _google(path: Path | None) -> Finding:
    how = "Google Cloud console → IAM → Service accounts → Keys → JSON; enable Speech-to-Text and Text-to-Speech"
    if path is None:
        return Finding(Mark.WRONG, "GOOGLE_APPLICATION_CREDENTIALS is needed for google", how)
    try:
        kind = json.loads(path.read_text(encoding="utf-8")).get("type")
    except (OSError, ValueError, AttributeError):
        return Finding(Mark.WRONG, f"GOOGLE_APPLICATION_CREDENTIALS {path}: cannot be read as JSON", how)
    return Finding(Mark.OK, f"GOOGLE_APPLICATION_CREDENTIALS {path}: {kind or 'credentials'}")


def _voice(settings: Settings) -> Iterator[Finding]:
    yield Finding(Mark.OK, f"voice: {', '.join(settings.voices)}")
    if "embedded" not in settings.voices:
        return
    try:
        byte_count = asyncio.run(asyncio.wait_for(_spoken_byte_count(settings), VOICE_PATIENCE_S))
    except (VoiceFailed, TimeoutError, OSError) as error:
        reason = str(error) or type(error).__name__
        yield Finding(Mark.WRONG, f"embedded voice: does not speak ({reason})", "make install; python -m hebrew_voice")
    else:
        yield Finding(Mark.OK, f"embedded voice: speaks ({byte_count / 8000:.1f} s of sound for one word)")


async def _spoken_byte_count(settings: Settings) -> int:
    voice = EmbeddedVoice(program(str(settings.piper_voice) if settings.piper_voice else None))
    await voice.start()
    try:
        return sum([len(audio) async for audio in voice.synthesise("שלום")])
    finally:
        await voice.close()


def _brain(settings: Settings) -> Iterator[Finding]:
    if settings.mind == "openai":
        where = settings.openai_base_url or "api.openai.com"
        yield Finding(Mark.OK, f"brain: {settings.openai_model} at {where}; the offline brain stands by")
        return
    yield Finding(Mark.OK, "brain: offline")
    if not settings.openai_api_key.get_secret_value():
        yield Finding(Mark.NOT_SET, "OPENAI_API_KEY: conversations keep to what the house knows", "platform.openai.com")


def _secrets(settings: Settings) -> Iterator[Finding]:
    token = settings.admin_api_token.get_secret_value()
    how = "openssl rand -hex 32"
    if not token:
        yield Finding(Mark.NOT_SET, "ADMIN_API_TOKEN: no access by token; /metrics only from this machine", how)
    elif len(token) < SHORTEST_TOKEN:
        yield Finding(Mark.NOT_SET, f"ADMIN_API_TOKEN: can be guessed, under {SHORTEST_TOKEN} characters", how)
    else:
        yield Finding(Mark.OK, "ADMIN_API_TOKEN")
    if settings.secret_key.get_secret_value():
        yield Finding(Mark.OK, "SECRET_KEY")
    else:
        yield Finding(Mark.OK, f"SECRET_KEY: kept in {settings.var_dir}; several machines need a common one")
    file = Path(".env")
    if file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o044:
        yield Finding(Mark.NOT_SET, ".env: others on this machine can read it", "chmod 600 .env")


if __name__ == "__main__":
    sys.exit(main())
