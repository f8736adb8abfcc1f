"""Published editions as everybody reads them: the list, one edition, what changed, and a service as it was."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.catalogue.models import Service
from directory.catalogue.vocabulary import ListingStatus, LocationDisclosure, ServiceKind
from directory.publishing.cascade.receipts import receipt_of
from directory.web.pages.editions.remembering import remembered
from tests import factories
from tests.support.html import Page, text_of
from tests.support.pages import PageClient
from tests.web.edition_world import drafted, published, signed

SignIn = Callable[..., User]


@pytest.fixture
def house(session: Session) -> Service:
    """A refuge in Hackney with two units, of an organisation that is complete."""
    owner = factories.organisation(
        session, name="Marigold Women", description="Helps women.", phone="020 7946 0001", verified_on=None
    )
    made = factories.service(session, owner, id="marigold", name="Marigold House", description="A refuge.")
    for name in ("Room 1", "Room 2"):
        factories.unit(session, made, name=name, bedspaces=3)
    return made


def names_in(page: Page) -> list[str]:
    """The services that are listed, in their order."""
    pattern = re.compile(r"/editions/\d+/services/")
    return [text_of(link) for link in page.all("a") if pattern.match(link.get("href", ""))]


def test_without_an_edition_the_list_says_when_the_first_is_due(client: PageClient, sign_in: SignIn) -> None:
    sign_in("officer")

    page = client.page("/editions")

    assert page.h1 == "Editions"
    assert "No edition has been published yet. The first one is due on 1 December 2026." in page.text
    assert "Prepare an edition" not in page.text
    client.page("/editions/1", status=404)


def test_the_list_has_the_latest_on_top_and_says_what_changed(
    client: PageClient, sign_in: SignIn, session: Session, now: datetime, house: Service
) -> None:
    published(session, now)
    factories.service(session, name="Second House")
    house.phone = "020 7946 0002"
    session.flush()
    published(session, now + timedelta(days=1), note="Phones were wrong.", corrects=1)
    sign_in("provider")

    page = client.page("/editions")

    assert page.link("Edition 2") == "/editions/2"
    assert page.link("1 new organisation, 1 new service, 1 service changed") == "/editions/2/changes"
    assert "Phones were wrong." in page.text
    assert page.text.index("Edition 2") < page.text.index("Earlier editions") < page.text.index("The first edition")
    assert "Corrected by edition 2" in page.text


def test_an_edition_tells_what_it_is_and_how_to_check_it(
    client: PageClient, sign_in: SignIn, session: Session, now: datetime, house: Service
) -> None:
    made = published(session, now)
    sign_in("auditor")

    page = client.page("/editions/1")

    assert page.h1 == "Edition 1"
    assert f"{made.prepared_by} prepared it, {made.signed_by} signed it" in page.text
    assert "1 organisation, 1 service, 2 units with 6 bedspaces" in page.text
    assert "search: that is always live" in page.text
    command = f"echo '{made.content_hash}  edition-1-2026-11-22-content.ndjson' | sha256sum --check"
    assert page.one("code").text == command
    assert made.seal in page.text
    assert names_in(page) == ["Marigold House"]
    # It was not sent to auditors.
    assert "I have read it" not in page.text


def test_services_are_listed_by_kind_and_by_the_boroughs_that_they_serve(
    client: PageClient, sign_in: SignIn, session: Session, now: datetime, house: Service
) -> None:
    house.areas = []
    factories.service(session, house.organisation, name="Line", kind=ServiceKind.HELPLINE, borough_code=None)
    where = {"borough_code": factories.EALING, "areas": [factories.EALING]}
    factories.service(session, house.organisation, name="Ealing advice", kind=ServiceKind.ADVOCACY, **where)
    session.flush()
    published(session, now)
    sign_in("officer")

    for asked, found in (
        ("", ["Ealing advice", "Line", "Marigold House"]),
        ("kind=refuge", ["Marigold House"]),
        (f"borough={factories.HACKNEY}", ["Line", "Marigold House"]),
        (f"borough={factories.EALING}&kind=helpline", ["Line"]),
        ("kind=nothing", []),
    ):
        page = client.page(f"/editions/1?{asked}")
        assert names_in(page) == found
        assert ("No service of this edition fits" in page.text) == (not found)


def test_long_lists_come_in_pages(client: PageClient, sign_in: SignIn, session: Session, now: datetime) -> None:
    owner = factories.organisation(session)
    for number in range(52):
        factories.service(session, owner, name=f"House {number:02}")
    published(session, now)
    sign_in("officer")

    first, second = client.page("/editions/1?kind=refuge"), client.page("/editions/1?kind=refuge&page=2")

    assert len(names_in(first)) == 50
    assert names_in(second) == ["House 50", "House 51"]
    assert "Refuge (going on)" in second.text
    assert "There is nothing on this page" in client.page("/editions/1?page=9").text
    assert len(client.page("/editions/1/changes").all("li", class_="app-changes__change")) == 50


def test_whoever_was_sent_it_has_seen_it_by_opening_it(
    client: PageClient, sign_in: SignIn, session: Session, now: datetime, house: Service
) -> None:
    officer = factories.user(session, "officer")
    made = published(session, now)
    sign_in(user=officer)

    page = client.page("/editions/1")

    receipt = receipt_of(session, made.id, officer.id)
    assert receipt is not None
    assert receipt.seen_at == now
    assert receipt.acknowledged_at is None
    button = [text_of(one) for one in page.all("button", page.one("main"))]
    assert "I have read it" in button


def test_what_changed_is_told_in_plain_words(
    client: PageClient, sign_in: SignIn, session: Session, now: datetime, house: Service
) -> None:
    gone = factories.service(session, house.organisation, name="Old line")
    published(session, now)
    house.phone = "020 7946 0002"
    gone.status = ListingStatus.WITHDRAWN
    factories.unit(session, house, name="Room 3", bedspaces=2)
    session.flush()
    published(session, now + timedelta(days=1))
    sign_in("officer")

    page = client.page("/editions/2/changes")

    assert page.h1 == "What has changed in edition 2"
    headings = [text_of(one) for one in page.all("h2", page.one("main"))]
    assert headings == ["Changed: 1", "Withdrawn: 1", "More space: 1"]
    assert "Phone is 020 7946 0002; it was 020 7946 0000." in page.text
    # What has gone has no page in this edition.
    assert [text_of(link) for link in page.all("a") if "/services/" in link.get("href", "")] == ["Marigold House"] * 2
    assert "everything in it is new" in client.page("/editions/1/changes").text


def test_a_service_is_shown_as_it_was_beside_what_it_is_today(
    client: PageClient, sign_in: SignIn, session: Session, now: datetime, house: Service
) -> None:
    published(session, now)
    sign_in("officer")
    path = "/editions/1/services/marigold"

    assert "The listing says the same today." in client.page(path).text

    house.phone = "020 7946 0002"
    session.flush()
    page = client.page(path)
    assert "020 7946 0000" in page.text
    assert "The listing says something else today of: phone." in page.text
    assert page.link("See it as it is today") == "/services/marigold"

    house.status = ListingStatus.SUSPENDED
    session.flush()
    page = client.page(path)
    assert "It is not listed any more" in page.text
    assert "See it as it is today" not in page.text
    client.page("/editions/1/services/nothing", status=404)


def test_an_old_edition_does_not_tell_where_a_place_is_that_became_secret(
    client: PageClient, sign_in: SignIn, session: Session, now: datetime
) -> None:
    place = factories.service(
        session,
        id="place",
        kind=ServiceKind.ADVOCACY,
        location_disclosure=LocationDisclosure.PUBLIC,
        postcode="E8 3RL",
        latitude=51.5,
        longitude=-0.1,
    )
    published(session, now)
    sign_in("officer")
    path = "/editions/1/services/place"
    assert "E8 3RL" in client.page(path).text

    place.location_disclosure = LocationDisclosure.SECRET
    place.postcode = place.latitude = place.longitude = None
    session.flush()

    assert "E8 3RL" not in client.page(path).text


def test_commissioners_find_what_is_being_prepared(
    client: PageClient, sign_in: SignIn, session: Session, now: datetime, house: Service
) -> None:
    me = sign_in("commissioner")

    assert client.page("/editions").link("Prepare an edition") == "/editions/prepare"
    made = drafted(session, now, me)
    assert "You drafted an edition on 22 November 2026." in client.page("/editions").text
    signed(session, now, made)
    assert "waits to be published" in client.page("/editions").text
    client.page("/editions/1", status=404)


def test_no_address_makes_it_fail(
    client: PageClient, sign_in: SignIn, session: Session, now: datetime, house: Service
) -> None:
    published(session, now)
    sign_in("officer")

    for path in ("/editions?page=x", "/editions?page=99", "/editions/1?page=99999999999", "/editions/1?kind=%00"):
        client.page(path)
    for path in ("/editions/99999999999", "/editions/0", "/editions/2", "/editions/1/services/" + "x" * 300):
        client.page(path, status=404)


def test_no_more_is_remembered_than_asked_for() -> None:
    kept: dict[str, str] = {}

    for key in ("one", "two", "one", "three"):
        assert remembered(kept, key, 2, partial(str, key)) == key

    assert list(kept) == ["two", "three"]
