"""How often somebody may do what costs the server something: so many times a minute, some of them at once."""

from __future__ import annotations

from collections import defaultdict, deque

from server.clock import Clock

_WINDOW_S = 60.0


class Allowance:
    """Touched on the hub only. Counts within one worker."""

    def __init__(self, per_minute: int, clock: Clock) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._taken_at: defaultdict[int, deque[float]] = defaultdict(deque)

    def take(self, who: int) -> bool:
        """Use it once; false when `who` has used it up within the last minute."""
        now = self._clock.monotonic()
        self._forget(now - _WINDOW_S)
        times = self._taken_at[who]
        if len(times) >= self._per_minute:
            return False
        times.append(now)
        return True

    def _forget(self, before: float) -> None:
        for who, times in tuple(self._taken_at.items()):
            while times and times[0] <= before:
                times.popleft()
            if not times:
                del self._taken_at[who]
