"""The catalogue's folder of files, whole: what `catalogue import` and `catalogue export` work with.

It lives here because units belong to capacity; the catalogue's own files, and all the machinery, are the catalogue's.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import bindparam, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from directory.audit.events import Event
from directory.audit.log import record
from directory.capacity.holds.ending import end_expired
from directory.capacity.holds.live import HELD
from directory.capacity.unit_files import UNITS
from directory.catalogue.files.description import FileTable
from directory.catalogue.files.difference import Difference
from directory.catalogue.files.edits import RowEdit
from directory.catalogue.files.errors import Refusals
from directory.catalogue.files.exporting import export_tables, see_one_moment
from directory.catalogue.files.importing import ImportReport, edit_tables, import_tables
from directory.catalogue.files.plan import Folder, TablePlan
from directory.catalogue.files.tables import ORGANISATIONS, PERFORMANCE, SERVICES, TAXONOMIES
from directory.catalogue.versions.models import ChangeKind, ListingKind
from directory.catalogue.versions.recording import ChangeNote
from directory.common.actor import SYSTEM
from directory.common.errors import RefusedError
from directory.common.progress import Progress, no_progress

# Owners stand before what belongs to them.
TABLES = (*TAXONOMIES, ORGANISATIONS, SERVICES, UNITS, PERFORMANCE)
# A unit goes with its own row, with its service and with its organisation.
_MAY_TAKE_UNITS = (ORGANISATIONS, SERVICES, UNITS)


LISTING_TABLES: dict[ListingKind, FileTable] = {
    table.versioned_as: table for table in TABLES if table.versioned_as is not None
}
"""The tables of which every version of every row is kept."""

__all__ = ["LISTING_TABLES", "TABLES", "ImportReport", "RowEdit", "export_folder", "import_folder", "see_one_moment"]

# What the database says where a listing would be withdrawn to which a referral is open (migration 0010).
REFERRED_TO = "a referral to this service is open"
_NOTHING_DONE = "Nothing was changed"


def import_folder(
    session: Session,
    folder: Path,
    now: datetime,
    *,
    dry_run: bool = False,
    whole: bool = False,
    progress: Progress = no_progress,
    actor_reference: str = SYSTEM.reference,
) -> ImportReport:
    """Make the catalogue say what `folder` says, or with `dry_run` only tell what that would change.

    A folder of taxonomies alone is imported as such. With `whole` the folder speaks for the whole catalogue. The
    caller commits; a report that is `refused` has written nothing to the catalogue. Raises RefusedError when there is
    no such folder, when it holds no catalogue files, when somebody else is writing, when a unit that it changes is
    held, or when a service would be withdrawn to which a referral is open.
    """
    note = ChangeNote(ChangeKind.IMPORT, actor_reference)
    with _explained("Nothing was imported"):
        report = import_tables(
            session, folder, _tables(dry_run), now, dry_run=dry_run, whole=whole, progress=progress, note=note
        )
    if report.applied:
        _credit(session, report.difference, "import")
        _audit(session, report.difference, now, actor_reference)
    return report


def edit_catalogue(
    session: Session,
    edits: Sequence[RowEdit],
    now: datetime,
    *,
    kind: ChangeKind,
    made_by: str,
    undoes_id: int | None = None,
    dry_run: bool = False,
    progress: Progress = no_progress,
) -> ImportReport:
    """Make the catalogue say what `edits` say of single rows, all of them or nothing; the caller commits.

    Every change of an organisation, service or unit comes through here or through `import_folder`, but for what is
    true only for now: so it passes every check, and there is a version of it. `made_by` is the reference of an actor
    or of a link. Raises RefusedError as `import_folder` does.
    """
    note = ChangeNote(kind, made_by, undoes_id)
    with _explained(_NOTHING_DONE):
        report = edit_tables(session, edits, _tables(dry_run), now, note=note, dry_run=dry_run, progress=progress)
    if report.applied:
        # Whoever brings an earlier confirmation back has not confirmed anything, and who had is not known any more.
        _credit(session, report.difference, "" if kind in (ChangeKind.UNDO, ChangeKind.RESTORE) else made_by)
    if report.change_id is not None:
        record(session, Event.CATALOGUE_CHANGED, made_by, now, change=report.change_id, kind=kind.value)
    return report


def _tables(dry_run: bool) -> tuple[FileTable, ...]:
    return TABLES if dry_run else tuple(_tidied(table) if table in _MAY_TAKE_UNITS else table for table in TABLES)


@contextmanager
def _explained(nothing: str) -> Iterator[None]:
    """Say in a sentence what the database refuses that no check can see coming."""
    try:
        yield
    except IntegrityError as error:
        # Holds do not wait for imports: one can come between the check of its unit and the change of it. And a unit
        # that goes because its service goes is in no file of units whose row could be refused.
        if HELD in str(error.orig):
            raise RefusedError(f"A unit cannot be changed at the moment. {nothing}; try again later.") from error
        if REFERRED_TO in str(error.orig):
            raise RefusedError(
                f"A referral to a service that would be withdrawn is open: hand it on first. {nothing}."
            ) from error
        raise


# Columns that say when something was confirmed, and where it is kept by whom.
_CREDITS = {"verified_on": "verified_by", "confirmed_at": "confirmed_by"}


def _credit(session: Session, difference: Difference, made_by: str) -> None:
    """Keep who confirmed what this change confirms; an empty `made_by` is nobody in particular."""
    for table in LISTING_TABLES.values():
        for confirmed, by in _CREDITS.items():
            if confirmed not in {column.name for column in table.in_file}:
                continue
            ids = [entry.id for entry in difference.added if entry.file == table.file]
            ids += [one.id for one in difference.changed if one.file == table.file and confirmed in one.fields]
            column = table.table.c[confirmed]
            statement = (
                update(table.table)
                .where(table.table.c.id == bindparam("of_row"), *((column.is_not(None),) if made_by else ()))
                .values({by: made_by})
            )
            if ids:
                session.execute(statement, [{"of_row": one} for one in ids])


def _tidied(table: FileTable) -> FileTable:
    """The same, but that holds whose time is up are tidied away first: they would stand in the way of what it changes.

    This writes, so it is done behind the import's own lock, and in no dry run.
    """

    def prepare(session: Session, plan: TablePlan, folder: Folder, refusals: Refusals) -> None:
        end_expired(session, folder.now)
        if table.prepare:
            table.prepare(session, plan, folder, refusals)

    return replace(table, prepare=prepare)


def _audit(session: Session, difference: Difference, now: datetime, actor_reference: str) -> None:
    """Record how much was imported; what, only the catalogue says. An import that changes nothing is none."""
    counts = {
        "added": len(difference.added),
        "changed": len(difference.changed),
        "removed": len(difference.removed),
    }
    if any(counts.values()):
        record(session, Event.CATALOGUE_IMPORTED, actor_reference, now, **counts)


def export_folder(session: Session, folder: Path) -> dict[str, int]:
    """Write the whole catalogue to `folder` and return the number of rows of each file.

    Raises RefusedError when `folder` holds anything but catalogue files.
    """
    return export_tables(session, folder, TABLES)
