"""The provider's inbox: referrals to answer by a deadline, and people who are expected."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from directory.accounts.permissions import Permission
from directory.common.actor import Actor
from directory.common.errors import NotAllowedError, NotFoundError, RefusedError
from directory.extensions import begin_writing, current_session, written
from directory.referrals.privacy import Line, inbox_of, view_for_provider
from directory.referrals.service import (
    DeclinedBy,
    DeclineReason,
    Keystore,
    MoveRefusedError,
    ReferralState,
    accept_referral,
    decline_referral,
    record_arrival,
    see_referral,
)
from directory.web import current
from directory.web.access import requires
from directory.web.pages.inbox.contexts import DeclinePage, InboxPage, MissingPage
from directory.web.pages.inbox.forms import DeclineForm
from directory.web.pages.inbox.presenting import ASKED, inbox_lines, over_page, referral_page
from directory.web.pages.referrals.contexts import DidNotArrivePage
from directory.web.pages.referrals.forms import NOT_EXPECTED, said_arrived
from directory.web.rendering import render

blueprint = Blueprint("inbox", __name__, url_prefix="/provider/referrals")
Act = Callable[[Session, Keystore, Actor], None]


@blueprint.url_value_preprocessor
def refuse_unreadable(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Nothing has an id with control characters in it, and not every database can even be asked."""
    if any(not str(value).isprintable() for value in (values or {}).values()):
        raise NotFoundError("There is no such page.")


@blueprint.errorhandler(NotFoundError)
def missing(_error: NotFoundError) -> Response:
    """The link of an old message: said kindly, and in the same words for a reference that never was."""
    return render(MissingPage(), 404)


@blueprint.get("")
@requires(Permission.REFERRALS_ANSWER)
def listing() -> Response:
    """What waits for an answer, then who is expected; the most urgent first."""
    lines = inbox_of(current_session(), current.actor(), current.now())
    asked = [line for line in lines if line.standing.state in ASKED]
    expected = [line for line in lines if line.standing.state is ReferralState.ACCEPTED]
    now = current.now()
    return render(InboxPage(inbox_lines(asked, now), inbox_lines(expected, now), now))


@blueprint.get("/<reference>")
@requires(Permission.REFERRALS_ANSWER)
def referral(reference: str) -> Response:
    """One referral: what is asked, how to reach her, and the answers."""
    return _page(reference)


@blueprint.post("/<reference>/accept")
@requires(Permission.REFERRALS_ANSWER)
def accept(reference: str) -> ResponseReturnValue:
    """Take her."""
    now = current.now()
    return _do(reference, lambda session, keystore, actor: accept_referral(session, keystore, reference, actor, now))


@blueprint.post("/<reference>/see")
@requires(Permission.REFERRALS_ANSWER)
def see(reference: str) -> ResponseReturnValue:
    """Return to it later; the deadline stays."""
    now = current.now()
    return _do(reference, lambda session, keystore, actor: see_referral(session, keystore, reference, actor, now))


@blueprint.get("/<reference>/did-not-arrive")
@requires(Permission.REFERRALS_ANSWER)
def did_not_arrive(reference: str) -> ResponseReturnValue:
    """Whether to end it because she did not arrive: that cannot be taken back."""
    line = _line(reference)
    if line is None or line.standing.state is not ReferralState.ACCEPTED:
        return _page(reference, NOT_EXPECTED, 409)
    address = url_for("inbox.arrival", reference=reference)
    return render(
        DidNotArrivePage(reference, line.service_name, address, url_for("inbox.referral", reference=reference))
    )


@blueprint.post("/<reference>/arrival")
@requires(Permission.REFERRALS_ANSWER)
def arrival(reference: str) -> ResponseReturnValue:
    """Say whether she arrived."""
    arrived, now = said_arrived(request.form.get("arrived")), current.now()

    def act(session: Session, keystore: Keystore, actor: Actor) -> None:
        record_arrival(session, keystore, reference, actor, now, arrived=arrived)

    return _do(reference, act)


@blueprint.get("/<reference>/decline")
@requires(Permission.REFERRALS_ANSWER)
def ask_why(reference: str) -> ResponseReturnValue:
    """Who says no, and why."""
    if not _is_asked(reference):
        return redirect(url_for("inbox.referral", reference=reference), 303)
    return render(DeclinePage(DeclineForm(formdata=None), reference))


@blueprint.post("/<reference>/decline")
@requires(Permission.REFERRALS_ANSWER)
def decline(reference: str) -> ResponseReturnValue:
    """Say no; the space is free again at once."""
    form = DeclineForm()
    if not form.validate_on_submit():
        if not _is_asked(reference):
            return redirect(url_for("inbox.referral", reference=reference), 303)
        return render(DeclinePage(form, reference))
    by, reason = DeclinedBy(form.declined_by.data), DeclineReason(form.reason.data)

    def act(session: Session, keystore: Keystore, actor: Actor) -> None:
        decline_referral(session, keystore, reference, actor, by, reason, current.moment())

    said = "Declined. The referrer has been told."
    return _do(reference, act, then="inbox.listing", said=said, done=ReferralState.DECLINED)


def _do(
    reference: str, act: Act, then: str = "", said: str = "", done: ReferralState | None = None
) -> ResponseReturnValue:
    """Do something with a referral, then show it (or the page `then`, on which `said` stands); or say why it cannot be.

    A referral that is `done` already was, by the same button tapped twice. What the database broke off, as two who wait
    for each other's rows, is done again.
    """
    session = current_session()

    def work() -> None:
        begin_writing(session)
        act(session, current.keystore(), current.actor())
        session.commit()

    try:
        written(session, work)
    except (RefusedError, NotAllowedError) as error:
        if isinstance(error, MoveRefusedError) and error.state is done:
            return redirect(url_for("inbox.referral", reference=reference), 303)
        return _page(reference, str(error), 409)
    if said:
        flash(said)
    return redirect(url_for(then) if then else url_for("inbox.referral", reference=reference), 303)


def _page(reference: str, problem: str = "", status: int | None = None) -> Response:
    """The referral as it is now, and the note in the audit trail that it was looked at."""
    session, now = current_session(), current.now()
    begin_writing(session)
    view = view_for_provider(session, current.keystore(), reference, current.actor(), now)
    session.commit()
    if view.content is None:
        return render(over_page(view, now, problem), status)
    return render(referral_page(view, view.content, now, problem), status)


def _line(reference: str) -> Line | None:
    """What stands in the inbox under this reference, if anything does."""
    lines = inbox_of(current_session(), current.actor(), current.now())
    return next((line for line in lines if line.reference == reference), None)


def _is_asked(reference: str) -> bool:
    """Whether the organisation is asked about this referral. Raises NotFoundError where it never was."""
    line = _line(reference)
    if line is not None:
        return line.standing.state in ASKED
    session = current_session()
    begin_writing(session)
    view_for_provider(session, current.keystore(), reference, current.actor(), current.now())
    session.commit()
    return False
