"""Distances and the bands they are shown in."""

import math

import numpy as np
import pytest
from geopy.distance import great_circle
from hypothesis import given
from hypothesis import strategies as st

from directory.places.distance import describe_miles, miles_between, miles_to_each, shown_miles

latitudes = st.floats(49, 61)
longitudes = st.floats(-9, 2.5)


@given(latitudes, longitudes, latitudes, longitudes)
def test_distances_are_geopys(north: float, east: float, other_north: float, other_east: float) -> None:
    theirs = great_circle((north, east), (other_north, other_east)).miles
    ours = miles_between(north, east, other_north, other_east)
    many = miles_to_each(north, east, np.array([other_north, np.nan, north]), np.array([other_east, 0.0, east]))

    assert ours == theirs
    assert math.isclose(many[0], theirs, rel_tol=1e-9, abs_tol=1e-6)
    assert np.isnan(many[1])
    assert many[2] == 0


def test_a_known_distance() -> None:
    charing_cross, manchester = (51.5073, -0.1276), (53.4794, -2.2453)

    assert miles_between(*charing_cross, *manchester) == pytest.approx(163, abs=1)
    assert miles_between(*charing_cross, *charing_cross) == 0


@pytest.mark.parametrize(
    ("miles", "shown"),
    [
        *[(0, 1), (0.2, 1), (1, 1), (1.0001, 2), (2, 2), (2.5, 3), (3.1, 5), (7, 10), (10, 10), (10.01, 20), (49, 50)],
        *[(50.1, 100), (100, 100), (100.01, None), (math.inf, None)],
    ],
)
def test_distances_are_shown_rounded_up(miles: float, shown: int | None) -> None:
    assert shown_miles(miles) == shown


@pytest.mark.parametrize("miles", [-0.1, math.nan])
def test_what_is_no_distance_is_refused(miles: float) -> None:
    with pytest.raises(ValueError, match="no distance"):
        shown_miles(miles)


@pytest.mark.parametrize(
    ("miles", "words"), [(0.4, "within 1 mile"), (2.4, "within 3 miles"), (163, "more than 100 miles away")]
)
def test_distances_in_words(miles: float, words: str) -> None:
    assert describe_miles(miles) == words
