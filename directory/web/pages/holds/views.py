"""Holding a space, from any page that shows one; and what becomes of the hold."""

from datetime import timedelta

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.permissions import Permission
from directory.capacity.holds.errors import SpaceGoneError, TooManyHoldsError
from directory.capacity.holds.making import hold_unit
from directory.capacity.holds.queries import HoldFact, holds_of, read_hold
from directory.capacity.holds.service import extend_hold, release_hold
from directory.common.errors import InvalidInputError, NotFoundError, RefusedError
from directory.common.text import unusable_characters
from directory.extensions import begin_writing, current_session
from directory.places.lookup import all_boroughs
from directory.search.alternatives import next_best, service_of_unit
from directory.search.criteria import Criteria
from directory.search.questions import read_question
from directory.search.sealing import LinkExpiredError
from directory.web import current
from directory.web.access import requires
from directory.web.pages.holds.contexts import GonePage, HoldsPage, TooManyPage
from directory.web.pages.holds.holding import holding, referral_address
from directory.web.pages.holds.presenting import hold_lines, hold_page, until_in_words
from directory.web.pages.search.presenting import result_card
from directory.web.rendering import render
from directory.web.sealing import seal

blueprint = Blueprint("holds", __name__, url_prefix="/holds")

SHOWN_AFTERWARDS = timedelta(hours=24)
LONGEST_KEY = 200
# A moment longer than the hold: browsers count whole seconds from when the page has come.
GRACE_SECONDS = 1
# Often enough that the session does not end before the hold, and to show that the service has ended it.
MOST_SECONDS = 1_800


@blueprint.get("")
@requires(Permission.HOLDS_MAKE)
def listing() -> Response:
    """My holds: what is kept for me now, and what was in the last day."""
    holds = _my_holds()
    live = [hold for hold in holds if hold.is_live]
    over = [hold for hold in holds if not hold.is_live]
    return render(HoldsPage(hold_lines(live, current.now()), hold_lines(over, current.now()), current.now()))


@blueprint.post("")
@requires(Permission.HOLDS_MAKE)
def make() -> ResponseReturnValue:
    """Hold a unit, with the button that was pressed: `refer` goes on to the referral, `hold` to the hold."""
    refers = "refer" in request.form
    unit_id, key = request.form.get("refer" if refers else "hold", ""), request.form.get("key", "")
    if not unit_id or not 0 < len(key) <= LONGEST_KEY:
        abort(400)
    _refuse_unreadable(unit_id)
    link, criteria = _question(request.form.get("link", ""))
    session = current_session()
    begin_writing(session)
    try:
        # The page's key and the unit: one page holds several units, each of them once.
        hold_id = hold_unit(
            session, unit_id, current.actor(), f"{key}:{unit_id}", current.moment(), current.hold_terms()
        )
        session.commit()
    except (SpaceGoneError, NotFoundError) as error:
        # Its provider may have closed it since the page was made: whoever wanted it is offered the next best, too.
        session.rollback()
        return _gone(unit_id, link, criteria, was_taken=isinstance(error, SpaceGoneError))
    except TooManyHoldsError as error:
        session.rollback()
        live = [hold for hold in _my_holds() if hold.is_live and not hold.for_referral]
        return render(TooManyPage(hold_lines(live, current.now()), error.most), 409)
    return redirect(referral_address(hold_id, link) if refers else url_for("holds.hold", hold_id=hold_id), 303)


@blueprint.get("/<hold_id>")
@requires(Permission.HOLDS_MAKE)
def hold(hold_id: str) -> Response:
    """One hold of one's own; when it runs out the page turns by itself, script or no script."""
    _refuse_unreadable(hold_id)
    fact = read_hold(current_session(), hold_id, _user_id(), current.now())
    page = hold_page(fact, current.now(), current.settings().hold)
    response = render(page)
    if fact.is_live:
        response.headers["Refresh"] = str(min(page.seconds_left + GRACE_SECONDS, MOST_SECONDS))
    return response


@blueprint.post("/<hold_id>/extend")
@requires(Permission.HOLDS_MAKE)
def extend(hold_id: str) -> ResponseReturnValue:
    """Let a hold begin anew, once. Where that cannot be, its page says what is."""
    _refuse_unreadable(hold_id)
    session = current_session()
    begin_writing(session)
    try:
        until = extend_hold(session, hold_id, current.actor(), current.moment(), current.hold_terms())
        session.commit()
        flash(f"Extended. The space is held for you until {until_in_words(until, current.now())}.")
    except RefusedError:
        session.rollback()
    return redirect(url_for("holds.hold", hold_id=hold_id), 303)


@blueprint.post("/<hold_id>/release")
@requires(Permission.HOLDS_MAKE)
def release(hold_id: str) -> ResponseReturnValue:
    """Give the space back. Where a referral needs the hold, its page says so."""
    _refuse_unreadable(hold_id)
    session = current_session()
    begin_writing(session)
    try:
        release_hold(session, hold_id, current.actor(), current.now())
        session.commit()
    except RefusedError:
        session.rollback()
        return redirect(url_for("holds.hold", hold_id=hold_id), 303)
    flash("Released. Others can have the space now.")
    return redirect(url_for("holds.listing"), 303)


def _gone(unit_id: str, link: str, criteria: Criteria | None, *, was_taken: bool) -> Response:
    session = current_session()
    service = service_of_unit(session, unit_id)
    boroughs = {borough.code: borough.name for borough in all_boroughs(session)}
    moment = current.moment()
    return render(
        GonePage(
            service_id=service.id,
            service_name=service.name,
            was_taken=was_taken,
            next_best=tuple(
                result_card(match, moment, boroughs) for match in next_best(session, criteria, unit_id, moment)
            ),
            answers_a_search=criteria is not None,
            holding=holding(link),
            now=moment.now,
        ),
        409,
    )


def _question(link: str) -> tuple[str, Criteria | None]:
    """The link and what it asks; neither, where the page did not answer a search or was open for too long."""
    if not link:
        return "", None
    try:
        return link, read_question(current_session(), seal().open(link, current.now()))
    except (LinkExpiredError, InvalidInputError):
        return "", None


def _my_holds() -> list[HoldFact]:
    return holds_of(current_session(), _user_id(), current.now(), current.now() - SHOWN_AFTERWARDS)


def _user_id() -> int:
    user_id = current.actor().user_id
    if user_id is None:
        raise RuntimeError("Only people hold spaces.")
    return user_id


def _refuse_unreadable(identifier: str) -> None:
    """Nothing has an id with control characters in it; not every database can even be asked."""
    if unusable_characters(identifier) or not identifier.isprintable():
        raise NotFoundError("There is no such hold.")
