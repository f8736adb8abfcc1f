"""Reading performance figures: what everybody may see of them, and nothing else (firewall, rule 8)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from statistics import median, median_high

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from directory.catalogue.models import Organisation, PerformanceFigure, Service
from directory.catalogue.vocabulary import ListingStatus, ServiceKind
from directory.common.clock import london_date
from directory.common.errors import InvalidInputError, NotFoundError
from directory.publishing.performance.computing import Computed, compute
from directory.publishing.performance.disclosing import Values, disclose, disclose_rows, is_shown, usable
from directory.publishing.performance.facts import PeerRange, QuarterFigures, ServiceFigures, Source
from directory.publishing.performance.london import london_figures
from directory.publishing.performance.measures import MEDIAN_RESPONSE, P90_RESPONSE, RECEIVED, measures
from directory.publishing.performance.quality import disagreeing, flags
from directory.publishing.performance.wording import usual_answer
from directory.referrals.statistics import FEWEST, days_of, is_final, quarter_of_month, quarters_counted

FEWEST_PEERS = 3


@dataclass(frozen=True, slots=True)
class Listing:
    """A published service."""

    id: str
    name: str
    organisation_id: str
    organisation_name: str
    kind: ServiceKind
    borough_code: str | None


_Listed = Select[str, str, str, str, ServiceKind, str | None]


@dataclass(frozen=True, slots=True)
class _Quarters:
    """The final quarters that services have figures of, and those in which the directory has counted referrals."""

    imported: frozenset[str]
    counted: frozenset[str]

    @property
    def newest_first(self) -> tuple[str, ...]:
        return tuple(sorted(self.imported | self.counted, reverse=True))


def shown_quarters(session: Session, now: datetime) -> tuple[str, ...]:
    """The final quarters for which there are figures, imported or counted, newest first; three statements or so."""
    return _quarters(session, now).newest_first


def read_quarter(session: Session, quarter: str, now: datetime) -> QuarterFigures:
    """One quarter, such as `2026-Q3`, as everybody may see it; as many statements for one service as for thousands.

    Raises InvalidInputError for what is no quarter, RefusedError for one that is not final, with the day on which it
    is.
    """
    computed = compute(session, [quarter], now)[quarter]
    imported = _imported(session, [quarter])[quarter]
    return assemble(quarter, _listings(session, _published()), imported, computed)


def read_trend(
    session: Session, service_id: str, now: datetime, quarters: int = 8
) -> tuple[tuple[str, ServiceFigures], ...]:
    """A published service's figures of the newest final quarters, oldest first; of those in between that have none too.

    Raises NotFoundError where no such service is published.
    """
    listings = _listings(session, _published().where(Service.id == service_id))
    if not listings:
        raise NotFoundError("There is no such service.")
    known = _quarters(session, now)
    wanted = sorted(known.newest_first[:quarters])
    computed = compute(session, wanted, now, [service_id])
    imported = _imported(session, wanted, [service_id])
    return tuple(
        (quarter, _figures(listings[0], own.get(service_id, {}), computed[quarter], counted=quarter in known.counted))
        for quarter, own in imported.items()
    )


def peers(figures: Iterable[ServiceFigures], measure: str, source: Source) -> PeerRange | None:
    """Where the shown figures of one measure lie; None where fewer than FEWEST_PEERS services have one.

    Of shown figures alone: so whatever is filtered and compared, it gives nothing back that is hidden.
    """
    values = [one.of(source)[measure].value for one in figures if is_shown(one.of(source), measure)]
    shown = sorted(value for value in values if value is not None)
    if len(shown) < FEWEST_PEERS:
        return None
    # The directory knows of times only within which band they are: there is nothing between two bands.
    in_bands = source is Source.COMPUTED and measure in (MEDIAN_RESPONSE, P90_RESPONSE)
    return PeerRange(len(shown), shown[0], Decimal(median_high(shown) if in_bands else median(shown)), shown[-1])


def usual_answers(session: Session, service_ids: Collection[str], now: datetime) -> Mapping[str, str]:
    """What is said beside listings, by service id: `Usually answers within 35 minutes; accepted about 8 of 10 …`.

    From the newest quarter that is final: the service's own figures, else the directory's. Services of which nothing
    may be said are left out. A few statements, however many services.
    """
    wanted = sorted(set(service_ids))
    if not wanted:
        return {}
    quarter = _newest_final(now)
    computed = compute(session, [quarter], now, wanted)[quarter]
    imported = _imported(session, [quarter], wanted)[quarter]
    said = {}
    for service_id in wanted:
        shown = disclose(imported.get(service_id, {}), computed.services.get(service_id, {}))
        sentence = usual_answer(shown[Source.IMPORTED], shown[Source.COMPUTED])
        if sentence:
            said[service_id] = sentence
    return said


def _quarters(session: Session, now: datetime) -> _Quarters:
    figure = PerformanceFigure
    known = figure.measure.in_([one.code for one in measures()])
    periods = session.scalars(select(figure.period).where(known, figure.value.is_not(None)).distinct())
    imported = frozenset(quarter for quarter in periods if _is_final(quarter, now))
    return _Quarters(imported, frozenset(quarters_counted(session, now)))


def _is_final(quarter: str, now: datetime) -> bool:
    """Periods are kept as files write them: what is none at all is not final either."""
    try:
        return is_final(quarter, now)
    except InvalidInputError:
        return False


def _newest_final(now: datetime) -> str:
    """The last quarter that is final, by the calendar: whoever searches does not wait for a look at all figures."""
    quarter = quarter_of_month(f"{london_date(now):%Y-%m}")
    while not is_final(quarter, now):
        quarter = quarter_of_month(f"{days_of(quarter)[0] - timedelta(days=1):%Y-%m}")
    return quarter


def _published() -> _Listed:
    return (
        select(Service.id, Service.name, Organisation.id, Organisation.name, Service.kind, Service.borough_code)
        .join(Organisation, Organisation.id == Service.organisation_id)
        .where(Service.status == ListingStatus.PUBLISHED, Organisation.status == ListingStatus.PUBLISHED)
    )


def _listings(session: Session, query: _Listed) -> list[Listing]:
    """By name and id, in an order that no database's language changes."""
    listings = [Listing(*row) for row in session.execute(query)]
    return sorted(listings, key=lambda one: (one.name.casefold(), one.id))


