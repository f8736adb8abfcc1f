"""The dry run of a sheet: what each row would do, and every error by cell.

One faulty row hides nothing of the others.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from directory.capacity.files import LISTING_TABLES, ImportReport, edit_catalogue
from directory.catalogue.files.difference import Change
from directory.catalogue.files.errors import FileError
from directory.catalogue.versions.models import ChangeKind, ListingKind
from directory.catalogue.vocabulary import ListingStatus
from directory.common.actor import Actor
from directory.editing.bulk.likenesses import likenesses_of
from directory.editing.bulk.publishing import lacking
from directory.editing.bulk.results import Check, CheckedRow, FieldChange, Verdict
from directory.editing.bulk.rows import Layout, Prepared, layout_of, prepare_rows
from directory.editing.bulk.sheet import Sheet
from directory.editing.bulk.states import keep_confirmations

# Each round leaves out what was found faulty in the one before; more than a few rounds nothing has ever taken.
_ROUNDS = 8
_BEYOND = "It cannot be applied together with the others: something outside of this row is wrong."


def check_sheet(
    session: Session, actor: Actor, kind: ListingKind, sheet: Sheet, columns: Sequence[str], at: datetime, now: datetime
) -> Check:
    """What the rows of a sheet would do, nothing of which is done. `at` is when it was uploaded.

    Rows of the catalogue that the sheet does not have stay as they are: an upload never removes anything.
    """
    layout = layout_of(kind, sheet, columns)
    prepared = prepare(session, layout, at)
    problems, report = _try(session, actor, layout, prepared, now)
    changed = {change.id: change for change in report.difference.changed}
    added = {entry.id for entry in report.difference.added}
    rows = [_judged(layout, one, added, changed) for one in prepared]
    rows = _demand_completeness(session, layout, rows, prepared)
    return Check(now, tuple(_with_likenesses(session, kind, rows, prepared)), tuple(problems))


def prepare(session: Session, layout: Layout, at: datetime, only: frozenset[int] | None = None) -> list[Prepared]:
    """Every row as a change, as `prepare_rows` does it, with what is to be kept of units' confirmations."""
    prepared = prepare_rows(session, layout, at, only)
    if layout.kind is ListingKind.UNIT:
        keep_confirmations(session, prepared, at)
    return prepared


def _try(
    session: Session, actor: Actor, layout: Layout, prepared: Sequence[Prepared], now: datetime
) -> tuple[list[str], ImportReport]:
    """Dry runs until nothing is wrong with what is left; problems are put to their rows, others are returned."""
    trying = [one for one in prepared if one.id]
    beyond: dict[str, None] = {}
    for _ in range(_ROUNDS):
        edits = [one.edit(layout.kind) for one in trying]
        report = edit_catalogue(session, edits, now, kind=ChangeKind.UPLOAD, made_by=actor.reference, dry_run=True)
        beyond |= dict.fromkeys(_put_to_rows(layout, trying, report.errors))
        sound = [one for one in trying if not one.problems]
        if len(sound) == len(trying):
            break
        trying = sound
    if report.errors:
        for one in trying:
            one.problems.append(layout.problem(one.number, "", _BEYOND))
    return list(beyond), report


def _put_to_rows(layout: Layout, trying: Sequence[Prepared], errors: Sequence[FileError]) -> list[str]:
    """Put each error to the row that it is about; those about something else are returned as sentences."""
    rows = {one.number: one for one in trying}
    file = LISTING_TABLES[layout.kind].file
    beyond = []
    for error in errors:
        row = rows.get(error.row) if error.row is not None and error.file == file else None
        if row is None:
            beyond.append(str(error))
            continue
        problem = layout.problem(row.number, error.column or "", error.message, error.value, error.allowed)
        # Of a cell that shows an error in the spreadsheet, that it is empty as well is no news.
        if not problem.cell or problem.cell not in {known.cell for known in row.problems}:
            row.problems.append(problem)
    return beyond


def _judged(layout: Layout, one: Prepared, added: set[str], changed: dict[str, Change]) -> CheckedRow:
    fields: tuple[FieldChange, ...] = ()
    if one.problems or not one.id:
        verdict = Verdict.FAULTY
    elif one.id in added:
        verdict = Verdict.ADDED
        filled = ((column.name, one.texts.get(column.name, "")) for column in LISTING_TABLES[layout.kind].in_file)
        fields = tuple(FieldChange(name, "", text) for name, text in filled if text)
    elif one.id in changed:
        verdict = Verdict.CHANGED
        fields = tuple(FieldChange(name, *texts) for name, texts in changed[one.id].fields.items())
    else:
        verdict = Verdict.UNCHANGED
    notices = () if verdict is Verdict.UNCHANGED else tuple(one.notices)
    return CheckedRow(one.number, one.id, one.name, verdict, fields, tuple(one.problems), notices)


def _demand_completeness(
    session: Session, layout: Layout, rows: Sequence[CheckedRow], prepared: Sequence[Prepared]
) -> list[CheckedRow]:
    """Refuse, on the cell of its status, what would be published and lacks something."""
    texts = {one.number: one.texts for one in prepared}
    publishing = {row.id: texts[row.number] for row in rows if publishes(row)}
    missing = lacking(session, layout.kind, publishing) if publishing else {}
    judged = []
    for row in rows:
        found = missing.get(row.id) if row.can_be_applied else None
        if found:
            message = f"It cannot be published yet. It lacks: {', '.join(found)}."
            problem = layout.problem(row.number, "status", message, ListingStatus.PUBLISHED.value, ("draft",))
            row = replace(row, verdict=Verdict.FAULTY, fields=(), problems=(problem,))
        judged.append(row)
    return judged


def publishes(row: CheckedRow) -> bool:
    """Whether a row would publish a listing."""
    return row.can_be_applied and any(
        field.column == "status" and field.after == ListingStatus.PUBLISHED for field in row.fields
    )


def _with_likenesses(
    session: Session, kind: ListingKind, rows: Sequence[CheckedRow], prepared: Sequence[Prepared]
) -> list[CheckedRow]:
    new = {row.number for row in rows if row.verdict is Verdict.ADDED}
    added = {one.number: one for one in prepared if one.number in new}
    alike = likenesses_of(session, kind, list(added.values()))
    return [
        replace(row, likenesses=alike.get(row.id, ()), notices=tuple(added[row.number].notices))
        if row.number in added
        else row
        for row in rows
    ]


def outdated_rows(check: Check, report: ImportReport, chosen: frozenset[int]) -> frozenset[int]:
    """The numbers of those chosen rows of which a report says something else than the check did."""
    changed = {change.id: change.fields for change in report.difference.changed}
    added = {entry.id for entry in report.difference.added}
    outdated = set()
    for row in check.rows:
        if row.number not in chosen:
            continue
        shown = {field.column: (field.before, field.after) for field in row.fields}
        same = row.id in added if row.verdict is Verdict.ADDED else changed.get(row.id) == shown
        if not same:
            outdated.add(row.number)
    return frozenset(outdated)


def faulty_rows(report: ImportReport) -> frozenset[int]:
    """The numbers of the rows with which a report finds something wrong."""
    return frozenset(error.row for error in report.errors if error.row is not None)
