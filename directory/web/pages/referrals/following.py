"""Following a referral: whose turn it is, what to do when it is one's own, and the list of one's referrals."""

from collections.abc import Callable
from datetime import timedelta

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from directory.accounts.permissions import Permission
from directory.capacity.holds.service import unit_of_live_hold
from directory.catalogue.queries import read_service
from directory.common.actor import Actor
from directory.common.errors import InvalidInputError, NotAllowedError, NotFoundError, RefusedError
from directory.extensions import begin_writing, current_session, written
from directory.referrals.privacy import Line, ReferrerView, referrals_of, view_for_referrer
from directory.referrals.service import (
    Keystore,
    Option,
    Party,
    ReferralState,
    choose_next,
    close_referral,
    record_arrival,
    take_next_step,
    withdraw_referral,
)
from directory.web import current
from directory.web.access import requires
from directory.web.pages.referrals.blueprint import blueprint
from directory.web.pages.referrals.contexts import DidNotArrivePage, ListPage, WithdrawPage
from directory.web.pages.referrals.forms import NOT_EXPECTED, said_arrived
from directory.web.pages.referrals.presenting import list_lines, timeline_page, waits_for_service
from directory.web.rendering import render

ASK_HER = "She has to agree to this service first. Ask her, then tick the box."
REFRESH = timedelta(seconds=60)
# A page that comes again for ever would keep a phone signed in that nobody looks at.
MOST_REFRESHES = 45
Act = Callable[[Session, Keystore, Actor], None]


@blueprint.get("")
@requires(Permission.REFERRALS_MAKE)
def listing() -> Response:
    """My referrals: those that need me first."""
    lines = referrals_of(current_session(), current.actor(), current.now())
    turns = {line.reference: line.standing.turn for line in lines}

    def of(party: Party | None) -> list[str]:
        return [reference for reference, turn in turns.items() if (turn.party if turn else None) is party]

    mine, over = of(Party.REFERRER), of(None)
    now = current.now()
    return render(
        ListPage(
            mine=list_lines((line for line in lines if line.reference in mine), now),
            waiting=list_lines((line for line in lines if line.reference not in (*mine, *over)), now),
            over=list_lines((line for line in lines if line.reference in over), now),
        )
    )


@blueprint.get("/<reference>")
@requires(Permission.REFERRALS_MAKE)
def timeline(reference: str) -> ResponseReturnValue:
    """A referral that was sent. While a service is to answer, the page comes anew each minute, unless told not to."""
    view = _view(reference)
    if view.standing.state is ReferralState.DRAFT:
        return redirect(url_for("referrals.check", reference=reference), 303)
    number = _refreshes()
    response = render(timeline_page(view, current.now(), problem="", refreshes=number is not None))
    if number is not None and waits_for_service(view):
        again = url_for("referrals.timeline", reference=reference, again=number + 1)
        response.headers["Refresh"] = f"{_seconds(view)}; url={again}"
    return response


@blueprint.get("/<reference>/withdraw")
@requires(Permission.REFERRALS_MAKE)
def ask_whether(reference: str) -> ResponseReturnValue:
    """Whether to take it back."""
    line = _line(reference)
    return render(WithdrawPage(reference, line.service_name, line.standing.state is ReferralState.DRAFT))


@blueprint.post("/<reference>/withdraw")
@requires(Permission.REFERRALS_MAKE)
def withdraw(reference: str) -> ResponseReturnValue:
    """Take it back."""
    return _do(
        reference,
        lambda session, keystore, actor: withdraw_referral(session, keystore, reference, actor, current.now()),
    )


@blueprint.post("/<reference>/next")
@requires(Permission.REFERRALS_MAKE)
def next_step(reference: str) -> ResponseReturnValue:
    """Ask the next service of the plan."""
    agreed = "agreed" in request.form

    def act(session: Session, keystore: Keystore, actor: Actor) -> None:
        take_next_step(session, keystore, reference, actor, current.moment(), agreed=agreed)

    return _do(reference, act, asks=True)


