"""How true the catalogue is kept: what share of the units is confirmed lately, and where it is worst."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.orm import Session

from directory.capacity.availability import Moment, offerable
from directory.capacity.models import Unit
from directory.capacity.overdue import DueSubject, read_unanswered
from directory.catalogue.models import Organisation, Service
from directory.catalogue.vocabulary import ListingStatus
from directory.upkeep.due import review_is_due
from directory.upkeep.links import usable
from directory.upkeep.models import UpdateLink, update_link_services


@dataclass(frozen=True, slots=True)
class ServiceFreshness:
    """A published service: how many of its units may be offered, and how many of these were confirmed lately.

    `oldest_confirmed_at` is the oldest confirmation among them (None: there is none, or one was never confirmed).
    `reminders` are those that were not answered, the most of units and listing; `verified_by` is a reference.
    `link_sent_at` is when the last link went out that can still be used.
    """

    id: str
    name: str
    organisation_id: str
    organisation: str
    units: int
    within_24h: int
    within_72h: int
    never: int
    oldest_confirmed_at: datetime | None
    reminders: int
    listing_due: bool
    verified_on: date | None
    verified_by: str
    link_sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class FreshnessReport:
    """Counts of the units that may be offered, and the published services, worst first.

    The names say 24 and 72 hours, which is what the settings CONFIRM_WITHIN_SECONDS and STALE_AFTER_SECONDS are by
    default; counted is by the settings.
    """

    units: int
    within_24h: int
    within_72h: int
    never: int
    overdue_services: int
    services: tuple[ServiceFreshness, ...]


def freshness_report(session: Session, moment: Moment) -> FreshnessReport:
    """The report at the moment; three statements, however many services."""
    reminders: dict[str, int] = {}
    for (service_id, _), one in read_unanswered(session).items():
        reminders[service_id] = max(one.count, reminders.get(service_id, 0))
    links = _links(session, moment.now)
    services = sorted(
        (_service(row, moment, reminders, links) for row in session.execute(_services(moment))), key=_worst_first
    )
    return FreshnessReport(
        units=_sum(one.units for one in services),
        within_24h=_sum(one.within_24h for one in services),
        within_72h=_sum(one.within_72h for one in services),
        never=_sum(one.never for one in services),
        overdue_services=_sum(one.reminders > 0 for one in services),
        services=tuple(services),
    )


def overdue_services(session: Session) -> int:
    """How many services have been reminded in vain; for a page that shows a number alone."""
    return len({service_id for service_id, _ in read_unanswered(session)})


def unanswered_of(session: Session, service_id: str) -> dict[DueSubject, int]:
    """How often one service was reminded in vain, by what it was reminded of."""
    return {subject: one.count for (_, subject), one in read_unanswered(session, [service_id]).items()}


def _services(moment: Moment) -> Select[*tuple[Any, ...]]:
    counted = and_(Unit.service_id == Service.id, Unit.removed_at.is_(None), offerable(moment))
    columns = (Service.id, Service.name, Organisation.id, Organisation.name, Service.verified_on, Service.verified_by)
    return (
        select(
            *columns,
            func.count(Unit.id),
            func.count(case((Unit.confirmed_at >= moment.fresh_since, 1))),
            func.count(case((Unit.confirmed_at >= moment.counts_since, 1))),
            func.count(Unit.confirmed_at),
            func.min(Unit.confirmed_at),
        )
        .join(Organisation, Organisation.id == Service.organisation_id)
        .outerjoin(Unit, counted)
        .where(Service.status == ListingStatus.PUBLISHED, Organisation.status == ListingStatus.PUBLISHED)
        .group_by(*columns)
    )


def _service(row: Any, moment: Moment, reminders: dict[str, int], links: dict[str, datetime]) -> ServiceFreshness:
    service_id, name, owner_id, owner, verified_on, verified_by, units, fresh, counting, confirmed, oldest = row
    return ServiceFreshness(
        id=service_id,
        name=name,
        organisation_id=owner_id,
        organisation=owner,
        units=units,
        within_24h=fresh,
        within_72h=counting,
        never=units - confirmed,
        oldest_confirmed_at=oldest if confirmed == units else None,
        reminders=reminders.get(service_id, 0),
        listing_due=review_is_due(verified_on, moment),
        verified_on=verified_on,
        verified_by=verified_by,
        link_sent_at=links.get(service_id),
    )


def _worst_first(one: ServiceFreshness) -> tuple[Any, ...]:
    """Most reminders in vain first; then units never confirmed, units longest not confirmed, listings longest not."""
    stale = one.units - one.within_24h
    oldest = one.oldest_confirmed_at.timestamp() if one.oldest_confirmed_at and stale else 0.0
    verified = one.verified_on.toordinal() if one.verified_on else 0
    return (-one.reminders, one.never == 0, stale == 0, oldest, not one.listing_due, verified, one.id)


def _links(session: Session, now: datetime) -> dict[str, datetime]:
    rows = session.execute(
        select(update_link_services.c.service_id, func.max(UpdateLink.made_at))
        .join(UpdateLink, UpdateLink.id == update_link_services.c.link_id)
        .where(*usable(now))
        .group_by(update_link_services.c.service_id)
    )
    return {service_id: made_at for service_id, made_at in rows}  # noqa: C416 - rows are no pairs to a type checker


def _sum(numbers: Iterable[int]) -> int:
    return sum(numbers)
