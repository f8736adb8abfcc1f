"""What commissioners do with proposals: the queue, one of them, and the three answers."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from directory.accounts.permissions import Permission
from directory.common.actor import Actor
from directory.common.errors import InvalidInputError, RefusedError
from directory.common.paging import Paging
from directory.editing.errors import ChangedMeanwhileError
from directory.editing.reviewing import approve, read_review, reject, return_for_changes
from directory.editing.reviewing import queue as read_queue
from directory.extensions import begin_writing, current_session
from directory.web import current
from directory.web.access import requires
from directory.web.forms import show_problems
from directory.web.pages.editing.following import page_asked
from directory.web.pages.editing.words import number_of
from directory.web.pages.review.contexts import QueuePage
from directory.web.pages.review.forms import AnswerForm
from directory.web.pages.review.presenting import queue_line, review_page
from directory.web.rendering import render

blueprint = Blueprint("review", __name__, url_prefix="/manage/proposals")

PER_PAGE = 20
_CHANGED = "The listing has changed since you opened this page. Nothing was approved: look at it again."
Answer = Callable[[Session, int, str, Actor, datetime], None]


@blueprint.get("")
@requires(Permission.LISTINGS_REVIEW)
def queue() -> Response:
    """What waits, oldest first."""
    paging = Paging(page_asked(), PER_PAGE)
    found = read_queue(current_session(), current.actor(), paging)
    pages = paging.pages(found.total)
    return render(
        QueuePage(
            lines=tuple(queue_line(line) for line in found.lines),
            total=found.total,
            page=paging.page,
            pages=pages,
            previous=url_for("review.queue", page=min(paging.page - 1, pages)) if paging.page > 1 else None,
            next=url_for("review.queue", page=paging.page + 1) if paging.page < pages else None,
            now=current.now(),
        )
    )


@blueprint.get("/<number>")
@requires(Permission.LISTINGS_REVIEW)
def proposal(number: str) -> Response:
    """One of them, field by field."""
    return _page(number_of(number), AnswerForm(formdata=None))


@blueprint.post("/<number>/approve")
@requires(Permission.LISTINGS_REVIEW)
def let_pass(number: str) -> ResponseReturnValue:
    """Let the catalogue say it."""
    session, form, proposal_id = current_session(), AnswerForm(), number_of(number)
    begin_writing(session)
    try:
        approve(session, proposal_id, _seen(form), current.actor(), current.now())
    except ChangedMeanwhileError:
        session.rollback()
        return _page(proposal_id, form, _CHANGED, 409, changed_meanwhile=True)
    except InvalidInputError:
        # What stands in the way is on the page already: it is asked anew whenever the proposal is shown.
        session.rollback()
        return _page(proposal_id, form, "It cannot be approved as it is.", 409)
    except RefusedError as error:
        session.rollback()
        return _page(proposal_id, form, str(error), 409)
    session.commit()
    flash("Approved. Everybody who may see the listing sees it from now on, and its author is told.")
    return redirect(url_for("review.queue"), 303)


@blueprint.post("/<number>/return")
@requires(Permission.LISTINGS_REVIEW)
def ask_for_changes(number: str) -> ResponseReturnValue:
    """Send it back to its author, with what to change."""
    return _answer(number_of(number), return_for_changes, "Sent back. Its author is told what you wrote.")


@blueprint.post("/<number>/reject")
@requires(Permission.LISTINGS_REVIEW)
def refuse(number: str) -> ResponseReturnValue:
    """Say no, and why."""
    return _answer(number_of(number), reject, "Rejected. The listing stays as it is, and the author is told why.")


def _answer(proposal_id: int, answer: Answer, said: str) -> ResponseReturnValue:
    session, form = current_session(), AnswerForm()
    begin_writing(session)
    if not form.validate():
        return _page(proposal_id, form, status=422)
    try:
        answer(session, proposal_id, form.comment.data or "", current.actor(), current.now())
    except InvalidInputError as error:
        session.rollback()
        show_problems(form, error.problems)
        return _page(proposal_id, form, status=422)
    except RefusedError as error:
        session.rollback()
        return _page(proposal_id, form, str(error), 409)
    session.commit()
    flash(said)
    return redirect(url_for("review.queue"), 303)


def _page(
    proposal_id: int, form: AnswerForm, problem: str = "", status: int = 200, *, changed_meanwhile: bool = False
) -> Response:
    review = read_review(current_session(), proposal_id, current.actor(), current.now())
    return render(review_page(review, form, problem=problem, changed_meanwhile=changed_meanwhile), status)


def _seen(form: AnswerForm) -> int:
    """The version that was looked at; one that never is where that cannot be read."""
    text = form.seen.data or ""
    return int(text) if text.removeprefix("-").isdigit() and text.isascii() and len(text) < 10 else -2
