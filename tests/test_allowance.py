"""So many times a minute, and no more."""

import datetime as dt

from server.web.allowance import Allowance
from tests.desk import Noon


def test_what_was_used_up_comes_back_a_minute_later() -> None:
    clock = Noon()
    allowance = Allowance(2, clock)
    assert [allowance.take(1), allowance.take(1), allowance.take(1)] == [True, True, False]
    clock.at += dt.timedelta(seconds=59)
    assert not allowance.take(1)
    clock.at += dt.timedelta(seconds=1)
    assert allowance.take(1)


def test_what_one_uses_is_not_missing_to_another() -> None:
    allowance = Allowance(1, Noon())
    assert allowance.take(1)
    assert allowance.take(2)
    assert not allowance.take(1)
