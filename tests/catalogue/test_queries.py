"""Reading listings and taxonomies. What pages make of them is tested with the pages."""

from datetime import datetime

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from directory.catalogue.models import Need
from directory.catalogue.queries import read_organisation, read_service, read_taxonomies
from directory.catalogue.vocabulary import ListingStatus, LocationDisclosure
from directory.common.errors import NotFoundError
from tests import factories
from tests.support.databases import count_statements


def test_a_service_is_read_in_a_fixed_number_of_statements(session: Session, engine: Engine) -> None:
    service = factories.service(session, languages=("pa", "ur", "so"), genders=("woman", "man"))
    service_id = service.id
    session.expire_all()

    with count_statements(engine) as statements:
        read_service(session, service_id)

    assert len(statements) <= 9


def test_a_postcode_is_told_of_public_places_alone(session: Session) -> None:
    public = factories.service(
        session,
        location_disclosure=LocationDisclosure.PUBLIC,
        postcode="E8 3PN",
        latitude=51.54,
        longitude=-0.06,
    )
    borough = factories.service(session)

    assert read_service(session, public.id).postcode == "E8 3PN"
    assert read_service(session, borough.id).postcode == ""


def test_areas_are_named_the_widest_first(session: Session) -> None:
    service = factories.service(session, areas=(factories.SOUTHWARK, "london", factories.HACKNEY, "uk"))

    assert read_service(session, service.id).areas == ("United Kingdom", "All of London", "Hackney", "Southwark")


@pytest.mark.parametrize("identifier", ["unknown", "", "x" * 500])
def test_what_is_not_there_is_not_found(session: Session, identifier: str) -> None:
    with pytest.raises(NotFoundError):
        read_service(session, identifier)
    with pytest.raises(NotFoundError):
        read_organisation(session, identifier)


def test_a_service_of_an_unpublished_organisation_has_its_status(session: Session) -> None:
    owner = factories.organisation(session, status=ListingStatus.SUSPENDED)
    service = factories.service(session, owner)

    assert read_service(session, service.id, drafts=True).status == ListingStatus.SUSPENDED
    with pytest.raises(NotFoundError):
        read_service(session, service.id)


def test_a_service_of_a_removed_organisation_is_gone(session: Session, now: datetime) -> None:
    owner = factories.organisation(session, status=ListingStatus.WITHDRAWN, removed_at=now)
    service = factories.service(session, owner)

    with pytest.raises(NotFoundError):
        read_service(session, service.id, drafts=True)


def test_terms_stand_under_the_widest_one_which_comes_first(session: Session) -> None:
    session.add_all([Need(code="z", name="Zebra"), Need(code="x", name="xylophone")])
    session.flush()
    session.add_all([Need(code="b", name="Bear", parent_code="z"), Need(code="a", name="Ant", parent_code="z")])
    session.flush()
    session.add(Need(code="c", name="Cat", parent_code="b"))
    session.flush()

    groups = {group.name: [term.name for term in group.terms] for group in read_taxonomies(session).needs}

    assert groups["Zebra"] == ["Zebra", "Ant", "Bear", "Cat"]
    assert groups["xylophone"] == ["xylophone"]
    assert list(groups).index("xylophone") < list(groups).index("Zebra")
