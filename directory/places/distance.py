"""Distances, in miles along a great circle, and how they are shown."""

from bisect import bisect_left
from math import cos, radians

import numpy as np
from geopy.distance import EARTH_RADIUS, great_circle
from numpy.typing import NDArray

from directory.places import offline  # noqa: F401  # importing it switches geopy's network off

KILOMETRES_PER_MILE = 1.609344
EARTH_RADIUS_MILES: float = EARTH_RADIUS / KILOMETRES_PER_MILE

# Distances are shown rounded up to one of these, so that a place is not given away by its distance.
SHOWN_MILES = (1, 2, 3, 5, 10, 20, 50, 100)


def miles_between(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Miles between two points in WGS84 degrees, along geopy's great circle."""
    miles: float = great_circle((latitude, longitude), (other_latitude, other_longitude)).miles
    return miles


def miles_to_each(
    latitude: float, longitude: float, latitudes: NDArray[np.float64], longitudes: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Miles from one point to each of many, in WGS84 degrees; NaN where a coordinate is.

    The haversine formula on geopy's sphere. geopy measures one distance at a time, which for the thousands that a
    search needs takes longer than all the rest of it; a test holds both to the same distances.
    """
    north, norths = radians(latitude), np.radians(latitudes)
    half_chord: NDArray[np.float64] = (
        np.sin((norths - north) / 2) ** 2
        + cos(north) * np.cos(norths) * np.sin(np.radians(longitudes - longitude) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_MILES * np.arcsin(np.sqrt(np.minimum(1.0, half_chord)))


def shown_miles(miles: float) -> int | None:
    """`miles` rounded up to 1, 2, 3, 5, 10, 20, 50 or 100; None beyond. Raises ValueError when it is no distance."""
    if not miles >= 0:
        raise ValueError(f"{miles} is no distance.")
    band = bisect_left(SHOWN_MILES, miles)
    return SHOWN_MILES[band] if band < len(SHOWN_MILES) else None


def describe_miles(miles: float) -> str:
    """The distance in words: "within 1 mile", "within 3 miles", "more than 100 miles away"."""
    shown = shown_miles(miles)
    if shown is None:
        return f"more than {SHOWN_MILES[-1]} miles away"
    return f"within {shown} mile{'' if shown == 1 else 's'}"
