"""Logs: one JSON object a line, a fixed English phrase and fields.

No transcript, no name, no full phone number belongs in a field.
"""

from __future__ import annotations

import logging
import sys
from typing import Any, cast

import structlog

_FRAMES = structlog.processors.ExceptionRenderer(
    # Without the frames' variables: they hold what callers said and who they are.
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False, max_frames=20)
)


def configure(level: str) -> None:
    """Send all logs of the process to standard error, from `level` ("DEBUG" … "ERROR") on."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.add_logger_name, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _FRAMES,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for chatty in ("alembic", "httpx2", "httpcore2", "openai", "google", "twilio"):  # a line for every step or request
        logging.getLogger(chatty).setLevel(logging.WARNING)


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    return cast(structlog.stdlib.BoundLogger, structlog.get_logger(name))


def mask_phone(number: str | None) -> str | None:
    """ "+972501234567" → "+97250••••567": enough to recognise, not to call."""
    if number is None or len(number) < 9:
        return number
    return f"{number[:6]}••••{number[-3:]}"
