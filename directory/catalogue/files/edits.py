"""Changes of single rows, in the shape that files have: they pass every check that an import passes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.catalogue.files.description import FileTable, Key, Values
from directory.catalogue.files.errors import Refusals
from directory.catalogue.files.plan import Folder, TablePlan
from directory.catalogue.files.reading import RawTable
from directory.catalogue.versions.models import ListingKind
from directory.common.text import unusable_characters

# Of more rows than these the whole catalogue is read, rather than asked for them by name.
_MANY = 200


@dataclass(frozen=True, slots=True)
class RowEdit:
    """One row to be written. `texts` maps columns to what a file would say; the others stay as they are.

    `number` is what errors call the row, such as the row of a spreadsheet. A `removed` row leaves, with what belongs
    to it; it is kept, and never shown.
    """

    kind: ListingKind
    id: str
    texts: Mapping[str, str]
    number: int = 1
    removed: bool = False


def table_of_kind(tables: Sequence[FileTable], kind: ListingKind) -> FileTable:
    """The table of which `kind` is a row."""
    return next(table for table in tables if table.versioned_as is kind)


def texts_of(table: FileTable, values: Values, *, live: bool = True) -> dict[str, str]:
    """A row's values as the file says them; without `live` those columns are left out that are true only for now."""
    return {
        column.name: column.cell.text(values[column.name])
        for column in table.in_file
        if live or column.name not in table.live
    }


def as_files(folder: Folder, edits: Sequence[RowEdit], refusals: Refusals) -> dict[str, RawTable | None]:
    """The edits as the files that would say the same, row by row, each completed by what is kept of it.

    Raises ValueError for a column that the file does not have: that is a programming error, not somebody's mistake.
    """
    files: dict[str, RawTable | None] = {}
    tables = [plan.table for plan in folder.plans.values()]
    for kind in ListingKind:
        meant = [edit for edit in edits if edit.kind is kind]
        if not meant:
            continue
        plan = folder.plans[table_of_kind(tables, kind).file]
        rows = tuple((edit.number, _row(plan, edit)) for edit in meant if not edit.removed)
        if rows:
            files[plan.table.file] = RawTable(tuple(column.name for column in plan.table.in_file), rows)
        for edit in meant:
            if edit.removed and plan.current((edit.id,)) is None:
                refusals.add(plan.table.file, f"There is no such {plan.table.noun}.", row=edit.number, value=edit.id)
    return files


def removals(tables: Sequence[FileTable], edits: Sequence[RowEdit]) -> dict[str, set[Key]]:
    """What is to leave, by file."""
    leaving: dict[str, set[Key]] = {table.file: set() for table in tables}
    for edit in edits:
        if edit.removed:
            leaving[table_of_kind(tables, edit.kind).file].add((edit.id,))
    return leaving


def concerned(session: Session, tables: Sequence[FileTable], edits: Sequence[RowEdit]) -> dict[str, list[str]] | None:
    """The ids of all rows, by file, that the checks of `edits` look at; None where they are so many that all are read.

    What is edited, what belongs to that, and whom all of it belongs to: however large the catalogue is, a handful.
    """
    if len(edits) > _MANY:
        return None
    listed = [table for table in tables if table.versioned_as is not None]
    ids: dict[str, set[str]] = {table.file: set() for table in listed}
    for edit in edits:
        ids[table_of_kind(listed, edit.kind).file] |= _askable({edit.id})
    for table in listed:
        if table.owner:
            ids[table.file] |= _ids(session, table, table.key[0], table.owner, ids[table.owner_file])
    for table in reversed(listed):
        if table.owner:
            wanted = {edit.texts.get(table.owner, "").strip() for edit in edits if edit.kind is table.versioned_as}
            ids[table.owner_file] |= _askable(wanted) | _ids(session, table, table.owner, table.key[0], ids[table.file])
    return {file: sorted(found) for file, found in ids.items()}


def _askable(ids: set[str]) -> set[str]:
    """Those of the ids that a database can be asked for; what has none of the others is refused by its cell."""
    return {one for one in ids if not unusable_characters(one)}


def _ids(session: Session, table: FileTable, wanted: str, by: str, among: set[str]) -> set[str]:
    """The ids in column `wanted` of the rows whose column `by` is one of `among`."""
    columns = table.table.c
    return set(session.scalars(select(columns[wanted]).where(columns[by].in_(sorted(among))))) if among else set()


def _row(plan: TablePlan, edit: RowEdit) -> list[str]:
    unknown = set(edit.texts) - {column.name for column in plan.table.in_file}
    if unknown:
        raise ValueError(f"{plan.table.file} has no {', '.join(sorted(unknown))}.")
    # A row that was removed once comes back with what is kept of it.
    stored = plan.stored.get((edit.id,))
    kept = texts_of(plan.table, stored.values) if stored else {}
    texts = kept | dict(edit.texts) | {"id": edit.id}
    return [texts.get(column.name, "") for column in plan.table.in_file]
