"""Demand beside capacity, and what a few units more would have done."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from directory.capacity.models import RingFence, UnitState, UnitStatePeriod
from directory.insight.demand import read_demand
from directory.insight.periods import quarter_named
from directory.insight.rounding import FEW, RoundedTable, round_tables
from directory.insight.stays import usual_nights
from directory.insight.unmet_tables import HOUSEHOLD_LABELS
from directory.insight.what_if import Plan, Takes, fits, parts_of_london, try_out
from directory.places.lookup import all_boroughs
from tests import factories
from tests.insight.worlds import count

SUMMER = quarter_named("2026-Q3")
PLAN = Plan(units=4, bedspaces=4, adults=1, children=3, nights=46, takes=Takes.ANYBODY)


def occupied(session: Session, number: int, ringfence: RingFence, nights: int = 30) -> None:
    """Units of one bedspace that were occupied from 1 August for so many nights, and not known before or after."""
    refuge = factories.service(session)
    begins = datetime(2026, 8, 1, 12, tzinfo=UTC)
    for _ in range(number):
        unit = factories.unit(session, refuge, bedspaces=1, ringfence=ringfence)
        session.execute(delete(UnitStatePeriod).where(UnitStatePeriod.unit_id == unit.id))
        ends = begins + timedelta(days=nights)
        session.add(UnitStatePeriod(unit_id=unit.id, began_at=begins, ended_at=ends, state=UnitState.OCCUPIED))
    session.flush()


def test_capacity_by_ring_fence(session: Session, now: datetime) -> None:
    occupied(session, 6, RingFence.NRPF)
    occupied(session, 5, RingFence.NONE)

    newest = read_demand(session, now)[0]

    assert newest.quarter == SUMMER
    assert (newest.ringfenced.units, newest.other.units) == (6, 5)
    assert newest.other.nights is not None
    assert (newest.other.nights.occupied, newest.other.nights.unknown) == (150, 5 * 62)


@pytest.mark.parametrize(("ringfenced", "other"), [(4, 5), (5, 4), (0, 4)])
def test_capacity_is_never_told_of_fewer_than_five_units(
    session: Session, now: datetime, ringfenced: int, other: int
) -> None:
    """Nor of the others then: with the occupancy of all units, which is shown elsewhere, they would tell the few."""
    occupied(session, ringfenced, RingFence.NRPF)
    occupied(session, other, RingFence.NONE)

    newest = read_demand(session, now)[0]

    assert (newest.ringfenced.nights, newest.ringfenced.units) == (None, None)
    assert (newest.other.nights, newest.other.units) == (None, None)


def test_demand_is_told_once_it_is_final(session: Session, now: datetime) -> None:
    count(session, date(2026, 8, 1), 20, factories.HACKNEY, "", "2")
    count(session, date(2026, 8, 1), 30, factories.HACKNEY, "", "not_said")

    newest, *older = read_demand(session, now)

    assert newest.referrals == 0
    assert newest.households is not None
    assert newest.households.low <= 20 <= newest.households.high < 50
    assert [one.households for one in older] == [None, None, None]
    assert read_demand(session, datetime(2026, 10, 27, tzinfo=UTC))[0].referrals is None


def test_the_usual_stay_of_at_least_ten_in_at_least_five_units(session: Session) -> None:
    occupied(session, 9, RingFence.NONE, nights=20)
    assert usual_nights(session, SUMMER) is None

    occupied(session, 1, RingFence.NRPF, nights=60)

    assert usual_nights(session, SUMMER) == 28  # the upper end of the band in which 20 falls
    assert usual_nights(session, quarter_named("2026-Q4")) is None


def test_parts_of_london(session: Session) -> None:
    parts = {part.code: part for part in parts_of_london(all_boroughs(session))}

    assert list(parts)[:9] == [
        *("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west", "central")
    ]
    assert parts["north-east"].police_areas == ("North East",)
    assert len(parts["central"].police_areas) == 5
    assert parts["city-of-london-police"].name == "City of London Police"
    covered = [area for part in list(parts.values())[:9] for area in part.police_areas]
    assert sorted(covered) == sorted({borough.police_area for borough in all_boroughs(session)})


@pytest.mark.parametrize(
    ("people", "plan", "expected"),
    [
        (1, Plan(1, 1, 1, 0, 1, Takes.ANYBODY), True),
        (2, Plan(1, 1, 1, 3, 1, Takes.ANYBODY), False),
        (4, PLAN, True),
        (5, PLAN, False),
        (3, Plan(1, 6, 2, 1, 1, Takes.ANYBODY), False),
    ],
)
def test_what_fits_by_size(people: int, plan: Plan, expected: bool) -> None:
    assert fits(people, plan) is expected


def households() -> RoundedTable:
    """Twelve alone in the north-east, thirty of four in the west, eight of five elsewhere."""
    counts = {("1", "North East"): 12, ("4", "West Area"): 30, ("5+", ""): 8, ("not_said", ""): 60}
    axes = ([band.value for band in HOUSEHOLD_LABELS], ["North East", "West Area", ""])
    tables = round_tables({"households": (axes, counts)})
    assert tables is not None
    return tables["households"]


def test_what_would_have_fitted_and_stayed(session: Session) -> None:
    north_east = next(part for part in parts_of_london(all_boroughs(session)) if part.code == "north-east")

    outcome = try_out(PLAN, north_east, households(), 92)

    assert [band.fits for band in outcome.bands] == [True, True, True, True, False]
    assert outcome.fitting.low <= 42 <= outcome.fitting.high
    assert outcome.stays == 8  # four units, twice in 92 nights
    assert (outcome.served.low, outcome.served.high) == (8, 8)
    alone = outcome.bands[0].asked
    assert alone.low <= 12 <= alone.high


def test_whom_the_units_take(session: Session) -> None:
    west = next(part for part in parts_of_london(all_boroughs(session)) if part.code == "west")
    asked = {takes: try_out(Plan(1, 4, 1, 3, 91, takes), west, households(), 91).bands[3].asked for takes in Takes}

    assert asked[Takes.LOCAL].text == "30"
    assert asked[Takes.ELSEWHERE].high <= 2 * FEW.high
    assert asked[Takes.ANYBODY].low <= 30 <= asked[Takes.ANYBODY].high


def test_a_stay_longer_than_the_quarter_still_takes_one_household_each(session: Session) -> None:
    part = parts_of_london(all_boroughs(session))[0]

    assert try_out(Plan(3, 4, 1, 3, 365, Takes.ANYBODY), part, households(), 92).stays == 3
