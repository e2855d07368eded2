"""What the two Google adapters share: how a client of theirs is made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import grpc
from google.auth.credentials import AnonymousCredentials

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def make_client(client_class: Any, endpoint: str, credentials: Path | None) -> Any:
    """An asyncio client of Google's; must be called on the loop that will use it.

    `endpoint` ("host" or "host:port", "" for Google's own) is spoken to in plain text and without credentials when it
    is on this machine, and over TLS anywhere else. `credentials` is a service account's key file; None leaves it to the
    library to find them.
    """
    if _is_loopback(endpoint):
        transport: Any = client_class.get_transport_class("grpc_asyncio")
        nobody: Any = AnonymousCredentials
        return client_class(transport=transport(channel=grpc.aio.insecure_channel(endpoint), credentials=nobody()))
    options: dict[str, str] = {}
    if endpoint:
        options["api_endpoint"] = endpoint
    if credentials:
        options["credentials_file"] = str(credentials)
    return client_class(client_options=options)


def _is_loopback(endpoint: str) -> bool:
    host = endpoint.rpartition(":")[0] if endpoint.rpartition(":")[2].isdecimal() else endpoint
    return host in _LOOPBACK
