"""An owner who has lost the password gets a new one on the server's own machine."""

from pathlib import Path

import pytest

from server.config import Settings
from server.db.engine import make_engine
from server.first_run import prepare_database
from server.owner import main, new_password
from server.web.accounts import Accounts, Refused
from tests.desk import Noon
from tests.pages import QUICK


def is_let_in(settings: Settings, password: str) -> bool:
    engine = make_engine(settings.database_url)
    answer = Accounts(engine, Noon(), hasher=QUICK).log_in("owner", password, "192.0.2.1", "")
    engine.dispose()
    return not isinstance(answer, Refused)


def test_a_new_password_takes_the_place_of_the_old(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, var_dir=tmp_path, database_url=f"sqlite:///{tmp_path}/r.db")
    old = prepare_database(settings, Noon())
    assert old is not None
    new = new_password(settings, Noon())
    assert [is_let_in(settings, password) for password in (old, new)] == [False, True]


def test_before_the_first_start_it_makes_the_owner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/var/r.db")
    assert main() == 0
    password = capsys.readouterr().out.rsplit(" ", 1)[1].strip()
    settings = Settings(_env_file=None, database_url=f"sqlite:///{tmp_path}/var/r.db")
    assert is_let_in(settings, password)


def test_a_database_that_cannot_be_had_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg2://owner:secret@127.0.0.1:1/x")
    assert main() == 1
    told = capsys.readouterr().err
    assert told.startswith("receptionist: ")
    assert "secret" not in told
