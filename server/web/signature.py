"""Twilio's signature on webhooks and on the media stream's upgrade, checked against the configured origin."""

from __future__ import annotations

from flask import Request
from twilio.request_validator import RequestValidator

from server import metrics
from server.config import Settings
from server.log import get_logger

log = get_logger(__name__)


def is_genuine(request: Request, settings: Settings) -> bool:
    """Whether the request may be served: true for all when no auth token is set.

    The URL is built from PUBLIC_BASE_URL, never from a header of the request; that of a WebSocket is signed as
    `wss://…` without parameters.
    """
    if not settings.is_signed:
        return True
    is_stream = request.headers.get("Upgrade", "").lower() == "websocket"
    url = settings.media_url if is_stream else f"{settings.base_url}{request.full_path.rstrip('?')}"
    parameters = {} if is_stream else request.form.to_dict(flat=True)
    validator = RequestValidator(settings.twilio_auth_token.get_secret_value())
    signature = request.headers.get("X-Twilio-Signature", "")
    if bool(signature) & bool(validator.validate(url, parameters, signature)):
        return True
    metrics.webhooks_rejected.labels("signature").inc()
    log.warning("unsigned request turned away", path=request.path)
    return False
