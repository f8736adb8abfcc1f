"""Reading the history: the versions of one listing, and the changes of late."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session, aliased

from directory.catalogue.versions.models import CatalogueChange, ChangeKind, ListingKind, ListingVersion
from directory.common.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class Version:
    """What a listing or unit said from a change on. `values` maps columns to text, without what is true only for now.

    `live` is what of that the change itself set: `before` and `after`, each empty where it set nothing.
    """

    kind: ListingKind
    listing_id: str
    number: int
    change_id: int
    change_kind: ChangeKind
    at: datetime
    made_by: str
    removed: bool
    values: Mapping[str, str]
    live: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class ChangeFacts:
    """A change in a list: how many listings and units it concerns, and the number of the one that took it back."""

    id: int
    at: datetime
    kind: ChangeKind
    made_by: str
    versions: int
    undoes_id: int | None
    undone_by_id: int | None


def versions_of(session: Session, kind: ListingKind, listing_id: str) -> list[Version]:
    """Every version, newest first; none of what has not changed since the history is kept."""
    query = _versions().where(ListingVersion.kind == kind, ListingVersion.listing_id == listing_id)
    return [_version(*row) for row in session.execute(query.order_by(ListingVersion.number.desc()))]


def version_of(session: Session, kind: ListingKind, listing_id: str, number: int) -> Version:
    """One of them. Raises NotFoundError where there is none of that number."""
    query = _versions().where(
        ListingVersion.kind == kind, ListingVersion.listing_id == listing_id, ListingVersion.number == number
    )
    found = session.execute(query).one_or_none()
    if found is None:
        raise NotFoundError("There is no such version.")
    return _version(*found)


def versions_by(session: Session, change_id: int) -> list[Version]:
    """What one change made, in the order of its files. Raises NotFoundError where there is no such change."""
    query = _versions().where(ListingVersion.change_id == change_id).order_by(ListingVersion.id)
    found = [_version(*row) for row in session.execute(query)]
    if not found:
        raise NotFoundError("There is no such change.")
    return found


def versions_before(session: Session, change_id: int) -> dict[tuple[ListingKind, str], Version]:
    """The version before each one that a change made, where there was one."""
    made = aliased(ListingVersion)
    query = _versions().join(
        made,
        (made.kind == ListingVersion.kind)
        & (made.listing_id == ListingVersion.listing_id)
        & (made.number == ListingVersion.number + 1),
    )
    found = [_version(*row) for row in session.execute(query.where(made.change_id == change_id))]
    return {(version.kind, version.listing_id): version for version in found}


def latest_number(session: Session, kind: ListingKind, listing_id: str) -> int:
    """The number of a listing's newest version; 0 where there is none."""
    query = select(func.max(ListingVersion.number)).where(
        ListingVersion.kind == kind, ListingVersion.listing_id == listing_id
    )
    return session.scalar(query) or 0


def last_edited(session: Session, kind: ListingKind, listing_id: str) -> datetime | None:
    """When what is said of it was last changed; None where that is not known. Apart from when it was confirmed."""
    query = (
        select(func.max(CatalogueChange.at))
        .join(ListingVersion, ListingVersion.change_id == CatalogueChange.id)
        .where(
            ListingVersion.kind == kind,
            ListingVersion.listing_id == listing_id,
            CatalogueChange.kind.not_in((ChangeKind.FOUND, ChangeKind.CONFIRMATION)),
        )
    )
    return session.scalar(query)


def recent_changes(session: Session, offset: int = 0, limit: int = 50) -> list[ChangeFacts]:
    """The changes of late, newest first, without what was found before the history was kept."""
    return [_facts(row) for row in session.execute(_changes().offset(offset).limit(limit))]


def count_changes(session: Session) -> int:
    """How many changes `recent_changes` has altogether."""
    query = select(func.count(CatalogueChange.id)).where(CatalogueChange.kind != ChangeKind.FOUND)
    return session.scalar(query) or 0


def read_change(session: Session, change_id: int) -> ChangeFacts:
    """One change. Raises NotFoundError where there is none of that number."""
    found = session.execute(_changes().where(CatalogueChange.id == change_id)).one_or_none()
    if found is None:
        raise NotFoundError("There is no such change.")
    return _facts(found)


def _versions() -> Select[ListingVersion, CatalogueChange]:
    return select(ListingVersion, CatalogueChange).join(CatalogueChange, CatalogueChange.id == ListingVersion.change_id)


def _version(version: ListingVersion, change: CatalogueChange) -> Version:
    return Version(
        kind=version.kind,
        listing_id=version.listing_id,
        number=version.number,
        change_id=change.id,
        change_kind=change.kind,
        at=change.at,
        made_by=change.made_by,
        removed=version.removed,
        values=json.loads(version.content),
        live=json.loads(version.live) if version.live else {},
    )


def _changes() -> Select[CatalogueChange, int, int]:
    undoing = aliased(CatalogueChange)
    versions = (
        select(func.count(ListingVersion.id)).where(ListingVersion.change_id == CatalogueChange.id).scalar_subquery()
    )
    undone_by = select(undoing.id).where(undoing.undoes_id == CatalogueChange.id).scalar_subquery()
    return (
        select(CatalogueChange, versions, undone_by)
        .where(CatalogueChange.kind != ChangeKind.FOUND)
        .order_by(CatalogueChange.id.desc())
    )


def _facts(row: Row[CatalogueChange, int, int]) -> ChangeFacts:
    change, versions, undone_by = row
    return ChangeFacts(
        id=change.id,
        at=change.at,
        kind=change.kind,
        made_by=change.made_by,
        versions=versions,
        undoes_id=change.undoes_id,
        undone_by_id=undone_by,
    )
