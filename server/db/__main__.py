"""The tables from the command line: `python -m server.db upgrade`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from sqlalchemy.exc import SQLAlchemyError

from server.config import BadSettings, load
from server.db.engine import downgrade, make_engine, upgrade


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m server.db", description="Bring the tables up to date, or back.")
    parser.add_argument("--database", metavar="URL", help="instead of DATABASE_URL")
    commands = parser.add_subparsers(required=True, dest="command", metavar="command")
    up = commands.add_parser("upgrade", help="to the newest revision, or the one given")
    up.add_argument("revision", nargs="?", default="head")
    down = commands.add_parser("downgrade", help="back to a revision; what newer tables held is lost")
    down.add_argument("revision", help='a revision like 0002, or "base"')
    options = parser.parse_args(arguments)
    try:
        engine = make_engine(options.database or load().database_url)
        (upgrade if options.command == "upgrade" else downgrade)(engine, options.revision)
    except (BadSettings, ValueError, SQLAlchemyError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
