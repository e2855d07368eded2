"""What every answer of the app keeps to: headers, cookies, forged requests.

The numbers in comments are those of OWASP ASVS 5.0.
"""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, request
from flask_wtf.csrf import CSRFProtect

from server import config
from server.config import Settings
from server.web import problems

LARGEST_BODY: Final = 65_536

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    ),  # 3.4.3, 3.4.6
    "X-Content-Type-Options": "nosniff",  # 3.4.4
    "Referrer-Policy": "same-origin",  # 3.4.5
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self), payment=()",
}

csrf = CSRFProtect()
"""Checked where views say so: forms of the owner's pages, and API writes by session. Twilio's webhooks are signed."""


def install(app: Flask, settings: Settings) -> None:
    is_secure = is_https(settings)
    app.config.update(
        SECRET_KEY=config.secret_key(settings),
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_BODY,
        SESSION_COOKIE_NAME=cookie_name(settings, "forms"),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=is_secure,
        SESSION_COOKIE_PATH="/",
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,  # lives as long as the session that it belongs to
        WTF_CSRF_SSL_STRICT=False,  # SameSite and the token say enough; a proxy may drop the referrer
        PROPAGATE_EXCEPTIONS=False,  # 16.5.1: a fault is logged, the answer says nothing of it
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    csrf.init_app(app)
    problems.install(app)

    @app.after_request
    def headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if is_secure:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")  # 3.4.1
        if request.path.startswith(("/admin", "/api/")):
            response.headers.setdefault("Cache-Control", "no-store")  # 14.3.2
        return response


def is_https(settings: Settings) -> bool:
    return settings.base_url.startswith("https://")


def cookie_name(settings: Settings, name: str) -> str:
    """`__Host-` binds a cookie to this very host and to TLS (3.3.3); browsers refuse it without."""
    return f"__Host-{name}" if is_https(settings) else name
