"""Matrices and gaps in words and marks: a number or a word in every cell, so that no colour is needed to read them."""

from collections.abc import Iterable, Sequence

from directory.insight.coverage import Cover, Matrix, Subject
from directory.insight.gaps import Gap
from directory.insight.rounding import Rounded, RoundedTable
from directory.insight.unmet_tables import HOUSEHOLDS, NEEDS, UnmetQuarter
from directory.places.lookup import BoroughFact
from directory.web.chart_facts import DataTable
from directory.web.pages.insight.contexts import CellView, GapLine, MatrixRow, MatrixView

CAPTIONS = {
    Subject.NEEDS: ("Services by need and borough", "Need"),
    Subject.LANGUAGES: ("Services by language and borough", "Language"),
    Subject.COMMUNITIES: ("Services by community and kind", "Community"),
}


def unmet_matrix(found: UnmetQuarter, which: str) -> MatrixView | None:
    """One of the quarter's tables, `needs` or `households`, with its totals; None where it may not be shown."""
    table = {NEEDS: found.needs, HOUSEHOLDS: found.households}[which]
    if table is None:
        return None
    what = {NEEDS: "need", HOUSEHOLDS: "size of household"}[which]
    return MatrixView(
        id=f"unmet-{which}",
        caption=f"Searches that found nothing, by {what} and by BCU, {found.quarter.label}",
        corner=what.capitalize(),
        head=("All", *(found.column_labels[column] for column in table.columns)),
        rows=(*(_unmet_row(found, table, row) for row in table.rows), _totals(table)),
        is_upright=True,
    )


def coverage_matrix(
    matrix: Matrix, boroughs: Sequence[BoroughFact], only: str, unmet: UnmetQuarter | None
) -> MatrixView:
    """The matrix of services; `only` is one borough's code, or empty for all."""
    caption, corner = CAPTIONS[matrix.subject]
    is_local = matrix.subject is not Subject.COMMUNITIES
    columns = [column for column in matrix.columns if not (is_local and only) or column == only]
    areas = {borough.code: borough.police_area for borough in boroughs}
    table = unmet.needs if unmet and matrix.subject is Subject.NEEDS else None
    rows = []
    for row, label in matrix.rows.items():
        if not matrix.is_offered(row) and matrix.subject is not Subject.NEEDS:
            continue  # named below the table: a whole row of gaps would say the same many times over
        cells = (
            _cover(matrix.cell(row, column), _searched(table, row, areas.get(column, "")), is_local=is_local)
            for column in columns
        )
        rows.append(MatrixRow(label, tuple(cells)))
    return MatrixView(
        id=f"coverage-{matrix.subject.value}",
        caption=caption if len(columns) != 1 else f"{caption}: {matrix.columns[columns[0]]}",
        corner=corner,
        head=tuple(matrix.columns[column] for column in columns),
        rows=tuple(rows),
        is_upright=len(columns) > 1,
    )


def covered_by_nobody(matrix: Matrix) -> tuple[str, ...]:
    """The rows that no service covers anywhere."""
    return tuple(label for row, label in matrix.rows.items() if not matrix.is_offered(row))


def gap_lines(gaps: Iterable[Gap], need_names: dict[str, str]) -> tuple[GapLine, ...]:
    """Gaps in words, in their order."""
    return tuple(
        GapLine(
            need=need_names[gap.need],
            borough=gap.borough.name,
            cover="Nobody" if gap.cover.is_gap else f"Only {gap.cover.wide} for all of London or more",
            residents=_residents(gap.residents),
            unmet=gap.unmet.text,
        )
        for gap in gaps
    )


def need_table(gaps: Iterable[Gap]) -> DataTable:
    """One need by borough, with the residents for each service."""
    rows = (
        (
            gap.borough.name,
            "None" if gap.cover.is_gap else str(gap.cover.services),
            str(gap.cover.local),
            _residents(gap.residents),
            "no service" if gap.residents_per_service is None else f"{gap.residents_per_service:,}",
            gap.unmet.text,
        )
        for gap in gaps
    )
    head = ("Borough", "Services", "Of them local", "Residents", "Residents for each service", "Searched in vain (BCU)")
    return DataTable(head, tuple(rows))


def _unmet_row(found: UnmetQuarter, table: RoundedTable, row: str) -> MatrixRow:
    cells = (table.row_totals[row], *(table.cells[row, column] for column in table.columns))
    return MatrixRow(found.row_labels[row], tuple(map(_count, cells)))


def _totals(table: RoundedTable) -> MatrixRow:
    cells = (table.total, *(table.column_totals[column] for column in table.columns))
    return MatrixRow("All", tuple(map(_count, cells)), is_total=True)


def _count(count: Rounded) -> CellView:
    if count.is_small:
        return CellView("<5", "fewer than 5", "few")
    return CellView(count.text, "", f"level-{count.level}")


def _cover(cover: Cover, searched: str, *, is_local: bool) -> CellView:
    if cover.is_gap:
        return CellView(f"None{searched and f' ({searched})'}", f"none{searched and f', {searched} searches'}", "gap")
    if not is_local:
        return CellView(str(cover.services))
    wide = f"{cover.wide} for all of London or more"
    if cover.only_wide:
        return CellView(f"0 + {cover.wide}", f"no local service, {wide}", "wide")
    return CellView(f"{cover.local} + {cover.wide}", f"{cover.local} local, {wide}")


def _searched(table: RoundedTable | None, row: str, area: str) -> str:
    """What was searched in vain in the borough's BCU, where that is a number that can be shown."""
    count = table.cells.get((row, area)) if table else None
    return "" if count is None or count.is_small else count.text


def _residents(residents: int) -> str:
    return f"{residents:,}" if residents else "not known"
