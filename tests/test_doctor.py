"""The doctor: one run says what is set, what is missing and how to get it."""

import socket
from pathlib import Path
from typing import Any

import pytest

from server.config import Settings
from server.db.engine import make_engine
from server.doctor import Finding, Mark, examine, main
from server.first_run import prepare_database
from tests.desk import Noon
from tests.texting import confirming_desk


def found(tmp_path: Path, **chosen: Any) -> list[Finding]:
    given = {"var_dir": tmp_path / "var", "database_url": f"sqlite:///{tmp_path}/var/r.db", "port": 48123, **chosen}
    return list(examine(Settings(_env_file=None, **given)))


def marked(findings: list[Finding], mark: Mark) -> str:
    return "\n".join(f"{finding.what} {finding.how}" for finding in findings if finding.mark is mark)


def test_a_fresh_machine_can_start_and_is_told_what_it_lacks(tmp_path: Path) -> None:
    findings = found(tmp_path)
    assert marked(findings, Mark.WRONG) == ""
    for name in (
        "PUBLIC_BASE_URL",
        "TWILIO_AUTH_TOKEN",
        "SMS_FROM",
        "OPENAI_API_KEY",
        "ADMIN_API_TOKEN",
        "STT_PROVIDER=google",
    ):
        assert name in marked(findings, Mark.NOT_SET)
    assert "embedded voice: speaks" in marked(findings, Mark.OK)
    assert list(tmp_path.iterdir()) == [], "the doctor changes nothing"


def test_a_whole_set_up_lacks_nothing(tmp_path: Path) -> None:
    key = tmp_path / "key.json"
    key.write_text('{"type": "service_account"}')
    chosen = {
        "public_base_url": "https://spa.example",
        "twilio_account_sid": "AC1",
        "twilio_auth_token": "t" * 32,
        "sms_from": "SpaLotus",
        "google_application_credentials": key,
        "openai_api_key": "sk-secret",
        "admin_api_token": "a" * 32,
        "secret_key": "s" * 32,
    }
    settings = Settings(_env_file=None, var_dir=tmp_path, database_url=f"sqlite:///{tmp_path}/r.db", **chosen)
    prepare_database(settings, Noon())
    findings = found(tmp_path, **chosen, database_url=settings.database_url)
    assert [finding.what for finding in findings if finding.mark is not Mark.OK] == []
    told = marked(findings, Mark.OK)
    assert "ספא לוטוס +97235550100" in told
    assert "POST https://spa.example/twilio/voice" in told
    assert "SMS_FROM SpaLotus: confirmations go out through api.twilio.com" in told
    assert "sk-secret" not in told


def test_a_business_that_asks_for_messages_which_nobody_sends_is_told_so(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, var_dir=tmp_path, database_url=f"sqlite:///{tmp_path}/r.db")
    prepare_database(settings, Noon())
    engine = make_engine(settings.database_url)
    confirming_desk(engine, tmp_path)
    engine.dispose()
    told = marked(found(tmp_path, database_url=settings.database_url), Mark.NOT_SET)
    assert "ספא לוטוס: asks for confirmations by text message, and none are sent SMS_FROM" in told


def test_what_cannot_work_is_told_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file where a folder should be")
    key = tmp_path / "key.json"
    key.write_text("no JSON")
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        findings = found(
            tmp_path,
            port=busy.getsockname()[1],
            database_url="postgresql+psycopg2://owner:secret@127.0.0.1:1/x",
            google_application_credentials=key,
            admin_api_token="short",
            piper_voice=key,
        )
    wrong = marked(findings, Mark.WRONG)
    for words in ("VAR_DIR", "postgresql+psycopg2://owner:***@127.0.0.1:1/x", "cannot be read as JSON"):
        assert words in wrong
    assert "embedded voice: does not speak" in wrong
    assert "secret" not in wrong
    assert "ADMIN_API_TOKEN: can be guessed" in marked(findings, Mark.NOT_SET)
    assert "Address already in use" in marked(findings, Mark.NOT_SET)


def test_an_unknown_kind_of_database_is_wrong(tmp_path: Path) -> None:
    assert "must be SQLite or PostgreSQL" in marked(found(tmp_path, database_url="mysql://x/y"), Mark.WRONG)


def test_a_bad_setting_is_one_sentence_and_the_exit_status_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PORT", "many")
    assert main() == 1
    told = capsys.readouterr().out
    assert "PORT" in told
    assert "1 to put right" in told
