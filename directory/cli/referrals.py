"""`referrals`: what a text that goes with a referral may hold."""

import csv
import json
import sys
from collections.abc import Iterator

import click

from directory.common.errors import RefusedError
from directory.paths import SEED_DATA
from directory.referrals.service import LONGEST_TEXT, explain
from directory.referrals.service import screen as screen_text


@click.group()
def referrals() -> None:
    """Referrals: the screen of their free text."""


@referrals.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON text per line in, one JSON answer per line out.")
def screen(as_json: bool) -> None:
    """Say what in a text may not be stored, and why. The text is read from standard input, and kept nowhere.

    With --json, each line in is a JSON string and each line out {"block": true or false, "kinds": [...]}, in the same
    order, as soon as it is known; blank lines are passed over. Names of organisations and services in the catalogue
    files that come with the product may stand in a text. No database is needed.
    """
    names = frozenset(_catalogue_names())
    if as_json:
        for text in _json_texts():
            found = screen_text(text, known_names=names)
            click.echo(json.dumps({"block": found.block, "kinds": list(found.kinds)}))
            sys.stdout.flush()
    else:
        _explain(sys.stdin.buffer.read().decode("utf-8", errors="replace").strip(), names)


def _json_texts() -> Iterator[str]:
    for number, line in enumerate(sys.stdin.buffer, start=1):
        if not line.strip():
            continue
        try:
            text = json.loads(line)
        except ValueError:
            text = None
        if not isinstance(text, str):
            # The line itself is not repeated: it may hold what must not be stored, and standard error often is.
            raise RefusedError(f'Line {number} is not a JSON string, such as "needs a cot".')
        yield text


def _explain(text: str, names: frozenset[str]) -> None:
    found = screen_text(text, known_names=names)
    if not found.block:
        click.echo("Nothing found: this text may be stored.")
    for kind in found.kinds:
        words = ", ".join(f"“{one.words[:40]}”" for one in found.findings if one.kind == kind)
        click.echo(f"{words}: {explain(kind)}")
    if len(text) > LONGEST_TEXT:
        click.echo(f"Only the first {LONGEST_TEXT:,} characters can be screened: write less.")


def _catalogue_names() -> Iterator[str]:
    for folder in ("london", "demo"):
        for table in ("organisations.csv", "services.csv"):
            path = SEED_DATA / folder / table
            if path.is_file():
                with path.open(encoding="utf-8-sig", newline="") as file:
                    yield from (row["name"] for row in csv.DictReader(file) if row.get("name"))
