"""The measures, which are data: `seed_data/measures.csv` defines each of them."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from directory.paths import SEED_DATA
from directory.publishing.performance.facts import Direction, Measure, MeasureUnit

FILE = SEED_DATA / "measures.csv"

RECEIVED = "referrals_received"
ACCEPTED = "referrals_accepted"
UNANSWERED = "referrals_unanswered"
DECLINED_OTHER = "declined_other"
NO_CAPACITY = "declined_no_capacity"
MEDIAN_RESPONSE = "median_response_minutes"
P90_RESPONSE = "p90_response_minutes"
WITHIN_TARGET = "answered_within_target_percent"
OCCUPANCY = "occupancy_percent"
PLACEMENTS = "placements"

PARTS = (
    DECLINED_OTHER,
    "declined_not_reachable",
    "declined_too_risky_here",
    "declined_too_far",
    "declined_too_near",
    "declined_cannot_meet_need",
    UNANSWERED,
    NO_CAPACITY,
    ACCEPTED,
)
"""The parts of the referrals received, the one that is missed least first: in this order they are given up."""


def measures() -> tuple[Measure, ...]:
    """Every measure, in the order in which people read them."""
    return tuple(_by_code().values())


def measure(code: str) -> Measure | None:
    """One of them, or None where no measure has this code."""
    return _by_code().get(code)


@cache
def _by_code() -> Mapping[str, Measure]:
    return {one.code: one for one in read_measures(FILE)}


def read_measures(path: Path) -> list[Measure]:
    """The measures that a file defines. Raises ValueError for one that contradicts itself or names no other."""
    with path.open(encoding="utf-8", newline="") as file:
        found = [_measure(row) for row in csv.DictReader(file)]
    codes = {one.code for one in found}
    for one in found:
        if one.of and one.of not in codes:
            raise ValueError(f"{path.name}: {one.code} is of {one.of}, which is no measure.")
        if bool(one.numerator) != (one.unit is MeasureUnit.PERCENT) or bool(one.numerator) != bool(one.denominator):
            raise ValueError(f"{path.name}: {one.code} says what is divided by what exactly where it is a percentage.")
    if len(codes) != len(found):
        raise ValueError(f"{path.name}: a code stands there twice.")
    return found


def _measure(row: Mapping[str, str]) -> Measure:
    return Measure(
        code=row["code"],
        name=row["name"],
        definition=row["definition"],
        unit=MeasureUnit(row["unit"]),
        direction=Direction(row["direction"]),
        numerator=row["numerator"],
        denominator=row["denominator"],
        of=row["of"],
        source=row["source"],
        computed={"yes": True, "no": False}[row["computed"]],
    )
