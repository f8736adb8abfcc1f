"""Drafting an edition, with its progress as it happens."""

from collections.abc import Callable

from flask import Response, current_app, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.permissions import Permission
from directory.capacity.availability import Moment
from directory.common.actor import Actor
from directory.common.errors import DomainError, InvalidInputError
from directory.common.progress import Progress
from directory.extensions import Database, current_session, written
from directory.publishing.editions.facts import EditionFacts
from directory.publishing.editions.lifecycle import draft
from directory.publishing.editions.notes import checked_note
from directory.publishing.editions.reading import edition_in_preparation
from directory.web import current
from directory.web.access import requires
from directory.web.forms import show_problems
from directory.web.logging import log_failure
from directory.web.pages.editions.blueprint import blueprint
from directory.web.pages.editions.contexts_preparing import ProgressPage
from directory.web.pages.editions.forms import DraftForm
from directory.web.pages.editions.preparing import BEGUN, prepare_page, problem_page, shown_in, why_not
from directory.web.pages.editions.words import holds
from directory.web.streaming import GAP, end_of_steps, streamed

_WENT_WRONG = "Something went wrong that nobody expected. Nothing was changed. Try again."


@blueprint.post("/prepare/draft")
@requires(Permission.EDITIONS_PREPARE)
def make_draft() -> ResponseReturnValue:
    """Draft an edition, or give the draft that was shown the catalogue as it is now."""
    form = DraftForm()
    there = edition_in_preparation(current_session())
    if there and not form.edition.data:
        return problem_page(form, BEGUN)
    problem = why_not(form, shown_in(form)) if form.edition.data else ""
    if problem:
        return problem_page(form, problem)
    if not form.validate():
        return prepare_page(form, 422)
    try:
        note = checked_note(current_session(), form.note.data or "")
    except InvalidInputError as error:
        show_problems(form, error.problems)
        return prepare_page(form, 422)
    return stream_draft(note, there.corrects_number if there else None)


def stream_draft(note: str, corrects: int | None) -> Response:
    """The page that tells how far the draft is; `note` has been screened."""
    heading = f"Drafting a correction of edition {corrects}" if corrects else "Drafting the edition"
    page = ProgressPage(heading, "The catalogue is read as it is now.", GAP)
    database: Database = current_app.extensions["database"]
    href = url_for("editions.prepare")
    work = _work(database, current.actor(), current.moment(), note, corrects)
    return streamed(page, work, lambda ended: _show_end(ended, href))


def _work(
    database: Database, actor: Actor, moment: Moment, note: str, corrects: int | None
) -> Callable[[Progress], EditionFacts]:
    """What is done in the thread: it knows nothing of the request."""

    def work(progress: Progress) -> EditionFacts:
        with database.new_session() as session:

            def drafted() -> EditionFacts:
                made = draft(session, actor, moment, progress, corrects=corrects, note=note)
                session.commit()
                return made

            # Reading the catalogue takes long, and nobody who writes has to wait for it.
            return written(session, drafted)

    return work


def _show_end(ended: EditionFacts | Exception, href: str) -> str:
    if isinstance(ended, EditionFacts):
        return end_of_steps(f"Drafted: {holds(ended)}.", href, "Read the checks")
    if isinstance(ended, DomainError):
        return end_of_steps(str(ended), href, "Back to preparing")
    log_failure(ended)
    return end_of_steps(_WENT_WRONG, href, "Back to preparing")
