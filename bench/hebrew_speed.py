"""Time per sentence of the Hebrew package over the whole corpus: `python -m bench.hebrew_speed`.

CPU time of this thread, so that other work on the machine does not count; the first pass warms the word caches.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence

from server.hebrew.completeness import completeness
from server.hebrew.speak import speak
from server.hebrew.understand import understand
from tests.hebrew_corpus import VOCABULARY, Case, cases

PASSES = 5
GOAL_P99_MS = 2.0
REPLIES = (
    "קבעתי לכם עיסוי שוודי ביום שני, 30.11, ב-16:30 אצל מאיה.",
    "עיסוי שוודי: 45 דקות 280 ₪, 60 דקות 350 ₪, 90 דקות 480 ₪.",
    "אנחנו פתוחים בימים א'-ה' 09:00-20:00 וביום ו' 09:00-14:00.",
    "המספר שלכם הוא 050-1234567, נכון?",
    "בארבע תפוס. יש ב-16:30, ב-17:15 או מחר ב-10:00. מה נוח לכם?",
)


def milliseconds(work: Callable[[], object]) -> float:
    start = time.thread_time_ns()
    work()
    return (time.thread_time_ns() - start) / 1e6


def measure(work: Sequence[Callable[[], object]]) -> list[float]:
    for one in work:
        one()
    return sorted(milliseconds(one) for _ in range(PASSES) for one in work)


def report(name: str, times: list[float]) -> float:
    p50, p99 = times[len(times) // 2], times[int(len(times) * 0.99)]
    print(f"{name:14} p50 {p50:6.3f} ms   p99 {p99:6.3f} ms   max {times[-1]:6.3f} ms   ({len(times)} sentences)")
    return p99


def understanding(case: Case) -> Callable[[], object]:
    return lambda: understand(case.text, case.now, case.asked, VOCABULARY, case.offered)


def finishing(case: Case) -> Callable[[], object]:
    return lambda: completeness(case.text, case.asked)


def speaking(reply: str) -> Callable[[], object]:
    return lambda: speak(reply)


def main() -> int:
    corpus = cases()
    callers = [case for case in corpus if case.kind.startswith("callers")]
    worst = max(
        report("understand", measure([understanding(case) for case in corpus])),
        report("whole callers", measure([understanding(case) for case in callers])),
        report("completeness", measure([finishing(case) for case in corpus])),
        report("speak", measure([speaking(reply) for reply in REPLIES * 100])),
    )
    return 0 if worst <= GOAL_P99_MS else 1


if __name__ == "__main__":
    sys.exit(main())