def _imported(
    session: Session, quarters: Sequence[str], service_ids: Collection[str] | None = None
) -> dict[str, dict[str, Values]]:
    """The imported figures by quarter and service; those that are not known are left out."""
    found: dict[str, defaultdict[str, dict[str, Decimal]]] = {quarter: defaultdict(dict) for quarter in quarters}
    figure = PerformanceFigure
    query = select(figure.period, figure.service_id, figure.measure, figure.value)
    query = query.where(figure.period.in_(quarters), figure.value.is_not(None))
    if service_ids is not None:
        query = query.where(figure.service_id.in_(service_ids))
    for period, service_id, measure, value in session.execute(query):
        if value is not None:
            found[period][service_id][measure] = value
    return {quarter: dict(of_quarter) for quarter, of_quarter in found.items()}


def assemble(
    quarter: str, listings: Iterable[Listing], imported: Mapping[str, Values], computed: Computed
) -> QuarterFigures:
    """What may be shown of a quarter, from the raw figures by service; pure, so that the rule can be attacked whole."""
    counted = computed.all_services.get(RECEIVED, 0) >= FEWEST
    read = [_figures(one, imported.get(one.id, {}), computed, counted=counted) for one in listings]
    # A service of which the directory has counted too little, and nobody has given anything, is as one without any.
    services = tuple(one for one in read if one.imported or any(is_shown(one.computed, code) for code in one.computed))
    return QuarterFigures(quarter, services, london_figures(computed, services))


def _figures(listing: Listing, imported: Values, computed: Computed, *, counted: bool) -> ServiceFigures:
    """One service's. Where the directory has `counted` referrals at all, a service that had none looks as if of few."""
    own = computed.services.get(listing.id, {})
    if counted and RECEIVED not in own:
        own = {**own, RECEIVED: Decimal(0)}
    row = usable(imported)
    shown = disclose_rows(row, usable(own))
    differing = disagreeing(shown)
    return ServiceFigures(
        service_id=listing.id,
        service_name=listing.name,
        organisation_id=listing.organisation_id,
        organisation_name=listing.organisation_name,
        kind=listing.kind,
        borough_code=listing.borough_code,
        imported=shown[Source.IMPORTED],
        computed=shown[Source.COMPUTED],
        disagreeing=differing,
        flags=flags(imported, row, shown, differing),
    )
