"""Where commissioners begin, and the list of every listing."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.catalogue.vocabulary import ListingStatus
from directory.common.paging import Paging
from directory.editing.overview import Filter, find_listings
from tests import factories
from tests.support.html import Page, text_of
from tests.support.pages import PageClient

SignIn = Callable[..., User]


def _rows(page: Page) -> list[str]:
    """The listings of the page, by name."""
    items = page.all("li", page.one("main"), class_="app-listings__listing")
    return [text_of(page.all("a", item)[0]) for item in items]


@pytest.fixture
def listings(session: Session) -> None:
    """A published organisation with a refuge and a draft, and an organisation in review."""
    rowan = factories.organisation(session, name="Rowan Collective", verified_on=date(2026, 11, 1))
    factories.service(session, rowan, name="Rowan House")
    factories.service(session, rowan, name="Advice at Rowan", kind="advocacy", status="draft")
    factories.organisation(session, name="Birch Trust", status="in_review")


def test_home_counts_what_waits(client: PageClient, sign_in: SignIn, session: Session, listings: None) -> None:
    sign_in("commissioner")

    page = client.page("/manage")

    assert page.link("Proposals: 0") == "/manage/proposals"
    assert page.link("Listings in review: 1") == "/manage/listings?status=in_review"
    assert page.link("Drafts: 1") == "/manage/listings?status=draft"
    assert page.link("All listings") == "/manage/listings"
    assert page.one("main") is not None


def test_every_listing_stands_under_its_organisation(
    client: PageClient, sign_in: SignIn, session: Session, listings: None
) -> None:
    sign_in("commissioner")

    page = client.page("/manage/listings")

    assert _rows(page) == ["Birch Trust", "Rowan Collective", "Advice at Rowan", "Rowan House"]
    assert "4 listings." in page.text
    assert "Draft Advocacy, Rowan Collective · Not checked yet" in page.text
    assert "Organisation · Checked 1 November 2026" in page.text


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("words=rowan", ["Rowan Collective", "Advice at Rowan", "Rowan House"]),
        ("words=house+ROWAN", ["Rowan House"]),
        ("kind=organisation", ["Birch Trust", "Rowan Collective"]),
        ("kind=refuge", ["Rowan House"]),
        ("status=draft", ["Advice at Rowan"]),
        ("status=nothing&kind=else", ["Birch Trust", "Rowan Collective", "Advice at Rowan", "Rowan House"]),
        ("words=willow", []),
    ],
)
def test_the_list_is_narrowed(
    client: PageClient, sign_in: SignIn, session: Session, listings: None, query: str, names: list[str]
) -> None:
    sign_in("commissioner")

    page = client.page(f"/manage/listings?{query}")

    assert _rows(page) == names
    assert ("No listing fits" in page.text) == (not names)


def test_a_long_list_has_pages(client: PageClient, sign_in: SignIn, session: Session) -> None:
    for number in range(21):
        factories.organisation(session, name=f"Organisation {number:02}")
    sign_in("commissioner")

    assert len(_rows(client.page("/manage/listings"))) == 20
    assert _rows(client.page("/manage/listings?page=2")) == ["Organisation 20"]
    assert "There is nothing on this page" in client.page("/manage/listings?page=9").text
    assert len(_rows(client.page("/manage/listings?page=x"))) == 20


def test_what_was_removed_is_not_listed(session: Session, listings: None) -> None:
    found, total = find_listings(session, Filter(status=ListingStatus.PUBLISHED), Paging())

    assert total == 2
    assert [line.name for line in found] == ["Rowan Collective", "Rowan House"]


@pytest.mark.parametrize("role", ["officer", "provider", "auditor"])
def test_nobody_else_manages(client: PageClient, sign_in: SignIn, session: Session, role: str) -> None:
    sign_in(role)

    for path in ("/manage", "/manage/listings", "/manage/proposals"):
        assert client.get(path).status_code == 403
