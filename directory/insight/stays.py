"""How long households stay, for all of London together: enough to reckon with, too little to tell anybody's stay."""

from datetime import date, datetime
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.capacity.models import Unit, UnitState, UnitStatePeriod
from directory.catalogue.models import Service
from directory.catalogue.vocabulary import ServiceKind
from directory.common.clock import LONDON, london_date
from directory.insight.periods import Period
from directory.insight.rounding import FEWEST

FEWEST_STAYS = 10
BANDS = (7, 14, 28, 42, 56, 91, 126, 182, 273, 365)
"""Nights. A median is told as the upper end of the band in which it falls."""
ASSUMED_NIGHTS = 91
"""A quarter: what is assumed where too few stays have ended to know better. People may change it."""


def usual_nights(session: Session, quarter: Period) -> int | None:
    """Within how many nights half of the stays ended that ended in the quarter.

    A stay is a time for which a refuge's unit was occupied. None where fewer than ten stays, or stays in fewer than
    five units, ended.
    """
    period = UnitStatePeriod
    refuge = Unit.service_id.in_(select(Service.id).where(Service.kind == ServiceKind.REFUGE))
    rows = session.execute(
        select(period.unit_id, period.began_at, period.ended_at)
        .join(Unit, Unit.id == period.unit_id)
        .where(
            refuge,
            period.state == UnitState.OCCUPIED,
            period.ended_at >= _midnight(quarter.first),
            period.ended_at < _midnight(quarter.end),
        )
    ).all()
    lengths = [(unit, (london_date(ended) - london_date(began)).days) for unit, began, ended in rows if ended]
    # What was occupied and free again on the same day was a slip of the finger.
    stays = [(unit_id, nights) for unit_id, nights in lengths if nights]
    if len(stays) < FEWEST_STAYS or len({unit_id for unit_id, _ in stays}) < FEWEST:
        return None
    middle = median(count for _, count in stays)
    return next((band for band in BANDS if middle <= band), BANDS[-1])


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=LONDON)
