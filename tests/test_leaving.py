"""A server that must go lets its calls finish."""

from __future__ import annotations

import signal
import sqlite3
import urllib.error
from pathlib import Path

import pytest

from server.demo.caller import Caller, NoAnswer
from tests.line import Line
from tests.serving import RunningServer, eventually, serving
from tests.speech import utterance


def is_draining(server: RunningServer) -> bool:
    try:
        server.get("/readyz")
    except urllib.error.HTTPError as error:
        return error.code == 503
    except OSError:
        return False
    return False


def test_a_live_call_is_finished_before_the_process_goes(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        caller = Caller(server.origin)
        caller.dials()
        caller.listens()
        server.process.send_signal(signal.SIGTERM)
        assert eventually(lambda: is_draining(server))
        caller.says("תקבעו לי מחר ב-12 שוודי שעה על שם דנה", utterance(2, 2000))
        caller.listens()
        assert server.process.poll() is None
        caller.says("זהו, תודה רבה, להתראות", utterance(4))
        assert caller.waits_for_hang_up(15)
        assert server.process.wait(10) == 0
        assert "Traceback" not in server.log_text
    with sqlite3.connect(tmp_path / "receptionist.db") as database:
        assert database.execute("SELECT outcome, ending FROM call_log").fetchall() == [("booked", "hang_up")]


def test_who_still_talks_at_the_end_is_told_and_not_waited_for(tmp_path: Path) -> None:
    with serving(tmp_path, drain_s=0.5) as server:
        polite, deaf = (Line(server, call_sid) for call_sid in ("CApolite", "CAdeaf"))
        for line in (polite, deaf):
            line.start()
            assert line.is_answered()
        server.process.send_signal(signal.SIGTERM)
        assert polite.closes_with() == 1001
        assert server.process.wait(10) == 0, "the deaf one never closed"
        assert "Traceback" not in server.log_text
        deaf.vanishes()


def test_many_short_calls_leave_nothing_behind(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        _short_calls(server, 5)
        before = server.open_files
        _short_calls(server, 40)
        eventually(lambda: server.metric("voice_calls_in_progress") == 0)
        eventually(lambda: server.open_files <= before + 3)  # the database pool may have grown
        assert "Traceback" not in server.log_text


def _short_calls(server: RunningServer, count: int) -> None:
    """Half of them end with a word, half without."""
    for number in range(count):
        caller = Caller(server.origin)
        caller.dials()
        caller.hears_something()
        (caller.hangs_up if number % 2 else caller.vanishes)()


def test_an_idle_server_goes_at_once(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(10) == 0


def test_a_broken_database_costs_the_call_a_sentence_and_no_process(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        caller = Caller(server.origin)
        database = tmp_path / "receptionist.db"
        with sqlite3.connect(database) as connection:
            connection.execute("ALTER TABLE call_log RENAME TO call_log_away")
        with pytest.raises(NoAnswer):
            caller.dials()
        with sqlite3.connect(database) as connection:
            connection.execute("ALTER TABLE call_log_away RENAME TO call_log")
        Caller(server.origin).dials()
        assert server.metric('voice_fallbacks_total{reason="error",stage="webhook"}') == 1
