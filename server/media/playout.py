"""Frames waiting to leave, and when each is due.

Frame n of a stretch is due at `start + n × 20 ms`, less a lead that goes out at once and is restored after a
stall: deadlines, not sleeps, so nothing drifts. A stretch ends when what was written has been played; the next
frame begins a new one. Pure: `now` (seconds, monotonic) is an argument.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from server.media.audio import FRAME_MS

FRAME_S = FRAME_MS / 1000
LIMIT_FRAMES = 500
LEAD_S = 0.12


@dataclass(frozen=True, slots=True)
class Frame:
    audio: bytes
    sentence: int  # whose sound it is


@dataclass(frozen=True, slots=True)
class Mark:
    name: str
    sentence: int  # whose end it is


@dataclass(frozen=True, slots=True)
class Clear:
    """Tell the peer to forget what it has buffered."""


Item = Frame | Mark | Clear


class Playout:
    """The queue between the voice and the line: bounded, never blocking, never dropping silently."""

    def __init__(self, limit_frames: int = LIMIT_FRAMES, lead_s: float = LEAD_S) -> None:
        self._limit = limit_frames
        self._lead_s = lead_s
        self._items: deque[Item] = deque()
        self._start_at = 0.0  # instant at which the stretch began to be heard
        self._written = 0  # frames of this stretch already handed out
        self.depth = 0  # frames waiting
        self.max_depth = 0  # deepest since `reset_depth`

    def push(self, frames: Iterable[bytes], sentence: int) -> int:
        """Queue frames while there is room; returns how many were taken. The rest may be offered again later."""
        taken = [Frame(audio, sentence) for audio in islice(frames, max(0, self._limit - self.depth))]
        self._items.extend(taken)
        self.depth += len(taken)
        self.max_depth = max(self.max_depth, self.depth)
        return len(taken)

    def mark(self, name: str, sentence: int) -> None:
        """Ask the peer to report when all that was queued so far has been heard."""
        self._items.append(Mark(name, sentence))

    def clear(self) -> None:
        """Forget what is queued, and have the peer forget what it has."""
        self._items.clear()
        self.depth = 0
        self._items.append(Clear())

    def next_due_at(self, now: float) -> float | None:
        """When the next item is to be written (not after `now`: at once); None when nothing waits."""
        if not self._items:
            return None
        if not isinstance(self._items[0], Frame) or now >= self.heard_until:
            return now
        return self._start_at + self._written * FRAME_S - self._lead_s

    def take_due(self, now: float) -> Item | None:
        """The next item if it is due by `now`; taking it off means that it is being written."""
        due_at = self.next_due_at(now)
        if due_at is None or due_at > now:
            return None
        item = self._items.popleft()
        if isinstance(item, Frame):
            if now >= self.heard_until:
                self._start_at, self._written = now, 0
            self._written += 1
            self.depth -= 1
        elif isinstance(item, Clear):
            self._start_at, self._written = 0.0, 0
        return item

    @property
    def heard_until(self) -> float:
        """When the last frame written so far will have been played."""
        return self._start_at + self._written * FRAME_S

    def reset_depth(self) -> None:
        self.max_depth = self.depth
