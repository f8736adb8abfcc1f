"""What the pages show, as CSV files that a spreadsheet opens and runs nothing of."""

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response

from directory.common.sheets_safe import harmless
from directory.insight.coverage import Matrix, Subject
from directory.web.pages.insight.contexts import MatrixView


def csv_file(name: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> Response:
    """A table to download. `name` is the file's name without its ending."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    for row in (head, *rows):
        writer.writerow([harmless(cell) for cell in row])
    response = Response(text.getvalue().encode("utf-8-sig"), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def matrix_rows(view: MatrixView) -> list[tuple[str, ...]]:
    """The rows as the page shows them; words where the page has a sign."""
    return [(row.label, *(cell.spoken or cell.text for cell in row.cells)) for row in view.rows]


def coverage_rows(matrix: Matrix) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """A line for each cell, nobody's too: its head, and its rows."""
    across = "kind" if matrix.subject is Subject.COMMUNITIES else "borough"
    what = {Subject.NEEDS: "need", Subject.LANGUAGES: "language", Subject.COMMUNITIES: "community"}[matrix.subject]
    local = across == "borough"
    head = (
        what,
        f"{what}_name",
        across,
        f"{across}_name",
        "services",
        *(("local", "for_london_or_more") if local else ()),
    )
    rows = []
    for row, label in matrix.rows.items():
        for column, name in matrix.columns.items():
            cover = matrix.cell(row, column)
            apart = (str(cover.local), str(cover.wide)) if local else ()
            rows.append((row, label, column, name, str(cover.services), *apart))
    return head, rows
