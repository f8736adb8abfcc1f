"""Reading performance: by service, kind, borough and quarter, one service over time, what measures mean, a file."""

import csv
import io

from flask import Response, url_for

from directory.accounts.permissions import Permission
from directory.common.paging import Paging
from directory.common.sheets_safe import harmless
from directory.extensions import current_session
from directory.publishing.performance.facts import QuarterFigures
from directory.publishing.performance.measures import measures
from directory.publishing.performance.reading import read_quarter, read_trend
from directory.web import current
from directory.web.access import requires
from directory.web.pages.performance.blueprint import blueprint
from directory.web.pages.performance.choosing import Choice, links, page_number, read_choice
from directory.web.pages.performance.contexts import (
    GroupsPage,
    MeasureLine,
    MeasuresPage,
    NoFiguresPage,
    Pager,
    QuarterPage,
)
from directory.web.pages.performance.forms import FilterForm
from directory.web.pages.performance.presenting import (
    CSV_COLUMNS,
    GroupOf,
    by_borough,
    by_kind,
    columns,
    csv_rows,
    group_charts,
    london_table,
    service_lines,
)
from directory.web.pages.performance.service_presenting import service_page
from directory.web.pages.performance.words import DIRECTIONS, UNITS
from directory.web.rendering import render

PER_PAGE = 25


@blueprint.get("")
@requires(Permission.CATALOGUE_VIEW)
def quarter() -> Response:
    """One measure of one quarter, by service."""
    form, choice = read_choice()
    if choice is None:
        return _nothing(form) or render(_empty_quarter(form))
    figures = _read(choice)
    lines, silent = service_lines(figures, choice)
    charts, _ = group_charts(figures, choice, by_kind, "Kind")
    paging = Paging(page_number(), PER_PAGE)
    return render(
        QuarterPage(
            form=form,
            asked=choice.words,
            measure=choice.measure,
            direction=DIRECTIONS[choice.measure.direction],
            columns=columns(choice),
            lines=tuple(paging.slice(lines)),
            total=len(lines),
            silent=silent,
            charts=charts,
            london=london_table(figures.london),
            pager=_pager(choice, paging, len(lines)),
            links=links(choice),
        )
    )


@blueprint.get("/kinds")
@requires(Permission.CATALOGUE_VIEW)
def kinds() -> Response:
    """One measure of one quarter, by kind of service."""
    form, choice = read_choice()
    return _groups(form, choice, by_kind, "Kind", "Performance by kind of service")


@blueprint.get("/boroughs")
@requires(Permission.CATALOGUE_VIEW)
def boroughs() -> Response:
    """One measure of one quarter, by borough."""
    form, choice = read_choice()
    return _groups(form, choice, by_borough(choice.boroughs if choice else {}), "Borough", "Performance by borough")


@blueprint.get("/services/<service_id>")
@requires(Permission.CATALOGUE_VIEW)
def service(service_id: str) -> Response:
    """One service, every measure over the quarters."""
    session = current_session()
    trend = read_trend(session, service_id, current.now())
    if not trend:
        return render(NoFiguresPage(links=links()))
    return render(service_page(trend, read_quarter(session, trend[-1][0], current.now()), links()))


@blueprint.get("/measures")
@requires(Permission.CATALOGUE_VIEW)
def measures_page() -> Response:
    """What every measure means."""
    known = measures()
    names = {one.code: one.name for one in known}
    lines = (MeasureLine(one, UNITS[one.unit], DIRECTIONS[one.direction], names.get(one.of, "")) for one in known)
    return render(MeasuresPage(measures=tuple(lines), links=links()))


@blueprint.get("/download.csv")
@requires(Permission.CATALOGUE_VIEW)
def download() -> Response:
    """Every figure of a quarter, of the kind and in the borough asked for, as the pages show them."""
    form, choice = read_choice()
    if choice is None:
        return _nothing(form) or render(_empty_quarter(form))
    figures = _read(choice)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(CSV_COLUMNS)
    services = (one for one in figures.services if choice.takes(one))
    for row in csv_rows(figures, services, choice.boroughs):
        writer.writerow([harmless(cell) for cell in row])
    # With its mark spreadsheets read it as UTF-8.
    response = Response(text.getvalue().encode("utf-8-sig"), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="performance-{figures.quarter}.csv"'
    return response


def _read(choice: Choice) -> QuarterFigures:
    return read_quarter(current_session(), choice.quarter, current.now())


def _groups(form: FilterForm, choice: Choice | None, group_of: GroupOf, what: str, heading: str) -> Response:
    if choice is None and (empty := _nothing(form)):
        return empty
    charts, too_few = group_charts(_read(choice), choice, group_of, what) if choice else ((), ())
    return render(
        GroupsPage(
            form=form,
            heading=heading,
            action=url_for(f"performance.{what.lower()}s"),
            asked=choice.words if choice else "",
            measure=choice.measure if choice else None,
            direction=DIRECTIONS[choice.measure.direction] if choice else "",
            charts=charts,
            too_few=too_few,
            links=links(choice),
        )
    )


def _nothing(form: FilterForm) -> Response | None:
    """The page that says that there is no figure at all; None where somebody only asked for something else."""
    return None if form.errors and form.quarter.choices else render(NoFiguresPage(links=links()))


def _empty_quarter(form: FilterForm) -> QuarterPage:
    """The form with its errors, and nothing below it."""
    return QuarterPage(
        form=form,
        asked="",
        measure=None,
        direction="",
        columns=(),
        lines=(),
        total=0,
        silent=0,
        charts=(),
        london=None,
        pager=Pager(1, 1, None, None),
        links=links(),
    )


def _pager(choice: Choice, paging: Paging, total: int) -> Pager:
    pages = paging.pages(total)

    def address(number: int) -> str:
        return url_for("performance.quarter", **choice.as_query(), page=number)

    return Pager(
        page=paging.page,
        pages=pages,
        previous=address(min(paging.page - 1, pages)) if paging.page > 1 else None,
        next=address(paging.page + 1) if paging.page < pages else None,
    )
