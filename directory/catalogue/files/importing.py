"""Importing a folder of catalogue files: read, compare, and write all of it or nothing (design section 3)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.catalogue.files import applying, checking
from directory.catalogue.files.description import AREAS, BOROUGHS, FileTable
from directory.catalogue.files.difference import Difference, TableChanges, compare, describe
from directory.catalogue.files.errors import FileError, Refusals
from directory.catalogue.files.known_postcodes import known_postcodes
from directory.catalogue.files.locking import lock_for_writing
from directory.catalogue.files.plan import Folder, TablePlan, decide_what_leaves
from directory.catalogue.files.reading import RawTable, find_files, read_table, refuse_misspelt_files
from directory.catalogue.files.stored import load_stored
from directory.catalogue.vocabulary import WideArea
from directory.places.models import Borough

# What is being done, and which step of how many it is.
Progress = Callable[[str, int, int], None]
_STEPS = 5


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or in a dry run would do.

    With an error `difference` is empty and nothing was written. `errors` holds the first hundred thousand of
    `error_count`.
    """

    dry_run: bool
    applied: bool
    difference: Difference
    errors: tuple[FileError, ...]
    error_count: int

    @property
    def refused(self) -> bool:
        """Whether anything was wrong."""
        return self.error_count > 0


def import_tables(
    session: Session,
    path: Path,
    tables: Sequence[FileTable],
    now: datetime,
    *,
    dry_run: bool = False,
    whole: bool = False,
    progress: Progress = lambda _what, _step, _steps: None,
) -> ImportReport:
    """Make the catalogue say what the folder at `path` says; the caller commits.

    `tables` are all known files, owners first. `now` (an instant) is the moment of import. With `whole` the folder
    speaks for the whole catalogue; else for the organisations that it lists, and no others are touched.

    Raises RefusedError for what is no folder of catalogue files, and when somebody else is importing.
    """
    refusals = Refusals()
    progress("Reading the files", 0, _STEPS)
    files = find_files(path, tables)
    refuse_misspelt_files(path, tables, refusals)
    raw = {table.file: read_table(files[table.file], table, refusals) for table in tables if table.file in files}
    session.flush()
    if not dry_run:
        lock_for_writing(session, list(tables))
    progress("Reading the catalogue", 1, _STEPS)
    folder = _load(session, tables, raw, now)
    progress("Checking every cell", 2, _STEPS)
    _check(session, folder, raw, refusals, whole=whole)
    if refusals.count:
        errors = refusals.sorted_errors([table.file for table in tables])
        return ImportReport(dry_run, False, Difference(), errors, refusals.count)
    progress("Comparing", 3, _STEPS)
    changes = [compare(plan) for plan in folder.plans.values()]
    if not dry_run:
        progress("Writing", 4, _STEPS)
        _write(session, changes, now)
    progress("Done", _STEPS, _STEPS)
    return ImportReport(dry_run, not dry_run, describe(changes), (), 0)


def _load(session: Session, tables: Sequence[FileTable], raw: dict[str, RawTable | None], now: datetime) -> Folder:
    plans: dict[str, TablePlan] = {}
    for table in tables:
        plans[table.file] = plan = TablePlan(table)
        # Figures are by far the most rows, and nothing refers to them: they are read only where a file speaks of them.
        if len(table.key) == 1 or table.file in raw:
            owners = plans[table.owner_file].stored if table.owner else None
            plan.stored = load_stored(session, table, owners)
    boroughs = {code: name for code, name in session.execute(select(Borough.code, Borough.name))}  # noqa: C416
    areas = boroughs | {area.value: area.label for area in WideArea}
    unread = frozenset(file for file, content in raw.items() if content is None)
    return Folder(plans, {BOROUGHS: boroughs, AREAS: areas}, now, unread, known_postcodes(session))


def _check(
    session: Session, folder: Folder, raw: dict[str, RawTable | None], refusals: Refusals, *, whole: bool
) -> None:
    for file, plan in folder.plans.items():
        content = raw.get(file)
        if content is not None:
            checking.fill_plan(plan, content, folder.now, refusals)
    decide_what_leaves(folder, whole=whole)
    checking.check_references(folder, refusals)
    checking.check_parents(folder, refusals)
    for plan in folder.plans.values():
        if plan.table.prepare and (plan.present or plan.leaving):
            plan.table.prepare(session, plan, folder, refusals)
    checking.check_rules(folder, refusals)


def _write(session: Session, changes: list[TableChanges], now: datetime) -> None:
    if any(change.inserted or change.restored or change.changed or change.removed for change in changes):
        applying.apply(session, changes, now)
