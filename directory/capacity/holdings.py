"""What belongs to whom in the catalogue: an organisation's services, a service's units."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.capacity.models import Unit
from directory.catalogue.models import Service
from directory.catalogue.versions.models import ListingKind


def belongings(session: Session, kind: ListingKind, listing_id: str) -> list[tuple[ListingKind, str]]:
    """The services of an organisation, or the units of a service, that have not been removed; by id."""
    if kind is ListingKind.ORGANISATION:
        services = select(Service.id).where(Service.organisation_id == listing_id, Service.removed_at.is_(None))
        return [(ListingKind.SERVICE, found) for found in sorted(session.scalars(services))]
    if kind is ListingKind.SERVICE:
        units = select(Unit.id).where(Unit.service_id == listing_id, Unit.removed_at.is_(None))
        return [(ListingKind.UNIT, found) for found in sorted(session.scalars(units))]
    return []
