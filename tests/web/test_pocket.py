"""The pocket page: what anybody may know, nothing of who opened it, and a worker that can reach nothing else."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.paths import STATIC
from directory.web.pages.pocket.presenting import POCKET_LIFE
from tests import factories
from tests.publishing.cascade.world import MONDAY, body, issue
from tests.support.clock import Clock
from tests.support.html import Page, text_of
from tests.support.pages import PageClient

SignIn = Callable[..., User]
PAGE, HACKNEY, EALING = "/pocket/central-east", "E09000012", "E09000009"


@pytest.fixture
def officer(sign_in: SignIn, clock: Clock) -> User:
    """An officer who is signed in, on the Monday."""
    clock.now = MONDAY
    return sign_in("officer", name="Officer of the pocket")


def entries(page: Page) -> dict[str, list[str]]:
    """The names of the services under each heading."""
    return {
        text_of(page.all("h2", section)[0]): [text_of(name) for name in page.all("h3", section)]
        for section in page.all("section")
    }


@pytest.mark.usefixtures("officer")
def test_the_contacts_of_an_area_by_kind(client: PageClient, session: Session) -> None:
    issue(session, [body(1, name="Of an older edition")])
    services = [
        body(1, name="Zebra line", kind="helpline", hours="24/7", languages=["so", "ar"]),
        body(2, name="Marigold House", kind="refuge", hours="24/7", areas=[], borough=EALING, units=3),
        body(3, name="Hackney advice", areas=[HACKNEY], organisation_name="Hackney advice", phone="020 7946 0123"),
        body(4, name="Ealing advice", areas=[EALING]),
        body(5, name="Without a number", phone=""),
    ]
    issue(session, services)

    page = client.page(PAGE)

    assert page.h1 == "Contacts: Central East"
    assert entries(page) == {"Day and night": ["Marigold House", "Zebra line"], "Advocacy": ["Hackney advice"]}
    assert "Helpline. 24 hours a day, every day. Languages: Arabic and Somali." in page.text
    assert "Advocacy. Monday to Friday, 9am to 5pm." in page.text
    assert "tel:+442079460123" in [link.get("href") for link in page.all("a")]
    assert "1 more is reached through the directory alone." in page.text
    assert "Edition 2, the catalogue of 23 November 2026." in page.text


@pytest.mark.usefixtures("officer")
def test_it_holds_nothing_but_what_anybody_may_know(client: PageClient, session: Session) -> None:
    """What an edition says besides is not for a pocket: the places of services least of all."""
    secrets = {
        "professional_phone": "07700 900111",
        "referral_email": "refer@example.org",
        "postcode": "E8 3PN",
        "description": "Behind the station",
    }
    issue(session, [body(1, kind="refuge", borough=HACKNEY, location_disclosure="secret", units=3, **secrets)])

    html = client.get(PAGE).get_data(as_text=True)

    assert "Service 1" in html
    for secret in secrets.values():
        assert secret not in html
    # A refuge is in every pocket, so that none tells where it is.
    assert "Service 1" in client.get("/pocket/south-west").get_data(as_text=True)


def test_it_tells_nothing_of_who_opened_it(app: Flask, client: PageClient, session: Session, officer: User) -> None:
    issue(session, [body(1)])
    first = client.get(PAGE).get_data(as_text=True)
    commissioner = factories.user(session, "commissioner", name="Commissioner of the pocket")
    other = app.test_client()
    assert isinstance(other, PageClient)
    other.submit("/sign-in", {"email": commissioner.email, "password": factories.PASSWORD})
    second = other.get(PAGE).get_data(as_text=True)

    for html in (first, second):
        for word in ("csrf", "sign-out", "Sign out", "Navigation", "of the pocket", officer.email):
            assert word not in html
        assert "<form" not in html
    nonce = re.compile(r'nonce="[^"]+"')
    assert nonce.sub("", first) == nonce.sub("", second)


@pytest.mark.usefixtures("officer")
def test_that_check_bites(client: PageClient) -> None:
    html = client.get("/pocket").get_data(as_text=True)

    assert "csrf" in html
    assert "sign-out" in html


@pytest.mark.usefixtures("officer")
def test_what_is_typed_into_the_filter_goes_nowhere(client: PageClient, session: Session) -> None:
    issue(session, [body(1)])

    (field,) = client.page(PAGE).all("input")

    assert field.get("autocomplete") == "off"
    assert "name" not in field.attrib
    script = (STATIC / "pocket" / "pocket.js").read_text()
    for place in ("localStorage", "sessionStorage", "indexedDB", "history.", "location", "cookie", "fetch(", "Beacon"):
        assert place not in script, place


@pytest.mark.usefixtures("officer")
def test_nothing_but_the_worker_keeps_it(client: PageClient, session: Session) -> None:
    issue(session, [body(1)])

    response = client.get(PAGE)

    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Pocket-Until"] == (MONDAY + timedelta(days=7)).isoformat()
    assert timedelta(days=7) == POCKET_LIFE
    assert response.headers["Content-Security-Policy"].endswith("; worker-src 'self'")
    main = Page(response.get_data(as_text=True)).one("main")
    assert main.get("data-until") == response.headers["Pocket-Until"]
    for asset in (main.get("data-assets") or "").split():
        assert client.get(asset).status_code == 200


@pytest.mark.usefixtures("officer")
def test_a_worker_may_start_there_alone(client: PageClient) -> None:
    for path in ("/pocket", "/search", "/"):
        assert "worker-src" not in client.get(path).headers["Content-Security-Policy"]


def test_the_worker_is_the_same_for_everybody(client: PageClient) -> None:
    response = client.get("/pocket/worker.js")

    assert (response.status_code, response.mimetype) == (200, "text/javascript")
    assert response.data == (STATIC / "pocket" / "worker.js").read_bytes()
    # Without this header the browser lets it reach what lies under /pocket/ and no more.
    assert "Service-Worker-Allowed" not in response.headers


@pytest.mark.usefixtures("officer")
def test_without_an_edition_there_is_nothing_to_carry(client: PageClient) -> None:
    assert "No edition has been published yet" in client.page("/pocket").text
    client.page(PAGE, status=404)


@pytest.mark.usefixtures("officer")
def test_one_chooses_an_area(client: PageClient, session: Session) -> None:
    issue(session)

    page = client.page("/pocket")

    hrefs = [link.get("href") or "" for link in page.all("a", page.one("main"))]
    assert len([href for href in hrefs if href.startswith("/pocket/")]) == 13
    client.page("/pocket/nowhere", status=404)
    assert "No service of this area has a public number" in client.page(PAGE).text
