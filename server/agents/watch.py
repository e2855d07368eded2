"""Ends a run of a model that would leave the caller in silence."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class Patience:
    """`attempt_s`: the longest that a model may give no sign before it is asked again; `until`: when the caller must
    hear something (the loop's seconds), which moves on with everything that is said."""

    attempt_s: float
    until: float

    def left_s(self, now: float) -> float:
        return self.until - now


class Watch:
    """Gives a run up when it gives no sign for too long, or when the caller's patience ends. On the loop.

    While one of our own tools is at work the model owes no sign.
    """

    def __init__(self, patience: Patience, is_at_work: Callable[[], bool], give_up: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._patience = patience
        self._is_at_work = is_at_work
        self._give_up = give_up
        self._sign_at = self._loop.time()
        self._has_sign = False
        self.is_over = False
        self._arm()

    def sign(self) -> None:
        """The model has given a sign of life."""
        self._sign_at = self._loop.time()
        self._has_sign = True

    @property
    def is_late(self) -> bool:
        """Whether the model was alive when it was given up: only the caller could not wait any longer."""
        return self._has_sign and self._loop.time() < self._sign_at + self._patience.attempt_s

    def close(self) -> None:
        self._timer.cancel()

    def _look(self) -> None:
        now = self._loop.time()
        if self._is_at_work():
            self._sign_at = now
        self.is_over = now >= self._due_at
        if self.is_over:
            self._give_up()
        else:
            self._arm()

    def _arm(self) -> None:
        self._timer = self._loop.call_at(self._due_at, self._look)

    @property
    def _due_at(self) -> float:
        return min(self._sign_at + self._patience.attempt_s, self._patience.until)
