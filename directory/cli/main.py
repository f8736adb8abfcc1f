"""The command line: `support-directory` and `python -m directory`. One file per command group beside this one."""

import sys

import click

from directory.common.errors import DomainError, InvalidInputError
from directory.config import SettingsError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Specialist support directory: the catalogue, its search and its upkeep."""


def main() -> None:
    """Run a command. Exit 0: done; 1: refused, with the reason on standard error; 2: wrong use."""
    try:
        cli(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.exceptions.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(1)
    except click.exceptions.Exit as leaving:
        sys.exit(leaving.exit_code)
    except InvalidInputError as error:
        for problem in error.problems:
            click.echo(f"{problem.field}: {problem.message}", err=True)
        sys.exit(1)
    except (DomainError, SettingsError) as error:
        click.echo(str(error), err=True)
        sys.exit(1)
