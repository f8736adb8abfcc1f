"""What every command group needs of the database: the one in the settings, and one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from directory.config import Settings
from directory.extensions import Database


@contextmanager
def transaction(settings: Settings | None = None) -> Iterator[Session]:
    """A session that is committed once when the command has succeeded, and rolled back when it has not."""
    database = Database((settings or Settings.from_environment()).database_url)
    try:
        with database.new_session.begin() as session:
            yield session
    finally:
        database.engine.dispose()
