"""Uploading a sheet, and saying what its columns are."""

from contextlib import closing

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.permissions import Permission
from directory.common.errors import InvalidInputError
from directory.editing.bulk.columns import LEFT_OUT, catalogue_columns, known_headers, suggest
from directory.editing.bulk.exporting import SheetFormat
from directory.editing.bulk.sheet import MAX_BYTES, UnreadableSheetError
from directory.editing.bulk.sheets import read_sheet
from directory.editing.bulk.staging import Staged, check_columns_and_rows, keep_check, open_sheet, stage
from directory.editing.overview import ListingKind
from directory.extensions import begin_writing, current_session
from directory.web import current
from directory.web.access import requires
from directory.web.forms import BaseForm, show_problems
from directory.web.pages.bulk.blueprint import blueprint
from directory.web.pages.bulk.contexts import BulkPage, ColumnLine, ColumnsPage, ExportLine
from directory.web.pages.bulk.forms import UploadForm, columns_form
from directory.web.pages.bulk.words import KINDS, ONE, counted
from directory.web.pages.editing.words import kind_of, kind_segment
from directory.web.rendering import render

_LONGEST_SAMPLE = 80


@blueprint.get("/bulk")
@requires(Permission.CATALOGUE_BULK)
def home() -> Response:
    """The form for a file, and the files to take out."""
    return _home(UploadForm(formdata=None))


@blueprint.post("/bulk")
@requires(Permission.CATALOGUE_BULK)
def upload() -> ResponseReturnValue:
    """Read a file, and keep it for a day."""
    form = UploadForm()
    if not form.validate_on_submit():
        return _home(form)
    kind = kind_of(form.kind.data)
    session = current_session()
    with closing(form.file.data) as file:
        # One byte more than may be tells that there is more.
        content = file.stream.read(MAX_BYTES + 1)
    try:
        sheet = read_sheet(content, known_headers(session, kind))
    except UnreadableSheetError as error:
        form.file.errors = [str(error)]
        return _home(form)
    begin_writing(session)
    sheet_id = stage(session, current.actor(), kind, sheet, current.now())
    session.commit()
    return redirect(url_for("bulk.columns", sheet_id=sheet_id), 303)


@blueprint.errorhandler(413)
def too_large(_error: Exception) -> Response:
    """A file too large even to be read, said where the file is chosen."""
    form = UploadForm(formdata=None)
    form.file.errors = [f"The file is larger than {MAX_BYTES // 1024 // 1024} MB. Split it into several files"]
    return _home(form, 413)


def _home(form: UploadForm, status: int | None = None) -> Response:
    exports = [
        ExportLine(words, *(url_for("bulk.export", kind=kind_segment(kind), form=form) for form in SheetFormat))
        for kind, words in KINDS.items()
    ]
    return render(BulkPage(form, exports), status)


@blueprint.get("/bulk/<sheet_id>/columns")
@requires(Permission.CATALOGUE_BULK)
def columns(sheet_id: str) -> ResponseReturnValue:
    """What each column of the sheet is, as it was chosen or as it is suggested."""
    session = current_session()
    staged = open_sheet(session, current.actor(), sheet_id, current.now())
    if staged.change_id is not None:
        return redirect(url_for("bulk.result", sheet_id=sheet_id), 303)
    chosen = staged.columns or suggest(session, staged.kind, staged.sheet)
    return _columns(staged, columns_form(staged.sheet, catalogue_columns(staged.kind), chosen))


@blueprint.post("/bulk/<sheet_id>/columns")
@requires(Permission.CATALOGUE_BULK)
def match(sheet_id: str) -> ResponseReturnValue:
    """Keep what the columns are, and check every row."""
    session = current_session()
    staged = open_sheet(session, current.actor(), sheet_id, current.now())
    if staged.change_id is not None:
        return redirect(url_for("bulk.result", sheet_id=sheet_id), 303)
    form = columns_form(staged.sheet, catalogue_columns(staged.kind))
    if not form.validate_on_submit():
        return _columns(staged, form)
    chosen = [request.form.get(f"column-{place}", LEFT_OUT) for place in range(len(staged.sheet.headers))]
    try:
        # Thousands of rows take seconds, in which others may write; what was found is then kept in a moment.
        checked = check_columns_and_rows(session, current.actor(), sheet_id, chosen, current.now())
    except InvalidInputError as error:
        form.form_errors += [problem.message for problem in error.problems if not problem.field]
        show_problems(form, [problem for problem in error.problems if problem.field])
        return _columns(staged, form)
    begin_writing(session)
    keep_check(session, current.actor(), checked, current.now())
    session.commit()
    return redirect(url_for("bulk.check", sheet_id=sheet_id), 303)


def _columns(staged: Staged, form: BaseForm) -> Response:
    sheet = staged.sheet
    lines = [
        ColumnLine(f"column-{place}", tuple(_short(text) for text in sheet.samples(place)))
        for place in range(len(sheet.headers))
    ]
    return render(
        ColumnsPage(
            form=form,
            kind=KINDS[staged.kind],
            one=ONE[staged.kind],
            rows=counted(len(sheet.rows), "row"),
            columns=tuple(lines),
            remarks=sheet.remarks,
            live=staged.kind is ListingKind.UNIT,
            check_url=url_for("bulk.check", sheet_id=staged.id) if staged.check else None,
        )
    )


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_SAMPLE else f"{text[:_LONGEST_SAMPLE]}…"
