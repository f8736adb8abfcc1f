"""The shape of postcodes."""

import pytest

from directory.places.postcodes import area_of, cut_short, normalise_postcode, readings
from tests.places.gazetteer_facts import SOME_POSTCODES


@pytest.mark.parametrize(
    ("text", "postcode"),
    [
        ("e83pn", "E8 3PN"),
        (" sw1a  2aa ", "SW1A 2AA"),
        ("E 8 3 P N", "E8 3PN"),
        ("NPT 1AA", "NPT 1AA"),
        ("E8", None),
        ("E8 3", None),
        ("E8 3PN!", None),
        ("EO 3PN", None),
        ("٣8 3PN", None),
        ("", None),
    ],
)
def test_a_full_postcode_is_written_one_way(text: str, postcode: str | None) -> None:
    assert normalise_postcode(text) == postcode


def test_every_postcode_of_the_gazetteer_is_written_that_way_already() -> None:
    assert [normalise_postcode(row["postcode"]) for row in SOME_POSTCODES] == [
        row["postcode"] for row in SOME_POSTCODES
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("E11", ["E11", "E1 1"]),
        ("E1 1", ["E1 1"]),
        ("SW1A 1", ["SW1A 1"]),
        ("SW1A1", ["SW1A 1"]),
        ("E8 3PN", ["E8 3PN"]),
        ("Hackney", []),
        ("Bow", []),
        ("123", []),
        ("E8 3PN 4", []),
        ("", []),
    ],
)
def test_how_a_text_can_be_read(text: str, names: list[str]) -> None:
    assert [reading.name for reading in readings(text) if not reading.slips] == names


def test_readings_put_at_most_two_characters_right_and_the_fewest_first() -> None:
    slips = [reading.slips for reading in readings("EII IAA")]

    assert slips == sorted(slips)
    assert all(reading.slips <= 2 for reading in readings("OIOI OII"))


@pytest.mark.parametrize(
    ("text", "sector"), [("E8 3P", "E8 3"), ("sw1a2a", "SW1A 2"), ("E8 3", None), ("E8 3PN", None)]
)
def test_a_postcode_that_lacks_a_letter(text: str, sector: str | None) -> None:
    assert cut_short(text) == sector


@pytest.mark.parametrize(("outcode", "area"), [("E8", "E"), ("SW1A", "SW"), ("M60", "M"), ("NPT", "NPT")])
def test_the_area_of_an_outcode(outcode: str, area: str) -> None:
    assert area_of(outcode) == area
