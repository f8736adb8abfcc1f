"""Boroughs by name and code, where nothing may be guessed."""

import pytest
from sqlalchemy.orm import Session

from directory.places.lookup import PlaceNotFoundError, all_boroughs, find_borough

HACKNEY = "E09000012"


@pytest.mark.parametrize(
    "typed", ["hackney", "LB Hackney", "e09000012", "Hackney Council", "London borough of HACKNEY"]
)
def test_a_borough_by_name_or_code(session: Session, typed: str) -> None:
    borough = find_borough(session, typed)

    assert (borough.code, borough.name, borough.police_area) == (HACKNEY, "Hackney", "Central East")
    assert (borough.grid_row, borough.grid_column) == (2, 5)


@pytest.mark.parametrize(
    ("typed", "suggestion"),
    [("Hackny", "Hackney"), ("Southall", "Southwark"), ("E8", None), ("", None), ("\0\ud800", None), ("y" * 500, None)],
)
def test_a_borough_is_not_guessed(session: Session, typed: str, suggestion: str | None) -> None:
    with pytest.raises(PlaceNotFoundError, match="no London borough") as refused:
        find_borough(session, typed)

    assert refused.value.suggestions[:1] == ([suggestion] if suggestion else [])


def test_all_boroughs_come_in_the_order_of_their_names(session: Session) -> None:
    names = [borough.name for borough in all_boroughs(session)]

    assert len(names) == 33
    assert names[:2] == ["Barking and Dagenham", "Barnet"]
    assert sorted(names) == names
