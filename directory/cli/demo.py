"""`support-directory demo`: everything made ready on this machine, with data to look at, and served."""

import sys
from dataclasses import replace

import click

from directory.cli.database import open_database
from directory.cli.demo_accounts import SignIn, ensure_accounts, kept_password
from directory.cli.demo_data import ensure_data, one_at_a_time
from directory.cli.server import HOST, PORT, WORKERS, host_option, port_option, refuse_strangers
from directory.cli.serving import Server, address_of, listen
from directory.common.clock import utc_now
from directory.common.errors import RefusedError
from directory.config import Settings
from directory.factory import create_app


@click.command("demo")
@host_option
@port_option
def demo(host: str = HOST, port: int = PORT) -> None:
    """Migrate, load places and demonstration data, print a sign-in per role, and serve.

    What is there already is left alone. Once the demonstration's newest data is a day old it is loaded anew, so that
    there are fresh spaces to find.
    """
    settings = Settings.from_environment()
    if settings.is_production:
        raise RefusedError("SUPPORT_DIRECTORY_ENV is production: demonstration data and accounts do not belong there.")
    refuse_strangers(settings, host)
    with listen(host, port) as listener:
        sign_ins = prepare(settings)
        address = address_of(listener, host)
        text = _welcome(sign_ins, address)
        if settings.public_url == Settings().public_url:
            # Nobody has said otherwise: links in feeds and files lead to where the demonstration is, whatever its port.
            settings = replace(settings, public_url=address)
        Server(create_app(settings), listener, WORKERS, lambda: click.echo(text)).run()


def prepare(settings: Settings) -> list[SignIn]:
    """Bring the database to a state that can be shown, and return who can sign in to it."""
    now = utc_now()
    with one_at_a_time(), open_database(settings) as database:
        ensure_data(database, settings, now, _tell, lambda session: ensure_accounts(session, kept_password(), now))
        with database.new_session.begin() as session:
            return ensure_accounts(session, kept_password(), now)


def _tell(what: str) -> None:
    """Say what is being done, to a person; a pipe gets only the result."""
    if sys.stderr.isatty():
        click.echo(what, err=True)


def _welcome(sign_ins: list[SignIn], address: str) -> str:
    width = max(len(sign_in.email) for sign_in in sign_ins)
    rows = [f"  {sign_in.role:<14} {sign_in.email:<{width}}  {sign_in.password}" for sign_in in sign_ins]
    return "\n".join(
        (
            f"Specialist support directory, with fictional data: {address}",
            "",
            f"  {'role':<14} {'e-mail address':<{width}}  password",
            *rows,
            "",
            "Ctrl+C stops it.",
        )
    )
