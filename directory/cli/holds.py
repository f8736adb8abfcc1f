"""`holds`: tidying away what has run out."""

import json

import click

from directory.capacity.holds.service import sweep_holds
from directory.cli.database import open_database, require_newest_schema
from directory.common.clock import utc_now
from directory.config import Settings
from directory.extensions import begin_writing


@click.group()
def holds() -> None:
    """Holds on refuge units."""


@holds.command()
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON, for machines.")
def sweep(as_json: bool) -> None:
    """Tidy away every hold whose time is up. None of them has counted since: this can be run at any time, or never."""
    with open_database(Settings.from_environment()) as database:
        require_newest_schema(database.engine)
        with database.new_session() as session:
            begin_writing(session)
            swept = sweep_holds(session, utc_now())
            session.commit()
    if as_json:
        click.echo(json.dumps({"swept": swept}))
    elif swept:
        click.echo(
            f"{swept} hold{' was' if swept == 1 else 's were'} over and {'is' if swept == 1 else 'are'} tidied away."
        )
    else:
        click.echo("No hold was over.")
