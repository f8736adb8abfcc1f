"""Assurance: what was promised and how it is kept, for auditors and commissioners (recommendation 7)."""

from flask import Blueprint, Response, make_response, request

from directory.accounts.permissions import Permission
from directory.assurance.items import Overview
from directory.assurance.overview import overview
from directory.extensions import current_session
from directory.web import current
from directory.web.access import requires
from directory.web.logging import log_failure
from directory.web.pages.assurance.presenting import as_csv, assurance_page
from directory.web.rendering import render

blueprint = Blueprint("assurance", __name__, url_prefix="/assurance")


@blueprint.get("")
@requires(Permission.ASSURANCE_VIEW)
def page() -> Response:
    """Every item; with `?check=yes`, the long checks too, which change nothing either."""
    return render(assurance_page(_found(), current.person()))


@blueprint.get("/csv")
@requires(Permission.ASSURANCE_VIEW)
def export() -> Response:
    """The same as a CSV file."""
    response = make_response(as_csv(_found()))
    response.mimetype = "text/csv"
    response.headers["Content-Disposition"] = 'attachment; filename="assurance.csv"'
    return response


def _found() -> Overview:
    return overview(current_session(), current.moment(), log_failure, check=request.args.get("check") == "yes")
