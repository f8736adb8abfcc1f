"""`catalogue`: bring a folder of files in, and write the catalogue out as one."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from directory.capacity.current import differences_from_history
from directory.capacity.files import ImportReport, export_folder, import_folder, see_one_moment
from directory.catalogue.files.difference import Entry
from directory.cli.database import transaction
from directory.cli.progress import progress_bar
from directory.common.clock import utc_now
from directory.common.errors import RefusedError
from directory.editing.duplicates import Duplicate, duplicates_of_added

# More lines than this nobody reads on a terminal; a pipe gets all of them, and so does --json.
LINES_SHOWN = 20
ERRORS_SHOWN = 50


@click.group()
def catalogue() -> None:
    """The catalogue as a folder of files."""


@catalogue.command("import")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show what would change and what is wrong; write nothing.")
@click.option(
    "--whole",
    is_flag=True,
    help="DIR speaks for the whole catalogue: organisations that it does not list are removed, with all of theirs.",
)
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON, for machines, with every line.")
def import_(folder: Path, dry_run: bool, whole: bool, as_json: bool) -> None:
    """Make the catalogue say what the files in DIR say, all of it or nothing.

    DIR speaks for the organisations that it lists, and no others: their services, units and figures that a file of it
    leaves out are removed; what belongs to a file that is not there stays. With --whole it speaks for all of them.

    On a terminal long answers are shortened; in a pipe or a file every change and every error is a line.
    """
    try:
        with transaction() as session, progress_bar() as progress:
            report = import_folder(session, folder, utc_now(), dry_run=dry_run, whole=whole, progress=progress)
            alike = duplicates_of_added(session, report.difference)
    except RefusedError as error:
        if not as_json:
            raise
        _print_json(_refusal(folder, str(error), dry_run))
        sys.exit(1)
    if as_json:
        _print_json(_as_json(report) | {"possible_duplicates": _duplicates_as_json(alike)})
    elif report.refused:
        _tell_errors(report)
    else:
        _tell_changes(report)
        _tell_duplicates(alike)
    if report.refused:
        sys.exit(1)


@catalogue.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def export(folder: Path) -> None:
    """Write the whole catalogue to DIR, which must be new, empty or hold nothing but catalogue files."""
    with transaction() as session:
        see_one_moment(session)
        counts = export_folder(session, folder)
    for file, rows in counts.items():
        click.echo(f"{file}: {rows:,} rows")


@catalogue.command("check-history")
def check_history() -> None:
    """Compare the catalogue with what its history replays to: a difference was written past the product.

    Whatever changes a listing or unit leaves a version of it. What has not changed since the history is kept has none,
    and is not looked at. Exit 1 when anything differs.
    """
    with transaction() as session:
        see_one_moment(session)
        different = differences_from_history(session)
    for line in different:
        click.echo(line, err=True)
    if different:
        click.echo(f"{len(different):,} listings or units differ from their history.", err=True)
        sys.exit(1)
    click.echo("The catalogue is what its history replays to.")


def _tell_errors(report: ImportReport) -> None:
    shown = report.errors[:ERRORS_SHOWN] if _is_terminal() else report.errors
    for error in shown:
        click.echo(str(error), err=True)
    more = report.error_count - len(shown)
    if more > 0:
        click.echo(f"… and {more:,} more{_WHERE_ALL_ARE}.", err=True)
    errors = "1 error" if report.error_count == 1 else f"{report.error_count:,} errors"
    click.echo(f"{errors}. Nothing was imported.", err=True)


def _tell_changes(report: ImportReport) -> None:
    difference = report.difference
    _tell("added", [f"{entry.file} {entry.id}" for entry in difference.added])
    _tell(
        "changed",
        [
            f"{change.file} {change.id}: {name}: {before or 'empty'} → {after or 'empty'}"
            for change in difference.changed
            for name, (before, after) in change.fields.items()
        ],
    )
    _tell("removed", [f"{entry.file} {entry.id}" for entry in difference.removed])
    counts = (
        f"{len(difference.added):,} added, {len(difference.changed):,} changed, {len(difference.removed):,} removed, "
        f"{difference.unchanged:,} unchanged."
    )
    click.echo(f"Dry run, nothing was written: {counts}" if report.dry_run else f"Imported: {counts}")


def _tell_duplicates(alike: dict[Entry, list[Duplicate]] | None) -> None:
    """What was added may be there already, under another id: a person decides."""
    if alike is None:
        click.echo("Too many were added to look whether one of them is there already under another id.")
        return
    lines = [
        f"{entry.file} {entry.id} and {one.id}: {', '.join(one.because)}"
        for entry, found in alike.items()
        for one in found
    ]
    _tell("alike", lines)


def _duplicates_as_json(alike: dict[Entry, list[Duplicate]] | None) -> list[dict[str, Any]] | None:
    """Null where there were too many to compare."""
    if alike is None:
        return None
    return [
        {"file": entry.file, "id": entry.id, "like": one.id, "because": list(one.because)}
        for entry, found in alike.items()
        for one in found
    ]


def _tell(what: str, lines: Sequence[str]) -> None:
    shown = lines[:LINES_SHOWN] if _is_terminal() else lines
    for line in shown:
        click.echo(f"{what:8}{line}")
    if len(lines) > len(shown):
        click.echo(f"{what:8}… and {len(lines) - len(shown):,} more{_WHERE_ALL_ARE}")


_WHERE_ALL_ARE = " (a pipe, such as “| less”, shows them)"


def _is_terminal() -> bool:
    return sys.stdout.isatty()


def _as_json(report: ImportReport) -> dict[str, Any]:
    difference = report.difference
    return {
        "dry_run": report.dry_run,
        "applied": report.applied,
        "added": [{"file": entry.file, "id": entry.id} for entry in difference.added],
        "changed": [
            {
                "file": change.file,
                "id": change.id,
                "fields": {name: {"before": before, "after": after} for name, (before, after) in change.fields.items()},
            }
            for change in difference.changed
        ],
        "removed": [{"file": entry.file, "id": entry.id} for entry in difference.removed],
        "errors": [
            {
                "file": error.file,
                "row": error.row,
                "column": error.column,
                "value": error.value,
                "message": error.message,
                "allowed": list(error.allowed),
            }
            for error in report.errors
        ],
        "counts": {
            "added": len(difference.added),
            "changed": len(difference.changed),
            "removed": len(difference.removed),
            "unchanged": difference.unchanged,
            "errors": report.error_count,
        },
    }


def _refusal(folder: Path, message: str, dry_run: bool) -> dict[str, Any]:
    """The answer for a folder that cannot be imported at all, in the same shape as any other."""
    error: dict[str, Any] = {
        "file": str(folder),
        "row": None,
        "column": None,
        "value": "",
        "message": message,
        "allowed": [],
    }
    counts = {"added": 0, "changed": 0, "removed": 0, "unchanged": 0, "errors": 1}
    nothing: dict[str, Any] = {"added": [], "changed": [], "removed": [], "possible_duplicates": []}
    return {"dry_run": dry_run, "applied": False} | nothing | {"errors": [error], "counts": counts}


def _print_json(answer: dict[str, Any]) -> None:
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
