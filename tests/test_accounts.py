"""The owner's account: who gets in, for how long, and how often one may try."""

import datetime as dt

import pytest
from sqlalchemy import Engine, select

from server.db.tables.accounts import login_attempts, owner_sessions, owners
from server.web.accounts import Accounts, Owner, Refused, check_new_password
from tests.desk import Noon
from tests.pages import QUICK

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

HOME, ELSEWHERE = "192.0.2.1", "192.0.2.2"


class House:
    """The account on a clock that can be put forward."""

    def __init__(self, engine: Engine) -> None:
        self.clock = Noon()
        self.accounts = Accounts(engine, self.clock, hasher=QUICK)
        password = self.accounts.ensure_owner()
        assert password is not None
        self.password = password

    def later(self, **time: float) -> None:
        self.clock.at += dt.timedelta(**time)

    def tries(self, password: str, *, login: str = "owner", address: str = HOME) -> str | Refused:
        return self.accounts.log_in(login, password, address, "Firefox")

    def logs_in(self) -> str:
        token = self.tries(self.password)
        assert not isinstance(token, Refused), token
        return token

    def owner(self, token: str) -> Owner:
        owner = self.accounts.owner_of(token)
        assert owner is not None
        return owner


@pytest.fixture
def house(engine: Engine) -> House:
    return House(engine)


def test_the_first_run_makes_one_account_with_a_password_nobody_can_guess(house: House) -> None:
    assert house.accounts.ensure_owner() is None
    assert len(house.password) == 19
    assert check_new_password(house.password, "owner") is None


def test_neither_password_nor_session_token_is_stored(house: House, engine: Engine) -> None:
    token = house.logs_in()
    with engine.connect() as connection:
        stored = repr([connection.execute(select(table)).all() for table in (owners, owner_sessions)])
    assert "argon2id" in stored
    assert house.password not in stored
    assert token not in stored


def test_the_right_password_opens_a_session(house: House) -> None:
    assert house.owner(house.logs_in()).login == "owner"


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("owner", "wrong"),
        ("owner", ""),
        ("owner", "x" * 10_000),
        ("owner", "\0\ud800"),
        ("nobody", "wrong"),
        ("' OR 1=1 --", "' OR 1=1 --"),
        ("o" * 10_000, "\0"),
    ],
)
def test_account_and_password_are_refused_in_the_same_words(house: House, login: str, password: str) -> None:
    assert house.tries(password, login=login) is Refused.WRONG


def test_a_name_is_read_as_people_write_it(house: House) -> None:
    assert not isinstance(house.tries(house.password, login=" Owner "), Refused)


def test_after_five_wrong_passwords_even_the_right_one_must_wait(house: House) -> None:
    for _ in range(5):
        assert house.tries("wrong") is Refused.WRONG
    assert house.tries(house.password) is Refused.THROTTLED
    assert not isinstance(house.tries(house.password, address=ELSEWHERE), Refused), "another address is not held up"
    house.later(minutes=14)
    assert house.tries(house.password) is Refused.THROTTLED
    house.later(minutes=1, seconds=1)
    house.logs_in()


def test_a_login_forgets_the_wrong_passwords_before_it(house: House) -> None:
    for _ in range(3):
        for _ in range(4):
            house.tries("wrong")
        house.logs_in()


def test_an_address_that_tries_many_names_must_wait(house: House) -> None:
    for n in range(30):
        assert house.tries("wrong", login=f"name{n}") is Refused.WRONG
    assert house.tries("wrong", login="one more") is Refused.THROTTLED


def test_old_attempts_do_not_pile_up(house: House, engine: Engine) -> None:
    for _ in range(5):
        house.tries("wrong")
        house.later(minutes=16)
    with engine.connect() as connection:
        assert len(connection.execute(select(login_attempts)).all()) == 1


def test_a_session_ends_after_half_an_hour_without_use(house: House) -> None:
    token = house.logs_in()
    for _ in range(3):
        house.later(minutes=29)
        house.owner(token)
    house.later(minutes=30)
    assert house.accounts.owner_of(token) is None


def test_a_page_that_refreshes_itself_keeps_no_session_alive(house: House) -> None:
    token = house.logs_in()
    for _ in range(29):
        house.later(minutes=1)
        assert house.accounts.owner_of(token, is_active=False) is not None
    house.later(minutes=1)
    assert house.accounts.owner_of(token, is_active=False) is None


def test_a_session_ends_after_twelve_hours_however_busy(house: House) -> None:
    token = house.logs_in()
    for _ in range(35):
        house.later(minutes=20)
        house.owner(token)
    house.later(minutes=20)
    assert house.accounts.owner_of(token) is None


@pytest.mark.parametrize("token", ["", "x", "' OR 1=1 --", "\ud800", "a" * 5000])
def test_a_made_up_token_is_nobodys(house: House, token: str) -> None:
    house.logs_in()
    assert house.accounts.owner_of(token) is None


def test_a_session_can_be_ended_from_another_device(house: House) -> None:
    lost, mine = house.logs_in(), house.logs_in()
    owner = house.owner(mine)
    assert {session.device for session in house.accounts.sessions(owner.id)} == {"Firefox"}
    house.accounts.revoke(owner.id, house.owner(lost).session_id)
    assert house.accounts.owner_of(lost) is None
    assert [session.id for session in house.accounts.sessions(owner.id)] == [owner.session_id]


def test_only_ones_own_sessions_can_be_ended(house: House) -> None:
    token = house.logs_in()
    owner = house.owner(token)
    house.accounts.revoke(owner.id + 1, owner.session_id)
    house.owner(token)


def test_a_new_password_ends_every_other_session(house: House) -> None:
    other, mine = house.logs_in(), house.logs_in()
    assert house.accounts.change_password(house.owner(mine), house.password, "ספר-ים-כחול-גדול") is None
    assert house.accounts.owner_of(other) is None
    house.owner(mine)
    assert house.tries(house.password) is Refused.WRONG
    assert not isinstance(house.tries("ספר-ים-כחול-גדול"), Refused)


def test_a_new_password_needs_the_old_one(house: House) -> None:
    owner = house.owner(house.logs_in())
    assert house.accounts.change_password(owner, "wrong", "ספר-ים-כחול-גדול") is Refused.WRONG
    house.logs_in()


@pytest.mark.parametrize(
    ("password", "refused"),
    [
        ("short", Refused.SHORT),
        ("a" * 129, Refused.LONG),
        ("aaaaaaaaaaaa", Refused.SIMPLE),
        ("123456789012", Refused.SIMPLE),
        ("the owner of it", Refused.SIMPLE),
        ("correct horse battery", None),
    ],
)
def test_a_new_password_must_be_long_and_varied(house: House, password: str, refused: Refused | None) -> None:
    owner = house.owner(house.logs_in())
    assert house.accounts.change_password(owner, house.password, password) is refused


def test_a_forgotten_password_can_be_made_anew(house: House) -> None:
    token = house.logs_in()
    password = house.accounts.reset_password()
    assert password is not None
    assert house.accounts.owner_of(token) is None
    assert house.tries(house.password) is Refused.WRONG
    assert not isinstance(house.tries(password), Refused)
    assert house.accounts.reset_password("nobody") is None
