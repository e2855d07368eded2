"""What a log line may hold: a phrase, fields, where it went wrong, and nobody's words or number."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest

from server.log import configure, get_logger, mask_phone


@pytest.fixture(autouse=True)
def _root() -> Iterator[None]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = before


def test_a_traceback_tells_where_and_never_what_was_said(capsys: pytest.CaptureFixture[str]) -> None:
    configure("INFO")
    caller_number, words = "+972501234567", "אני דנה"
    try:
        raise ValueError("no such hour") if words and caller_number else RuntimeError
    except ValueError:
        get_logger("turn").exception("turn failed", turn=3)
    line = capsys.readouterr().err.strip()
    entry = json.loads(line)
    assert (entry["event"], entry["turn"], entry["level"]) == ("turn failed", 3, "error")
    assert entry["exception"][0]["exc_type"] == "ValueError"
    assert caller_number not in line
    assert words not in line
    assert len(line) < 3000


def test_a_masked_number_can_be_recognised_but_not_called() -> None:
    assert mask_phone("+972501234567") == "+97250••••567"
    assert mask_phone(None) is None
