"""Which listings there are, drafts and withdrawn ones too: for those who keep them. Facts, never database rows."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.capacity.models import RingFence, Unit
from directory.catalogue.models import Organisation, Service
from directory.catalogue.versions.models import ChangeKind, ListingKind
from directory.catalogue.vocabulary import ListingStatus, ServiceKind
from directory.common.errors import NotFoundError
from directory.common.paging import Paging
from directory.editing.models import Proposal, ProposalSource, ProposalState
from directory.editing.reading import keeper
from directory.editing.reviewing import count_waiting

__all__ = [
    "ChangeKind",
    "Filter",
    "ListingKind",
    "ListingLine",
    "OwnListings",
    "ProposalSource",
    "ProposalState",
    "ServiceEntry",
    "UnitEntry",
    "Waiting",
    "find_listings",
    "listings_of",
    "what_waits",
]


@dataclass(frozen=True, slots=True)
class ListingLine:
    """An organisation or a service in a list. `service_kind` is None for an organisation."""

    kind: ListingKind
    id: str
    name: str
    organisation_id: str
    organisation_name: str
    service_kind: ServiceKind | None
    status: ListingStatus
    verified_on: date | None


@dataclass(frozen=True, slots=True)
class UnitEntry:
    """A unit in the list of its service. `ringfenced` is for its provider and commissioners alone."""

    id: str
    name: str
    bedspaces: int
    ringfenced: bool


@dataclass(frozen=True, slots=True)
class ServiceEntry:
    """A service with its units."""

    line: ListingLine
    units: tuple[UnitEntry, ...]


@dataclass(frozen=True, slots=True)
class OwnListings:
    """Everything that one organisation keeps; `pending` counts what waits for a commissioner, by kind and id."""

    organisation: ListingLine
    services: tuple[ServiceEntry, ...]
    pending: dict[tuple[ListingKind, str], int]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which listings to show: `text` in a name or id; `kind` is `organisation`, a service's kind, or empty for all."""

    text: str = ""
    kind: str = ""
    status: ListingStatus | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for commissioners: proposals to answer, and listings by status that nobody else sees."""

    proposals: int
    in_review: int
    drafts: int


def listings_of(session: Session, organisation_id: str | None) -> OwnListings:
    """What an organisation keeps. Raises NotFoundError where there is no such organisation."""
    lines = _lines(session, organisation_id or "")
    organisation = next((line for line in lines if line.kind is ListingKind.ORGANISATION), None)
    if organisation is None:
        raise NotFoundError("There is no such organisation.")
    services = [line for line in lines if line.kind is ListingKind.SERVICE]
    units = _units(session, [line.id for line in services])
    return OwnListings(
        organisation,
        tuple(ServiceEntry(line, units.get(line.id, ())) for line in services),
        _pending(session, organisation.id),
    )


def find_listings(session: Session, wanted: Filter, paging: Paging) -> tuple[Sequence[ListingLine], int]:
    """One page of the organisations and services that fit, each organisation before its services; and how many fit."""
    found = [line for line in _lines(session) if _fits(line, wanted)]
    return paging.slice(found), len(found)


def what_waits(session: Session) -> Waiting:
    """How much a commissioner has to look at."""
    statuses = Counter(line.status for line in _lines(session))
    return Waiting(count_waiting(session), statuses[ListingStatus.IN_REVIEW], statuses[ListingStatus.DRAFT])


def _lines(session: Session, organisation_id: str | None = None) -> list[ListingLine]:
    """Organisations and services that were not removed, ordered here because databases differ in how they order."""
    organisations = select(Organisation.id, Organisation.name, Organisation.status, Organisation.verified_on).where(
        Organisation.removed_at.is_(None)
    )
    services = (
        select(Service.id, Service.name, Service.kind, Service.status, Service.verified_on, Service.organisation_id)
        .join(Organisation, Organisation.id == Service.organisation_id)
        .where(Service.removed_at.is_(None), Organisation.removed_at.is_(None))
    )
    if organisation_id is not None:
        organisations = organisations.where(Organisation.id == organisation_id)
        services = services.where(Service.organisation_id == organisation_id)
    owners = {row.id: row for row in session.execute(organisations)}
    lines = [
        ListingLine(ListingKind.ORGANISATION, row.id, row.name, row.id, row.name, None, row.status, row.verified_on)
        for row in owners.values()
    ]
    lines += [
        ListingLine(
            ListingKind.SERVICE,
            row.id,
            row.name,
            row.organisation_id,
            owners[row.organisation_id].name,
            row.kind,
            row.status,
            row.verified_on,
        )
        for row in session.execute(services)
    ]
    return sorted(lines, key=_order)


def _order(line: ListingLine) -> tuple[str, str, bool, str, str]:
    is_service = line.kind is ListingKind.SERVICE
    return line.organisation_name.casefold(), line.organisation_id, is_service, line.name.casefold(), line.id


def _units(session: Session, service_ids: Sequence[str]) -> dict[str, tuple[UnitEntry, ...]]:
    rows = session.execute(
        select(Unit.id, Unit.name, Unit.service_id, Unit.bedspaces, Unit.ringfence).where(
            Unit.service_id.in_(service_ids), Unit.removed_at.is_(None)
        )
    ).all()
    units: dict[str, tuple[UnitEntry, ...]] = {}
    for row in sorted(rows, key=lambda row: (row.name.casefold(), row.id)):
        entry = UnitEntry(row.id, row.name or row.id, row.bedspaces, row.ringfence is not RingFence.NONE)
        units[row.service_id] = (*units.get(row.service_id, ()), entry)
    return units


def _pending(session: Session, organisation_id: str) -> dict[tuple[ListingKind, str], int]:
    rows = session.execute(
        select(Proposal.kind, Proposal.listing_id, func.count())
        .where(keeper() == organisation_id, Proposal.state == ProposalState.PENDING)
        .group_by(Proposal.kind, Proposal.listing_id)
    )
    return {(kind, listing_id): count for kind, listing_id, count in rows}


def _fits(line: ListingLine, wanted: Filter) -> bool:
    words = f"{line.name} {line.id} {line.organisation_name}".casefold()
    kind = line.service_kind.value if line.service_kind else ListingKind.ORGANISATION.value
    return (
        all(word in words for word in wanted.text.casefold().split())
        and wanted.kind in ("", kind)
        and wanted.status in (None, line.status)
    )
