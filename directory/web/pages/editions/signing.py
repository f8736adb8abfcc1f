"""What is done with a draft: taking it over, discarding it, signing it as the second person, taking that back."""

from collections.abc import Callable

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.permissions import Permission
from directory.common.errors import NotAllowedError, NotFoundError, RefusedError
from directory.extensions import begin_writing, current_session
from directory.publishing.editions.facts import EditionFacts
from directory.publishing.editions.lifecycle import discard, sign, take_over, withdraw_signature
from directory.web import current
from directory.web.access import requires
from directory.web.pages.editions.blueprint import blueprint
from directory.web.pages.editions.forms import ActForm, SignForm
from directory.web.pages.editions.preparing import GONE, prepare_page, problem_page, shown_in, why_not

Act = Callable[[EditionFacts], object]


@blueprint.post("/prepare/take-over")
@requires(Permission.EDITIONS_PREPARE)
def stand_for() -> ResponseReturnValue:
    """Stand for the schedule's draft."""
    return _do(
        ActForm(),
        lambda draft: take_over(current_session(), draft.id, current.actor(), current.moment()),
        "You stand for this draft now. Another commissioner can sign it.",
    )


@blueprint.post("/prepare/discard")
@requires(Permission.EDITIONS_PREPARE)
def throw_away() -> ResponseReturnValue:
    """Throw the draft away."""
    return _do(
        ActForm(),
        lambda draft: discard(current_session(), draft.id, current.actor(), current.moment()),
        "The draft is discarded.",
    )


@blueprint.post("/prepare/sign")
@requires(Permission.EDITIONS_PREPARE)
def sign_off() -> ResponseReturnValue:
    """Sign what the page showed."""
    form = SignForm()
    if not form.validate():
        return prepare_page(form, 422)
    content, warnings = form.content_hash.data or "", _warnings(form)
    return _do(
        form,
        lambda draft: sign(current_session(), draft.id, content, warnings, current.actor(), current.moment()),
        "You have signed it. It can be published now.",
    )


@blueprint.post("/prepare/withdraw")
@requires(Permission.EDITIONS_PREPARE)
def take_back() -> ResponseReturnValue:
    """Withdraw the signature: it is a draft again."""
    return _do(
        ActForm(),
        lambda draft: withdraw_signature(current_session(), draft.id, current.actor(), current.moment()),
        "The signature is withdrawn. It is a draft again.",
    )


def _do(form: ActForm, act: Act, said: str) -> ResponseReturnValue:
    session = current_session()
    begin_writing(session)
    draft = shown_in(form)
    problem = why_not(form, draft)
    if draft is None or problem:
        return problem_page(form, problem)
    try:
        act(draft)
    except NotAllowedError as error:
        return problem_page(form, str(error), 403)
    except RefusedError as error:
        return problem_page(form, str(error))
    except NotFoundError:
        return problem_page(form, GONE)
    session.commit()
    flash(said)
    return redirect(url_for("editions.prepare"), 303)


def _warnings(form: SignForm) -> int:
    """How many warnings the page showed; a number that never is where that cannot be read."""
    text = form.warnings.data or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1
