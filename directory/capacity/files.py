"""The catalogue's folder of files, whole: what `catalogue import` and `catalogue export` work with.

It lives here because units belong to capacity; the catalogue's own files, and all the machinery, are the catalogue's.
"""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from directory.audit.events import Event
from directory.audit.log import record
from directory.capacity.holds.ending import end_expired
from directory.capacity.holds.live import HELD
from directory.capacity.unit_files import UNITS
from directory.catalogue.files.description import FileTable
from directory.catalogue.files.difference import Difference
from directory.catalogue.files.errors import Refusals
from directory.catalogue.files.exporting import export_tables, see_one_moment
from directory.catalogue.files.importing import ImportReport, Progress, import_tables
from directory.catalogue.files.plan import Folder, TablePlan
from directory.catalogue.files.tables import ORGANISATIONS, PERFORMANCE, SERVICES, TAXONOMIES
from directory.common.actor import SYSTEM
from directory.common.errors import RefusedError

# Owners stand before what belongs to them.
TABLES = (*TAXONOMIES, ORGANISATIONS, SERVICES, UNITS, PERFORMANCE)
# A unit goes with its own row, with its service and with its organisation.
_MAY_TAKE_UNITS = (ORGANISATIONS, SERVICES, UNITS)


__all__ = ["TABLES", "ImportReport", "export_folder", "import_folder", "see_one_moment"]


def _silent(_what: str, _step: int, _steps: int) -> None:
    """No progress."""


def import_folder(
    session: Session,
    folder: Path,
    now: datetime,
    *,
    dry_run: bool = False,
    whole: bool = False,
    progress: Progress = _silent,
    actor_reference: str = SYSTEM.reference,
) -> ImportReport:
    """Make the catalogue say what `folder` says, or with `dry_run` only tell what that would change.

    A folder of taxonomies alone is imported as such. With `whole` the folder speaks for the whole catalogue. The
    caller commits; a report that is `refused` has written nothing to the catalogue. Raises RefusedError when there is
    no such folder, when it holds no catalogue files, when somebody else is writing, or when a unit that it changes is
    held.
    """
    tables = TABLES if dry_run else tuple(_tidied(table) if table in _MAY_TAKE_UNITS else table for table in TABLES)
    try:
        report = import_tables(session, folder, tables, now, dry_run=dry_run, whole=whole, progress=progress)
    except IntegrityError as error:
        # Holds do not wait for imports: one can come between the check of its unit and the change of it. And a unit
        # that goes because its service goes is in no file of units whose row could be refused.
        if HELD not in str(error.orig):
            raise
        raise RefusedError("A unit cannot be changed at the moment. Nothing was imported; try again later.") from error
    if report.applied:
        _audit(session, report.difference, now, actor_reference)
    return report


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
