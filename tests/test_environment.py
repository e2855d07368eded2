"""Settings: one sentence for a bad value, and an example file that tells the truth."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from server.config import BadSettings, Settings, environment_with, load, secret_key

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)  # no .env of a developer


def test_env_example_names_every_setting_and_no_other() -> None:
    named = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))
    assert named == {name.upper() for name in Settings.model_fields}


def test_a_server_of_ones_own_has_the_same_settings_but_for_those_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAX_CALLS", "7")
    monkeypatch.setenv("port", "8081")
    environment = environment_with(port=9000, log_level="WARNING")
    assert environment.items() >= {"MAX_CALLS": "7", "PORT": "9000", "LOG_LEVEL": "WARNING"}.items()
    assert "port" not in environment
    with pytest.raises(KeyError, match="colour"):
        environment_with(colour="blue")


def test_env_example_itself_is_a_good_environment() -> None:
    settings = load(_env_file=ROOT / ".env.example")
    assert settings == Settings()


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"PORT": "nine"}, "PORT: "),
        ({"PORT": "70000"}, "PORT: "),
        ({"MAX_CALLS": "0"}, "MAX_CALLS: "),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL=LOUD is none of"),
        ({"STT_PROVIDER": "gogle"}, "STT_PROVIDER=gogle is none of"),
        ({"TTS_PROVIDER": "embedded,siri"}, "TTS_PROVIDER=siri is none of"),
        ({"BRAIN": "both"}, "BRAIN=both is none of"),
        ({"BRAIN": "openai"}, "BRAIN=openai needs OPENAI_API_KEY"),
        ({"PUBLIC_BASE_URL": "reception.example.com"}, "PUBLIC_BASE_URL: must look like"),
        ({"OPENAI_BASE_URL": "not-a-url"}, "OPENAI_BASE_URL: must look like"),
        ({"OPENAI_TIMEOUT_S": "-1"}, "OPENAI_TIMEOUT_S: "),
        ({"TWILIO_AUTH_TOKEN": "secret"}, "PUBLIC_BASE_URL must be set together with TWILIO_AUTH_TOKEN"),
        ({"TWILIO_AUTH_TOKEN": "secret", "PUBLIC_BASE_URL": "https://a.example"}, "ALLOW_SIMULATED=1"),
        ({"SMS_FROM": "Spa"}, "SMS_FROM needs TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN"),
        ({"SMS_FROM": "0501234567"}, "SMS_FROM: must be a number like +972501234567"),
        ({"SMS_FROM": "ספא לוטוס"}, "SMS_FROM: must be a number like +972501234567"),
        ({"SMS_FROM": "Twelve chars"}, "SMS_FROM: must be a number like +972501234567"),
        ({"SMS_FROM": "MG123"}, "SMS_FROM needs"),  # a name like any other
        ({"TWILIO_API_ENDPOINT": "http://api.twilio.com"}, "TWILIO_API_ENDPOINT: must look like"),
        ({"TWILIO_API_ENDPOINT": "https://"}, "TWILIO_API_ENDPOINT: must look like"),
        ({"STT_PROVIDER": "google"}, "STT_PROVIDER=google needs GOOGLE_APPLICATION_CREDENTIALS"),
        ({"PIPER_VOICE": "/nowhere.onnx"}, "PIPER_VOICE names no file"),
        ({"GOOGLE_APPLICATION_CREDENTIALS": "/nowhere.json"}, "GOOGLE_APPLICATION_CREDENTIALS names no file"),
    ],
)
def test_a_bad_setting_is_told_in_one_sentence(
    environment: dict[str, str], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(BadSettings, match=re.escape(sentence)) as caught:
        load()
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("sender", ["+972501234567", "SpaLotus", "Spa & Co 24", "MG" + "0a" * 16])
def test_text_messages_come_from_a_number_a_name_or_a_service(sender: str, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = {
        "SMS_FROM": sender,
        "TWILIO_ACCOUNT_SID": "AC1",
        "TWILIO_AUTH_TOKEN": "secret",
        "PUBLIC_BASE_URL": "https://a.example",
        "ALLOW_SIMULATED": "1",
        "STT_PROVIDER": "simulated",
        "TWILIO_API_ENDPOINT": "http://127.0.0.1:9/",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    settings = load()
    assert settings.sends_texts
    assert (settings.sms_from, settings.twilio_api_endpoint) == (sender, "http://127.0.0.1:9")


def test_a_bad_setting_stops_the_start_with_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert start(tmp_path, PORT="nine").startswith("receptionist: PORT: ")
        assert start(tmp_path, PORT=port) == f"receptionist: cannot listen on 127.0.0.1:{port}: Address already in use"
    for url in (
        "sqlite:////proc/nowhere/a.db",
        "mysql://localhost/a",
        "nonsense",
        "postgresql+psycopg2://nobody:secret@127.0.0.1:1/none",
    ):
        sentence = start(tmp_path, DATABASE_URL=url)
        assert sentence.startswith("receptionist: DATABASE_URL: the database cannot be opened: ")
        assert "secret" not in sentence


def start(folder: Path, **environment: str) -> str:
    """What a server that cannot start says last."""
    done = subprocess.run(
        [sys.executable, "-m", "server"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr.strip().splitlines()[-1]


def test_the_stream_is_secure_when_the_origin_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_BASE_URL", "https://reception.example.com/")
    assert load().media_url == "wss://reception.example.com/twilio/media"
    monkeypatch.setenv("PUBLIC_BASE_URL", "http://127.0.0.1:9999")
    assert load().media_url == "ws://127.0.0.1:9999/twilio/media"


def test_the_secret_key_is_made_once_and_kept(tmp_path: Path) -> None:
    settings = load(var_dir=tmp_path / "var")
    first = secret_key(settings)
    assert len(first) > 40
    assert secret_key(settings) == first
    assert (tmp_path / "var" / "secret_key").stat().st_mode & 0o077 == 0
