"""Publishing the edition that is signed, with its progress, and sending it to every officer."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app, redirect, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.permissions import Permission
from directory.capacity.availability import Moment
from directory.common.actor import Actor
from directory.common.errors import DomainError, NotFoundError
from directory.common.progress import Progress
from directory.extensions import Database, begin_writing, current_session
from directory.publishing.cascade.sending import send_out
from directory.publishing.editions.facts import EditionFacts
from directory.publishing.editions.lifecycle import publish
from directory.publishing.editions.reading import read_by_id
from directory.publishing.editions.vocabulary import EditionState
from directory.web import current
from directory.web.access import requires
from directory.web.logging import log_failure
from directory.web.pages.editions.blueprint import blueprint
from directory.web.pages.editions.contexts_preparing import ProgressPage
from directory.web.pages.editions.forms import ActForm
from directory.web.pages.editions.preparing import GONE, problem_page, shown_in, why_not
from directory.web.pages.editions.words import counted, published_number
from directory.web.streaming import GAP, end_of_steps, streamed

_WENT_WRONG = "Something went wrong that nobody expected. Nothing was published. Try again: it is still signed."
_NOT_SIGNED = "It is not signed, so it cannot be published. This is how it stands now."


@dataclass(frozen=True, slots=True)
class _Published:
    """An edition that has just been published, and to how many people it was sent."""

    edition: EditionFacts
    people: int


@blueprint.post("/prepare/publish")
@requires(Permission.EDITIONS_PREPARE)
def put_out() -> ResponseReturnValue:
    """Publish what the page showed; whoever presses twice is led to what the first has published."""
    form = ActForm()
    draft = shown_in(form)
    if draft is None:
        number = _published_already(form)
        return redirect(url_for("editions.edition", number=number), 303) if number else problem_page(form, GONE)
    if draft.state is not EditionState.SIGNED:
        return problem_page(form, _NOT_SIGNED)
    if problem := why_not(form, draft):
        return problem_page(form, problem)
    page = ProgressPage("Publishing the edition", "All of it is published, or nothing.", GAP)
    database: Database = current_app.extensions["database"]
    back = url_for("editions.prepare")
    work = _work(database, draft.id, current.actor(), current.moment())
    return streamed(page, work, lambda ended: _show_end(ended, back))


def _published_already(form: ActForm) -> int | None:
    text = form.edition.data or ""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        return None
    try:
        return read_by_id(current_session(), int(text)).number
    except NotFoundError:
        return None


def _work(database: Database, edition_id: int, actor: Actor, moment: Moment) -> Callable[[Progress], _Published]:
    """What is done in the thread: it knows nothing of the request."""

    def work(progress: Progress) -> _Published:
        with database.new_session() as session:
            begin_writing(session)
            edition = publish(session, edition_id, actor, moment, progress)
            progress("Writing to everybody who is sent it", 0, 1)
            people = send_out(session, edition_id, moment.now)
            progress("Writing to everybody who is sent it", 1, 1)
            session.commit()
            return _Published(edition, people)

    return work


def _show_end(ended: _Published | Exception, back: str) -> str:
    if isinstance(ended, _Published):
        number = published_number(ended.edition)
        said = f"Edition {number} is published, and on its way to {counted(ended.people, 'officer')}."
        return end_of_steps(said, url_for("editions.edition", number=number), f"See edition {number}")
    if isinstance(ended, DomainError):
        return end_of_steps(str(ended), back, "Back to preparing")
    log_failure(ended)
    return end_of_steps(_WENT_WRONG, back, "Back to preparing")
