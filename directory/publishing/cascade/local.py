"""Which services of an edition people in a police area can turn to.

A refuge takes people from all of London, and where it stands is often secret. So every area has every refuge, in an
order that its place does not decide: what is printed and hung up, or lies in a pocket, tells nothing of where one is.
"""

from collections.abc import Mapping
from typing import Any

from directory.catalogue.vocabulary import LocationDisclosure, ServiceKind, WideArea
from directory.publishing.cascade.areas import PoliceArea
from directory.publishing.formats.opening import read_week

Body = Mapping[str, Any]
_EVERYWHERE = frozenset(area.value for area in WideArea)
_ALL_DAY = (("00:00", "24:00"),)


def covers(body: Body, area: PoliceArea) -> bool:
    """Whether the service is for people of the area: it covers one of its boroughs or all of London, or lies there."""
    if is_refuge(body):
        return True
    areas = frozenset(body["areas"])
    return bool(areas & _EVERYWHERE) or _names_it(areas, body, area)


def is_local(body: Body, area: PoliceArea) -> bool:
    """Whether it is there for this area in particular. A refuge never is."""
    return not is_refuge(body) and _names_it(frozenset(body["areas"]), body, area)


def is_refuge(body: Body) -> bool:
    """Whether it is matched by its units."""
    return str(body["kind"]) == ServiceKind.REFUGE.value


def is_round_the_clock(hours: str) -> bool:
    """Whether these hours (OpenStreetMap `opening_hours`) mean day and night, on bank holidays too."""
    week = read_week(hours)
    return week is not None and set(week.days) == {_ALL_DAY} and week.holidays in (None, _ALL_DAY)


def _names_it(areas: frozenset[str], body: Body, area: PoliceArea) -> bool:
    if areas & area.codes:
        return True
    # Where a service lies says nothing about whom it is for, and nothing at all where that is secret.
    is_secret = body["location_disclosure"] == LocationDisclosure.SECRET.value
    return not is_secret and body["borough"] in area.codes
