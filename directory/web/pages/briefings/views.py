"""One page of A4 for each police area: for the wall of a parade room, and for those who have no telephone at hand."""

from flask import Blueprint, Response, make_response, render_template, url_for

from directory.accounts.permissions import Permission
from directory.extensions import current_session
from directory.publishing.cascade.areas import police_areas, read_police_area
from directory.publishing.cascade.briefing import read_briefing
from directory.publishing.cascade.issued import read_issued
from directory.web.access import requires
from directory.web.pages.briefings.contexts import BriefingPage, PrintedBriefing, Sheet
from directory.web.pages.briefings.presenting import choose_page, sheet
from directory.web.pdf import make_pdf, pdf_is_possible
from directory.web.rendering import render

blueprint = Blueprint("briefings", __name__, url_prefix="/editions/<int:number>/briefing")


@blueprint.get("")
@requires(Permission.CATALOGUE_VIEW)
def choose(number: int) -> Response:
    """Every area."""
    session = current_session()
    return render(choose_page(read_issued(session, number), police_areas(session), with_pdf=pdf_is_possible()))


@blueprint.get("/<area>")
@requires(Permission.CATALOGUE_VIEW)
def briefing(number: int, area: str) -> Response:
    """The page of an area, to read and to print."""
    where = url_for("briefings.pdf", number=number, area=area) if pdf_is_possible() else ""
    return render(BriefingPage(_sheet(number, area), where))


@blueprint.get("/<area>.pdf")
@requires(Permission.CATALOGUE_VIEW)
def pdf(number: int, area: str) -> Response:
    """The same as a file."""
    printed = _sheet(number, area)
    title = f"Edition {printed.number}: briefing for {printed.area}"
    html = render_template(PrintedBriefing.template, sheet=printed)
    response = make_response(make_pdf(html, title=title))
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="edition-{number}-briefing-{area}.pdf"'
    return response


def _sheet(number: int, area: str) -> Sheet:
    session = current_session()
    return sheet(read_briefing(session, read_issued(session, number), read_police_area(session, area)))