@blueprint.post("/<reference>/ask")
@requires(Permission.REFERRALS_MAKE)
def ask_another(reference: str) -> ResponseReturnValue:
    """Ask a service that was found in another search: by the hold on its space, or by itself."""
    hold_id, service_id = request.form.get("hold", ""), request.form.get("service", "")
    if not f"{hold_id}{service_id}".isprintable() or not f"{hold_id}{service_id}":
        raise NotFoundError("There is no such service.")

    def act(session: Session, keystore: Keystore, actor: Actor) -> None:
        if "agreed" not in request.form:
            raise NotAllowedError(ASK_HER)
        if hold_id:
            unit_id, its_service = unit_of_live_hold(session, hold_id, actor, current.now())
            option = Option(its_service, unit_id)
        else:
            option = Option(read_service(session, service_id).id)
        choose_next(session, keystore, reference, actor, [option], current.moment())

    return _do(reference, act, asks=True)


@blueprint.get("/<reference>/did-not-arrive")
@requires(Permission.REFERRALS_MAKE)
def did_not_arrive(reference: str) -> ResponseReturnValue:
    """Whether to end it because she did not arrive: that cannot be taken back."""
    line = _line(reference)
    if line.standing.state is not ReferralState.ACCEPTED:
        return _refused(reference, NOT_EXPECTED, 409)
    address = url_for("referrals.arrival", reference=reference)
    back = url_for("referrals.timeline", reference=reference)
    return render(DidNotArrivePage(reference, line.service_name, address, back))


@blueprint.post("/<reference>/arrival")
@requires(Permission.REFERRALS_MAKE)
def arrival(reference: str) -> ResponseReturnValue:
    """Say whether she arrived."""
    arrived = said_arrived(request.form.get("arrived"))

    def act(session: Session, keystore: Keystore, actor: Actor) -> None:
        record_arrival(session, keystore, reference, actor, current.now(), arrived=arrived)

    return _do(reference, act)


@blueprint.post("/<reference>/close")
@requires(Permission.REFERRALS_MAKE)
def close(reference: str) -> ResponseReturnValue:
    """Close it."""
    return _do(
        reference,
        lambda session, keystore, actor: close_referral(session, keystore, reference, actor, current.now()),
    )


def _do(reference: str, act: Act, *, asks: bool = False) -> ResponseReturnValue:
    """Do something with a referral, and show it; where it cannot be done, show it with the reason.

    What `asks` a service is done already where one is asked: the button was tapped twice. What the database broke off,
    as two who wait for each other's rows, is done again.
    """
    session = current_session()

    def work() -> None:
        begin_writing(session)
        act(session, current.keystore(), current.actor())
        session.commit()

    try:
        written(session, work)
    except (RefusedError, NotAllowedError) as error:
        return _refused(reference, str(error), 422 if isinstance(error, NotAllowedError) else 409, asks=asks)
    except InvalidInputError as error:
        return _refused(reference, " ".join(problem.message for problem in error.problems), 422)
    return redirect(url_for("referrals.timeline", reference=reference), 303)


def _refused(reference: str, problem: str, status: int, *, asks: bool = False) -> ResponseReturnValue:
    view = _view(reference)
    if asks and waits_for_service(view):
        return redirect(url_for("referrals.timeline", reference=reference), 303)
    return render(timeline_page(view, current.now(), problem=problem, refreshes=False), status)


def _line(reference: str) -> Line:
    """One of the referrals of whoever is signed in. Raises NotFoundError where it is none of theirs."""
    lines = referrals_of(current_session(), current.actor(), current.now())
    line = next((line for line in lines if line.reference == reference), None)
    if line is None:
        raise NotFoundError("There is no such referral.")
    return line


def _view(reference: str) -> ReferrerView:
    """The referral, and the note in the audit trail that it was looked at."""
    session = current_session()
    begin_writing(session)
    view = view_for_referrer(session, current.keystore(), reference, current.actor(), current.now())
    session.commit()
    return view


def _refreshes() -> int | None:
    """How often the page has come anew by itself; None where it is not to come again."""
    number = request.args.get("again", "0")
    if not (number.isascii() and number.isdigit() and len(number) < 4) or int(number) >= MOST_REFRESHES:
        return None
    return int(number)


def _seconds(view: ReferrerView) -> int:
    """Until the page comes anew: a moment after the deadline, where that is sooner."""
    turn = view.standing.turn
    left = turn.by - current.now() if turn else REFRESH
    return min(REFRESH, left + timedelta(seconds=1)) // timedelta(seconds=1)
