"""`places`: load the gazetteer, and ask it."""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress, TaskID

from directory.cli.database import transaction
from directory.common.clock import utc_now
from directory.common.progress import Progress as ProgressReport
from directory.common.progress import no_progress
from directory.places.loading import load_gazetteer
from directory.places.lookup import AmbiguousPlaceError, Place, PlaceNotFoundError, find_place


@click.group()
def places() -> None:
    """The gazetteer: boroughs, postcodes and place names."""


@places.command()
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
def load(folder: Path) -> None:
    """Load the gazetteer's files from DIR, replacing what is there. The same files again are no work."""
    with transaction() as session, _progress() as report:
        result = load_gazetteer(session, folder, utc_now(), report)
    counts = (
        f"{result.boroughs:,} boroughs, {result.postcodes:,} postcodes, "
        f"{result.sectors:,} postcode sectors, {result.places:,} places"
    )
    click.echo(f"Loaded {counts}." if result.status == "loaded" else f"Unchanged: {counts}.")


@places.command()
@click.argument("text")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON, for machines.")
def lookup(text: str, as_json: bool) -> None:
    """Say which place TEXT means: a postcode or its beginning, a borough, or a district of London."""
    try:
        with transaction() as session:
            place = find_place(session, text)
    except AmbiguousPlaceError as error:
        _refuse(str(error), [], {"choices": [asdict(choice) for choice in error.choices]}, as_json)
    except PlaceNotFoundError as error:
        answer = {"error": error.message, "suggestions": error.suggestions}
        _refuse(error.message, error.suggestions, answer, as_json)
    else:
        click.echo(json.dumps(asdict(place)) if as_json else _line(place))


def _line(place: Place) -> str:
    where = "; ".join(place.borough_codes) or place.country.title()
    corrected = f" (for “{place.corrected_from}”)" if place.corrected_from else ""
    return f"{place.name}{corrected}: {place.kind}, {place.latitude:.4f}, {place.longitude:.4f}, {where}"


def _refuse(message: str, suggestions: list[str], answer: Mapping[str, object], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(answer))
    else:
        click.echo(message, err=True)
        if suggestions:
            click.echo(f"Did you mean: {'; '.join(suggestions)}?", err=True)
    sys.exit(1)


@contextmanager
def _progress() -> Iterator[ProgressReport]:
    """A bar for each table while rows are written, on a terminal; nothing in a pipe."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield no_progress
        return
    with Progress(console=console, transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def report(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what.replace("_", " "), total=total)
            bars.update(tasks[what], completed=done)

        yield report
