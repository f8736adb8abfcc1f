"""The catalogue's folder of files, whole: what `catalogue import` and `catalogue export` work with.

It lives here because units belong to capacity; the catalogue's own files, and all the machinery, are the catalogue's.
"""

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from directory.capacity.unit_files import UNITS
from directory.catalogue.files.exporting import export_tables, see_one_moment
from directory.catalogue.files.importing import ImportReport, Progress, import_tables
from directory.catalogue.files.tables import ORGANISATIONS, PERFORMANCE, SERVICES, TAXONOMIES

# Owners stand before what belongs to them.
TABLES = (*TAXONOMIES, ORGANISATIONS, SERVICES, UNITS, PERFORMANCE)


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
) -> ImportReport:
    """Make the catalogue say what `folder` says, or with `dry_run` only tell what that would change.

    A folder of taxonomies alone is imported as such. With `whole` the folder speaks for the whole catalogue. The
    caller commits; a report that is `refused` has written nothing. Raises RefusedError when there is no such folder,
    when it holds no catalogue files, or when somebody else is writing.
    """
    return import_tables(session, folder, TABLES, now, dry_run=dry_run, whole=whole, progress=progress)


def export_folder(session: Session, folder: Path) -> dict[str, int]:
    """Write the whole catalogue to `folder` and return the number of rows of each file.

    Raises RefusedError when `folder` holds anything but catalogue files.
    """
    return export_tables(session, folder, TABLES)
