"""What is shown of a match, read in full for the few services that a page shows, in a fixed number of statements."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.capacity.models import Unit
from directory.capacity.queries import UnitFact, read_units
from directory.catalogue.models import Organisation, Service, ServiceLanguage
from directory.catalogue.vocabulary import ListingStatus, ServiceKind
from directory.places.distance import shown_miles
from directory.search.explaining import failed_text, musts_met
from directory.search.matching import Options
from directory.search.musts import Asked, Must
from directory.search.ranking import Ranked, Reason, explain


@dataclass(frozen=True, slots=True)
class ServiceSummary:
    """A service as a result shows it."""

    id: str
    name: str
    kind: str
    phone: str
    professional_phone: str
    referral_email: str
    hours: str
    borough: str | None
    languages: tuple[str, ...]
    response_target_minutes: int | None


@dataclass(frozen=True, slots=True)
class OrganisationSummary:
    """The organisation behind a result."""

    id: str
    name: str
    by_and_for: bool
    phone: str
    website: str


@dataclass(frozen=True, slots=True)
class Match:
    """One service that answers the question; for a refuge with the units that fit and may be offered.

    `distance_miles` is rounded up to a band; None is unknown or more than 100 miles. `failed` names, for a near miss,
    the one condition that it did not meet, with a sentence.
    """

    service: ServiceSummary
    organisation: OrganisationSummary
    units: tuple[UnitFact, ...]
    score: float
    reasons: tuple[Reason, ...]
    distance_miles: int | None
    failed: tuple[Must, str] | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """Services to show, in order, and the options that they stand for: a near miss shows none of its units."""

    ranked: Sequence[Ranked]
    options: Options
    is_near_miss: bool = False


def read_matches(session: Session, asked: Asked, *lists: Shown) -> list[tuple[Match, ...]]:
    """Read some lists of services in full: four statements for all of them together.

    A service that was withdrawn since the index was built is left out.
    """
    ids = [asked.index.services.ids[one.service] for shown in lists for one in shown.ranked]
    services = {
        service.id: (service, organisation)
        for service, organisation in session.execute(
            select(Service, Organisation)
            .join(Organisation, Organisation.id == Service.organisation_id)
            .where(Service.id.in_(ids))
        )
        if service.status == organisation.status == ListingStatus.PUBLISHED
    }
    languages = _languages(session, ids)
    units = _units(session, asked, lists)
    made = []
    for number, shown in enumerate(lists):
        matches = []
        for one in shown.ranked:
            service_id = asked.index.services.ids[one.service]
            if service_id in services:
                fitting = tuple(units[number, service_id])
                matches.append(_match(asked, shown, one, *services[service_id], languages[service_id], fitting))
        made.append(tuple(matches))
    return made


def _languages(session: Session, ids: list[str]) -> dict[str, tuple[str, ...]]:
    languages: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for service_id, language in session.execute(
        select(ServiceLanguage.service_id, ServiceLanguage.language)
        .where(ServiceLanguage.service_id.in_(ids))
        .order_by(ServiceLanguage.language)
    ):
        languages[service_id] += (language,)
    return languages


def _units(session: Session, asked: Asked, lists: Iterable[Shown]) -> dict[tuple[int, str], list[UnitFact]]:
    """The units of each list's services, by list and service; those with space first."""
    unit_ids = asked.index.units.ids
    wanted: dict[str, list[int]] = defaultdict(list)
    for number, shown in enumerate(lists):
        if shown.is_near_miss:
            continue
        for units in shown.options.units_of({one.service for one in shown.ranked}).values():
            for unit in units:
                wanted[unit_ids[unit]].append(number)
    found: dict[tuple[int, str], list[UnitFact]] = defaultdict(list)
    if wanted:
        for fact in read_units(session, asked.moment, Unit.id.in_(list(wanted))):
            for number in wanted[fact.id]:
                found[number, fact.service_id].append(fact)
    return found


def _match(
    asked: Asked,
    shown: Shown,
    one: Ranked,
    service: Service,
    organisation: Organisation,
    languages: tuple[str, ...],
    units: tuple[UnitFact, ...],
) -> Match:
    is_refuge = service.kind == ServiceKind.REFUGE
    criteria = asked.criteria
    failed = shown.options.failed.get(one.service)
    reasons = explain(one, criteria, is_refuge=is_refuge)
    if failed is None:
        reasons += musts_met(criteria, is_refuge=is_refuge)
    borough = asked.boroughs.get(service.borough_code or "")
    return Match(
        service=ServiceSummary(
            id=service.id,
            name=service.name,
            kind=service.kind.value,
            phone=service.phone,
            professional_phone=service.professional_phone,
            referral_email=service.referral_email,
            hours=service.hours,
            borough=borough.name if borough else None,
            languages=languages,
            response_target_minutes=service.response_target_minutes,
        ),
        organisation=OrganisationSummary(
            organisation.id, organisation.name, organisation.by_and_for, organisation.phone, organisation.website
        ),
        units=units,
        score=one.score,
        reasons=tuple(reasons),
        distance_miles=shown_miles(one.miles) if one.miles is not None else None,
        failed=(failed, failed_text(failed, criteria)) if failed else None,
    )
