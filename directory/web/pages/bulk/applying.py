"""Applying a sheet, with its progress as it happens, and what that has changed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Response, current_app, redirect, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.permissions import Permission
from directory.common.actor import Actor
from directory.common.errors import DomainError, NotFoundError
from directory.common.paging import Paging
from directory.common.progress import Progress
from directory.editing.bulk.applying import Applied, SheetOutOfDateError, apply_sheet
from directory.editing.bulk.history import read_what_changed
from directory.editing.bulk.staging import check_rows_again, keep_check, open_sheet
from directory.extensions import Database, begin_writing, current_session
from directory.web import current
from directory.web.access import requires
from directory.web.logging import log_failure
from directory.web.pages.bulk.blueprint import blueprint
from directory.web.pages.bulk.checking import keep_choice
from directory.web.pages.bulk.contexts import ApplyPage, ResultPage
from directory.web.pages.bulk.presenting import change_row, change_summary
from directory.web.pages.bulk.words import KINDS, counted
from directory.web.rendering import render
from directory.web.streaming import GAP, end_of_steps, streamed

_WENT_WRONG = "Something went wrong that nobody expected. Nothing was changed. Try again; your upload is still there."


@dataclass(frozen=True, slots=True)
class _Links:
    """Where to go from the end of the page."""

    check: str
    result: str


@blueprint.post("/bulk/<sheet_id>/apply")
@requires(Permission.CATALOGUE_BULK)
def apply(sheet_id: str) -> ResponseReturnValue:
    """Keep what is ticked, and apply all that is chosen; the page tells its progress."""
    session = current_session()
    begin_writing(session)
    staged = open_sheet(session, current.actor(), sheet_id, current.now())
    links = _Links(url_for("bulk.check", sheet_id=sheet_id), url_for("bulk.result", sheet_id=sheet_id))
    if staged.change_id is not None:
        return redirect(links.result, 303)
    keep_choice(sheet_id)
    staged = open_sheet(session, current.actor(), sheet_id, current.now())
    session.commit()
    page = ApplyPage(counted(len(staged.chosen), "row"), GAP)
    database: Database = current_app.extensions["database"]
    work = _work(database, current.actor(), sheet_id, current.now())
    return streamed(page, work, lambda ended: _show_end(ended, links))


def _work(database: Database, actor: Actor, sheet_id: str, now: datetime) -> Callable[[Progress], Applied]:
    """What is done in the thread: it knows nothing of the request."""

    def work(progress: Progress) -> Applied:
        with database.new_session() as session:
            begin_writing(session)
            try:
                applied = apply_sheet(session, actor, sheet_id, now, progress)
            except SheetOutOfDateError as error:
                session.rollback()
                checked = check_rows_again(session, actor, sheet_id, now, error.rows)
                begin_writing(session)
                keep_check(session, actor, checked, now)
                session.commit()
                raise
            session.commit()
            return applied

    return work


def _show_end(ended: Applied | Exception, links: _Links) -> str:
    if isinstance(ended, Applied):
        said = counted(ended.added + ended.changed, "row")
        before = "This upload was applied before. Nothing was done now."
        text = before if ended.before else f"Done: {said} applied, {ended.added:,} of them new."
        return end_of_steps(text, links.result, "See what was changed")
    if isinstance(ended, DomainError):
        return end_of_steps(str(ended), links.check, "Back to the rows")
    log_failure(ended)
    return end_of_steps(_WENT_WRONG, links.check, "Back to the rows")


@blueprint.get("/bulk/<sheet_id>/result")
@requires(Permission.CATALOGUE_BULK)
def result(sheet_id: str) -> Response:
    """What the upload has changed, and the button that takes it back."""
    session = current_session()
    staged = open_sheet(session, current.actor(), sheet_id, current.now())
    if staged.change_id is None:
        raise NotFoundError("This upload has not been applied.")
    what = read_what_changed(session, staged.change_id, Paging())
    return render(ResultPage(change_row(what.line), KINDS[staged.kind], change_summary(what)))
