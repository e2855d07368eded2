"""The corpus, judged: every phrase, a score by class, and the two promises that admit no exception."""

from __future__ import annotations

from collections import Counter

import pytest

from server.hebrew.understand import understand
from tests import hebrew_corpus
from tests.hebrew_corpus import VOCABULARY, Case, faults

CASES = hebrew_corpus.cases()


def read(case: Case) -> list[str]:
    return faults(case, understand(case.text, case.now, case.asked, VOCABULARY, case.offered))


@pytest.fixture(scope="module")
def wrong() -> dict[str, list[str]]:
    """Faults by place in the corpus."""
    found = {case.where: read(case) for case in CASES}
    return {where: what for where, what in found.items() if what}


def test_corpus_is_large_enough() -> None:
    callers = [case for case in CASES if case.kind.startswith("callers")]
    assert len(CASES) - len(callers) >= 600
    assert len(callers) >= 150
    assert len({case.now for case in CASES}) >= 7


def test_score_by_class(wrong: dict[str, list[str]], capsys: pytest.CaptureFixture[str]) -> None:
    said = Counter(case.kind for case in CASES)
    missed = Counter(case.kind for case in CASES if case.where in wrong)
    with capsys.disabled():
        print()
        for kind in sorted(said):
            print(f"  {kind:18} {said[kind] - missed[kind]:4} of {said[kind]:4}")
        print(f"  {'all':18} {len(CASES) - len(wrong):4} of {len(CASES):4}")
    texts = {case.where: case.text for case in CASES}
    assert not wrong, "\n".join(f"{where} {texts[where]!r}: {'; '.join(what)}" for where, what in wrong.items())


@pytest.mark.parametrize("case", [c for c in CASES if c.kind == "negatives"], ids=lambda c: c.where)
def test_what_holds_no_date_yields_none(case: Case) -> None:
    meaning = understand(case.text, case.now, case.asked, VOCABULARY, case.offered)
    assert (meaning.date, meaning.date_from, meaning.date_to) == (None, None, None)


def test_no_day_is_wrong_in_silence() -> None:
    """A day that differs from the expected one comes back marked."""
    silent = []
    for case in CASES:
        meaning = understand(case.text, case.now, case.asked, VOCABULARY, case.offered)
        is_day_wrong = any(fault.startswith("date") for fault in faults(case, meaning))
        if is_day_wrong and meaning.date is not None and "date" not in meaning.ambiguous:
            silent.append(case.text)
    assert not silent
