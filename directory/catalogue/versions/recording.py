"""Writing down what a change of the catalogue made of each listing and unit, in the transaction that changes it."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, func, insert, select
from sqlalchemy.orm import Session

from directory.catalogue.files.description import FileTable, Key, Values
from directory.catalogue.files.difference import TableChanges
from directory.catalogue.files.edits import texts_of
from directory.catalogue.versions.models import CatalogueChange, ChangeKind, ListingKind, ListingVersion

_BATCH = 2_000
# Sheets that people upload can be taken back as a whole, states of units too. Files that a machine imports every night
# confirm thousands of units: of those only what they say of the units themselves is kept as versions.
_KEEP_LIVE = {ChangeKind.UPLOAD, ChangeKind.UNDO, ChangeKind.PROPOSAL, ChangeKind.RESTORE}


@dataclass(frozen=True, slots=True)
class ChangeNote:
    """On which way a change comes about, and who makes it (`user-12`, `link-3`, `system`)."""

    kind: ChangeKind
    made_by: str
    undoes_id: int | None = None


@dataclass(frozen=True, slots=True)
class _Step:
    """What becomes of one row. `before` is None for one that nobody ever saw."""

    kind: ListingKind
    id: str
    before: "_Content | None"
    after: "_Content"
    live: str = ""


@dataclass(frozen=True, slots=True)
class _Content:
    text: str
    removed: bool


def record_versions(
    session: Session, all_changes: Iterable[TableChanges], now: datetime, note: ChangeNote
) -> int | None:
    """Write the versions that `all_changes` make, and return the number of the change; None where there are none.

    What a row said before its first version is written down as well, as found: nothing is lost of what was there
    before the history was kept.
    """
    steps = [step for changes in all_changes for step in _steps(changes, note)]
    if not steps:
        return None
    numbers = _latest_numbers(session, steps)
    found = [step for step in steps if step.before is not None and (step.kind, step.id) not in numbers]
    if found:
        change_id = _write_change(session, now, ChangeNote(ChangeKind.FOUND, note.made_by))
        _write_versions(session, change_id, ((step, step.before, 1, "") for step in found if step.before))
        numbers |= {(step.kind, step.id): 1 for step in found}
    change_id = _write_change(session, now, note)
    rows = ((step, step.after, numbers.get((step.kind, step.id), 0) + 1, step.live) for step in steps)
    _write_versions(session, change_id, rows)
    return change_id


def _steps(changes: TableChanges, note: ChangeNote) -> Iterator[_Step]:
    table, plan = changes.plan.table, changes.plan
    kind = table.versioned_as
    if kind is None:
        return
    for key in (*changes.inserted, *changes.restored, *changes.changed):
        stored = plan.stored.get(key)
        before = _content(table, stored.values, removed=stored.removed) if stored else None
        after = _content(table, plan.rows[key].values, removed=False)
        live = _live(table, stored.values if stored else None, plan.rows[key].values) if table.live else ""
        if before != after or (live and note.kind in _KEEP_LIVE):
            yield _Step(kind, key[0], before, after, live)
    for key in changes.removed:
        values = plan.stored[key].values
        before = _content(table, values, removed=False)
        live = _live(table, values, dict(values) | dict(table.removed_as)) if table.live else ""
        yield _Step(kind, key[0], before, _Content(before.text, removed=True), live)


def _content(table: FileTable, values: Values, *, removed: bool) -> _Content:
    return _Content(_json(texts_of(table, values, live=False)), removed)


def _live(table: FileTable, before: Values | None, after: Values) -> str:
    """What is true only for now, before and after, where it differs."""
    columns = [column for column in table.in_file if column.name in table.live]
    was = {column.name: column.cell.text(before[column.name]) for column in columns} if before else {}
    is_now = {column.name: column.cell.text(after[column.name]) for column in columns}
    return _json({"before": was, "after": is_now}) if was != is_now else ""


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _latest_numbers(session: Session, steps: Sequence[_Step]) -> dict[tuple[ListingKind, Key | str], int]:
    numbers: dict[tuple[ListingKind, Key | str], int] = {}
    for kind in ListingKind:
        ids = [step.id for step in steps if step.kind is kind]
        for start in range(0, len(ids), _BATCH):
            query = (
                select(ListingVersion.listing_id, func.max(ListingVersion.number))
                .where(ListingVersion.kind == kind, ListingVersion.listing_id.in_(ids[start : start + _BATCH]))
                .group_by(ListingVersion.listing_id)
            )
            numbers |= {(kind, listing_id): number for listing_id, number in session.execute(query)}
    return numbers


def _write_change(session: Session, now: datetime, note: ChangeNote) -> int:
    statement = (
        insert(CatalogueChange)
        .values(at=now, kind=note.kind, made_by=note.made_by, undoes_id=note.undoes_id)
        .returning(CatalogueChange.id)
    )
    return session.execute(statement).scalar_one()


def _write_versions(session: Session, change_id: int, versions: Iterable[tuple[_Step, _Content, int, str]]) -> None:
    rows = [
        {
            "change_id": change_id,
            "kind": step.kind,
            "listing_id": step.id,
            "number": number,
            "removed": content.removed,
            "content": content.text,
            "live": live,
        }
        for step, content, number, live in versions
    ]
    for start in range(0, len(rows), _BATCH):
        session.execute(insert(cast(Table, ListingVersion.__table__)), rows[start : start + _BATCH])
