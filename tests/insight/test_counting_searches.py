"""Searches in vain through the browser and the API: when one is counted, and that a single one cannot be seen."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.accounts.permissions import Scope
from directory.accounts.tokens import issue_token
from directory.insight.models import HouseholdBand
from tests import factories
from tests.insight.worlds import counted, everything
from tests.support.clock import Clock
from tests.support.pages import PageClient

SignIn = Callable[..., User]
Ask = Callable[..., Any]
# Nobody is there, so nothing matches.
IN_VAIN = {"near": "Hackney", "adults": 1, "child": ["4f"], "need": ["coercive-control"]}
ROW = (factories.HACKNEY, "domestic-abuse", HouseholdBand.TWO)


@pytest.fixture(autouse=True)
def terms(session: Session) -> None:
    factories.taxonomies(session)


@pytest.fixture
def in_browser(client: PageClient, sign_in: SignIn) -> Ask:
    """Asks in the form, and returns the address of the results."""
    sign_in()

    def ask(**more: str) -> str:
        form = client.page("/search")
        values = form.form_values(form.one("form", form.one("main")))
        asked = {"near": "Hackney", "adults": "1", "girls": "4", "need": "coercive-control"} | more
        with client.post("/search", data=values | asked) as response:
            assert response.status_code == 303
            return response.headers["Location"]

    return ask


@pytest.fixture
def by_program(app: Flask, session: Session, now: datetime) -> Ask:
    """Asks the API, and returns the answer."""
    token = issue_token(session, factories.user(session, "officer"), {Scope.SEARCH}, now)
    session.flush()

    def ask(**more: object) -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        with app.test_client().post("/api/v1/search", json=IN_VAIN | more, headers=headers) as response:
            assert response.status_code == 200
            return response.get_json()

    return ask


@pytest.mark.parametrize("way", ["in_browser", "by_program"])
def test_one_search_in_vain_leaves_the_database_as_it_was(
    request: pytest.FixtureRequest, session: Session, clock: Clock, app: Flask, way: str
) -> None:
    ask = request.getfixturevalue(way)
    ask(near="Ealing", need="housing" if way == "in_browser" else ["housing"])  # signing in and tokens leave traces
    before = everything(session)

    ask()
    ask(need="housing" if way == "in_browser" else ["housing"])
    assert everything(session)["unmet_need_counts"] == []
    assert everything(session) == before

    day = clock.now.date()
    clock.advance(hours=24)
    app.extensions["unmet_needs"].write_due(app.extensions["database"].new_session, clock.now)
    assert (day, *ROW, 1) in counted(session)
    assert len(counted(session)) == 3


@pytest.mark.parametrize("way", ["in_browser", "by_program"])
def test_three_in_a_bucket_are_written(
    request: pytest.FixtureRequest, session: Session, clock: Clock, way: str
) -> None:
    ask = request.getfixturevalue(way)

    for _ in range(3):
        ask()

    assert counted(session) == [(clock.now.date(), *ROW, 3)]


def test_opening_and_reloading_the_results_counts_nothing(
    client: PageClient, in_browser: Ask, session: Session, app: Flask, clock: Clock
) -> None:
    address = in_browser()

    for path in (address, address, f"{address}?page=2", f"{address}/change"):
        client.get(path).close()
    clock.advance(hours=24)
    app.extensions["unmet_needs"].write_due(app.extensions["database"].new_session, clock.now)

    assert [row[-1] for row in counted(session)] == [1]


def test_further_pages_of_the_api_count_nothing(by_program: Ask, session: Session) -> None:
    for page in range(2, 6):
        by_program(page=page)

    assert counted(session) == []


@pytest.mark.parametrize("way", ["in_browser", "by_program"])
def test_what_was_found_is_not_counted(request: pytest.FixtureRequest, session: Session, way: str) -> None:
    factories.unit(session, factories.service(session, needs=["coercive-control"]))
    ask = request.getfixturevalue(way)

    for _ in range(3):
        ask()

    assert counted(session) == []


@pytest.mark.parametrize("way", ["in_browser", "by_program"])
def test_any_search_is_an_occasion_to_write(
    request: pytest.FixtureRequest, session: Session, clock: Clock, way: str
) -> None:
    """Also one that finds something: so a write does not tell that somebody has just searched in vain."""
    ask = request.getfixturevalue(way)
    ask()
    factories.unit(session, factories.service(session, needs=["coercive-control"]))
    clock.advance(hours=24)
    if way == "in_browser":
        request.getfixturevalue("sign_in")()

    ask()

    assert [row[-1] for row in counted(session)] == [1]


@pytest.mark.parametrize("nrpf", [True, False])
def test_public_funds_make_no_difference(by_program: Ask, session: Session, clock: Clock, nrpf: bool) -> None:
    for _ in range(3):
        by_program(nrpf=nrpf)

    assert counted(session) == [(clock.now.date(), *ROW, 3)]


@pytest.mark.parametrize("way", ["in_browser", "by_program"])
def test_a_failure_to_count_fails_no_search(
    request: pytest.FixtureRequest, app: Flask, monkeypatch: pytest.MonkeyPatch, capfd: Any, way: str
) -> None:
    ask = request.getfixturevalue(way)
    monkeypatch.setattr("directory.insight.unmet.widest_terms", lambda _session: 1 / 0)

    assert ask()

    assert app.extensions["unmet_needs"].failures == 1
    assert "ZeroDivision" not in capfd.readouterr().err
