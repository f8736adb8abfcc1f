"""What people type, and the place it means."""

from contextlib import suppress

import pytest
from sqlalchemy import Engine, delete
from sqlalchemy.orm import Session

from directory.common.errors import DomainError
from directory.places.lookup import (
    AmbiguousPlaceError,
    PlaceNotFoundError,
    find_place,
    locate_postcode,
)
from directory.places.models import Borough, NamedPlace, Postcode, SectorBorough
from tests.support.databases import count_statements

HACKNEY = "E09000012"
TOWER_HAMLETS = "E09000030"

POSTCODES = [
    # typed, name, kind, boroughs
    ("E8 3PN", "E8 3PN", "postcode", (HACKNEY,)),
    ("e83pn", "E8 3PN", "postcode", (HACKNEY,)),
    ("  e8   3pN ", "E8 3PN", "postcode", (HACKNEY,)),
    ("E8-3PN.", "E8 3PN", "postcode", (HACKNEY,)),
    ("Ｅ８ ３ＰＮ", "E8 3PN", "postcode", (HACKNEY,)),
    ("sw1a2aa", "SW1A 2AA", "postcode", ("E09000033",)),
    ("E8 3ZZ", "E8 3ZZ", "postcode", (HACKNEY, TOWER_HAMLETS)),
    ("e8 3", "E8 3", "sector", (HACKNEY, TOWER_HAMLETS)),
    ("e83", "E8 3", "sector", (HACKNEY, TOWER_HAMLETS)),
    ("E8", "E8", "outcode", (HACKNEY, TOWER_HAMLETS)),
    ("E 8", "E8", "outcode", (HACKNEY, TOWER_HAMLETS)),
    ("SW1A", "SW1A", "outcode", ("E09000033", "E09000032")),
    ("E11", "E11", "outcode", ("E09000031", "E09000026")),
    ("E1 1", "E1 1", "sector", (TOWER_HAMLETS,)),
    ("E111", "E11 1", "sector", ("E09000031", "E09000026")),
    ("e1 11aa", "E11 1AA", "postcode", ("E09000031",)),
    ("Peckham SE15", "SE15", "outcode", ("E09000028", "E09000023")),
    ("Bow, E3", "E3", "outcode", (TOWER_HAMLETS,)),
    ("10 Downing Street, London SW1A 2AA", "SW1A 2AA", "postcode", ("E09000033",)),
    ("SE15 Peckham", "SE15", "outcode", ("E09000028", "E09000023")),
]

SLIPS_IN_POSTCODES = [
    ("swla 2aa", "SW1A 2AA"),
    ("SWIA 2AA", "SW1A 2AA"),
    ("E8 3PN".replace("8", "B"), "E8 3PN"),
    ("SEl5", "SE15"),
    ("NWI 0AA", "NW1 0AA"),
    ("lG1 1AA", "IG1 1AA"),
    ("1G1 1AA", "IG1 1AA"),
    ("Ell 1AA", "E11 1AA"),
    ("0L1 1AA", "OL1 1"),
]

OUTSIDE_LONDON = [
    ("M1 1AE", "M1 1", "sector", "england"),
    ("m1 1", "M1 1", "sector", "england"),
    ("M1", "M1", "outcode", "england"),
    ("CF10 1AA", "CF10 1", "sector", "wales"),
    ("g1", "G1", "outcode", "scotland"),
    ("CH4", "CH4", "outcode", "england"),
]

