"""`performance`: figures of services, brought in from a sheet."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from directory.cli.database import transaction
from directory.common.actor import SYSTEM
from directory.common.clock import utc_now
from directory.common.errors import RefusedError
from directory.publishing.performance.importing import FigureChange, PerformanceReport, import_performance

# More lines than this nobody reads on a terminal; a pipe gets all of them, and so does --json.
LINES_SHOWN = 20


@click.group()
def performance() -> None:
    """Performance figures of services."""


@performance.command("import")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show what would change and what is wrong; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON, for machines, with every line.")
def import_(file: Path, dry_run: bool, as_json: bool) -> None:
    """Keep the figures in FILE (CSV or Excel), all of them or nothing.

    Either a row for each figure, with the columns service_id, period, measure and value; or a row for each service and
    quarter, with service_id, period and a column for each measure.
    """
    try:
        content = _read(file)
        with transaction() as session:
            report = import_performance(session, content, file.name, SYSTEM, utc_now(), dry_run=dry_run)
    except RefusedError as error:
        if not as_json:
            raise
        _print(_as_json(PerformanceReport(False), dry_run) | {"refused": str(error)})
        sys.exit(1)
    if as_json:
        _print(_as_json(report, dry_run))
    else:
        _tell(report, dry_run)
    if report.refused:
        sys.exit(1)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise RefusedError(f"{file} cannot be read: {error.strerror}.") from error


def _tell(report: PerformanceReport, dry_run: bool) -> None:
    if report.refused:
        _lines([str(error) for error in report.errors], err=True)
        errors = "1 error" if len(report.errors) == 1 else f"{len(report.errors):,} errors"
        click.echo(f"{errors}. Nothing was imported.", err=True)
        return
    _lines([f"added   {_place(one)}: {one.now or 'not known'}" for one in report.added])
    _lines([f"changed {_place(one)}: {one.was or 'not known'} → {one.now or 'not known'}" for one in report.changed])
    counts = f"{len(report.added):,} added, {len(report.changed):,} changed, {report.unchanged:,} unchanged."
    click.echo(f"Dry run, nothing was written: {counts}" if dry_run else f"Imported: {counts}")


def _place(one: FigureChange) -> str:
    return f"{one.service_id}/{one.period}/{one.measure}"


def _lines(lines: list[str], *, err: bool = False) -> None:
    shown = lines[:LINES_SHOWN] if sys.stdout.isatty() else lines
    for line in shown:
        click.echo(line, err=err)
    if len(lines) > len(shown):
        click.echo(f"… and {len(lines) - len(shown):,} more (a pipe, such as “| less”, shows them)", err=err)


def _as_json(report: PerformanceReport, dry_run: bool) -> dict[str, Any]:
    counts = {name: len(getattr(report, name)) for name in ("added", "changed", "errors")}
    return {"dry_run": dry_run, "refused": None} | asdict(report) | {"counts": counts | {"unchanged": report.unchanged}}


def _print(answer: dict[str, Any]) -> None:
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
