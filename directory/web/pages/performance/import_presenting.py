"""What a file of figures would change, in words: for whoever brings it, so as it stands in the file."""

from collections.abc import Sequence

from directory.publishing.performance.importing import CellError, FigureChange, PerformanceReport
from directory.publishing.performance.measures import measure
from directory.web.pages.performance.contexts import CellLine, CheckPage, FigureLine
from directory.web.pages.performance.forms import ConfirmForm
from directory.web.pages.performance.words import quarter_words

# More than these nobody reads; with the first ones corrected the next ones are seen.
MOST_LINES = 100
_MOST_ALLOWED = 8


def check_page(report: PerformanceReport, form: ConfirmForm, filename: str, *, again: bool) -> CheckPage:
    """The page of a dry run."""
    counts = (("New", report.added), ("Changed", report.changed), ("Cells with an error", report.errors))
    changed, added = report.changed[:MOST_LINES], report.added[:MOST_LINES]
    return CheckPage(
        form=form,
        filename=filename,
        summary=(*((words, f"{len(rows):,}") for words, rows in counts), ("Unchanged", f"{report.unchanged:,}")),
        cells=tuple(_cell(error) for error in report.errors[:MOST_LINES]),
        more_cells=max(0, len(report.errors) - MOST_LINES),
        added=_figures(added),
        changed=_figures(changed),
        more=len(report.added) + len(report.changed) - len(added) - len(changed),
        can_be_applied=not report.errors and bool(report.added or report.changed),
        again=again,
    )


def _cell(error: CellError) -> CellLine:
    row, column = f"Row {error.row}" if error.row else "", f"column {error.column}" if error.column else ""
    where = ", ".join(filter(None, (row, column)))
    allowed = ", ".join(error.allowed[:_MOST_ALLOWED]) + (" …" if len(error.allowed) > _MOST_ALLOWED else "")
    return CellLine(where or "The whole file", error.value, error.message, allowed)


def _figures(changes: Sequence[FigureChange]) -> tuple[FigureLine, ...]:
    return tuple(
        FigureLine(
            service=change.service_id,
            quarter=quarter_words(change.period),
            measure=known.name if (known := measure(change.measure)) else change.measure,
            was=change.was or "not known",
            now=change.now or "not known",
        )
        for change in changes
    )
