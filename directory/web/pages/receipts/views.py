"""Receipts of editions: the page behind the link in a message, the button of those who are signed in, and the counts.

Opening a link changes nothing, however often and by whom: mail programs and scanners follow links by themselves. Only
the button does, and pressing it again does no harm.
"""

import hashlib

from flask import Blueprint, Response, current_app, flash, make_response, redirect, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from directory.accounts.permissions import Permission
from directory.common.rate_limit import RateLimit
from directory.extensions import begin_writing, csrf, current_session
from directory.publishing.cascade.dashboard import all_cascades, cascade
from directory.publishing.cascade.issued import read_issued
from directory.publishing.cascade.links import LinkState, OpenLink, acknowledge_with, open_link
from directory.publishing.cascade.receipts import acknowledge
from directory.web import current
from directory.web.access import public, requires
from directory.web.pages.one_tap.style import style_url
from directory.web.pages.receipts.contexts import Notice, NoticePage, ReceiptPage
from directory.web.pages.receipts.presenting import NOTICES, TOO_MANY, as_csv, dashboard_page
from directory.web.rendering import render

# A brake on programs that try addresses out, as for the links of reminders. Many people share a police network.
PER_NETWORK, PER_LINK = 120, 30
_LIMITS = "receipt_limits"

blueprint = Blueprint("receipts", __name__)


@blueprint.record
def _begin_counting(state: BlueprintSetupState) -> None:
    state.app.extensions[_LIMITS] = (RateLimit(PER_NETWORK), RateLimit(PER_LINK))


@blueprint.get("/e/<token>")
@public
def page(token: str) -> Response:
    """Which edition the link is about, and the button. Changes nothing."""
    if wait := _seconds_to_wait(token):
        return _slow_down(wait)
    return _page(open_link(current_session(), token, current.now()))


@blueprint.post("/e/<token>")
@public
def acknowledge_by_link(token: str) -> ResponseReturnValue:
    """The button: one tap."""
    if wait := _seconds_to_wait(token):
        return _slow_down(wait)
    session = current_session()
    begin_writing(session)
    link = acknowledge_with(session, token, current.now())
    session.commit()
    if link.state is not LinkState.ACKNOWLEDGED:
        return _page(link)
    return redirect(url_for("receipts.page", token=token), 303)


# Whoever holds the link may use it: its token says so, where elsewhere the session and the form's own token do.
csrf.exempt(acknowledge_by_link)


@blueprint.post("/editions/<int:number>/acknowledge")
@requires(Permission.CATALOGUE_VIEW)
def acknowledge_here(number: int) -> ResponseReturnValue:
    """The same button for somebody who is signed in and reads the edition."""
    session = current_session()
    begin_writing(session)
    edition = read_issued(session, number)
    acknowledge(session, edition.id, current.user_id(), current.now())
    session.commit()
    flash(f"Thank you: you have received edition {number}.")
    return redirect(f"/editions/{number}", 303)


@blueprint.get("/editions/<int:number>/receipts")
@requires(Permission.CASCADE_VIEW)
def dashboard(number: int) -> Response:
    """How far an edition has come, by police area."""
    session, now = current_session(), current.now()
    return render(dashboard_page(cascade(session, read_issued(session, number), now), all_cascades(session, now)))


@blueprint.get("/editions/<int:number>/receipts/csv")
@requires(Permission.CASCADE_VIEW)
def export(number: int) -> Response:
    """The same table for a spreadsheet."""
    session = current_session()
    response = make_response(as_csv(cascade(session, read_issued(session, number), current.now())))
    response.mimetype = "text/csv"
    response.headers["Content-Disposition"] = f'attachment; filename="receipts-of-edition-{number}.csv"'
    return response


def _page(link: OpenLink) -> Response:
    """An unknown link says nothing about any other."""
    if link.state in NOTICES or link.as_of is None:
        return _notice(NOTICES[link.state], 404 if link.state is LinkState.UNKNOWN else 410)
    return render(ReceiptPage(link.number, link.as_of, link.state is LinkState.ACKNOWLEDGED, style_url()))


def _slow_down(seconds: int) -> Response:
    response = _notice(TOO_MANY, 429)
    response.headers["Retry-After"] = str(seconds)
    return response


def _notice(notice: Notice, status: int) -> Response:
    return render(NoticePage(notice, style_url()), status)


def _seconds_to_wait(token: str) -> int:
    """How long until the network or the link may be used again. Memory holds no token either."""
    by_network, by_link = current_app.extensions[_LIMITS]
    wait: int = by_network.seconds_to_wait(current.network())
    return wait or by_link.seconds_to_wait(hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest())
