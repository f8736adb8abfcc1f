"""The firewall, rule 6: what tells a place is found in text; what only sounds like it passes."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from directory.capacity.files import import_folder
from directory.catalogue.secrecy import find_location, find_location_in_id
from tests.catalogue import folders

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


@pytest.mark.parametrize("identifier", ["12-acacia-road", "mornington-crescent", "refuge-e8-3pn"])
def test_an_id_may_not_tell_a_place_either(identifier: str) -> None:
    assert find_location_in_id(identifier)
    assert find_location_in_id("marigold-house") is None


@pytest.mark.parametrize(
    ("file", "cells", "column"),
    [
        ("services.csv", {"description": "Rooms at 12 Acacia Road."}, "description"),
        ("services.csv", {"name": "Mornington Crescent Refuge"}, "name"),
        ("services.csv", {"description": "Ask for E8 3PN"}, "description"),
        ("services.csv", {"hours": '24/7 "12 Acacia Road"'}, "hours"),
        ("services.csv", {"id": "12-acacia-road"}, "id"),
        ("services.csv", {"location_disclosure": "borough", "description": "12 Acacia Road"}, "description"),
        ("units.csv", {"name": "12 Acacia Road"}, "name"),
        ("units.csv", {"name": "Acacia Road, top floor"}, "name"),
        ("units.csv", {"id": "acacia-road-1"}, "id"),
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
