"""The last changes of the catalogue as commissioners read them: by whom, and what each of them changed."""

import enum
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.capacity.files import LISTING_TABLES
from directory.catalogue.versions.models import ChangeKind, ListingKind
from directory.catalogue.versions.reading import (
    ChangeFacts,
    Version,
    count_changes,
    read_change,
    recent_changes,
    versions_before,
    versions_by,
)
from directory.common.paging import Paging
from directory.editing.bulk.results import FieldChange

_ACCOUNT = re.compile(r"user-([0-9]{1,18})")


class Became(enum.StrEnum):
    """What a change did to a listing or unit."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A change in a list. `versions` counts the listings and units that it concerns."""

    id: int
    at: datetime
    kind: ChangeKind
    by: str
    versions: int
    undoes_id: int | None
    undone_by_id: int | None

    @property
    def can_be_undone(self) -> bool:
        """Whether nobody has taken it back yet; whether it still can be, only trying tells."""
        return self.undone_by_id is None


@dataclass(frozen=True, slots=True)
class ChangedListing:
    """What one change did to one listing or unit."""

    kind: ListingKind
    id: str
    name: str
    became: Became
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class WhatChanged:
    """A change with one page of what it changed, how many of each sort there are, and of how many listings in all."""

    line: ChangeLine
    listings: tuple[ChangedListing, ...]
    counts: Mapping[Became, int]
    total: int


def list_changes(session: Session, paging: Paging) -> tuple[list[ChangeLine], int]:
    """One page of the changes, newest first, and how many there are."""
    found = recent_changes(session, (paging.page - 1) * paging.per_page, paging.per_page)
    return _lines(session, found), count_changes(session)


def read_what_changed(session: Session, change_id: int, paging: Paging) -> WhatChanged:
    """A change, and one page of what it did. Raises NotFoundError where there is no such change."""
    line = _lines(session, [read_change(session, change_id)])[0]
    versions, before = versions_by(session, change_id), versions_before(session, change_id)
    changed = [_changed(version, before.get((version.kind, version.listing_id))) for version in versions]
    counts = Counter(one.became for one in changed)
    return WhatChanged(line, tuple(paging.slice(changed)), counts, len(changed))


def _changed(version: Version, before: Version | None) -> ChangedListing:
    was_there = before is not None and not before.removed
    was = before.values if before is not None and was_there else {}
    became = Became.REMOVED if version.removed else Became.CHANGED if was_there else Became.ADDED
    fields = [
        FieldChange(column.name, was.get(column.name, ""), version.values.get(column.name, ""))
        for column in LISTING_TABLES[version.kind].in_file
        if column.name != "id" and was.get(column.name, "") != version.values.get(column.name, "")
    ]
    live_before, live_after = version.live.get("before", {}), version.live.get("after", {})
    fields += [
        FieldChange(column, live_before.get(column, ""), live_after.get(column, ""))
        for column in {**live_before, **live_after}
        if live_before.get(column, "") != live_after.get(column, "")
    ]
    name = version.values.get("name") or was.get("name") or version.listing_id
    shown = () if version.removed else tuple(fields)
    return ChangedListing(version.kind, version.listing_id, name, became, shown)


def _lines(session: Session, found: Sequence[ChangeFacts]) -> list[ChangeLine]:
    names = _names(session, (one.made_by for one in found))
    return [
        ChangeLine(
            id=one.id,
            at=one.at,
            kind=one.kind,
            by=names.get(one.made_by, _by(one.made_by)),
            versions=one.versions,
            undoes_id=one.undoes_id,
            undone_by_id=one.undone_by_id,
        )
        for one in found
    ]


def _names(session: Session, references: Iterable[str]) -> dict[str, str]:
    """The names of the colleagues among `references`."""
    matches = (_ACCOUNT.fullmatch(reference) for reference in set(references))
    ids = [int(match[1]) for match in matches if match]
    accounts = session.execute(select(User.id, User.name).where(User.id.in_(ids)))
    return {f"user-{user_id}": name for user_id, name in accounts}


def _by(reference: str) -> str:
    """Who somebody without a name is."""
    if reference == "system":
        return "the directory itself"
    return "somebody with a link for updates" if reference.startswith("link-") else reference
