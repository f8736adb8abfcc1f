"""`support-directory serve`: the web server."""

import click

from directory.cli.database import open_database, require_newest_schema
from directory.cli.serving import Server, address_of, is_loopback, listen
from directory.common.errors import RefusedError
from directory.config import Settings
from directory.factory import create_app

HOST = "127.0.0.1"
PORT = 8000
WORKERS = 2

host_option = click.option("--host", default=HOST, show_default=True, help="The address to listen on.")
port_option = click.option(
    "--port", default=PORT, show_default=True, type=click.IntRange(0, 65_535), help="The port; 0 takes any free one."
)


@click.command("serve")
@host_option
@port_option
@click.option("--workers", default=WORKERS, show_default=True, type=click.IntRange(1, 64), help="How many processes.")
def serve(host: str, port: int, workers: int) -> None:
    """Serve the pages and the API until stopped (Ctrl+C, or SIGTERM)."""
    settings = Settings.from_environment()
    refuse_strangers(settings, host)
    with listen(host, port) as listener:
        with open_database(settings) as database:
            require_newest_schema(database.engine)
        address = address_of(listener, host)
        Server(create_app(settings), listener, workers, lambda: click.echo(f"Serving on {address}")).run()


def refuse_strangers(settings: Settings, host: str) -> None:
    """Do nothing in production; in a demonstration, raise RefusedError unless `host` is this machine's own."""
    if not settings.is_production and not is_loopback(host):
        raise RefusedError(
            f"A demonstration listens on this machine alone (127.0.0.1), not on {host}: "
            "its accounts share one password and it has no TLS. Set SUPPORT_DIRECTORY_ENV=production for real use."
        )
