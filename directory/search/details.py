"""What is shown of a match, read in full for the few services that a page shows, in a fixed number of statements."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session

from directory.capacity.queries import UnitFact, units_in_brief
from directory.catalogue.models import Organisation, Service, ServiceLanguage
from directory.catalogue.vocabulary import ListingStatus, ServiceKind
from directory.places.distance import shown_miles
from directory.search.explaining import failed_text, musts_met
from directory.search.matching import Options
from directory.search.musts import Asked, Must
from directory.search.ranking import Ranked, Reason, explain

_THESE: BindParameter[Any] = bindparam("these", expanding=True)
# Written once: composing these takes longer than answering them.
_SERVICES = (
    select(
        Service.id,
        Service.name,
        Service.kind,
        Service.phone,
        Service.professional_phone,
        Service.referral_email,
        Service.hours,
        Service.borough_code,
        Service.response_target_minutes,
        Service.status,
        Organisation.id.label("organisation_id"),
        Organisation.name.label("organisation_name"),
        Organisation.by_and_for,
        Organisation.phone.label("organisation_phone"),
        Organisation.website,
        Organisation.status.label("organisation_status"),
    )
    .join(Organisation, Organisation.id == Service.organisation_id)
    .where(Service.id.in_(_THESE))
)
_LANGUAGES = (
    select(ServiceLanguage.service_id, ServiceLanguage.language)
    .where(ServiceLanguage.service_id.in_(_THESE))
    .order_by(ServiceLanguage.language)
)


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
    services = _services(session, ids)
    languages = _languages(session, ids)
    units = _units(session, asked, lists)
    made = []
    for number, shown in enumerate(lists):
        matches = []
        for one in shown.ranked:
            service_id = asked.index.services.ids[one.service]
            if service_id in services:
                fitting = tuple(units[number, service_id])
                matches.append(_match(asked, shown, one, services[service_id], languages[service_id], fitting))
        made.append(tuple(matches))
    return made


def _services(session: Session, ids: list[str]) -> dict[str, Any]:
    """The published ones among these services, each as a row with its organisation's facts beside its own."""
    rows = session.execute(_SERVICES, {"these": ids})
    return {row.id: row for row in rows if row.status == row.organisation_status == ListingStatus.PUBLISHED}


def _languages(session: Session, ids: list[str]) -> dict[str, tuple[str, ...]]:
    languages: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for service_id, language in session.execute(_LANGUAGES, {"these": ids}):
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
        for fact in units_in_brief(session, list(wanted), asked.moment):
            for number in wanted[fact.id]:
                found[number, fact.service_id].append(fact)
    return found


def _match(
    asked: Asked, shown: Shown, one: Ranked, row: Any, languages: tuple[str, ...], units: tuple[UnitFact, ...]
) -> Match:
    is_refuge = row.kind == ServiceKind.REFUGE
    criteria = asked.criteria
    failed = shown.options.failed.get((one.service, one.unit))
    reasons = explain(one, criteria, is_refuge=is_refuge)
    if failed is None:
        reasons += musts_met(criteria, is_refuge=is_refuge)
    borough = asked.index.boroughs.get(row.borough_code or "")
    return Match(
        service=ServiceSummary(
            id=row.id,
            name=row.name,
            kind=row.kind.value,
            phone=row.phone,
            professional_phone=row.professional_phone,
            referral_email=row.referral_email,
            hours=row.hours,
            borough=borough.name if borough else None,
            languages=languages,
            response_target_minutes=row.response_target_minutes,
        ),
        organisation=OrganisationSummary(
            row.organisation_id, row.organisation_name, row.by_and_for, row.organisation_phone, row.website
        ),
        units=units,
        score=one.score,
        reasons=tuple(reasons),
        distance_miles=shown_miles(one.miles) if one.miles is not None else None,
        failed=(failed, failed_text(failed, criteria)) if failed else None,
    )
