"""The page on which commissioners prepare an edition, step by step, and the pages that lead from it."""

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.permissions import Permission
from directory.common.errors import NotFoundError
from directory.extensions import current_session
from directory.publishing.editions.checking import blocking, check, count_warnings
from directory.publishing.editions.facts import Check, EditionFacts
from directory.publishing.editions.reading import edition_in_preparation, latest
from directory.publishing.editions.schedule import next_due
from directory.web import current
from directory.web.access import requires
from directory.web.forms import BaseForm
from directory.web.pages.editions.blueprint import blueprint
from directory.web.pages.editions.contexts_preparing import DraftView, PreparePage
from directory.web.pages.editions.differing import Summary, change_line, summary_of
from directory.web.pages.editions.forms import ActForm, DraftForm, SignForm
from directory.web.pages.editions.mending import check_page, check_views
from directory.web.pages.editions.reading import changes_page
from directory.web.pages.editions.stages import stage_of, tasks
from directory.web.pages.editions.words import holds, number_in
from directory.web.rendering import render

GONE = "Somebody else was faster: what you saw is not there any more. This is how it stands now."
CHANGED = "The draft was changed after you opened it. Look at it again first."
BEGUN = "Somebody else was faster, and has drafted an edition. This is theirs."


@blueprint.get("/prepare")
@requires(Permission.EDITIONS_PREPARE)
def prepare() -> Response:
    """Everything about the edition that is being prepared."""
    return prepare_page(BaseForm(formdata=None), 200)


@blueprint.get("/prepare/checks/<code>")
@requires(Permission.EDITIONS_PREPARE)
def findings(code: str) -> ResponseReturnValue:
    """Everything that one check found."""
    draft = edition_in_preparation(current_session())
    if draft is None:
        return redirect(url_for("editions.prepare"), 303)
    found = next((one for one in check(current_session(), draft.id, current.moment()) if one.code == code), None)
    if found is None:
        raise NotFoundError("There is no such check.")
    return render(check_page(found, number_in(request.args.get("page", ""))))


@blueprint.get("/prepare/changes")
@requires(Permission.EDITIONS_PREPARE)
def draft_changes() -> ResponseReturnValue:
    """How the draft differs from the last published edition."""
    draft = edition_in_preparation(current_session())
    if draft is None:
        return redirect(url_for("editions.prepare"), 303)
    return render(changes_page(draft, "editions.draft_changes"))


def prepare_page(form: BaseForm, status: int) -> Response:
    """The page, with what is wrong with `form` (any of its own, or an empty one). Nothing unsaved is read."""
    session, reader = current_session(), current.user_id()
    draft, last = edition_in_preparation(session), latest(session)
    found: tuple[Check, ...] = check(session, draft.id, current.moment()) if draft else ()
    what = summary_of(session, draft, last) if draft else Summary((), 0, ())
    blocks, warns = sum(len(one.found) for one in blocking(found)), count_warnings(found)
    stage = stage_of(draft, reader)
    return render(
        PreparePage(
            form=form,
            draft_form=form if isinstance(form, DraftForm) else DraftForm(formdata=None, note=_note(draft)),
            sign_form=form if isinstance(form, SignForm) else SignForm(formdata=None),
            number=last.number + 1 if last and last.number else 1,
            stage=stage.value,
            tasks=tasks(stage, blocks=blocks, warns=warns, changes=what.total),
            draft=_view(draft, reader) if draft else None,
            checks=tuple(check_views(found)),
            passed=tuple(one.title for one in found if not one.found),
            blocks=blocks,
            warns=warns,
            change_lines=what.lines,
            first_changes=tuple(change_line(one, None) for one in what.first),
            more_changes=what.total > len(what.first),
            last_published_at=last.published_at if last else None,
            next_due=next_due(session, current.now()),
        ),
        status,
    )


def problem_page(form: BaseForm, problem: str, status: int = 409) -> Response:
    """The page as it stands now, and why what was asked for was not done."""
    current_session().rollback()
    form.form_errors.append(problem)
    return prepare_page(form, status)


def shown_in(form: ActForm) -> EditionFacts | None:
    """The draft that the page showed whose button was pressed; None where another one, or none, is there now."""
    draft = edition_in_preparation(current_session())
    return draft if draft and form.edition.data == str(draft.id) else None


def why_not(form: ActForm, draft: EditionFacts | None) -> str:
    """Why nothing is done with the draft that `shown_in` gave: the page showed something else. Empty: it did not."""
    if draft is None:
        return GONE
    shown = form.content_hash.data, form.drafted_at.data
    return "" if shown == (draft.content_hash, draft.prepared_at.isoformat()) else CHANGED


def _note(draft: EditionFacts | None) -> str:
    return draft.note if draft else ""


def _view(draft: EditionFacts, reader: int) -> DraftView:
    return DraftView(
        id=draft.id,
        content_hash=draft.content_hash,
        as_of=draft.as_of,
        prepared_by=draft.prepared_by,
        prepared_at=draft.prepared_at,
        mine=draft.prepared_by_id == reader,
        holds=holds(draft),
        corrects=draft.corrects_number,
        note=draft.note,
        signed_by=draft.signed_by,
        signed_at=draft.signed_at,
        warnings=draft.warnings,
    )
