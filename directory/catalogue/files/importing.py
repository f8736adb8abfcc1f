"""Importing a folder of catalogue files: read, compare, and write all of it or nothing (design section 3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.catalogue.files import applying, checking
from directory.catalogue.files.description import AREAS, BOROUGHS, FileTable, Key
from directory.catalogue.files.difference import Difference, TableChanges, compare, describe
from directory.catalogue.files.edits import RowEdit, as_files, concerned, removals
from directory.catalogue.files.errors import FileError, Refusals
from directory.catalogue.files.known_postcodes import known_postcodes
from directory.catalogue.files.locking import lock_for_writing
from directory.catalogue.files.plan import Folder, TablePlan, decide_what_leaves
from directory.catalogue.files.reading import RawTable, find_files, read_table, refuse_misspelt_files
from directory.catalogue.files.stored import load_stored
from directory.catalogue.versions.models import ChangeKind
from directory.catalogue.versions.recording import ChangeNote, record_versions
from directory.catalogue.vocabulary import WideArea
from directory.common.actor import SYSTEM
from directory.common.progress import Progress, no_progress
from directory.places.models import Borough

_STEPS = 5
_BY_SYSTEM = ChangeNote(ChangeKind.IMPORT, SYSTEM.reference)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or in a dry run would do.

    With an error `difference` is empty and nothing was written. `errors` holds the first hundred thousand of
    `error_count`. `change_id` is the number of the change in the history, where it has made a version of anything.
    """

    dry_run: bool
    applied: bool
    difference: Difference
    errors: tuple[FileError, ...]
    error_count: int
    change_id: int | None = None

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
    progress: Progress = no_progress,
    note: ChangeNote = _BY_SYSTEM,
) -> ImportReport:
    """Make the catalogue say what the folder at `path` says; the caller commits.

    `tables` are all known files, owners first. `now` (an instant) is the moment of import. With `whole` the folder
    speaks for the whole catalogue; else for the organisations that it lists, and no others are touched. `note` is what
    the history says of it.

    Raises RefusedError for what is no folder of catalogue files, and when somebody else is importing.
    """
    refusals = Refusals()
    progress("Reading the files", 0, _STEPS)
    files = find_files(path, tables)
    refuse_misspelt_files(path, tables, refusals)
    raw = {table.file: read_table(files[table.file], table, refusals) for table in tables if table.file in files}
    job = _Job(session, tables, now, dry_run, progress, note)
    return job.make_so(job.load(raw), raw, refusals, whole=whole)


def edit_tables(
    session: Session,
    edits: Sequence[RowEdit],
    tables: Sequence[FileTable],
    now: datetime,
    *,
    note: ChangeNote,
    dry_run: bool = False,
    progress: Progress = no_progress,
) -> ImportReport:
    """Make the catalogue say what `edits` say of single rows, all of them or nothing; the caller commits.

    They pass every check that files pass. Nothing leaves but what an edit names. Raises RefusedError when somebody
    else is importing.
    """
    refusals = Refusals()
    job = _Job(session, tables, now, dry_run, progress, note)
    folder = job.load({}, edits)
    return job.make_so(folder, as_files(folder, edits, refusals), refusals, only=removals(tables, edits))


@dataclass(frozen=True, slots=True)
class _Job:
    """One import or edit: where, when, and whether for good."""

    session: Session
    tables: Sequence[FileTable]
    now: datetime
    dry_run: bool
    progress: Progress
    note: ChangeNote

    def load(self, raw: dict[str, RawTable | None], edits: Sequence[RowEdit] | None = None) -> Folder:
        """What the catalogue holds, which nobody else changes from here on; of `edits`, what concerns them."""
        self.session.flush()
        if not self.dry_run:
            lock_for_writing(self.session, list(self.tables))
        self.progress("Reading the catalogue", 1, _STEPS)
        ids = None if edits is None else concerned(self.session, self.tables, edits)
        return _load(self.session, self.tables, raw, self.now, ids or {})

    def make_so(
        self,
        folder: Folder,
        raw: dict[str, RawTable | None],
        refusals: Refusals,
        *,
        whole: bool = False,
        only: Mapping[str, set[Key]] | None = None,
    ) -> ImportReport:
        """Check, compare and write, with the report of it."""
        self.progress("Checking every cell", 2, _STEPS)
        _check(self.session, folder, raw, refusals, whole=whole, only=only)
        if refusals.count:
            errors = refusals.sorted_errors([table.file for table in self.tables])
            return ImportReport(self.dry_run, False, Difference(), errors, refusals.count)
        self.progress("Comparing", 3, _STEPS)
        changes = [compare(plan) for plan in folder.plans.values()]
        change_id = None
        if not self.dry_run:
            self.progress("Writing", 4, _STEPS)
            change_id = _write(self.session, changes, self.now, self.note)
        self.progress("Done", _STEPS, _STEPS)
        return ImportReport(self.dry_run, not self.dry_run, describe(changes), (), 0, change_id)


def _load(
    session: Session,
    tables: Sequence[FileTable],
    raw: dict[str, RawTable | None],
    now: datetime,
    ids: Mapping[str, Sequence[str]],
) -> Folder:
    plans: dict[str, TablePlan] = {}
    for table in tables:
        plans[table.file] = plan = TablePlan(table)
        # Figures are by far the most rows, and nothing refers to them: they are read only where a file speaks of them.
        if len(table.key) == 1 or table.file in raw:
            owners = plans[table.owner_file].stored if table.owner else None
            plan.stored = load_stored(session, table, owners, ids=ids.get(table.file))
    boroughs = {code: name for code, name in session.execute(select(Borough.code, Borough.name))}  # noqa: C416
    areas = boroughs | {area.value: area.label for area in WideArea}
    unread = frozenset(file for file, content in raw.items() if content is None)
    return Folder(plans, {BOROUGHS: boroughs, AREAS: areas}, now, unread, known_postcodes(session))


def _check(
    session: Session,
    folder: Folder,
    raw: dict[str, RawTable | None],
    refusals: Refusals,
    *,
    whole: bool,
    only: Mapping[str, set[Key]] | None,
) -> None:
    for file, plan in folder.plans.items():
        content = raw.get(file)
        if content is not None:
            checking.fill_plan(plan, content, folder.now, refusals)
    decide_what_leaves(folder, whole=whole, only=only)
    checking.check_references(folder, refusals)
    checking.check_parents(folder, refusals)
    for plan in folder.plans.values():
        if plan.table.prepare and (plan.present or plan.leaving):
            plan.table.prepare(session, plan, folder, refusals)
    checking.check_rules(folder, refusals)


def _write(session: Session, changes: list[TableChanges], now: datetime, note: ChangeNote) -> int | None:
    """The number of the change in the history, where there is anything to write."""
    if not any(change.inserted or change.restored or change.changed or change.removed for change in changes):
        return None
    applying.apply(session, changes, now)
    return record_versions(session, changes, now, note)
