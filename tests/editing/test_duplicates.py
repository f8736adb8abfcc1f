"""Finding a listing again that is about to be added once more."""

import pytest
from sqlalchemy.orm import Session

from directory.editing.duplicates import find_duplicates
from tests import factories
from tests.editing.world import ORGANISATION, SERVICE, UNIT


@pytest.fixture
def known(session: Session) -> str:
    """An organisation that is in the catalogue."""
    return factories.organisation(
        session,
        name="Alder & Ash Women’s Trust",
        phone="020 7946 0101",
        email="hello@example.org",
        website="https://www.alder-and-ash.example.org/about",
        charity_number="1075678",
        status="withdrawn",
    ).id


@pytest.mark.parametrize(
    ("values", "because"),
    [
        ({"name": "Alder and Ash Womens Trust"}, "a very similar name"),
        ({"name": "THE ALDER & ASH WOMEN'S TRUST LTD"}, "a very similar name"),
        ({"name": "Alder and Ash"}, "a very similar name"),
        ({"name": "Ash and Alder Womans Trust"}, "a very similar name"),
        ({"phone": "+44 (0)20 7946 0101"}, "the same phone number"),
        ({"phone": "02079460101"}, "the same phone number"),
        ({"email": "Hello@Example.org"}, "the same email address"),
        ({"website": "http://alder-and-ash.example.org"}, "the same website"),
        ({"charity_number": "1075678 "}, "the same charity number"),
    ],
)
def test_it_is_known_again_by_each_trait(session: Session, known: str, values: dict[str, str], because: str) -> None:
    [found] = find_duplicates(session, ORGANISATION, values)

    assert (found.id, found.because) == (known, (because,))


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"name": ""},
        {"name": "Elder and Oak Men’s Project"},
        {"phone": "020 7946 0102"},
        {"website": "https://example.org"},
        {"website": "http://[broken"},
        {"charity_number": "1075679"},
    ],
)
def test_others_are_not_taken_for_it(session: Session, known: str, values: dict[str, str]) -> None:
    assert find_duplicates(session, ORGANISATION, values) == []


def test_the_likeliest_come_first_and_never_the_listing_itself(session: Session, known: str) -> None:
    namesake = factories.organisation(session, name="Alder and Ash")
    values = {"name": "Alder & Ash Women’s Trust", "charity_number": "1075678"}

    assert [found.id for found in find_duplicates(session, ORGANISATION, values)] == [known, namesake.id]
    assert [found.id for found in find_duplicates(session, ORGANISATION, values, known)] == [namesake.id]


def test_ten_are_enough(session: Session) -> None:
    for _ in range(12):
        factories.organisation(session, name="Alder and Ash")

    assert len(find_duplicates(session, ORGANISATION, {"name": "Alder and Ash"})) == 10


def test_sites_that_many_share_are_told_apart_by_their_page(session: Session) -> None:
    page = factories.organisation(session, name="Birch", website="https://www.facebook.com/birch").id

    same = find_duplicates(session, ORGANISATION, {"website": "https://facebook.com/birch/"})
    other = find_duplicates(session, ORGANISATION, {"website": "https://facebook.com/beech"})

    assert ([found.id for found in same], other) == ([page], [])


def test_services_of_one_organisation_share_a_phone_but_not_a_name(session: Session) -> None:
    owner = factories.organisation(session)
    one = factories.service(session, owner, name="Evening advice line", phone="020 7946 0103")
    same_owner = {"organisation_id": owner.id}

    assert find_duplicates(session, SERVICE, same_owner | {"name": "Outreach", "phone": "020 7946 0103"}) == []
    [named] = find_duplicates(session, SERVICE, same_owner | {"name": "Evening advice lines"})
    [rung] = find_duplicates(session, SERVICE, {"name": "Evening advice line", "professional_phone": "020 7946 0103"})
    assert (named.id, named.because) == (one.id, ("a very similar name",))
    assert (rung.id, rung.because) == (one.id, ("the same phone number",))


def test_rooms_are_called_alike(session: Session) -> None:
    factories.unit(session, name="Room 1")

    assert find_duplicates(session, UNIT, {"name": "Room 1"}) == []
