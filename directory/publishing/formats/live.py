"""The published catalogue as it is now, a page at a time, as bodies such as those of an edition.

Pages are cut by the database, and the number of statements does not grow with the catalogue.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from directory.catalogue.models import AccessFeature, Community, Need, Organisation, Service
from directory.catalogue.vocabulary import ListingStatus, LocationDisclosure
from directory.common.errors import NotFoundError
from directory.common.paging import Paging
from directory.publishing.formats.identifiers import uuid_of
from directory.publishing.formats.terms import Taxonomy
from directory.publishing.formats.words import Body

T = TypeVar("T")
LONGEST_SEARCH = 200
_SERVICE_LISTS: tuple[Any, ...] = (
    *(Service.needs, Service.communities, Service.access_features),
    *(Service.languages, Service.genders, Service.areas),
)


@dataclass(frozen=True, slots=True)
class ServiceQuestion:
    """What to list: every condition that is given has to hold. It asks about services, never about a person.

    `term` is a taxonomy and codes of it, of which one is enough; `taxonomy` asks for any term of one. Ages are those
    that the service names.
    """

    text: str = ""
    organisation_id: str | None = None
    term: tuple[Taxonomy, frozenset[str]] | None = None
    taxonomy: Taxonomy | None = None
    youngest_at_least: int | None = None
    oldest_at_most: int | None = None


def list_services(session: Session, question: ServiceQuestion, paging: Paging) -> tuple[int, list[Body]]:
    """How many published services answer `question`, and those of one page, by name and id."""
    matching = select(Service.id).join(Service.organisation).where(_published(), *_conditions(question))
    total = session.scalar(select(func.count()).select_from(matching.subquery())) or 0
    page = matching.order_by(Service.name, Service.id)
    return total, _services(session, _cut(page, paging))


def list_organisations(session: Session, paging: Paging) -> tuple[int, list[Body]]:
    """How many published organisations there are, and those of one page, by name and id."""
    published = select(Organisation.id).where(_shown(Organisation))
    total = session.scalar(select(func.count()).select_from(published.subquery())) or 0
    page = _cut(published.order_by(Organisation.name, Organisation.id), paging)
    rows = session.scalars(
        select(Organisation)
        .where(Organisation.id.in_(page.subquery().select()))
        .options(selectinload(Organisation.communities))
        .order_by(Organisation.name, Organisation.id)
    )
    return total, [_organisation_body(row) for row in rows]


def service_by_uuid(session: Session, uuid: str) -> Body:
    """One published service. Raises NotFoundError."""
    ids = session.scalars(select(Service.id).join(Service.organisation).where(_published()))
    return _services(session, [_named("service", ids, uuid)])[0]


def organisation_id_of(session: Session, uuid: str) -> str:
    """Our own id of a published organisation. Raises NotFoundError."""
    return _named("organization", session.scalars(select(Organisation.id).where(_shown(Organisation))), uuid)


def organisations(session: Session, ids: Iterable[str]) -> dict[str, Body]:
    """Published organisations by id; two statements."""
    rows = session.scalars(
        select(Organisation)
        .where(Organisation.id.in_(set(ids)), _shown(Organisation))
        .options(selectinload(Organisation.communities))
    )
    return {row.id: _organisation_body(row) for row in rows}


def _named(kind: str, ids: Iterable[str], uuid: str) -> str:
    """Which of `ids` has that UUID. They are computed, and remembered: no column holds them."""
    wanted = uuid.lower()
    for found in ids:
        if uuid_of(kind, found) == wanted:
            return found
    raise NotFoundError("There is no such thing in the published catalogue.")


def _shown(model: type[Organisation] | type[Service]) -> ColumnElement[bool]:
    return and_(model.status == ListingStatus.PUBLISHED, model.removed_at.is_(None))


def _published() -> ColumnElement[bool]:
    return and_(_shown(Service), _shown(Organisation))


def _conditions(question: ServiceQuestion) -> list[ColumnElement[bool]]:
    found = []
    if question.text:
        columns = (Service.name, Service.description, Organisation.name)
        found.append(or_(*(column.icontains(question.text, autoescape=True) for column in columns)))
    if question.organisation_id is not None:
        found.append(Service.organisation_id == question.organisation_id)
    if question.term is not None:
        found.append(_has_term(*question.term))
    if question.taxonomy is not None:
        found.append(_has_any(question.taxonomy))
    if question.youngest_at_least is not None:
        found.append(Service.min_age >= question.youngest_at_least)
    if question.oldest_at_most is not None:
        found.append(Service.max_age <= question.oldest_at_most)
    return found


def _has_term(taxonomy: Taxonomy, codes: frozenset[str]) -> ColumnElement[bool]:
    if taxonomy is Taxonomy.NEEDS:
        return Service.needs.any(Need.code.in_(codes))
    if taxonomy is Taxonomy.COMMUNITIES:
        return Service.communities.any(Community.code.in_(codes))
    if taxonomy is Taxonomy.ACCESS_FEATURES:
        return Service.access_features.any(AccessFeature.code.in_(codes))
    return Service.kind.in_(codes)


def _has_any(taxonomy: Taxonomy) -> ColumnElement[bool]:
    lists = {
        Taxonomy.NEEDS: Service.needs,
        Taxonomy.COMMUNITIES: Service.communities,
        Taxonomy.ACCESS_FEATURES: Service.access_features,
    }
    return lists[taxonomy].any() if taxonomy in lists else Service.kind.is_not(None)


def _cut(query: Select[T], paging: Paging) -> Select[T]:
    return query.limit(paging.per_page).offset((paging.page - 1) * paging.per_page)


def _services(session: Session, ids: Any) -> list[Body]:
    """The services that `ids` (a list, or a page of a query) name, by name and id: seven statements."""
    wanted = ids.subquery().select() if isinstance(ids, Select) else ids
    rows = session.scalars(
        select(Service)
        .join(Service.organisation)
        .where(Service.id.in_(wanted))
        .options(contains_eager(Service.organisation), *(selectinload(attribute) for attribute in _SERVICE_LISTS))
        .order_by(Service.name, Service.id)
    )
    return [_service_body(row) for row in rows]


def _service_body(row: Service) -> Body:
    is_public = row.location_disclosure is LocationDisclosure.PUBLIC
    return {
        "id": row.id,
        "organisation_id": row.organisation_id,
        "organisation_name": row.organisation.name,
        "by_and_for": row.organisation.by_and_for,
        "name": row.name,
        "kind": row.kind.value,
        "description": row.description,
        "needs": sorted(term.code for term in row.needs),
        "communities": sorted(term.code for term in row.communities),
        "access_features": sorted(term.code for term in row.access_features),
        "languages": sorted(language.language for language in row.languages),
        "genders": sorted(gender.gender.value for gender in row.genders),
        "areas": sorted(area.area for area in row.areas),
        "min_age": row.min_age,
        "max_age": row.max_age,
        "accepts_nrpf": row.accepts_nrpf.value if row.accepts_nrpf else None,
        "location_disclosure": row.location_disclosure.value,
        "postcode": row.postcode if is_public else None,
        "borough": row.borough_code,
        "hours": row.hours,
        "phone": row.phone,
        "website": row.organisation.website,
        "response_target_minutes": row.response_target_minutes,
        "verified_on": row.verified_on.isoformat() if row.verified_on else None,
    }


def _organisation_body(row: Organisation) -> Body:
    return {
        "id": row.id,
        "name": row.name,
        "description": row.description,
        "by_and_for": row.by_and_for,
        "communities": sorted(term.code for term in row.communities),
        "website": row.website,
        "phone": row.phone,
        "email": row.email,
        "charity_number": row.charity_number,
        "verified_on": row.verified_on.isoformat() if row.verified_on else None,
    }
