"""The gazetteer as a geopy geocoder, for code that speaks geopy. It reads the database and nothing else."""

from math import cos, radians
from typing import Any

from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location
from geopy.point import Point
from sqlalchemy.orm import Session

from directory.places.distance import miles_between
from directory.places.lookup import find_place
from directory.places.offline import OfflineAdapter
from directory.places.results import AmbiguousPlaceError, Place, PlaceNotFoundError
from directory.places.sectors import nearest_sector

# A point farther than this from every postcode sector is at sea or abroad.
REVERSE_WITHIN_MILES = 25


class Gazetteer(Geocoder):  # type: ignore[misc]  # geopy has no type hints
    """Geocodes places of Great Britain offline: London by postcode, borough and district, the rest by sector.

    A geocoder lives as long as its session.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(adapter_factory=OfflineAdapter)
        self._session = session

    def geocode(
        self, query: str, *, exactly_one: bool = True, timeout: Any = DEFAULT_SENTINEL
    ) -> Location | list[Location] | None:
        """The place `query` means, as a geopy Location whose `raw` is the Place; None where there is none.

        With `exactly_one=False`, a list of all it may mean. With `exactly_one=True` a name that several places share
        raises AmbiguousPlaceError, where other geocoders take the first: the wrong Hayes is worse than a question.
        `timeout` is accepted for geopy's sake and has nothing to wait for.
        """
        try:
            found = [find_place(self._session, query)]
        except PlaceNotFoundError:
            return None
        except AmbiguousPlaceError as error:
            if exactly_one:
                raise
            found = error.choices
        locations = [_location(place) for place in found]
        return locations[0] if exactly_one else locations

    def reverse(
        self, query: Any, *, exactly_one: bool = True, timeout: Any = DEFAULT_SENTINEL
    ) -> Location | list[Location] | None:
        """The postcode sector whose centre is nearest to a point; None where that is over 25 miles away.

        `query` is whatever geopy's Point takes; ValueError where that is no point.
        """
        point = query if isinstance(query, Point) else Point(query)
        squeeze = cos(radians(point.latitude))
        place = nearest_sector(self._session, point.latitude, point.longitude, squeeze)
        if place is None or _miles(place, point) > REVERSE_WITHIN_MILES:
            return None
        return _location(place) if exactly_one else [_location(place)]


def _miles(place: Place, point: Point) -> float:
    return miles_between(place.latitude, place.longitude, point.latitude, point.longitude)


def _location(place: Place) -> Location:
    return Location(place.name, Point(place.latitude, place.longitude), place)
