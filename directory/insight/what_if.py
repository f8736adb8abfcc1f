"""What a few units more would have done: how many of the households that were searched for in vain would have fitted.

Reckoned from the rounded counts that anybody may see, never from the raw ones; so it answers with ranges.
"""

import enum
from collections.abc import Iterable
from dataclasses import dataclass

from directory.insight.models import HouseholdBand
from directory.insight.rounding import Rounded, RoundedTable, sum_of
from directory.insight.unmet_tables import HOUSEHOLD_LABELS, PEOPLE
from directory.places.lookup import BoroughFact

CENTRAL = "central"
_DIRECTIONS = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west", CENTRAL)


class Takes(enum.StrEnum):
    """Whom the units would take, by where the search was made. Many refuges take nobody local."""

    ANYBODY = "anybody"
    ELSEWHERE = "elsewhere"
    LOCAL = "local"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of London: a direction, or one BCU; `police_areas` are the BCUs in it."""

    code: str
    name: str
    police_areas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Units to add, all alike, and how long a household stays in one."""

    units: int
    bedspaces: int
    adults: int
    children: int
    nights: int
    takes: Takes


@dataclass(frozen=True, slots=True)
class BandOutcome:
    """Households of one size: how many were searched for in vain, and whether one adult with children would fit."""

    label: str
    asked: Rounded
    fits: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the plan would have done in the quarter.

    `asked` are all households, `fitting` those that fit by size, `stays` as many as the units have room for one after
    another, `served` the smaller of the two.
    """

    bands: tuple[BandOutcome, ...]
    asked: Rounded
    fitting: Rounded
    stays: int
    served: Rounded


def parts_of_london(boroughs: Iterable[BoroughFact]) -> tuple[Part, ...]:
    """The directions in which there are BCUs, then the BCUs of which a direction has several."""
    areas = sorted({borough.police_area for borough in boroughs})
    by_direction = {direction: [area for area in areas if _direction(area) == direction] for direction in _DIRECTIONS}
    parts = [
        Part(direction, f"{direction.capitalize()} London", tuple(inside))
        for direction, inside in by_direction.items()
        if inside
    ]
    single = [area for inside in by_direction.values() if len(inside) > 1 for area in inside]
    return (*parts, *(Part(_slug(area), area, (area,)) for area in single))


def fits(people: int, plan: Plan) -> bool:
    """Whether one adult with children, so many people in all, fits one of the units.

    Who is in a household is not kept. One adult with children is what most households are; a single person is one
    adult.
    """
    return plan.adults >= 1 and people <= plan.bedspaces and people - 1 <= plan.children


def try_out(plan: Plan, part: Part, households: RoundedTable, nights: int) -> Outcome:
    """What the plan would have done in a quarter of so many `nights`, whose searches in vain `households` has.

    The units begin empty, so each takes a household at once, and further ones as the first have stayed their time.
    """
    bands = tuple(
        BandOutcome(
            HOUSEHOLD_LABELS[HouseholdBand(band)], _asked(households, band, part, plan.takes), fits(people, plan)
        )
        for band, people in PEOPLE.items()
    )
    fitting = sum_of(band.asked for band in bands if band.fits)
    stays = max(plan.units, plan.units * nights // plan.nights)
    served = Rounded(min(fitting.low, stays), min(fitting.high, stays))
    return Outcome(bands, sum_of(band.asked for band in bands), fitting, stays, served)


def _asked(households: RoundedTable, band: str, part: Part, takes: Takes) -> Rounded:
    inside = [area for area in part.police_areas if area in households.columns]
    if takes is Takes.ANYBODY or not inside:
        return households.row_totals[band]
    return (households.part_of_row if takes is Takes.LOCAL else households.row_without)(band, inside)


def _direction(police_area: str) -> str:
    """`North East` and `North Area` lie in the direction that they are called by; all others are in the middle."""
    slug = _slug(police_area.removesuffix(" Area"))
    return slug if slug in _DIRECTIONS else CENTRAL


def _slug(name: str) -> str:
    return "-".join(name.casefold().split())
