"""The bed board: every space by borough, on a map and as a list, for everybody or for one household."""

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.permissions import Permission
from directory.common.errors import InvalidInputError
from directory.extensions import current_session
from directory.places.lookup import all_boroughs
from directory.search.board import bed_board
from directory.search.criteria import Criteria
from directory.search.questions import read_question
from directory.search.sealing import LinkExpiredError
from directory.web import current
from directory.web.access import requires
from directory.web.pages.availability.presenting import board_page
from directory.web.pages.holds.holding import holding
from directory.web.pages.search.contexts import ExpiredPage
from directory.web.pages.search.forms import HouseholdForm
from directory.web.rendering import render
from directory.web.sealing import seal

blueprint = Blueprint("availability", __name__, url_prefix="/availability")


@blueprint.get("")
@requires(Permission.AVAILABILITY_VIEW)
def board() -> Response:
    """Every space there is now."""
    return _board(HouseholdForm(formdata=None), None, request.path)


@blueprint.post("")
@requires(Permission.AVAILABILITY_VIEW)
def ask() -> ResponseReturnValue:
    """Check the household and go to the board for it; with errors, show them beside the fields."""
    form = HouseholdForm()
    valid = form.validate_on_submit()
    question = form.question()
    try:
        read_question(current_session(), question)
    except InvalidInputError as error:
        form.show_problems(error.problems)
        valid = False
    if not valid:
        return _board(form, None, request.path)
    if not question:
        return redirect(url_for("availability.board"), 303)
    return redirect(url_for("availability.for_household", link=seal().close(question, current.now())), 303)


@blueprint.get("/<link>")
@requires(Permission.AVAILABILITY_VIEW)
def for_household(link: str) -> Response:
    """The spaces that one household could be offered, by the rules of the search."""
    try:
        question = seal().open(link, current.now())
        criteria = read_question(current_session(), question)
    except (LinkExpiredError, InvalidInputError):
        return render(ExpiredPage(minutes=max(1, current.settings().search_link_seconds // 60)), 410)
    form = HouseholdForm(formdata=None)
    form.fill_in(question)
    return _board(form, criteria, request.path, link)


def _board(form: HouseholdForm, criteria: Criteria | None, address: str, link: str = "") -> Response:
    session = current_session()
    form.offer_boroughs(all_boroughs(session))
    board = bed_board(session, criteria, current.moment())
    return render(board_page(board, form, criteria, current.now(), address, holding(link)))
