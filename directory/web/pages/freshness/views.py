"""How fresh the catalogue is: for commissioners, who can do something about it, and for auditors, who read."""

import csv
import io

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.permissions import Permission
from directory.common.errors import RefusedError
from directory.common.sheets_safe import harmless
from directory.extensions import begin_writing, current_session
from directory.upkeep.freshness import freshness_report
from directory.upkeep.reminders import send_link_now
from directory.web import current
from directory.web.access import requires
from directory.web.pages.freshness.presenting import COLUMNS, freshness_page, table
from directory.web.rendering import render

blueprint = Blueprint("freshness", __name__, url_prefix="/manage/freshness")


@blueprint.get("")
@requires(Permission.FRESHNESS_VIEW)
def report() -> Response:
    """Shares, and every published service, least fresh first."""
    return _page()


@blueprint.get("/csv")
@requires(Permission.FRESHNESS_VIEW)
def export() -> Response:
    """The whole table for a spreadsheet."""
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow(COLUMNS)
    for row in table(freshness_report(current_session(), current.moment()).services):
        writer.writerow([harmless(cell) for cell in row])
    response = Response(lines.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = "attachment; filename=freshness.csv"
    return response


@blueprint.post("/<service_id>/remind")
@requires(Permission.LISTINGS_REVIEW)
def remind(service_id: str) -> ResponseReturnValue:
    """Send the service's first contact a link, without waiting for the next reminder."""
    session = current_session()
    begin_writing(session)
    try:
        messages = send_link_now(session, service_id, current.actor(), current.now(), current.settings().confirm_within)
    except RefusedError as error:
        session.rollback()
        return _page(str(error))
    session.commit()
    flash("A link is on its way." if messages == 1 else f"Links are on their way to {messages} people.")
    return redirect(url_for("freshness.report", _anchor=f"service-{service_id}"), 303)


def _page(problem: str = "") -> Response:
    person = current.person()
    page = freshness_page(
        freshness_report(current_session(), current.moment()),
        _page_number(),
        current.now(),
        may_remind=person is not None and person.may(Permission.LISTINGS_REVIEW),
        may_keep_contacts=person is not None and person.may(Permission.CONTACTS_KEEP),
        problem=problem,
    )
    return render(page, 409 if problem else 200)


def _page_number() -> int:
    """What is no number of a page is the first."""
    text = request.args.get("page", "")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1
