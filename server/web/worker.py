"""Views that work on a worker thread."""

from __future__ import annotations

import contextvars
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from server import runtime

P = ParamSpec("P")
T = TypeVar("T")


def on_worker(view: Callable[P, T]) -> Callable[P, T]:
    """Run the whole view, its database work and its rendering, on a worker thread; the hub goes on meanwhile.

    Flask's request, session and app live in context variables, which go along.
    """

    @wraps(view)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        result: T = runtime.in_worker(contextvars.copy_context().run, view, *args, **kwargs)
        return result

    return run
