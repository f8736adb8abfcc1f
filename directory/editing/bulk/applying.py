"""Applying the chosen rows of a sheet: all of them or nothing, and nothing else than what had been shown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from directory.capacity.files import edit_catalogue
from directory.catalogue.versions.models import ChangeKind
from directory.common.actor import Actor
from directory.common.errors import NotFoundError, RefusedError
from directory.common.progress import Progress, no_progress
from directory.editing.bulk.checking import faulty_rows, outdated_rows, prepare, publishes
from directory.editing.bulk.publishing import lacking
from directory.editing.bulk.rows import Prepared, layout_of
from directory.editing.bulk.staging import Staged, lock_sheet

# The machinery's own steps, with one before and one after them.
_STEPS = 7


class SheetOutOfDateError(RefusedError):
    """Chosen rows would do something else than what was shown. Nothing was written; `rows` are their numbers.

    The caller undoes its transaction, and shows the sheet again (`staging.check_rows_again`).
    """

    def __init__(self, rows: Iterable[int]) -> None:
        self.rows = frozenset(rows)
        super().__init__(
            "The directory has changed since you checked this sheet, so it would do something else than what you saw. "
            "Nothing was changed."
        )


@dataclass(frozen=True, slots=True)
class Applied:
    """What applying a sheet did. `before`: it had been applied already, and nothing was done now."""

    change_id: int
    added: int
    changed: int
    before: bool = False


def _incomplete(session: Session, staged: Staged, prepared: Sequence[Prepared]) -> frozenset[int]:
    """The numbers of the rows that publish what lacks something by now: others may have emptied a field meanwhile."""
    publishing = {row.number for row in staged.check.rows if publishes(row)} if staged.check else set()
    texts = {one.id: one.texts for one in prepared if one.number in publishing}
    missing = lacking(session, staged.kind, texts) if texts else {}
    return frozenset(one.number for one in prepared if one.id in missing)


def apply_sheet(
    session: Session, actor: Actor, sheet_id: str, now: datetime, progress: Progress = no_progress
) -> Applied:
    """Write the chosen rows as one change, which can be undone as one; the caller commits.

    Pressed twice, it is applied once. Raises NotFoundError for no such sheet or one that was not checked, RefusedError
    when nothing is chosen or the machinery refuses (a unit is held, a referral is open, somebody else is writing),
    SheetOutOfDateError when it would do anything else than what was shown.
    """
    progress("Reading the sheet", 0, _STEPS)
    row, staged = lock_sheet(session, actor, sheet_id, now)
    if staged.change_id is not None:
        return Applied(staged.change_id, 0, 0, before=True)
    if staged.columns is None or staged.check is None:
        raise NotFoundError("This sheet has not been checked yet.")
    if not staged.chosen:
        raise RefusedError("No row is chosen. Tick at least one.")
    layout = layout_of(staged.kind, staged.sheet, staged.columns)
    prepared = prepare(session, layout, staged.made_at, staged.chosen)
    broken = [one.number for one in prepared if one.problems or not one.id]
    if broken:
        raise SheetOutOfDateError(broken)
    report = edit_catalogue(
        session,
        [one.edit(staged.kind) for one in prepared],
        now,
        kind=ChangeKind.UPLOAD,
        made_by=actor.reference,
        progress=lambda what, step, _steps: progress(what, step + 1, _STEPS),
    )
    outdated = faulty_rows(report) if report.refused else outdated_rows(staged.check, report, staged.chosen)
    outdated |= _incomplete(session, staged, prepared) if report.applied else frozenset()
    if outdated or report.change_id is None:
        raise SheetOutOfDateError(outdated or staged.chosen)
    row.change_id = report.change_id
    session.flush()
    progress("Saving", _STEPS, _STEPS)
    return Applied(report.change_id, len(report.difference.added), len(report.difference.changed))
