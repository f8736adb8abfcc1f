"""What every command group needs of the database: the one in the settings, and one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

# Foreign keys between capabilities go by table name, so all tables must be known, whatever the command itself needs.
import directory.models  # noqa: F401
from directory.common.errors import RefusedError
from directory.common.migrate import revisions
from directory.config import Settings
from directory.extensions import Database


@contextmanager
def transaction(settings: Settings | None = None) -> Iterator[Session]:
    """A session that is committed once when the command has succeeded, and rolled back when it has not.

    Raises RefusedError when the database cannot be reached or lacks migrations.
    """
    with open_database(settings or Settings.from_environment()) as database:
        require_newest_schema(database.engine)
        with database.new_session.begin() as session:
            yield session


@contextmanager
def open_database(settings: Settings) -> Iterator[Database]:
    """The database of `settings`, its connections closed at the end."""
    database = Database(settings.database_url)
    try:
        yield database
    finally:
        database.engine.dispose()


def require_newest_schema(engine: Engine) -> None:
    """Do nothing when the database can be reached and has every migration.

    Raises RefusedError with the reason otherwise.
    """
    with reachable(engine):
        current, newest = revisions(engine)
    if current is None:
        raise RefusedError("The database is empty: run `support-directory db upgrade`.")
    if current != newest:
        raise RefusedError(
            f"The database is at migration {current}, this program at {newest}: run `support-directory db upgrade`."
        )


@contextmanager
def reachable(engine: Engine) -> Iterator[None]:
    """Say in one sentence that the database does not answer, when it does not. The address hides its password."""
    try:
        yield
    except OperationalError as error:
        reason = str(error.orig).strip().partition("\n")[0]
        where = engine.url.render_as_string(hide_password=True)
        raise RefusedError(f"The database {where} cannot be used: {reason}") from error