NAMES = [
    ("Hackney", "Hackney", "borough"),
    ("  hACKNEY ", "Hackney", "borough"),
    ("London Borough of Hackney", "Hackney", "borough"),
    ("LB Hackney", "Hackney", "borough"),
    ("Hackney council", "Hackney", "borough"),
    ("Hackney, London", "Hackney", "borough"),
    ("Royal Borough of Kensington & Chelsea", "Kensington and Chelsea", "borough"),
    ("kensington chelsea", "Kensington and Chelsea", "borough"),
    ("RBKC", "Kensington and Chelsea", "borough"),
    ("H&F", "Hammersmith and Fulham", "borough"),
    ("City of London", "City of London", "borough"),
    ("the City", "City of London", "borough"),
    ("City of Westminster", "Westminster", "borough"),
    ("Westminster City Council", "Westminster", "borough"),
    ("Kingston", "Kingston upon Thames", "borough"),
    ("Kingston-on-Thames", "Kingston upon Thames", "borough"),
    ("London Borough of Richmond", "Richmond upon Thames", "borough"),
    ("Richmond", "Richmond", "place"),
    ("Bromley", "Bromley", "borough"),
    ("Bromley, Bromley", "Bromley, Bromley", "place"),
    ("Southall", "Southall", "place"),
    ("SOUTHALL, LONDON", "Southall", "place"),
    ("Southall (Ealing)", "Southall", "place"),
    ("Kings Cross", "King's Cross", "place"),
    ("king’s-cross", "King's Cross", "place"),
    ("St James's", "St James's", "place"),
    ("saint ann's", "St. Ann's", "place"),
    ("Élephant & Castlé", "Elephant and Castle", "place"),
    ("Harrow Hill", "Harrow on the Hill", "place"),
    ("the Barbican", "Barbican", "place"),
    ("Hayes, Bromley", "Hayes, Bromley", "place"),
    ("Hayes (Hillingdon)", "Hayes, Hillingdon", "place"),
    ("hayes hillingdon", "Hayes, Hillingdon", "place"),
    ("Hayes, London Borough of Bromley", "Hayes, Bromley", "place"),
]

SLIPS = [
    ("Southal", "Southall"),
    ("Southal, Ealing", "Southall"),
    ("Tower Hamlet", "Tower Hamlets"),
    ("Wolthamstow", "Walthamstow"),
    ("Pekham", "Peckham"),
    ("Hamersmith", "Hammersmith"),
    ("Hamersmith and Fullham", "Hammersmith and Fulham"),
    ("Wimbeldon", "Wimbledon"),
    ("ahckney", "Hackney"),
    ("Croyden", "Croydon"),
    ("Hayes, Bromly", "Hayes, Bromley"),
    ("LB Hilingdon", "Hillingdon"),
]

# What is typed, what the answer says, what it suggests first.
NOT_FOUND = [
    ("", "Say which place", None),
    (" \t\n", "Say which place", None),
    ("\0", "Say which place", None),
    ("\ud800", "Say which place", None),
    ("x" * 500, "too long", None),
    ("London", "too wide", None),
    ("greater london", "too wide", None),
    ("Watford", "outside London", None),
    ("Harlow", "outside London", None),
    ("Crayford", "no place called", "Cranford"),
    ("Dulwich", "no place called", "East Dulwich"),
    ("Lea", "no place called", "Lee"),
    ("Mare Street, Hackney", "no place called", "Hackney"),
    ("Southall, Hackney", "no Southall in Hackney", "Southall"),
    ("Hayes, Camden", "no Hayes in Camden", "Hayes, Bromley"),
    ("😀", "no place called", None),
    ("%", "no place called", None),
    ("_ackney%'; --", "no place called", "Hackney"),
    ("ha\0ckney road", "no place called “ha ckney road”", "Hackney"),
    ("E8 3P", "lacks its last letter", "E8 3"),
    ("E8 3PNX", "no place called", None),
    ("E8 7QQ", "There is no postcode E8 7QQ", "E8"),
    ("E99 1AA", "There is no postcode E99 1AA", "E98"),
    ("ZZ1 1ZZ", "no postcode begins with ZZ", None),
    ("BT1 1AA", "Northern Ireland", None),
    ("bt7", "Northern Ireland", None),
    ("JE2 3AB", "Jersey", None),
    ("E09000099", "no London borough with the code", None),
    ("12345", "no place called", None),
]


@pytest.mark.parametrize(("typed", "name", "kind", "boroughs"), POSTCODES)
def test_postcodes_and_parts_of_them(
    session: Session, typed: str, name: str, kind: str, boroughs: tuple[str, ...]
) -> None:
    place = find_place(session, typed)

    assert (place.name, place.kind, place.borough_codes) == (name, kind, boroughs)
    assert (place.country, place.corrected_from) == ("england", None)


@pytest.mark.parametrize(("typed", "name"), SLIPS_IN_POSTCODES)
def test_look_alikes_in_postcodes_are_put_right_and_owned_up_to(session: Session, typed: str, name: str) -> None:
    place = find_place(session, typed)

    assert (place.name, place.corrected_from) == (name, typed)


@pytest.mark.parametrize(("typed", "name", "kind", "country"), OUTSIDE_LONDON)
def test_outside_london_places_are_known_by_sector(
    session: Session, typed: str, name: str, kind: str, country: str
) -> None:
    place = find_place(session, typed)

    assert (place.name, place.kind, place.country, place.borough_codes) == (name, kind, country, ())


