"""`support-directory db`: the database's tables."""

import click

from directory.catalogue.guidance import load_guidance
from directory.cli.database import open_database, reachable, require_newest_schema
from directory.common.clock import utc_now
from directory.common.migrate import revisions, upgrade
from directory.config import Settings
from directory.paths import SEED_DATA


@click.group()
def db() -> None:
    """Keep the database's tables up to date."""


@db.command("upgrade")
def upgrade_command() -> None:
    """Apply every migration that the database lacks, and add guidance that it lacks."""
    with open_database(Settings.from_environment()) as database, reachable(database.engine):
        before, newest = revisions(database.engine)
        upgrade(database.engine)
        with database.new_session.begin() as session:
            load_guidance(session, SEED_DATA / "guidance", utc_now())
    if before == newest:
        click.echo(f"The database has every migration already ({newest}).")
    else:
        click.echo(f"The database went from {before or 'empty'} to {newest}.")


@db.command("check")
def check_command() -> None:
    """Exit 0 when the database can be reached and has every migration; otherwise 1, and say why."""
    with open_database(Settings.from_environment()) as database:
        require_newest_schema(database.engine)
    click.echo("The database can be reached and has every migration.")
