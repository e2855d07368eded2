"""A real database that goes away in mid-call and comes back."""

import pytest
from sqlalchemy import Engine, text

from tests.pages import Site
from tests.postgres import Cluster


def lines(site: Site) -> list[str | None]:
    call = site.calls.get("CA1")
    assert call is not None
    return [turn.caller for turn in call.turns]


def call_goes_on(site: Site) -> None:
    site.calls.announce("CA1", site.desk.business.id, None, None, None, site.desk.clock.now())
    site.parts.recorder.open("CA1").caller_said(1, "לפני")
    assert site.parts.recorder.flush()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_postgresql_that_drops_everybody_costs_no_word(site: Site, engine: Engine, postgres: Cluster) -> None:
    call_goes_on(site)
    record, name = site.parts.recorder.open("CA1"), engine.url.database
    postgres.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    postgres.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    record.caller_said(2, "בזמן")
    assert site.parts.recorder.flush(0.3) is False
    ready = site.app.test_client().get("/readyz")
    assert (ready.status_code, ready.get_json()["checks"]["database"]) == (
        503,
        "the database does not answer (OperationalError)",
    )
    answer = site.api().get("/calls")
    assert (answer.status_code, answer.get_json()["code"], answer.headers["Retry-After"]) == (503, "unavailable", "5")
    record.caller_said(3, "אחרי")
    postgres.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    assert site.parts.recorder.flush(10)
    assert lines(site) == ["לפני", "בזמן", "אחרי"]
    assert site.parts.recorder.lost_count == 0
    assert site.app.test_client().get("/readyz").status_code == 200


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_sqlite_that_is_locked_costs_no_word(site: Site, engine: Engine) -> None:
    call_goes_on(site)
    with engine.execution_options(begin="IMMEDIATE").begin() as holder:
        holder.execute(text("DELETE FROM login_attempts"))
        site.parts.recorder.open("CA1").caller_said(2, "בזמן")
        assert site.parts.recorder.flush(0.3) is False
    assert site.parts.recorder.flush(10)
    assert lines(site) == ["לפני", "בזמן"]
