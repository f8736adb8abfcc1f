"""The gazetteer as geopy sees it, and geopy without a network."""

import socket

import pytest
from geopy.geocoders import ArcGIS, Nominatim, Photon
from geopy.geocoders.base import Geocoder
from sqlalchemy.orm import Session

from directory.places.geocoder import Gazetteer
from directory.places.lookup import AmbiguousPlaceError, find_place
from directory.places.offline import NetworkSwitchedOffError


def test_a_place_is_a_geopy_location(session: Session) -> None:
    location = Gazetteer(session).geocode("southal", timeout=1)
    place = find_place(session, "southal")

    assert (location.address, location.raw) == ("Southall", place)
    assert (location.latitude, location.longitude) == (place.latitude, place.longitude)


def test_a_shared_name_gives_all_choices_or_a_question(session: Session) -> None:
    gazetteer = Gazetteer(session)

    assert [location.address for location in gazetteer.geocode("Hayes", exactly_one=False)] == [
        "Hayes, Bromley",
        "Hayes, Hillingdon",
    ]
    assert [location.address for location in gazetteer.geocode("E8", exactly_one=False)] == ["E8"]
    with pytest.raises(AmbiguousPlaceError):
        gazetteer.geocode("Hayes")


@pytest.mark.parametrize("exactly_one", [True, False])
def test_nowhere_is_none_as_everywhere_in_geopy(session: Session, exactly_one: bool) -> None:
    assert Gazetteer(session).geocode("Atlantis", exactly_one=exactly_one) is None


def test_a_point_leads_back_to_its_sector(session: Session) -> None:
    gazetteer, place = Gazetteer(session), find_place(session, "E8 3")

    location = gazetteer.reverse((place.latitude, place.longitude))

    assert (location.address, location.raw) == ("E8 3", place)
    assert gazetteer.reverse(f"{place.latitude}, {place.longitude}", exactly_one=False) == [location]
    assert gazetteer.reverse((48.8566, 2.3522)) is None
    with pytest.raises(ValueError, match="Point"):
        gazetteer.reverse("nowhere in particular")


@pytest.mark.parametrize(
    "geocoder", [Nominatim(user_agent="test"), Photon(), ArcGIS()], ids=lambda made: type(made).__name__
)
def test_no_other_geocoder_can_call_out(geocoder: Geocoder, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object, **_more: object) -> None:
        raise AssertionError("A socket was opened.")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)

    with pytest.raises(NetworkSwitchedOffError, match="offline"):
        geocoder.geocode("E8 3PN")
    with pytest.raises(NetworkSwitchedOffError, match="offline"):
        geocoder.reverse((51.5, 0))
