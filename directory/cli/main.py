"""The command line: `support-directory` and `python -m directory`. One file per command group beside this one."""

import sys
from importlib import import_module

import click
from sqlalchemy.exc import OperationalError

from directory.common.errors import DomainError, InvalidInputError
from directory.config import SettingsError

# A command's module is imported when that command is run: issuing a token need not wait for the web server's imports.
COMMANDS = {
    "accounts": "accounts:accounts",
    "audit": "audit:audit",
    "catalogue": "catalogue:catalogue",
    "db": "db:db",
    "demo": "demo:demo",
    "docs": "reference:docs",
    "editions": "editions:editions",
    "holds": "holds:holds",
    "performance": "performance:performance",
    "places": "places:places",
    "referrals": "referrals:referrals",
    "run-due": "run_due:run_due",
    "serve": "server:serve",
}


class CommandTable(click.Group):
    """The commands of `COMMANDS`, by name."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Their names."""
        return sorted(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One of them, or None when there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"directory.cli.{module}"), name)
        return command


@click.group(cls=CommandTable, context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Specialist support directory: the catalogue, its search and its upkeep."""


def main() -> None:
    """Run a command. Exit 0: done; 1: refused, with the reason on standard error; 2: wrong use."""
    try:
        code = cli(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.exceptions.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(1)
    except InvalidInputError as error:
        for problem in error.problems:
            click.echo(f"{problem.field}: {problem.message}", err=True)
        sys.exit(1)
    except (DomainError, SettingsError) as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except OperationalError as error:
        # The driver's own words: no statement, no address.
        click.echo(f"The database cannot be used: {str(error.orig).strip().partition(chr(10))[0]}", err=True)
        sys.exit(1)
    # Without standalone mode, click returns the code of `ctx.exit(code)` rather than leaving with it.
    if isinstance(code, int) and code:
        sys.exit(code)
