"""The start page, the help with words, the pages about the directory, and the health checks."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import delete, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.places.models import GazetteerLoad
from tests import factories
from tests.support.html import text_of
from tests.support.pages import PageClient

SignIn = Callable[..., User]


def test_the_start_page_says_what_to_do_in_danger_and_how_to_begin(client: PageClient) -> None:
    page = client.page("/")

    assert "If somebody is in danger now, call 999." in page.text
    assert page.link("Sign in to find support") == "/search"


@pytest.mark.parametrize(
    ("role", "starts", "edits"), [("officer", True, False), ("commissioner", True, True), ("auditor", False, False)]
)
def test_the_start_page_offers_each_role_what_it_may_do(
    client: PageClient, sign_in: SignIn, role: str, starts: bool, edits: bool
) -> None:
    sign_in(role)

    links = [text_of(link) for link in client.page("/").all("a")]

    assert ("Find support" in links) is starts
    assert ("Edit the guidance" in links) is edits


@pytest.mark.parametrize("path", ["/", "/sign-in", "/privacy", "/no-such-page"])
def test_every_page_can_be_left_at_once(client: PageClient, path: str) -> None:
    page = client.page(path, status=404 if path == "/no-such-page" else 200)

    exits = page.all("a", href="https://www.bbc.co.uk/weather")
    assert len(exits) == 2  # the button, and the link that keyboards reach first
    assert all(set(link.get("rel", "").split()) >= {"noopener", "noreferrer"} for link in exits)
    assert all(link.get("target") is None for link in exits)


@pytest.mark.parametrize("path", ["/", "/no-such-page"])
def test_the_sources_of_the_data_are_named(client: PageClient, path: str) -> None:
    footer = text_of(client.page(path, status=404 if path == "/no-such-page" else 200).one("footer"))

    assert "Contains OS data © Crown copyright and database right 2025." in footer
    assert "GeoNames, CC BY 4.0" in footer


def test_a_demonstration_says_that_it_is_one(client: PageClient) -> None:
    assert "Fictional data" in client.page("/").html


def test_the_page_shown_is_marked_in_the_navigation(client: PageClient, sign_in: SignIn) -> None:
    sign_in("commissioner")

    page = client.page("/guidance")

    (current,) = page.all("a", aria_current="page")
    assert text_of(current) == "Guidance"


def test_each_term_is_explained_under_its_own_address(client: PageClient, sign_in: SignIn, session: Session) -> None:
    factories.taxonomies(session)
    sign_in("officer")

    page = client.page("/help/terms")

    for anchor in ("needs", "communities", "access", "needs-domestic-abuse"):
        assert page.all(id=anchor)
    assert page.link("Needs") == "#needs"
    # The box works by script alone, so it is only there with one.
    assert any("data-filter-box" in element.attrib and "hidden" in element.attrib for element in page.all("div"))


def test_the_cookie_page_tells_how_long_a_session_lasts(client: PageClient) -> None:
    text = client.page("/privacy").text

    assert "after 60 minutes without use, or after 12 hours" in text
    assert "stops working after 30 minutes" in text


def test_the_process_lives(client: PageClient) -> None:
    response = client.get("/health/live")

    assert (response.status_code, response.text) == (200, "ok\n")


def test_the_product_is_ready(client: PageClient) -> None:
    response = client.get("/health/ready")

    assert (response.status_code, response.text) == (200, "ok\n")


def test_without_places_it_is_not_ready(client: PageClient, session: Session) -> None:
    session.execute(delete(GazetteerLoad))
    session.flush()

    response = client.get("/health/ready")

    assert (response.status_code, response.text) == (503, "gazetteer\n")


def test_behind_its_migrations_it_is_not_ready(client: PageClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("directory.web.pages.health.views.revisions", lambda _engine: ("0001", "0002"))

    response = client.get("/health/ready")

    assert (response.status_code, response.text) == (503, "migrations\n")


def test_without_a_database_it_is_not_ready_but_lives(
    app: Flask, client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_engine: object) -> None:
        raise OperationalError(str(text("SELECT")), {}, Exception())

    monkeypatch.setattr("directory.web.pages.health.views.revisions", away)

    response = client.get("/health/ready")

    assert (response.status_code, response.text) == (503, "database\n")
    assert client.get("/health/live").status_code == 200
