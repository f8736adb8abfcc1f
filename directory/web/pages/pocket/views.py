"""Contacts to carry along: a page that stays on the telephone for a week, and works where there is no signal.

It holds what anybody may know, from the newest edition, and nothing of who has opened it. Which area somebody chose is
remembered nowhere but in that telephone. What is typed into its filter leaves the page for nowhere.
"""

from flask import Blueprint, Response

from directory.accounts.permissions import Permission
from directory.common.errors import NotFoundError
from directory.extensions import current_session
from directory.publishing.cascade.areas import police_areas, read_police_area
from directory.publishing.cascade.contacts import read_contacts
from directory.publishing.cascade.issued import latest_issued
from directory.web import current
from directory.web.access import public, requires
from directory.web.pages.pocket.files import WORKER, serve_files
from directory.web.pages.pocket.presenting import choose_page, pocket_page
from directory.web.rendering import render
from directory.web.security import content_security_policy, csp_nonce

MADE, UNTIL = "Pocket-Made", "Pocket-Until"
"""The headers that tell the worker how old the page is, and until when it may keep it."""

blueprint = Blueprint("pocket", __name__, url_prefix="/pocket")
blueprint.record(serve_files)


@blueprint.get("")
@requires(Permission.CATALOGUE_VIEW)
def choose() -> Response:
    """Every area."""
    session = current_session()
    return render(choose_page(latest_issued(session), police_areas(session)))


@blueprint.get("/<area>")
@requires(Permission.CATALOGUE_VIEW)
def page(area: str) -> Response:
    """An area's contacts. No cache keeps it on its own account; the worker does so on purpose, and for a week."""
    session = current_session()
    wanted, edition = read_police_area(session, area), latest_issued(session)
    if edition is None:
        raise NotFoundError("No edition has been published yet, so there is nothing to carry along.")
    shown = pocket_page(read_contacts(session, edition, wanted), current.now())
    response = render(shown)
    response.headers[MADE] = shown.made_at.isoformat()
    response.headers[UNTIL] = shown.until.isoformat()
    # Here alone a worker may be started.
    response.headers["Content-Security-Policy"] = f"{content_security_policy(csp_nonce())}; worker-src 'self'"
    return response


@blueprint.get("/worker.js")
@public
def worker() -> Response:
    """What keeps the page on the telephone. It is the same for everybody and holds no data."""
    return Response(WORKER.read_bytes(), mimetype="text/javascript")
