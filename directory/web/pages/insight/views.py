"""What the searches and the catalogue tell of gaps: for commissioners, and for auditors to read."""

from flask import Blueprint, Response, abort, request

from directory.accounts.permissions import Permission
from directory.common.dates import as_date
from directory.common.errors import InvalidInputError, RefusedError
from directory.extensions import current_session
from directory.insight.coverage import Catalogue, Subject, coverage, read_catalogue
from directory.insight.demand import read_demand
from directory.insight.gaps import need_by_borough, worst_gaps
from directory.insight.periods import quarter_named
from directory.insight.populations import read_populations
from directory.insight.stays import ASSUMED_NIGHTS, usual_nights
from directory.insight.unmet_tables import (
    HOUSEHOLDS,
    NEEDS,
    UnmetQuarter,
    quarter_to_come,
    read_months,
    read_unmet,
    unmet_quarters,
)
from directory.insight.what_if import parts_of_london, try_out
from directory.places.lookup import all_boroughs
from directory.web import current
from directory.web.access import requires
from directory.web.pages.insight.contexts import CapacityPage, CoveragePage, Figure, OverviewPage, UnmetPage, WhatIfPage
from directory.web.pages.insight.forms import CoverageForm, WhatIfForm
from directory.web.pages.insight.matrices import (
    coverage_matrix,
    covered_by_nobody,
    gap_lines,
    need_table,
    unmet_matrix,
)
from directory.web.pages.insight.presenting import (
    CAPACITY_HEAD,
    capacity_rows,
    months_chart,
    need_map,
    quarter_choices,
    quarter_view,
    services_map,
    unmet_map,
)
from directory.web.pages.insight.sheets import coverage_rows, csv_file, matrix_rows
from directory.web.rendering import render

blueprint = Blueprint("insight", __name__, url_prefix="/insight")


@blueprint.get("")
@requires(Permission.INSIGHT_VIEW)
def overview() -> Response:
    """The ways in, with a figure of each."""
    session = current_session()
    catalogue, boroughs, populations = _catalogue(), all_boroughs(session), read_populations()
    needs = coverage(catalogue, Subject.NEEDS)
    cells = [needs.cell(row, column) for row in needs.rows for column in needs.columns]
    found = _newest()
    return render(
        OverviewPage(
            figures=(
                Figure(
                    "Searches that found nothing", _total(found), found.quarter.label if found else "no quarter yet"
                ),
                Figure("Gaps", f"{sum(cell.is_gap for cell in cells):,}", "needs in boroughs that nobody covers"),
                Figure("Only London-wide", f"{sum(cell.only_wide for cell in cells):,}", "without a local service"),
            ),
            map=services_map(catalogue, boroughs, populations.residents),
            wide_services=catalogue.wide_services,
            source=populations.source,
        )
    )


@blueprint.get("/unmet")
@requires(Permission.INSIGHT_VIEW)
def unmet() -> Response:
    """Searches in vain in one quarter (`?quarter=2026-Q3`), else the newest that can be shown."""
    session, now = current_session(), current.now()
    found = _asked_quarter()
    to_come = quarter_to_come(now)
    return render(
        UnmetPage(
            quarter=found.quarter.label if found else "",
            quarter_code=found.quarter.code if found else "",
            choices=quarter_choices(unmet_quarters(session, now), found.quarter.code if found else ""),
            to_come=f"{to_come.label} is shown from {as_date(to_come.shown_from)}.",
            needs=unmet_matrix(found, NEEDS) if found else None,
            households=unmet_matrix(found, HOUSEHOLDS) if found else None,
            map=unmet_map(found, all_boroughs(session)) if found else None,
            months=months_chart(read_months(session, now)),
        )
    )


@blueprint.get("/unmet/csv/<table>")
@requires(Permission.INSIGHT_VIEW)
def unmet_csv(table: str) -> Response:
    """`needs` or `households` of a quarter, or `months`, as shown."""
    if table == "months":
        months = read_months(current_session(), current.now())
        return csv_file("unmet-months", ("month", "searches"), [(one.month.code, one.count.text) for one in months])
    if table not in {NEEDS, HOUSEHOLDS}:
        abort(404)
    found = _asked_quarter()
    view = unmet_matrix(found, table) if found else None
    if found is None or view is None:
        abort(404)
    head = (view.corner, *view.head)
    return csv_file(f"unmet-{table}-{found.quarter.code}", head, matrix_rows(view))


