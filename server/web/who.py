"""Who is asking: the holder of the API token, or the owner by a session."""

from __future__ import annotations

import hmac
from typing import Final

from flask import request
from pydantic import SecretStr
from werkzeug.wrappers import Response

from server.config import Settings
from server.web.accounts import LONGEST_SESSION, Owner
from server.web.parts import Parts
from server.web.security import cookie_name, is_https

COOKIE: Final = "owner"


def bearer() -> str | None:
    """What stands in the Authorization header as a bearer token; "" for anything else there, None for no header."""
    header = request.headers.get("Authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def is_token(given: str, expected: SecretStr) -> bool:
    """Whether it is the token, in a time that tells nothing of it. An unset token is nobody's."""
    known = expected.get_secret_value()
    return bool(known) and hmac.compare_digest(given.encode("utf-8", "replace"), known.encode())


def session_token(settings: Settings) -> str | None:
    return request.cookies.get(cookie_name(settings, COOKIE))


def owner(parts: Parts, *, is_active: bool = True) -> Owner | None:
    """The owner whose session the request carries. `is_active` False does not keep the session alive. Blocks."""
    token = session_token(parts.settings)
    if not token:
        return None
    return parts.accounts.owner_of(token, is_active=is_active)


def remember(response: Response, settings: Settings, token: str) -> None:
    response.set_cookie(
        cookie_name(settings, COOKIE),
        token,
        max_age=int(LONGEST_SESSION.total_seconds()),
        path="/",
        secure=is_https(settings),
        httponly=True,
        samesite="Lax",
    )


def forget(response: Response, settings: Settings) -> None:
    name = cookie_name(settings, COOKIE)
    response.delete_cookie(name, path="/", secure=is_https(settings), httponly=True, samesite="Lax")
