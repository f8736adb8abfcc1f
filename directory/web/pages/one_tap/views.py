"""The page behind the link in a reminder: a provider's own units in two taps, without signing in.

Opening it changes nothing, however often and by whom: mail programs and scanners follow links by themselves. Only the
button does, once.
"""

import gzip
import hashlib

from flask import Blueprint, Response, current_app, request
from flask.blueprints import BlueprintSetupState

from directory.capacity.updates import ChangedMeanwhileError
from directory.common.errors import DomainError, NotFoundError, RefusedError
from directory.common.rate_limit import RateLimit
from directory.extensions import begin_writing, csrf, current_session, written
from directory.upkeep.links import LinkState, OpenLink, open_link
from directory.upkeep.one_tap import Answered, UnitLockedError, read_page
from directory.upkeep.one_tap import answer as keep_answer
from directory.web import current
from directory.web.access import public
from directory.web.pages.one_tap.answering import Sent, UnreadableAnswerError, read_sent
from directory.web.pages.one_tap.contexts import DonePage, Notice, NoticePage
from directory.web.pages.one_tap.presenting import NOTHING, NOTICES, TOO_MANY, asks, done_lines, one_tap_page
from directory.web.pages.one_tap.style import serve_style, style_url
from directory.web.rendering import render

# A brake on programs that try addresses out. Many phones share a network, so that its limit is the higher one.
PER_NETWORK, PER_LINK = 120, 30
_LIMITS = "one_tap_limits"
CHANGED = ("Somebody has changed this meanwhile.", "Nothing of yours has been kept yet. Look again, then confirm.")
LOCKED = (
    "One of these units cannot be changed from here any more.",
    "Nothing has been kept yet. Confirm the others, and sign in to change that one.",
)

blueprint = Blueprint("one_tap", __name__)
# Whoever holds the link may use it: its token says so, where elsewhere the session and the form's own token do.
csrf.exempt(blueprint)
blueprint.record(serve_style)


@blueprint.record
def _begin_counting(state: BlueprintSetupState) -> None:
    state.app.extensions[_LIMITS] = (RateLimit(PER_NETWORK), RateLimit(PER_LINK))


@blueprint.after_request
def _compress(response: Response) -> Response:
    """Make the page smaller for the weak signal: a house of forty rooms fits too.

    The length of a compressed page can tell a secret that stands in it beside what an attacker chooses (BREACH,
    CVE-2013-3587). Neither stands here: no token of a form or of the link, nothing that was typed.
    """
    response.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"] > 0:
        response.set_data(gzip.compress(response.get_data(), mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response


@blueprint.get("/u/<token>")
@public
def page(token: str) -> Response:
    """The units behind a link. Changes nothing."""
    if wait := _seconds_to_wait(token):
        return _slow_down(wait)
    link = open_link(current_session(), token, current.now())
    if link.state is not LinkState.USABLE:
        return _closed(link.state)
    return _page(link)


@blueprint.post("/u/<token>")
@public
def answer(token: str) -> Response:
    """Confirm what was shown, with what has changed. What comes back cannot be sent again: the link is used."""
    if wait := _seconds_to_wait(token):
        return _slow_down(wait)
    session, now = current_session(), current.now()
    link = open_link(session, token, now)
    if link.state is not LinkState.USABLE:
        return _closed(link.state)
    try:
        sent = read_sent(request.form, read_page(session, link, current.moment()))
    except UnreadableAnswerError as error:
        return _page(link, problem=error.sentences, status=422)
    try:
        done = written(session, lambda: _answered(token, sent))
    except (RefusedError, NotFoundError) as error:
        session.rollback()
        return _refused(token, sent, error)
    return render(DonePage(done_lines(done), style_url()))


def _answered(token: str, sent: Sent) -> Answered:
    session = current_session()
    begin_writing(session)
    done = keep_answer(session, token, sent.units, sent.listings, current.now(), current.moment())
    session.commit()
    return done


def _refused(token: str, sent: Sent, error: DomainError) -> Response:
    """Show afresh what differs; the link is still good, unless another tap was faster."""
    link = open_link(current_session(), token, current.now())
    if link.state is not LinkState.USABLE:
        return _closed(link.state)
    if isinstance(error, ChangedMeanwhileError | NotFoundError):
        return _page(link, sent, CHANGED, 409)
    if isinstance(error, UnitLockedError):
        return _page(link, sent, LOCKED, 409)
    return _page(link, sent, (str(error), "Nothing has been kept yet."), 409)


def _page(link: OpenLink, sent: Sent | None = None, problem: tuple[str, ...] = (), status: int = 200) -> Response:
    sheet = read_page(current_session(), link, current.moment())
    if not any(asks(service) for service in sheet.services):
        return _notice(NOTHING, 410)
    return render(one_tap_page(sheet, current.now(), sent, problem), status)


def _closed(state: LinkState) -> Response:
    """An unknown link says nothing about any other."""
    return _notice(NOTICES[state], 404 if state is LinkState.UNKNOWN else 410)


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
    return wait or by_link.seconds_to_wait(hashlib.sha256(token.encode()).hexdigest())
