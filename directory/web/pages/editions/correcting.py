"""Correcting a published edition: with an edition of its own, since none is ever changed."""

from flask import Response
from flask.typing import ResponseReturnValue

from directory.accounts.permissions import Permission
from directory.common.errors import InvalidInputError
from directory.extensions import current_session
from directory.publishing.editions.notes import checked_note
from directory.publishing.editions.reading import edition_in_preparation, read_edition
from directory.publishing.editions.vocabulary import EditionState
from directory.web import current
from directory.web.access import requires
from directory.web.forms import show_problems
from directory.web.pages.editions.blueprint import blueprint
from directory.web.pages.editions.contexts_preparing import CorrectPage
from directory.web.pages.editions.drafting import stream_draft
from directory.web.pages.editions.forms import CorrectForm
from directory.web.pages.editions.reading import NUMBER
from directory.web.pages.editions.stages import stage_in_a_line
from directory.web.pages.editions.words import published_number
from directory.web.rendering import render


@blueprint.get(f"/{NUMBER}/correct")
@requires(Permission.EDITIONS_PREPARE)
def correct(number: int) -> Response:
    """An empty form."""
    return _page(number, CorrectForm(formdata=None), 200)


@blueprint.post(f"/{NUMBER}/correct")
@requires(Permission.EDITIONS_PREPARE)
def draft_correction(number: int) -> ResponseReturnValue:
    """Draft the correction: the catalogue as it is now, with the note."""
    read_edition(current_session(), number)
    form = CorrectForm()
    if not form.validate():
        return _page(number, form, 422)
    try:
        note = checked_note(current_session(), form.note.data or "")
    except InvalidInputError as error:
        show_problems(form, error.problems)
        return _page(number, form, 422)
    return stream_draft(note, number)


def _page(number: int, form: CorrectForm, status: int) -> Response:
    session = current_session()
    known, draft = published_number(read_edition(session, number)), edition_in_preparation(session)
    line = stage_in_a_line(draft, current.user_id()) if draft else ""
    waits = draft is not None and draft.state is EditionState.SIGNED
    return render(CorrectPage(form, known, "" if waits else line, line if waits else ""), status)
