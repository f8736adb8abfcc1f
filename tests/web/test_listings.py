"""Organisations, services and units as signed-in people see them."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.capacity.files import RowEdit, edit_catalogue
from directory.capacity.models import RingFence, UnitState
from directory.catalogue.versions.models import ChangeKind, ListingKind
from directory.catalogue.vocabulary import AcceptsNrpf, Gender, ListingStatus, LocationDisclosure, ServiceKind
from tests import factories
from tests.support.clock import Clock
from tests.support.html import Page, text_of
from tests.support.pages import PageClient

SignIn = Callable[..., User]


def _facts(page: Page) -> dict[str, str]:
    """The summary list: what is said about each key."""
    rows = page.all("div", class_="govuk-summary-list__row")
    return {text_of(page.one("dt", row)): text_of(page.one("dd", row)) for row in rows}


def test_a_service_says_how_to_reach_it_and_everything_else(
    client: PageClient, sign_in: SignIn, session: Session
) -> None:
    owner = factories.organisation(session, name="Marigold Trust", by_and_for=True)
    service = factories.service(
        session,
        owner,
        name="Marigold advice",
        kind=ServiceKind.ADVOCACY,
        location_disclosure=LocationDisclosure.PUBLIC,
        postcode="E8 3PN",
        latitude=51.54,
        longitude=-0.06,
        languages=("pa", "bfi"),
        genders=("woman", "man"),
        areas=(factories.SOUTHWARK, factories.HACKNEY),
        min_age=16,
        phone="020 7946 0001",
        professional_phone="020 7946 0002",
        referral_email="refer@example.org",
        response_target_minutes=120,
        hours="Mo-Fr 09:00-17:00; PH off",
        accepts_nrpf=AcceptsNrpf.IF_FUNDED,
        verified_on=date(2026, 11, 1),
    )
    sign_in("officer")

    page = client.page(f"/services/{service.id}")

    assert page.h1 == "Marigold advice"
    assert page.link("Marigold Trust") == f"/organisations/{owner.id}"
    assert "led by and for the people it supports" in page.text
    assert page.link("Public line 020 7946 0001") == "tel:+442079460001"
    assert page.link("Call (professionals) 020 7946 0002") == "tel:+442079460002"
    assert page.link("refer@example.org") == "mailto:refer@example.org"
    assert "They aim to answer within 2 hours" in page.text
    assert "Opens Monday at 9am" in page.text
    facts = _facts(page)
    assert facts["For"] == "Women and men, 16 and over"
    assert facts["Languages"] == "British Sign Language Punjabi (ਪੰਜਾਬੀ)"
    assert facts["Areas covered"] == "Hackney Southwark"
    assert facts["Where it is"] == "E8 3PN, Hackney"
    assert facts["Without public funds"] == "If somebody pays, such as a council or a fund: ask them"
    assert facts["Last confirmed"] == "1 November 2026"
    assert "Monday 23 November: 9am to 5pm" in facts["Hours"]


@pytest.mark.parametrize(
    ("disclosure", "borough", "said"),
    [
        (LocationDisclosure.SECRET, factories.HACKNEY, "Hackney; the address is kept secret"),
        (LocationDisclosure.SECRET, None, "Kept secret"),
        (LocationDisclosure.BOROUGH, factories.HACKNEY, "Hackney"),
        (LocationDisclosure.BOROUGH, None, "No office that people visit"),
    ],
)
def test_no_more_of_a_place_is_told_than_may_be_known(
    client: PageClient, sign_in: SignIn, session: Session, disclosure: str, borough: str | None, said: str
) -> None:
    service = factories.service(session, location_disclosure=disclosure, borough_code=borough)
    sign_in("officer")

    assert _facts(client.page(f"/services/{service.id}"))["Where it is"] == said


def test_what_is_unknown_is_said_to_be_unknown(client: PageClient, sign_in: SignIn, session: Session) -> None:
    service = factories.service(session, kind=ServiceKind.OUTREACH, accepts_nrpf=None, hours="", phone="", genders=())
    sign_in("officer")

    page = client.page(f"/services/{service.id}")

    assert "Hours not known: phone them" in page.text
    assert "There is no direct number." in page.text
    facts = _facts(page)
    assert facts["Without public funds"] == "Not known: ask them"
    assert facts["Hours"] == "Not known: phone them"
    assert facts["For"] == "Not known, of any age"


def test_the_language_of_a_name_is_marked(client: PageClient, sign_in: SignIn, session: Session) -> None:
    service = factories.service(session, languages=("ur",))
    sign_in("officer")

    assert text_of(client.page(f"/services/{service.id}").one("bdi", lang="ur")) == "اردو"


def test_a_refuge_lists_its_units_with_how_sure_they_are(
    client: PageClient, sign_in: SignIn, session: Session, clock: Clock
) -> None:
    refuge = factories.service(session)
    now = clock.now
    factories.unit(session, refuge, id="a", name="Room 1", confirmed_at=now - timedelta(minutes=35))
    factories.unit(session, refuge, id="b", name="Room 2", confirmed_at=now - timedelta(hours=30), boys_max_age=11)
    factories.unit(session, refuge, id="c", name="Room 3", confirmed_at=now - timedelta(hours=73), max_children=0)
    factories.unit(session, refuge, id="d", name="Room 4", confirmed_at=None, bedspaces=1, max_adults=1)
    factories.unit(session, refuge, id="e", name="Room 5", state=UnitState.OCCUPIED)
    factories.unit(session, refuge, id="f", name="Room 6", state=UnitState.CLOSED)
    sign_in("officer")

    page = client.page(f"/services/{refuge.id}")

    lines = [text_of(item) for item in page.all("li", class_="app-units__unit")]
    assert sorted(line.split(" adult")[0] for line in lines) == [
        "Room 1 Space available Confirmed 35 minutes ago 4 bedspaces: up to 2",
        "Room 2 Space reported: confirm by phone Confirmed 1 day ago 4 bedspaces: up to 2",
        "Room 3 Not confirmed lately: phone them Confirmed 3 days ago 4 bedspaces: up to 2",
        "Room 4 Not confirmed lately: phone them Never confirmed 1 bedspace: up to 1",
        "Room 5 Occupied Confirmed just now 4 bedspaces: up to 2",
    ]
    text = " ".join(lines)
    assert "2 adults and 3 children, boys up to 11" in text
    assert "2 adults, no children" in text
    assert "1 adult and 3 children" in text


def test_a_unit_has_a_page(client: PageClient, sign_in: SignIn, session: Session, clock: Clock) -> None:
    refuge = factories.service(session, name="Marigold House", professional_phone="020 7946 0002")
    unit = factories.unit(
        session,
        refuge,
        name="Room 1",
        not_from=(factories.EALING, factories.HACKNEY),
        borough_code=factories.SOUTHWARK,
        confirmed_at=clock.now - timedelta(hours=30),
    )
    sign_in("officer")

    page = client.page(f"/services/{refuge.id}/units/{unit.id}")

    assert page.h1 == "Room 1, Marigold House"
    assert page.link("Back to Marigold House") == f"/services/{refuge.id}"
    assert "Phone before you tell anybody that there is a space." in page.text
    assert page.link("Call (professionals) 020 7946 0002") == "tel:+442079460002"
    facts = _facts(page)
    assert facts["Borough"] == "Southwark; the address is kept secret"
    assert facts["Cannot take people from"] == "Ealing and Hackney"
    assert facts["Last confirmed"] == "20 November 2026 at 8pm"


def test_a_ring_fence_and_a_programme_make_no_difference_to_any_page(
    client: PageClient, sign_in: SignIn, session: Session
) -> None:
    refuge = factories.service(session)
    unit = factories.unit(session, refuge)
    sign_in("officer")
    addresses = [f"/services/{refuge.id}", f"/services/{refuge.id}/units/{unit.id}"]
    before = [text_of(client.page(address).one("body")) for address in addresses]

    unit.ringfence = RingFence.NRPF
    unit.programme = "SECRET-PROGRAMME"
    session.flush()

    assert [text_of(client.page(address).one("body")) for address in addresses] == before


@pytest.mark.parametrize(
    "overrides",
    [
        {"state": UnitState.CLOSED},
        {"active_until": date(2026, 11, 22)},
        {"active_from": date(2026, 11, 23)},
    ],
)
def test_a_unit_that_is_not_offered_has_no_page(
    client: PageClient, sign_in: SignIn, session: Session, overrides: dict[str, object]
) -> None:
    unit = factories.unit(session, **overrides)
    sign_in("officer")

    assert client.get(f"/services/{unit.service_id}/units/{unit.id}").status_code == 404


def test_a_unit_of_another_service_is_not_found(client: PageClient, sign_in: SignIn, session: Session) -> None:
    unit, other = factories.unit(session), factories.service(session)
    sign_in("officer")

    assert client.get(f"/services/{other.id}/units/{unit.id}").status_code == 404


def test_those_who_do_not_look_for_spaces_see_none(client: PageClient, sign_in: SignIn, session: Session) -> None:
    unit = factories.unit(session)
    sign_in("auditor")

    assert "Spaces" not in client.page(f"/services/{unit.service_id}").text


@pytest.mark.parametrize("status", [status for status in ListingStatus if status != ListingStatus.PUBLISHED])
@pytest.mark.parametrize("of", ["service", "organisation"])
def test_what_is_not_published_is_for_commissioners_alone_and_marked(
    client: PageClient, sign_in: SignIn, session: Session, status: ListingStatus, of: str
) -> None:
    owner = factories.organisation(session, **({"status": status} if of == "organisation" else {}))
    service = factories.service(session, owner, **({"status": status} if of == "service" else {}))
    unit = factories.unit(session, service)
    addresses = [f"/services/{service.id}", f"/services/{service.id}/units/{unit.id}"]
    if of == "organisation":
        addresses.append(f"/organisations/{owner.id}")

    for role in ("officer", "provider", "auditor", "administrator"):
        sign_in(role)
        assert {client.get(address).status_code for address in addresses} <= {403, 404}
        client.delete_cookie("directory")
        client.signed_in = False

    sign_in("commissioner")
    for address in addresses:
        assert "Only commissioners see this page." in client.page(address).text


def test_what_was_removed_is_gone_for_everybody(
    client: PageClient, sign_in: SignIn, session: Session, clock: Clock
) -> None:
    owner = factories.organisation(session, status=ListingStatus.WITHDRAWN, removed_at=clock.now)
    service = factories.service(session, owner, status=ListingStatus.WITHDRAWN, removed_at=clock.now)
    sign_in("commissioner")

    assert client.get(f"/organisations/{owner.id}").status_code == 404
    assert client.get(f"/services/{service.id}").status_code == 404


def test_an_organisation_shows_what_it_offers(client: PageClient, sign_in: SignIn, session: Session) -> None:
    owner = factories.organisation(
        session,
        name="Marigold Trust",
        by_and_for=True,
        website="https://marigold.example.org",
        phone="020 7946 0001",
        email="info@example.org",
        charity_number="1234567",
        source="https://marigold.example.org/about",
    )
    service = factories.service(session, owner, name="Marigold House")
    factories.service(session, owner, name="Not yet", status=ListingStatus.DRAFT)
    sign_in("officer")

    page = client.page(f"/organisations/{owner.id}")

    assert page.link("Marigold House") == f"/services/{service.id}"
    assert "Not yet" not in [text_of(link) for link in page.all("a")]
    assert page.link("020 7946 0001") == "tel:+442079460001"
    assert page.one("a", href="https://marigold.example.org").get("rel") == "noopener noreferrer"
    assert _facts(page)["Charity number"] == "1234567"
    assert "marigold.example.org/about" not in page.html


def test_a_commissioner_sees_drafts_and_the_source(client: PageClient, sign_in: SignIn, session: Session) -> None:
    owner = factories.organisation(session, source="Charity register, read on 1 November")
    factories.service(session, owner, name="Not yet", status=ListingStatus.DRAFT)
    sign_in("commissioner")

    page = client.page(f"/organisations/{owner.id}")

    assert "Not yet (Refuge) Draft" in page.text
    assert _facts(page)["Source of these facts"] == "Charity register, read on 1 November"


def test_markup_in_a_listing_stays_text(client: PageClient, sign_in: SignIn, session: Session) -> None:
    nasty = "<script>alert(1)</script>&\"'"
    owner = factories.organisation(
        session, name=nasty, description=nasty, email=nasty, website=nasty, phone=nasty, charity_number="<i>&"
    )
    service = factories.service(
        session, owner, name=nasty, description=nasty, phone=nasty[:30], referral_email=nasty, hours=nasty
    )
    factories.unit(session, service, name=nasty)
    sign_in("officer")

    for address in (f"/organisations/{owner.id}", f"/services/{service.id}"):
        assert "<script>alert" not in client.page(address).html


@pytest.mark.parametrize("genders", [tuple(Gender), ("woman",)])
def test_for_whom_it_is_in_words(
    client: PageClient, sign_in: SignIn, session: Session, genders: tuple[str, ...]
) -> None:
    service = factories.service(session, genders=genders, max_age=25)
    sign_in("officer")

    said = _facts(client.page(f"/services/{service.id}"))["For"]

    assert said == ("People of every gender, up to 25" if len(genders) == 3 else "Women, up to 25")


def test_the_guidance_stands_on_the_service_s_page(client: PageClient, sign_in: SignIn, session: Session) -> None:
    factories.guidance(session, key="safe-to-share", title="Safe to share?", body="Do not pass details on.")
    service = factories.service(session)
    sign_in("officer")

    assert "Do not pass details on." in client.page(f"/services/{service.id}").text


def test_when_it_was_changed_is_told_apart_from_when_it_was_confirmed(
    client: PageClient, sign_in: SignIn, session: Session, now: datetime
) -> None:
    service = factories.service(session, verified_on=date(2026, 11, 1))
    edits = [
        RowEdit(ListingKind.SERVICE, service.id, {"phone": "020 7946 0009"}),
        RowEdit(ListingKind.ORGANISATION, service.organisation_id, {"phone": "020 7946 0009"}),
    ]
    edit_catalogue(session, edits, now, kind=ChangeKind.PROPOSAL, made_by="user-1")
    sign_in("officer")

    for path in (f"/services/{service.id}", f"/organisations/{service.organisation_id}"):
        assert _facts(client.page(path))["Last changed"] == "22 November 2026"
    assert _facts(client.page(f"/services/{service.id}"))["Last confirmed"] == "1 November 2026"
