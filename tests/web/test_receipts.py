"""The page behind the link in a message about an edition, and the counts of those who pressed its button."""

import csv
import json
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.publishing.cascade.issued import IssuedEdition
from directory.publishing.cascade.links import LINK_LIFE, make_link
from directory.publishing.cascade.receipts import acknowledge
from directory.publishing.cascade.sending import send_out
from directory.web.pages.receipts import views
from directory.web.pages.receipts.presenting import COLUMNS, _took
from tests.publishing.cascade.world import DAY, MONDAY, audited, issue, officers, receipt
from tests.support.clock import Clock
from tests.support.html import Page, text_of
from tests.support.pages import PageClient

SignIn = Callable[..., User]


@pytest.fixture
def officer(session: Session, clock: Clock) -> User:
    """An officer; it is Tuesday."""
    clock.now = MONDAY + DAY
    return officers(session, 1)[0]


@pytest.fixture
def edition(session: Session, officer: User) -> IssuedEdition:
    """The edition of Monday, sent to the officer."""
    made = issue(session)
    send_out(session, made.id, MONDAY)
    return made


@pytest.fixture
def link(session: Session, officer: User, edition: IssuedEdition) -> str:
    """The link in the officer's message."""
    return "/e/" + make_link(session, edition.id, officer.id, MONDAY)


def rows(page: Page, place: int = 0) -> list[list[str]]:
    """The rows of a table, without the labels for narrow screens."""
    return [
        [text_of(cell).rpartition(": ")[2] for cell in row if cell.tag in ("th", "td")]
        for row in page.all("tr", page.all("table")[place])
    ][1:]


def test_one_tap_acknowledges(
    client: PageClient, session: Session, link: str, edition: IssuedEdition, officer: User
) -> None:
    page = client.page(link)
    assert page.h1 == "Edition 1 is published"
    assert "as it was on 23 November 2026" in page.text
    assert [text_of(button) for button in page.all("button")] == ["I have received edition 1"]

    done = client.submit(link, {})

    assert done.h1 == "You have received edition 1"
    assert done.all("form") == []
    assert receipt(session, edition, officer).acknowledged_at == MONDAY + DAY
    assert audited(session, "edition_acknowledged") == [(f"user-{officer.id}", {"edition": edition.id})]


def test_opening_it_changes_nothing(
    client: PageClient, session: Session, link: str, edition: IssuedEdition, officer: User
) -> None:
    """Mail programs and scanners follow links by themselves."""
    for method in ("GET", "HEAD", "OPTIONS"):
        # The page contract is for what has a body.
        assert FlaskClient.open(client, link, method=method).status_code == 200

    kept = receipt(session, edition, officer)
    assert (kept.seen_at, kept.acknowledged_at) == (None, None)


def test_pressing_it_twice_is_fine(client: PageClient, session: Session, link: str) -> None:
    assert [client.post(link).status_code for _ in range(2)] == [303, 303]
    assert len(audited(session, "edition_acknowledged")) == 1


def test_it_says_nothing_of_the_person_and_leads_to_signing_in(client: PageClient, link: str, officer: User) -> None:
    page = client.page(link)

    assert officer.name not in page.text
    assert officer.email not in page.text
    assert "/sign-in?next=/editions/1" in [anchor.get("href") for anchor in page.all("a")]


def test_a_link_that_has_run_out_is_kind(client: PageClient, clock: Clock, link: str) -> None:
    clock.now = MONDAY + LINK_LIFE

    assert client.page(link, status=410).h1 == "This link has run out"
    assert client.post(link).status_code == 410


@pytest.mark.usefixtures("edition")
def test_a_link_that_was_never_made_leads_nowhere(client: PageClient) -> None:
    assert client.page("/e/" + "A" * 22, status=404).h1 == "This link leads nowhere"
    assert client.post("/e/" + "A" * 22).status_code == 404


def test_many_attempts_have_to_wait(client: PageClient, link: str) -> None:
    statuses = [client.get(link).status_code for _ in range(views.PER_LINK + 1)]

    assert statuses == [200] * views.PER_LINK + [429]
    response = client.get(link)
    assert int(response.headers["Retry-After"]) > 0
    # Another link of the same network is still good.
    assert client.get("/e/another").status_code == 404


def test_a_network_that_tries_links_out_has_to_wait(client: PageClient) -> None:
    statuses = [client.get(f"/e/{number}").status_code for number in range(views.PER_NETWORK + 1)]

    assert statuses[-2:] == [404, 429]