@blueprint.get("/coverage")
@requires(Permission.INSIGHT_VIEW)
def coverage_page() -> Response:
    """One of the matrices; of needs also the worst gaps and a map."""
    session = current_session()
    catalogue, boroughs, populations = _catalogue(), all_boroughs(session), read_populations()
    form = CoverageForm(request.args)
    form.offer(catalogue.need_names.items(), boroughs)
    valid = form.validate()
    subject = Subject(form.subject.data) if valid else Subject.NEEDS
    need = form.need.data if valid else next(iter(catalogue.need_names), "")
    matrix = coverage(catalogue, subject)
    found = _newest() if subject is Subject.NEEDS else None
    is_needs = subject is Subject.NEEDS and bool(need)
    by_borough = need_by_borough(matrix, need, boroughs, populations.residents, found) if is_needs else []
    gaps = worst_gaps(matrix, boroughs, populations.residents, found) if is_needs else []
    name = catalogue.need_names.get(need, "")
    return render(
        CoveragePage(
            form=form,
            subject=subject.value,
            matrix=coverage_matrix(matrix, boroughs, form.borough.data if valid else "", found),
            nobody=covered_by_nobody(matrix),
            gaps=gap_lines(gaps, catalogue.need_names),
            map=need_map(by_borough, name, boroughs) if is_needs else None,
            need_table=need_table(by_borough) if is_needs else None,
            need_name=name,
            unmet_quarter=found.quarter.label if found and found.needs else "",
            source=populations.source,
        ),
        200 if valid else 422,
    )


@blueprint.get("/coverage/csv/<subject>")
@requires(Permission.INSIGHT_VIEW)
def coverage_csv(subject: str) -> Response:
    """A whole matrix, one line for each cell."""
    if subject not in {one.value for one in Subject}:
        abort(404)
    head, rows = coverage_rows(coverage(_catalogue(), Subject(subject)))
    return csv_file(f"coverage-{subject}", head, rows)


@blueprint.get("/capacity")
@requires(Permission.INSIGHT_VIEW)
def capacity() -> Response:
    """Demand beside capacity."""
    return render(CapacityPage(tuple(map(quarter_view, read_demand(current_session(), current.now())))))


@blueprint.get("/capacity/csv")
@requires(Permission.INSIGHT_VIEW)
def capacity_csv() -> Response:
    """The same as a file."""
    return csv_file("capacity", CAPACITY_HEAD, capacity_rows(read_demand(current_session(), current.now())))


@blueprint.get("/what-if")
@requires(Permission.INSIGHT_VIEW)
def what_if() -> Response:
    """What a few units more would have done in the last quarter that can be shown."""
    session = current_session()
    found = _newest()
    known = usual_nights(session, found.quarter) if found else None
    parts = parts_of_london(all_boroughs(session))
    form = WhatIfForm(request.args if request.args else None)
    form.offer(parts, known or ASSUMED_NIGHTS)
    asked = bool(request.args)
    valid = asked and form.validate()
    plan = form.plan() if valid else None
    part = next((one for one in parts if one.code == form.part.data), None) if valid else None
    outcome = None
    if plan and part and found and found.households:
        outcome = try_out(plan, part, found.households, found.quarter.nights)
    return render(
        WhatIfPage(
            form=form,
            quarter=found.quarter.label if found and found.households else "",
            known_nights=known,
            plan=plan,
            part=part,
            outcome=outcome,
        ),
        422 if asked and not valid else 200,
    )


def _catalogue() -> Catalogue:
    return read_catalogue(current_session(), current.moment())


def _newest() -> UnmetQuarter | None:
    """The newest quarter that can be shown; None before there is one."""
    quarters = unmet_quarters(current_session(), current.now())
    return read_unmet(current_session(), quarters[0], current.now()) if quarters else None


def _asked_quarter() -> UnmetQuarter | None:
    """The quarter of the address; what is none, or cannot be shown yet, is not found."""
    code = request.args.get("quarter", "")
    if not code:
        return _newest()
    try:
        return read_unmet(current_session(), quarter_named(code), current.now())
    except (InvalidInputError, RefusedError):
        abort(404)


def _total(found: UnmetQuarter | None) -> str:
    if found is None:
        return "–"
    return found.needs.total.text if found.needs else "fewer than 5"
