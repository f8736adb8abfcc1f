"""Trying a change of one listing without making it, and saying what is wrong by the column that has to be changed."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from directory.accounts.permissions import Permission
from directory.capacity.files import LISTING_TABLES, ImportReport, RowEdit, edit_catalogue
from directory.catalogue.files.cells import tidy
from directory.catalogue.files.errors import CellError, FileError
from directory.catalogue.versions.models import ChangeKind, ListingKind
from directory.common.actor import Actor
from directory.common.errors import FieldProblem
from directory.editing.columns import COLUMNS, label_of
from directory.editing.fields import allowed, reviews, visible

# The row of the one listing that is edited, as errors call it.
_ROW = 1
_SOMETHING_ELSE = (
    "Something else that is said of this listing stands in the way, which a commissioner has to put right first."
)


def canonical(kind: ListingKind, column: str, text: str, now: datetime) -> str:
    """`text` as the catalogue would write it: without spaces around it, lists in order. What cannot be read stays."""
    cell = LISTING_TABLES[kind].column(column).cell
    try:
        tidied = tidy(text)
        return cell.text(cell.read(tidied, now)) if tidied else ""
    except CellError:
        return text


def edit_one(
    session: Session,
    kind: ListingKind,
    listing_id: str,
    texts: Mapping[str, str],
    now: datetime,
    *,
    change: ChangeKind,
    actor: Actor,
    dry_run: bool = False,
) -> ImportReport:
    """Write `texts` to one listing, or only find out whether that could be done."""
    edit = RowEdit(kind, listing_id, texts, number=_ROW)
    return edit_catalogue(session, [edit], now, kind=change, made_by=actor.reference, dry_run=dry_run)


def problems_of(
    kind: ListingKind, errors: Iterable[FileError], actor: Actor, columns: Iterable[str]
) -> list[FieldProblem]:
    """The errors of a report as problems of the fields in `columns`, in the order of a form; all others have no field.

    What is wrong in a column that the actor is not shown, or with another row, says only that something is.
    """
    own = frozenset(columns)
    return in_form_order(kind, [_problem(kind, error, actor, own) for error in errors])


def in_form_order(kind: ListingKind, problems: Iterable[FieldProblem]) -> list[FieldProblem]:
    """Each problem once, in the order of a form; those of no column (such as `explanation`) at the end."""
    order = {spec.column: position for position, spec in enumerate(COLUMNS[kind])}
    return sorted(dict.fromkeys(problems), key=lambda problem: order.get(problem.field, len(order)))


def _problem(kind: ListingKind, error: FileError, actor: Actor, columns: frozenset[str]) -> FieldProblem:
    own = error.file == LISTING_TABLES[kind].file and error.row in (_ROW, None)
    if own and error.column is not None and error.column in columns:
        return FieldProblem(error.column, error.message, error.allowed)
    if reviews(actor):
        return FieldProblem("", str(error))
    keeps = allowed(actor, Permission.LISTINGS_PROPOSE)
    if own and keeps and error.column is not None and visible(actor, error.column):
        return FieldProblem("", f"{label_of(kind, error.column)}: {error.message}")
    return FieldProblem("", _SOMETHING_ELSE)
