"""The firewall, rule 6: what tells a place is found in text; what only sounds like it passes."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from directory.capacity.files import import_folder
from directory.catalogue.files.known_postcodes import known_postcodes
from directory.catalogue.secrecy import (
    KnownPostcodes,
    find_location,
    find_location_in_id,
    find_location_in_label,
    find_location_in_name,
)
from tests.catalogue import folders

POSTCODES = KnownPostcodes(
    frozenset({"E8 3", "N16 5", "N1 9", "SW1A 1", "LU1 1"}), frozenset({"E8", "N16", "N1", "SW1A", "LU1"})
)
TELLING = [
    *("12 Acacia Road", "at 12a High Street, E8", "flat 3, 12 acacia road", "12-14 Rose Court", "No. 7 Fern Way"),
    *("7, The Old Mews", "Mornington Crescent", "ACACIA ROAD", "behind Grove Lane", "off Upper Tooting Road"),
    *("E8 3PN", "e83pn", "E8-3PN", "SW1A 1AA", "(N1 9GU)", "51.5461, -0.0554", "TQ 347 849", "///filled.count.soap"),
    "https://maps.app.goo.gl/abc",
]
HARMLESS = [
    *("Room 1", "Flat 12", "Rose House", "24/7", "Room B1 2nd floor", "Ten minutes' drive from the station"),
    *("The Street team", "Our Road to safety", "a terrace and 2 private gardens", "Up to 25 people in a place"),
    *("Women over 50 find their way here", "16 to 25 year olds", "Funded 2025-2028", "Mo-Fr 09:00-17:00; PH off"),
    *("Section 17 support", "", "One street away from fear", "a garden, a square of light, a lane in life"),
]


@pytest.mark.parametrize("text", TELLING)
def test_what_tells_a_place_is_found(text: str) -> None:
    assert find_location(text, streets=True)
    assert find_location(f"Calm rooms. {text}. Ring first.", streets=True)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_tells_no_place_passes(text: str) -> None:
    assert find_location(text, streets=True) is None


def test_a_streets_name_alone_may_be_told_where_the_borough_is_known() -> None:
    assert find_location("near Mornington Crescent", streets=False) is None
    assert find_location("12 Mornington Crescent", streets=False)


def test_an_organisation_that_sounds_like_a_street_may_be_named() -> None:
    assert find_location("Tulip Terrace runs it", streets=True)
    assert find_location("Tulip Terrace runs it", streets=True, names=["Tulip Terrace"]) is None
    assert find_location("Tulip Terrace at 9 Tulip Terrace", streets=True, names=["Tulip Terrace"])


@pytest.mark.parametrize("name", ["12 Acacia Road", "Flat 3, 24 High Street", "7, The Old Mews", "9 Rose Gardens"])
def test_an_address_is_no_name(name: str) -> None:
    assert find_location_in_name(name)
    assert find_location_in_label(name)
    assert find_location(name, streets=True)


@pytest.mark.parametrize(
    "name",
    [
        *("Willow Grove", "Rose Gardens Refuge", "Lavender Close", "The 12 Steps Way programme"),
        *("24 Hour Helpline Lane", "Crescent House", "Room 2", "A1 paper", "Refuge 17"),
    ],
)
def test_a_house_may_be_called_like_a_street(name: str) -> None:
    assert find_location_in_name(name, postcodes=POSTCODES) is None
    assert find_location_in_label(name, postcodes=POSTCODES) is None


def test_a_description_may_use_the_services_own_name_and_no_other_street() -> None:
    names = ["Willow Grove Refuge"]
    assert find_location("Willow Grove has a garden; women at Willow Grove share it", streets=True, names=names) is None
    for text in ("at Lavender Close", "on Acacia Road", "in Rose Gardens", "24 Willow Grove"):
        assert find_location(f"The house is {text}.", streets=True, names=names)


@pytest.mark.parametrize(
    "identifier", ["12-acacia-road", "12_Acacia_Road", "12.acacia.road", "12AcaciaRoad", "refuge-e8-3pn", "E8_3PN"]
)
def test_an_id_may_not_tell_a_place_either(identifier: str) -> None:
    assert find_location_in_id(identifier, postcodes=POSTCODES)


@pytest.mark.parametrize("identifier", ["marigold-house", "s-close", "willow-grove", "u1-2br", "b1-2fl", "rose-e8-3"])
def test_an_id_that_only_looks_like_a_place_passes(identifier: str) -> None:
    assert find_location_in_id(identifier, postcodes=POSTCODES) is None


@pytest.mark.parametrize(
    "text", ["Near E8 3, Dalston", "Refuge N16 5", "N16 house", "in E8", "E8/N16", "N1\u00a09 area", "Rose House (E8)"]
)
def test_a_part_of_a_postcode_tells_more_than_a_borough(text: str) -> None:
    assert find_location(text, streets=True, postcodes=POSTCODES)
    assert find_location_in_name(text, postcodes=POSTCODES)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "A1 paper",
            "Room E8",
            "English level B1",
            "rooms E8, N1 and N16",
            "Up the M25",
            "B1 2 rooms",
            "e8 3",
            "SAFE8",
        ),
        *("Mo-Fr 09:00-17:00; PH off", "ZZ9 3"),
    ],
)
def test_what_only_looks_like_a_part_of_a_postcode_passes(text: str) -> None:
    assert find_location(text, streets=True, postcodes=POSTCODES) is None
    assert find_location_in_name(text, postcodes=POSTCODES) is None


def test_a_unit_may_be_labelled_like_a_postcode_that_does_not_exist() -> None:
    for label in ("B1 2FL", "N16", "E1", "U1 2BR", "E8 3 beds"):
        assert find_location_in_label(label, postcodes=POSTCODES) is None
    for label in ("E8 3PN", "E8 3", "e83pn"):
        assert find_location_in_label(label, postcodes=POSTCODES)


def test_without_a_gazetteer_whatever_looks_like_a_full_postcode_is_one() -> None:
    assert find_location_in_label("B1 2FL")
    assert find_location_in_id("u1-2br")


def test_which_postcodes_count(session: Session) -> None:
    postcodes = known_postcodes(session)

    assert {"E8 3", "N16 5", "SW1A 1", "LU1 1"} <= postcodes.sectors
    assert {"E8", "N16", "LU1"} <= postcodes.outcodes
    assert not {"B1", "M25", "S17", "A1", "U1"} & postcodes.outcodes


@pytest.mark.parametrize(
    ("file", "cells", "column"),
    [
        ("services.csv", {"description": "Rooms at 12 Acacia Road."}, "description"),
        ("services.csv", {"name": "12 Mornington Crescent Refuge"}, "name"),
        ("services.csv", {"name": "Refuge N16 5"}, "name"),
        ("services.csv", {"description": "Near E8 3, Dalston"}, "description"),
        ("services.csv", {"description": "Rooms at Acacia Road."}, "description"),
        ("services.csv", {"referral_email": "12-acacia-road@x.example"}, "referral_email"),
        ("services.csv", {"referral_email": "refuge.E8@x.example"}, "referral_email"),
        ("services.csv", {"referral_email": "e8-3pn@x.example"}, "referral_email"),
        ("services.csv", {"description": "Ask for E8 3PN"}, "description"),
        ("services.csv", {"hours": '24/7 "12 Acacia Road"'}, "hours"),
        ("services.csv", {"id": "12-acacia-road"}, "id"),
        ("services.csv", {"location_disclosure": "borough", "description": "12 Acacia Road"}, "description"),
        ("units.csv", {"name": "12 Acacia Road"}, "name"),
        ("units.csv", {"name": "Flat 3, 24 High Street"}, "name"),
        ("units.csv", {"name": "E8 3, top floor"}, "name"),
        ("units.csv", {"programme": "E8 3PN"}, "programme"),
        ("units.csv", {"id": "12-acacia-road.1"}, "id"),
    ],
)
def test_import_refuses_the_place_of_a_service_that_is_not_public(
    session: Session, tmp_path: Path, now: datetime, file: str, cells: dict[str, str], column: str
) -> None:
    files = folders.small_catalogue()
    files[file][0].update(cells)
    if "id" in cells and file == "services.csv":
        files["units.csv"][0]["service_id"] = files["performance.csv"][0]["service_id"] = cells["id"]

    report = import_folder(session, folders.write(tmp_path, files), now)

    assert [(error.file, error.row, error.column) for error in report.errors] == [(file, 2, column)]
    assert "must not be told" in report.errors[0].message


def test_import_takes_names_that_are_no_addresses(session: Session, tmp_path: Path, now: datetime) -> None:
    files = folders.small_catalogue()
    files["services.csv"][0] |= {
        "id": "s-close",
        "name": "Willow Grove",
        "description": "Willow Grove is calm.",
        "referral_email": "referrals@willow-grove.example",
    }
    files["performance.csv"][0]["service_id"] = "s-close"
    files["units.csv"] = [
        folders.unit(id=identifier, name=name, service_id="s-close")
        for identifier, name in {"u1-2br": "B1 2FL", "lavender-close": "Lavender Close", "U.3": "A1"}.items()
    ]

    folders.bring_in(session, folders.write(tmp_path, files), now)


def test_the_same_words_pass_where_the_place_is_public(session: Session, tmp_path: Path, now: datetime) -> None:
    files = folders.small_catalogue()
    files["services.csv"][1] |= {"name": "Acacia Road Advice", "description": "12 Acacia Road, UB1 3AJ"}

    assert not import_folder(session, folders.write(tmp_path, files), now).refused


def test_a_service_cannot_become_secret_while_its_units_are_called_by_their_address(
    session: Session, tmp_path: Path, now: datetime
) -> None:
    files = folders.small_catalogue()
    files["services.csv"][0] |= {"location_disclosure": "public"}
    files["units.csv"][0] |= {"name": "12 Acacia Road"}
    folders.bring_in(session, folders.write(tmp_path / "public", files), now)

    services = {"services.csv": [folders.service()]}
    report = import_folder(session, folders.write(tmp_path / "secret", services), now)

    assert [(error.file, error.row, error.column) for error in report.errors] == [
        ("services.csv", 2, "location_disclosure")
    ]


@pytest.mark.parametrize("name", ["Mornington Crescent House", "Acacia Road, top floor", "Refuge in Mare Street"])
def test_a_name_may_not_tell_a_street(name: str) -> None:
    assert find_location_in_name(name) is not None
    assert find_location_in_label(name) is not None
    assert find_location_in_id(name.lower().replace(", ", "-").replace(" ", "-")) is not None
