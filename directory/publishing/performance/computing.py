"""What the directory's own records say of services: from the counters of referrals, and from the history of units.

Raw: for `disclosing.py` and `london.py`, which decide what may be shown of it.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import true
from sqlalchemy.orm import Session

from directory.capacity.models import Unit
from directory.capacity.utilisation import BedspaceNights, Span, utilisation
from directory.publishing.performance.disclosing import Values
from directory.publishing.performance.measures import (
    ACCEPTED,
    DECLINED_OTHER,
    MEDIAN_RESPONSE,
    OCCUPANCY,
    P90_RESPONSE,
    PARTS,
    RECEIVED,
    UNANSWERED,
    WITHIN_TARGET,
)
from directory.referrals.statistics import ANSWERED_WITHIN_MINUTES, days_of, final_counts

_MORE = Decimal(ANSWERED_WITHIN_MINUTES[-1] + 1)


@dataclass(frozen=True, slots=True)
class Computed:
    """What the records say of a quarter: by service, and over all services that were asked about."""

    services: Mapping[str, Values]
    all_services: Values


def compute(
    session: Session, quarters: Collection[str], now: datetime, service_ids: Collection[str] | None = None
) -> dict[str, Computed]:
    """The raw figures of each quarter, of these services or of all; a handful of statements however many there are.

    Raises InvalidInputError for what is no quarter, RefusedError for one that is not final.
    """
    counted = final_counts(session, quarters, now, service_ids)
    nights = _nights(session, list(counted), now, service_ids)
    return {quarter: quarter_of(counts, nights[quarter]) for quarter, counts in counted.items()}


def quarter_of(counts: Mapping[tuple[str, str], int], nights: Mapping[str, BedspaceNights]) -> Computed:
    """The figures of a quarter from its counters (by service and measure) and its bedspace-nights (by service)."""
    by_service: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for (service_id, measure), count in counts.items():
        by_service[service_id][measure] += count
    services = {}
    for service_id in sorted({*by_service, *nights}):
        values = _of_counters(by_service[service_id]) | _of_nights(nights.get(service_id, BedspaceNights()))
        if values:
            services[service_id] = values
    overall: Counter[str] = Counter()
    for counter in by_service.values():
        overall.update(counter)
    total = sum(nights.values(), BedspaceNights())
    return Computed(services, _of_counters(overall) | _of_nights(total))


def _of_counters(counter: Mapping[str, int]) -> dict[str, Decimal]:
    """A service's counters as measures; none of them where it was never asked."""
    asked = counter.get("asked", 0)
    if not asked:
        return {}
    counts = dict.fromkeys(PARTS, 0) | {RECEIVED: asked}
    for measure, count in counter.items():
        if measure == "accepted":
            counts[ACCEPTED] += count
        elif measure == "unanswered":
            counts[UNANSWERED] += count
        elif measure.startswith("declined."):
            # Who said no, the service or the household, is one measure: two would be small too often.
            code = f"declined_{measure.rpartition('.')[2]}"
            counts[code if code in counts else DECLINED_OTHER] += count
    values = {code: Decimal(count) for code, count in counts.items()}
    values[WITHIN_TARGET] = Decimal(100 * counter.get("answered_in_time", 0)) / asked
    for code, part in ((MEDIAN_RESPONSE, 50), (P90_RESPONSE, 90)):
        values[code] = _time(counter, part)
    return values


def _time(counter: Mapping[str, int], part: int) -> Decimal:
    """The upper end of the band of response times in which `part` per cent of the answers are reached.

    Where there are no answers, beyond all bands: a time that is missing would tell that, one that is hidden does not.
    """
    bands = [(Decimal(minutes), counter.get(f"answered.{minutes}", 0)) for minutes in ANSWERED_WITHIN_MINUTES]
    bands.append((_MORE, counter.get("answered.more", 0)))
    answers, reached = sum(count for _, count in bands), 0
    for minutes, count in bands:
        reached += count
        if answers and 100 * reached >= part * answers:
            return minutes
    return _MORE


def _nights(
    session: Session, quarters: list[str], now: datetime, service_ids: Collection[str] | None
) -> dict[str, dict[str, BedspaceNights]]:
    """Bedspace-nights by quarter and service."""
    nights: dict[str, dict[str, BedspaceNights]] = {quarter: {} for quarter in quarters}
    which = true() if service_ids is None else Unit.service_id.in_(service_ids)
    spans = [Span(quarter, *days_of(quarter)) for quarter in quarters]
    for unit in utilisation(session, which, spans, now) if spans else []:
        for span, count in zip(spans, unit.nights, strict=True):
            of_quarter = nights[span.label]
            of_quarter[unit.service_id] = of_quarter.get(unit.service_id, BedspaceNights()) + count
    return nights


def _of_nights(nights: BedspaceNights) -> dict[str, Decimal]:
    percent = nights.occupied_percent
    return {} if percent is None else {OCCUPANCY: Decimal(percent)}
