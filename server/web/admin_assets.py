"""Files of the owner's pages, under addresses that change with their content."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import url_for

from server.web.admin_day import ROW_MIN

STATIC = Path(__file__).with_name("static")

_ROWS = 24 * 60 // ROW_MIN
_LANES = 4


def asset_url(name: str) -> str:
    return url_for("admin.static", filename=name, v=_version(name))


@cache
def grid_css() -> str:
    """Classes for rows, heights and lanes: `r1`…, `s1`…, `l0`…"""
    rows = (f".r{n}{{grid-row-start:{n}}}" for n in range(1, _ROWS + 2))
    spans = (f".s{n}{{grid-row-end:span {n}}}" for n in range(1, _ROWS + 1))
    lanes = (f".l{n}{{grid-column:{n + 1}}}" for n in range(_LANES))
    wide = (f".lanes{n}{{grid-template-columns:repeat({n},minmax(0,1fr))}}" for n in range(1, _LANES + 1))
    return "".join((*rows, *spans, *lanes, *wide))


@cache
def _version(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
