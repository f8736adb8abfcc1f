"""The last changes of the catalogue, what each did, and taking one back."""

from collections.abc import Sequence

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.permissions import Permission
from directory.capacity.undoing import Conflict, ConflictError, undo_change
from directory.common.errors import NotFoundError, RefusedError
from directory.common.paging import Paging
from directory.editing.bulk.history import list_changes, read_what_changed
from directory.editing.fields import label_of
from directory.extensions import begin_writing, current_session
from directory.web import current
from directory.web.access import requires
from directory.web.pages.bulk.blueprint import blueprint
from directory.web.pages.bulk.contexts import ChangePage, ChangesPage
from directory.web.pages.bulk.forms import RowsForm
from directory.web.pages.bulk.presenting import change_row, change_summary, listing_lines
from directory.web.pages.bulk.words import ONE, number_in
from directory.web.pages.editing.words import number_of
from directory.web.rendering import render

_PER_PAGE = 30


@blueprint.get("/changes")
@requires(Permission.CATALOGUE_BULK)
def changes() -> Response:
    """Changes, newest first."""
    paging = Paging(number_in(request.args.get("page", "")), _PER_PAGE)
    lines, total = list_changes(current_session(), paging)
    pages = paging.pages(total)
    return render(
        ChangesPage(
            changes=tuple(map(change_row, lines)),
            page=paging.page,
            pages=pages,
            previous=url_for("bulk.changes", page=min(paging.page - 1, pages)) if paging.page > 1 else None,
            next=url_for("bulk.changes", page=paging.page + 1) if paging.page < pages else None,
        )
    )


@blueprint.get("/changes/<change_id>")
@requires(Permission.CATALOGUE_BULK)
def change(change_id: str) -> Response:
    """One change, with one page of what it did."""
    return _change(number_of(change_id), RowsForm(formdata=None), ())


@blueprint.post("/changes/<change_id>/undo")
@requires(Permission.CATALOGUE_BULK)
def undo(change_id: str) -> ResponseReturnValue:
    """Take a change back as one step, or say what stands in the way."""
    session = current_session()
    number = number_of(change_id)
    begin_writing(session)
    form = RowsForm()
    try:
        report = undo_change(session, number, current.actor(), current.now())
    except NotFoundError:
        raise
    except ConflictError as error:
        session.rollback()
        form.form_errors.append(str(error))
        return _change(number, form, [_conflict(one) for one in error.conflicts], 409)
    except RefusedError as error:
        session.rollback()
        form.form_errors.append(str(error))
        return _change(number, form, (), 409)
    if report.refused:
        session.rollback()
        form.form_errors.append("It cannot be taken back: what was said before is not allowed any more")
        return _change(number, form, [str(error) for error in report.errors[:_PER_PAGE]], 409)
    session.commit()
    flash("The change was taken back. That is a change too, which you can take back again.")
    return redirect(url_for("bulk.changes"), 303)


def _change(number: int, form: RowsForm, conflicts: Sequence[str], status: int = 200) -> Response:
    paging = Paging(number_in(request.args.get("page", "")), _PER_PAGE)
    what = read_what_changed(current_session(), number, paging)
    pages = paging.pages(what.total)
    back, on = min(paging.page - 1, pages), paging.page + 1
    return render(
        ChangePage(
            form=form,
            change=change_row(what.line),
            summary=change_summary(what),
            listings=listing_lines(what.listings),
            conflicts=conflicts,
            page=paging.page,
            pages=pages,
            previous=url_for("bulk.change", change_id=number, page=back) if paging.page > 1 else None,
            next=url_for("bulk.change", change_id=number, page=on) if paging.page < pages else None,
        ),
        status,
    )


def _conflict(one: Conflict) -> str:
    column = f", {label_of(one.kind, one.column).lower()}" if one.column else ""
    return f"{ONE[one.kind].capitalize()} {one.listing_id}{column}: {one.message}"
