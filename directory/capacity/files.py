"""The catalogue's folder of files, whole: what `catalogue import` and `catalogue export` work with.

It lives here because units belong to capacity; the catalogue's own files, and all the machinery, are the catalogue's.
"""

from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from directory.audit.events import Event
from directory.audit.log import record
from directory.capacity.holds.ending import end_expired
from directory.capacity.holds.live import HELD
from directory.capacity.unit_files import UNITS
from directory.catalogue.files.difference import Difference
from directory.catalogue.files.exporting import export_tables, see_one_moment
from directory.catalogue.files.importing import ImportReport, Progress, import_tables
from directory.catalogue.files.locking import lock_for_writing
from directory.catalogue.files.tables import ORGANISATIONS, PERFORMANCE, SERVICES, TAXONOMIES
from directory.common.actor import SYSTEM
from directory.common.errors import RefusedError

# Owners stand before what belongs to them.
TABLES = (*TAXONOMIES, ORGANISATIONS, SERVICES, UNITS, PERFORMANCE)


__all__ = ["HELD", "TABLES", "ImportReport", "export_folder", "import_folder", "see_one_moment"]


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
    if not dry_run:
        # Holds whose time is up would stand in the way of changes to their units until somebody tidies them away.
        lock_for_writing(session, list(TABLES))
        end_expired(session, now)
    try:
        report = import_tables(session, folder, TABLES, now, dry_run=dry_run, whole=whole, progress=progress)
    except IntegrityError as error:
        # Holds do not wait for imports: one can come between the check of its unit and the change of it. And a unit
        # that goes because its service goes is in no file of units whose row could be refused.
        if HELD not in str(error.orig):
            raise
        raise RefusedError(
            "A unit that this would take away is held. Nothing was imported; try again when the hold is over."
        ) from error
    if report.applied:
        _audit(session, report.difference, now, actor_reference)
    return report


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
