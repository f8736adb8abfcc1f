"""Reading guidance, and, for commissioners, writing it."""

from datetime import UTC, datetime

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.permissions import Permission
from directory.catalogue.guidance import (
    ChangedMeanwhileError,
    GuidanceText,
    list_guidance,
    read_guidance,
    update_guidance,
)
from directory.common.errors import InvalidInputError, NotFoundError
from directory.extensions import begin_writing, current_session
from directory.web import current
from directory.web.access import requires, signed_in
from directory.web.forms import show_problems
from directory.web.pages.guidance.contexts import EditGuidancePage, GuidanceListPage, ManageGuidancePage
from directory.web.pages.guidance.forms import GuidanceForm
from directory.web.rendering import render

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)

blueprint = Blueprint("guidance", __name__)


@blueprint.get("/guidance")
@signed_in
def listing() -> Response:
    """Every text, one after the other."""
    return render(GuidanceListPage(texts=tuple(list_guidance(current_session()))))


@blueprint.get("/manage/guidance")
@requires(Permission.GUIDANCE_EDIT)
def manage() -> Response:
    """Choose a text to edit."""
    return render(ManageGuidancePage(texts=tuple(list_guidance(current_session()))))


@blueprint.get("/manage/guidance/<key>")
@requires(Permission.GUIDANCE_EDIT)
def edit(key: str) -> Response:
    """The form with the text as it is."""
    text = _existing(key)
    form = GuidanceForm(formdata=None, title=text.title, body=text.body, version=text.updated_at.isoformat())
    return render(EditGuidancePage(form=form, title=text.title, preview=None, theirs=None))


@blueprint.post("/manage/guidance/<key>")
@requires(Permission.GUIDANCE_EDIT)
def save(key: str) -> ResponseReturnValue:
    """Save the text, or show how it will look."""
    begin_writing(current_session())
    text = _existing(key)
    form = GuidanceForm()
    if not form.validate_on_submit():
        return _again(form, text)
    if "preview" in request.form:
        return render(EditGuidancePage(form=form, title=text.title, preview=form.body.data, theirs=None))
    try:
        update_guidance(
            current_session(),
            key,
            title=form.title.data,
            body=form.body.data,
            read_version=_version(form.version.data),
            now=current.now(),
            actor_reference=current.actor().reference,
        )
    except InvalidInputError as error:
        show_problems(form, error.problems)
        return _again(form, text)
    except ChangedMeanwhileError as error:
        form.form_errors.append(str(error))
        # What was typed stays in the form; saving it once more, after reading theirs, replaces theirs.
        form.version.data = text.updated_at.isoformat()
        form.version.raw_data = None
        return _again(form, text, theirs=text, status=409)
    current_session().commit()
    flash(f"“{form.title.data}” is saved. Everybody sees it from now on.")
    return redirect(url_for("guidance.manage"), 303)


def _existing(key: str) -> GuidanceText:
    text = read_guidance(current_session(), key)
    if text is None:
        raise NotFoundError("There is no such guidance.")
    return text


def _version(text: str | None) -> datetime:
    """The version that the form was filled with. What cannot be read is one that nobody has."""
    try:
        version = datetime.fromisoformat(text or "")
        return version.astimezone(UTC) if version.tzinfo else _NEVER
    except (ValueError, OverflowError):
        return _NEVER


def _again(form: GuidanceForm, text: GuidanceText, theirs: GuidanceText | None = None, status: int = 422) -> Response:
    return render(EditGuidancePage(form=form, title=text.title, preview=None, theirs=theirs), status)
