"""The dry run of a sheet, and choosing which of its rows to apply."""

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.permissions import Permission
from directory.editing.bulk.staging import check_rows_again, choose, choose_all, choose_none, keep_check, open_sheet
from directory.extensions import begin_writing, current_session
from directory.web import current
from directory.web.access import requires
from directory.web.pages.bulk.blueprint import blueprint
from directory.web.pages.bulk.forms import RowsForm
from directory.web.pages.bulk.presenting import ALL, check_page
from directory.web.pages.bulk.words import number_in
from directory.web.rendering import render

_MOST_DIGITS = 8


@blueprint.get("/bulk/<sheet_id>")
@requires(Permission.CATALOGUE_BULK)
def check(sheet_id: str) -> ResponseReturnValue:
    """One page of the dry run."""
    staged = open_sheet(current_session(), current.actor(), sheet_id, current.now())
    if staged.change_id is not None:
        return redirect(url_for("bulk.result", sheet_id=sheet_id), 303)
    if staged.check is None:
        return redirect(url_for("bulk.columns", sheet_id=sheet_id), 303)
    form = RowsForm(formdata=None)
    if any(row.outdated for row in staged.check.rows):
        form.form_errors.append(
            "Nothing was changed: rows would have done something else than what you saw. They are marked below. Look "
            "at them, and choose them again"
        )
    page = number_in(request.args.get("page", ""))
    return render(check_page(staged, staged.check, form, request.args.get("show", ALL), page), 200)


@blueprint.post("/bulk/<sheet_id>/choose")
@requires(Permission.CATALOGUE_BULK)
def choice(sheet_id: str) -> ResponseReturnValue:
    """Keep which rows are chosen, and go to another page of them."""
    begin_writing(current_session())
    keep_choice(sheet_id)
    what = request.form.get("do", "")
    if what in _ALL_OR_NONE:
        _ALL_OR_NONE[what](current_session(), current.actor(), sheet_id, current.now())
    current_session().commit()
    show, _, page = request.form.get("go", "").partition(".")
    if not show:
        show, page = request.form.get("show", ALL), request.form.get("page", "")
    return redirect(url_for("bulk.check", sheet_id=sheet_id, show=show, page=number_in(page)), 303)


_ALL_OR_NONE = {"all": choose_all, "none": choose_none}


@blueprint.post("/bulk/<sheet_id>/again")
@requires(Permission.CATALOGUE_BULK)
def again(sheet_id: str) -> ResponseReturnValue:
    """Check every row anew."""
    session = current_session()
    checked = check_rows_again(session, current.actor(), sheet_id, current.now())
    begin_writing(session)
    keep_check(session, current.actor(), checked, current.now())
    session.commit()
    flash("Every row was checked again.")
    return redirect(url_for("bulk.check", sheet_id=sheet_id), 303)


def keep_choice(sheet_id: str) -> Response | None:
    """Keep what is ticked on the page that was sent. Raises as `staging.choose`."""
    shown, chosen = _numbers("shown"), _numbers("row")
    if shown:
        choose(current_session(), current.actor(), sheet_id, shown, chosen, current.now())
    return None


def _numbers(name: str) -> list[int]:
    texts = request.form.getlist(name)
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS]
