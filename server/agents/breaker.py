"""Opens after repeated failures and closes again by itself: while it is open the cloud model is not asked."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

FAILURE_LIMIT = 5
WINDOW_S = 30.0
OPEN_S = 20.0


@dataclass(slots=True)
class Breaker:
    """Counts failures over all calls of a process; `now` is in monotonic seconds. Touched on the loop only.

    After `open_s` one attempt is let through; its success closes the breaker, its failure keeps it open as long again.
    """

    failure_limit: int = FAILURE_LIMIT
    window_s: float = WINDOW_S
    open_s: float = OPEN_S
    _failures: deque[float] = field(default_factory=deque)
    _opened_at: float | None = None

    def allows(self, now: float) -> bool:
        """Whether the model may be asked; a probe is let through when the breaker has been open long enough."""
        if self._opened_at is None:
            return True
        if now - self._opened_at < self.open_s:
            return False
        self._opened_at = now  # the others wait for the outcome of this probe
        return True

    def succeeded(self) -> None:
        self._failures.clear()
        self._opened_at = None

    def failed(self, now: float) -> bool:
        """Count a failure; whether the breaker has opened by it."""
        self._failures.append(now)
        while self._failures and now - self._failures[0] > self.window_s:
            self._failures.popleft()
        if self._opened_at is None and len(self._failures) >= self.failure_limit:
            self._opened_at = now
            return True
        return False

    @property
    def is_open(self) -> bool:
        return self._opened_at is not None