@pytest.mark.parametrize(("typed", "name", "kind"), NAMES)
def test_names(session: Session, typed: str, name: str, kind: str) -> None:
    place = find_place(session, typed)

    assert (place.name, place.kind, place.corrected_from) == (name, kind, None)
    assert len(place.borough_codes) == 1


@pytest.mark.parametrize(("typed", "name"), SLIPS)
def test_slips_are_put_right_and_owned_up_to(session: Session, typed: str, name: str) -> None:
    place = find_place(session, typed)

    assert (place.name, place.corrected_from) == (name, typed)


@pytest.mark.parametrize(
    ("typed", "names", "corrected_from"),
    [
        ("Hayes", ["Hayes, Bromley", "Hayes, Hillingdon"], None),
        ("belmont", ["Belmont, Harrow", "Belmont, Sutton"], None),
        ("Hayess", ["Hayes, Bromley", "Hayes, Hillingdon"], "Hayess"),
        ("Haringay", ["Harringay", "Haringey"], "Haringay"),
    ],
)
def test_a_name_that_several_places_share_is_asked_about(
    session: Session, typed: str, names: list[str], corrected_from: str | None
) -> None:
    with pytest.raises(AmbiguousPlaceError) as refused:
        find_place(session, typed)

    assert [choice.name for choice in refused.value.choices] == names
    assert {choice.corrected_from for choice in refused.value.choices} == {corrected_from}
    for choice in refused.value.choices:
        again = find_place(session, choice.name)
        assert (again.latitude, again.borough_codes) == (choice.latitude, choice.borough_codes)


@pytest.mark.parametrize(("typed", "message", "suggestion"), NOT_FOUND)
def test_what_cannot_be_found_gets_a_helpful_answer(
    session: Session, typed: str, message: str, suggestion: str | None
) -> None:
    with pytest.raises(PlaceNotFoundError, match=message) as refused:
        find_place(session, typed)

    suggestions = refused.value.suggestions
    assert len(suggestions) <= 5
    assert suggestions[:1] == [suggestion] if suggestion else suggestions == []
    refused.value.message.encode()


def test_a_full_postcode_that_is_not_in_the_table_lies_at_its_sector(session: Session) -> None:
    missing, sector = find_place(session, "E8 3ZZ"), find_place(session, "E8 3")

    assert session.get(Postcode, "E8 3ZZ") is None
    assert (missing.latitude, missing.longitude) == (sector.latitude, sector.longitude)


def test_an_outcode_names_first_the_borough_that_most_of_its_sectors_list(session: Session) -> None:
    before = find_place(session, "E8").borough_codes
    session.execute(
        delete(SectorBorough).where(SectorBorough.sector.startswith("E8 "), SectorBorough.borough_code == HACKNEY)
    )

    assert before[0] == HACKNEY
    assert find_place(session, "E8").borough_codes == (TOWER_HAMLETS,)


@pytest.mark.parametrize(
    "typed", ["E8 3PN", "e83", "E11", "Hackney", "Southall", "Southal", "Hayes, Bromley", "Nowhere"]
)
def test_a_lookup_takes_few_statements(session: Session, engine: Engine, typed: str) -> None:
    with count_statements(engine) as statements, suppress(PlaceNotFoundError):
        find_place(session, typed)

    assert len(statements) <= 3


@pytest.mark.parametrize(
    ("postcode", "name"),
    [
        ("E8 3PN", "E8 3PN"),
        ("e83pn", "E8 3PN"),
        ("E8 3ZZ", "E8 3ZZ"),
        ("M1 1AE", "M1 1"),
        ("E8 3", None),
        ("E8", None),
        ("swla 2aa", None),
        ("ZZ1 1ZZ", None),
        ("Hackney", None),
        ("", None),
    ],
)
def test_postcodes_in_files_are_read_strictly(session: Session, postcode: str, name: str | None) -> None:
    place = locate_postcode(session, postcode)

    assert (place and place.name) == name


def test_without_a_gazetteer_the_answer_says_how_to_get_one(session: Session) -> None:
    for model in (NamedPlace, SectorBorough, Postcode, Borough):
        session.execute(delete(model))

    for typed in ("Hackney", "ZZ9 9ZZ", HACKNEY):
        with pytest.raises(DomainError, match="places load"):
            find_place(session, typed)
