"""`python -m server.owner`: a new password for the owner who has lost theirs. Every session of theirs ends."""

from __future__ import annotations

import sys

from sqlalchemy.exc import SQLAlchemyError

from server.clock import Clock, SystemClock
from server.config import BadSettings, Settings, load
from server.db.engine import make_engine
from server.first_run import prepare_database
from server.log import configure
from server.web.accounts import Accounts


def main() -> int:
    configure("ERROR")
    try:
        password = new_password(load(), SystemClock())
    except (BadSettings, ValueError, SQLAlchemyError) as error:
        print(f"receptionist: {str(error).splitlines()[0]}", file=sys.stderr)
        return 1
    print(f"The owner's new password, shown this once: {password}")
    return 0


def new_password(settings: Settings, clock: Clock) -> str:
    """The password of a new owner, or a new one for the owner there is."""
    if made := prepare_database(settings, clock):
        return made
    engine = make_engine(settings.database_url)
    try:
        password = Accounts(engine, clock).reset_password()
    finally:
        engine.dispose()
    if password is None:
        raise ValueError("the owner's account has another name than the usual one")
    return password


if __name__ == "__main__":
    sys.exit(main())