def test_the_log_names_the_route_alone(client: PageClient, link: str, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    client.get(link)

    line = json.loads(capsys.readouterr().err.splitlines()[-1])
    assert line["route"] == "/e/<token>"
    assert link.removeprefix("/e/") not in json.dumps(line)


def test_the_button_for_those_who_are_signed_in_has_a_token_of_its_form(
    app: Flask, client: PageClient, session: Session, sign_in: SignIn, edition: IssuedEdition, officer: User
) -> None:
    sign_in(user=officer)
    assert client.post("/editions/1/acknowledge").status_code in (400, 403)
    assert receipt(session, edition, officer).acknowledged_at is None
    app.config["WTF_CSRF_ENABLED"] = False

    response = client.post("/editions/1/acknowledge")

    assert (response.status_code, response.headers["Location"]) == (303, "/editions/1")
    assert receipt(session, edition, officer).acknowledged_at == MONDAY + DAY
    assert client.post("/editions/2/acknowledge").status_code == 404


@pytest.mark.usefixtures("edition")
def test_whom_it_was_not_sent_to_has_no_receipt(app: Flask, client: PageClient, sign_in: SignIn) -> None:
    sign_in("advocate")
    app.config["WTF_CSRF_ENABLED"] = False

    assert client.post("/editions/1/acknowledge").status_code == 404


@pytest.fixture
def sent(session: Session, clock: Clock) -> IssuedEdition:
    """An edition that went to eight officers of one area, five of whom have it, and to two of another."""
    clock.now = MONDAY + DAY
    east = officers(session, 8, "East Area")
    officers(session, 2, "")
    officers(session, 3, "=West Area")
    made = issue(session)
    send_out(session, made.id, MONDAY)
    for person in east[:5]:
        acknowledge(session, made.id, person.id, MONDAY + DAY / 2)
    return made


@pytest.mark.usefixtures("sent")
@pytest.mark.parametrize("role", ["commissioner", "auditor"])
def test_the_dashboard_counts_by_area(client: PageClient, sign_in: SignIn, session: Session, role: str) -> None:
    sign_in(role)
    issue(session)

    page = client.page("/editions/1/receipts")

    assert page.h1 == "Receipts of edition 1"
    assert rows(page) == [
        ["East Area", "8", "8", "5", "5", "62%", "12 hours"],
        ["Smaller areas together", "5", "5", "0", "0", "0%", "–"],
        ["All areas", "13", "13", "5", "5", "38%", "12 hours"],
    ]
    assert "no figure is about fewer than 5 people: Area not known and =West Area." in page.text
    assert "A newer edition has taken its place" in page.text
    assert rows(page, 1) == [
        ["Edition 2, 23 November 2026", "0", "0", "–"],
        ["Edition 1, 23 November 2026", "13", "5", "38%"],
    ]
    assert "Officer " not in page.text
    assert "It has not been sent to anybody yet." in client.page("/editions/2/receipts").text


@pytest.mark.usefixtures("sent")
def test_the_same_as_a_file(client: PageClient, sign_in: SignIn) -> None:
    sign_in("commissioner")

    response = client.get("/editions/1/receipts/csv")

    table = list(csv.reader(response.get_data(as_text=True).splitlines()))
    assert (response.mimetype, tuple(table[0])) == ("text/csv", COLUMNS)
    assert table[1:] == [
        ["1", "East Area", "8", "8", "5", "5", "62", "720"],
        ["1", "Smaller areas together", "5", "5", "0", "0", "0", ""],
        ["1", "All areas", "13", "13", "5", "5", "38", "720"],
    ]


@pytest.mark.usefixtures("edition")
def test_of_a_single_officer_nothing_is_told(client: PageClient, sign_in: SignIn) -> None:
    sign_in("commissioner")

    page = client.page("/editions/1/receipts")

    assert "It went to fewer than 5 officers" in page.text
    assert rows(page) == [["Edition 1, 23 November 2026", "fewer than 5", "–", "–"]]
    assert len(client.get("/editions/1/receipts/csv").get_data(as_text=True).splitlines()) == 1


@pytest.mark.usefixtures("sent")
@pytest.mark.parametrize("path", ["/editions/1/receipts", "/editions/1/receipts/csv"])
def test_officers_do_not_see_it(client: PageClient, sign_in: SignIn, path: str) -> None:
    sign_in("officer")

    assert client.get(path).status_code == 403


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "0 minutes"), (1, "1 minute"), (119, "119 minutes"), (120, "2 hours"), (2879, "48 hours"), (4320, "3 days")],
)
def test_how_long_it_took_in_words(minutes: int, words: str) -> None:
    assert _took(minutes) == words
