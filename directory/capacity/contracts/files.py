"""`programmes.csv`: what was commissioned. It is no file of the catalogue: `catalogue import` leaves it alone."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from directory.audit.events import Event
from directory.audit.log import record
from directory.capacity.contracts.facts import MOST_BEDSPACES, MOST_UNITS, problems_in
from directory.capacity.contracts.models import Programme
from directory.catalogue.files import cells
from directory.catalogue.files.description import Column, FileTable, Problem, Rule
from directory.catalogue.files.importing import ImportReport, import_tables
from directory.catalogue.files.plan import Folder
from directory.catalogue.files.tables import table_of
from directory.common.actor import SYSTEM
from directory.common.errors import RefusedError

PROGRAMMES_FILE = "programmes.csv"
_COLUMNS = (
    Column("code", cells.IDENTIFIER, required=True),
    Column("name", cells.LINE, required=True),
    Column("units", cells.whole_number(0, MOST_UNITS), required=True),
    Column("bedspaces", cells.whole_number(0, MOST_BEDSPACES), required=True),
    Column("ringfenced_units", cells.whole_number(0, MOST_UNITS), required=True),
    Column("active_from", cells.DAY),
    Column("active_until", cells.DAY),
)


def _sound(row: Mapping[str, Any], _folder: Folder) -> Iterator[Problem]:
    yield from problems_in(row)


# A programme that a file does not name stays: commissioners enter them by hand too.
PROGRAMMES = FileTable(
    file=PROGRAMMES_FILE,
    noun="programme",
    table=table_of(Programme),
    key=("code",),
    rules=(Rule(tuple(column.name for column in _COLUMNS), _sound),),
    columns=_COLUMNS,
)


def load_programmes(session: Session, folder: Path, now: datetime) -> ImportReport:
    """Make the programmes say what `folder`/programmes.csv says; a second time changes nothing. The caller commits.

    Raises RefusedError where there is no such file, or something is wrong with it, naming the first error.
    """
    report = import_tables(session, folder, (PROGRAMMES,), now)
    if report.refused:
        raise RefusedError(f"{folder}: {report.error_count} errors; the first is {report.errors[0]}.")
    added, changed = report.difference.added, report.difference.changed
    for code in [*(entry.id for entry in added), *(change.id for change in changed)]:
        record(session, Event.PROGRAMME_CHANGED, SYSTEM.reference, now, programme=code)
    return report
