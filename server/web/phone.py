"""The door of the owner's browser telephone: the media stream's messages, for a session instead of a signature."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, abort, request
from flask_sock import Sock
from wsproto.utilities import RemoteProtocolError

from server.config import Settings
from server.media.messages import Start
from server.web import stream, who
from server.web.lines import WEB_SID
from server.web.parts import parts
from server.web.worker import on_worker

CALLS_A_MINUTE = 6
LINES_A_MINUTE = 30
"""A line costs the voice a fraction of a second; nobody types faster."""

bp = Blueprint("phone", __name__)
bp.register_error_handler(RemoteProtocolError, stream.refuse_upgrade)
sock = Sock()


@bp.before_request
@on_worker
def _only_the_owner() -> None:
    """A browser sends the cookie with any page's WebSocket: the origin tells whose page it was."""
    if not is_own_origin(parts().settings) or who.owner(parts()) is None:
        abort(403)


@sock.route("/admin/phone", bp=bp)  # type: ignore[untyped-decorator]
def talk(ws: Any) -> None:
    stream.serve(ws, parts(), stream.Door(parts().booth.connect, _is_not_ours))


def is_own_origin(settings: Settings) -> bool:
    """Whether the request comes from a page of this very server: its configured origin.

    With none configured, the host that the browser itself names will do too, so that `localhost` is as good as
    `127.0.0.1`; a foreign page that got its name to point here would come without the owner's cookie.
    """
    own = [settings.base_url] if settings.public_base_url else [settings.base_url, request.host_url]
    return _origin(request.headers.get("Origin", "")) in map(_origin, own)


def _is_not_ours(start: Start) -> str | None:
    """A telephone call's token opens nothing here: what its caller says is not for a browser to tell."""
    return None if start.call_sid.startswith(WEB_SID) else "token"


def _origin(url: str) -> tuple[str, str]:
    """Scheme and host in lower case, without a port that goes without saying."""
    parsed = urlsplit(url)
    usual = {"http": ":80", "https": ":443"}.get(parsed.scheme, "")
    return parsed.scheme, parsed.netloc.lower().removesuffix(usual) if usual else parsed.netloc.lower()
