"""Reading listings and taxonomies for people to look at. What they get are facts, never database rows.

Only published listings can be read, unless the caller says that drafts may be: then they come with their status.
Listings that were removed cannot be read at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, inspect, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from directory.catalogue.models import AccessFeature, Community, Need, Organisation, Service
from directory.catalogue.vocabulary import AcceptsNrpf, Gender, ListingStatus, LocationDisclosure, WideArea
from directory.common.errors import NotFoundError
from directory.places.lookup import all_boroughs


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """A service in the list of its organisation."""

    id: str
    name: str
    kind: str
    status: ListingStatus


@dataclass(frozen=True, slots=True)
class OrganisationFacts:
    """An organisation as signed-in people see it. `communities` are names."""

    id: str
    name: str
    description: str
    by_and_for: bool
    communities: tuple[str, ...]
    website: str
    phone: str
    email: str
    charity_number: str
    status: ListingStatus
    verified_on: date | None
    source: str
    services: tuple[ServiceLine, ...]


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """A service as signed-in people see it.

    `languages` are ISO 639 codes; needs, communities, access and areas are words to read. `postcode` is empty
    unless the service's location is public; `borough` may be None. `accepts_nrpf` is None where it is not known.
    """

    id: str
    name: str
    kind: str
    is_refuge: bool
    organisation_id: str
    organisation_name: str
    by_and_for: bool
    organisation_communities: tuple[str, ...]
    description: str
    needs: tuple[str, ...]
    communities: tuple[str, ...]
    languages: tuple[str, ...]
    genders: tuple[Gender, ...]
    min_age: int | None
    max_age: int | None
    accepts_nrpf: AcceptsNrpf | None
    areas: tuple[str, ...]
    location: LocationDisclosure
    postcode: str
    borough: str | None
    access: tuple[str, ...]
    hours: str
    phone: str
    professional_phone: str
    referral_email: str
    response_target_minutes: int | None
    status: ListingStatus
    verified_on: date | None


@dataclass(frozen=True, slots=True)
class TermFacts:
    """A taxonomy's term: its name, what it means, and other words for it."""

    code: str
    name: str
    definition: str
    synonyms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TermGroup:
    """A wider term and the narrower ones under it; `terms` begins with the wider one itself."""

    name: str
    terms: tuple[TermFacts, ...]


@dataclass(frozen=True, slots=True)
class Taxonomies:
    """The three taxonomies."""

    needs: tuple[TermGroup, ...]
    communities: tuple[TermGroup, ...]
    access: tuple[TermGroup, ...]


def organisation_ids(session: Session) -> set[str]:
    """The id of every organisation, drafts and removed ones too; none where the database has no catalogue yet."""
    if not inspect(session.connection()).has_table(Organisation.__tablename__):
        return set()
    return set(session.scalars(select(Organisation.id)))


def read_organisation(session: Session, organisation_id: str, *, drafts: bool = False) -> OrganisationFacts:
    """One organisation with its services. Raises NotFoundError where there is none that may be shown."""
    found = session.scalar(
        select(Organisation)
        .where(Organisation.id == organisation_id, Organisation.removed_at.is_(None))
        .options(selectinload(Organisation.communities))
    )
    if found is None or not (drafts or found.status == ListingStatus.PUBLISHED):
        raise NotFoundError("There is no such organisation.")
    return OrganisationFacts(
        id=found.id,
        name=found.name,
        description=found.description,
        by_and_for=found.by_and_for,
        communities=_names(found.communities),
        website=found.website,
        phone=found.phone,
        email=found.email,
        charity_number=found.charity_number,
        status=found.status,
        verified_on=found.verified_on,
        source=found.source,
        services=tuple(
            ServiceLine(service.id, service.name, service.kind.label, service.status)
            for service in session.scalars(_services_of(organisation_id, drafts=drafts))
        ),
    )


