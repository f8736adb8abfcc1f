"""`support-directory accounts`: people who sign in, and tokens for programs that act for them."""

import sys

import click

from directory.accounts import passwords, service, tokens
from directory.accounts.permissions import Role, Scope
from directory.cli.database import transaction
from directory.common.clock import utc_now
from directory.common.errors import RefusedError


@click.group()
def accounts() -> None:
    """Make accounts and their API tokens, and end them."""


@accounts.command("create")
@click.option("--email", required=True, help="What the person signs in with.")
@click.option("--name", required=True, help="The person's name, as colleagues know it.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]), help="What they come for.")
@click.option("--organisation", help="The id of their organisation; a provider needs one.")
@click.option("--area", default="", help="An officer's Basic Command Unit.")
@click.option("--password-stdin", is_flag=True, help="Read the password from the first line of standard input.")
def create_command(email: str, name: str, role: str, organisation: str | None, area: str, password_stdin: bool) -> None:
    """Make an account. On a terminal this asks for a password, unseen."""
    password = _read_password(password_stdin)
    with transaction() as session:
        user = service.create_account(
            session,
            email=email,
            name=name,
            role=Role(role),
            organisation_id=organisation,
            area=area,
            password=password,
            now=utc_now(),
        )
    click.echo(f"Made the account {user.email}, {user.role}.")
    if password is None:
        click.echo("It has no password, so nobody can sign in to it. Give one with --password-stdin.", err=True)


@accounts.command("password")
@click.option("--email", required=True, help="Whose password it is.")
@click.option("--password-stdin", is_flag=True, help="Read the password from the first line of standard input.")
def password_command(email: str, password_stdin: bool) -> None:
    """Give an account another password: that unlocks it and signs the person out everywhere.

    On a terminal this asks for the password, unseen.
    """
    password = _read_password(password_stdin)
    if password is None:
        raise click.UsageError("There is no terminal to ask on: give the password with --password-stdin.")
    with transaction() as session:
        user = service.get_account(session, email)
        if not user.active:
            raise RefusedError(f"The account {user.email} is not active.")
        service.change_password(session, user, password, utc_now())
    click.echo(f"The account {user.email} has another password.")


def _read_password(from_stdin: bool) -> str | None:
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
        if not password:
            raise RefusedError("There is no password on standard input.")
        return password
    if not sys.stdin.isatty():
        return None
    asked: str = click.prompt(
        f"Password (at least {passwords.MINIMUM_LENGTH} characters)", hide_input=True, confirmation_prompt=True
    )
    return asked


@accounts.command("token")
@click.option("--email", required=True, help="Whose account the token acts for.")
@click.option(
    "--scope",
    "scopes",
    required=True,
    multiple=True,
    type=click.Choice([scope.value for scope in Scope]),
    help="What the token may be used for; repeat it for several.",
)
def token_command(email: str, scopes: tuple[str, ...]) -> None:
    """Print a new bearer token, and nothing else. It cannot be shown again."""
    with transaction() as session:
        user = service.get_account(session, email)
        if not user.active:
            raise RefusedError(f"The account {user.email} is not active.")
        token = tokens.issue_token(session, user, [Scope(scope) for scope in scopes], utc_now())
    click.echo(token)


@accounts.command("revoke-tokens")
@click.option("--email", required=True, help="Whose tokens they are.")
def revoke_tokens_command(email: str) -> None:
    """End every token of an account, at once."""
    with transaction() as session:
        user = service.get_account(session, email)
        revoked = tokens.revoke_tokens(session, user, utc_now())
    click.echo(f"Revoked {_tokens(revoked)} of {user.email}.")


@accounts.command("deactivate")
@click.option("--email", required=True, help="Who has left.")
def deactivate_command(email: str) -> None:
    """Let nobody in with an account any more: ends its sessions and its tokens, at once."""
    with transaction() as session:
        user = service.get_account(session, email)
        revoked = service.deactivate_account(session, user, utc_now())
    click.echo(f"The account {user.email} is not active any more; revoked {_tokens(revoked)}.")


def _tokens(number: int) -> str:
    return f"{number} {'token' if number == 1 else 'tokens'}"
