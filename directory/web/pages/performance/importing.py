"""Importing figures: a file, what it would change, and confirming that; what was confirmed is checked once more."""

import hashlib
from contextlib import closing

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.permissions import Permission
from directory.editing.bulk.sheet import UnreadableSheetError
from directory.extensions import begin_writing, current_session
from directory.publishing.performance.importing import PerformanceReport, import_performance
from directory.publishing.performance.measures import measures
from directory.web import current
from directory.web.access import requires
from directory.web.pages.performance.blueprint import MOST_BYTES, blueprint
from directory.web.pages.performance.carrying import Carried, SheetGoneError, close, open_again
from directory.web.pages.performance.contexts import ImportPage
from directory.web.pages.performance.forms import ConfirmForm, UploadForm
from directory.web.pages.performance.import_presenting import check_page
from directory.web.rendering import render

_TOO_LARGE = f"The file is larger than {MOST_BYTES // 1024 // 1024} MB. Split it into several files"


@blueprint.get("/import")
@requires(Permission.PERFORMANCE_IMPORT)
def import_form() -> Response:
    """The form for a file."""
    return _form(UploadForm(formdata=None))


@blueprint.post("/import")
@requires(Permission.PERFORMANCE_IMPORT)
def check() -> ResponseReturnValue:
    """What the file would change; nothing is kept of it."""
    form = UploadForm()
    if not form.validate_on_submit():
        return _form(form)
    with closing(form.file.data) as file:
        # One byte more than may be tells that there is more.
        content, name = file.stream.read(MOST_BYTES + 1), file.filename or ""
    if len(content) > MOST_BYTES:
        form.file.errors = [_TOO_LARGE]
        return _form(form, 413)
    try:
        report = _dry_run(content, name)
    except UnreadableSheetError as error:
        form.file.errors = [str(error)]
        return _form(form)
    return _check(report, content, name, again=False)


@blueprint.post("/import/confirm")
@requires(Permission.PERFORMANCE_IMPORT)
def confirm() -> ResponseReturnValue:
    """Import the sheet that was checked, if that still changes what was seen."""
    session = current_session()
    form = ConfirmForm()
    if not form.validate_on_submit():
        return redirect(url_for("performance.import_form"), 303)
    try:
        sheet = open_again(form.sheet.data or "", current.user_id(), current.settings().secret_key, current.now())
    except SheetGoneError as error:
        upload = UploadForm(formdata=None)
        upload.file.errors = [str(error)]
        return _form(upload)
    begin_writing(session)
    found = _dry_run(sheet.content, sheet.filename)
    if _seen(found) != sheet.seen:
        session.rollback()
        return _check(found, sheet.content, sheet.filename, again=True)
    report = import_performance(session, sheet.content, sheet.filename, current.actor(), current.now(), dry_run=False)
    session.commit()
    flash(f"Imported: {len(report.added):,} new figures, {len(report.changed):,} changed ones.")
    return redirect(url_for("performance.quarter"), 303)


@blueprint.errorhandler(413)
def too_large(_error: Exception) -> Response:
    """A file too large even to be read, said where the file is chosen."""
    form = UploadForm(formdata=None)
    form.file.errors = [_TOO_LARGE]
    return _form(form, 413)


def _form(form: UploadForm, status: int | None = None) -> Response:
    return render(ImportPage(form=form, measures=measures()), status)


def _dry_run(content: bytes, name: str) -> PerformanceReport:
    return import_performance(current_session(), content, name, current.actor(), current.now(), dry_run=True)


def _check(report: PerformanceReport, content: bytes, name: str, *, again: bool) -> Response:
    form = ConfirmForm(formdata=None)
    carried = Carried(content, name, _seen(report))
    form.sheet.data = close(carried, current.user_id(), current.settings().secret_key, current.now())
    status = 422 if report.errors else 409 if again else 200
    return render(check_page(report, form, name, again=again), status)


def _seen(report: PerformanceReport) -> str:
    """A word for what a check said: another answer has another one."""
    return hashlib.sha256(repr((report.added, report.changed, report.errors)).encode()).hexdigest()
