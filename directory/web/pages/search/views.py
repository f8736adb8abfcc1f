"""The search: a form that is posted, and results at a link that is encrypted and expires."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, Response, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.permissions import Permission
from directory.catalogue.guidance import read_guidance
from directory.common.errors import InvalidInputError
from directory.extensions import current_session
from directory.insight.unmet import UnmetNeeds
from directory.places.lookup import all_boroughs
from directory.publishing.performance.reading import usual_answers
from directory.search.choices import read_choices
from directory.search.criteria import Criteria
from directory.search.outright import matches_nothing
from directory.search.questions import read_question
from directory.search.sealing import LinkExpiredError
from directory.search.service import search
from directory.web import current
from directory.web.access import requires
from directory.web.pages.holds.holding import holding
from directory.web.pages.search.contexts import ExpiredPage, SearchFormPage
from directory.web.pages.search.forms import SearchForm
from directory.web.pages.search.presenting import opened_parts, results_page, shown_services
from directory.web.rendering import render
from directory.web.sealing import seal

blueprint = Blueprint("search", __name__, url_prefix="/search")

GUIDANCE_KEY = "safe-to-share"
PATHWAYS_KEY = "pathways"


@blueprint.get("")
@requires(Permission.SEARCH_RUN)
def form() -> Response:
    """The empty search form."""
    return _form_page(SearchForm(formdata=None))


@blueprint.post("")
@requires(Permission.SEARCH_RUN)
def ask() -> ResponseReturnValue:
    """Check the question and go to its results; with errors, show them beside the fields."""
    filled_in = SearchForm()
    valid = filled_in.validate_on_submit()
    question = filled_in.question()
    try:
        criteria = read_question(current_session(), question)
    except InvalidInputError as error:
        filled_in.show_problems(error.problems)
        return _form_page(filled_in)
    if not valid:
        return _form_page(filled_in)
    answer = redirect(url_for("search.results", link=seal().close(question, current.now())), 303)
    answer.call_on_close(_counting(criteria))
    return answer


@blueprint.get("/<link>")
@requires(Permission.SEARCH_RUN)
def results(link: str) -> Response:
    """The answer, worked out anew each time the link is opened."""
    try:
        question = seal().open(link, current.now())
        criteria = read_question(current_session(), question | _page_asked())
    except (LinkExpiredError, InvalidInputError):
        return _expired()
    answer = search(current_session(), criteria, current.moment())
    page = results_page(
        answer,
        criteria,
        link=link,
        moment=current.moment(),
        expires_at=seal().expires_at(link),
        boroughs={borough.code: borough.name for borough in all_boroughs(current_session())},
        usually=usual_answers(current_session(), shown_services(answer), current.now()),
        guidance=read_guidance(current_session(), GUIDANCE_KEY),
        pathway_guidance=read_guidance(current_session(), PATHWAYS_KEY) if not answer.total else None,
        holding=holding(link),
    )
    return render(page)


@blueprint.get("/<link>/change")
@requires(Permission.SEARCH_RUN)
def change(link: str) -> Response:
    """The form with the question of a link, to refine it."""
    try:
        question = seal().open(link, current.now())
    except LinkExpiredError:
        return _expired()
    filled_in = SearchForm(formdata=None)
    filled_in.fill_in(question)
    return _form_page(filled_in)


def _counting(criteria: Criteria) -> Callable[[], None]:
    """What counts the question, should nothing match it, once the browser has been sent to its results.

    A question is counted here, where it is asked, and not where its results are opened: those can be opened again.
    """
    unmet: UnmetNeeds = current_app.extensions["unmet_needs"]
    moment = current.moment()
    return partial(
        unmet.note_if,
        current_app.extensions["database"].new_session,
        criteria,
        moment.now,
        lambda session: matches_nothing(session, criteria, moment),
    )


def _page_asked() -> dict[str, Any]:
    """The page number is the one thing that stands in the address in the open."""
    page = request.args.get("page", "1")
    return {"page": max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 9 else 1}


def _form_page(filled_in: SearchForm) -> Response:
    session = current_session()
    choices = read_choices(session)
    filled_in.offer(choices, all_boroughs(session))
    return render(
        SearchFormPage(
            form=filled_in,
            choices=choices,
            opened=opened_parts(filled_in),
            guidance=read_guidance(session, GUIDANCE_KEY),
        )
    )


def _expired() -> Response:
    return render(ExpiredPage(minutes=max(1, current.settings().search_link_seconds // 60)), 410)