def read_service(session: Session, service_id: str, *, drafts: bool = False) -> ServiceFacts:
    """One service. Raises NotFoundError where there is none, or its organisation may not be shown."""
    found = session.scalar(
        select(Service)
        .join(Service.organisation)
        .where(Service.id == service_id, Service.removed_at.is_(None), Organisation.removed_at.is_(None))
        .options(
            contains_eager(Service.organisation).selectinload(Organisation.communities),
            *(
                selectinload(attribute)
                for attribute in (
                    Service.needs,
                    Service.communities,
                    Service.access_features,
                    Service.languages,
                    Service.genders,
                    Service.areas,
                )
            ),
        )
    )
    if found is None or not (drafts or _is_published(found)):
        raise NotFoundError("There is no such service.")
    return _service_facts(found, {borough.code: borough.name for borough in all_boroughs(session)})


def read_taxonomies(session: Session) -> Taxonomies:
    """Every need, community and access feature; three statements."""
    return Taxonomies(_groups(session, Need), _groups(session, Community), _groups(session, AccessFeature))


def _services_of(organisation_id: str, *, drafts: bool) -> Select[Service]:
    query = select(Service).where(Service.organisation_id == organisation_id, Service.removed_at.is_(None))
    if not drafts:
        query = query.where(Service.status == ListingStatus.PUBLISHED)
    return query.order_by(Service.name, Service.id)


def _is_published(service: Service) -> bool:
    return {service.status, service.organisation.status} == {ListingStatus.PUBLISHED}


def _service_facts(found: Service, boroughs: dict[str, str]) -> ServiceFacts:
    owner = found.organisation
    # A published service of an organisation that is not published is not published either.
    status = found.status if found.status != ListingStatus.PUBLISHED else owner.status
    return ServiceFacts(
        id=found.id,
        name=found.name,
        kind=found.kind.label,
        is_refuge=found.kind == "refuge",
        organisation_id=owner.id,
        organisation_name=owner.name,
        by_and_for=owner.by_and_for,
        organisation_communities=_names(owner.communities),
        description=found.description,
        needs=_names(found.needs),
        communities=_names(found.communities),
        languages=tuple(language.language for language in found.languages),
        genders=tuple(gender.gender for gender in found.genders),
        min_age=found.min_age,
        max_age=found.max_age,
        accepts_nrpf=found.accepts_nrpf,
        areas=_area_names([area.area for area in found.areas], boroughs),
        location=found.location_disclosure,
        postcode=(found.postcode or "") if found.location_disclosure == LocationDisclosure.PUBLIC else "",
        borough=boroughs.get(found.borough_code or ""),
        access=_names(found.access_features),
        hours=found.hours,
        phone=found.phone,
        professional_phone=found.professional_phone,
        referral_email=found.referral_email,
        response_target_minutes=found.response_target_minutes,
        status=status,
        verified_on=found.verified_on,
    )


def _names(terms: list[Any]) -> tuple[str, ...]:
    return tuple(sorted((term.name for term in terms), key=str.casefold))


def _area_names(areas: list[str], boroughs: dict[str, str]) -> tuple[str, ...]:
    """The widest first, then the boroughs by name."""
    wide = [area.label for area in (WideArea.UK, WideArea.ENGLAND, WideArea.LONDON) if area in areas]
    return (*wide, *sorted(boroughs[area] for area in areas if area in boroughs))


def _groups(session: Session, term: type[Need] | type[Community] | type[AccessFeature]) -> tuple[TermGroup, ...]:
    rows: Sequence[Any] = session.scalars(select(term)).all()
    parents = {row.code: row.parent_code for row in rows}
    members: dict[str, list[TermFacts]] = {}
    for row in sorted(rows, key=lambda row: row.name.casefold()):
        facts = TermFacts(row.code, row.name, row.definition, row.synonyms)
        top = _top(row.code, parents)
        # The wider term comes first, whatever its name.
        members.setdefault(top, []).insert(0 if row.code == top else len(members[top]), facts)
    groups = (TermGroup(terms[0].name, tuple(terms)) for terms in members.values())
    return tuple(sorted(groups, key=lambda group: group.name.casefold()))


def _top(code: str, parents: dict[str, str | None]) -> str:
    """The widest term above `code`; stops where it began should parents ever go round in a circle."""
    top, parent = code, parents[code]
    while parent is not None and parent != code:
        top, parent = parent, parents[parent]
    return top
