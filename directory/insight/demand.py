"""Demand beside capacity, by quarter: what refuges had, and how much was asked of them.

Capacity is told for ring-fenced units and for others. Demand is not, and cannot be: nobody's need for a ring-fenced
unit is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from directory.capacity.models import RingFence, Unit
from directory.capacity.utilisation import BedspaceNights, Span, utilisation
from directory.catalogue.models import Service
from directory.catalogue.vocabulary import ServiceKind
from directory.common.clock import london_date
from directory.insight.models import HouseholdBand
from directory.insight.periods import Period, quarter_of
from directory.insight.rounding import FEWEST, Rounded, sum_of
from directory.insight.unmet_tables import UnmetQuarter, read_unmet, unmet_quarters
from directory.publishing.performance.measures import RECEIVED
from directory.publishing.performance.reading import read_quarter
from directory.referrals.statistics import is_final

QUARTERS = 4


@dataclass(frozen=True, slots=True)
class Capacity:
    """Bedspace-nights of some units in a quarter; None where these or the others are under five, as one could be told.

    `units` had at least one contracted night; it is None with the nights.
    """

    nights: BedspaceNights | None
    units: int | None


@dataclass(frozen=True, slots=True)
class QuarterDemand:
    """One quarter of London's refuges. `referrals` were received by them, or more: the sum of what is shown of each.

    It is None until the quarter's figures are final, 28 days after it.

    `households` counts searches in vain that said how many people need a space; None where that may not be shown.
    """

    quarter: Period
    ringfenced: Capacity
    other: Capacity
    referrals: int | None
    households: Rounded | None


def quarters_over(now: datetime, most: int = QUARTERS) -> list[Period]:
    """The last whole quarters, newest first."""
    found = [quarter_of(quarter_of(london_date(now)).first - timedelta(days=1))]
    while len(found) < most:
        found.append(quarter_of(found[-1].first - timedelta(days=1)))
    return found


def read_demand(session: Session, now: datetime) -> list[QuarterDemand]:
    """The last four quarters, newest first."""
    quarters = quarters_over(now)
    ringfenced = _capacity(session, Unit.ringfence == RingFence.NRPF, quarters, now)
    other = _capacity(session, Unit.ringfence == RingFence.NONE, quarters, now)
    groups = [_both_or_neither(*apart) for apart in zip(ringfenced, other, strict=True)]
    shown = {quarter.code for quarter in unmet_quarters(session, now)}
    return [
        QuarterDemand(
            quarter=quarter,
            ringfenced=apart[0],
            other=apart[1],
            referrals=_referrals(session, quarter, now),
            households=households_in_vain(read_unmet(session, quarter, now)) if quarter.code in shown else None,
        )
        for quarter, apart in zip(quarters, groups, strict=True)
    ]


def households_in_vain(unmet: UnmetQuarter) -> Rounded | None:
    """How many searches in vain were for a household, as far as the rounded rows of the bands say."""
    table = unmet.households
    if table is None:
        return None
    return sum_of(table.row_totals[band] for band in table.rows if band != HouseholdBand.NOT_SAID.value)


def _capacity(
    session: Session, which: ColumnElement[bool], quarters: Sequence[Period], now: datetime
) -> list[Capacity]:
    refuge = Unit.service_id.in_(select(Service.id).where(Service.kind == ServiceKind.REFUGE))
    spans = [Span(quarter.code, quarter.first, quarter.end) for quarter in quarters]
    units = utilisation(session, and_(which, refuge), spans, now)
    found = []
    for at in range(len(spans)):
        contracted = [unit.nights[at] for unit in units if unit.nights[at].known or unit.nights[at].unknown]
        if 0 < len(contracted) < FEWEST:
            found.append(Capacity(None, None))
        else:
            found.append(Capacity(sum(contracted, BedspaceNights()), len(contracted)))
    return found


def _both_or_neither(ringfenced: Capacity, other: Capacity) -> tuple[Capacity, Capacity]:
    """Neither where one is of too few: with the occupancy of all, shown elsewhere, the other would tell it."""
    if ringfenced.units is None or other.units is None:
        return Capacity(None, None), Capacity(None, None)
    return ringfenced, other


def _referrals(session: Session, quarter: Period, now: datetime) -> int | None:
    """A sum of shown figures alone: beside them, the true total would tell what is hidden of the small ones."""
    if not is_final(quarter.code, now):
        return None
    refuges = (one for one in read_quarter(session, quarter.code, now).services if one.kind is ServiceKind.REFUGE)
    received = (one.computed.get(RECEIVED) for one in refuges)
    return sum(int(figure.value) for figure in received if figure is not None and figure.value is not None)
