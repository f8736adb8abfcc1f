"""`support-directory audit`: whether the audit trail is whole."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import Progress

from directory.audit.verify import Anchor, Verdict
from directory.audit.verify import Progress as ProgressReport
from directory.audit.verify import verify as verify_chain
from directory.cli.database import transaction

_ANCHOR = re.compile(r"([0-9]{1,18}):([0-9a-f]{64})")


@click.group()
def audit() -> None:
    """The audit trail."""


def _anchors(_context: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> tuple[Anchor, ...]:
    found = [_ANCHOR.fullmatch(text) for text in given]
    if None in found:
        raise click.BadParameter(
            "Give an entry's number, a colon and the 64 digits of its hash, as verify prints them."
        )
    return tuple(Anchor(int(match[1]), match[2]) for match in found if match)


@audit.command()
@click.option(
    "--expect",
    metavar="SEQUENCE:HASH",
    multiple=True,
    callback=_anchors,
    help="A head that was noted earlier and must still be in the chain; repeat it for several.",
)
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON, for machines.")
def verify(expect: tuple[Anchor, ...], as_json: bool) -> None:
    """Check that no entry was changed, taken out, put in or moved: exit 0 when the chain is whole, 1 when it is not.

    Note the head that this prints where nobody with access to the database can write, and give it to a later check with
    --expect: whoever can rewrite every entry and the head can forge a whole chain, but not one that holds that head.
    """
    with transaction() as session, _progress() as progress:
        verdict = verify_chain(session, progress, expect)
    if as_json:
        _print_json(verdict)
    elif verdict.first_problem is None:
        click.echo(f"{_entries(verdict.entries)}, the chain is whole.")
        click.echo(f"Head: {verdict.head}")
    else:
        problem = verdict.first_problem
        click.echo(f"Entry {problem.sequence:,}: {problem.what}", err=True)
        click.echo(f"Whole up to there: {_entries(verdict.entries)}.", err=True)
    if not verdict.ok:
        click.get_current_context().exit(1)


def _entries(number: int) -> str:
    return f"{number:,} {'entry' if number == 1 else 'entries'}"


def _print_json(verdict: Verdict) -> None:
    head, problem = verdict.head, verdict.first_problem
    answer = {
        "entries": verdict.entries,
        "ok": verdict.ok,
        "head": {"sequence": head.sequence, "hash": head.hash} if head else None,
        "problem": {"sequence": problem.sequence, "what": problem.what} if problem else None,
    }
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2))


@contextmanager
def _progress() -> Iterator[ProgressReport]:
    """A bar on a terminal; nothing in a pipe."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _done, _total: None
        return
    with Progress(console=console, transient=True) as bars:
        task = bars.add_task("Checking the audit trail")

        def report(done: int, total: int) -> None:
            bars.update(task, completed=done, total=total)

        yield report
