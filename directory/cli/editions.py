"""`editions`: draft the next edition, sign it off, publish it, show it, and check those that are published."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from sqlalchemy.orm import Session

from directory.accounts.service import get_account
from directory.capacity.availability import Moment
from directory.cli.database import open_database, require_newest_schema, transaction
from directory.cli.progress import progress_bar
from directory.common.actor import SYSTEM, Actor
from directory.common.clock import utc_now
from directory.common.dates import as_date, as_date_time
from directory.common.errors import NotFoundError, RefusedError
from directory.config import Settings
from directory.extensions import begin_writing
from directory.publishing.cascade.sending import send_out
from directory.publishing.editions.canonical import content_lines
from directory.publishing.editions.checking import check, count_warnings
from directory.publishing.editions.content import build
from directory.publishing.editions.difference import difference
from directory.publishing.editions.facts import ChangeSort, Check, EditionDifference, EditionFacts, Severity
from directory.publishing.editions.lifecycle import draft as draft_edition
from directory.publishing.editions.lifecycle import publish as publish_edition
from directory.publishing.editions.lifecycle import sign
from directory.publishing.editions.reading import corrected_by, edition_in_preparation, latest, read_edition
from directory.publishing.editions.verifying import verify as verify_editions

# More findings of a check than these nobody reads on a terminal; the page has them all, and so has --json.
FOUND_SHOWN = 10


@click.group()
def editions() -> None:
    """Dated, signed-off issues of the catalogue, which are never changed."""


@editions.command()
@click.option("--by", metavar="EMAIL", help="The commissioner who prepares it; without, nobody stands for it yet.")
@click.option("--corrects", type=int, metavar="NUMBER", help="The published edition that this one corrects.")
@click.option("--note", default="", metavar="TEXT", help="What to say of it, in a sentence that everybody will read.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON, for machines.")
def draft(by: str | None, corrects: int | None, note: str, as_json: bool) -> None:
    """Freeze what is published now into the draft of the next edition, and check it.

    A draft that nobody has signed off is replaced.
    """
    with _working() as (session, moment), progress_bar() as progress:
        actor = _actor(session, by) if by else SYSTEM
        built = build(session, moment, progress)
        begin_writing(session)
        made = draft_edition(session, actor, moment, progress, corrects=corrects, note=note, built=built)
        session.commit()
        checks = check(session, made.id, moment)
        changes = difference(session, made.id)
    if as_json:
        _print_json(_edition(made) | {"checks": _checks(checks), "changes": _changes(changes)})
        return
    click.echo(f"Drafted: {_holding(made)}, of {as_date(made.as_of)}.")
    click.echo(f"SHA-256 {made.content_hash}")
    _tell_changes(changes)
    _tell_checks(checks)


@editions.command()
@click.option("--signed-by", "email", required=True, metavar="EMAIL", help="Another commissioner than prepared it.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON, for machines.")
def publish(email: str, as_json: bool) -> None:
    """Sign off the draft, unless that is done, publish it and send it to everybody concerned.

    Whoever signs has read what its checks find, which this prints.
    """
    with _working() as (session, moment), progress_bar() as progress:
        begin_writing(session)
        actor = _actor(session, email)
        waiting = edition_in_preparation(session)
        if waiting is None:
            raise RefusedError("Nothing is being prepared: run `support-directory editions draft --by EMAIL` first.")
        checks: tuple[Check, ...] = ()
        if waiting.signed_by_id is None:
            checks = check(session, waiting.id, moment)
            if not as_json:
                _tell_checks(checks)
            sign(session, waiting.id, waiting.content_hash, count_warnings(checks), actor, moment)
        made = publish_edition(session, waiting.id, actor, moment, progress)
        people = send_out(session, made.id, moment.now)
        session.commit()
    if as_json:
        _print_json(_edition(made) | {"checks": _checks(checks), "sent_to": people})
        return
    click.echo(f"Published: edition {made.number}, {_holding(made)}, of {as_date(made.as_of)}.")
    click.echo(f"SHA-256 {made.content_hash}")
    click.echo(f"Sent to {people:,} {'person' if people == 1 else 'people'}.")


@editions.command()
@click.argument("number", type=int, required=False)
@click.option("--content", is_flag=True, help="Write its canonical content, of which the SHA-256 is made.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON, for machines.")
def show(number: int | None, content: bool, as_json: bool) -> None:
    """Show a published edition, the latest without a NUMBER, and what changed with it."""
    with transaction() as session:
        edition = read_edition(session, number) if number is not None else latest(session)
        if edition is None or edition.number is None:
            raise NotFoundError("No edition has been published yet.")
        if content:
            for line in content_lines(session, edition.id):
                sys.stdout.buffer.write(line)
            return
        changes, later = difference(session, edition.id), corrected_by(session, edition.number)
    if as_json:
        _print_json(_edition(edition) | {"corrected_by": later, "changes": _changes(changes)})
        return
    _tell_edition(edition, later)
    _tell_changes(changes)


@editions.command()
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON, for machines.")
def verify(as_json: bool) -> None:
    """Check that no published edition was changed, taken out or put in: exit 0 when all are whole, 1 when not.

    They are compared with their own hashes and with the audit trail, which `audit verify` checks.
    """
    with transaction() as session, progress_bar() as progress:
        verdict = verify_editions(session, progress)
    if as_json:
        problems = [{"number": one.number, "what": one.what} for one in verdict.problems]
        _print_json({"editions": verdict.editions, "ok": verdict.ok, "problems": problems})
    elif verdict.ok:
        click.echo(f"{_counted(verdict.editions, 'edition')}: each is what was published.")
    for problem in () if as_json else verdict.problems:
        click.echo(f"Edition {problem.number}: {problem.what}", err=True)
    if not verdict.ok:
        click.get_current_context().exit(1)


@contextmanager
def _working() -> Iterator[tuple[Session, Moment]]:
    """A session, and now; whoever uses it begins to write, and commits."""
    settings = Settings.from_environment()
    with open_database(settings) as database:
        require_newest_schema(database.engine)
        with database.new_session() as session:
            yield session, Moment(utc_now(), settings.confirm_within, settings.stale_after)


def _actor(session: Session, email: str) -> Actor:
    account = get_account(session, email)
    return Actor(account.id, account.role.value, account.organisation_id)


def _holding(edition: EditionFacts) -> str:
    services, organisations = _counted(edition.services, "service"), _counted(edition.organisations, "organisation")
    units, bedspaces = _counted(edition.units, "unit"), _counted(edition.bedspaces, "bedspace")
    return f"{services} of {organisations}, {units} with {bedspaces}"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _tell_edition(edition: EditionFacts, later: int | None) -> None:
    click.echo(f"Edition {edition.number}: {_holding(edition)}, of {as_date(edition.as_of)}.")
    if edition.published_at is not None:
        click.echo(f"Published {as_date_time(edition.published_at)}.")
    click.echo(f"Prepared by {edition.prepared_by}, signed off by {edition.signed_by}.")
    if edition.note:
        click.echo(edition.note)
    if edition.corrects_number is not None:
        click.echo(f"It corrects edition {edition.corrects_number}.")
    if later is not None:
        click.echo(f"Edition {later} corrects it.")
    click.echo(f"SHA-256 {edition.content_hash}")


def _tell_changes(changes: EditionDifference) -> None:
    if changes.from_number is None:
        click.echo("There is no edition before it.")
        return
    counts = ", ".join(f"{len(changes.of(sort)):,} {sort.value.replace('_', ' ')}" for sort in ChangeSort)
    click.echo(f"Since edition {changes.from_number}: {counts}.")


def _tell_checks(checks: tuple[Check, ...]) -> None:
    """What was found, on standard error: it is for whoever signs, not for the program behind a pipe."""
    for one in checks:
        if not one.found:
            continue
        sort = "Blocks" if one.severity is Severity.BLOCKS else "Warning"
        click.echo(f"{sort}: this does not hold: {one.title} {len(one.found):,} found.", err=True)
        for found in one.found[:FOUND_SHOWN]:
            click.echo(f"  {found.name}: {found.why}", err=True)
        if len(one.found) > FOUND_SHOWN:
            click.echo(f"  … and {len(one.found) - FOUND_SHOWN:,} more.", err=True)


def _edition(edition: EditionFacts) -> dict[str, Any]:
    return {
        "id": edition.id,
        "number": edition.number,
        "state": edition.state.value,
        "as_of": edition.as_of.isoformat(),
        "published_at": edition.published_at.isoformat() if edition.published_at else None,
        "prepared_by": edition.prepared_by,
        "signed_by": edition.signed_by,
        "corrects": edition.corrects_number,
        "note": edition.note,
        "warnings": edition.warnings,
        "content_hash": edition.content_hash,
        "previous_seal": edition.previous_seal,
        "seal": edition.seal,
        "organisations": edition.organisations,
        "services": edition.services,
        "units": edition.units,
        "bedspaces": edition.bedspaces,
    }


def _checks(checks: tuple[Check, ...]) -> list[dict[str, Any]]:
    return [
        {
            "code": one.code,
            "severity": one.severity.value,
            "title": one.title,
            "found": [
                {"kind": found.kind.value, "id": found.id, "name": found.name, "why": found.why} for found in one.found
            ],
        }
        for one in checks
    ]


def _changes(changes: EditionDifference) -> dict[str, Any]:
    return {
        "from": changes.from_number,
        "changes": [
            {"sort": one.sort.value, "kind": one.kind.value, "id": one.id, "name": one.name, "words": list(one.words)}
            for one in changes.changes
        ],
    }


def _print_json(answer: dict[str, Any]) -> None:
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
